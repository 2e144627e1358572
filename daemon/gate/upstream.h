/*
 * The notification server behind the gate: found in the bus's queue for the name, lost when its
 * connection goes.
 *
 * While there is none, whoever joins the bus is looked at; nothing polls. Somebody who needs one
 * says so with od_upstream_want(): then systemd is asked to start it, too.
 */
#pragma once

#include <dbus/dbus.h>
#include <stdbool.h>

#include "base/cleanup.h"
#include "bus/bus.h"

struct sd_event;
struct od_upstream;

struct od_upstream_hooks {
	void (*found)(void *userdata);
	void (*lost)(void *userdata);
	void *userdata;
};

/* Starts to look at once. Return: 0 or -errno. */
int od_upstream_new(struct sd_event *event, struct od_bus *bus,
	const struct od_upstream_hooks *hooks, struct od_upstream **ret) OD_CHECK;
void od_upstream_free(struct od_upstream *upstream);
OD_DEFINE_CLEANUP(struct od_upstream *, od_upstream_free)

const char *od_upstream_name(const struct od_upstream *upstream);  /* unique name; NULL: none */
const char *od_upstream_title(const struct od_upstream *upstream); /* "dunst"; "none" */
bool od_upstream_owned(const struct od_upstream *upstream); /* the gate owns the name itself */

void od_upstream_want(struct od_upstream *upstream);

/* The bus's own signals. */
void od_upstream_on_signal(struct od_upstream *upstream, DBusMessage *message);

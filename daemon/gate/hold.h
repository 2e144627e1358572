/*
 * Holding: into the store, to disk, and only then the answer.
 *
 * Answers gather while messages keep coming and are sent after one commit for all of them.
 */
#pragma once

#include <dbus/dbus.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "bus/bus.h"
#include "gate/notify_call.h"
#include "gate/store.h"

struct sd_event;
struct od_hold;

struct od_hold_hooks {
	void (*changed)(void *userdata); /* the number held is not what it was */
	/* What could not be kept: show it now rather than lose it. */
	void (*failed)(void *userdata, DBusMessage *call);
	void *userdata;
};

int od_hold_new(struct sd_event *event, struct od_bus *bus, struct od_store *store,
	const struct od_hold_hooks *hooks, struct od_hold **ret) OD_CHECK;
void od_hold_free(struct od_hold *hold); /* commits and answers */
OD_DEFINE_CLEANUP(struct od_hold *, od_hold_free)

/* What goes with a message into the store. */
struct od_hold_about {
	const struct od_notify_call *notify;
	const char *app, *messenger, *instance;
	int64_t now_us;
};

/* Keeps @call, answers it once that is on disk. Replaces the held one @replaces means, if any. */
void od_hold_keep(struct od_hold *hold, DBusMessage *call, const struct od_hold_about *about);

/*
 * The sender takes a held one back. Return: whether there was one; then it is gone, @call is
 * answered after the commit where @answer, and its sender told that it is closed.
 */
bool od_hold_withdraw(struct od_hold *hold, DBusMessage *call, uint32_t client_id,
	const char *instance, bool answer);

/* Commit what has gathered, and send its answers. Return: 0 or -errno. */
int od_hold_commit(struct od_hold *hold);
/* Have it committed soon. */
void od_hold_touch(struct od_hold *hold);
/* For how long the oldest answer has waited, microseconds: a sign of life. */
uint64_t od_hold_lag_us(const struct od_hold *hold);

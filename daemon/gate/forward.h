/*
 * What passes: calls go on to the server, its answers and signals come back to whom they belong.
 *
 * While there is no server, calls wait; one that was on its way when the server died is sent again
 * to the next. Waiting calls and those kept for a second try are bounded in number and bytes.
 */
#pragma once

#include <dbus/dbus.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "bus/bus.h"
#include "gate/ids.h"
#include "gate/upstream.h"

struct sd_event;
struct od_forward;

/* All borrowed. Return: 0 or -errno. */
int od_forward_new(struct sd_event *event, struct od_bus *bus, struct od_upstream *upstream,
	struct od_ids *ids, struct od_forward **ret) OD_CHECK;
void od_forward_free(struct od_forward *forward);
OD_DEFINE_CLEANUP(struct od_forward *, od_forward_free)

/* Any call, as it is. What cannot be forwarded is answered with an error. */
void od_forward_pass(struct od_forward *forward, DBusMessage *call);

/* A Notify. @replaces: the id the server is given; @client_id: the id its sender is answered with,
 * 0: the server's own. */
void od_forward_notify(
	struct od_forward *forward, DBusMessage *call, uint32_t replaces, uint32_t client_id);

/* CloseNotification of what the server knows as @server_id. */
void od_forward_close(struct od_forward *forward, DBusMessage *call, uint32_t server_id);

void od_forward_on_signal(struct od_forward *forward, DBusMessage *signal); /* of the server */
void od_forward_on_found(struct od_forward *forward);
void od_forward_on_lost(struct od_forward *forward);

/* A signal of the notifications interface with an id, to one receiver. Return: 0 or -ENOMEM. */
int od_forward_closed(struct od_bus *bus, const char *to, uint32_t id, uint32_t reason);

/* Bytes a message takes. */
size_t od_message_size(DBusMessage *message);

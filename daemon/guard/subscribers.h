/*
 * Who is told: the notifiers of people's sessions, by uid. Signals go to them alone.
 */
#pragma once

#include <sys/types.h>

#include "bus/bus.h"

struct od_subscribers;

/* Borrows @bus. NULL without memory. */
struct od_subscribers *od_subscribers_new(struct od_bus *bus);
void od_subscribers_free(struct od_subscribers *subscribers);
OD_DEFINE_CLEANUP(struct od_subscribers *, od_subscribers_free)

/* From now on @name (a unique name) hears what concerns @uid, until it leaves the bus.
 * Return: 0, OD_E_LIMIT (too many of that uid), -ENOMEM. */
int od_subscribers_add(struct od_subscribers *subscribers, uid_t uid, const char *name) OD_CHECK;
/* A NameOwnerChanged: whoever left is forgotten. */
void od_subscribers_on_message(struct od_subscribers *subscribers, DBusMessage *message);

/* Send @signal (without a destination) to each notifier of @uid. Return: how many. */
unsigned od_subscribers_send(struct od_subscribers *subscribers, uid_t uid, DBusMessage *signal);

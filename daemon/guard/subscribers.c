/*
 * One match rule a subscriber, for that name alone: other connections coming and going do not wake
 * the guard.
 */
#include "guard/subscribers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"

#define A_UID_MAX 8 /* sessions of one person */
#define ALL_MAX   512

struct subscriber {
	uid_t uid;
	char *name;
};

struct od_subscribers {
	struct od_bus *bus;
	OD_ARRAY(struct subscriber) list;
};

struct od_subscribers *od_subscribers_new(struct od_bus *bus)
{
	struct od_subscribers *subscribers = calloc(1, sizeof(*subscribers));

	if (subscribers)
		subscribers->bus = bus;
	return subscribers;
}

void od_subscribers_free(struct od_subscribers *subscribers)
{
	if (!subscribers)
		return;
	od_array_foreach (entry, &subscribers->list)
		free(entry->name);
	free(subscribers->list.items);
	free(subscribers);
}

static void match_text(char *text, size_t size, const char *name)
{
	(void) snprintf(text, size,
		"type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',"
		"member='NameOwnerChanged',arg0='%s'",
		name);
}

int od_subscribers_add(struct od_subscribers *subscribers, uid_t uid, const char *name)
{
	struct subscriber *entry;
	unsigned same = 0;
	char match[512];
	int r;

	od_array_foreach (old, &subscribers->list) {
		if (old->uid == uid && strcmp(old->name, name) == 0)
			return 0;
		same += old->uid == uid;
	}
	if (same >= A_UID_MAX || subscribers->list.n >= ALL_MAX)
		return OD_E_LIMIT;
	match_text(match, sizeof(match), name);
	r = od_bus_match(subscribers->bus, match);
	if (r < 0)
		return r;
	entry = od_array_add(&subscribers->list);
	if (!entry)
		return -ENOMEM;
	entry->uid = uid;
	entry->name = strdup(name);
	if (!entry->name) {
		subscribers->list.n--;
		return -ENOMEM;
	}
	return 0;
}

void od_subscribers_on_message(struct od_subscribers *subscribers, DBusMessage *message)
{
	const char *name, *old_owner, *new_owner;
	char match[512];

	if (!dbus_message_is_signal(message, DBUS_INTERFACE_DBUS, "NameOwnerChanged") ||
		!dbus_message_has_sender(message, DBUS_SERVICE_DBUS) ||
		!dbus_message_get_args(message, NULL, DBUS_TYPE_STRING, &name, DBUS_TYPE_STRING,
			&old_owner, DBUS_TYPE_STRING, &new_owner, DBUS_TYPE_INVALID) ||
		*new_owner)
		return;
	for (size_t i = 0; i < subscribers->list.n; i++) {
		struct subscriber *entry = &subscribers->list.items[i];

		if (strcmp(entry->name, name) != 0)
			continue;
		match_text(match, sizeof(match), name);
		/* Without an error to fill in, libdbus does not wait for the answer. */
		dbus_bus_remove_match(od_bus_connection(subscribers->bus), match, NULL);
		free(entry->name);
		*entry = subscribers->list.items[--subscribers->list.n];
		return;
	}
}

unsigned od_subscribers_send(struct od_subscribers *subscribers, uid_t uid, DBusMessage *signal)
{
	unsigned sent = 0;

	od_array_foreach (entry, &subscribers->list) {
		DBusMessage *copy = entry->uid == uid ? dbus_message_copy(signal) : NULL;

		if (!copy)
			continue;
		if (dbus_message_set_destination(copy, entry->name) &&
			od_bus_send(subscribers->bus, copy, NULL) == 0)
			sent++;
		dbus_message_unref(copy);
	}
	return sent;
}

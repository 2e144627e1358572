/*
 * One Notify message: what it says, and the same message with something changed.
 */
#pragma once

#include <dbus/dbus.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "model/policy.h"

#define OD_NOTIFY_NAME      "org.freedesktop.Notifications"
#define OD_NOTIFY_PATH      "/org/freedesktop/Notifications"
#define OD_NOTIFY_SIGNATURE "susssasa{sv}i"

/* All texts are borrowed from the message; NULL where absent. */
struct od_notify_call {
	const char *app_name;
	uint32_t replaces_id;
	const char *summary, *body;
	unsigned actions; /* how many buttons, "default" among them */
	const char *desktop_entry;
	const char *origin_name; /* x-kde-origin-name: host of a web notification */
	enum od_urgency urgency;
	bool has_fds; /* a hint carries a descriptor */
};

/* Return: 0 or OD_E_SYNTAX (not the signature of Notify). */
int od_notify_call_parse(DBusMessage *message, struct od_notify_call *ret) OD_CHECK;

struct od_notify_change {
	uint32_t replaces_id;
	bool quiet; /* urgency low, no sound: for the list, not for the eye */
};

/* A new call to nobody in particular; NULL without memory, or where @message is no Notify. */
DBusMessage *od_notify_call_change(DBusMessage *message, const struct od_notify_change *change);

/* A call to @destination that is the same message in every other respect; NULL without memory. */
DBusMessage *od_notify_call_redirect(DBusMessage *message, const char *destination);

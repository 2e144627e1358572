/*
 * Reading and rebuilding Notify messages.
 *
 * A message that only changes hands is copied whole; one whose replaces_id or hints change is built
 * anew, argument by argument, because libdbus cannot change a value in place. Hints that carry
 * descriptors are left out then: nothing in the specification has one, and they cannot be kept.
 */
#include "gate/notify_call.h"

#include <string.h>

#include "base/error.h"
#include "bus/wire.h"

static unsigned count_actions(DBusMessageIter *array)
{
	DBusMessageIter item;
	unsigned n = 0;

	dbus_message_iter_recurse(array, &item);
	while (dbus_message_iter_get_arg_type(&item) == DBUS_TYPE_STRING) {
		n++;
		dbus_message_iter_next(&item);
	}
	return n / 2; /* key and label */
}

static void read_hints(DBusMessageIter *dict, struct od_notify_call *ret)
{
	DBusMessageIter value;
	unsigned char urgency;

	ret->desktop_entry = od_wire_get_string(dict, "desktop-entry");
	ret->origin_name = od_wire_get_string(dict, "x-kde-origin-name");
	ret->urgency = OD_URGENCY_NORMAL;
	if (!od_wire_find(dict, "urgency", &value) ||
		dbus_message_iter_get_arg_type(&value) != DBUS_TYPE_BYTE)
		return;
	dbus_message_iter_get_basic(&value, &urgency);
	if (urgency == 0)
		ret->urgency = OD_URGENCY_LOW;
	else if (urgency >= 2)
		ret->urgency = OD_URGENCY_CRITICAL;
}

int od_notify_call_parse(DBusMessage *message, struct od_notify_call *ret)
{
	struct od_notify_call call = { 0 };
	const char *icon;
	DBusMessageIter it;

	if (!dbus_message_has_signature(message, OD_NOTIFY_SIGNATURE) ||
		!dbus_message_iter_init(message, &it))
		return OD_E_SYNTAX;
	if (!od_wire_read_string(&it, &call.app_name) ||
		!od_wire_read_uint32(&it, &call.replaces_id) || !od_wire_read_string(&it, &icon) ||
		!od_wire_read_string(&it, &call.summary) || !od_wire_read_string(&it, &call.body))
		return OD_E_SYNTAX;
	call.actions = count_actions(&it);
	dbus_message_iter_next(&it);
	read_hints(&it, &call);
	call.has_fds = dbus_message_contains_unix_fds(message);
	*ret = call;
	return 0;
}

static int put_byte(DBusMessageIter *dict, const char *key, unsigned char value)
{
	DBusMessageIter entry, variant;

	if (!dbus_message_iter_open_container(dict, DBUS_TYPE_DICT_ENTRY, NULL, &entry) ||
		!dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING, &key) ||
		!dbus_message_iter_open_container(&entry, DBUS_TYPE_VARIANT, "y", &variant) ||
		!dbus_message_iter_append_basic(&variant, DBUS_TYPE_BYTE, &value) ||
		!dbus_message_iter_close_container(&entry, &variant) ||
		!dbus_message_iter_close_container(dict, &entry))
		return -1;
	return 0;
}

/* Whether the value of a hint, at any depth, is a descriptor. */
static bool has_fd(DBusMessageIter *entry)
{
	DBusMessageIter pair = *entry, inner;
	char *signature;
	bool found;

	dbus_message_iter_recurse(entry, &pair);
	dbus_message_iter_next(&pair);
	dbus_message_iter_recurse(&pair, &inner);
	signature = dbus_message_iter_get_signature(&inner);
	/* A variant within could hide one; nothing real nests them, so it counts as one. */
	found = !signature || strpbrk(signature, "hv");
	dbus_free(signature);
	return found;
}

static bool is_replaced(DBusMessageIter *entry)
{
	DBusMessageIter pair;
	const char *key;

	dbus_message_iter_recurse(entry, &pair);
	dbus_message_iter_get_basic(&pair, &key);
	return strcmp(key, "urgency") == 0 || strcmp(key, "suppress-sound") == 0;
}

static bool copy_entry(DBusMessageIter *from, DBusMessageIter *to)
{
	DBusMessageIter in, out;

	dbus_message_iter_recurse(from, &in);
	if (!dbus_message_iter_open_container(to, DBUS_TYPE_DICT_ENTRY, NULL, &out))
		return false;
	return od_wire_copy(&in, &out) == 0 && dbus_message_iter_close_container(to, &out);
}

static bool copy_hints(DBusMessageIter *from, DBusMessageIter *to, bool quiet, bool fds)
{
	DBusMessageIter in, out;

	dbus_message_iter_recurse(from, &in);
	if (!dbus_message_iter_open_container(to, DBUS_TYPE_ARRAY, "{sv}", &out))
		return false;
	for (; dbus_message_iter_get_arg_type(&in) == DBUS_TYPE_DICT_ENTRY;
		dbus_message_iter_next(&in)) {
		if ((fds && has_fd(&in)) || (quiet && is_replaced(&in)))
			continue;
		if (!copy_entry(&in, &out))
			return false;
	}
	if (quiet && (put_byte(&out, "urgency", 0) < 0 ||
			     od_wire_put_bool(&out, "suppress-sound", true) < 0))
		return false;
	return dbus_message_iter_close_container(to, &out);
}

static bool copy_basic(DBusMessageIter *from, DBusMessageIter *to)
{
	DBusBasicValue value;
	int type = dbus_message_iter_get_arg_type(from);

	dbus_message_iter_get_basic(from, &value);
	dbus_message_iter_next(from);
	return dbus_message_iter_append_basic(to, type, &value);
}

static bool copy_strings(DBusMessageIter *from, DBusMessageIter *to)
{
	DBusMessageIter in, out;

	dbus_message_iter_recurse(from, &in);
	dbus_message_iter_next(from);
	return dbus_message_iter_open_container(to, DBUS_TYPE_ARRAY, "s", &out) &&
	       od_wire_copy(&in, &out) == 0 && dbus_message_iter_close_container(to, &out);
}

static bool copy_arguments(
	DBusMessage *message, DBusMessage *changed, const struct od_notify_change *change)
{
	bool fds = dbus_message_contains_unix_fds(message);
	DBusMessageIter in, out;

	if (!dbus_message_iter_init(message, &in))
		return false;
	dbus_message_iter_init_append(changed, &out);
	if (!copy_basic(&in, &out) ||
		!dbus_message_iter_append_basic(&out, DBUS_TYPE_UINT32, &change->replaces_id))
		return false;
	dbus_message_iter_next(&in);
	if (!copy_basic(&in, &out) || !copy_basic(&in, &out) || !copy_basic(&in, &out) ||
		!copy_strings(&in, &out) || !copy_hints(&in, &out, change->quiet, fds))
		return false;
	dbus_message_iter_next(&in);
	return copy_basic(&in, &out);
}

DBusMessage *od_notify_call_change(DBusMessage *message, const struct od_notify_change *change)
{
	DBusMessage *changed;

	if (!dbus_message_has_signature(message, OD_NOTIFY_SIGNATURE))
		return NULL;
	changed = dbus_message_new_method_call(NULL, OD_NOTIFY_PATH, OD_NOTIFY_NAME, "Notify");
	if (changed && !copy_arguments(message, changed, change)) {
		dbus_message_unref(changed);
		return NULL;
	}
	return changed;
}

DBusMessage *od_notify_call_redirect(DBusMessage *message, const char *destination)
{
	DBusMessage *copy = dbus_message_copy(message);

	if (copy && dbus_message_set_sender(copy, NULL) &&
		dbus_message_set_destination(copy, destination)) {
		dbus_message_set_no_reply(copy, FALSE);
		dbus_message_set_auto_start(copy, FALSE);
		return copy;
	}
	if (copy)
		dbus_message_unref(copy);
	return NULL;
}

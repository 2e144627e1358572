/*
 * Subscribes as a notifier would and prints every signal that comes, one line each.
 *
 * usage: listener SECONDS (bus from DBUS_SYSTEM_BUS_ADDRESS)
 */
#include <dbus/dbus.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void print_member(DBusMessageIter *entry)
{
	DBusMessageIter value;
	const char *key, *text;
	dbus_uint32_t number;

	dbus_message_iter_get_basic(entry, &key);
	dbus_message_iter_next(entry);
	dbus_message_iter_recurse(entry, &value);
	if (dbus_message_iter_get_arg_type(&value) == DBUS_TYPE_STRING) {
		dbus_message_iter_get_basic(&value, &text);
		printf(" %s=%s", key, text);
	} else if (dbus_message_iter_get_arg_type(&value) == DBUS_TYPE_UINT32) {
		dbus_message_iter_get_basic(&value, &number);
		printf(" %s=%u", key, number);
	} else {
		printf(" %s", key);
	}
}

static void print_signal(DBusMessage *message)
{
	DBusMessageIter iter, dict, entry;

	if (dbus_message_get_type(message) != DBUS_MESSAGE_TYPE_SIGNAL ||
		!dbus_message_has_interface(message, "org.offduty1.Guard") ||
		!dbus_message_has_signature(message, "a{sv}"))
		return;
	printf("%s to=%s", dbus_message_get_member(message),
		dbus_message_get_destination(message) ? "me" : "everybody");
	dbus_message_iter_init(message, &iter);
	dbus_message_iter_recurse(&iter, &dict);
	while (dbus_message_iter_get_arg_type(&dict) == DBUS_TYPE_DICT_ENTRY) {
		dbus_message_iter_recurse(&dict, &entry);
		print_member(&entry);
		dbus_message_iter_next(&dict);
	}
	printf("\n");
	fflush(stdout);
}

static int subscribe(DBusConnection *connection)
{
	DBusMessage *call = dbus_message_new_method_call(
		"org.offduty1", "/org/offduty1", "org.offduty1.Guard", "Subscribe");
	DBusError error = DBUS_ERROR_INIT;
	DBusMessage *reply =
		dbus_connection_send_with_reply_and_block(connection, call, 5000, &error);

	dbus_message_unref(call);
	if (!reply) {
		printf("refused %s\n", error.name);
		dbus_error_free(&error);
		return 1;
	}
	dbus_message_unref(reply);
	printf("subscribed\n");
	fflush(stdout);
	return 0;
}

int main(int argc, char **argv)
{
	time_t end = time(NULL) + (argc == 2 ? atoi(argv[1]) : 10);
	DBusConnection *connection = dbus_bus_get_private(DBUS_BUS_SYSTEM, NULL);

	if (!connection) {
		fprintf(stderr, "no bus\n");
		return 2;
	}
	if (subscribe(connection) != 0)
		return 1;
	while (time(NULL) < end && dbus_connection_read_write(connection, 200)) {
		DBusMessage *message;

		while ((message = dbus_connection_pop_message(connection)) != NULL) {
			print_signal(message);
			dbus_message_unref(message);
		}
	}
	return 0;
}

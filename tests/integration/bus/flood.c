/*
 * Thousands of calls from one connection, sent without waiting, and all answers, in order.
 *
 * usage: flood ADDRESS CALLS. It speaks plain libdbus, and has nothing in common with what it tests.
 */
#include <dbus/dbus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WINDOW 50 /* calls on the way; the service refuses a sender that has more than 64 held */

static DBusConnection *connect_to(const char *address)
{
	DBusConnection *connection = dbus_connection_open_private(address, NULL);

	if (!connection || !dbus_bus_register(connection, NULL)) {
		fprintf(stderr, "no bus at %s\n", address);
		exit(2);
	}
	return connection;
}

/* @interface may be NULL: it is optional in a call. */
static DBusPendingCall *send_call(DBusConnection *connection, const char *interface)
{
	DBusMessage *call =
		dbus_message_new_method_call("org.offduty1", "/org/offduty1", interface, "Count");
	DBusPendingCall *pending = NULL;

	dbus_connection_send_with_reply(connection, call, &pending, 20000);
	dbus_message_unref(call);
	return pending;
}

static dbus_uint32_t answer(DBusPendingCall *pending)
{
	DBusMessage *reply;
	dbus_uint32_t count = 0;
	DBusError error = DBUS_ERROR_INIT;

	dbus_pending_call_block(pending);
	reply = dbus_pending_call_steal_reply(pending);
	if (dbus_set_error_from_message(&error, reply) ||
		!dbus_message_get_args(
			reply, &error, DBUS_TYPE_UINT32, &count, DBUS_TYPE_INVALID)) {
		fprintf(stderr, "%s: %s\n", error.name, error.message);
		exit(1);
	}
	dbus_message_unref(reply);
	dbus_pending_call_unref(pending);
	return count;
}

int main(int argc, char **argv)
{
	DBusPendingCall *window[WINDOW] = { 0 };
	unsigned calls = argc == 3 ? (unsigned) atoi(argv[2]) : 0;
	DBusConnection *connection;
	dbus_uint32_t first = 0;

	if (calls == 0)
		return 2;
	connection = connect_to(argv[1]);
	for (unsigned i = 0; i < calls + WINDOW; i++) {
		DBusPendingCall **place = &window[i % WINDOW];

		if (*place) {
			dbus_uint32_t count = answer(*place);

			if (i == WINDOW)
				first = count;
			else if (count != first + i - WINDOW) {
				fprintf(stderr, "answer %u is %u\n", i - WINDOW, count - first);
				return 1;
			}
		}
		*place = i < calls ? send_call(connection, i % 2 ? "org.offduty1.Trial" : NULL)
				   : NULL;
	}
	dbus_connection_close(connection);
	dbus_connection_unref(connection);
	printf("%u calls\n", calls);
	return 0;
}

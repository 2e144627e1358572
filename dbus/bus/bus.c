/*
 * The connection: opened synchronously at the start, asynchronous from then on.
 *
 * The connection is private (a shared one may be closed by another library of the process) and the
 * process does not exit with it: the loop's owner decides. All incoming messages pass one filter:
 * disconnection, then the program's own filter, then the objects we serve, then libdbus, which answers
 * org.freedesktop.DBus.Peer and says "no such method" to the rest.
 *
 * Limit: od_bus_free() must not be called from a callback of the same bus, except on_disconnect.
 */
#include "bus.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-event.h>

#include "base/error.h"
#include "private.h"

/* How long od_bus_free() waits for the last answers to leave. */
#define FLUSH_ROUNDS   20
#define FLUSH_ROUND_MS 10

static void free_address(char **address)
{
	dbus_free(*address);
}

/* Never starts a bus of its own, which libdbus would do for a session without one. */
static int session_address(char **ret)
{
	const char *set = getenv("DBUS_SESSION_BUS_ADDRESS");
	const char *folder = getenv("XDG_RUNTIME_DIR");
	od_cleanup(free_address) char *escaped = NULL;

	if (set && *set) {
		*ret = strdup(set);
		return *ret ? 0 : -ENOMEM;
	}
	if (!folder || *folder != '/')
		return OD_E_UNAVAILABLE;
	escaped = dbus_address_escape_value(folder);
	if (!escaped || asprintf(ret, "unix:path=%s/bus", escaped) < 0)
		return -ENOMEM;
	return 0;
}

static int connect_to(const char *address, DBusConnection **ret, DBusError *error)
{
	DBusConnection *connection = dbus_connection_open_private(address, error);

	if (!connection)
		return OD_E_UNAVAILABLE;
	if (!dbus_bus_register(connection, error)) {
		dbus_connection_close(connection);
		dbus_connection_unref(connection);
		return OD_E_UNAVAILABLE;
	}
	*ret = connection;
	return 0;
}

int od_bus_connect(const char *address, DBusConnection **ret)
{
	od_cleanup(od_freep) char *session = NULL;
	DBusError error = DBUS_ERROR_INIT;
	int r = 0;

	if (strcmp(address, "system") == 0) {
		*ret = dbus_bus_get_private(DBUS_BUS_SYSTEM, &error);
		r = *ret ? 0 : OD_E_UNAVAILABLE;
	} else if (strcmp(address, "session") == 0) {
		r = session_address(&session);
		if (r == 0)
			r = connect_to(session, ret, &error);
	} else {
		r = connect_to(address, ret, &error);
	}
	if (r != 0 && dbus_error_has_name(&error, DBUS_ERROR_NO_MEMORY))
		r = -ENOMEM;
	dbus_error_free(&error);
	return r;
}

static DBusHandlerResult on_message(
	OD_UNUSED DBusConnection *connection, DBusMessage *message, void *userdata)
{
	struct od_bus *bus = userdata;

	if (dbus_message_is_signal(message, DBUS_INTERFACE_LOCAL, "Disconnected")) {
		bus->gone = true;
		return DBUS_HANDLER_RESULT_HANDLED;
	}
	if (bus->filter && bus->filter(bus->filter_userdata, message))
		return DBUS_HANDLER_RESULT_HANDLED;
	if (od_bus_objects_handle(bus, message))
		return DBUS_HANDLER_RESULT_HANDLED;
	return DBUS_HANDLER_RESULT_NOT_YET_HANDLED;
}

/* Outside of libdbus, so that whoever is told may free the bus. */
static void after_dispatch(void *userdata)
{
	struct od_bus *bus = userdata;

	if (!bus->gone || bus->told)
		return;
	bus->told = true;
	od_bus_calls_lost(bus);
	if (bus->on_disconnect)
		bus->on_disconnect(bus->on_disconnect_userdata);
	else
		(void) sd_event_exit(bus->event, EXIT_FAILURE);
}

static int bus_init(struct od_bus *bus, struct sd_event *event, const char *address)
{
	int r = od_bus_connect(address, &bus->connection);

	if (r != 0)
		return r;
	dbus_connection_set_exit_on_disconnect(bus->connection, FALSE);
	if (!dbus_connection_add_filter(bus->connection, on_message, bus, NULL))
		return -ENOMEM;
	bus->event = sd_event_ref(event);
	r = od_bus_peers_new(&bus->peers);
	if (r < 0)
		return r;
	return od_bus_loop_new(event, bus->connection, after_dispatch, bus, &bus->loop);
}

int od_bus_open(struct sd_event *event, const char *address, struct od_bus **ret)
{
	od_cleanup(od_bus_freep) struct od_bus *bus = calloc(1, sizeof(*bus));
	int r;

	if (!bus)
		return -ENOMEM;
	r = bus_init(bus, event, address);
	if (r == 0)
		*ret = od_take(&bus);
	return r;
}

/* A daemon that answers its last call and exits still gets the answer out, if the bus reads. */
static void connection_close(DBusConnection *connection)
{
	for (int i = 0; i < FLUSH_ROUNDS && dbus_connection_has_messages_to_send(connection); i++)
		if (!dbus_connection_read_write(connection, FLUSH_ROUND_MS))
			break;
	dbus_connection_close(connection);
	dbus_connection_unref(connection);
}

void od_bus_free(struct od_bus *bus)
{
	if (!bus)
		return;
	od_bus_cancel_all(bus);
	od_bus_loop_free(bus->loop);
	od_bus_objects_free(bus->objects);
	od_bus_peers_free(bus->peers);
	if (bus->connection) {
		dbus_connection_remove_filter(bus->connection, on_message, bus);
		connection_close(bus->connection);
	}
	sd_event_unref(bus->event);
	free(bus);
}

DBusConnection *od_bus_connection(struct od_bus *bus)
{
	return bus->connection;
}

const char *od_bus_unique_name(struct od_bus *bus)
{
	return dbus_bus_get_unique_name(bus->connection);
}

void od_bus_on_disconnect(struct od_bus *bus, void (*fn)(void *userdata), void *userdata)
{
	bus->on_disconnect = fn;
	bus->on_disconnect_userdata = userdata;
}

int od_bus_request_name(struct od_bus *bus, const char *name, unsigned flags)
{
	DBusError error = DBUS_ERROR_INIT;
	int answer = dbus_bus_request_name(bus->connection, name, flags, &error);
	int r = 0;

	if (dbus_error_has_name(&error, DBUS_ERROR_NO_MEMORY))
		r = -ENOMEM;
	else if (dbus_error_has_name(&error, DBUS_ERROR_ACCESS_DENIED))
		r = -EACCES;
	else if (dbus_error_is_set(&error))
		r = -ECONNABORTED;
	else if (answer != DBUS_REQUEST_NAME_REPLY_PRIMARY_OWNER &&
		 answer != DBUS_REQUEST_NAME_REPLY_ALREADY_OWNER)
		r = OD_E_BUSY;
	dbus_error_free(&error);
	return r;
}

int od_bus_match(struct od_bus *bus, const char *rule)
{
	DBusMessage *call = dbus_message_new_method_call(
		DBUS_SERVICE_DBUS, DBUS_PATH_DBUS, DBUS_INTERFACE_DBUS, "AddMatch");
	int r = -ENOMEM;

	if (!call)
		return -ENOMEM;
	dbus_message_set_no_reply(call, TRUE);
	if (dbus_message_append_args(call, DBUS_TYPE_STRING, &rule, DBUS_TYPE_INVALID))
		r = od_bus_send(bus, call, NULL);
	dbus_message_unref(call);
	return r;
}

void od_bus_set_filter(
	struct od_bus *bus, bool (*fn)(void *userdata, DBusMessage *message), void *userdata)
{
	bus->filter = fn;
	bus->filter_userdata = userdata;
}

int od_bus_send(struct od_bus *bus, DBusMessage *message, uint32_t *ret_serial)
{
	dbus_uint32_t serial = 0;

	if (!dbus_connection_send(bus->connection, message, &serial))
		return -ENOMEM;
	if (ret_serial)
		*ret_serial = serial;
	return 0;
}

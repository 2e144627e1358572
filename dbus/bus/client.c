/*
 * One question, one answer, waited for: what a command line needs.
 *
 * A call may need polkit, and the person at the terminal may be asked for a password: the flag that
 * says so is set, and the wait is long enough to type one.
 */
#include "client.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "private.h"
#include "wire.h"

#define TIMEOUT_MS (5 * 60 * 1000)
/* Reading properties asks nobody: a daemon that takes longer hangs. */
#define READ_TIMEOUT_MS (10 * 1000)

struct od_client {
	DBusConnection *connection;
};

int od_client_open(const char *address, struct od_client **ret)
{
	od_cleanup(od_client_freep) struct od_client *client = calloc(1, sizeof(*client));
	int r;

	if (!client)
		return -ENOMEM;
	r = od_bus_connect(address, &client->connection);
	if (r != 0)
		return r;
	dbus_connection_set_exit_on_disconnect(client->connection, FALSE);
	*ret = od_take(&client);
	return 0;
}

void od_client_free(struct od_client *client)
{
	if (!client)
		return;
	if (client->connection) {
		dbus_connection_close(client->connection);
		dbus_connection_unref(client->connection);
	}
	free(client);
}

DBusMessage *od_client_method(const char *interface, const char *method)
{
	return dbus_message_new_method_call(OD_BUS_NAME, OD_BUS_PATH, interface, method);
}

/* What the daemon, or the bus for it, called the fault. */
static int error_of(const char *name)
{
	static const struct {
		const char *name;
		int error;
	} rows[] = {
		{ DBUS_ERROR_SERVICE_UNKNOWN, OD_E_UNAVAILABLE },
		{ DBUS_ERROR_NAME_HAS_NO_OWNER, OD_E_UNAVAILABLE },
		{ DBUS_ERROR_DISCONNECTED, OD_E_UNAVAILABLE },
		{ DBUS_ERROR_NO_SERVER, OD_E_UNAVAILABLE },
		{ DBUS_ERROR_NO_REPLY, OD_E_TIMEOUT },
		{ DBUS_ERROR_TIMEOUT, OD_E_TIMEOUT },
		{ DBUS_ERROR_TIMED_OUT, OD_E_TIMEOUT },
		{ DBUS_ERROR_ACCESS_DENIED, OD_E_ACCESS },
		{ DBUS_ERROR_AUTH_FAILED, OD_E_ACCESS },
		{ DBUS_ERROR_INTERACTIVE_AUTHORIZATION_REQUIRED, OD_E_ACCESS },
		{ DBUS_ERROR_UNKNOWN_METHOD, OD_E_UNSUPPORTED },
		{ DBUS_ERROR_UNKNOWN_INTERFACE, OD_E_UNSUPPORTED },
		{ DBUS_ERROR_UNKNOWN_OBJECT, OD_E_UNSUPPORTED },
		{ DBUS_ERROR_UNKNOWN_PROPERTY, OD_E_UNSUPPORTED },
		{ DBUS_ERROR_NO_MEMORY, -ENOMEM },
	};

	if (strncmp(name, OD_BUS_ERROR(""), strlen(OD_BUS_ERROR(""))) == 0)
		return od_error_from_name(name + strlen(OD_BUS_ERROR("")));
	for (size_t i = 0; i < OD_ELEMENTS(rows); i++)
		if (strcmp(rows[i].name, name) == 0)
			return rows[i].error;
	/* Org.freedesktop.DBus.Error.Spawn.*: the bus tried to start the daemon and could not. */
	if (strncmp(name, "org.freedesktop.DBus.Error.Spawn.", 33) == 0 ||
		strncmp(name, "org.freedesktop.systemd1.", 25) == 0)
		return OD_E_UNAVAILABLE;
	return OD_E_FAILED;
}

static int call_within(struct od_client *client, DBusMessage *call, int timeout_ms,
	DBusMessage **ret_reply, char *reterr_text, size_t size)
{
	DBusError error = DBUS_ERROR_INIT;
	DBusMessage *reply;
	int r;

	dbus_message_set_allow_interactive_authorization(call, TRUE);
	reply = dbus_connection_send_with_reply_and_block(
		client->connection, call, timeout_ms, &error);
	if (reply) {
		*ret_reply = reply;
		return 0;
	}
	r = error_of(error.name);
	if (reterr_text && size > 0) {
		(void) snprintf(reterr_text, size, "%s", error.message ? error.message : "");
		od_wire_clean(reterr_text); /* it may have been cut inside a character */
	}
	dbus_error_free(&error);
	return r;
}

int od_client_call(struct od_client *client, DBusMessage *call, DBusMessage **ret_reply,
	char *reterr_text, size_t size)
{
	return call_within(client, call, TIMEOUT_MS, ret_reply, reterr_text, size);
}

int od_client_properties(struct od_client *client, const char *interface, DBusMessage **ret_reply,
	DBusMessageIter *ret_dict, char *reterr_text, size_t size)
{
	DBusMessage *call = od_client_method(DBUS_INTERFACE_PROPERTIES, "GetAll");
	DBusMessage *reply = NULL;
	int r = -ENOMEM;

	if (!call)
		return -ENOMEM;
	if (dbus_message_append_args(call, DBUS_TYPE_STRING, &interface, DBUS_TYPE_INVALID))
		r = call_within(client, call, READ_TIMEOUT_MS, &reply, reterr_text, size);
	dbus_message_unref(call);
	if (r != 0)
		return r;
	if (!dbus_message_has_signature(reply, "a{sv}")) {
		dbus_message_unref(reply);
		if (reterr_text && size > 0)
			(void) snprintf(reterr_text, size, "the answer is not a{sv}");
		return OD_E_FAILED;
	}
	dbus_message_iter_init(reply, ret_dict);
	*ret_reply = reply;
	return 0;
}

/*
 * What comes over the session bus, sorted.
 *
 * Calls to the notification name go to the server, whatever interface they name: dunstctl,
 * makoctl and the like speak to it there. Only Notify and CloseNotification are looked at.
 * A client may also call our unique name, because that is the name's owner; then the path decides.
 */
#include <string.h>

#include "bus/object.h"
#include "gate/gate.h"
#include "gate/notify_call.h"

static const char *const gated_property[] = { "Gated", NULL };

static bool below_our_path(const char *path)
{
	size_t n = sizeof(OD_BUS_PATH) - 1;

	return path && strncmp(path, OD_BUS_PATH, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

/* Whether a call is for org.offduty1, that is: not for the notification server. */
static bool is_for_us(DBusMessage *call)
{
	const char *to = dbus_message_get_destination(call);

	if (!to || strcmp(to, OD_BUS_NAME) == 0)
		return true;
	return to[0] == ':' && below_our_path(dbus_message_get_path(call));
}

static void answer_empty(struct od_gate *gate, DBusMessage *call)
{
	DBusMessage *reply;

	if (dbus_message_get_no_reply(call))
		return;
	reply = dbus_message_new_method_return(call);
	if (!reply)
		return; /* its time-out tells it */
	(void) od_bus_send(gate->bus, reply, NULL);
	dbus_message_unref(reply);
}

static void close_notification(struct od_gate *gate, DBusMessage *call)
{
	char instance[OD_GATE_INSTANCE_MAX];
	const struct od_id *id;
	uint32_t client = 0;
	bool on_screen;

	if (!dbus_message_get_args(call, NULL, DBUS_TYPE_UINT32, &client, DBUS_TYPE_INVALID)) {
		od_forward_pass(gate->forward, call);
		return;
	}
	od_gate_instance(gate, instance, sizeof(instance));
	id = od_ids_by_client(&gate->ids, client);
	/* Below OD_IDS_FIRST it is the server's own id: it may show an earlier content of it. */
	on_screen = id || client < OD_IDS_FIRST;
	if (gate->hold && od_hold_withdraw(gate->hold, call, client, instance, !on_screen) &&
		!on_screen)
		return;
	if (id)
		od_forward_close(gate->forward, call, id->server);
	else if (on_screen)
		od_forward_pass(gate->forward, call);
	else
		answer_empty(gate, call); /* of a server that is gone: closed already */
}

static void on_call(struct od_gate *gate, DBusMessage *call)
{
	const char *interface = dbus_message_get_interface(call);
	bool theirs = !interface || strcmp(interface, OD_NOTIFY_NAME) == 0;

	if (theirs && dbus_message_has_member(call, "Notify"))
		od_judge_notify(gate, call);
	else if (theirs && dbus_message_has_member(call, "CloseNotification"))
		close_notification(gate, call);
	else
		od_forward_pass(gate->forward, call);
}

static bool on_signal(struct od_gate *gate, DBusMessage *signal)
{
	const char *sender = dbus_message_get_sender(signal);
	bool owned = od_upstream_owned(gate->upstream);
	const char *server;

	if (sender && strcmp(sender, DBUS_SERVICE_DBUS) == 0) {
		od_upstream_on_signal(
			gate->upstream, signal); /* may lose the server, and its name */
		if (owned != od_upstream_owned(gate->upstream))
			(void) od_bus_invalidate(
				gate->bus, OD_BUS_PATH, "org.offduty1.Duty", gated_property);
	}
	server = od_upstream_name(gate->upstream);
	if (sender && server && strcmp(sender, server) == 0)
		od_forward_on_signal(gate->forward, signal);
	return false; /* others may listen too */
}

bool od_dispatch_message(void *userdata, DBusMessage *message)
{
	struct od_gate *gate = userdata;

	if (dbus_message_get_type(message) == DBUS_MESSAGE_TYPE_SIGNAL)
		return on_signal(gate, message);
	if (dbus_message_get_type(message) != DBUS_MESSAGE_TYPE_METHOD_CALL ||
		!dbus_message_get_sender(message) || is_for_us(message))
		return false;
	on_call(gate, message);
	return true;
}

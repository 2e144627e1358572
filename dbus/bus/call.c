/*
 * Calls to others and their answers.
 *
 * libdbus completes each call exactly once, while dispatching and outside of its lock: with the answer,
 * or with an error it makes itself when the time is up. Calls that are on the way when the bus is lost
 * are completed here, before anybody hears of the loss: libdbus would do it later, when the connection
 * may be freed already.
 */
#include <errno.h>

#include "private.h"

struct od_bus_pending {
	struct od_bus *bus;
	struct od_bus_pending *next, **at; /* in bus->calls */
	DBusPendingCall *pending;
	od_bus_reply_fn fn;
	void *userdata;
};

static void pending_free(struct od_bus_pending *p)
{
	*p->at = p->next;
	if (p->next)
		p->next->at = p->at;
	dbus_pending_call_unref(p->pending);
	free(p);
}

static void on_reply(DBusPendingCall *pending, void *userdata)
{
	struct od_bus_pending *p = userdata;
	DBusMessage *reply = dbus_pending_call_steal_reply(pending);
	od_bus_reply_fn fn = p->fn;
	void *fn_userdata = p->userdata;

	pending_free(p);
	fn(fn_userdata, reply);
	dbus_message_unref(reply);
}

static void pending_link(struct od_bus *bus, struct od_bus_pending *p)
{
	p->bus = bus;
	p->next = bus->calls;
	p->at = &bus->calls;
	if (p->next)
		p->next->at = &p->next;
	bus->calls = p;
}

int od_bus_call(struct od_bus *bus, DBusMessage *call, int timeout_ms, od_bus_reply_fn fn,
	void *userdata, struct od_bus_pending **ret)
{
	od_cleanup(od_freep) struct od_bus_pending *p = calloc(1, sizeof(*p));

	if (!p || !dbus_connection_send_with_reply(bus->connection, call, &p->pending, timeout_ms))
		return -ENOMEM;
	if (!p->pending)
		return -ENOTCONN;
	p->fn = fn;
	p->userdata = userdata;
	if (!dbus_pending_call_set_notify(p->pending, on_reply, p, NULL)) {
		dbus_pending_call_cancel(p->pending);
		dbus_pending_call_unref(p->pending);
		return -ENOMEM;
	}
	pending_link(bus, p);
	if (ret)
		*ret = p;
	p = NULL;
	return 0;
}

void od_bus_cancel(struct od_bus_pending *pending)
{
	if (!pending)
		return;
	dbus_pending_call_cancel(pending->pending);
	pending_free(pending);
}

void od_bus_calls_lost(struct od_bus *bus)
{
	DBusMessage *error = dbus_message_new(DBUS_MESSAGE_TYPE_ERROR);

	if (error)
		(void) dbus_message_set_error_name(error, DBUS_ERROR_NO_REPLY);
	while (error && bus->calls) {
		struct od_bus_pending *p = bus->calls;
		od_bus_reply_fn fn = p->fn;
		void *userdata = p->userdata;

		od_bus_cancel(p);
		fn(userdata, error);
	}
	if (error)
		dbus_message_unref(error);
}

void od_bus_cancel_all(struct od_bus *bus)
{
	while (bus->calls)
		od_bus_cancel(bus->calls);
}

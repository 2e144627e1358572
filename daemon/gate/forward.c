/*
 * Forwarding.
 *
 * A call is copied to the server under our name, and the answer copied back under its serial. Ids
 * stay the server's own, except for what was held before: there the sender knows another id
 * (ids.h), which is put in its place both ways.
 *
 * libdbus stops reading once the messages we keep exceed 63 MiB, and would then never read the
 * answers that let us go of them. So what is kept is counted, and a call beyond the bound is
 * forwarded without being kept: it is answered like any other, but not tried again.
 *
 * A server gets a few calls at a time and the others wait their turn here: what a flood does to the
 * server itself is not something to find out.
 *
 * Known limit: who listens to the server's broadcast signals without naming a sender hears those of
 * the server besides ours.
 */
#include "gate/forward.h"

#include <errno.h>
#include <string.h>
#include <systemd/sd-event.h>
#include <time.h>

#include "bus/wire.h"
#include "gate/notify_call.h"
#include "runtime/log.h"

#define KEPT_MAX      ((size_t) 16 << 20)
#define WAITING_MAX   8192
#define IN_FLIGHT_MAX 8 /* at a server: dunst 1.9 hangs when some thousand calls come at once */
#define ANSWER_MS     60000
#define TRIES_MAX     3
#define PATIENCE_US   ((uint64_t) 20 * 1000000) /* of a caller of anything but Notify */

struct call {
	struct od_forward *forward;
	struct call *next, **at; /* in ->waiting or ->flying */
	DBusMessage *call;       /* NULL: not kept */
	size_t size;             /* of it */
	char *sender;
	uint32_t serial;
	bool wants_reply, notify, closes, changed;
	uint32_t replaces, client_id; /* closes: replaces is the server's id */
	unsigned tries;
	uint64_t since_us;
	struct od_bus_pending *pending;
};

struct od_forward {
	struct od_bus *bus;
	struct od_upstream *upstream;
	struct od_ids *ids;
	struct call *waiting, **waiting_end;
	struct call *flying;
	size_t n_waiting, n_flying, kept;
	struct sd_event_source *patience;
};

size_t od_message_size(DBusMessage *message)
{
	char *bytes = NULL;
	int n = 0;

	if (!dbus_message_marshal(message, &bytes, &n))
		return SIZE_MAX / 2; /* without memory: too large for anything */
	dbus_free(bytes);
	return (size_t) n;
}

static uint64_t monotonic_us(void)
{
	struct timespec t;

	(void) clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t) t.tv_sec * 1000000 + (uint64_t) t.tv_nsec / 1000;
}

static void call_unlink(struct call *call)
{
	struct od_forward *forward = call->forward;

	if (!call->at)
		return;
	*call->at = call->next;
	if (call->next)
		call->next->at = call->at;
	else if (forward->waiting_end == &call->next)
		forward->waiting_end = call->at;
	call->at = NULL;
	call->next = NULL;
}

static void call_free(struct call *call)
{
	call_unlink(call);
	od_bus_cancel(call->pending);
	if (call->call) {
		call->forward->kept -= call->size;
		dbus_message_unref(call->call);
	}
	free(call->sender);
	free(call);
}

/* Sends a reply or error made for somebody else as ours, to @call's sender. */
static void answer(struct call *call, DBusMessage *reply)
{
	struct od_bus *bus = call->forward->bus;

	if (call->wants_reply && dbus_message_set_sender(reply, NULL) &&
		dbus_message_set_destination(reply, call->sender) &&
		dbus_message_set_reply_serial(reply, call->serial)) {
		dbus_message_set_no_reply(reply, TRUE);
		(void) od_bus_send(bus, reply, NULL); /* without memory its time-out tells it */
	}
}

static void refuse(struct call *call, const char *error, const char *text)
{
	DBusMessage *reply = dbus_message_new(DBUS_MESSAGE_TYPE_ERROR);

	if (reply && dbus_message_set_error_name(reply, error) &&
		dbus_message_append_args(reply, DBUS_TYPE_STRING, &text, DBUS_TYPE_INVALID))
		answer(call, reply);
	if (reply)
		dbus_message_unref(reply);
	call_free(call);
}

static void wait_for_server(struct call *call);
static void send_waiting(struct od_forward *forward);

/* An error the bus made because the server went away, not one of the server's own. */
static bool server_died(DBusMessage *reply)
{
	const char *sender = dbus_message_get_sender(reply);

	/* Our own time-out names no sender: then the server lives, and may still show it. */
	return dbus_message_get_type(reply) == DBUS_MESSAGE_TYPE_ERROR && sender &&
	       strcmp(sender, DBUS_SERVICE_DBUS) == 0 &&
	       (dbus_message_is_error(reply, DBUS_ERROR_NO_REPLY) ||
		       dbus_message_is_error(reply, DBUS_ERROR_SERVICE_UNKNOWN) ||
		       dbus_message_is_error(reply, DBUS_ERROR_NAME_HAS_NO_OWNER) ||
		       dbus_message_is_error(reply, DBUS_ERROR_DISCONNECTED));
}

/* The answer to a Notify: who owns the id from now on, and which id does the sender hear? */
static DBusMessage *take_id(struct call *call, DBusMessage *reply)
{
	uint32_t id = 0, client;
	DBusMessage *own;

	if (dbus_message_get_type(reply) != DBUS_MESSAGE_TYPE_METHOD_RETURN ||
		!dbus_message_get_args(reply, NULL, DBUS_TYPE_UINT32, &id, DBUS_TYPE_INVALID))
		return dbus_message_copy(reply);
	client = call->client_id ? call->client_id : id;
	/* Without memory its signals go to everybody, as a server's own would. */
	(void) od_ids_put(call->forward->ids, id, client, call->sender, client != id);
	if (client == id)
		return dbus_message_copy(reply);
	own = dbus_message_new(DBUS_MESSAGE_TYPE_METHOD_RETURN);
	if (own && !dbus_message_append_args(own, DBUS_TYPE_UINT32, &client, DBUS_TYPE_INVALID)) {
		dbus_message_unref(own);
		return NULL;
	}
	return own;
}

static void on_reply(void *userdata, DBusMessage *reply)
{
	struct call *call = userdata;
	struct od_forward *forward = call->forward;
	DBusMessage *copy;

	call->pending = NULL;
	forward->n_flying--;
	if (call->notify && call->call && call->tries < TRIES_MAX && server_died(reply)) {
		call_unlink(call);
		wait_for_server(call);
		send_waiting(forward);
		return;
	}
	copy = call->notify ? take_id(call, reply) : dbus_message_copy(reply);
	if (copy) {
		answer(call, copy);
		dbus_message_unref(copy);
	}
	call_free(call);
	send_waiting(forward);
}

static DBusMessage *close_message(uint32_t id)
{
	DBusMessage *message = dbus_message_new_method_call(
		NULL, OD_NOTIFY_PATH, OD_NOTIFY_NAME, "CloseNotification");

	if (message &&
		!dbus_message_append_args(message, DBUS_TYPE_UINT32, &id, DBUS_TYPE_INVALID)) {
		dbus_message_unref(message);
		return NULL;
	}
	return message;
}

/* What the server gets. */
static DBusMessage *outgoing(struct call *call, const char *server)
{
	const struct od_notify_change change = { .replaces_id = call->replaces };
	DBusMessage *message;

	if (!call->changed)
		return od_notify_call_redirect(call->call, server);
	message = call->closes ? close_message(call->replaces)
			       : od_notify_call_change(call->call, &change);
	if (message && !dbus_message_set_destination(message, server)) {
		dbus_message_unref(message);
		return NULL;
	}
	return message;
}

static void send_call(struct call *call)
{
	struct od_forward *forward = call->forward;
	DBusMessage *message = outgoing(call, od_upstream_name(forward->upstream));
	int r = message ? 0 : -ENOMEM;

	if (message && !call->wants_reply && !call->notify) {
		dbus_message_set_no_reply(message, TRUE);
		r = od_bus_send(forward->bus, message, NULL);
		dbus_message_unref(message);
		call_free(call);
		return;
	}
	call->tries++;
	if (r == 0)
		r = od_bus_call(forward->bus, message, ANSWER_MS, on_reply, call, &call->pending);
	if (message)
		dbus_message_unref(message);
	if (r != 0) {
		refuse(call, DBUS_ERROR_NO_MEMORY, "the gate could not forward it");
		return;
	}
	if (call->call && (forward->kept > KEPT_MAX || !call->notify)) {
		forward->kept -= call->size; /* nothing but a Notify is tried again */
		dbus_message_unref(od_take(&call->call));
	}
	forward->n_flying++;
	call->next = forward->flying;
	call->at = &forward->flying;
	if (call->next)
		call->next->at = &call->next;
	forward->flying = call;
}

static void wait_for_server(struct call *call)
{
	struct od_forward *forward = call->forward;

	if (forward->n_waiting >= WAITING_MAX || forward->kept > KEPT_MAX) {
		refuse(call, DBUS_ERROR_LIMITS_EXCEEDED,
			"too many notifications wait for a notification server");
		return;
	}
	call->since_us = monotonic_us();
	call->at = forward->waiting_end;
	*forward->waiting_end = call;
	forward->waiting_end = &call->next;
	forward->n_waiting++;
	if (sd_event_source_get_enabled(forward->patience, NULL) == 0) {
		(void) sd_event_source_set_time_relative(forward->patience, PATIENCE_US);
		(void) sd_event_source_set_enabled(forward->patience, SD_EVENT_ONESHOT);
	}
	od_upstream_want(forward->upstream);
}

static void send_waiting(struct od_forward *forward)
{
	while (forward->waiting && forward->n_flying < IN_FLIGHT_MAX &&
		od_upstream_name(forward->upstream)) {
		struct call *call = forward->waiting;

		call_unlink(call);
		forward->n_waiting--;
		send_call(call);
	}
}

/* Notifications wait as long as it takes; other calls have callers who want to go on. */
static int on_patience(struct sd_event_source *source, uint64_t usec OD_UNUSED, void *userdata)
{
	struct od_forward *forward = userdata;
	uint64_t now = monotonic_us();
	bool more = false;

	for (struct call *call = forward->waiting, *next; call; call = next) {
		next = call->next;
		if (call->notify)
			continue;
		if (now - call->since_us < PATIENCE_US) {
			more = true;
			continue;
		}
		forward->n_waiting--;
		refuse(call, DBUS_ERROR_SERVICE_UNKNOWN, "no notification server runs");
	}
	if (more) {
		(void) sd_event_source_set_time_relative(source, PATIENCE_US);
		(void) sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	}
	return 0;
}

static struct call *call_new(struct od_forward *forward, DBusMessage *message)
{
	struct call *call = calloc(1, sizeof(*call));

	if (!call)
		return NULL;
	call->forward = forward;
	call->sender = strdup(dbus_message_get_sender(message));
	if (!call->sender) {
		free(call);
		return NULL;
	}
	call->serial = dbus_message_get_serial(message);
	call->wants_reply = !dbus_message_get_no_reply(message);
	call->size = od_message_size(message);
	call->call = dbus_message_ref(message);
	forward->kept += call->size;
	return call;
}

static void start(struct call *call)
{
	struct od_forward *forward = call->forward;

	if (od_upstream_name(forward->upstream) && !forward->waiting &&
		forward->n_flying < IN_FLIGHT_MAX)
		send_call(call);
	else
		wait_for_server(call);
}

void od_forward_pass(struct od_forward *forward, DBusMessage *message)
{
	struct call *call = call_new(forward, message);

	if (call)
		start(call);
}

void od_forward_notify(
	struct od_forward *forward, DBusMessage *message, uint32_t replaces, uint32_t client_id)
{
	struct call *call = call_new(forward, message);
	DBusMessageIter it;
	uint32_t asked = 0;

	if (!call)
		return;
	dbus_message_iter_init(message, &it);
	dbus_message_iter_next(&it);
	dbus_message_iter_get_basic(&it, &asked);
	call->notify = true;
	call->changed = replaces != asked;
	call->replaces = replaces;
	call->client_id = client_id;
	start(call);
}

void od_forward_close(struct od_forward *forward, DBusMessage *message, uint32_t server_id)
{
	struct call *call = call_new(forward, message);

	if (!call)
		return;
	call->closes = call->changed = true;
	call->replaces = server_id;
	start(call);
}

/* A copy of a signal of the server, under our name, with another id where @id is not 0. */
static DBusMessage *copy_signal(DBusMessage *signal, uint32_t id)
{
	DBusMessage *copy = dbus_message_new_signal(dbus_message_get_path(signal),
		dbus_message_get_interface(signal), dbus_message_get_member(signal));
	DBusMessageIter from, to;
	bool good = copy;

	if (good && dbus_message_iter_init(signal, &from)) {
		dbus_message_iter_init_append(copy, &to);
		if (id) {
			good = dbus_message_iter_append_basic(&to, DBUS_TYPE_UINT32, &id);
			dbus_message_iter_next(&from);
		}
		good = good && od_wire_copy(&from, &to) == 0;
	}
	if (!good && copy) {
		dbus_message_unref(copy);
		return NULL;
	}
	return copy;
}

/* For the log only: whoever showed it is gone, and a click reaches nobody. */
static void on_has_owner(void *userdata OD_UNUSED, DBusMessage *reply)
{
	dbus_bool_t alive = TRUE;

	if (dbus_message_get_args(reply, NULL, DBUS_TYPE_BOOLEAN, &alive, DBUS_TYPE_INVALID) &&
		!alive)
		od_log(OD_LOG_DEBUG, "the sender of a clicked notification is gone");
}

static void look_for_owner(struct od_bus *bus, const char *owner)
{
	DBusMessage *call = dbus_message_new_method_call(
		DBUS_SERVICE_DBUS, DBUS_PATH_DBUS, DBUS_INTERFACE_DBUS, "NameHasOwner");

	if (call && dbus_message_append_args(call, DBUS_TYPE_STRING, &owner, DBUS_TYPE_INVALID))
		(void) od_bus_call(bus, call, 5000, on_has_owner, NULL, NULL);
	if (call)
		dbus_message_unref(call);
}

void od_forward_on_signal(struct od_forward *forward, DBusMessage *signal)
{
	const struct od_id *id = NULL;
	DBusMessage *copy;
	uint32_t server = 0;

	if (dbus_message_has_interface(signal, OD_NOTIFY_NAME) &&
		dbus_message_get_args(signal, NULL, DBUS_TYPE_UINT32, &server, DBUS_TYPE_INVALID))
		id = od_ids_by_server(forward->ids, server);
	if (id && id->delivered && dbus_message_has_member(signal, "ActionInvoked"))
		look_for_owner(forward->bus, *id->owner ? id->owner : ":0.0");
	copy = copy_signal(signal, id ? id->client : 0);
	if (copy && (!id || (*id->owner && dbus_message_set_destination(copy, id->owner))))
		(void) od_bus_send(forward->bus, copy, NULL);
	if (copy)
		dbus_message_unref(copy);
	if (id && dbus_message_has_member(signal, "NotificationClosed"))
		od_ids_remove(forward->ids, server);
}

void od_forward_on_found(struct od_forward *forward)
{
	send_waiting(forward);
}

/* Ids of a server die with it: the next one counts from 1 again. Calls on their way are answered
 * by the bus with an error each, and try again from there. */
void od_forward_on_lost(struct od_forward *forward)
{
	od_ids_clear(forward->ids);
}

int od_forward_closed(struct od_bus *bus, const char *to, uint32_t id, uint32_t reason)
{
	DBusMessage *signal =
		dbus_message_new_signal(OD_NOTIFY_PATH, OD_NOTIFY_NAME, "NotificationClosed");
	int r = -ENOMEM;

	if (signal && dbus_message_set_destination(signal, to) &&
		dbus_message_append_args(signal, DBUS_TYPE_UINT32, &id, DBUS_TYPE_UINT32, &reason,
			DBUS_TYPE_INVALID))
		r = od_bus_send(bus, signal, NULL);
	if (signal)
		dbus_message_unref(signal);
	return r;
}

int od_forward_new(struct sd_event *event, struct od_bus *bus, struct od_upstream *upstream,
	struct od_ids *ids, struct od_forward **ret)
{
	od_cleanup(od_forward_freep) struct od_forward *forward = calloc(1, sizeof(*forward));
	int r;

	if (!forward)
		return -ENOMEM;
	forward->bus = bus;
	forward->upstream = upstream;
	forward->ids = ids;
	forward->waiting_end = &forward->waiting;
	r = sd_event_add_time_relative(
		event, &forward->patience, CLOCK_MONOTONIC, 0, 100000, on_patience, forward);
	if (r < 0)
		return r;
	(void) sd_event_source_set_enabled(forward->patience, SD_EVENT_OFF);
	*ret = od_take(&forward);
	return 0;
}

void od_forward_free(struct od_forward *forward)
{
	if (!forward)
		return;
	while (forward->waiting)
		call_free(forward->waiting);
	while (forward->flying)
		call_free(forward->flying);
	sd_event_source_unref(forward->patience);
	free(forward);
}

/*
 * From a message to a handler, by table: find the row, compare the signature, learn who asks, ask
 * whether they may, run the handler, send what it made of it.
 *
 * Learning and asking may take a round trip each, so the message is held meanwhile. How many are held,
 * altogether and for one sender, and how large each is, is bounded: who asks for more is told so at
 * once. (libdbus reads nothing more while it has 63 MiB of messages that are still in use: with two large
 * ones held, the answer they are held for would never be read.) Descriptors that come with a call whose
 * arguments have no place for them are not held either. Calls of one sender that need the same steps are
 * run in the order they came.
 *
 * Every answer is compared with the row before it is sent: a handler that forgets a value is found by
 * its first test, not by a client.
 */
#include "object.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "private.h"
#include "wire.h"

#define HELD_MAX        512
#define HELD_SENDER_MAX 64
#define CALL_BYTES_MAX  (128 * 1024)

struct held {
	struct held *next, **at;
	struct od_bus *bus;
	const struct od_bus_object *object;
	const struct od_bus_export *export;
	const struct od_bus_method *method;
	DBusMessage *message;
	struct od_bus_peer peer;
	struct od_bus_question question;
	const char *granted;
};

struct od_bus_objects {
	struct od_bus_object *first;
	struct held *held;
};

static void held_free(struct held *held)
{
	*held->at = held->next;
	if (held->next)
		held->next->at = held->at;
	dbus_message_unref(held->message);
	free(held);
}

static bool is_large(DBusMessage *message)
{
	char *bytes = NULL;
	int n = 0;

	if (!dbus_message_marshal(message, &bytes, &n))
		return true;
	dbus_free(bytes);
	return n > CALL_BYTES_MAX;
}

/* Return: 0, OD_E_LIMIT, -ENOMEM. */
static int held_new(struct od_bus *bus, DBusMessage *message, struct held **ret)
{
	struct held **first = &bus->objects->held, *held;
	const char *sender = dbus_message_get_sender(message);
	unsigned all = 0, own = 0;

	for (held = *first; held; held = held->next) {
		all++;
		if (strcmp(dbus_message_get_sender(held->message), sender) == 0)
			own++;
	}
	if (all >= HELD_MAX || own >= HELD_SENDER_MAX || is_large(message))
		return OD_E_LIMIT;
	held = calloc(1, sizeof(*held));
	if (!held)
		return -ENOMEM;
	held->bus = bus;
	held->message = dbus_message_ref(message);
	held->next = *first;
	held->at = first;
	if (held->next)
		held->next->at = &held->next;
	*first = held;
	*ret = held;
	return 0;
}

void od_bus_refuse(struct od_bus *bus, DBusMessage *call, const char *error, const char *text)
{
	DBusMessage *reply;

	if (dbus_message_get_no_reply(call))
		return;
	reply = dbus_message_new_error(call, error, text);
	if (!reply)
		return; /* no memory for a refusal: the caller's time-out tells it */
	(void) od_bus_send(bus, reply, NULL);
	dbus_message_unref(reply);
}

/* @error as a handler returns it; @text may be empty or NULL, and is made valid. */
static void refuse_error(struct od_bus *bus, DBusMessage *call, int error, char *text)
{
	char name[64];

	(void) snprintf(name, sizeof(name), OD_BUS_ERROR("%s"), od_error_name(error));
	if (text)
		od_wire_clean(text);
	if (text && *text)
		od_bus_refuse(bus, call, name, text);
	else
		od_bus_refuse(bus, call, name, error < 0 ? strerror(-error) : od_error_text(error));
}

static void send_reply(struct held *held, struct od_bus_call *call)
{
	const char *out = held->method->out;

	if (!dbus_message_has_signature(call->reply, out)) {
		(void) od_bus_call_error(call, OD_E_FAILED, "%s answered (%s) instead of (%s)",
			held->method->name, dbus_message_get_signature(call->reply), out);
		refuse_error(held->bus, held->message, OD_E_FAILED, call->error);
		return;
	}
	if (!dbus_message_get_no_reply(held->message))
		(void) od_bus_send(held->bus, call->reply, NULL);
}

/* Takes over @held. */
static void held_run(struct held *held)
{
	struct od_bus_call call = {
		.bus = held->bus,
		.message = held->message,
		.sender = dbus_message_get_sender(held->message),
		.peer = held->peer,
		.granted = held->granted,
		.reply = dbus_message_new_method_return(held->message),
	};
	int r = -ENOMEM;

	dbus_message_iter_init(held->message, &call.in);
	if (call.reply) {
		dbus_message_iter_init_append(call.reply, &call.out);
		r = held->method->fn(held->export->userdata, &call);
	}
	if (call.required) {
		held->granted = call.required;
		r = od_bus_access(held->bus, call.required, NULL, held->message, &held->peer,
			&held->question);
		if (r == 0)
			held = NULL;
	} else if (call.deferred) {
		r = 0;
	} else if (r == 0) {
		send_reply(held, &call);
	}
	if (held && r != 0)
		refuse_error(held->bus, held->message, r, call.error);
	if (call.reply)
		dbus_message_unref(call.reply);
	if (held)
		held_free(held);
}

static void on_access(void *userdata, enum od_bus_answer answer)
{
	static const char text[] = N_("this needs a password, and nobody may be asked for one");
	struct held *held = userdata;

	switch (answer) {
	case OD_BUS_ALLOWED:
		held_run(held);
		return;
	case OD_BUS_REFUSED:
		refuse_error(held->bus, held->message, OD_E_ACCESS, NULL);
		break;
	case OD_BUS_CHALLENGE:
		od_bus_refuse(held->bus, held->message,
			DBUS_ERROR_INTERACTIVE_AUTHORIZATION_REQUIRED, text);
		break;
	}
	held_free(held);
}

static void on_peer(void *userdata, const struct od_bus_peer *peer)
{
	struct held *held = userdata;
	int r = OD_E_ACCESS;

	if (peer->known) {
		held->peer = *peer;
		r = od_bus_access(held->bus, held->method->access, held->object->notifier,
			held->message, &held->peer, &held->question);
		if (r == 0)
			return;
	}
	refuse_error(held->bus, held->message, r, NULL);
	held_free(held);
}

static void method_call(struct od_bus *bus, const struct od_bus_object *object,
	const struct od_bus_export *export, const struct od_bus_method *method,
	DBusMessage *message)
{
	struct held *held = NULL;
	char text[640];
	int r;

	if (!dbus_message_has_signature(message, method->in)) {
		(void) snprintf(text, sizeof(text), "%s takes (%s), not (%s)", method->name,
			method->in, dbus_message_get_signature(message));
		od_bus_refuse(bus, message, DBUS_ERROR_INVALID_ARGS, text);
		return;
	}
	if (dbus_message_contains_unix_fds(message) && !strchr(method->in, DBUS_TYPE_UNIX_FD)) {
		od_bus_refuse(bus, message, DBUS_ERROR_INVALID_ARGS, "no descriptor is wanted");
		return;
	}
	r = held_new(bus, message, &held);
	if (r == 0) {
		held->object = object;
		held->export = export;
		held->method = method;
		held->question = (struct od_bus_question){ on_access, held };
		r = od_bus_peer(bus, dbus_message_get_sender(message), on_peer, held);
		if (r != 0)
			held_free(held);
	}
	if (r != 0)
		refuse_error(bus, message, r, NULL);
}

static bool object_call(
	struct od_bus *bus, const struct od_bus_object *object, DBusMessage *message)
{
	const char *interface = dbus_message_get_interface(message);
	const char *member = dbus_message_get_member(message);

	for (const struct od_bus_export *e = object->exports; e->interface; e++) {
		if (interface && strcmp(interface, e->interface->name) != 0)
			continue;
		for (const struct od_bus_method *m = e->interface->methods; m->name; m++)
			if (strcmp(member, m->name) == 0) {
				method_call(bus, object, e, m, message);
				return true;
			}
	}
	return od_bus_standard_handle(bus, object, message);
}

bool od_bus_objects_handle(struct od_bus *bus, DBusMessage *message)
{
	if (!bus->objects || dbus_message_get_type(message) != DBUS_MESSAGE_TYPE_METHOD_CALL ||
		!dbus_message_get_sender(message) || !dbus_message_get_path(message) ||
		!dbus_message_get_member(message))
		return false;
	for (struct od_bus_object *o = bus->objects->first; o; o = o->next)
		if (dbus_message_has_path(message, o->path))
			return object_call(bus, o, message);
	return od_bus_standard_parent(bus, bus->objects->first, message);
}

static void object_free(struct od_bus_object *object)
{
	free(object->path);
	free(object->notifier);
	free(object->exports);
	free(object);
}
OD_DEFINE_CLEANUP(struct od_bus_object *, object_free)

void od_bus_objects_free(struct od_bus_objects *objects)
{
	struct od_bus_object *next;

	if (!objects)
		return;
	while (objects->held)
		held_free(objects->held);
	for (struct od_bus_object *o = objects->first; o; o = next) {
		next = o->next;
		object_free(o);
	}
	free(objects);
}

int od_bus_serve(struct od_bus *bus, const char *path, const struct od_bus_export *exports,
	const char *notifier)
{
	od_cleanup(object_freep) struct od_bus_object *object = calloc(1, sizeof(*object));
	size_t n = 0;

	while (exports[n].interface)
		n++;
	if (!bus->objects)
		bus->objects = calloc(1, sizeof(*bus->objects));
	if (!object || !bus->objects)
		return -ENOMEM;
	object->path = strdup(path);
	object->exports = calloc(n + 1, sizeof(*exports));
	if (notifier)
		object->notifier = strdup(notifier);
	if (!object->path || !object->exports || (notifier && !object->notifier))
		return -ENOMEM;
	memcpy(object->exports, exports, n * sizeof(*exports));
	object->next = bus->objects->first;
	bus->objects->first = od_take(&object);
	return 0;
}

DBusMessage *od_bus_call_defer(struct od_bus_call *call)
{
	call->deferred = true;
	return dbus_message_ref(call->message);
}

int od_bus_call_error(struct od_bus_call *call, int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void) vsnprintf(call->error, sizeof(call->error), format, arguments);
	va_end(arguments);
	return error;
}

int od_bus_call_require(struct od_bus_call *call, const char *action)
{
	if (call->peer.uid == 0)
		return 0;
	if (call->granted)
		return strcmp(call->granted, action) == 0 ? 0 : OD_E_ACCESS;
	call->required = action;
	return OD_E_ACCESS;
}

int od_bus_answer(struct od_bus *bus, DBusMessage *call, DBusMessage *reply)
{
	int r = 0;

	if (!dbus_message_get_no_reply(call)) {
		if (!reply)
			reply = dbus_message_new_method_return(call);
		r = reply ? od_bus_send(bus, reply, NULL) : -ENOMEM;
	}
	if (reply)
		dbus_message_unref(reply);
	dbus_message_unref(call);
	return r;
}

int od_bus_answer_error(struct od_bus *bus, DBusMessage *call, int error, const char *text)
{
	od_cleanup(od_freep) char *copy = text ? strdup(text) : NULL;

	refuse_error(bus, call, error, copy);
	dbus_message_unref(call);
	return text && !copy ? -ENOMEM : 0;
}

int od_bus_invalidate(
	struct od_bus *bus, const char *path, const char *interface, const char *const *properties)
{
	DBusMessage *signal =
		dbus_message_new_signal(path, DBUS_INTERFACE_PROPERTIES, "PropertiesChanged");
	DBusMessageIter iter, changed, names;
	int r = -ENOMEM;

	if (!signal)
		return -ENOMEM;
	dbus_message_iter_init_append(signal, &iter);
	if (od_wire_string(&iter, interface) == 0 && od_wire_dict_open(&iter, &changed) == 0 &&
		od_wire_dict_close(&iter, &changed) == 0 &&
		dbus_message_iter_open_container(&iter, DBUS_TYPE_ARRAY, "s", &names)) {
		r = 0;
		for (; *properties && r == 0; properties++)
			r = od_wire_string(&names, *properties);
		if (r == 0 && !dbus_message_iter_close_container(&iter, &names))
			r = -ENOMEM;
	}
	if (r == 0)
		r = od_bus_send(bus, signal, NULL);
	dbus_message_unref(signal);
	return r;
}

int od_bus_announce(struct od_bus *bus, const char *path, const char *interface, const char *name)
{
	DBusMessage *signal = dbus_message_new_signal(path, interface, name);
	int r;

	if (!signal)
		return -ENOMEM;
	r = od_bus_send(bus, signal, NULL);
	dbus_message_unref(signal);
	return r;
}

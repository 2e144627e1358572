/*
 * Objects on the bus, dispatched by table.
 *
 * The tables are generated from dbus/interfaces/NAME.xml (the XML is what Introspect prints, what is
 * installed and what people read). For an interface org.offduty1.Duty the generated "Duty.bus.h"
 * declares od_bus_interface_duty and one handler a method and a getter a property, which the owner of
 * the interface defines; what is missing does not link:
 *
 *     int od_duty_method_lift(void *userdata, struct od_bus_call *call);
 *     int od_duty_get_state(void *userdata, DBusMessageIter *value);
 */
#pragma once

#include "bus/bus.h"

struct od_bus_call {
	struct od_bus *bus;
	DBusMessage *message;    /* the call, borrowed */
	const char *sender;      /* unique name */
	struct od_bus_peer peer; /* always known here */
	DBusMessageIter in;      /* at the first argument; signature already checked */
	DBusMessageIter out;     /* append the answer here */
	char error[512];         /* set with od_bus_call_error() */
	bool deferred;
	DBusMessage *reply;
	const char *granted, *required; /* of od_bus_call_require() */
};

/* Return: 0 (what is in call->out is sent), > 0 an od_error (sent as org.offduty1.Error.NAME with
 * call->error, else od_error_text), < 0 -errno (sent as org.offduty1.Error.Failed). */
typedef int (*od_bus_method_fn)(void *userdata, struct od_bus_call *call);
/* Append exactly one value of the property's type (no variant around it). Return: 0, or anything else:
 * Get answers with an error, GetAll leaves the property out. */
typedef int (*od_bus_get_fn)(void *userdata, DBusMessageIter *value);

struct od_bus_method {
	const char *name, *in, *out, *access;
	od_bus_method_fn fn;
};
struct od_bus_property {
	const char *name, *type;
	od_bus_get_fn get;
};
struct od_bus_interface {
	const char *name;
	const struct od_bus_method *methods; /* up to one without a name */
	const struct od_bus_property *properties;
	const char *xml; /* <interface> ... </interface> */
};

struct od_bus_export {
	const struct od_bus_interface *interface;
	void *userdata;
};

/* Serve @exports (up to one without an interface) at @path, with Introspectable, Properties and
 * Peer. The array is copied. @notifier: path of the installed notifier, for Access "notifier"; NULL:
 * those methods are refused. Call before the name is owned. Return: 0 or -ENOMEM. */
int od_bus_serve(struct od_bus *bus, const char *path, const struct od_bus_export *exports,
	const char *notifier) OD_CHECK;

/* Keep call->message to answer later: returns a reference to pass to od_bus_answer() or
 * od_bus_answer_error(), one of them, once (or unref it: the caller then waits for nothing). What the
 * handler returns is ignored. */
DBusMessage *od_bus_call_defer(struct od_bus_call *call);
/* Answer a deferred call. Takes over @call and @reply (a method return of it; NULL: one without
 * values). Return: 0 or -ENOMEM; both are gone either way. */
int od_bus_answer(struct od_bus *bus, DBusMessage *call, DBusMessage *reply);
/* The same with an error: @error as a handler returns it, @text NULL: od_error_text(). */
int od_bus_answer_error(struct od_bus *bus, DBusMessage *call, int error, const char *text);

/*
 * od_bus_call_require() - only go on if polkit allows @action (which is not copied)
 *
 * For a method whose need depends on its arguments; called before anything is changed, at most one
 * action a method. Return: 0, go on; otherwise return that value: either the answer is no, or polkit is
 * being asked and the handler runs again, from the start, when it said yes.
 */
int od_bus_call_require(struct od_bus_call *call, const char *action) OD_CHECK;
/* Word the error of a call; returns @error. */
int od_bus_call_error(struct od_bus_call *call, int error, const char *format, ...) OD_PRINTF(3, 4);

/* PropertiesChanged that names properties (NULL-terminated) and carries no value. Return: 0 or
 * -ENOMEM, as od_bus_announce(). */
int od_bus_invalidate(
	struct od_bus *bus, const char *path, const char *interface, const char *const *properties);
/* A signal without arguments to everybody. */
int od_bus_announce(struct od_bus *bus, const char *path, const char *interface, const char *name);

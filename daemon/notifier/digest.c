/*
 * The gate says DigestReady when duty begins, and replays by itself what nobody asks about in time. A
 * notifier that comes later than that (at login both start) asks whether duty is on, and only then for
 * the digest, so that asking while off duty never makes the gate believe it was shown.
 */
#include "digest.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/translate.h"
#include "bus/bus.h"
#include "bus/wire.h"
#include "owner.h"
#include "runtime/log.h"
#include "toast.h"
#include "wording.h"

#define HELD       "org.offduty1.Held"
#define DUTY       "org.offduty1.Duty"
#define TIMEOUT_MS 30000
#define APPS_MAX   256

struct od_digest {
	struct od_bus *bus;
	struct od_owner *owner;
	struct od_toasts *toasts;
	struct od_bus_pending *asking;
	struct od_toast_action actions[4];
};

/* Takes over @call. */
static void call_gate(struct od_digest *digest, DBusMessage *call, od_bus_reply_fn fn,
	struct od_bus_pending **pending)
{
	if (pending) {
		od_bus_cancel(*pending);
		*pending = NULL;
	}
	if (!call || od_bus_call(digest->bus, call, TIMEOUT_MS, fn, digest, pending) != 0)
		od_log(OD_LOG_WARNING, "a question to the gate could not be sent");
	if (call)
		dbus_message_unref(call);
}

static void on_delivered(OD_UNUSED void *userdata, DBusMessage *reply)
{
	if (dbus_message_get_type(reply) == DBUS_MESSAGE_TYPE_ERROR)
		od_log(OD_LOG_WARNING, "the gate did not deliver what it holds: %s",
			dbus_message_get_error_name(reply));
}

static void on_action(void *userdata, const char *action)
{
	struct od_digest *digest = userdata;
	DBusMessageIter arguments, ids;
	DBusMessage *call;

	if (strcmp(action, "later") == 0)
		return; /* they stay held, and in "offduty held" */
	call = dbus_message_new_method_call(OD_BUS_NAME, OD_BUS_PATH, HELD, "Deliver");
	if (call) {
		dbus_message_iter_init_append(call, &arguments);
		if (!dbus_message_iter_open_container(&arguments, DBUS_TYPE_ARRAY, "x", &ids) ||
			!dbus_message_iter_close_container(&arguments, &ids)) {
			dbus_message_unref(call);
			call = NULL;
		}
	}
	call_gate(digest, call, on_delivered, NULL);
}

static void show(struct od_digest *digest, DBusMessage *reply)
{
	struct od_digest_app apps[APPS_MAX];
	DBusMessageIter at, list, row;
	struct od_toast toast;
	uint32_t count = 0;
	int64_t since = 0;
	size_t n = 0;

	dbus_message_iter_init(reply, &at);
	if (!od_wire_read_uint32(&at, &count) || !od_wire_read_int64(&at, &since) || count == 0)
		return;
	dbus_message_iter_recurse(&at, &list);
	for (; n < APPS_MAX && dbus_message_iter_get_arg_type(&list) == DBUS_TYPE_STRUCT;
		dbus_message_iter_next(&list)) {
		uint32_t app_count;

		dbus_message_iter_recurse(&list, &row);
		if (od_wire_read_string(&row, &apps[n].name) &&
			od_wire_read_uint32(&row, &app_count))
			apps[n++].count = app_count;
	}
	od_wording_digest(count, apps, n, &toast);
	toast.on_action = on_action;
	toast.userdata = digest;
	toast.actions = digest->actions;
	if (od_toasts_post(digest->toasts, &toast) != 0)
		od_log(OD_LOG_WARNING, "the digest could not be shown");
}

static void on_digest(void *userdata, DBusMessage *reply)
{
	struct od_digest *digest = userdata;

	digest->asking = NULL;
	if (dbus_message_get_type(reply) == DBUS_MESSAGE_TYPE_ERROR)
		od_log(OD_LOG_WARNING, "the gate gives no digest: %s",
			dbus_message_get_error_name(reply));
	else if (dbus_message_has_signature(reply, "uxa(su)"))
		show(digest, reply);
}

static void ask_digest(struct od_digest *digest)
{
	call_gate(digest, dbus_message_new_method_call(OD_BUS_NAME, OD_BUS_PATH, HELD, "Digest"),
		on_digest, &digest->asking);
}

static void on_state(void *userdata, DBusMessage *reply)
{
	struct od_digest *digest = userdata;
	DBusMessageIter at, value;
	const char *state = "";

	digest->asking = NULL;
	if (dbus_message_get_type(reply) != DBUS_MESSAGE_TYPE_METHOD_RETURN ||
		!dbus_message_has_signature(reply, "v"))
		return;
	dbus_message_iter_init(reply, &at);
	dbus_message_iter_recurse(&at, &value);
	if (od_wire_read_string(&value, &state) && strcmp(state, "on") == 0)
		ask_digest(digest);
}

/* The gate is there, or there anew. */
static void on_owner(void *userdata, bool owned)
{
	struct od_digest *digest = userdata;
	const char *interface = DUTY, *property = "State";
	DBusMessage *call;

	if (!owned)
		return;
	call = dbus_message_new_method_call(
		OD_BUS_NAME, OD_BUS_PATH, DBUS_INTERFACE_PROPERTIES, "Get");
	if (call && !dbus_message_append_args(call, DBUS_TYPE_STRING, &interface, DBUS_TYPE_STRING,
			    &property, DBUS_TYPE_INVALID)) {
		dbus_message_unref(call);
		call = NULL;
	}
	call_gate(digest, call, on_state, &digest->asking);
}

static bool on_message(void *userdata, DBusMessage *message)
{
	struct od_digest *digest = userdata;

	if (!digest->owner)
		return false;
	if (od_owner_handle(digest->owner, message))
		return true;
	if (!dbus_message_is_signal(message, HELD, "DigestReady") ||
		!od_owner_sent(digest->owner, message))
		return false;
	ask_digest(digest);
	return true;
}

int od_digest_new(struct sd_event *event, const char *address, struct od_toasts *toasts,
	struct od_digest **ret)
{
	od_cleanup(od_digest_freep) struct od_digest *digest = calloc(1, sizeof(*digest));
	int r;

	if (!digest)
		return -ENOMEM;
	digest->toasts = toasts;
	digest->actions[0] = (struct od_toast_action){ "default", _("Show") };
	digest->actions[1] = (struct od_toast_action){ "show", _("Show") };
	digest->actions[2] = (struct od_toast_action){ "later", _("Later") };
	r = od_bus_open(event, address, &digest->bus);
	if (r != 0)
		return r;
	od_bus_set_filter(digest->bus, on_message, digest);
	r = od_bus_match(digest->bus,
		"type='signal',sender='" OD_BUS_NAME "',interface='" HELD "',member='DigestReady'");
	if (r == 0)
		r = od_owner_new(digest->bus, on_owner, digest, &digest->owner);
	if (r == 0)
		*ret = od_take(&digest);
	return r;
}

void od_digest_free(struct od_digest *digest)
{
	if (!digest)
		return;
	od_bus_cancel(digest->asking);
	od_owner_free(digest->owner);
	od_bus_free(digest->bus);
	free(digest);
}

/*
 * The guard sends its signals to subscribed notifiers only, and forgets them when it restarts; so we
 * subscribe each time its name gets an owner. Whatever fails (no bus, refused, no answer) is tried
 * again a minute later. Signals that the owner of the name did not send are not looked at.
 */
#include "alerts.h"

#include <errno.h>
#include <string.h>
#include <systemd/sd-event.h>
#include <time.h>

#include "base/error.h"
#include "bus/bus.h"
#include "owner.h"
#include "runtime/log.h"
#include "toast.h"
#include "wording.h"

#define GUARD      "org.offduty1.Guard"
#define TIMEOUT_MS 30000
#define AGAIN      (60 * UINT64_C(1000000))
#define ACCURACY   (5 * UINT64_C(1000000))

struct od_alerts {
	struct sd_event *event;
	struct od_toasts *toasts;
	char *address;
	struct od_bus *bus; /* NULL: not there */
	struct od_owner *owner;
	struct od_bus_pending *subscribing;
	struct sd_event_source *again;
	bool refused; /* said so once in the journal */
	char languages[256];
};

static void again(struct od_alerts *alerts)
{
	(void) sd_event_source_set_time_relative(alerts->again, AGAIN);
	(void) sd_event_source_set_enabled(alerts->again, SD_EVENT_ONESHOT);
}

static void on_subscribed(void *userdata, DBusMessage *reply)
{
	struct od_alerts *alerts = userdata;
	bool good = dbus_message_get_type(reply) == DBUS_MESSAGE_TYPE_METHOD_RETURN;

	alerts->subscribing = NULL;
	if (good)
		od_log(OD_LOG_INFO, "subscribed to the guard");
	else if (!alerts->refused)
		od_log(OD_LOG_WARNING, "the guard does not take our subscription: %s",
			dbus_message_get_error_name(reply));
	alerts->refused = !good;
	if (!good)
		again(alerts);
}

static void subscribe(struct od_alerts *alerts)
{
	DBusMessage *call =
		dbus_message_new_method_call(OD_BUS_NAME, OD_BUS_PATH, GUARD, "Subscribe");

	od_bus_cancel(alerts->subscribing);
	alerts->subscribing = NULL;
	if (!call || od_bus_call(alerts->bus, call, TIMEOUT_MS, on_subscribed, alerts,
			     &alerts->subscribing) != 0)
		again(alerts);
	if (call)
		dbus_message_unref(call);
}

static void on_owner(void *userdata, bool owned)
{
	struct od_alerts *alerts = userdata;

	if (owned)
		subscribe(alerts);
}

static bool on_message(void *userdata, DBusMessage *message)
{
	static const char *const members[] = { "Blocked", "Warned", "Shared", "Ending" };
	struct od_alerts *alerts = userdata;
	struct od_toast toast;
	DBusMessageIter what;

	if (alerts->owner && od_owner_handle(alerts->owner, message))
		return true;
	if (dbus_message_get_type(message) != DBUS_MESSAGE_TYPE_SIGNAL || !alerts->owner ||
		!od_owner_sent(alerts->owner, message) ||
		!dbus_message_has_interface(message, GUARD) ||
		!dbus_message_has_signature(message, "a{sv}"))
		return false;
	for (size_t i = 0; i < OD_ELEMENTS(members); i++) {
		if (!dbus_message_has_member(message, members[i]))
			continue;
		dbus_message_iter_init(message, &what);
		od_wording_alert((enum od_alert) i, &what, alerts->languages, &toast);
		if (od_toasts_post(alerts->toasts, &toast) != 0)
			od_log(OD_LOG_NOTICE, "too many notifications wait; one was dropped");
		return true;
	}
	return false;
}

static void bus_close(struct od_alerts *alerts)
{
	od_bus_cancel(alerts->subscribing);
	alerts->subscribing = NULL;
	od_owner_free(alerts->owner);
	alerts->owner = NULL;
	od_bus_free(alerts->bus);
	alerts->bus = NULL;
}

static void on_disconnect(void *userdata)
{
	struct od_alerts *alerts = userdata;

	bus_close(alerts);
	again(alerts);
}

static void bus_open(struct od_alerts *alerts)
{
	if (od_bus_open(alerts->event, alerts->address, &alerts->bus) != 0) {
		again(alerts);
		return;
	}
	od_bus_on_disconnect(alerts->bus, on_disconnect, alerts);
	od_bus_set_filter(alerts->bus, on_message, alerts);
	if (od_owner_new(alerts->bus, on_owner, alerts, &alerts->owner) != 0) {
		bus_close(alerts);
		again(alerts);
	}
}

static int on_again(OD_UNUSED struct sd_event_source *source, OD_UNUSED uint64_t at, void *userdata)
{
	struct od_alerts *alerts = userdata;

	if (!alerts->bus)
		bus_open(alerts);
	else if (od_owner_known(alerts->owner))
		subscribe(alerts);
	return 0;
}

int od_alerts_new(struct sd_event *event, const char *address, struct od_toasts *toasts,
	struct od_alerts **ret)
{
	od_cleanup(od_alerts_freep) struct od_alerts *alerts = calloc(1, sizeof(*alerts));
	int r;

	if (!alerts)
		return -ENOMEM;
	alerts->event = sd_event_ref(event);
	alerts->toasts = toasts;
	alerts->address = strdup(address);
	if (!alerts->address)
		return -ENOMEM;
	od_wording_languages(alerts->languages, sizeof(alerts->languages));
	r = sd_event_add_time(
		event, &alerts->again, CLOCK_MONOTONIC, 0, ACCURACY, on_again, alerts);
	if (r < 0)
		return r;
	(void) sd_event_source_set_enabled(alerts->again, SD_EVENT_OFF);
	bus_open(alerts);
	*ret = od_take(&alerts);
	return 0;
}

void od_alerts_free(struct od_alerts *alerts)
{
	if (!alerts)
		return;
	bus_close(alerts);
	(void) sd_event_source_disable_unref(alerts->again);
	(void) sd_event_unref(alerts->event);
	free(alerts->address);
	free(alerts);
}

/*
 * Finding the server.
 *
 * The bus tells nobody who joins the queue for a name, so while there is no server every new
 * connection is a reason to ask (ListQueuedOwners), a few times within some two seconds, since a
 * program connects first and asks for its name later. With a server known nothing is asked and
 * only the end of its connection is listened to.
 */
#include "gate/upstream.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-event.h>
#include <time.h>

#include "gate/notify_call.h"
#include "runtime/log.h"

#define SERVER_UNIT  "offduty-server.service"
#define CALL_MS      5000
#define START_GAP_US ((uint64_t) 10 * 1000000)
#define NEWCOMER_RULE                                                                              \
	"type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',"            \
	"member='NameOwnerChanged',arg1=''"

static const uint64_t pauses_us[] = { 10000, 30000, 60000, 100000, 300000, 500000, 1000000 };

struct od_upstream {
	struct od_bus *bus; /* borrowed */
	struct sd_event *event;
	struct sd_event_source *timer;
	struct od_upstream_hooks hooks;
	char *name;
	char title[64];
	bool owned;
	bool newcomers; /* the rule is set */
	size_t tries;   /* in pauses_us */
	struct od_bus_pending *listing, *asking;
	uint64_t started_us; /* when systemd was last asked */
};

static void bus_call(struct od_bus *bus, const char *method, const char *argument)
{
	DBusMessage *call = dbus_message_new_method_call(
		DBUS_SERVICE_DBUS, DBUS_PATH_DBUS, DBUS_INTERFACE_DBUS, method);

	if (!call)
		return;
	dbus_message_set_no_reply(call, TRUE);
	if (dbus_message_append_args(call, DBUS_TYPE_STRING, &argument, DBUS_TYPE_INVALID))
		(void) od_bus_send(bus, call, NULL); /* without memory: asked again another time */
	dbus_message_unref(call);
}

static void match_server(struct od_upstream *up, const char *method)
{
	char rule[512];

	(void) snprintf(rule, sizeof(rule), "type='signal',sender='%s'", up->name);
	bus_call(up->bus, method, rule);
	(void) snprintf(rule, sizeof(rule),
		"type='signal',sender='" DBUS_SERVICE_DBUS "',interface='" DBUS_INTERFACE_DBUS
		"',member='NameOwnerChanged',arg0='%s'",
		up->name);
	bus_call(up->bus, method, rule);
}

static void watch_newcomers(struct od_upstream *up, bool on)
{
	if (up->newcomers != on)
		bus_call(up->bus, on ? "AddMatch" : "RemoveMatch", NEWCOMER_RULE);
	up->newcomers = on;
}

static void on_information(void *userdata, DBusMessage *reply)
{
	struct od_upstream *up = userdata;
	const char *title;

	up->asking = NULL;
	if (dbus_message_get_type(reply) != DBUS_MESSAGE_TYPE_METHOD_RETURN ||
		!dbus_message_get_args(reply, NULL, DBUS_TYPE_STRING, &title, DBUS_TYPE_INVALID))
		return;
	(void) snprintf(up->title, sizeof(up->title), "%.63s", title);
	od_log(OD_LOG_INFO, "stands before %s", up->title);
}

static void ask_information(struct od_upstream *up)
{
	DBusMessage *call = dbus_message_new_method_call(
		up->name, OD_NOTIFY_PATH, OD_NOTIFY_NAME, "GetServerInformation");

	if (!call)
		return;
	(void) od_bus_call(up->bus, call, CALL_MS, on_information, up, &up->asking);
	dbus_message_unref(call);
}

static void stop_looking(struct od_upstream *up)
{
	od_bus_cancel(up->listing);
	up->listing = NULL;
	(void) sd_event_source_set_enabled(up->timer, SD_EVENT_OFF);
	watch_newcomers(up, false);
}

static void found(struct od_upstream *up, const char *name)
{
	up->name = strdup(name);
	if (!up->name)
		return; /* the next newcomer, or the next message, tries again */
	(void) snprintf(up->title, sizeof(up->title), "unknown");
	stop_looking(up);
	match_server(up, "AddMatch");
	ask_information(up);
	up->hooks.found(up->hooks.userdata);
}

static void on_owners(void *userdata, DBusMessage *reply)
{
	struct od_upstream *up = userdata;
	DBusMessageIter array, item;
	const char *self = od_bus_unique_name(up->bus), *name;

	up->listing = NULL;
	if (dbus_message_get_type(reply) == DBUS_MESSAGE_TYPE_METHOD_RETURN &&
		dbus_message_has_signature(reply, "as") && dbus_message_iter_init(reply, &array)) {
		dbus_message_iter_recurse(&array, &item);
		while (dbus_message_iter_get_arg_type(&item) == DBUS_TYPE_STRING) {
			dbus_message_iter_get_basic(&item, &name);
			if (strcmp(name, self) != 0) {
				found(up, name);
				return;
			}
			dbus_message_iter_next(&item);
		}
	}
	if (up->tries < OD_ELEMENTS(pauses_us)) {
		(void) sd_event_source_set_time_relative(up->timer, pauses_us[up->tries++]);
		(void) sd_event_source_set_enabled(up->timer, SD_EVENT_ONESHOT);
	}
}

static void list_owners(struct od_upstream *up)
{
	const char *name = OD_NOTIFY_NAME;
	DBusMessage *call;

	if (up->name || up->listing)
		return;
	call = dbus_message_new_method_call(
		DBUS_SERVICE_DBUS, DBUS_PATH_DBUS, DBUS_INTERFACE_DBUS, "ListQueuedOwners");
	if (!call)
		return;
	if (dbus_message_append_args(call, DBUS_TYPE_STRING, &name, DBUS_TYPE_INVALID))
		(void) od_bus_call(up->bus, call, CALL_MS, on_owners, up, &up->listing);
	dbus_message_unref(call);
}

static int on_timer(
	struct sd_event_source *source OD_UNUSED, uint64_t usec OD_UNUSED, void *userdata)
{
	list_owners(userdata);
	return 0;
}

static void look(struct od_upstream *up)
{
	watch_newcomers(up, true);
	up->tries = 0;
	list_owners(up);
}

static uint64_t monotonic_us(void)
{
	struct timespec t;

	(void) clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t) t.tv_sec * 1000000 + (uint64_t) t.tv_nsec / 1000;
}

/* Where systemd runs the session it may know how to start a server; where not, nothing happens. */
static void start_unit(struct od_upstream *up)
{
	const char *unit = SERVER_UNIT, *mode = "replace";
	DBusMessage *call;

	if (up->started_us && monotonic_us() - up->started_us < START_GAP_US)
		return;
	up->started_us = monotonic_us();
	call = dbus_message_new_method_call("org.freedesktop.systemd1", "/org/freedesktop/systemd1",
		"org.freedesktop.systemd1.Manager", "StartUnit");
	if (!call)
		return;
	dbus_message_set_no_reply(call, TRUE);
	dbus_message_set_auto_start(call, FALSE);
	if (dbus_message_append_args(
		    call, DBUS_TYPE_STRING, &unit, DBUS_TYPE_STRING, &mode, DBUS_TYPE_INVALID))
		(void) od_bus_send(up->bus, call, NULL);
	dbus_message_unref(call);
}

void od_upstream_want(struct od_upstream *up)
{
	if (up->name)
		return;
	start_unit(up);
	if (!up->listing && sd_event_source_get_enabled(up->timer, NULL) == 0)
		look(up);
}

static void lost(struct od_upstream *up)
{
	od_log(OD_LOG_NOTICE, "the notification server (%s) is gone", up->title);
	match_server(up, "RemoveMatch");
	od_bus_cancel(up->asking);
	up->asking = NULL;
	free(up->name);
	up->name = NULL;
	(void) snprintf(up->title, sizeof(up->title), "none");
	up->hooks.lost(up->hooks.userdata);
	look(up);
}

static void on_owner_changed(struct od_upstream *up, DBusMessage *message)
{
	const char *name, *before, *after;

	if (!dbus_message_get_args(message, NULL, DBUS_TYPE_STRING, &name, DBUS_TYPE_STRING,
		    &before, DBUS_TYPE_STRING, &after, DBUS_TYPE_INVALID))
		return;
	if (up->name && strcmp(name, up->name) == 0 && !*after)
		lost(up);
	else if (!up->name && name[0] == ':' && !*before)
		look(up);
}

void od_upstream_on_signal(struct od_upstream *up, DBusMessage *message)
{
	const char *name;

	if (dbus_message_is_signal(message, DBUS_INTERFACE_DBUS, "NameOwnerChanged")) {
		on_owner_changed(up, message);
		return;
	}
	if (!dbus_message_get_args(message, NULL, DBUS_TYPE_STRING, &name, DBUS_TYPE_INVALID) ||
		strcmp(name, OD_NOTIFY_NAME) != 0)
		return;
	if (dbus_message_is_signal(message, DBUS_INTERFACE_DBUS, "NameAcquired"))
		up->owned = true;
	else if (dbus_message_is_signal(message, DBUS_INTERFACE_DBUS, "NameLost"))
		up->owned = false;
}

const char *od_upstream_name(const struct od_upstream *up)
{
	return up->name;
}

const char *od_upstream_title(const struct od_upstream *up)
{
	return up->title;
}

bool od_upstream_owned(const struct od_upstream *up)
{
	return up->owned;
}

int od_upstream_new(struct sd_event *event, struct od_bus *bus,
	const struct od_upstream_hooks *hooks, struct od_upstream **ret)
{
	od_cleanup(od_upstream_freep) struct od_upstream *up = calloc(1, sizeof(*up));
	int r;

	if (!up)
		return -ENOMEM;
	up->bus = bus;
	up->hooks = *hooks;
	(void) snprintf(up->title, sizeof(up->title), "none");
	r = sd_event_add_time_relative(event, &up->timer, CLOCK_MONOTONIC, 0, 1000, on_timer, up);
	if (r < 0)
		return r;
	up->event = sd_event_ref(event);
	(void) sd_event_source_set_enabled(up->timer, SD_EVENT_OFF);
	look(up);
	*ret = od_take(&up);
	return 0;
}

void od_upstream_free(struct od_upstream *up)
{
	if (!up)
		return;
	od_bus_cancel(up->listing);
	od_bus_cancel(up->asking);
	sd_event_source_unref(up->timer);
	sd_event_unref(up->event);
	free(up->name);
	free(up);
}

/*
 * Group commit: an idle source commits once nothing else is to be done, or after GROUP_MAX answers
 * or GROUP_US, whichever comes first. A lone notification therefore costs one fsync and no delay; a
 * flood one fsync for many.
 *
 * Where the disk fails the whole group is undone, and what it held is shown instead: quiet is
 * broken, nothing is lost, and the journal says so once.
 */
#include "gate/hold.h"

#include <errno.h>
#include <string.h>
#include <systemd/sd-event.h>
#include <time.h>

#include "base/array.h"
#include "base/error.h"
#include "gate/forward.h"
#include "gate/ids.h"
#include "runtime/log.h"

#define GROUP_MAX 256
#define GROUP_US  ((uint64_t) 20000)

struct due {
	DBusMessage *call;  /* shown if the commit fails; NULL: nothing to show */
	DBusMessage *reply; /* NULL: none is wanted */
	char *closed_to;    /* told that its notification is closed; NULL: nobody */
	uint32_t closed_id;
};

struct od_hold {
	struct od_bus *bus;
	struct od_store *store;
	struct od_hold_hooks hooks;
	struct sd_event_source *idle;
	OD_ARRAY(struct due) due;
	size_t due_bytes;
	uint64_t first_us; /* when the oldest of these came; 0: none */
	bool failing;
};

static uint64_t monotonic_us(void)
{
	struct timespec t;

	(void) clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t) t.tv_sec * 1000000 + (uint64_t) t.tv_nsec / 1000;
}

static void due_done(struct due *due)
{
	if (due->call)
		dbus_message_unref(due->call);
	if (due->reply)
		dbus_message_unref(due->reply);
	free(due->closed_to);
}

static void settle(struct od_hold *hold, struct due *due, bool kept)
{
	if (!kept && due->call) {
		hold->hooks.failed(hold->hooks.userdata, due->call);
		return;
	}
	if (due->reply)
		(void) od_bus_send(hold->bus, due->reply, NULL);
	if (kept && due->closed_to)
		(void) od_forward_closed(hold->bus, due->closed_to, due->closed_id, 3);
}

int od_hold_commit(struct od_hold *hold)
{
	struct due *list = hold->due.items;
	size_t n = hold->due.n;
	bool dirty = od_store_dirty(hold->store);
	int r = od_store_commit(hold->store);

	if (r != 0 && !hold->failing)
		(void) od_log_result(OD_LOG_ERROR, r,
			"cannot keep notifications: they are shown although this person is off "
			"duty");
	hold->failing = r != 0;
	hold->due.items = NULL; /* settling may add new ones */
	hold->due.n = hold->due.room = hold->due_bytes = 0;
	hold->first_us = 0;
	for (size_t i = 0; i < n; i++) {
		settle(hold, &list[i], r == 0);
		due_done(&list[i]);
	}
	free(list);
	if (dirty)
		hold->hooks.changed(hold->hooks.userdata);
	return r;
}

void od_hold_touch(struct od_hold *hold)
{
	uint64_t now = monotonic_us();

	if (hold->first_us == 0)
		hold->first_us = now;
	if (hold->due.n >= GROUP_MAX || hold->due_bytes > (16u << 20) ||
		now - hold->first_us > GROUP_US)
		(void) od_hold_commit(hold); /* said, and what it held is shown */
	else
		(void) sd_event_source_set_enabled(hold->idle, SD_EVENT_ONESHOT);
}

static int on_idle(struct sd_event_source *source OD_UNUSED, void *userdata)
{
	(void) od_hold_commit(userdata); /* said there */
	return 0;
}

static DBusMessage *id_reply(DBusMessage *call, uint32_t id)
{
	DBusMessage *reply;

	if (dbus_message_get_no_reply(call))
		return NULL;
	reply = dbus_message_new_method_return(call);
	if (reply && !dbus_message_append_args(reply, DBUS_TYPE_UINT32, &id, DBUS_TYPE_INVALID)) {
		dbus_message_unref(reply);
		return NULL;
	}
	return reply;
}

/* The message as it is stored: without descriptors, which no file can keep. */
static DBusMessage *storable(DBusMessage *call, const struct od_notify_call *notify)
{
	const struct od_notify_change change = { .replaces_id = notify->replaces_id };
	DBusMessage *copy = NULL;

	if (!notify->has_fds)
		return dbus_message_ref(call);
	copy = od_notify_call_change(call, &change);
	if (copy)
		dbus_message_set_serial(copy, 1); /* libdbus marshals only what has one */
	return copy;
}

static int store_one(struct od_hold *hold, DBusMessage *message, DBusMessage *call,
	const struct od_hold_about *about, uint32_t *ret_client, size_t *ret_size)
{
	struct od_store_item item = {
		.client_id = about->notify->replaces_id,
		.time_us = about->now_us,
		.app = about->app,
		.messenger = about->messenger,
		.desktop = about->notify->desktop_entry,
		.summary = about->notify->summary,
		.sender = dbus_message_get_sender(call),
		.instance = about->instance,
	};
	char *bytes = NULL;
	int64_t id = 0;
	int n = 0, r = OD_E_NOT_FOUND;

	if (!dbus_message_marshal(message, &bytes, &n))
		return -ENOMEM;
	item.message = bytes;
	item.size = *ret_size = (size_t) n;
	if (item.client_id != 0)
		r = od_store_find(hold->store, item.client_id, about->instance, &id);
	if (r == 0)
		r = od_store_replace(hold->store, id, &item);
	if (r == OD_E_NOT_FOUND)
		r = od_store_add(hold->store, &item, &id);
	dbus_free(bytes);
	*ret_client = item.client_id ? item.client_id : (uint32_t) id;
	return r;
}

void od_hold_keep(struct od_hold *hold, DBusMessage *call, const struct od_hold_about *about)
{
	DBusMessage *message = storable(call, about->notify);
	struct due *due;
	uint32_t client = 0;
	size_t size = 0;
	int r = message ? store_one(hold, message, call, about, &client, &size) : -ENOMEM;

	if (message)
		dbus_message_unref(message);
	due = r == 0 ? od_array_add(&hold->due) : NULL;
	if (!due) {
		if (!hold->failing)
			(void) od_log_result(OD_LOG_ERROR, r ? r : -ENOMEM,
				"cannot keep a notification: it is shown although this person is "
				"off "
				"duty");
		hold->failing = true;
		hold->hooks.failed(hold->hooks.userdata, call);
		return;
	}
	due->call = dbus_message_ref(call);
	due->reply = id_reply(call, client);
	hold->due_bytes += size;
	od_hold_touch(hold);
}

static int take_owner(void *userdata, const struct od_store_item *item)
{
	char **sender = userdata;

	*sender = strdup(item->sender);
	return 0;
}

bool od_hold_withdraw(struct od_hold *hold, DBusMessage *call, uint32_t client_id,
	const char *instance, bool answer)
{
	od_cleanup(od_freep) char *sender = NULL;
	struct due *due;
	int64_t id;

	if (od_store_find(hold->store, client_id, instance, &id) != 0 ||
		od_store_get(hold->store, id, take_owner, &sender) != 0 ||
		od_store_remove(hold->store, id, UINT32_MAX) != 0)
		return false;
	due = od_array_add(&hold->due);
	if (due && answer) {
		due->reply = dbus_message_get_no_reply(call) ? NULL
							     : dbus_message_new_method_return(call);
		due->closed_to = strdup(dbus_message_get_sender(call));
		due->closed_id = client_id;
	}
	od_hold_touch(hold);
	return true;
}

uint64_t od_hold_lag_us(const struct od_hold *hold)
{
	return hold->first_us ? monotonic_us() - hold->first_us : 0;
}

int od_hold_new(struct sd_event *event, struct od_bus *bus, struct od_store *store,
	const struct od_hold_hooks *hooks, struct od_hold **ret)
{
	od_cleanup(od_hold_freep) struct od_hold *hold = calloc(1, sizeof(*hold));
	int r;

	if (!hold)
		return -ENOMEM;
	hold->bus = bus;
	hold->hooks = *hooks;
	r = sd_event_add_defer(event, &hold->idle, on_idle, hold);
	if (r >= 0)
		r = sd_event_source_set_priority(hold->idle, SD_EVENT_PRIORITY_IDLE);
	if (r >= 0)
		r = sd_event_source_set_enabled(hold->idle, SD_EVENT_OFF);
	if (r < 0)
		return r;
	hold->store = store;
	*ret = od_take(&hold);
	return 0;
}

void od_hold_free(struct od_hold *hold)
{
	if (!hold)
		return;
	if (hold->store)
		(void) od_hold_commit(hold); /* said there */
	sd_event_source_unref(hold->idle);
	free(hold);
}

/*
 * The delivery run: a list of ids, a place in it, one call in flight.
 *
 * A held one may be replaced or withdrawn by its sender while its older content is in flight. Its
 * revision in the store tells: then the answer does not end it, but the newer content follows as a
 * replacement, or what was just shown is closed again.
 */
#include "gate/delivery.h"

#include <errno.h>
#include <string.h>
#include <systemd/sd-event.h>
#include <time.h>

#include "base/array.h"
#include "base/error.h"
#include "gate/notify_call.h"
#include "runtime/log.h"

#define PACE_US   ((uint64_t) 150000)
#define RETRY_US  ((uint64_t) 1000000)
#define ANSWER_MS 20000
#define TRIES_MAX 5

struct od_delivery {
	struct od_delivery_options is;
	struct sd_event_source *pace;
	OD_ARRAY(int64_t) run;
	size_t at;
	bool quietly;
	unsigned tries; /* of the one at .at */
	struct od_bus_pending *flying;
	uint32_t client_id, revision; /* of the one in flight */
	char *sender;                 /* "" where nobody is left to be told */
};

static void step(struct od_delivery *deliver);

static void again_in(struct od_delivery *deliver, uint64_t us)
{
	(void) sd_event_source_set_time_relative(deliver->pace, us);
	(void) sd_event_source_set_enabled(deliver->pace, SD_EVENT_ONESHOT);
}

static int on_pace(
	struct sd_event_source *source OD_UNUSED, uint64_t usec OD_UNUSED, void *userdata)
{
	step(userdata);
	return 0;
}

static void finish(struct od_delivery *deliver)
{
	free(deliver->run.items);
	deliver->run.items = NULL;
	deliver->run.n = deliver->run.room = deliver->at = 0;
	deliver->quietly = false;
	if (od_store_count(deliver->is.store) == 0)
		(void) od_store_told(deliver->is.store); /* else the next digest repeats a count */
	if (od_hold_commit(deliver->is.hold) == 0)
		od_store_scrub(deliver->is.store);
}

static void next_in(struct od_delivery *deliver, uint64_t us)
{
	deliver->at++;
	deliver->tries = 0;
	if (deliver->at < deliver->run.n)
		again_in(deliver, us);
	else
		finish(deliver);
}

static void next(struct od_delivery *deliver)
{
	next_in(deliver, PACE_US);
}

static void close_on_server(struct od_delivery *deliver, uint32_t id)
{
	DBusMessage *call = dbus_message_new_method_call(od_upstream_name(deliver->is.upstream),
		OD_NOTIFY_PATH, OD_NOTIFY_NAME, "CloseNotification");

	if (!call)
		return;
	dbus_message_set_no_reply(call, TRUE);
	if (dbus_message_append_args(call, DBUS_TYPE_UINT32, &id, DBUS_TYPE_INVALID))
		(void) od_bus_send(deliver->is.bus, call, NULL);
	dbus_message_unref(call);
}

/* The server shows it as @server_id. */
static void shown(struct od_delivery *deliver, uint32_t server_id)
{
	int64_t id = deliver->run.items[deliver->at];
	int r = od_store_remove(deliver->is.store, id, deliver->revision);

	if (r == OD_E_NOT_FOUND) {
		close_on_server(deliver, server_id); /* withdrawn meanwhile */
		next(deliver);
		return;
	}
	/* Without memory its signals go to everybody. */
	(void) od_ids_put(deliver->is.ids, server_id, deliver->client_id, deliver->sender, true);
	if (r == OD_E_BUSY) {
		again_in(deliver, PACE_US); /* newer content: shown in its place */
		return;
	}
	if (r == 0)
		r = od_hold_commit(deliver->is.hold);
	if (r != 0)
		(void) od_log_result(
			OD_LOG_ERROR, r, "a delivered notification stays in the store");
	next(deliver);
}

static void on_answer(void *userdata, DBusMessage *reply)
{
	struct od_delivery *deliver = userdata;
	uint32_t id;

	deliver->flying = NULL;
	if (dbus_message_get_type(reply) == DBUS_MESSAGE_TYPE_METHOD_RETURN &&
		dbus_message_get_args(reply, NULL, DBUS_TYPE_UINT32, &id, DBUS_TYPE_INVALID)) {
		shown(deliver, id);
		return;
	}
	if (++deliver->tries < TRIES_MAX) {
		again_in(deliver, RETRY_US);
		return;
	}
	od_log(OD_LOG_WARNING, "the server refuses a held notification: it stays held");
	next(deliver);
}

/* Which id of the server it takes the place of; 0: of none. */
static uint32_t replaces(const struct od_delivery *deliver, const struct od_store_item *item)
{
	const struct od_id *id = od_ids_by_client(deliver->is.ids, item->client_id);
	const char *server = strchr(item->instance, '/');

	if (id)
		return id->server;
	if (item->client_id >= OD_IDS_FIRST || !server)
		return 0;
	return strcmp(server + 1, od_upstream_name(deliver->is.upstream)) == 0 ? item->client_id
									       : 0;
}

static bool same_bus(const struct od_delivery *deliver, const char *instance)
{
	size_t n = strlen(deliver->is.instance);

	return strncmp(instance, deliver->is.instance, n) == 0 && instance[n] == '/';
}

static int send_item(void *userdata, const struct od_store_item *item)
{
	struct od_delivery *deliver = userdata;
	const struct od_notify_change change = { .replaces_id = replaces(deliver, item),
		.quiet = deliver->quietly };
	DBusMessage *kept = dbus_message_demarshal(item->message, (int) item->size, NULL);
	DBusMessage *call = kept ? od_notify_call_change(kept, &change) : NULL;
	int r = OD_E_SYNTAX;

	free(deliver->sender);
	deliver->sender = strdup(same_bus(deliver, item->instance) ? item->sender : "");
	deliver->client_id = item->client_id;
	deliver->revision = item->revision;
	if (call && deliver->sender &&
		dbus_message_set_destination(call, od_upstream_name(deliver->is.upstream)))
		r = od_bus_call(
			deliver->is.bus, call, ANSWER_MS, on_answer, deliver, &deliver->flying);
	if (call)
		dbus_message_unref(call);
	if (kept)
		dbus_message_unref(kept);
	return r;
}

static void step(struct od_delivery *deliver)
{
	int r;

	if (deliver->flying || deliver->at >= deliver->run.n)
		return;
	if (!od_upstream_name(deliver->is.upstream)) {
		od_upstream_want(deliver->is.upstream); /* od_delivery_on_found() goes on */
		return;
	}
	r = od_store_get(deliver->is.store, deliver->run.items[deliver->at], send_item, deliver);
	if (r == 0)
		return;
	if (r != OD_E_NOT_FOUND)
		(void) od_log_result(OD_LOG_ERROR, r, "a held notification cannot be delivered");
	next_in(deliver, 1); /* withdrawn or delivered already, or beyond help */
}

void od_delivery_on_found(struct od_delivery *deliver)
{
	if (deliver->at < deliver->run.n && !deliver->flying)
		again_in(deliver, PACE_US);
}

static int exists(void *userdata OD_UNUSED, const struct od_store_item *item OD_UNUSED)
{
	return 0;
}

static int enlist(void *userdata, const struct od_store_item *item)
{
	struct od_delivery *deliver = userdata;
	int64_t *place = od_array_add(&deliver->run);

	if (!place)
		return -ENOMEM;
	*place = item->id;
	return 0;
}

static bool begin(struct od_delivery *deliver)
{
	bool idle = deliver->at >= deliver->run.n && !deliver->flying;

	if (idle)
		deliver->run.n = deliver->at = 0;
	return idle;
}

int64_t od_delivery_all(struct od_delivery *deliver, bool quietly)
{
	bool idle = begin(deliver);
	size_t had = deliver->run.n, left;
	int r;

	if (!idle && !deliver->flying)
		deliver->run.n = deliver->at; /* the same ones come again below, in order */
	else if (!idle)
		deliver->run.n = deliver->at + 1;
	left = deliver->run.n;
	deliver->quietly = quietly;
	r = od_store_each(deliver->is.store, false, enlist, deliver);
	if (r < 0) {
		deliver->run.n = had;
		return r;
	}
	if (idle && deliver->run.n > 0)
		again_in(deliver, 1);
	return (int64_t) (deliver->run.n - left);
}

int64_t od_delivery_some(struct od_delivery *deliver, const int64_t *ids, size_t n)
{
	bool idle = begin(deliver);
	size_t had = deliver->run.n;

	/* One named twice is gone when its second turn comes, and passed over. */
	for (size_t i = 0; i < n; i++) {
		int64_t *place = NULL;

		if (od_store_get(deliver->is.store, ids[i], exists, NULL) == 0)
			place = od_array_add(&deliver->run);
		if (place)
			*place = ids[i];
	}
	if (idle && deliver->run.n > 0)
		again_in(deliver, 1);
	return (int64_t) (deliver->run.n - had);
}

void od_delivery_stop(struct od_delivery *deliver)
{
	if (deliver->at < deliver->run.n)
		deliver->run.n = deliver->at + (deliver->flying ? 1 : 0);
	if (!deliver->flying)
		(void) sd_event_source_set_enabled(deliver->pace, SD_EVENT_OFF);
}

int od_delivery_new(const struct od_delivery_options *options, struct od_delivery **ret)
{
	od_cleanup(od_delivery_freep) struct od_delivery *deliver = calloc(1, sizeof(*deliver));
	int r;

	if (!deliver)
		return -ENOMEM;
	deliver->is = *options;
	r = sd_event_add_time_relative(
		options->event, &deliver->pace, CLOCK_MONOTONIC, 0, 1000, on_pace, deliver);
	if (r < 0)
		return r;
	(void) sd_event_source_set_enabled(deliver->pace, SD_EVENT_OFF);
	*ret = od_take(&deliver);
	return 0;
}

void od_delivery_free(struct od_delivery *deliver)
{
	if (!deliver)
		return;
	od_bus_cancel(deliver->flying);
	sd_event_source_unref(deliver->pace);
	free(deliver->run.items);
	free(deliver->sender);
	free(deliver);
}

/* org.offduty1.Held: what is held, and what becomes of it. */
#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/i18n.h"
#include "bus/object.h"
#include "bus/wire.h"
#include "gate/gate.h"
#include "gate/notify_call.h"

#include "Held.bus.h"

#define BODY_MAX 1024

static const char *const urgencies[] = {
	[OD_URGENCY_LOW] = "low",
	[OD_URGENCY_NORMAL] = "normal",
	[OD_URGENCY_CRITICAL] = "critical",
};

int od_held_get_version(OD_UNUSED void *userdata, DBusMessageIter *value)
{
	return od_wire_uint32(value, 1);
}

int od_held_get_count(void *userdata, DBusMessageIter *value)
{
	const struct od_gate *gate = userdata;

	return od_wire_uint32(value, gate->store ? (uint32_t) od_store_count(gate->store) : 0);
}

/* A list shows how a message begins; whole ones by the ten thousand would not fit into an answer. */
static void cut(char *to, size_t size, const char *text)
{
	size_t n = text ? strnlen(text, size) : 0;

	if (n == size) {
		n--;
		while (n > 0 && ((unsigned char) text[n] & 0xc0) == 0x80)
			n--;
	}
	if (n > 0)
		memcpy(to, text, n);
	to[n] = '\0';
}

static int put_item(DBusMessageIter *dict, const struct od_store_item *item,
	const struct od_notify_call *notify)
{
	char body[BODY_MAX];

	cut(body, sizeof(body), notify->body);
	if (od_wire_put_int64(dict, "id", item->id) < 0 ||
		od_wire_put_int64(dict, "time", item->time_us) < 0 ||
		od_wire_put_string(dict, "app", item->app) < 0 ||
		od_wire_put_string(dict, "messenger", item->messenger) < 0 ||
		od_wire_put_string(dict, "summary", item->summary) < 0 ||
		od_wire_put_string(dict, "body", body) < 0 ||
		od_wire_put_string(dict, "urgency", urgencies[notify->urgency]) < 0 ||
		od_wire_put_uint32(dict, "actions", notify->actions) < 0)
		return -ENOMEM;
	return 0;
}

static int list_item(void *userdata, const struct od_store_item *item)
{
	DBusMessageIter *array = userdata, dict;
	DBusMessage *message = dbus_message_demarshal(item->message, (int) item->size, NULL);
	struct od_notify_call notify = { .urgency = OD_URGENCY_NORMAL };
	int r = -ENOMEM;

	if (message && od_notify_call_parse(message, &notify) != 0)
		notify = (struct od_notify_call){ .urgency = OD_URGENCY_NORMAL };
	if (od_wire_dict_open(array, &dict) == 0 && put_item(&dict, item, &notify) == 0)
		r = od_wire_dict_close(array, &dict);
	if (message)
		dbus_message_unref(message);
	return r;
}

int od_held_method_list(void *userdata, struct od_bus_call *call)
{
	const struct od_gate *gate = userdata;
	DBusMessageIter array;
	int r = 0;

	if (!dbus_message_iter_open_container(&call->out, DBUS_TYPE_ARRAY, "a{sv}", &array))
		return -ENOMEM;
	if (gate->store)
		r = od_store_each(gate->store, true, list_item, &array);
	if (!dbus_message_iter_close_container(&call->out, &array) && r == 0)
		r = -ENOMEM;
	return r;
}

/* The ids of an "ax"; borrowed from the message. */
static size_t read_ids(DBusMessageIter *in, const int64_t **ret)
{
	DBusMessageIter array;
	const dbus_int64_t *ids = NULL;
	int n = 0;

	dbus_message_iter_recurse(in, &array);
	dbus_message_iter_get_fixed_array(&array, &ids, &n);
	*ret = (const int64_t *) ids;
	return (size_t) n;
}

static int no_store(struct od_bus_call *call)
{
	return od_bus_call_error(
		call, OD_E_UNAVAILABLE, N_("The held store cannot be used; see the journal."));
}

int od_held_method_deliver(void *userdata, struct od_bus_call *call)
{
	struct od_gate *gate = userdata;
	const int64_t *ids;
	size_t n = read_ids(&call->in, &ids);
	int64_t listed;

	if (!gate->hold)
		return no_store(call);
	od_digest_taken(gate);
	listed =
		n ? od_delivery_some(gate->deliver, ids, n) : od_delivery_all(gate->deliver, false);
	return listed < 0 ? (int) listed : od_wire_uint32(&call->out, (uint32_t) listed);
}

static int discard_some(struct od_store *store, const int64_t *ids, size_t n, uint32_t *ret)
{
	for (size_t i = 0; i < n; i++) {
		int r = od_store_remove(store, ids[i], UINT32_MAX);

		if (r == 0)
			++*ret;
		else if (r != OD_E_NOT_FOUND)
			return r;
	}
	return 0;
}

int od_held_method_discard(void *userdata, struct od_bus_call *call)
{
	struct od_gate *gate = userdata;
	const int64_t *ids;
	size_t n = read_ids(&call->in, &ids);
	uint32_t discarded = 0;
	int r;

	if (!gate->hold)
		return no_store(call);
	if (n > 0) {
		r = discard_some(gate->store, ids, n, &discarded);
	} else {
		discarded = (uint32_t) od_store_count(gate->store);
		r = od_store_remove_all(gate->store);
	}
	if (r == 0)
		r = od_hold_commit(gate->hold);
	if (r != 0)
		return r;
	od_store_scrub(gate->store);
	return od_wire_uint32(&call->out, discarded);
}

static uint32_t saturate(uint64_t n)
{
	return n > UINT32_MAX ? UINT32_MAX : (uint32_t) n;
}

struct app {
	char *name;
	uint64_t n;
};

struct apps {
	OD_ARRAY(struct app) list;
	uint64_t count;
};

static int add_app(void *userdata, const char *name, uint64_t held, uint64_t gone)
{
	struct apps *apps = userdata;
	struct app *app = od_array_add(&apps->list);

	if (!app)
		return -ENOMEM;
	app->name = strdup(name);
	app->n = held + gone;
	apps->count += held + gone;
	return app->name ? 0 : -ENOMEM;
}

static void apps_done(struct apps *apps)
{
	od_array_foreach (app, &apps->list)
		free(app->name);
	free(apps->list.items);
}

static int put_apps(DBusMessageIter *out, const struct apps *apps)
{
	DBusMessageIter array, pair;

	if (!dbus_message_iter_open_container(out, DBUS_TYPE_ARRAY, "(su)", &array))
		return -ENOMEM;
	od_array_foreach (app, &apps->list) {
		if (!dbus_message_iter_open_container(&array, DBUS_TYPE_STRUCT, NULL, &pair) ||
			od_wire_string(&pair, app->name) < 0 ||
			od_wire_uint32(&pair, saturate(app->n)) < 0 ||
			!dbus_message_iter_close_container(&array, &pair))
			return -ENOMEM;
	}
	return dbus_message_iter_close_container(out, &array) ? 0 : -ENOMEM;
}

int od_held_method_digest(void *userdata, struct od_bus_call *call)
{
	struct od_gate *gate = userdata;
	od_cleanup(apps_done) struct apps apps = { 0 };
	int64_t since = OD_NEVER;
	int r;

	if (!gate->hold)
		return no_store(call);
	r = od_store_digest(gate->store, add_app, &apps, &since);
	if (r == 0)
		r = od_wire_uint32(&call->out, saturate(apps.count));
	if (r == 0)
		r = od_wire_int64(&call->out, since);
	if (r == 0)
		r = put_apps(&call->out, &apps);
	if (r == 0)
		od_digest_taken(gate);
	return r;
}

/*
 * An application that sends notifications and listens for what becomes of them.
 *
 *     notify_client [OPTION...] SUMMARY
 *       --app=NAME --entry=ID --body=TEXT --origin=HOST --urgency=N --replaces=ID --action=KEY
 *       --count=N     send N, "SUMMARY 1" ... ; prints "p50 US p95 US max US" of the round trips
 *       --no-wait     with --count: send all before reading any answer
 *       --close=ID    call CloseNotification instead of Notify
 *       --info        call GetServerInformation instead
 *       --listen=S    then stay S seconds and print the signals that concern us
 *
 * Prints "id ID" for each, or "error NAME". It is a plain libdbus client and knows nothing of Offduty.
 */
#include <dbus/dbus.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NAME "org.freedesktop.Notifications"
#define PATH "/org/freedesktop/Notifications"

struct wish {
	const char *app, *entry, *body, *origin, *action, *summary;
	int urgency;
	unsigned replaces, close, count;
	double listen;
	bool info, no_wait;
};

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double) t.tv_sec * 1e6 + (double) t.tv_nsec / 1e3;
}

static void put_hint(DBusMessageIter *hints, const char *key, int type, const void *value)
{
	const char signature[2] = { (char) type, '\0' };
	DBusMessageIter entry, variant;

	dbus_message_iter_open_container(hints, DBUS_TYPE_DICT_ENTRY, NULL, &entry);
	dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING, &key);
	dbus_message_iter_open_container(&entry, DBUS_TYPE_VARIANT, signature, &variant);
	dbus_message_iter_append_basic(&variant, type, value);
	dbus_message_iter_close_container(&entry, &variant);
	dbus_message_iter_close_container(hints, &entry);
}

static void put_actions(DBusMessageIter *it, const char *action)
{
	DBusMessageIter array;

	dbus_message_iter_open_container(it, DBUS_TYPE_ARRAY, "s", &array);
	if (action) {
		dbus_message_iter_append_basic(&array, DBUS_TYPE_STRING, &action);
		dbus_message_iter_append_basic(&array, DBUS_TYPE_STRING, &action);
	}
	dbus_message_iter_close_container(it, &array);
}

static DBusMessage *notify(const struct wish *w, const char *summary)
{
	DBusMessage *m = dbus_message_new_method_call(NAME, PATH, NAME, "Notify");
	const char *icon = "", *app = w->app ? w->app : "", *body = w->body ? w->body : "";
	unsigned char urgency = (unsigned char) w->urgency;
	DBusMessageIter it, hints;
	int timeout = -1;

	dbus_message_iter_init_append(m, &it);
	dbus_message_iter_append_basic(&it, DBUS_TYPE_STRING, &app);
	dbus_message_iter_append_basic(&it, DBUS_TYPE_UINT32, &w->replaces);
	dbus_message_iter_append_basic(&it, DBUS_TYPE_STRING, &icon);
	dbus_message_iter_append_basic(&it, DBUS_TYPE_STRING, &summary);
	dbus_message_iter_append_basic(&it, DBUS_TYPE_STRING, &body);
	put_actions(&it, w->action);
	dbus_message_iter_open_container(&it, DBUS_TYPE_ARRAY, "{sv}", &hints);
	if (w->entry)
		put_hint(&hints, "desktop-entry", DBUS_TYPE_STRING, &w->entry);
	if (w->origin)
		put_hint(&hints, "x-kde-origin-name", DBUS_TYPE_STRING, &w->origin);
	if (w->urgency >= 0)
		put_hint(&hints, "urgency", DBUS_TYPE_BYTE, &urgency);
	dbus_message_iter_close_container(&it, &hints);
	dbus_message_iter_append_basic(&it, DBUS_TYPE_INT32, &timeout);
	return m;
}

static DBusMessage *other_call(const struct wish *w)
{
	DBusMessage *m = dbus_message_new_method_call(
		NAME, PATH, NAME, w->info ? "GetServerInformation" : "CloseNotification");

	if (!w->info)
		dbus_message_append_args(m, DBUS_TYPE_UINT32, &w->close, DBUS_TYPE_INVALID);
	return m;
}

static int print_reply(DBusMessage *reply, const DBusError *error)
{
	const char *text = NULL;
	dbus_uint32_t id;

	if (!reply || dbus_message_get_type(reply) == DBUS_MESSAGE_TYPE_ERROR) {
		printf("error %s\n", reply ? dbus_message_get_error_name(reply) : error->name);
		return 1;
	}
	if (dbus_message_get_args(reply, NULL, DBUS_TYPE_UINT32, &id, DBUS_TYPE_INVALID))
		printf("id %u\n", id);
	else if (dbus_message_get_args(reply, NULL, DBUS_TYPE_STRING, &text, DBUS_TYPE_INVALID))
		printf("server %s\n", text);
	else
		printf("done\n");
	fflush(stdout);
	return 0;
}

static int send_one(DBusConnection *bus, DBusMessage *call)
{
	DBusError error = DBUS_ERROR_INIT;
	DBusMessage *reply = dbus_connection_send_with_reply_and_block(bus, call, 25000, &error);
	int r = print_reply(reply, &error);

	if (reply)
		dbus_message_unref(reply);
	dbus_message_unref(call);
	dbus_error_free(&error);
	return r;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *) a, y = *(const double *) b;

	return x < y ? -1 : x > y;
}

static int send_many(DBusConnection *bus, const struct wish *w)
{
	double *took = calloc(w->count, sizeof(*took));
	DBusPendingCall **pending = calloc(w->count, sizeof(*pending));
	int failed = 0;

	for (unsigned i = 0; i < w->count; i++) {
		char summary[256];
		DBusMessage *call, *reply;
		double from;

		snprintf(summary, sizeof(summary), "%s %u", w->summary, i + 1);
		call = notify(w, summary);
		from = now_us();
		if (w->no_wait) {
			dbus_connection_send_with_reply(bus, call, &pending[i], 25000);
		} else {
			reply = dbus_connection_send_with_reply_and_block(bus, call, 25000, NULL);
			took[i] = now_us() - from;
			failed += !reply;
			if (reply)
				dbus_message_unref(reply);
		}
		dbus_message_unref(call);
	}
	for (unsigned i = 0; w->no_wait && i < w->count; i++) {
		DBusMessage *reply;

		dbus_pending_call_block(pending[i]);
		reply = dbus_pending_call_steal_reply(pending[i]);
		failed += dbus_message_get_type(reply) == DBUS_MESSAGE_TYPE_ERROR;
		if (failed == 1 && dbus_message_get_type(reply) == DBUS_MESSAGE_TYPE_ERROR)
			printf("error %s at %u\n", dbus_message_get_error_name(reply), i);
		dbus_message_unref(reply);
		dbus_pending_call_unref(pending[i]);
	}
	qsort(took, w->count, sizeof(*took), by_value);
	printf("sent %u failed %d p50 %.0f p95 %.0f max %.0f\n", w->count, failed,
		took[w->count / 2], took[w->count * 95 / 100], took[w->count - 1]);
	fflush(stdout);
	free(took);
	free(pending);
	return failed != 0;
}

static void print_signal(DBusMessage *m)
{
	const char *key;
	dbus_uint32_t id, reason;

	if (dbus_message_is_signal(m, NAME, "ActionInvoked") &&
		dbus_message_get_args(
			m, NULL, DBUS_TYPE_UINT32, &id, DBUS_TYPE_STRING, &key, DBUS_TYPE_INVALID))
		printf("ActionInvoked %u %s\n", id, key);
	else if (dbus_message_is_signal(m, NAME, "NotificationClosed") &&
		 dbus_message_get_args(m, NULL, DBUS_TYPE_UINT32, &id, DBUS_TYPE_UINT32, &reason,
			 DBUS_TYPE_INVALID))
		printf("NotificationClosed %u %u\n", id, reason);
	fflush(stdout);
}

static void listen_for(DBusConnection *bus, double seconds)
{
	double until = now_us() + seconds * 1e6;
	DBusMessage *m;

	while (now_us() < until && dbus_connection_read_write(bus, 50)) {
		while ((m = dbus_connection_pop_message(bus))) {
			print_signal(m);
			dbus_message_unref(m);
		}
	}
}

static const struct option options[] = { { "app", 1, NULL, 'a' }, { "entry", 1, NULL, 'e' },
	{ "body", 1, NULL, 'b' }, { "origin", 1, NULL, 'o' }, { "urgency", 1, NULL, 'u' },
	{ "replaces", 1, NULL, 'r' }, { "action", 1, NULL, 'k' }, { "count", 1, NULL, 'n' },
	{ "no-wait", 0, NULL, 'w' }, { "close", 1, NULL, 'c' }, { "info", 0, NULL, 'i' },
	{ "listen", 1, NULL, 'l' }, { NULL, 0, NULL, 0 } };

static void parse(int argc, char **argv, struct wish *w)
{
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'a':
			w->app = optarg;
			break;
		case 'e':
			w->entry = optarg;
			break;
		case 'b':
			w->body = optarg;
			break;
		case 'o':
			w->origin = optarg;
			break;
		case 'u':
			w->urgency = atoi(optarg);
			break;
		case 'r':
			w->replaces = (unsigned) strtoul(optarg, NULL, 10);
			break;
		case 'k':
			w->action = optarg;
			break;
		case 'n':
			w->count = (unsigned) strtoul(optarg, NULL, 10);
			break;
		case 'w':
			w->no_wait = true;
			break;
		case 'c':
			w->close = (unsigned) strtoul(optarg, NULL, 10);
			break;
		case 'i':
			w->info = true;
			break;
		case 'l':
			w->listen = atof(optarg);
			break;
		default:
			exit(2);
		}
	}
	w->summary = optind < argc ? argv[optind] : NULL;
}

int main(int argc, char **argv)
{
	struct wish w = { .urgency = -1 };
	DBusConnection *bus;
	int r = 0;

	parse(argc, argv, &w);
	bus = dbus_bus_get_private(DBUS_BUS_SESSION, NULL);
	if (!bus)
		return 3;
	dbus_bus_add_match(bus, "type='signal',sender='" NAME "',interface='" NAME "'", NULL);
	if (w.info || w.close)
		r = send_one(bus, other_call(&w));
	else if (w.count)
		r = send_many(bus, &w);
	else if (w.summary)
		r = send_one(bus, notify(&w, w.summary));
	if (w.listen > 0)
		listen_for(bus, w.listen);
	dbus_connection_close(bus);
	dbus_connection_unref(bus);
	return r;
}

/*
 * What is held back, for the person it is held back from. Ids are the gate's.
 */
#include <dbus/dbus.h>
#include <errno.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/scan.h"
#include "base/translate.h"
#include "bus/wire.h"
#include "cli.h"
#include "commands.h"
#include "daemons.h"
#include "output.h"
#include "when.h"

/* The answer of Held.List and what is needed to say its times. */
struct held {
	struct od_daemon gate;
	struct od_duty_view duty;
	DBusMessage *reply;
	DBusMessageIter at; /* on the first a{sv} */
};

static void held_done(struct held *held)
{
	od_message_unrefp(&held->reply);
	od_duty_view_done(&held->duty);
	od_daemon_done(&held->gate);
}

static int held_read(const struct od_cli *cli, struct held *ret)
{
	DBusMessageIter list;

	od_daemon_gate(cli, &ret->gate);
	if (ret->gate.result != 0 || od_duty_view_read(&ret->gate, &ret->duty) != 0 ||
		od_daemon_call(&ret->gate, od_daemon_method("Held", "List"), &ret->reply) != 0)
		return od_daemon_fail(cli, &ret->gate);
	if (!dbus_message_has_signature(ret->reply, "aa{sv}"))
		return od_cli_fail(cli, OD_E_FAILED, NULL);
	dbus_message_iter_init(ret->reply, &list);
	dbus_message_iter_recurse(&list, &ret->at);
	return 0;
}

static bool held_next(struct held *held, bool first)
{
	if (!first)
		dbus_message_iter_next(&held->at);
	return dbus_message_iter_get_arg_type(&held->at) == DBUS_TYPE_ARRAY;
}

static struct json_object *to_json(DBusMessageIter *one)
{
	struct json_object *item = json_object_new_object();
	static const char *const texts[] = { "app", "messenger", "summary", "body", "urgency" };

	od_json_int(item, "id", od_wire_get_int64(one, "id", 0));
	od_json_instant(item, "time", od_wire_get_int64(one, "time", 0));
	for (size_t i = 0; i < OD_ELEMENTS(texts); i++)
		od_json_string(item, texts[i], od_wire_get_string(one, texts[i]));
	od_json_int(item, "actions", od_wire_get_uint32(one, "actions", 0));
	return item;
}

static void print_json(struct held *held)
{
	struct json_object *answer = json_object_new_object(), *list = json_object_new_array();

	for (bool more = held_next(held, true); more; more = held_next(held, false))
		(void) json_object_array_add(list, to_json(&held->at));
	(void) json_object_object_add(answer, "held", list);
	od_json_print(answer);
}

int od_cmd_held_list(struct od_cli *cli)
{
	od_cleanup(held_done) struct held held = { 0 };
	od_cleanup(od_table_done) struct od_table table = { .columns = 4 };
	char id[32], when[OD_WHEN_TEXT];
	int r = held_read(cli, &held);

	if (r != 0)
		return r;
	if (cli->json) {
		print_json(&held);
		return 0;
	}
	if (!held_next(&held, true)) {
		puts(_("Nothing is held."));
		return 0;
	}
	r = od_table_row(&table, (const char *[]){ _("ID"), _("CAME"), _("FROM"), _("WHAT") });
	for (bool more = true; r == 0 && more; more = held_next(&held, false)) {
		(void) snprintf(id, sizeof(id), "%" PRId64, od_wire_get_int64(&held.at, "id", 0));
		od_when_short(od_wire_get_int64(&held.at, "time", 0), held.duty.zone, when);
		r = od_table_row(
			&table, (const char *[]){ id, when, od_member_string(&held.at, "app"),
					od_member_string(&held.at, "summary") });
	}
	if (r == 0)
		od_table_print(&table, stdout);
	return r;
}

static int read_id(const struct od_cli *cli, const char *word, int64_t *ret)
{
	const char *p = word;
	uint64_t id;
	int r = od_scan_unsigned(&p, INT64_MAX, &id);

	if (r != 0 || *p)
		return od_cli_fail(cli, OD_E_USAGE,
			_("\"%s\" is no number; see them with: offduty held"), word);
	*ret = (int64_t) id;
	return 0;
}

/* A body has lines of its own; everything else that is no letter is cleaned away by the table. */
static int add_lines(struct od_table *table, const char *text)
{
	int r = 0;

	while (r == 0 && *text) {
		size_t n = strcspn(text, "\n");
		od_cleanup(od_freep) char *line = strndup(text, n);

		r = line ? od_table_row(table, (const char *[]){ "", line }) : -ENOMEM;
		text += n + (text[n] == '\n');
	}
	return r;
}

static int print_one(const struct held *held, DBusMessageIter *one)
{
	od_cleanup(od_table_done) struct od_table table = { .columns = 2, .wrap = true };
	const char *urgency = od_member_string(one, "urgency");
	char when[OD_WHEN_TEXT];
	int r;

	od_when_short(od_wire_get_int64(one, "time", 0), held->duty.zone, when);
	r = od_table_row(&table, (const char *[]){ _("From"), od_member_string(one, "app") });
	if (r == 0)
		r = od_table_row(&table, (const char *[]){ _("Came"), when });
	if (r == 0 && strcmp(urgency, "normal") != 0)
		r = od_table_row(&table, (const char *[]){ _("Urgency"), urgency });
	if (r == 0)
		r = od_table_row(
			&table, (const char *[]){ _("What"), od_member_string(one, "summary") });
	if (r == 0)
		r = add_lines(&table, od_member_string(one, "body"));
	if (r == 0)
		od_table_print(&table, stdout);
	return r;
}

int od_cmd_held_show(struct od_cli *cli)
{
	od_cleanup(held_done) struct held held = { 0 };
	int64_t id;
	int r = read_id(cli, cli->arguments[0], &id);

	if (r == 0)
		r = held_read(cli, &held);
	if (r != 0)
		return r;
	for (bool more = held_next(&held, true); more; more = held_next(&held, false)) {
		if (od_wire_get_int64(&held.at, "id", -1) != id)
			continue;
		if (!cli->json)
			return print_one(&held, &held.at);
		od_json_print(to_json(&held.at));
		return 0;
	}
	return od_cli_fail(cli, OD_E_NOT_FOUND, _("nothing is held under number %" PRId64 "."), id);
}

static int append_ids(const struct od_cli *cli, DBusMessage *call)
{
	DBusMessageIter arguments, ids;
	int r = 0;

	dbus_message_iter_init_append(call, &arguments);
	if (!dbus_message_iter_open_container(&arguments, DBUS_TYPE_ARRAY, "x", &ids))
		return od_cli_fail(cli, -ENOMEM, NULL);
	for (size_t i = 0; r == 0 && i < cli->n_arguments; i++) {
		int64_t id;

		r = read_id(cli, cli->arguments[i], &id);
		if (r == 0 && !dbus_message_iter_append_basic(&ids, DBUS_TYPE_INT64, &id))
			r = od_cli_fail(cli, -ENOMEM, NULL);
	}
	if (!dbus_message_iter_close_container(&arguments, &ids) && r == 0)
		r = od_cli_fail(cli, -ENOMEM, NULL);
	return r;
}

/* Deliver and Discard: ids or --all, never all by leaving something out. */
static int act(const struct od_cli *cli, const char *method, unsigned *ret_count)
{
	od_cleanup(od_daemon_done) struct od_daemon gate = { 0 };
	od_cleanup(od_message_unrefp) DBusMessage *call = NULL, *reply = NULL;
	bool all = od_cli_flag(cli, "all");
	DBusMessageIter answer;
	int r;

	if (all == (cli->n_arguments > 0))
		return od_cli_fail(
			cli, OD_E_USAGE, "%s", _("say which ones by their numbers, or --all."));
	call = od_daemon_method("Held", method);
	r = call ? append_ids(cli, call) : od_cli_fail(cli, -ENOMEM, NULL);
	if (r != 0)
		return r;
	od_daemon_gate(cli, &gate);
	if (gate.result != 0 || od_daemon_call(&gate, od_take(&call), &reply) != 0)
		return od_daemon_fail(cli, &gate);
	if (!dbus_message_iter_init(reply, &answer) || !od_wire_read_uint32(&answer, ret_count))
		return od_cli_fail(cli, OD_E_FAILED, NULL);
	if (!all && *ret_count == 0)
		return od_cli_fail(cli, OD_E_NOT_FOUND, "%s", _("none of these is held."));
	return 0;
}

static void say(const struct od_cli *cli, const char *key, unsigned count, const char *sentence)
{
	struct json_object *answer;

	if (!cli->json) {
		printf(sentence, count);
		putchar('\n');
		return;
	}
	answer = json_object_new_object();
	od_json_int(answer, key, count);
	od_json_print(answer);
}

int od_cmd_held_deliver(struct od_cli *cli)
{
	unsigned count = 0;
	int r = act(cli, "Deliver", &count);

	if (r == 0)
		say(cli, "delivered", count,
			ngettext("%u notification shown.", "%u notifications shown.", count));
	return r;
}

int od_cmd_held_discard(struct od_cli *cli)
{
	unsigned count = 0;
	int r = act(cli, "Discard", &count);

	if (r == 0)
		say(cli, "discarded", count,
			ngettext("%u notification forgotten.", "%u notifications forgotten.",
				count));
	return r;
}

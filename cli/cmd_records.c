#include <dbus/dbus.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/translate.h"
#include "bus/wire.h"
#include "cli.h"
#include "commands.h"
#include "daemons.h"
#include "output.h"
#include "when.h"

static const char *const members[] = { "what", "messenger", "rule", "label", "verdict" };

static void print_json(DBusMessageIter *row)
{
	struct json_object *answer = json_object_new_object(), *list = json_object_new_array();

	for (; dbus_message_iter_get_arg_type(row) == DBUS_TYPE_ARRAY;
		dbus_message_iter_next(row)) {
		struct json_object *item = json_object_new_object();

		od_json_instant(item, "time", od_wire_get_int64(row, "time", 0));
		for (size_t i = 0; i < OD_ELEMENTS(members); i++)
			od_json_string(item, members[i], od_wire_get_string(row, members[i]));
		(void) json_object_array_add(list, item);
	}
	(void) json_object_object_add(answer, "records", list);
	od_json_print(answer);
}

static const char *what_word(const char *what)
{
	return strcmp(what, "blocked") == 0  ? _("blocked")
	       : strcmp(what, "warned") == 0 ? _("advised against")
	       : strcmp(what, "shared") == 0 ? _("file opened")
					     : what;
}

static int print_table(DBusMessageIter *row, const struct od_zone *zone)
{
	od_cleanup(od_table_done) struct od_table table = { .columns = 4 };
	char when[OD_WHEN_TEXT], rule[256];
	int r = 0;

	if (dbus_message_iter_get_arg_type(row) != DBUS_TYPE_ARRAY) {
		puts(_("Nothing is recorded about you."));
		return 0;
	}
	r = od_table_row(
		&table, (const char *[]){ _("WHEN"), _("WHAT"), _("MESSENGER"), _("RULE") });
	for (; r == 0 && dbus_message_iter_get_arg_type(row) == DBUS_TYPE_ARRAY;
		dbus_message_iter_next(row)) {
		const char *label = od_member_string(row, "label");

		od_when_short(od_wire_get_int64(row, "time", 0), zone, when);
		(void) snprintf(rule, sizeof(rule), "%s%s%s", od_member_string(row, "rule"),
			*label ? " " : "", label);
		r = od_table_row(
			&table, (const char *[]){ when, what_word(od_member_string(row, "what")),
					od_member_string(row, "messenger"), rule });
	}
	if (r == 0)
		od_table_print(&table, stdout);
	return r;
}

static int read_since(const struct od_cli *cli, const struct od_daemon *gate,
	const struct od_duty_view *duty, const struct od_zone *zone, int64_t *ret)
{
	const char *text = od_cli_flag(cli, "since");
	int64_t ahead;
	int r;

	*ret = 0;
	if (!text)
		return 0;
	if (gate->result != 0 && od_when_is_relative(text))
		return od_daemon_fail(cli, gate); /* only the gate knows what time it is here */
	r = od_when_parse(text, duty->now_us, zone, &ahead);
	if (r != 0)
		return od_cli_fail(cli, r, _("\"%s\" is no time."), text);
	/* "2h" means two hours back here, "21:00" the last one there was */
	*ret = ahead <= duty->now_us ? ahead : 2 * duty->now_us - ahead;
	if (ahead > duty->now_us && strchr(text, ':'))
		*ret = ahead - 24 * 3600 * OD_USEC_PER_SEC;
	return 0;
}

int od_cmd_records(struct od_cli *cli)
{
	od_cleanup(od_daemon_done) struct od_daemon gate, guard;
	od_cleanup(od_duty_view_done) struct od_duty_view duty = { 0 };
	od_cleanup(od_zone_unrefp) struct od_zone *zone = NULL;
	od_cleanup(od_message_unrefp) DBusMessage *call = NULL, *reply = NULL;
	DBusMessageIter list, row;
	int64_t since;
	int r;

	od_daemon_gate(cli, &gate);
	od_daemon_guard(cli, &guard);
	if (guard.result != 0)
		return od_daemon_fail(cli, &guard);
	if (gate.result == 0 && od_duty_view_read(&gate, &duty) == 0)
		zone = od_zone_ref(duty.zone);
	else if (od_when_zone("", NULL, &zone) != 0)
		zone = od_zone_utc();
	if (!zone)
		return od_cli_fail(cli, -ENOMEM, NULL);
	r = read_since(cli, &gate, &duty, zone, &since);
	if (r != 0)
		return r;
	call = od_daemon_method("Guard", "MyRecords");
	if (call && !dbus_message_append_args(call, DBUS_TYPE_INT64, &since, DBUS_TYPE_INVALID))
		od_message_unrefp(&call);
	if (od_daemon_call(&guard, od_take(&call), &reply) != 0)
		return od_daemon_fail(cli, &guard);
	if (!dbus_message_has_signature(reply, "aa{sv}"))
		return od_cli_fail(cli, OD_E_FAILED, NULL);
	dbus_message_iter_init(reply, &list);
	dbus_message_iter_recurse(&list, &row);
	if (!cli->json)
		return print_table(&row, zone);
	print_json(&row);
	return 0;
}

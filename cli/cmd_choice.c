/*
 * lift, rest, resume: the employee's own choice. The gate decides whether it may be made; here only
 * the words people use for a time become an instant, on the gate's clock.
 *
 * rest --after is how an employee says that they worked while off duty: the legal rest counts from
 * then, and they rest until it is taken. Nothing else tells Offduty of it.
 */
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
#include "hours.h"
#include "output.h"
#include "when.h"

/* *@ret is 0 where nothing was said: the gate then knows until when. */
static int read_until(const struct od_cli *cli, const struct od_duty_view *duty, int64_t *ret)
{
	od_cleanup(od_freep) char *words = od_cli_words(cli);
	int r = 0;

	*ret = 0;
	if (!words || !*words)
		return words ? 0 : od_cli_fail(cli, -ENOMEM, NULL);
	r = od_when_parse(words, duty->now_us, duty->zone, ret);
	if (r == 0 && *ret <= duty->now_us)
		return od_cli_fail(cli, OD_E_RANGE, _("\"%s\" is over already."), words);
	if (r != 0)
		return od_cli_fail(cli, r,
			_("\"%s\" is no time. Say for instance 2h, 21:00, tomorrow 08:00 or "
			  "2026-12-24."),
			words);
	return 0;
}

/* A time of day that is not yet come was yesterday's. */
static int read_past(const struct od_duty_view *duty, const char *word, int64_t *ret)
{
	int32_t day, seconds;
	int r = od_when_parse(word, duty->now_us, duty->zone, ret);

	if (r == 0 && *ret > duty->now_us && !strchr(word, 'T')) {
		od_zone_civil(duty->zone, *ret, &day, &seconds);
		*ret = od_zone_instant(duty->zone, day - 1, seconds);
	}
	return r;
}

/* "04:00", "03:00-04:00", or an instant. */
static int read_work(const struct od_cli *cli, const struct od_duty_view *duty, const char *text,
	int64_t *ret_from, int64_t *ret_until)
{
	const char *dash = strlen(text) <= strlen("03:00-04:00") ? strchr(text, '-') : NULL;
	char from[16];
	int r = read_past(duty, dash ? dash + 1 : text, ret_until);

	*ret_from = *ret_until;
	if (r == 0 && dash) {
		(void) snprintf(from, sizeof(from), "%.*s", (int) (dash - text), text);
		r = read_past(duty, from, ret_from);
	}
	return r == 0 ? 0
		      : od_cli_fail(cli, r,
				_("\"%s\" is no time. Say for instance 04:00 or 03:00-04:00."),
				text);
}

/* Tells the gate; *@ret is when work may resume, 0 where that is now. */
static int tell_work(
	struct od_daemon *gate, const struct od_cli *cli, struct od_duty_view *duty, int64_t *ret)
{
	od_cleanup(od_duty_view_done) struct od_duty_view after = { 0 };
	DBusMessage *call = od_daemon_method("Duty", "Worked");
	struct od_rest_view rest;
	int64_t from = 0, until = 0;
	int r = read_work(cli, duty, od_cli_flag(cli, "after"), &from, &until);

	if (r == 0 && call &&
		!dbus_message_append_args(
			call, DBUS_TYPE_INT64, &from, DBUS_TYPE_INT64, &until, DBUS_TYPE_INVALID))
		od_message_unrefp(&call);
	if (r != 0) {
		od_message_unrefp(&call);
		return r;
	}
	if (od_daemon_call(gate, call, NULL) != 0 || od_duty_view_read(gate, &after) != 0)
		return od_daemon_fail(cli, gate);
	od_rest_view_read(&after.properties, &rest);
	*ret = rest.known && rest.resume_us > after.now_us ? rest.resume_us : 0;
	return 0;
}

static int say(const struct od_cli *cli, struct od_daemon *gate)
{
	od_cleanup(od_duty_view_done) struct od_duty_view duty = { 0 };
	struct json_object *answer;
	struct od_rest_view rest;
	char sentence[512];

	if (od_duty_view_read(gate, &duty) != 0)
		return od_daemon_fail(cli, gate);
	od_rest_view_read(&duty.properties, &rest);
	if (!cli->json) {
		fputs(od_duty_sentence(&duty, sentence, sizeof(sentence)), stdout);
		if (*od_rest_sentence(&rest, duty.zone, sentence, sizeof(sentence)))
			printf(" %s", sentence);
		putchar('\n');
		return 0;
	}
	answer = json_object_new_object();
	od_json_string(answer, "state", duty.on ? "on" : "off");
	od_json_instant(answer, "until", duty.until_us);
	od_json_string(answer, "choice", duty.choice);
	od_json_instant(answer, "choice-until", duty.choice_until_us);
	od_rest_json(answer, &rest);
	od_json_print(answer);
	return 0;
}

static int choose(const struct od_cli *cli, const char *method, bool timed)
{
	od_cleanup(od_daemon_done) struct od_daemon gate;
	od_cleanup(od_duty_view_done) struct od_duty_view duty = { 0 };
	DBusMessage *call;
	int64_t until;
	int r;

	od_daemon_gate(cli, &gate);
	if (gate.result != 0 || od_duty_view_read(&gate, &duty) != 0)
		return od_daemon_fail(cli, &gate);
	r = read_until(cli, &duty, &until);
	if (r == 0 && od_cli_flag(cli, "after")) {
		int64_t resume = 0;

		r = tell_work(&gate, cli, &duty, &resume);
		if (r == 0 && until == 0 && resume == 0)
			return say(cli, &gate); /* the rest was taken before: nothing to add */
		until = until ? until : resume;
	}
	if (r != 0)
		return r;
	call = od_daemon_method("Duty", method);
	if (call && timed &&
		!dbus_message_append_args(call, DBUS_TYPE_INT64, &until, DBUS_TYPE_INVALID))
		od_message_unrefp(&call);
	if (od_daemon_call(&gate, call, NULL) != 0)
		return od_daemon_fail(cli, &gate);
	return say(cli, &gate);
}

int od_cmd_lift(struct od_cli *cli)
{
	return choose(cli, "Lift", true);
}

int od_cmd_rest(struct od_cli *cli)
{
	return choose(cli, "Rest", true);
}

int od_cmd_resume(struct od_cli *cli)
{
	return choose(cli, "Resume", false);
}

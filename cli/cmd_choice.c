/*
 * lift, rest, resume: the employee's own choice. The gate decides whether it may be made; here only
 * the words people use for a time become an instant, on the gate's clock.
 */
#include <dbus/dbus.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>

#include "base/error.h"
#include "base/translate.h"
#include "bus/wire.h"
#include "cli.h"
#include "commands.h"
#include "daemons.h"
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

static int say(const struct od_cli *cli, struct od_daemon *gate)
{
	od_cleanup(od_duty_view_done) struct od_duty_view duty = { 0 };
	struct json_object *answer;
	char sentence[512];

	if (od_duty_view_read(gate, &duty) != 0)
		return od_daemon_fail(cli, gate);
	if (!cli->json) {
		puts(od_duty_sentence(&duty, sentence, sizeof(sentence)));
		return 0;
	}
	answer = json_object_new_object();
	od_json_string(answer, "state", duty.on ? "on" : "off");
	od_json_instant(answer, "until", duty.until_us);
	od_json_string(answer, "choice", duty.choice);
	od_json_instant(answer, "choice-until", duty.choice_until_us);
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

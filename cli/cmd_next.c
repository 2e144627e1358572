/*
 * When duty begins and ends next. The changes are asked for one after the other, each from the
 * instant of the one before: what is printed is what will happen, choices included.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>

#include "base/error.h"
#include "base/scan.h"
#include "base/translate.h"
#include "cli.h"
#include "commands.h"
#include "hours.h"
#include "output.h"
#include "when.h"

#define USUAL   10
#define AT_MOST 1000

static int read_number(const struct od_cli *cli, unsigned *ret)
{
	const char *text = od_cli_flag(cli, "number"), *p = text;
	uint64_t number = USUAL;

	if (text && (od_scan_unsigned(&p, AT_MOST, &number) != 0 || *p || number == 0))
		return od_cli_fail(
			cli, OD_E_USAGE, _("\"%s\" is no number from 1 to %d."), text, AT_MOST);
	*ret = (unsigned) number;
	return 0;
}

/* The duty that begins where @now ends; false: it never does. */
static bool follow(const struct od_hours *hours, struct od_duty *now, int64_t *at)
{
	if (now->until_us == OD_NEVER)
		return false;
	*at = now->until_us;
	od_duty_state(&hours->input, *at, now);
	return true;
}

static void print_json(const struct od_hours *hours, unsigned n)
{
	struct json_object *answer = json_object_new_object(), *changes = json_object_new_array();
	struct od_duty duty;
	int64_t at = hours->at_us;

	od_duty_state(&hours->input, at, &duty);
	od_json_instant(answer, "at", at);
	od_json_string(answer, "state", duty.on ? "on" : "off");
	od_json_string(answer, "reason", od_rule_to_string(duty.reason.rule));
	od_json_instant(answer, "until", duty.until_us);
	for (; n > 0 && follow(hours, &duty, &at); n--) {
		struct json_object *change = json_object_new_object();

		od_json_instant(change, "at", at);
		od_json_string(change, "state", duty.on ? "on" : "off");
		od_json_string(change, "reason", od_rule_to_string(duty.reason.rule));
		(void) json_object_array_add(changes, change);
	}
	(void) json_object_object_add(answer, "changes", changes);
	od_json_print(answer);
}

static int print_text(const struct od_hours *hours, unsigned n)
{
	od_cleanup(od_table_done) struct od_table table = { .columns = 3 };
	od_cleanup(od_duty_view_done) struct od_duty_view view = { 0 };
	char when[OD_WHEN_TEXT], text[512];
	struct od_duty duty;
	int64_t at = hours->at_us;
	int r = od_hours_view(hours, at, &view);

	if (r != 0)
		return r;
	puts(od_duty_sentence(&view, text, sizeof(text)));
	od_duty_state(&hours->input, at, &duty);
	for (; r == 0 && n > 0 && follow(hours, &duty, &at); n--) {
		od_reason_sentence(&duty.reason, duty.on ? OD_VERDICT_ALLOW : OD_VERDICT_BLOCK,
			text, sizeof(text));
		r = od_table_row(&table, (const char *[]){ od_when_short(at, hours->zone, when),
						 duty.on ? _("on duty") : _("off duty"), text });
	}
	if (r == 0)
		od_table_print(&table, stdout);
	return r;
}

int od_cmd_next(struct od_cli *cli)
{
	od_cleanup(od_hours_done) struct od_hours hours = { 0 };
	unsigned n = 0;
	int r = read_number(cli, &n);

	if (r == 0)
		r = od_hours_open(cli, &hours);
	if (r != 0)
		return r;
	if (cli->json) {
		print_json(&hours, n);
		return 0;
	}
	r = print_text(&hours, n);
	return r == 0 ? 0 : od_cli_fail(cli, r, NULL);
}

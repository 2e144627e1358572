/* Why somebody is on or off duty: the sentence, and which line of which file says so. */
#include <errno.h>
#include <json-c/json.h>
#include <limits.h>
#include <stdio.h>

#include "base/translate.h"
#include "cli.h"
#include "commands.h"
#include "hours.h"
#include "output.h"
#include "when.h"

static void print_json(
	const struct od_hours *hours, const struct od_duty *duty, const char *sentence)
{
	struct json_object *answer = json_object_new_object();
	const struct od_reason *reason = &duty->reason;

	od_json_instant(answer, "at", hours->at_us);
	od_json_string(answer, "state", duty->on ? "on" : "off");
	od_json_instant(answer, "until", duty->until_us);
	od_json_string(answer, "reason", od_rule_to_string(reason->rule));
	od_json_string(answer, "sentence", sentence);
	od_json_string(answer, "file", reason->origin.file);
	od_json_int(answer, "line", reason->origin.line);
	od_json_string(answer, "label", reason->label);
	od_json_string(answer, "detail", reason->detail);
	od_json_string(answer, "zone", od_zone_name(hours->zone));
	od_json_string(answer, "by-schedule", duty->scheduled_on ? "on" : "off");
	od_json_string(answer, "on-call", duty->on_call ? duty->on_call->label : NULL);
	od_rest_json(answer, &hours->rest);
	od_json_print(answer);
}

static int row(struct od_table *table, const char *name, const char *value)
{
	return value && *value ? od_table_row(table, (const char *[]){ name, value }) : 0;
}

static int on_call_row(struct od_table *table, const struct od_on_call *on_call)
{
	const struct od_reason reason = { .origin = on_call->origin };
	char place[PATH_MAX + 16], text[PATH_MAX + 512];

	/* name of a section, "FILE:LINE" */
	(void) snprintf(text, sizeof(text), _("%1$s (%2$s); its work passes also off duty"),
		on_call->label, od_reason_place(&reason, place, sizeof(place)));
	return row(table, _("On call"), text);
}

static int print_text(
	const struct od_hours *hours, const struct od_duty *duty, const char *sentence)
{
	od_cleanup(od_table_done) struct od_table table = { .columns = 2, .wrap = true };
	od_cleanup(od_duty_view_done) struct od_duty_view view = { 0 };
	char text[512], place[PATH_MAX + 16];
	int r = od_hours_view(hours, hours->at_us, &view);

	if (r != 0)
		return r;
	printf("%s\n%s\n", od_duty_sentence(&view, text, sizeof(text)), sentence);
	r = row(&table, _("Decided by"), od_reason_place(&duty->reason, place, sizeof(place)));
	if (r == 0)
		r = row(&table, _("Rule"), od_rule_to_string(duty->reason.rule));
	if (r == 0 && duty->on != duty->scheduled_on)
		r = row(&table, _("By schedule"),
			duty->scheduled_on ? _("on duty") : _("off duty"));
	if (r == 0 && duty->on_call)
		r = on_call_row(&table, duty->on_call);
	if (r == 0)
		r = row(&table, _("Rest"),
			od_rest_sentence(&hours->rest, hours->zone, text, sizeof(text)));
	if (r == 0)
		od_table_print(&table, stdout);
	return r;
}

int od_cmd_why(struct od_cli *cli)
{
	od_cleanup(od_hours_done) struct od_hours hours = { 0 };
	struct od_duty duty;
	char sentence[512];
	int r = od_hours_open(cli, &hours);

	if (r != 0)
		return r;
	od_duty_state(&hours.input, hours.at_us, &duty);
	od_reason_sentence(&duty.reason, duty.on ? OD_VERDICT_ALLOW : OD_VERDICT_BLOCK, sentence,
		sizeof(sentence));
	if (cli->json) {
		print_json(&hours, &duty, sentence);
		return 0;
	}
	r = print_text(&hours, &duty, sentence);
	return r == 0 ? 0 : od_cli_fail(cli, r, NULL);
}

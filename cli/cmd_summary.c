/*
 * Whether you are on duty, in one sentence; with --policy and the like, whether somebody would be.
 */
#include <json-c/json.h>
#include <stdio.h>

#include "base/translate.h"
#include "bus/wire.h"
#include "cli.h"
#include "commands.h"
#include "hours.h"
#include "output.h"
#include "when.h"

static void print_json(
	const struct od_duty_view *duty, const unsigned *held, const struct od_rest_view *rest)
{
	struct json_object *answer = json_object_new_object();

	od_json_string(answer, "state", duty->on ? "on" : "off");
	od_json_instant(answer, "until", duty->until_us);
	od_json_string(answer, "rule", od_rule_to_string(duty->reason.rule));
	od_json_string(answer, "zone", duty->reason.zone);
	if (held)
		od_json_int(answer, "held", *held);
	od_rest_json(answer, rest);
	od_json_print(answer);
}

/* @held NULL: nobody was asked. */
static int say(const struct od_cli *cli, const struct od_duty_view *duty, const unsigned *held,
	const struct od_rest_view *rest)
{
	char text[512];

	if (cli->json) {
		print_json(duty, held, rest);
		return 0;
	}
	fputs(od_duty_sentence(duty, text, sizeof(text)), stdout);
	if (held && *held == 0)
		printf(" %s", _("Nothing is held."));
	else if (held)
		printf(ngettext(" %u work notification held.", " %u work notifications held.",
			       *held),
			*held);
	if (*od_rest_sentence(rest, duty->zone, text, sizeof(text)))
		printf(" %s", text);
	putchar('\n');
	return 0;
}

static int say_offline(const struct od_cli *cli)
{
	od_cleanup(od_hours_done) struct od_hours hours = { 0 };
	od_cleanup(od_duty_view_done) struct od_duty_view duty = { 0 };
	int r = od_hours_open(cli, &hours);

	if (r == 0)
		r = od_hours_view(&hours, hours.at_us, &duty);
	return r == 0 ? say(cli, &duty, NULL, &hours.rest) : r;
}

int od_cmd_summary(struct od_cli *cli)
{
	od_cleanup(od_daemon_done) struct od_daemon gate = { 0 };
	od_cleanup(od_duty_view_done) struct od_duty_view duty = { 0 };
	od_cleanup(od_properties_done) struct od_properties held = { 0 };
	struct od_rest_view rest;
	unsigned count;

	if (od_hours_are_offline(cli))
		return say_offline(cli);
	od_daemon_gate(cli, &gate);
	if (gate.result != 0 || od_duty_view_read(&gate, &duty) != 0 ||
		od_daemon_read(&gate, "Held", &held) != 0)
		return od_daemon_fail(cli, &gate);
	count = od_wire_get_uint32(&held.dict, "Count", 0);
	od_rest_view_read(&duty.properties, &rest);
	return say(cli, &duty, &count, &rest);
}

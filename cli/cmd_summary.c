#include <json-c/json.h>
#include <stdio.h>

#include "base/translate.h"
#include "bus/wire.h"
#include "cli.h"
#include "commands.h"
#include "daemons.h"
#include "output.h"
#include "when.h"

static void print_json(const struct od_duty_view *duty, unsigned held)
{
	struct json_object *answer = json_object_new_object();

	od_json_string(answer, "state", duty->on ? "on" : "off");
	od_json_instant(answer, "until", duty->until_us);
	od_json_string(answer, "rule", od_rule_to_string(duty->reason.rule));
	od_json_string(answer, "zone", duty->reason.zone);
	od_json_int(answer, "held", held);
	od_json_print(answer);
}

int od_cmd_summary(struct od_cli *cli)
{
	od_cleanup(od_daemon_done) struct od_daemon gate;
	od_cleanup(od_duty_view_done) struct od_duty_view duty = { 0 };
	od_cleanup(od_properties_done) struct od_properties held = { 0 };
	char sentence[512];
	unsigned count;

	od_daemon_gate(cli, &gate);
	if (gate.result != 0 || od_duty_view_read(&gate, &duty) != 0 ||
		od_daemon_read(&gate, "Held", &held) != 0)
		return od_daemon_fail(cli, &gate);
	count = od_wire_get_uint32(&held.dict, "Count", 0);
	if (cli->json) {
		print_json(&duty, count);
		return 0;
	}
	printf("%s ", od_duty_sentence(&duty, sentence, sizeof(sentence)));
	if (count == 0)
		puts(_("Nothing is held."));
	else
		printf(ngettext("%u work notification held.\n", "%u work notifications held.\n",
			       count),
			count);
	return 0;
}

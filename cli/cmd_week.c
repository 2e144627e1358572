/* A week of hours: drawn in the terminal, as SVG, or in JSON. */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/translate.h"
#include "cli.h"
#include "commands.h"
#include "output.h"
#include "week.h"
#include "when.h"

static int read_day(const struct od_cli *cli, const struct od_hours *hours, int64_t *ret)
{
	od_cleanup(od_freep) char *words = od_cli_words(cli);
	int r;

	*ret = hours->at_us;
	if (!words)
		return od_cli_fail(cli, -ENOMEM, NULL);
	if (!*words)
		return 0;
	r = od_when_parse(words, hours->at_us, hours->zone, ret);
	return r != 0 ? od_cli_fail(cli, r, _("\"%s\" is no time."), words) : 0;
}

static struct json_object *json_spans(const struct od_week *week, int64_t from, int64_t until)
{
	struct json_object *list = json_object_new_array();

	od_array_foreach (span, &week->spans) {
		int64_t begin = span->from_us > from ? span->from_us : from;
		int64_t end = span->until_us < until ? span->until_us : until;
		struct json_object *item;

		if (begin >= end)
			continue;
		item = json_object_new_object();
		od_json_instant(item, "from", begin);
		od_json_instant(item, "until", end);
		od_json_string(item, "kind", od_week_kind_to_string(span->kind));
		od_json_string(item, "reason", od_rule_to_string(span->reason.rule));
		(void) json_object_array_add(list, item);
	}
	return list;
}

static struct json_object *json_day(const struct od_week *week, const struct od_week_day *day)
{
	struct json_object *item = json_object_new_object();
	const struct od_zone *zone = week->hours->zone;
	int year, month, of_month;
	char text[32];

	od_day_to_civil(day->number, &year, &month, &of_month);
	(void) snprintf(text, sizeof(text), "%04d-%02d-%02d", year, month, of_month);
	od_json_string(item, "day", text);
	od_json_string(item, "holiday", day->holiday);
	od_json_int(item, "clocks-forward-minutes", day->shift);
	od_json_int(item, "on-duty-seconds", day->worked_us / OD_USEC_PER_SEC);
	(void) json_object_object_add(item, "spans",
		json_spans(week, od_zone_instant(zone, day->number, 0),
			od_zone_instant(zone, day->number + 1, 0)));
	return item;
}

static void print_json(const struct od_week *week)
{
	struct json_object *answer = json_object_new_object(), *days = json_object_new_array();

	od_json_instant(answer, "now", week->now_us);
	od_json_string(answer, "zone", od_zone_name(week->hours->zone));
	for (int day = 0; day < 7; day++)
		(void) json_object_array_add(days, json_day(week, &week->days[day]));
	(void) json_object_object_add(answer, "days", days);
	od_json_print(answer);
}

int od_cmd_week(struct od_cli *cli)
{
	od_cleanup(od_hours_done) struct od_hours hours = { 0 };
	od_cleanup(od_week_done) struct od_week week = { 0 };
	const char *svg = od_cli_flag(cli, "svg");
	int64_t at = 0;
	int r = od_hours_open(cli, &hours);

	if (r == 0)
		r = read_day(cli, &hours, &at);
	if (r != 0)
		return r;
	r = od_week_read(&hours, at, &week);
	if (r != 0)
		return od_cli_fail(cli, r, NULL);
	r = svg ? od_week_write_svg(&week, svg) : 0;
	if (r != 0)
		return od_cli_fail(cli, r, "%s: %s", svg, strerror(-r));
	if (cli->json)
		print_json(&week);
	else if (!svg)
		od_week_print(&week, od_out_columns());
	return 0;
}

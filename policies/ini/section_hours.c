/* [schedule X] and [on-call X]: when people work. */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/error.h"
#include "base/nearest.h"
#include "base/scan.h"
#include "ini/names.h"
#include "ini/sections.h"

#define HOURS (3600 * OD_USEC_PER_SEC)

/* ---- [schedule X] ------------------------------------------------------------------------------- */

static int open_schedule(
	struct od_build *build, const struct od_merged_section *section, void **ret)
{
	struct od_policy_schedule *entry = od_array_add(&build->policy->schedules);

	if (!entry)
		return -ENOMEM;
	entry->origin = section->origin;
	entry->schedule = od_schedule_new(section->label, section->origin);
	entry->law = strdup("none");
	build->before_us = build->after_us = 0;
	*ret = entry;
	return entry->schedule && entry->law ? 0 : -ENOMEM;
}

/* What the schedule said of a line, as a fault. Return: 0 or -errno. */
static int report_day(const struct od_value *value, int result, const char *expected)
{
	static const char *const days[] = { "monday", "tuesday", "wednesday", "thursday", "friday",
		"saturday", "sunday", "timezone", "cycle", "before", "after", "holidays",
		"holidays-worked", "law", "leave", "people", "groups" };

	if (result <= 0)
		return result;
	if (result == OD_E_UNKNOWN) {
		od_problem_add(value->build->problems, OD_SEVERITY_ERROR, "unknown-key",
			value->origin.file, value->origin.line, value->key_column,
			N_("[schedule] has no key \"%s\", and it is no day either (monday, "
			   "monday-friday, 12-24, 2026-12-24, day 15, monday -1 may, "
			   "week2.tuesday)"),
			value->name);
		od_problem_suggest(value->build->problems,
			od_nearest_of(value->name, days, OD_ELEMENTS(days)));
		return 0;
	}
	od_value_fault(value, 0, "bad-hours", N_("\"%s = %s\" is not understood; expected: %s"),
		value->name, value->text,
		expected ? od_problem_word(value->build->problems, expected)
			 : "08:30-12:30, 13:30-17:30");
	return 0;
}

static int set_day(const struct od_value *value, void *object)
{
	struct od_policy_schedule *entry = object;
	const char *expected = NULL;
	int r = od_schedule_add(
		entry->schedule, value->name, value->text, value->origin, &expected);

	return report_day(value, r, expected);
}

static int set_cycle(const struct od_value *value, void *object)
{
	struct od_policy_schedule *entry = object;
	const char *expected = NULL;
	int r = od_schedule_set_cycle(entry->schedule, value->text, value->origin, &expected);

	if (r <= 0)
		return r;
	od_value_fault(value, 0, "bad-cycle", N_("\"%s\" is no cycle; expected: %s"), value->text,
		expected ? od_problem_word(value->build->problems, expected)
			 : "2w from 2026-01-05");
	return 0;
}

static int set_timezone(const struct od_value *value, void *object)
{
	struct od_policy_schedule *entry = object;
	struct od_zone *zone = NULL;
	int r = 0;

	if (strcmp(value->text, "local") != 0)
		r = od_zones_find(value, &zone);
	if (zone)
		od_schedule_set_zone(entry->schedule, zone);
	return r;
}

static int set_before(const struct od_value *value, void *object)
{
	struct od_policy_schedule *entry = object;

	if (od_value_duration(value, &value->build->before_us))
		od_schedule_set_grace(
			entry->schedule, value->build->before_us, value->build->after_us);
	return 0;
}

static int set_after(const struct od_value *value, void *object)
{
	struct od_policy_schedule *entry = object;

	if (od_value_duration(value, &value->build->after_us))
		od_schedule_set_grace(
			entry->schedule, value->build->before_us, value->build->after_us);
	return 0;
}

static int set_calendar(const struct od_value *value, void *object)
{
	struct od_policy_schedule *entry = object;
	struct od_nearest nearest = { .wanted = value->text };

	if (!value->build->paths)
		return 0;
	od_array_foreach (calendar, &value->build->policy->calendars) {
		if (strcmp(od_calendar_id(*calendar), value->text) == 0)
			return od_schedule_add_calendar(entry->schedule, *calendar);
		od_nearest_offer(&nearest, od_calendar_id(*calendar));
	}
	od_value_fault(value, 0, "unknown-calendar", N_("no holiday calendar is called \"%s\""),
		value->text);
	od_problem_suggest(value->build->problems, nearest.best);
	return 0;
}

static int set_worked(const struct od_value *value, void *object)
{
	struct od_policy_schedule *entry = object;
	int r = od_schedule_add_worked(entry->schedule, value->text);

	if (r <= 0)
		return r;
	od_value_fault(value, 0, "bad-holiday",
		N_("\"%s\" is neither a day (2026-05-01, 05-01) nor the id of a holiday"),
		value->text);
	return 0;
}

/* An absolute path in which "%" stands only for the user's name, as %u. */
static int set_leave(const struct od_value *value, void *object)
{
	const char *percent = strchr(value->text, '%');

	if (*value->text && *value->text != '/') {
		od_value_fault(value, 0, "bad-path", N_("\"%s\" is no absolute path"), value->text);
		return 0;
	}
	for (; percent; percent = strchr(percent + 1, '%'))
		if (percent[1] != 'u') {
			od_value_fault(value, percent - value->text, "bad-percent",
				N_("only %%u, the name of the user, can stand in this path"));
			return 0;
		}
	return od_value_keep_text(value, object);
}

static const struct od_word laws[] = { { "eu", 0 }, { "fr", 0 }, { "mc", 0 }, { "be", 0 },
	{ "es", 0 }, { "pt", 0 }, { "it", 0 }, { "lu", 0 }, { "ie", 0 }, { "gr", 0 },
	{ "ca-on", 0 }, { "none", 0 }, { NULL, 0 } };

static void report_found(struct od_origin origin, bool fault, const char *text, void *userdata)
{
	struct od_problems *problems = userdata;

	od_problem_add(problems, fault ? OD_SEVERITY_ERROR : OD_SEVERITY_WARNING,
		fault ? "bad-schedule" : "doubtful-schedule", origin.file, origin.line, 0, "%s",
		od_problem_word(problems, text));
}

static int close_schedule(
	struct od_build *build, const struct od_merged_section *section OD_UNUSED, void *object)
{
	const struct od_policy_schedule *entry = object;

	od_schedule_check(entry->schedule, report_found, build->problems);
	return 0;
}

static const struct od_table_key schedule_keys[] = {
	{ .name = "timezone", .kind = OD_KIND_PLAIN, .usual = "local", .set = set_timezone },
	{ .name = "cycle", .kind = OD_KIND_PLAIN, .set = set_cycle },
	{ .name = "before",
		.kind = OD_KIND_DURATION,
		.most = 12 * HOURS,
		.usual = "0s",
		.set = set_before },
	{ .name = "after",
		.kind = OD_KIND_DURATION,
		.most = 12 * HOURS,
		.usual = "0s",
		.set = set_after },
	{ .name = "holidays", .kind = OD_KIND_LIST, .set = set_calendar },
	{ .name = "holidays-worked", .kind = OD_KIND_LIST, .set = set_worked },
	{ .name = "law",
		.kind = OD_KIND_PLAIN,
		.offset = offsetof(struct od_policy_schedule, law),
		.words = laws,
		.usual = "none",
		.set = od_table_set_choice },
	{ .name = "leave",
		.kind = OD_KIND_TEXT,
		.offset = offsetof(struct od_policy_schedule, leave),
		.set = set_leave },
	OD_ROW_WHO(struct od_policy_schedule),
	{ .name = "*", .kind = OD_KIND_PLAIN, .set = set_day },
};

const struct od_table_section od_section_schedule = {
	.name = "schedule",
	.labelled = true,
	.keys = schedule_keys,
	.n = OD_ELEMENTS(schedule_keys),
	.open = open_schedule,
	.close = close_schedule,
};

/* ---- [on-call X] -------------------------------------------------------------------------------- */

static int open_on_call(struct od_build *build, const struct od_merged_section *section, void **ret)
{
	struct od_on_call *on_call = od_array_add(&build->policy->on_calls);

	if (!on_call)
		return -ENOMEM;
	on_call->origin = section->origin;
	on_call->label = strdup(section->label);
	*ret = on_call;
	return on_call->label ? 0 : -ENOMEM;
}

/* "2026-11-27 18:00" in microseconds of the civil clock. */
static int scan_civil(const char **p, int64_t *ret_us)
{
	int year, month, day, minutes, r;

	od_scan_blanks(p);
	r = od_scan_date(p, &year, &month, &day);
	if (r != 0)
		return r;
	od_scan_blanks(p);
	r = od_scan_time(p, &minutes);
	if (r != 0)
		return r;
	od_scan_blanks(p);
	*ret_us = ((int64_t) od_day_from_civil(year, month, day) * 86400 + minutes * 60) *
		  OD_USEC_PER_SEC;
	return 0;
}

static int set_window(const struct od_value *value, void *object)
{
	struct od_on_call *on_call = object;
	struct od_on_call_window window = { .floating = true }, *added;
	const char *at = value->text;

	if (scan_civil(&at, &window.from_us) != 0 || !od_scan_word(&at, "/") ||
		scan_civil(&at, &window.until_us) != 0 || *at != '\0') {
		od_value_fault(value, at - value->text, "bad-window",
			N_("a window is START / END, as in 2026-11-27 18:00 / 2026-12-04 08:00"));
		return 0;
	}
	if (window.from_us >= window.until_us) {
		od_value_fault(value, 0, "empty-window", N_("this window ends before it begins"));
		return 0;
	}
	added = od_array_add(&on_call->windows);
	if (!added)
		return -ENOMEM;
	*added = window;
	return 0;
}

static const struct od_table_key on_call_keys[] = {
	OD_ROW_WHO(struct od_on_call),
	{ .name = "work",
		.kind = OD_KIND_NAMES,
		.offset = offsetof(struct od_on_call, work),
		.names = OD_NAMES_SERVICE | OD_NAMES_WORK },
	{ .name = "window", .kind = OD_KIND_PLAIN, .numbered = true, .set = set_window },
	{ .name = "feed",
		.kind = OD_KIND_TEXT,
		.offset = offsetof(struct od_on_call, feed),
		.set = set_leave },
};

const struct od_table_section od_section_on_call = {
	.name = "on-call",
	.labelled = true,
	.keys = on_call_keys,
	.n = OD_ELEMENTS(on_call_keys),
	.open = open_on_call,
};

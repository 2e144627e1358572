/*
 * The lines of a schedule as tables.
 *
 * Every kind of line has a table from a day to the number of the line, filled as lines come, so
 * that a schedule is complete after each od_schedule_add() and finding the line for a day is a few
 * look-ups.
 */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/scan.h"
#include "model/schedule_lines.h"

#define LINES_MAX     65000
#define GRACE_MAX     (86400 * OD_USEC_PER_SEC)
#define ALL_DAYS_MASK 0x7f

#define EXPECTED_LINES N_("at most 65000 lines a schedule")
#define EXPECTED_CYCLE N_("a cycle such as \"2w from 2026-01-05\": 1 to 52 weeks, from a Monday")

/* -- a schedule ---------------------------------------------------------------------------- */

struct od_schedule *od_schedule_new(const char *label, struct od_origin origin)
{
	struct od_schedule *schedule = calloc(1, sizeof(*schedule));

	if (!schedule)
		return NULL;
	schedule->origin = origin;
	schedule->label = strdup(label);
	if (!schedule->label) {
		free(schedule);
		return NULL;
	}
	return schedule;
}

void od_schedule_free(struct od_schedule *schedule)
{
	if (!schedule)
		return;
	od_zone_unref(schedule->zone);
	od_strings_done(&schedule->worked_ids);
	free(schedule->lines.items);
	free(schedule->windows.items);
	free(schedule->dates.items);
	free(schedule->calendars.items);
	free(schedule->worked_days.items);
	free(schedule->worked_month_days.items);
	free(schedule->label);
	free(schedule);
}

static int64_t grace(int64_t us)
{
	return us < 0 ? 0 : us > GRACE_MAX ? GRACE_MAX : us;
}

void od_schedule_set_grace(struct od_schedule *schedule, int64_t before_us, int64_t after_us)
{
	schedule->before_us = grace(before_us);
	schedule->after_us = grace(after_us);
}

void od_schedule_set_zone(struct od_schedule *schedule, struct od_zone *zone)
{
	od_zone_unref(schedule->zone);
	schedule->zone = od_zone_ref(zone);
}

int od_schedule_add_calendar(struct od_schedule *schedule, const struct od_calendar *calendar)
{
	const struct od_calendar **slot = od_array_add(&schedule->calendars);

	if (!slot)
		return -ENOMEM;
	*slot = calendar;
	return 0;
}

const char *od_schedule_label(const struct od_schedule *schedule)
{
	return schedule->label;
}

const struct od_zone *od_schedule_zone(const struct od_schedule *schedule)
{
	return schedule->zone;
}

int od_schedule_add_worked(struct od_schedule *schedule, const char *what)
{
	const char *p = what;
	int year, month, day;

	if (od_scan_date(&p, &year, &month, &day) == 0 && *p == '\0') {
		int32_t *slot = od_array_add(&schedule->worked_days);

		if (!slot)
			return -ENOMEM;
		*slot = od_day_from_civil(year, month, day);
		return 0;
	}
	p = what;
	if (od_scan_month_day(&p, &month, &day) == 0 && *p == '\0') {
		struct od_schedule_month_day *slot = od_array_add(&schedule->worked_month_days);

		if (!slot)
			return -ENOMEM;
		*slot = (struct od_schedule_month_day){ month, day };
		return 0;
	}
	if (*what < 'a' || *what > 'z')
		return OD_E_SYNTAX;
	return od_strings_add(&schedule->worked_ids, what, (size_t) -1);
}

int od_schedule_set_cycle(struct od_schedule *schedule, const char *value, struct od_origin origin,
	const char **reterr_expected)
{
	const char *p = value;
	int year, month, day, r;
	uint64_t weeks;

	*reterr_expected = EXPECTED_CYCLE;
	r = od_scan_unsigned(&p, OD_SCHEDULE_WEEKS_MAX, &weeks);
	if (r != 0)
		return r;
	if (!od_scan_word(&p, "w "))
		return OD_E_SYNTAX;
	od_scan_blanks(&p);
	if (!od_scan_word(&p, "from "))
		return OD_E_SYNTAX;
	od_scan_blanks(&p);
	r = od_scan_date(&p, &year, &month, &day);
	if (r != 0 || !od_scan_end(p))
		return r ? r : OD_E_SYNTAX;
	if (weeks == 0 || od_day_weekday(od_day_from_civil(year, month, day)) != 0)
		return OD_E_RANGE;
	schedule->cycle_weeks = (unsigned) weeks;
	schedule->cycle_anchor = od_day_from_civil(year, month, day);
	schedule->cycle_origin = origin;
	return 0;
}

/* -- tables -------------------------------------------------------------------------------- */

static int set_date(struct od_schedule *schedule, int32_t day, uint16_t line)
{
	size_t at = 0;

	while (at < schedule->dates.n && schedule->dates.items[at].day < day)
		at++;
	if (at == schedule->dates.n || schedule->dates.items[at].day != day) {
		if (!od_array_add(&schedule->dates))
			return -ENOMEM;
		memmove(&schedule->dates.items[at + 1], &schedule->dates.items[at],
			(schedule->dates.n - 1 - at) * sizeof(*schedule->dates.items));
	}
	schedule->dates.items[at] = (struct od_schedule_date){ day, line };
	return 0;
}

static void set_weekdays(
	struct od_schedule *schedule, const struct od_schedule_key *key, uint16_t line)
{
	uint16_t *week = schedule->weeks[key->week];
	uint8_t *single = &schedule->single[key->week];
	int days = (key->last_weekday - key->weekday + 7) % 7 + 1;

	for (int i = 0; i < days; i++) {
		int weekday = (key->weekday + i) % 7;
		uint8_t bit = (uint8_t) (1 << weekday);

		if (days > 1 && (*single & bit))
			continue;
		if (days == 1)
			*single = (*single | bit) & ALL_DAYS_MASK;
		week[weekday] = line;
	}
}

static int set_tables(
	struct od_schedule *schedule, const struct od_schedule_key *key, uint16_t line)
{
	if (key->kind != OD_SCHEDULE_DATE && key->kind != OD_SCHEDULE_WEEKDAY)
		schedule->yearly = true;
	switch (key->kind) {
	case OD_SCHEDULE_DATE:
		return set_date(schedule, key->date, line);
	case OD_SCHEDULE_MONTH_DAY:
		schedule->month_days[key->month - 1][key->day - 1] = line;
		break;
	case OD_SCHEDULE_DAY_OF_MONTH:
		schedule->days_of_month[key->day - 1] = line;
		break;
	case OD_SCHEDULE_NTH_WEEKDAY:
		schedule->nth[key->month][key->weekday][key->nth < 0 ? 0 : key->nth] = line;
		break;
	case OD_SCHEDULE_WEEKDAY:
		set_weekdays(schedule, key, line);
		break;
	}
	return 0;
}

static int add_line(struct od_schedule *schedule, const struct od_schedule_line *line,
	const struct od_schedule_window windows[])
{
	struct od_schedule_line *slot;

	for (size_t i = 0; i < line->n; i++) {
		struct od_schedule_window *window = od_array_add(&schedule->windows);

		if (!window)
			return -ENOMEM;
		*window = windows[i];
	}
	slot = od_array_add(&schedule->lines);
	if (!slot)
		return -ENOMEM;
	*slot = *line;
	return 0;
}

int od_schedule_add(struct od_schedule *schedule, const char *key, const char *value,
	struct od_origin origin, const char **reterr_expected)
{
	struct od_schedule_window windows[OD_SCHEDULE_WINDOWS_MAX];
	struct od_schedule_line line = { .origin = origin };
	struct od_schedule_key parsed = { 0 };
	size_t n;
	int r = od_schedule_scan_key(key, &parsed, reterr_expected);

	if (r != 0)
		return r;
	if (schedule->lines.n >= LINES_MAX) {
		*reterr_expected = EXPECTED_LINES;
		return OD_E_RANGE;
	}
	r = od_schedule_scan_windows(value, windows, &n, &line.overlap, reterr_expected);
	if (r != 0)
		return r;
	line.first = (uint32_t) schedule->windows.n;
	line.n = (uint32_t) n;
	r = add_line(schedule, &line, windows);
	return r == 0 ? set_tables(schedule, &parsed, (uint16_t) schedule->lines.n) : r;
}

/* -- which line speaks --------------------------------------------------------------------- */

static uint16_t date_line(const struct od_schedule *schedule, int32_t day)
{
	size_t low = 0, high = schedule->dates.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (schedule->dates.items[middle].day < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low < schedule->dates.n && schedule->dates.items[low].day == day
		       ? schedule->dates.items[low].line
		       : 0;
}

static uint16_t nth_line(
	const struct od_schedule *schedule, int year, int month, int day, int weekday)
{
	int nth = (day - 1) / 7 + 1;
	bool last = day + 7 > od_scan_month_length(year, month);

	for (int m = month;; m = 0) { /* with the month named, then any month */
		const uint16_t *row = schedule->nth[m][weekday];

		if (row[nth])
			return row[nth];
		if (last && row[0])
			return row[0];
		if (m == 0)
			return 0;
	}
}

static uint16_t yearly_line(
	const struct od_schedule *schedule, int32_t number, enum od_schedule_kind *ret_kind)
{
	int year, month, day;
	uint16_t line;

	od_day_to_civil(number, &year, &month, &day);
	*ret_kind = OD_SCHEDULE_MONTH_DAY;
	line = schedule->month_days[month - 1][day - 1];
	if (!line) {
		*ret_kind = OD_SCHEDULE_DAY_OF_MONTH;
		line = schedule->days_of_month[day - 1];
	}
	if (!line) {
		*ret_kind = OD_SCHEDULE_NTH_WEEKDAY;
		line = nth_line(schedule, year, month, day, od_day_weekday(number));
	}
	return line;
}

static uint16_t weekday_line(const struct od_schedule *schedule, int32_t day)
{
	int weekday = od_day_weekday(day);
	uint16_t line = 0;

	if (schedule->cycle_weeks) {
		int64_t weeks = ((int64_t) day - weekday - schedule->cycle_anchor) / 7;
		int64_t week = weeks % schedule->cycle_weeks;

		line = schedule->weeks[1 + (week < 0 ? week + schedule->cycle_weeks : week)]
				      [weekday];
	}
	return line ? line : schedule->weeks[0][weekday];
}

const struct od_schedule_line *od_schedule_line_for(
	const struct od_schedule *schedule, int32_t day, enum od_schedule_kind *ret_kind)
{
	uint16_t line = date_line(schedule, day);

	*ret_kind = OD_SCHEDULE_DATE;
	if (!line && schedule->yearly)
		line = yearly_line(schedule, day, ret_kind);
	if (!line) {
		*ret_kind = OD_SCHEDULE_WEEKDAY;
		line = weekday_line(schedule, day);
	}
	return line ? &schedule->lines.items[line - 1] : NULL;
}

/* -- the whole ----------------------------------------------------------------------------- */

void od_schedule_check(const struct od_schedule *schedule,
	void (*found)(struct od_origin origin, bool fault, const char *text, void *userdata),
	void *userdata)
{
	od_array_foreach (line, &schedule->lines) {
		if (line->overlap)
			found(line->origin, false, N_("windows overlap and are taken as one"),
				userdata);
	}
	for (unsigned week = 1; week <= OD_SCHEDULE_WEEKS_MAX; week++)
		for (int weekday = 0; weekday < 7; weekday++) {
			uint16_t line = schedule->weeks[week][weekday];

			if (!line || week <= schedule->cycle_weeks)
				continue;
			found(schedule->lines.items[line - 1].origin, true,
				schedule->cycle_weeks
					? N_("the cycle has fewer weeks than this line names")
					: N_("weekN.DAY needs cycle = Nw from YYYY-MM-DD"),
				userdata);
			break;
		}
}

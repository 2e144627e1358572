/*
 * On or off duty by one schedule: a pure function of the instant.
 *
 * state() says what holds at an instant and up to which instant that surely stays so; that instant
 * may lie before the real change (a midnight inside 24x7), so od_schedule_at() asks on until the
 * answer differs. Touching windows, absences that follow each other and holidays in a row thus
 * merge by themselves, and there is no list to keep in step.
 *
 * Off wins (off duty: the instant lies in an absence, its civil day is a holiday, or no window
 * covers it). A window counts with the day it starts on: where that day is a holiday or an all-day
 * absence, the whole window is gone, its hours after midnight too. Full dates and the other date
 * lines come before holidays, so they open one again; absences come before everything.
 *
 * "Never" needs a proof. Past the last day that anything names once (date lines, calendars'
 * one-offs, absences) only rules that come again are left: weekdays, within the cycle; yearly ones,
 * of which the rarest we know (29 February on a given weekday) needs 40 years where a century skips
 * its leap year. A whole such period without a change is the proof.
 *
 * Limit: a window in a civil day that the zone leaves out (Samoa, 30 December 2011) is read with the
 * offset before the gap like any other, and so falls on the next day.
 */
#include <string.h>

#include "model/schedule_lines.h"

#define MINUTE_USEC  (60 * OD_USEC_PER_SEC)
#define DAY_SECONDS  86400
#define REACH_USEC   (93600 * OD_USEC_PER_SEC) /* the largest offset of a zone */
#define YEARLY_DAYS  (41 * 366)
#define DAYS_BACK    2 /* an overnight window over a civil day the zone left out */
#define DAYS_AHEAD   2 /* grace before a window, over such a day */
#define DAYS_CACHED  8 /* a power of two, more than are alive at once */
#define FIRST_USABLE (-12219292800 * OD_USEC_PER_SEC) /* 1582-10-15: the calendar begins */
#define LAST_USABLE  (253402300800 * OD_USEC_PER_SEC) /* 10000-01-01 */

/* What is known of a civil day. */
struct day {
	int32_t number;
	bool known;
	bool holiday;
	bool gone; /* windows that start here do not count */
	enum od_schedule_kind kind;
	const struct od_schedule_line *line;
	struct od_holiday what; /* if holiday */
};

/* One evaluation: arguments, and what it found out on its way. */
struct view {
	const struct od_schedule *schedule;
	const struct od_zone *zone;
	const struct od_leave *leave;
	struct od_zone_stretch stretch; /* the last one looked at */
	struct day days[DAYS_CACHED];
	int32_t horizon;
};

/* -- time ---------------------------------------------------------------------------------- */

/* od_zone_instant(), without a search while the stretch at hand decides. */
static int64_t instant(struct view *view, int32_t day, int64_t seconds)
{
	int64_t at =
		((int64_t) day * DAY_SECONDS + seconds - view->stretch.offset) * OD_USEC_PER_SEC;
	bool after = view->stretch.from_us == INT64_MIN || at >= view->stretch.from_us + REACH_USEC;

	return after && at < view->stretch.until_us ? at
						    : od_zone_instant(view->zone, day, seconds);
}

static int32_t civil_day(struct view *view, int64_t at, int64_t *ret_end)
{
	int64_t seconds;
	int32_t day;

	if (at < view->stretch.from_us || at >= view->stretch.until_us)
		od_zone_stretch(view->zone, at, &view->stretch);
	seconds = at / OD_USEC_PER_SEC - (at % OD_USEC_PER_SEC < 0) + view->stretch.offset;
	day = (int32_t) (seconds / DAY_SECONDS - (seconds % DAY_SECONDS < 0));
	*ret_end = (((int64_t) day + 1) * DAY_SECONDS - view->stretch.offset) * OD_USEC_PER_SEC;
	if (*ret_end > view->stretch.until_us)
		*ret_end = view->stretch.until_us; /* a civil day may begin twice */
	return day;
}

/* -- days ---------------------------------------------------------------------------------- */

static bool is_worked(const struct od_schedule *schedule, int32_t number, const char *id)
{
	int year, month, day;

	od_array_foreach (worked, &schedule->worked_days) {
		if (*worked == number)
			return true;
	}
	if (schedule->worked_month_days.n) {
		od_day_to_civil(number, &year, &month, &day);
		od_array_foreach (worked, &schedule->worked_month_days) {
			if (worked->month == month && worked->day == day)
				return true;
		}
	}
	return od_strings_contains(&schedule->worked_ids, id);
}

static bool public_holiday(const struct od_schedule *schedule, int32_t day, struct od_holiday *ret)
{
	od_array_foreach (calendar, &schedule->calendars) {
		if (od_calendar_day(*calendar, day, ret) && !is_worked(schedule, day, ret->id))
			return true;
	}
	return false;
}

bool od_schedule_holiday(const struct od_schedule *schedule, int32_t day, struct od_holiday *ret)
{
	enum od_schedule_kind kind;

	(void) od_schedule_line_for(schedule, day, &kind);
	return kind == OD_SCHEDULE_WEEKDAY && public_holiday(schedule, day, ret);
}

static const struct day *look_up(struct view *view, int32_t number)
{
	struct day *day = &view->days[(uint32_t) number % DAYS_CACHED];

	if (day->known && day->number == number)
		return day;
	day->known = true;
	day->number = number;
	day->line = od_schedule_line_for(view->schedule, number, &day->kind);
	day->holiday = day->kind == OD_SCHEDULE_WEEKDAY &&
		       public_holiday(view->schedule, number, &day->what);
	day->gone = day->holiday || (view->leave && od_leave_whole_day(view->leave, number));
	return day;
}

/* -- windows ------------------------------------------------------------------------------- */

static bool bounds(struct view *view, int32_t day, const struct od_schedule_window *window,
	int64_t *ret_from, int64_t *ret_until)
{
	*ret_from = instant(view, day, window->start * 60);
	*ret_until = instant(view, day, window->end * 60);
	if (*ret_from >= *ret_until)
		return false; /* swallowed by a gap */
	*ret_from -= view->schedule->before_us;
	*ret_until += view->schedule->after_us;
	return true;
}

/* Whether windows cover @at, and how long the longest of them does. */
static bool covered(struct view *view, int32_t today, int64_t at, int64_t *ret_until,
	const struct day **ret_day)
{
	*ret_until = INT64_MIN;
	for (int32_t number = today - DAYS_BACK; number <= today + DAYS_AHEAD; number++) {
		const struct day *day = look_up(view, number);
		const struct od_schedule_window *window;
		int64_t from, until;

		if (!day->line || day->gone || day->line->n == 0)
			continue;
		window = &view->schedule->windows.items[day->line->first];
		for (uint32_t i = 0; i < day->line->n; i++, window++) {
			if (bounds(view, number, window, &from, &until) && from <= at &&
				at < until && until > *ret_until) {
				*ret_until = until;
				*ret_day = day;
			}
		}
	}
	return *ret_until > at;
}

/* The first start of a window after @at; OD_NEVER where there is none up to the horizon. */
static int64_t next_start(struct view *view, int32_t today, int64_t at)
{
	int64_t next = OD_NEVER, from, until;
	int32_t last = view->horizon;

	for (int32_t number = today - 1; number <= last; number++) {
		const struct day *day = look_up(view, number);
		const struct od_schedule_window *window;

		if (!day->line || day->gone || day->line->n == 0)
			continue;
		window = &view->schedule->windows.items[day->line->first];
		for (uint32_t i = 0; i < day->line->n; i++, window++) {
			if (bounds(view, number, window, &from, &until) && from > at && from < next)
				next = from;
		}
		if (next != OD_NEVER && last == view->horizon)
			last = number + 1; /* near a gap the order of starts may differ */
	}
	return next;
}

/* -- state --------------------------------------------------------------------------------- */

static void explain(const struct view *view, const struct day *day, struct od_reason *ret)
{
	const struct od_schedule *schedule = view->schedule;

	*ret = (struct od_reason){ .rule = OD_RULE_HOURS,
		.origin = schedule->origin,
		.label = schedule->label,
		.zone = od_zone_name(view->zone) };
	if (!day) {
		ret->rule = OD_RULE_LEAVE;
	} else if (day->holiday) {
		ret->rule = OD_RULE_HOLIDAY;
		ret->origin = day->what.origin;
		ret->detail = day->what.name;
	} else if (day->line) {
		ret->rule = day->kind == OD_SCHEDULE_WEEKDAY ? OD_RULE_HOURS : OD_RULE_DATE;
		ret->origin = day->line->origin;
	}
}

/* On or off at @at; it stays so at least until *@ret_until. */
static bool state(struct view *view, int64_t at, int64_t *ret_until, struct od_reason *ret_reason)
{
	int64_t leave_change = OD_NEVER, day_end;
	const struct day *day = NULL, *today;
	bool away, on = false;
	int32_t number;

	away = view->leave && od_leave_at(view->leave, view->zone, at, &leave_change);
	number = civil_day(view, at, &day_end);
	today = look_up(view, number);
	if (away) {
		*ret_until = leave_change;
	} else if (today->holiday) {
		*ret_until = day_end;
		day = today;
	} else if (covered(view, number, at, ret_until, &day)) {
		on = true;
		if (leave_change < *ret_until)
			*ret_until = leave_change;
		if (view->schedule->calendars.n && day_end < *ret_until)
			*ret_until = day_end;
	} else {
		*ret_until = next_start(view, number, at);
		day = look_up(view, number);
	}
	if (ret_reason)
		explain(view, day, ret_reason);
	return on;
}

static int32_t horizon(struct view *view, int64_t at)
{
	const struct od_schedule *schedule = view->schedule;
	int64_t end;
	int32_t last = civil_day(view, at, &end);
	bool yearly = schedule->yearly || schedule->calendars.n;

	if (schedule->dates.n && schedule->dates.items[schedule->dates.n - 1].day > last)
		last = schedule->dates.items[schedule->dates.n - 1].day;
	od_array_foreach (calendar, &schedule->calendars) {
		if (od_calendar_last_day(*calendar) > last)
			last = od_calendar_last_day(*calendar);
	}
	if (view->leave && od_leave_last_day(view->leave) > last)
		last = od_leave_last_day(view->leave);
	return last + (yearly ? YEARLY_DAYS : 7 * ((int32_t) schedule->cycle_weeks + 2));
}

void od_schedule_at(const struct od_schedule *schedule, const struct od_zone *local,
	const struct od_leave *leave, int64_t at_us, struct od_span *ret)
{
	struct view view = { .schedule = schedule, .leave = leave, .stretch = { 1, 0, 0 } };
	int64_t limit, next;

	view.zone = schedule->zone ? schedule->zone : local ? local : od_zone_utc();
	*ret = (struct od_span){ .until_us = OD_NEVER };
	explain(&view, &(struct day){ 0 }, &ret->reason);
	if (at_us < FIRST_USABLE || at_us >= LAST_USABLE)
		return;
	view.horizon = horizon(&view, at_us);
	limit = od_zone_instant(view.zone, view.horizon, 0);
	ret->on = state(&view, at_us, &ret->until_us, &ret->reason);
	if (schedule->windows.n == 0)
		ret->until_us = OD_NEVER;
	while (ret->until_us < limit && state(&view, ret->until_us, &next, NULL) == ret->on)
		ret->until_us = next;
	if (ret->until_us >= limit)
		ret->until_us = OD_NEVER;
}

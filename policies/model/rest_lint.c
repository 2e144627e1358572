/*
 * Lint of hours, on the civil clock.
 *
 * Days are laid out one after the other as minutes (windows with their grace, joined), either one
 * cycle of weekday lines three times over, of which the middle is looked at, or the days around a
 * full date. From the start of each working day there must be, within 24 hours, the beginning of a
 * pause as long as the daily rest; in each week that of one as long as the weekly rest (C-306/16:
 * anywhere in it). Short breaks need no special case: they are just not the longest pause.
 */
#include "model/rest_lint.h"

#include "model/schedule_lines.h"

#define DAY_MINUTES  1440
#define MINUTE_USEC  (60 * OD_USEC_PER_SEC)
#define YEARS        12
#define YEAR_USEC    ((int64_t) 366 * 86400 * OD_USEC_PER_SEC)
#define SPANS_MAX    (3 * OD_SCHEDULE_WEEKS_MAX * 7 * OD_SCHEDULE_WINDOWS_MAX)
#define AROUND_DATE  3 /* days on each side */
#define REPORTED_MAX 64

struct span {
	int start, end; /* minutes since the first day laid out */
	const struct od_schedule_line *line;
};

struct lint {
	const struct od_schedule *schedule;
	const struct od_rest_law *law;
	int64_t from_us;
	od_rest_found_fn found;
	void *userdata;

	OD_ARRAY(struct span) spans; /* of the layout at hand, joined */
	int32_t first_day;           /* of it; OD_REST_ANY_DAY: a cycle of weekdays */
	unsigned weeks;              /* in a cycle */
	int reported[REPORTED_MAX];  /* starts of pauses already told, of this layout */
	size_t n_reported;
};

/* -- layout -------------------------------------------------------------------------------- */

static bool add(struct lint *lint, int start, int end, const struct od_schedule_line *line)
{
	struct span *last = lint->spans.n ? &lint->spans.items[lint->spans.n - 1] : NULL;

	if (last && start <= last->end) {
		if (end > last->end) {
			last->end = end;
			last->line = line;
		}
		return true;
	}
	last = lint->spans.n < SPANS_MAX ? od_array_add(&lint->spans) : NULL;
	if (last)
		*last = (struct span){ start, end, line };
	return last != NULL;
}

static bool lay_out_day(struct lint *lint, int day, const struct od_schedule_line *line)
{
	const struct od_schedule *schedule = lint->schedule;
	int before = (int) (schedule->before_us / MINUTE_USEC);
	int after = (int) (schedule->after_us / MINUTE_USEC);

	for (uint32_t i = 0; line && i < line->n; i++) {
		const struct od_schedule_window *window = &schedule->windows.items[line->first + i];

		if (!add(lint, day * DAY_MINUTES + window->start - before,
			    day * DAY_MINUTES + window->end + after, line))
			return false;
	}
	return true;
}

static const struct od_schedule_line *weekday_line(
	const struct od_schedule *schedule, unsigned week, unsigned weekday)
{
	uint16_t line = schedule->cycle_weeks ? schedule->weeks[1 + week][weekday] : 0;

	if (!line)
		line = schedule->weeks[0][weekday];
	return line ? &schedule->lines.items[line - 1] : NULL;
}

static bool lay_out_cycle(struct lint *lint)
{
	bool good = true;

	lint->first_day = OD_REST_ANY_DAY;
	lint->weeks = lint->schedule->cycle_weeks ? lint->schedule->cycle_weeks : 1;
	lint->spans.n = 0;
	for (unsigned day = 0; good && day < 3 * 7 * lint->weeks; day++)
		good = lay_out_day(lint, (int) day,
			weekday_line(lint->schedule, day / 7 % lint->weeks, day % 7));
	return good;
}

static bool lay_out_dates(struct lint *lint, int32_t date)
{
	enum od_schedule_kind kind;
	struct od_holiday holiday;
	bool good = true;

	lint->first_day = date - AROUND_DATE;
	lint->spans.n = 0;
	for (int day = 0; good && day <= 2 * AROUND_DATE; day++) {
		const struct od_schedule_line *line =
			od_schedule_line_for(lint->schedule, lint->first_day + day, &kind);

		if (!od_schedule_holiday(lint->schedule, lint->first_day + day, &holiday))
			good = lay_out_day(lint, day, line);
	}
	return good;
}

/* -- pauses -------------------------------------------------------------------------------- */

static struct od_rest_moment moment(const struct lint *lint, int minute)
{
	int day = minute / DAY_MINUTES - (minute % DAY_MINUTES < 0);
	int32_t date = lint->first_day == OD_REST_ANY_DAY ? OD_REST_ANY_DAY : lint->first_day + day;

	return (struct od_rest_moment){ .day = date,
		.weekday = date == OD_REST_ANY_DAY ? ((day % 7) + 7) % 7 : od_day_weekday(date),
		.minute = minute - day * DAY_MINUTES };
}

static bool told(struct lint *lint, int minute)
{
	for (size_t i = 0; i < lint->n_reported; i++)
		if (lint->reported[i] == minute)
			return true;
	if (lint->n_reported < REPORTED_MAX)
		lint->reported[lint->n_reported++] = minute;
	return false;
}

/* The longest pause that begins in [from, until): index of the span before it; -1: none. */
static long longest_pause(const struct lint *lint, int from, int until, int *ret_minutes)
{
	long best = -1;

	*ret_minutes = 0;
	for (size_t i = 0; i + 1 < lint->spans.n; i++) {
		int length = lint->spans.items[i + 1].start - lint->spans.items[i].end;

		if (lint->spans.items[i].end >= from && lint->spans.items[i].end < until &&
			length > *ret_minutes) {
			*ret_minutes = length;
			best = (long) i;
		}
	}
	return best;
}

static void tell_pause(
	struct lint *lint, enum od_rest_fault fault, long span, int minutes, int asked)
{
	const struct span *before = &lint->spans.items[span];
	struct od_rest_finding finding = {
		.fault = fault,
		.origin = before->line->origin,
		.from = moment(lint, before->end),
		.until = moment(lint, before[1].start),
		.minutes = minutes,
		.asked_hours = asked,
		.week = lint->first_day == OD_REST_ANY_DAY && lint->weeks > 1
				? (unsigned) (before->end / DAY_MINUTES / 7) % lint->weeks + 1
				: 0,
		.law = lint->law,
	};

	lint->found(&finding, lint->userdata);
}

/* Day by day in [from, until): each one's first start, and the longest pause of the 24 hours after. */
static void daily(struct lint *lint, int from, int until)
{
	for (size_t i = 0; i < lint->spans.n; i++) {
		const struct span *span = &lint->spans.items[i];
		int minutes, asked = lint->law->daily_hours * 60;
		long pause;

		if (span->start < from || span->start >= until)
			continue;
		pause = longest_pause(lint, span->start, span->start + DAY_MINUTES, &minutes);
		if (pause >= 0 && minutes < asked && !told(lint, lint->spans.items[pause].end))
			tell_pause(
				lint, OD_REST_FAULT_DAILY, pause, minutes, lint->law->daily_hours);
	}
}

/* Whether a pause that began before @from reaches @asked minutes into what follows. */
static bool rests_from(const struct lint *lint, int from, int asked)
{
	for (size_t i = 0; i + 1 < lint->spans.n; i++)
		if (lint->spans.items[i].end < from &&
			lint->spans.items[i + 1].start >= from + asked)
			return true;
	return false;
}

static void weekly(struct lint *lint)
{
	int week_minutes = 7 * DAY_MINUTES, asked = lint->law->weekly_hours * 60;

	for (unsigned week = lint->weeks; week < 2 * lint->weeks; week++) {
		int from = (int) week * week_minutes, minutes;
		long pause = longest_pause(lint, from, from + week_minutes, &minutes);

		if (pause >= 0 && minutes < asked && !rests_from(lint, from, asked))
			tell_pause(lint, OD_REST_FAULT_WEEKLY, pause, minutes,
				lint->law->weekly_hours);
	}
}

static void check_cycle(struct lint *lint)
{
	int cycle;

	if (!lay_out_cycle(lint) || lint->spans.n == 0)
		return; /* too much of it, or no memory: a lint is no promise */
	cycle = (int) lint->weeks * 7 * DAY_MINUTES;
	if (lint->spans.n == 1) {
		const struct od_rest_finding finding = { .fault = OD_REST_FAULT_NONE,
			.origin = lint->spans.items[0].line->origin,
			.asked_hours = lint->law->daily_hours,
			.law = lint->law };

		lint->found(&finding, lint->userdata);
		return;
	}
	lint->n_reported = 0;
	daily(lint, cycle, 2 * cycle);
	weekly(lint);
}

static void check_dates(struct lint *lint)
{
	int32_t last = OD_REST_ANY_DAY;

	od_array_foreach (date, &lint->schedule->dates) {
		if (date->day <= last + 1 || !lay_out_dates(lint, date->day))
			continue; /* looked at with the one before */
		last = date->day;
		lint->n_reported = 0;
		daily(lint, (AROUND_DATE - 1) * DAY_MINUTES, (AROUND_DATE + 1) * DAY_MINUTES);
	}
}

/* -- breaks and nights --------------------------------------------------------------------- */

static void check_grace(struct lint *lint)
{
	const struct od_schedule *schedule = lint->schedule;
	int grace = (int) ((schedule->before_us + schedule->after_us) / MINUTE_USEC);

	od_array_foreach (line, &schedule->lines) {
		for (uint32_t i = 0; i + 1 < line->n; i++) {
			const struct od_schedule_window *window =
				&schedule->windows.items[line->first + i];
			int pause = window[1].start - window->end;
			const struct od_rest_finding finding = {
				.fault = OD_REST_FAULT_GRACE,
				.origin = line->origin,
				.from = { OD_REST_ANY_DAY, 0, window->end },
				.until = { OD_REST_ANY_DAY, 0, window[1].start },
				.minutes = pause,
			};

			if (pause > 0 && pause <= grace)
				lint->found(&finding, lint->userdata);
		}
	}
}

/* Windows of the civil day on which the clocks go forward, and of the one before. */
static void check_night(struct lint *lint, int32_t day)
{
	const struct od_schedule *schedule = lint->schedule;
	enum od_schedule_kind kind;

	for (int32_t number = day - 1; number <= day; number++) {
		const struct od_schedule_line *line = od_schedule_line_for(schedule, number, &kind);

		for (uint32_t i = 0; line && i < line->n; i++) {
			const struct od_schedule_window *window =
				&schedule->windows.items[line->first + i];
			struct od_rest_finding finding = { .fault = OD_REST_FAULT_GAP,
				.origin = line->origin,
				.from = { number, od_day_weekday(number), window->start },
				.until = { number, od_day_weekday(number), window->end },
				.minutes = window->end - window->start,
				.zone = od_zone_name(schedule->zone) };

			if (od_zone_instant(schedule->zone, number, window->start * 60) <
				od_zone_instant(schedule->zone, number, window->end * 60))
				continue;
			if (told(lint, (int) line->first + (int) i))
				continue; /* of many such nights the first */
			lint->found(&finding, lint->userdata);
		}
	}
}

static void check_nights(struct lint *lint)
{
	struct od_zone_stretch stretch;
	int64_t at = lint->from_us, end;

	if (!lint->schedule->zone || __builtin_add_overflow(at, YEARS * YEAR_USEC, &end))
		return;
	lint->n_reported = 0;
	for (od_zone_stretch(lint->schedule->zone, at, &stretch); stretch.until_us < end;) {
		int32_t before = stretch.offset, day, seconds;

		at = stretch.until_us;
		od_zone_stretch(lint->schedule->zone, at, &stretch);
		if (stretch.offset <= before)
			continue;
		od_zone_civil(lint->schedule->zone, at - 1, &day, &seconds);
		check_night(lint, day);
		od_zone_civil(lint->schedule->zone, at, &day, &seconds);
		check_night(lint, day);
	}
}

void od_rest_lint(const struct od_schedule *schedule, const struct od_rest_law *law,
	int64_t from_us, od_rest_found_fn found, void *userdata)
{
	struct lint lint = { .schedule = schedule,
		.law = law,
		.from_us = from_us,
		.found = found,
		.userdata = userdata };

	if (law) {
		check_cycle(&lint);
		check_dates(&lint);
	}
	check_grace(&lint);
	check_nights(&lint);
	free(lint.spans.items);
}

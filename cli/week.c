/*
 * Spans first, by asking for one change after the other over the week; then each cell is what holds
 * in its middle. A civil quarter of an hour that the clocks leave out has no instant; of one that
 * comes twice the first is shown, and a note says so.
 */
#include "week.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/translate.h"
#include "when.h"

#define MINUTE    (60 * OD_USEC_PER_SEC)
#define SPANS_MAX 4000

static const struct {
	const char *name, *text;
} kinds[OD_WEEK_KINDS] = {
	[OD_WEEK_ON] = { "on", N_("on duty") },
	[OD_WEEK_OFF] = { "off", N_("off duty") },
	[OD_WEEK_HOLIDAY] = { "holiday", N_("public holiday") },
	[OD_WEEK_LEAVE] = { "leave", N_("leave") },
	[OD_WEEK_ON_CALL] = { "on-call", N_("on call") },
	[OD_WEEK_LIFT] = { "lift", N_("lifted by choice") },
	[OD_WEEK_REST] = { "rest", N_("rest by choice") },
	[OD_WEEK_NO_TIME] = { "none", N_("left out by the clocks") },
};

const char *od_week_kind_to_string(enum od_week_kind kind)
{
	return kinds[kind].name;
}

const char *od_week_kind_text(enum od_week_kind kind)
{
	return _(kinds[kind].text);
}

static enum od_week_kind kind_of(const struct od_duty *duty)
{
	if (duty->reason.rule == OD_RULE_LIFT)
		return OD_WEEK_LIFT;
	if (duty->reason.rule == OD_RULE_REST)
		return OD_WEEK_REST;
	if (duty->on)
		return OD_WEEK_ON;
	if (duty->on_call)
		return OD_WEEK_ON_CALL;
	return duty->reason.rule == OD_RULE_LEAVE     ? OD_WEEK_LEAVE
	       : duty->reason.rule == OD_RULE_HOLIDAY ? OD_WEEK_HOLIDAY
						      : OD_WEEK_OFF;
}

/* -- spans --------------------------------------------------------------------------------- */

static int64_t midnight(const struct od_week *week, int day)
{
	return od_zone_instant(week->hours->zone, week->days[0].number + day, 0);
}

static bool same_reason(const struct od_reason *a, const struct od_reason *b)
{
	return a->rule == b->rule && a->origin.file == b->origin.file &&
	       a->origin.line == b->origin.line;
}

static int add_span(struct od_week *week, const struct od_week_span *span)
{
	struct od_week_span *last = week->spans.n ? &week->spans.items[week->spans.n - 1] : NULL;

	if (last && last->kind == span->kind && same_reason(&last->reason, &span->reason)) {
		last->until_us = span->until_us;
		return 0;
	}
	last = od_array_add(&week->spans);
	if (!last)
		return -ENOMEM;
	*last = *span;
	return 0;
}

/* Duty says when on and off change; what it is off for may change at any midnight, and with leave. */
static int64_t reason_until(
	const struct od_week *week, int64_t at, int64_t until, const struct od_duty *duty)
{
	const struct od_duty_input *input = &week->hours->input;
	int64_t change;

	for (int day = 1; day <= 7; day++)
		if (midnight(week, day) > at && midnight(week, day) < until)
			until = midnight(week, day);
	if (!duty->on && input->leave) {
		(void) od_leave_at(input->leave, week->hours->zone, at, &change);
		if (change < until)
			until = change;
	}
	return until;
}

static int read_spans(struct od_week *week)
{
	int64_t at = midnight(week, 0), end = midnight(week, 7);
	int r = 0;

	for (int i = 0; r == 0 && at < end && i < SPANS_MAX; i++) {
		struct od_week_span span = { .from_us = at };
		struct od_duty duty;

		od_duty_at(&week->hours->input, at, &duty);
		span.until_us = duty.until_us < end ? duty.until_us : end;
		span.until_us = reason_until(week, at, span.until_us, &duty);
		span.kind = kind_of(&duty);
		span.reason = duty.reason;
		r = add_span(week, &span);
		at = span.until_us;
	}
	return r;
}

/* -- days ---------------------------------------------------------------------------------- */

static enum od_week_kind kind_at(const struct od_week *week, int64_t at)
{
	od_array_foreach (span, &week->spans)
		if (at < span->until_us)
			return span->kind;
	return OD_WEEK_OFF;
}

static void read_cells(const struct od_week *week, struct od_week_day *day)
{
	for (int i = 0; i < OD_WEEK_CELLS; i++) {
		int64_t seconds = (i * OD_WEEK_CELL) * 60 + OD_WEEK_CELL * 30;
		int64_t at = od_zone_instant(week->hours->zone, day->number, seconds);
		int32_t number, found;

		od_zone_civil(week->hours->zone, at, &number, &found);
		day->cells[i] = number == day->number && found == seconds ? kind_at(week, at)
									  : OD_WEEK_NO_TIME;
	}
}

/* The change of the clocks between its two midnights. */
static void read_shift(const struct od_zone *zone, struct od_week_day *day)
{
	int64_t from = od_zone_instant(zone, day->number, 0);
	int64_t until = od_zone_instant(zone, day->number + 1, 0);
	struct od_zone_stretch before, after;

	od_zone_stretch(zone, from, &before);
	if (before.until_us >= until)
		return;
	od_zone_stretch(zone, before.until_us, &after);
	day->shift = (after.offset - before.offset) / 60;
	day->shift_at = (int) ((before.until_us - from) / MINUTE); /* on the clock before it */
}

/* The first schedule of this person whose calendars know the day. */
static const char *holiday_of(const struct od_hours *hours, int32_t day)
{
	struct od_holiday holiday;

	od_array_foreach (schedule, &hours->input.policy->schedules)
		if (od_who_rank(&schedule->who, hours->input.person) != OD_RANK_NONE &&
			od_schedule_holiday(schedule->schedule, day, &holiday))
			return holiday.name;
	return NULL;
}

static int64_t worked(const struct od_week *week, int day)
{
	int64_t from = midnight(week, day), until = midnight(week, day + 1), sum = 0;

	od_array_foreach (span, &week->spans) {
		int64_t begin = span->from_us > from ? span->from_us : from;
		int64_t end = span->until_us < until ? span->until_us : until;

		if (span->kind == OD_WEEK_ON && begin < end)
			sum += end - begin;
	}
	return sum;
}

int od_week_read(const struct od_hours *hours, int64_t at_us, struct od_week *ret)
{
	int32_t number, seconds;
	int r;

	*ret = (struct od_week){ .hours = hours, .now_us = hours->at_us };
	od_zone_civil(hours->zone, at_us, &number, &seconds);
	number -= od_day_weekday(number);
	for (int day = 0; day < 7; day++)
		ret->days[day].number = number + day;
	r = read_spans(ret);
	for (int day = 0; r == 0 && day < 7; day++) {
		read_cells(ret, &ret->days[day]);
		read_shift(hours->zone, &ret->days[day]);
		ret->days[day].holiday = holiday_of(hours, ret->days[day].number);
		ret->days[day].worked_us = worked(ret, day);
	}
	return r;
}

void od_week_done(struct od_week *week)
{
	free(week->spans.items);
	*week = (struct od_week){ 0 };
}

/* -- words --------------------------------------------------------------------------------- */

void od_week_day_label(const struct od_week_day *day, char text[32])
{
	int year, month, of_month;

	od_day_to_civil(day->number, &year, &month, &of_month);
	(void) snprintf(
		text, 32, "%s %2d", od_when_weekday_short(od_day_weekday(day->number)), of_month);
}

void od_week_title(const struct od_week *week, char *text, size_t size)
{
	int year, month, day, last_year, last_month, last_day;

	od_day_to_civil(week->days[0].number, &year, &month, &day);
	od_day_to_civil(week->days[6].number, &last_year, &last_month, &last_day);
	/* two days (2026-11-23), a time zone */
	(void) snprintf(text, size, _("%1$04d-%2$02d-%3$02d to %4$04d-%5$02d-%6$02d (%7$s)"), year,
		month, day, last_year, last_month, last_day,
		strcmp(od_zone_name(week->hours->zone), "local") == 0
			? od_zone_abbreviation(week->hours->zone, week->now_us)
			: od_zone_name(week->hours->zone));
}

static void shift_note(const struct od_week_day *day, const char *label, char *text, size_t size)
{
	int at = day->shift_at;

	if (day->shift > 0)
		/* "Sun 29", then two times of the clock: hours, minutes */
		(void) snprintf(text, size,
			_("%1$s: the clocks go forward from %2$02d:%3$02d to %4$02d:%5$02d"), label,
			at / 60, at % 60, (at + day->shift) / 60 % 24, (at + day->shift) % 60);
	else
		/* "Sun 25", then two times of the clock: hours, minutes */
		(void) snprintf(text, size,
			_("%1$s: the clocks go back; %2$02d:%3$02d to %4$02d:%5$02d comes twice"),
			label, (at + day->shift) / 60, (at + day->shift) % 60, at / 60 % 24,
			at % 60);
}

bool od_week_note(const struct od_week *week, unsigned n, char *text, size_t size)
{
	char label[32], length[32];
	int64_t sum = 0;

	for (int i = 0; i < 7; i++) {
		const struct od_week_day *day = &week->days[i];

		sum += day->worked_us;
		od_week_day_label(day, label);
		if (day->holiday && n-- == 0) {
			(void) snprintf(text, size, "%s: %s", label, day->holiday);
			return true;
		}
		if (day->shift && n-- == 0) {
			shift_note(day, label, text, size);
			return true;
		}
	}
	if (n > 0)
		return false;
	/* "39 h" */
	(void) snprintf(text, size, _("%s on duty"), od_hours_length(sum, length));
	return true;
}

bool od_week_now(const struct od_week *week, int *ret_day, int *ret_minute)
{
	int32_t number, seconds;

	od_zone_civil(week->hours->zone, week->now_us, &number, &seconds);
	*ret_day = number - week->days[0].number;
	*ret_minute = seconds / 60;
	return *ret_day >= 0 && *ret_day < 7;
}

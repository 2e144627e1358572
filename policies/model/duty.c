/*
 * Duty of a person: schedules joined, on-call beside them, the employee's choice on top.
 *
 * Like a schedule, it is asked step by step: duty_at() says what holds and up to when that surely stays
 * so, and od_duty_at() goes on until .on or .on_call differs. That loop ends at LOOK_AHEAD: whoever
 * is off duty (or on) for so long because two schedules of one rank never agree is told "never".
 *
 * The employee's rest ends on-call too (.on_call is NULL while it lasts); their lift leaves it.
 */
#include "model/duty.h"

#include <string.h>

#include "base/array.h"
#include "model/policy.h"
#include "model/zone.h"

#define LOOK_AHEAD    (800 * 86400 * OD_USEC_PER_SEC)
#define CLOCK_TRUSTED (1577836800 * OD_USEC_PER_SEC) /* 2020: before it was set, it says 1970 */

static const char *const choices[] = {
	[OD_CHOICE_NONE] = "none",
	[OD_CHOICE_LIFT] = "lift",
	[OD_CHOICE_REST] = "rest",
};

const char *od_choice_to_string(enum od_choice_kind kind)
{
	return choices[kind];
}

bool od_choice_from_string(const char *text, enum od_choice_kind *ret)
{
	for (size_t i = 0; i < OD_ELEMENTS(choices); i++)
		if (strcmp(choices[i], text) == 0) {
			*ret = (enum od_choice_kind) i;
			return true;
		}
	return false;
}

static enum od_rank highest_rank(const struct od_duty_input *input)
{
	enum od_rank highest = OD_RANK_NONE;

	od_array_foreach (schedule, &input->policy->schedules) {
		enum od_rank rank = od_who_rank(&schedule->who, input->person);

		if (rank > highest)
			highest = rank;
	}
	return highest;
}

/*
 * A clock that was never set makes nobody quiet. Else all schedules of @rank must say on. While one says off it decides up to its own end, so of several
 * the one that lasts longest gives the reason.
 */
static void scheduled(
	const struct od_duty_input *input, enum od_rank rank, int64_t at, struct od_span *ret)
{
	bool any = false;

	*ret = (struct od_span){ true, OD_NEVER, { .rule = OD_RULE_NO_SCHEDULE } };
	if (rank == OD_RANK_NONE)
		return;
	if (at < CLOCK_TRUSTED) {
		ret->until_us = CLOCK_TRUSTED;
		ret->reason.rule = OD_RULE_CLOCK;
		return;
	}
	od_array_foreach (schedule, &input->policy->schedules) {
		struct od_span span;

		if (od_who_rank(&schedule->who, input->person) != rank)
			continue;
		od_schedule_at(schedule->schedule, input->local, input->leave, at, &span);
		if (!any || (ret->on && !span.on) ||
			(ret->on == span.on && (span.on ? span.until_us < ret->until_us
							: span.until_us > ret->until_us)))
			*ret = span;
		any = true;
	}
}

/* -- on-call ------------------------------------------------------------------------------- */

static const struct od_zone *civil_zone(const struct od_duty_input *input, enum od_rank rank)
{
	const struct od_zone *zone = NULL;

	od_array_foreach (schedule, &input->policy->schedules) {
		if (!zone && rank != OD_RANK_NONE &&
			od_who_rank(&schedule->who, input->person) == rank)
			zone = od_schedule_zone(schedule->schedule);
	}
	return zone ? zone : input->local ? input->local : od_zone_utc();
}

static int64_t window_instant(const struct od_zone *zone, int64_t us, bool floating)
{
	int64_t day_usec = 86400 * OD_USEC_PER_SEC;
	int64_t day = us / day_usec - (us % day_usec < 0);

	if (!floating)
		return us;
	return od_zone_instant(zone, (int32_t) day, (us - day * day_usec) / OD_USEC_PER_SEC);
}

static bool in_window(
	const struct od_on_call *entry, const struct od_zone *zone, int64_t at, int64_t *change)
{
	bool in = false;

	od_array_foreach (window, &entry->windows) {
		int64_t from = window_instant(zone, window->from_us, window->floating);
		int64_t until = window_instant(zone, window->until_us, window->floating);

		if (from >= until)
			continue;
		if (from <= at && at < until)
			in = true;
		if (from > at && from < *change)
			*change = from;
		if (until > at && until < *change)
			*change = until;
	}
	return in;
}

static bool in_turn(const struct od_duty_input *input, const struct od_on_call *entry,
	const struct od_zone *zone, int64_t at, int64_t *change)
{
	bool in = false;

	for (size_t i = 0; entry->feed && i < input->n_turns; i++) {
		int64_t next;

		if (strcmp(input->turns[i].feed, entry->feed) != 0)
			continue;
		if (od_leave_at(input->turns[i].list, zone, at, &next))
			in = true;
		if (next < *change)
			*change = next;
	}
	return in;
}

/* The entry in force; *@change comes down to the next instant at which that may differ. */
static const struct od_on_call *on_call_at(
	const struct od_duty_input *input, const struct od_zone *zone, int64_t at, int64_t *change)
{
	const struct od_on_call *found = NULL;

	od_array_foreach (entry, &input->policy->on_calls) {
		bool window, turn;

		if (od_who_rank(&entry->who, input->person) == OD_RANK_NONE)
			continue;
		window = in_window(entry, zone, at, change);
		turn = in_turn(input, entry, zone, at, change);
		if (!found && (window || turn))
			found = entry;
	}
	return found;
}

/* -- all of it ----------------------------------------------------------------------------- */

static void apply_choice(const struct od_duty_input *input, int64_t at, struct od_duty *duty)
{
	const struct od_choice *choice = &input->choice;

	if (choice->kind == OD_CHOICE_NONE || at >= choice->until_us)
		return;
	if (choice->kind == OD_CHOICE_LIFT && !(input->policy->may & OD_MAY_LIFT))
		return;
	if (choice->until_us < duty->until_us)
		duty->until_us = choice->until_us;
	if (choice->kind == OD_CHOICE_REST) {
		duty->on = false;
		duty->on_call = NULL;
		duty->reason.rule = OD_RULE_REST;
	} else if (!duty->on) {
		duty->on = true;
		duty->reason.rule = OD_RULE_LIFT;
	} else {
		return;
	}
	duty->reason = (struct od_reason){ .rule = duty->reason.rule, .zone = duty->reason.zone };
}

/* What holds at @instant, surely up to ret->until_us. */
static void duty_at(
	const struct od_duty_input *input, enum od_rank rank, int64_t instant, struct od_duty *ret)
{
	struct od_span span;

	scheduled(input, rank, instant, &span);
	*ret = (struct od_duty){ .on = span.on,
		.until_us = span.until_us,
		.reason = span.reason,
		.scheduled_on = span.on };
	ret->on_call = on_call_at(input, civil_zone(input, rank), instant, &ret->until_us);
	apply_choice(input, instant, ret);
}

void od_duty_at(const struct od_duty_input *input, int64_t at_us, struct od_duty *ret)
{
	enum od_rank rank = highest_rank(input);
	int64_t limit;

	if (__builtin_add_overflow(at_us, LOOK_AHEAD, &limit))
		limit = OD_NEVER;
	duty_at(input, rank, at_us, ret);
	while (ret->until_us != OD_NEVER) {
		struct od_duty next;

		duty_at(input, rank, ret->until_us, &next);
		if (next.on != ret->on || next.on_call != ret->on_call)
			return;
		ret->until_us = ret->until_us < limit ? next.until_us : OD_NEVER;
	}
}

void od_duty_state(const struct od_duty_input *input, int64_t at_us, struct od_duty *ret)
{
	struct od_duty next;
	int64_t limit;

	if (__builtin_add_overflow(at_us, LOOK_AHEAD, &limit))
		limit = OD_NEVER;
	od_duty_at(input, at_us, ret);
	while (ret->until_us != OD_NEVER) {
		od_duty_at(input, ret->until_us, &next);
		if (next.on != ret->on)
			return;
		ret->until_us = ret->until_us < limit ? next.until_us : OD_NEVER;
	}
}

const struct od_zone *od_duty_zone(const struct od_duty_input *input)
{
	return civil_zone(input, highest_rank(input));
}

/*
 * Rest taken, asked from duty like everything else: nothing is remembered but the end of an
 * intervention, and that only because the employee said so.
 *
 * The end of duty lies in the past, and od_duty_at() looks ahead; so it is asked from further and
 * further back until duty is met. Spans of rest around it tell the weekly one from the daily ones.
 */
#include "model/rest.h"

#include <string.h>

#include "base/array.h"
#include "model/policy.h"

#define HOUR      (3600 * OD_USEC_PER_SEC)
#define DAY       (24 * HOUR)
#define LOOK_BACK (64 * DAY)
#define AROUND    (6 * DAY)
#define STEPS_MAX 4000

/*
 * Daily: directive 2003/88/EC art. 3; FR Code du travail L3131-1; MC ten hours between two working
 * days; BE loi du 16 mars 1971 art. 38ter; ES Estatuto de los Trabajadores art. 34.3; PT Código do
 * Trabalho art. 214; IT d.lgs. 66/2003 art. 7; LU and IE (Organisation of Working Time Act 1997
 * s. 11) as the directive; GR PD 88/1999 as amended; Ontario ESA 2000 s. 18(1).
 *
 * Weekly: directive art. 5 (24 h and the daily 11 h before them, C-477/21); FR L3132-2; MC loi 822
 * art. 1 (a full day); BE as the directive; ES art. 37.1 (a day and a half); PT art. 232 with 233
 * (the 11 h are added); IT art. 9; LU L231-11; IE s. 13; GR PD 88/1999 art. 5; Ontario s. 18(4).
 */
static const struct od_rest_law laws[] = {
	{ "eu", 11, 35 },
	{ "fr", 11, 35 },
	{ "mc", 10, 24 },
	{ "be", 11, 35 },
	{ "es", 12, 36 },
	{ "pt", 11, 35 },
	{ "it", 11, 35 },
	{ "lu", 11, 44 },
	{ "ie", 11, 35 },
	{ "gr", 11, 24 },
	{ "ca-on", 11, 24 },
};

const struct od_rest_law *od_rest_law(const char *id)
{
	for (size_t i = 0; id && i < OD_ELEMENTS(laws); i++)
		if (strcmp(laws[i].id, id) == 0)
			return &laws[i];
	return NULL;
}

/* The strictest of the schedules that decide for this person. */
static const struct od_rest_law *law_of(const struct od_duty_input *input)
{
	const struct od_rest_law *found = NULL;
	enum od_rank highest = OD_RANK_NONE;

	od_array_foreach (schedule, &input->policy->schedules) {
		enum od_rank rank = od_who_rank(&schedule->who, input->person);
		const struct od_rest_law *law = od_rest_law(schedule->law);

		if (rank == OD_RANK_NONE || rank < highest)
			continue;
		if (rank > highest)
			found = NULL;
		highest = rank;
		if (law && (!found || law->daily_hours > found->daily_hours ||
				   (law->daily_hours == found->daily_hours &&
					   law->weekly_hours > found->weekly_hours)))
			found = law;
	}
	return found;
}

/* On or off at @at, and when that changes. */
static bool state(const struct od_duty_input *input, int64_t at, int64_t *ret_until)
{
	struct od_duty duty;

	od_duty_state(input, at, &duty);
	*ret_until = duty.until_us;
	return duty.on;
}

/* The last end of duty at or before @at; false: none within LOOK_BACK. */
static bool last_end(const struct od_duty_input *input, int64_t at, int64_t *ret)
{
	bool found = false;

	for (int64_t back = DAY; !found && back <= LOOK_BACK; back *= 2) {
		int64_t from = at - back, until;

		for (int i = 0; i < STEPS_MAX; i++) {
			bool on = state(input, from, &until);

			if (until > at)
				break;
			if (on) {
				*ret = until;
				found = true;
			}
			from = until;
		}
	}
	return found;
}

/* Whether a rest that begins within AROUND and is as long as the law asks is longer than
 * [since, next), or as long and earlier. */
static bool has_longer(
	const struct od_duty_input *input, int64_t asked, int64_t since, int64_t next)
{
	int64_t from = since - AROUND, until;

	if (next == OD_NEVER)
		return false;
	for (int i = 0; i < STEPS_MAX && from <= since + AROUND; i++) {
		bool on = state(input, from, &until);
		int64_t length = until == OD_NEVER ? OD_NEVER : until - from;
		bool whole = i > 0 && from != since; /* the first one began earlier */

		if (!on && whole && length >= asked &&
			(length > next - since || (length == next - since && from < since)))
			return true;
		if (until == OD_NEVER)
			return false;
		from = until;
	}
	return false;
}

bool od_rest_at(const struct od_duty_input *input, int64_t worked_until_us, int64_t at_us,
	struct od_rest *ret)
{
	struct od_duty_input plain = *input;
	const struct od_rest_law *law;
	int64_t end = 0, next = 0, weekly;

	plain.choice = (struct od_choice){ OD_CHOICE_NONE, 0 };
	law = input->policy ? law_of(input) : NULL;
	if (!law || state(&plain, at_us, &next) || !last_end(&plain, at_us, &end))
		return false;
	if (next != OD_NEVER && next - end < law->daily_hours * HOUR / 2)
		return false;
	weekly = law->weekly_hours * HOUR;
	*ret = (struct od_rest){ .law = law, .since_us = end, .next_us = next };
	ret->weekly = (next == OD_NEVER || next - end >= weekly) &&
		      !has_longer(&plain, weekly, end, next);
	ret->required_us = ret->weekly ? weekly : law->daily_hours * HOUR;
	if (worked_until_us > end && worked_until_us <= at_us)
		ret->since_us = worked_until_us;
	ret->taken_us = at_us - ret->since_us;
	ret->resume_us = ret->since_us + ret->required_us;
	return true;
}

bool od_rest_restarts(const struct od_rest *rest, int64_t from_us)
{
	return from_us < rest->resume_us;
}

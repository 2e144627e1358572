/*
 * Legal rest: what the law of [schedule] law = asks for, how much of it was taken, and when work may
 * resume. Information for the employee; nothing is decided by it.
 *
 * All lengths are elapsed time, never the difference of two wall clocks. Rest begins when duty ends
 * by the schedule (grace included), or when an intervention ended that cut it short. What counts as
 * an intervention is only what the employee says (offduty rest --after): nobody measures it. On-call
 * without an intervention is rest.
 */
#pragma once

#include "model/duty.h"

/* What a law asks for as a rule; accords may derogate. */
struct od_rest_law {
	const char *id;  /* as in law = */
	int daily_hours; /* uninterrupted, in each 24 h */
	int weekly_hours; /* uninterrupted, in each 7 days, the daily rest included where the law adds it */
};

/* NULL for "none" and whatever is not known. */
const struct od_rest_law *od_rest_law(const char *id);

struct od_rest {
	const struct od_rest_law *law; /* the strictest of the person's schedules */
	bool weekly;                   /* this rest is the weekly one */
	int64_t since_us, taken_us, required_us;
	int64_t resume_us; /* work may resume by law */
	int64_t next_us;   /* duty begins by the schedule; OD_NEVER */
};

/*
 * od_rest_at() - the rest at @at_us, by the schedule alone (input->choice does not count)
 * @worked_until_us: end of the last intervention that began rest anew; INT64_MIN: none
 *
 * The weekly rest is the longest of those within six days that last as long as the law asks.
 *
 * Return: false where there is nothing to say: on duty, a break of less than half a daily rest, no
 * law, or no duty in the 60 days before.
 */
bool od_rest_at(const struct od_duty_input *input, int64_t worked_until_us, int64_t at_us,
	struct od_rest *ret);

/* Whether an intervention that begins at @from_us begins @rest anew: only before all of it was
 * taken (for France: Code du travail L3121-10). */
bool od_rest_restarts(const struct od_rest *rest, int64_t from_us);

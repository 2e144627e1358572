/*
 * Working hours: one [schedule X].
 *
 * Precedence inside a schedule (policy-language, "What wins", 4): leave > full date > MM-DD > day
 * of month > n-th weekday > public holiday > weekday or cycle. Intervals are half-open, overnight
 * windows belong to the day they start on, touching ones are one.
 */
#pragma once

#include "base/array.h"
#include "model/decision.h"
#include "model/holidays.h"
#include "model/leave.h"
#include "model/origin.h"
#include "model/zone.h"

struct od_schedule; /* immutable once built */

struct od_schedule *od_schedule_new(const char *label, struct od_origin origin);
void od_schedule_free(struct od_schedule *schedule);
OD_DEFINE_CLEANUP(struct od_schedule *, od_schedule_free)

/*
 * od_schedule_add() - one line: "monday-friday", "2026-12-24", "12-31", "day 15",
 *                     "monday -1 may", "week2.tuesday" with "08:30-12:30, 13:30-17:30" or "off"
 * @reterr_expected: borrowed English hint, set on OD_E_SYNTAX, OD_E_RANGE
 *
 * A later line replaces an earlier one for the same day. Within weekdays a single day beats a range
 * and weekN.DAY beats DAY, wherever they stand; so do "monday 1 may" before "monday 1", and a
 * counted weekday before the last one (-1).
 *
 * Return: 0, OD_E_UNKNOWN (@key is no day at all), OD_E_SYNTAX, OD_E_RANGE, -ENOMEM.
 */
int od_schedule_add(struct od_schedule *schedule, const char *key, const char *value,
	struct od_origin origin, const char **reterr_expected) OD_CHECK;
/* cycle = "2w from 2026-01-05"; same results as above. */
int od_schedule_set_cycle(struct od_schedule *schedule, const char *value, struct od_origin origin,
	const char **reterr_expected) OD_CHECK;
/* before = / after =, in microseconds; at most a day each is used. */
void od_schedule_set_grace(struct od_schedule *schedule, int64_t before_us, int64_t after_us);
/* The zone; NULL: the host's local zone, given at evaluation. Takes a reference. */
void od_schedule_set_zone(struct od_schedule *schedule, struct od_zone *zone);
/* Borrows @calendar, which must outlive the schedule (the policy holds both). */
int od_schedule_add_calendar(
	struct od_schedule *schedule, const struct od_calendar *calendar) OD_CHECK;
/* holidays-worked: "2026-05-01", "05-01" or a holiday's id. Return: 0, OD_E_SYNTAX, -ENOMEM. */
int od_schedule_add_worked(struct od_schedule *schedule, const char *what) OD_CHECK;

/*
 * od_schedule_check() - what only all lines together show; call once they are in
 * @found: called for each; @fault: an error, else a warning. @text: borrowed English, marked
 */
void od_schedule_check(const struct od_schedule *schedule,
	void (*found)(struct od_origin origin, bool fault, const char *text, void *userdata),
	void *userdata);

const char *od_schedule_label(const struct od_schedule *schedule);
const struct od_zone *od_schedule_zone(const struct od_schedule *schedule); /* NULL: local */

/* On or off duty by this schedule alone, until when, and why. */
struct od_span {
	bool on;
	int64_t until_us; /* first instant at which it is otherwise; OD_NEVER */
	struct od_reason reason;
};

/* @local: the host's zone, used where the schedule says "local". @leave: NULL for none. */
void od_schedule_at(const struct od_schedule *schedule, const struct od_zone *local,
	const struct od_leave *leave, int64_t at_us, struct od_span *ret);

/* Whether civil @day is a holiday of this schedule (and no line or holidays-worked makes it a
 * working day); *@ret only then. For those who draw calendars. */
bool od_schedule_holiday(const struct od_schedule *schedule, int32_t day, struct od_holiday *ret);

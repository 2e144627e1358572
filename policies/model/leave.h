/*
 * Absences and on-call turns as a plain list of instants: what offduty-calendar leaves behind.
 *
 * Text, one span a line, sorted, at most OD_LEAVE_MAX:
 *     offduty-instants 1
 *     2026-12-24T00:00 2026-12-27T00:00 floating
 *     2026-11-25T13:00:00Z 2026-11-25T17:00:00Z
 * "floating" spans are civil times, read in the schedule's zone; the others are UTC instants.
 * Seconds (":30") may follow the minutes. Years 1970 to 9999.
 */
#pragma once

#include "base/array.h"
#include "model/zone.h"

#define OD_LEAVE_MAX 20000

struct od_leave_span {
	int64_t from_us,
		until_us; /* half-open; floating: microseconds of the civil clock since 1970 */
	bool floating;
};

/* Spans of instants first, then the floating ones; each kind sorted, none touching the next. */
struct od_leave {
	OD_ARRAY(struct od_leave_span) spans;
};

/* Return: 0, OD_E_SYNTAX (*@reterr_line says where), OD_E_LIMIT, -ENOMEM. */
int od_leave_parse(
	const char *text, size_t size, struct od_leave **ret, unsigned *reterr_line) OD_CHECK;
/* Sort and merge spans added in any order; empty and backward ones go. */
void od_leave_settle(struct od_leave *leave);
/* The same text; *@ret is the caller's. Return: 0 or -ENOMEM. */
int od_leave_format(const struct od_leave *leave, char **ret) OD_CHECK;
void od_leave_free(struct od_leave *leave);
OD_DEFINE_CLEANUP(struct od_leave *, od_leave_free)

/* Whether @at_us lies in a span (in @zone); *@ret_change: next instant at which that changes. */
bool od_leave_at(const struct od_leave *leave, const struct od_zone *zone, int64_t at_us,
	int64_t *ret_change);

/* Whether floating spans cover the whole of civil @day: an all-day absence. */
bool od_leave_whole_day(const struct od_leave *leave, int32_t day);
/* A civil day after the last span in any zone; INT32_MIN without spans. */
int32_t od_leave_last_day(const struct od_leave *leave);

/*
 * What a schedule cannot give: rest the law asks for, a window on the night the clocks go forward.
 */
#pragma once

#include "model/rest.h"

enum od_rest_fault {
	OD_REST_FAULT_DAILY, /* the longest pause after a day's start is shorter than the daily rest */
	OD_REST_FAULT_NONE,   /* there is no pause at all */
	OD_REST_FAULT_WEEKLY, /* no rest of a week is as long as the weekly one */
	OD_REST_FAULT_GRACE,  /* before = and after = close a break between two windows */
	OD_REST_FAULT_GAP,    /* a window does not exist that night */
};

#define OD_REST_ANY_DAY INT32_MIN

/* A moment of the civil clock: of a weekday, or of a day where .day says which. */
struct od_rest_moment {
	int32_t day; /* OD_REST_ANY_DAY: of any week */
	int weekday;
	int minute; /* since its midnight, 0..1440 */
};

struct od_rest_finding {
	enum od_rest_fault fault;
	struct od_origin origin;
	struct od_rest_moment from, until; /* the pause (DAILY, WEEKLY), the break, the window */
	int minutes;                       /* how long it is */
	int asked_hours;
	unsigned week; /* of the cycle, from 1; 0: there is none */
	const struct od_rest_law *law;
	const char *zone; /* GAP */
};

typedef void (*od_rest_found_fn)(const struct od_rest_finding *finding, void *userdata);

/*
 * od_rest_lint() - each fault of @schedule once, most of them on the plain week or cycle
 * @law:     NULL: rest is not looked at
 * @from_us: nights before it are past and not looked at; twelve years from it are
 *
 * The rest of days is looked at without public holidays and leave, which only add to it; full dates
 * are looked at with the days around them. A zone "local" has no nights here.
 */
void od_rest_lint(const struct od_schedule *schedule, const struct od_rest_law *law,
	int64_t from_us, od_rest_found_fn found, void *userdata);

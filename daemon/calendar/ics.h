/* An iCalendar feed, from memory, to the plain list of model/leave.h. */
#pragma once

#include "calendar/event.h"

#define OD_ICS_EVENTS_MAX 100000
#define OD_ICS_RULES_MAX  10000 /* recurring events among them */

struct od_ics_options {
	struct od_event_options event;
	od_tzid_load_fn load_zone;
	int64_t from_us, until_us; /* only what touches this window is listed */
};

/* What is wrong, and where. Texts are static English, marked for translation. */
struct od_ics_error {
	unsigned line;
	const char *property; /* NULL: no single one */
	const char *text;
};

/*
 * od_ics_convert() - the whole feed or nothing
 *
 * Return: 0, OD_E_SYNTAX, OD_E_RANGE, OD_E_LIMIT with *@reterr, -ENOMEM.
 */
int od_ics_convert(const char *text, size_t size, const struct od_ics_options *options,
	struct od_leave **ret, struct od_ics_error *reterr) OD_CHECK;

/* Events to spans: recurrences laid out, overrides in their place. */
#pragma once

#include "calendar/event.h"

#define OD_EXPAND_STEPS 1000000 /* occurrences looked at, all rules together */

typedef OD_ARRAY(struct od_event) od_events;

/*
 * od_expand() - everything that counts and touches [@from_us, @until_us)
 * @events: sorted by this function; of one UID (and occurrence) the highest SEQUENCE counts
 *
 * Return: 0, OD_E_LIMIT (OD_EXPAND_STEPS or OD_LEAVE_MAX) with the line of the event in
 * *@reterr_line, -ENOMEM.
 */
int od_expand(od_events *events, int64_t from_us, int64_t until_us, struct od_leave *leave,
	unsigned *reterr_line) OD_CHECK;

/*
 * Two policies side by side: who would notice what. Pure; people are told apart only as far as the
 * policies themselves do.
 */
#pragma once

#include "model/policy.h"

/* What one messenger is to somebody, on and off duty. */
struct od_compared_launch {
	size_t subject; /* index; whose verdicts these are */
	const struct od_messenger *messenger;
	enum od_verdict before[2], after[2]; /* [false]: off duty, [true]: on duty */
	struct od_reason reason; /* of the new policy, where it changes (on duty first) */
};

/* When hours begin to be otherwise. */
struct od_compared_hours {
	size_t subject;
	int64_t first_us, until_us; /* the first difference, and where it ends */
	bool before;                /* on duty then, by the old policy */
	int64_t more_us, less_us;   /* on duty that much more and less, over all of the time */
	struct od_reason reason;    /* of the new policy at .first_us */
};

struct od_compared {
	OD_ARRAY(struct od_compared_launch) launches;
	OD_ARRAY(struct od_compared_hours) hours;
};

/*
 * od_compare() - decide everything by both
 * @subjects: the first is NULL, everybody whom no rule names; then people, real or made up, who are
 *            in one group. Of those only what differs from everybody's answer is listed
 * @local:    the zone of schedules that name none
 * @from_us, @until_us: the time over which hours are compared. Leave and turns are not known here
 * @ret:      borrowed from both policies; od_compared_done()
 *
 * A messenger only one catalogue knows is allowed by the other.
 *
 * Return: 0 or -ENOMEM.
 */
int od_compare(const struct od_policy *before, const struct od_policy *after,
	const struct od_person *const *subjects, size_t n, const struct od_zone *local,
	int64_t from_us, int64_t until_us, struct od_compared *ret) OD_CHECK;
void od_compared_done(struct od_compared *compared);

/* Whether it could be started before and cannot any more, on duty or off; and the reverse. */
bool od_compared_stops(const struct od_compared_launch *launch);
bool od_compared_starts(const struct od_compared_launch *launch);

/*
 * Verdicts are compared for every messenger and subject, on duty and off. Duty is walked from change
 * to change of either policy, so that no instant is missed and none is guessed.
 */
#include "model/compare.h"

#include <errno.h>
#include <string.h>

#include "model/launch.h"

#define STEPS_MAX                                                                                  \
	100000 /* of one subject; a schedule with a change a minute has fewer in 60 days */

struct sides {
	const struct od_policy *before, *after;
	const struct od_person *const *subjects;
	size_t n;
};

/* ---- who may start what ------------------------------------------------------------------------- */

static enum od_verdict verdict_of(const struct od_policy *policy, const struct od_person *person,
	const char *id, bool on_duty, struct od_reason *ret_reason)
{
	const struct od_messenger *messenger =
		policy->catalogue ? od_catalogue_find(policy->catalogue, id) : NULL;
	struct od_decision decision;

	od_launch_decide(policy, person, messenger, on_duty, &decision);
	if (ret_reason)
		*ret_reason = decision.reason;
	return decision.verdict;
}

static void judge(const struct sides *sides, size_t subject, struct od_compared_launch *launch)
{
	const struct od_person *person = sides->subjects[subject];
	const char *id = launch->messenger->id;
	struct od_reason off, on;

	launch->subject = subject;
	for (int duty = 0; duty < 2; duty++) {
		launch->before[duty] = verdict_of(sides->before, person, id, duty, NULL);
		launch->after[duty] = verdict_of(sides->after, person, id, duty, duty ? &on : &off);
	}
	launch->reason = launch->before[true] != launch->after[true] ? on : off;
}

static bool changes(const struct od_compared_launch *launch)
{
	return launch->before[false] != launch->after[false] ||
	       launch->before[true] != launch->after[true];
}

static bool same_verdicts(const struct od_compared_launch *a, const struct od_compared_launch *b)
{
	return memcmp(a->before, b->before, sizeof(a->before)) == 0 &&
	       memcmp(a->after, b->after, sizeof(a->after)) == 0;
}

static int compare_messenger(
	const struct sides *sides, const struct od_messenger *messenger, struct od_compared *ret)
{
	struct od_compared_launch everybody = { .messenger = messenger };

	judge(sides, 0, &everybody);
	for (size_t i = 0; i < sides->n; i++) {
		struct od_compared_launch launch = { .messenger = messenger }, *added;

		judge(sides, i, &launch);
		if (!changes(&launch) && (i == 0 || !changes(&everybody)))
			continue;
		if (i > 0 && same_verdicts(&launch, &everybody))
			continue;
		added = od_array_add(&ret->launches);
		if (!added)
			return -ENOMEM;
		*added = launch;
	}
	return 0;
}

static int compare_launches(const struct sides *sides, struct od_compared *ret)
{
	const struct od_catalogue *old = sides->before->catalogue, *new = sides->after->catalogue;
	size_t n_old = old ? od_catalogue_size(old) : 0, n_new = new ? od_catalogue_size(new) : 0;
	int r = 0;

	for (size_t i = 0; r == 0 && i < n_new; i++)
		r = compare_messenger(sides, od_catalogue_at(new, i), ret);
	for (size_t i = 0; r == 0 && i < n_old; i++) {
		const struct od_messenger *messenger = od_catalogue_at(old, i);

		if (!new || !od_catalogue_find(new, messenger->id))
			r = compare_messenger(sides, messenger, ret);
	}
	return r;
}

static bool is_blocked(enum od_verdict verdict)
{
	return verdict == OD_VERDICT_BLOCK;
}

bool od_compared_stops(const struct od_compared_launch *launch)
{
	for (int duty = 0; duty < 2; duty++)
		if (!is_blocked(launch->before[duty]) && is_blocked(launch->after[duty]))
			return true;
	return false;
}

bool od_compared_starts(const struct od_compared_launch *launch)
{
	for (int duty = 0; duty < 2; duty++)
		if (is_blocked(launch->before[duty]) && !is_blocked(launch->after[duty]))
			return true;
	return false;
}

/* ---- hours -------------------------------------------------------------------------------------- */

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* One subject. @ret->more_us and less_us stay 0 where nothing differs. */
static void compare_duty(const struct sides *sides, size_t subject, const struct od_zone *local,
	int64_t from_us, int64_t until_us, struct od_compared_hours *ret)
{
	struct od_duty_input old = { .policy = sides->before,
		.person = sides->subjects[subject],
		.local = local },
			     new = old;
	bool open = false; /* the first difference goes on */

	new.policy = sides->after;
	*ret = (struct od_compared_hours){ .subject = subject };
	for (int step = 0; step < STEPS_MAX && from_us < until_us; step++) {
		struct od_duty before, after;
		int64_t next;

		od_duty_at(&old, from_us, &before);
		od_duty_at(&new, from_us, &after);
		next = earlier(earlier(before.until_us, after.until_us), until_us);
		if (next <= from_us)
			return; /* cannot be; never turn round here for ever */
		if (before.on != after.on && ret->more_us + ret->less_us == 0) {
			ret->first_us = from_us;
			ret->before = before.on;
			ret->reason = after.reason;
			open = true;
		}
		open = open && before.on != after.on && before.on == ret->before;
		if (open)
			ret->until_us = next;
		if (before.on != after.on)
			*(after.on ? &ret->more_us : &ret->less_us) += next - from_us;
		from_us = next;
	}
}

static bool same_hours(const struct od_compared_hours *a, const struct od_compared_hours *b)
{
	return a->first_us == b->first_us && a->until_us == b->until_us &&
	       a->more_us == b->more_us && a->less_us == b->less_us;
}

static int compare_hours(const struct sides *sides, const struct od_zone *local, int64_t from_us,
	int64_t until_us, struct od_compared *ret)
{
	struct od_compared_hours everybody = { 0 }, hours;

	for (size_t i = 0; i < sides->n; i++) {
		struct od_compared_hours *added;
		bool differs;

		compare_duty(sides, i, local, from_us, until_us, &hours);
		if (i == 0)
			everybody = hours;
		differs = hours.more_us + hours.less_us > 0;
		if (i == 0 ? !differs : same_hours(&hours, &everybody))
			continue;
		added = od_array_add(&ret->hours);
		if (!added)
			return -ENOMEM;
		*added = hours;
	}
	return 0;
}

int od_compare(const struct od_policy *before, const struct od_policy *after,
	const struct od_person *const *subjects, size_t n, const struct od_zone *local,
	int64_t from_us, int64_t until_us, struct od_compared *ret)
{
	const struct sides sides = { before, after, subjects, n };
	int r;

	*ret = (struct od_compared){ 0 };
	r = compare_launches(&sides, ret);
	if (r == 0)
		r = compare_hours(&sides, local, from_us, until_us, ret);
	if (r != 0)
		od_compared_done(ret);
	return r;
}

void od_compared_done(struct od_compared *compared)
{
	free(compared->launches.items);
	free(compared->hours.items);
	*compared = (struct od_compared){ 0 };
}

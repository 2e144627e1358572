/*
 * The lock guards which policy is in force; references keep it alive beyond that. Deciding happens
 * under the lock only because od_duty_at() reads the local zone; it takes microseconds.
 */
#include "guard/judge.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "guard/known_names.h"
#include "model/duty.h"
#include "runtime/clock.h"

struct od_judge {
	pthread_mutex_t lock;
	struct od_policy *policy;
	struct od_zone *local;
	struct od_known_names names;
	_Atomic unsigned generation;
	struct od_people *people;
	const struct od_clock *clock;
};

struct od_judge *od_judge_new(struct od_people *people, const struct od_clock *clock)
{
	struct od_judge *judge = calloc(1, sizeof(*judge));

	if (!judge)
		return NULL;
	(void) pthread_mutex_init(&judge->lock, NULL);
	judge->people = people;
	judge->clock = clock;
	judge->generation = 1;
	return judge;
}

void od_judge_free(struct od_judge *judge)
{
	if (!judge)
		return;
	od_known_names_done(&judge->names);
	od_policy_unref(judge->policy);
	od_zone_unref(judge->local);
	(void) pthread_mutex_destroy(&judge->lock);
	free(judge);
}

int od_judge_set_policy(struct od_judge *judge, struct od_policy *policy, struct od_zone *local)
{
	struct od_known_names names = { 0 }, old_names;
	struct od_policy *old;
	struct od_zone *old_local;
	int r = policy && policy->catalogue ? od_known_names_build(policy->catalogue, &names) : 0;

	if (r < 0)
		return r;
	(void) pthread_mutex_lock(&judge->lock);
	old = judge->policy;
	old_local = judge->local;
	old_names = judge->names;
	judge->policy = policy ? od_policy_ref(policy) : NULL;
	judge->local = local ? od_zone_ref(local) : NULL;
	judge->names = names;
	atomic_fetch_add(&judge->generation, 1);
	(void) pthread_mutex_unlock(&judge->lock);
	od_known_names_done(&old_names);
	od_policy_unref(old);
	od_zone_unref(old_local);
	return 0;
}

unsigned od_judge_generation(struct od_judge *judge)
{
	return atomic_load(&judge->generation);
}

struct od_policy *od_judge_policy(struct od_judge *judge)
{
	struct od_policy *policy;

	(void) pthread_mutex_lock(&judge->lock);
	policy = judge->policy ? od_policy_ref(judge->policy) : NULL;
	(void) pthread_mutex_unlock(&judge->lock);
	return policy;
}

struct od_people *od_judge_people(struct od_judge *judge)
{
	return judge->people;
}

int64_t od_judge_now(struct od_judge *judge)
{
	return od_clock_now(judge->clock);
}

void od_ruling_done(struct od_ruling *ruling)
{
	od_policy_unref(ruling->policy);
	od_human_unref(ruling->human);
	memset(ruling, 0, sizeof(*ruling));
}

bool od_judge_knows_name(struct od_judge *judge, const char *base)
{
	bool known;

	(void) pthread_mutex_lock(&judge->lock);
	known = od_known_names_has(&judge->names, base);
	(void) pthread_mutex_unlock(&judge->lock);
	return known;
}

bool od_judge_match(struct od_judge *judge, const struct od_program *program, struct od_ruling *ret)
{
	(void) pthread_mutex_lock(&judge->lock);
	ret->messenger = NULL;
	if (judge->policy && judge->policy->catalogue)
		ret->messenger =
			od_catalogue_match_program(judge->policy->catalogue, program, NULL);
	ret->policy = ret->messenger ? od_policy_ref(judge->policy) : NULL;
	(void) pthread_mutex_unlock(&judge->lock);
	return ret->messenger != NULL;
}

static bool on_duty(struct od_judge *judge, const struct od_policy *policy,
	const struct od_person *person, const struct od_leave *leave, int64_t at_us)
{
	struct od_duty_input input = {
		.policy = policy, .person = person, .local = judge->local, .leave = leave
	};
	struct od_duty duty;

	/* Nobody wrote hours for anybody, or nobody told us the local zone: always on duty. */
	if (policy->schedules.n == 0 || !judge->local)
		return true;
	od_duty_at(&input, at_us, &duty);
	return duty.on;
}

static bool names(const struct od_who *who)
{
	return who->people.n > 0 || who->groups.n > 0;
}

/* Whether the verdict for @messenger could hang on who somebody is. */
static bool names_somebody(
	const struct od_policy *policy, const struct od_messenger *messenger, bool by_time)
{
	od_array_foreach (rule, &policy->messengers)
		if (strcmp(rule->id, messenger->id) == 0 && names(&rule->who))
			return true;
	od_array_foreach (schedule, &policy->schedules)
		if (by_time && names(&schedule->who))
			return true;
	return false;
}

void od_judge_launch(struct od_judge *judge, uid_t uid, int64_t at_us, struct od_ruling *ruling)
{
	struct od_person nobody = { .name = "", .uid = uid };
	const struct od_person *person;

	ruling->at_us = at_us;
	ruling->human = od_people_get(judge->people, uid);
	person = ruling->human ? &ruling->human->person : &nobody;
	(void) pthread_mutex_lock(&judge->lock);
	od_launch_decide(ruling->policy, person, ruling->messenger,
		on_duty(judge, ruling->policy, person, ruling->human ? ruling->human->leave : NULL,
			at_us),
		&ruling->decision);
	(void) pthread_mutex_unlock(&judge->lock);
	/* Without the name and groups of a person, a rule that hangs on them cannot be applied; a
	 * rule for everybody can. */
	ruling->unresolved =
		!ruling->human && ruling->decision.verdict != OD_VERDICT_ALLOW &&
		names_somebody(ruling->policy, ruling->messenger, ruling->decision.depends_on_time);
	if (ruling->unresolved)
		ruling->decision.verdict = OD_VERDICT_ALLOW;
}

bool od_judge_on_duty(struct od_judge *judge, const struct od_policy *policy,
	const struct od_human *human, int64_t at_us)
{
	bool on;

	(void) pthread_mutex_lock(&judge->lock);
	on = on_duty(judge, policy, &human->person, human->leave, at_us);
	(void) pthread_mutex_unlock(&judge->lock);
	return on;
}

int64_t od_judge_duty_until(struct od_judge *judge, const struct od_policy *policy,
	const struct od_human *human, int64_t at_us)
{
	struct od_duty_input input = {
		.policy = policy, .person = &human->person, .leave = human->leave
	};
	struct od_duty duty = { .until_us = OD_NEVER };

	(void) pthread_mutex_lock(&judge->lock);
	input.local = judge->local;
	if (policy->schedules.n > 0 && input.local)
		od_duty_state(&input, at_us, &duty);
	(void) pthread_mutex_unlock(&judge->lock);
	return duty.until_us;
}

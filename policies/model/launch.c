/*
 * The order of policy language, "What wins", 2, written as one list of questions.
 *
 * A section [messenger X] that names somebody else, or speaks of another time (when =), is as if it
 * were not there. One without verdict = changes only mode and messages of whatever decides below.
 */
#include "model/launch.h"

#include <string.h>

static bool applies_now(enum od_when when, bool on_duty)
{
	switch (when) {
	case OD_WHEN_ALWAYS:
		return true;
	case OD_WHEN_ON_DUTY:
		return on_duty;
	case OD_WHEN_OFF_DUTY:
		return !on_duty;
	}
	return false;
}

/* The section that names the person best; also notes what could have changed the answer. */
static const struct od_messenger_rule *find_rule(const struct od_policy *policy,
	const struct od_person *person, const struct od_messenger *messenger, bool on_duty,
	struct od_decision *decision)
{
	const struct od_messenger_rule *best = NULL;
	enum od_rank best_rank = OD_RANK_NONE;

	od_array_foreach (rule, &policy->messengers) {
		enum od_rank rank;

		if (strcmp(rule->id, messenger->id) != 0)
			continue;
		if (rule->who.people.n > 0 || rule->who.groups.n > 0)
			decision->depends_on_person = true;
		if (rule->when != OD_WHEN_ALWAYS)
			decision->depends_on_time = true;
		rank = applies_now(rule->when, on_duty) ? od_who_rank(&rule->who, person)
							: OD_RANK_NONE;
		if (rank > best_rank) {
			best_rank = rank;
			best = rule;
		}
	}
	return best;
}

static const struct od_name *find_name(
	const od_names *names, enum od_name_kind kind, const char *value)
{
	od_array_foreach (name, names) {
		if (name->kind == kind && strcmp(name->value, value) == 0)
			return name;
	}
	return NULL;
}

static void set(struct od_decision *decision, enum od_verdict verdict, enum od_rule rule,
	struct od_origin origin)
{
	decision->intended = verdict;
	decision->reason.rule = rule;
	decision->reason.origin = origin;
}

/* blocked > approved, and what names the messenger itself > what names its service. */
static bool decide_by_lists(const struct od_policy *policy, const struct od_messenger *messenger,
	struct od_decision *decision)
{
	const struct {
		enum od_name_kind kind;
		const char *value;
	} steps[] = {
		{ OD_NAME_MESSENGER, messenger->id },
		{ OD_NAME_SERVICE, messenger->service },
	};

	for (size_t i = 0; i < OD_ELEMENTS(steps); i++) {
		const struct od_name *name =
			find_name(&policy->blocked, steps[i].kind, steps[i].value);

		if (name) {
			set(decision, OD_VERDICT_BLOCK, OD_RULE_BLOCKED, name->origin);
			return true;
		}
		name = find_name(&policy->approved, steps[i].kind, steps[i].value);
		if (name) {
			set(decision, OD_VERDICT_ALLOW, OD_RULE_APPROVED, name->origin);
			return true;
		}
	}
	return false;
}

/* require, then unlisted. An unmet point is the reason only where it costs something. */
static void decide_by_criteria(const struct od_policy *policy, const struct od_messenger *messenger,
	struct od_decision *decision)
{
	const struct od_requirement *unmet = NULL;

	od_array_foreach (requirement, &policy->require) {
		if (!unmet && !od_requirement_met(requirement, messenger, policy->unknown))
			unmet = requirement;
	}
	if (policy->require.n > 0 && !unmet) {
		set(decision, OD_VERDICT_ALLOW, OD_RULE_REQUIRE, policy->require.items[0].origin);
	} else if (unmet && policy->unlisted != OD_VERDICT_ALLOW) {
		set(decision, policy->unlisted, OD_RULE_REQUIRE, unmet->origin);
		decision->reason.detail = od_requirement_to_string(unmet);
	} else {
		set(decision, policy->unlisted, OD_RULE_UNLISTED, policy->unlisted_origin);
	}
}

static void judge(const struct od_policy *policy, const struct od_person *person,
	const struct od_messenger *messenger, bool on_duty, struct od_decision *decision)
{
	const struct od_messenger_rule *rule =
		find_rule(policy, person, messenger, on_duty, decision);

	if (rule && rule->has_verdict) {
		set(decision, rule->verdict, OD_RULE_MESSENGER, rule->origin);
		decision->reason.label = rule->id;
	} else if (!decide_by_lists(policy, messenger, decision)) {
		decide_by_criteria(policy, messenger, decision);
	}
	decision->messages = rule && rule->messages.n > 0 ? &rule->messages : NULL;
	decision->mode = rule && rule->has_mode ? rule->mode : policy->mode;
	decision->verdict = od_verdict_in_mode(decision->intended, decision->mode);
}

static bool may_start(const struct od_policy *policy, const struct od_person *person,
	const struct od_messenger *messenger, bool on_duty)
{
	struct od_decision decision = { 0 };

	judge(policy, person, messenger, on_duty, &decision);
	return decision.intended == OD_VERDICT_ALLOW;
}

/* A service stands for its vendor's own client where that may be started, else for any. */
static const struct od_messenger *first_of_service(const struct od_policy *policy,
	const struct od_person *person, const char *service, bool on_duty)
{
	const struct od_messenger *any = NULL, *messenger = NULL;

	while ((messenger = od_catalogue_of_service(policy->catalogue, service, messenger))) {
		if (!may_start(policy, person, messenger, on_duty))
			continue;
		if (messenger->role && strcmp(messenger->role, "official") == 0)
			return messenger;
		any = any ? any : messenger;
	}
	return any;
}

static const struct od_messenger *first_of(const struct od_policy *policy,
	const struct od_person *person, const od_names *names, bool on_duty)
{
	const struct od_messenger *messenger = NULL;

	od_array_foreach (name, names) {
		if (name->kind == OD_NAME_SERVICE)
			messenger = first_of_service(policy, person, name->value, on_duty);
		else if (name->kind == OD_NAME_MESSENGER)
			messenger = od_catalogue_find(policy->catalogue, name->value);
		if (messenger && may_start(policy, person, messenger, on_duty))
			return messenger;
	}
	return NULL;
}

const struct od_messenger *od_launch_suggest(
	const struct od_policy *policy, const struct od_person *person, bool on_duty)
{
	const struct od_messenger *messenger;

	if (!policy->catalogue)
		return NULL;
	messenger = first_of(policy, person, &policy->suggest, on_duty);
	return messenger ? messenger : first_of(policy, person, &policy->approved, on_duty);
}

bool od_launch_governs(const struct od_policy *policy, uint32_t uid)
{
	return policy->system_users || (uid >= OD_UID_MIN && uid != OD_UID_NOBODY);
}

void od_launch_decide(const struct od_policy *policy, const struct od_person *person,
	const struct od_messenger *messenger, bool on_duty, struct od_decision *ret)
{
	const struct od_messenger *suggested = NULL;

	*ret = (struct od_decision){ .mode = policy->mode };
	if (!messenger) {
		ret->reason.rule = OD_RULE_NOT_A_MESSENGER;
		return;
	}
	judge(policy, person, messenger, on_duty, ret);
	ret->reason.messenger = messenger->id;
	ret->reason.messenger_name = messenger->name;
	ret->reason.service = messenger->service;
	if (ret->intended != OD_VERDICT_ALLOW && !policy->system_users)
		ret->depends_on_person = true; /* system users are left alone */
	if (person && !od_launch_governs(policy, person->uid)) {
		set(ret, OD_VERDICT_ALLOW, OD_RULE_EXEMPT, (struct od_origin){ 0 });
		ret->verdict = OD_VERDICT_ALLOW;
		ret->messages = NULL;
		ret->reason.label = ret->reason.detail = NULL;
		return;
	}
	if (ret->intended != OD_VERDICT_ALLOW)
		suggested = od_launch_suggest(policy, person, on_duty);
	if (suggested && suggested != messenger)
		ret->reason.suggest = suggested->name ? suggested->name : suggested->id;
}

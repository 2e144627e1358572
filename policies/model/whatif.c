/*
 * Each question is put to od_launch_decide() itself, with a shallow copy of the policy, the person
 * or the messenger in which one thing is otherwise. So an answer is never at odds with the rules,
 * whatever they become; what is left to err about is only which questions are asked.
 */
#include "model/whatif.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/launch.h"

static const char *const change_names[OD_CHANGE_MAX_] = {
	[OD_CHANGE_APPROVE] = "approve",
	[OD_CHANGE_UNAPPROVE] = "unapprove",
	[OD_CHANGE_UNBLOCK] = "unblock",
	[OD_CHANGE_SECTION] = "section",
	[OD_CHANGE_PEOPLE] = "people",
	[OD_CHANGE_GROUP] = "group",
	[OD_CHANGE_ON_DUTY] = "on-duty",
	[OD_CHANGE_OFF_DUTY] = "off-duty",
	[OD_CHANGE_FACTS] = "facts",
	[OD_CHANGE_UNKNOWN] = "unknown",
};

/* What is asked about, as it is. */
struct question {
	const struct od_policy *policy;
	const struct od_person *person;
	const struct od_messenger *messenger;
	bool on_duty;
	struct od_decision now;
	od_whatifs *answers;
};

const char *od_change_to_string(enum od_change change)
{
	return (unsigned) change < OD_CHANGE_MAX_ ? change_names[change] : "unknown";
}

bool od_change_from_string(const char *text, enum od_change *ret)
{
	for (int i = 0; i < OD_CHANGE_MAX_; i++)
		if (strcmp(change_names[i], text) == 0) {
			*ret = (enum od_change) i;
			return true;
		}
	return false;
}

static int note(const struct question *q, const struct od_whatif *whatif)
{
	struct od_whatif *added = od_array_add(q->answers);

	if (!added)
		return -ENOMEM;
	*added = *whatif;
	return 0;
}

/* Whether it would be otherwise; the mode is as it is, so both its sides are compared. */
static bool differs(const struct question *q, const struct od_policy *policy,
	const struct od_person *person, const struct od_messenger *messenger, bool on_duty,
	struct od_whatif *whatif)
{
	struct od_decision then;

	od_launch_decide(policy, person, messenger, on_duty, &then);
	whatif->verdict = then.verdict;
	return then.verdict != q->now.verdict || then.intended != q->now.intended;
}

static bool names_it(const struct od_name *name, const struct od_messenger *messenger)
{
	return name->kind == OD_NAME_MESSENGER ? strcmp(name->value, messenger->id) == 0
	       : name->kind == OD_NAME_SERVICE ? strcmp(name->value, messenger->service) == 0
					       : false;
}

/* @names without what names the messenger, and room for one more. @ret_found: the first of those. */
static int without(const od_names *names, const struct od_messenger *messenger, od_names *ret,
	const struct od_name **ret_found)
{
	ret->items = calloc(names->n + 1, sizeof(*ret->items));
	ret->n = 0;
	*ret_found = NULL;
	if (!ret->items)
		return -ENOMEM;
	od_array_foreach (name, names) {
		if (!names_it(name, messenger))
			ret->items[ret->n++] = *name;
		else if (!*ret_found)
			*ret_found = name;
	}
	return 0;
}

/* ---- the lists -------------------------------------------------------------------------------- */

static int ask_lists(const struct question *q)
{
	struct od_whatif unblock = { .change = OD_CHANGE_UNBLOCK },
			 unapprove = { .change = OD_CHANGE_UNAPPROVE },
			 approve = { .change = OD_CHANGE_APPROVE };
	const struct od_name *blocked, *approved;
	struct od_policy copy = *q->policy, more = copy;
	od_names less_blocked = { 0 }, less_approved = { 0 };
	int r = without(&q->policy->blocked, q->messenger, &less_blocked, &blocked);

	if (r == 0)
		r = without(&q->policy->approved, q->messenger, &less_approved, &approved);
	copy.blocked = less_blocked;
	if (r == 0 && blocked && differs(q, &copy, q->person, q->messenger, q->on_duty, &unblock)) {
		unblock.origin = blocked->origin;
		r = note(q, &unblock);
	}
	if (r == 0 && !approved) {
		more.blocked = less_blocked;
		more.approved = less_approved; /* and the one it has room for */
		more.approved.items[more.approved.n++] =
			(struct od_name){ .kind = OD_NAME_MESSENGER, .value = q->messenger->id };
		if (differs(q, &more, q->person, q->messenger, q->on_duty, &approve))
			r = note(q, &approve);
	}
	copy = *q->policy;
	copy.approved = less_approved;
	if (r == 0 && approved &&
		differs(q, &copy, q->person, q->messenger, q->on_duty, &unapprove)) {
		unapprove.origin = approved->origin;
		r = note(q, &unapprove);
	}
	free(less_blocked.items);
	free(less_approved.items);
	return r;
}

/* ---- [messenger X] ----------------------------------------------------------------------------- */

static int ask_section(const struct question *q, const struct od_messenger_rule *rule)
{
	struct od_whatif whatif = { .change = OD_CHANGE_SECTION, .origin = rule->origin };
	struct od_policy copy = *q->policy;
	int r = 0;

	copy.messengers.n = 0;
	copy.messengers.items = calloc(q->policy->messengers.n, sizeof(*copy.messengers.items));
	if (!copy.messengers.items)
		return -ENOMEM;
	od_array_foreach (other, &q->policy->messengers)
		if (other != rule)
			copy.messengers.items[copy.messengers.n++] = *other;
	if (differs(q, &copy, q->person, q->messenger, q->on_duty, &whatif))
		r = note(q, &whatif);
	free(copy.messengers.items);
	return r;
}

/* Somebody like the person, or anybody. */
static struct od_person somebody(const struct question *q)
{
	struct od_person person = { .uid = OD_UID_MIN };

	return q->person ? *q->person : person;
}

static int ask_people(const struct question *q, const struct od_messenger_rule *rule)
{
	struct od_whatif whatif = { .change = OD_CHANGE_PEOPLE, .origin = rule->origin };
	struct od_person other = somebody(q);

	if (rule->who.people.n == 0)
		return 0;
	other.name = rule->who.people.items[0];
	return differs(q, q->policy, &other, q->messenger, q->on_duty, &whatif) ? note(q, &whatif)
										: 0;
}

static int ask_groups(const struct question *q, const struct od_messenger_rule *rule)
{
	struct od_person other = somebody(q);
	const char **groups = calloc(other.n_groups + 1, sizeof(*groups));
	int r = 0;

	if (!groups)
		return -ENOMEM;
	for (size_t i = 0; i < other.n_groups; i++)
		groups[i] = other.groups[i];
	other.groups = groups;
	other.n_groups++;
	od_array_foreach (group, &rule->who.groups) {
		struct od_whatif whatif = {
			.change = OD_CHANGE_GROUP, .origin = rule->origin, .detail = *group
		};

		groups[other.n_groups - 1] = *group;
		if (r == 0 && differs(q, q->policy, &other, q->messenger, q->on_duty, &whatif))
			r = note(q, &whatif);
	}
	free(groups);
	return r;
}

static int ask_sections(const struct question *q)
{
	int r = 0;

	od_array_foreach (rule, &q->policy->messengers) {
		if (r != 0 || strcmp(rule->id, q->messenger->id) != 0)
			continue;
		r = ask_section(q, rule);
		if (r == 0)
			r = ask_people(q, rule);
		if (r == 0)
			r = ask_groups(q, rule);
	}
	return r;
}

static int ask_duty(const struct question *q)
{
	struct od_whatif whatif = { .change = q->on_duty ? OD_CHANGE_OFF_DUTY : OD_CHANGE_ON_DUTY };

	if (!differs(q, q->policy, q->person, q->messenger, !q->on_duty, &whatif))
		return 0;
	od_array_foreach (rule, &q->policy->messengers)
		if (strcmp(rule->id, q->messenger->id) == 0)
			whatif.origin = rule->origin;
	return note(q, &whatif);
}

/* ---- the six points ------------------------------------------------------------------------------ */

static bool unmet(const struct question *q, const struct od_requirement *requirement)
{
	return !od_requirement_met(requirement, q->messenger, q->policy->unknown);
}

static int ask_facts(const struct question *q)
{
	struct od_messenger better = *q->messenger;
	struct od_whatif whatif = { .change = OD_CHANGE_FACTS };
	int r = 0;

	od_array_foreach (requirement, &q->policy->require) {
		struct od_fact *fact = &better.facts[requirement->criterion];

		if (!unmet(q, requirement))
			continue;
		if (fact->level < requirement->level || fact->level < 0)
			fact->level = requirement->level < 0 ? 0 : requirement->level;
		fact->confidence = OD_CONFIDENCE_VERIFIED;
	}
	if (!differs(q, q->policy, q->person, &better, q->on_duty, &whatif))
		return 0;
	od_array_foreach (requirement, &q->policy->require) {
		if (r != 0 || !unmet(q, requirement))
			continue;
		whatif.origin = requirement->origin;
		whatif.detail = od_requirement_to_string(requirement);
		whatif.fact = &q->messenger->facts[requirement->criterion];
		r = note(q, &whatif);
	}
	return r;
}

static int ask_unknown(const struct question *q)
{
	struct od_whatif whatif = { .change = OD_CHANGE_UNKNOWN };
	struct od_policy copy = *q->policy;

	if (q->policy->unknown == OD_UNKNOWN_PASS)
		return 0;
	copy.unknown = OD_UNKNOWN_PASS;
	return differs(q, &copy, q->person, q->messenger, q->on_duty, &whatif) ? note(q, &whatif)
									       : 0;
}

int od_whatif_launch(const struct od_policy *policy, const struct od_person *person,
	const struct od_messenger *messenger, bool on_duty, od_whatifs *ret)
{
	struct question q = { policy, person, messenger, on_duty, .answers = ret };
	int r;

	*ret = (od_whatifs){ 0 };
	od_launch_decide(policy, person, messenger, on_duty, &q.now);
	if (q.now.reason.rule == OD_RULE_EXEMPT)
		return 0;
	r = ask_lists(&q);
	if (r == 0)
		r = ask_sections(&q);
	if (r == 0)
		r = ask_duty(&q);
	if (r == 0)
		r = ask_facts(&q);
	if (r == 0)
		r = ask_unknown(&q);
	if (r != 0) {
		free(ret->items);
		*ret = (od_whatifs){ 0 };
	}
	return r;
}

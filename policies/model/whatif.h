/*
 * What would change a launch verdict: not guessed, but decided again with one thing otherwise.
 */
#pragma once

#include "model/policy.h"

/* What would be otherwise. Names (to_string) travel on D-Bus and in JSON: never change one. */
enum od_change {
	OD_CHANGE_APPROVE,   /* [messengers] approved named it (and blocked did not) */
	OD_CHANGE_UNAPPROVE, /* [messengers] approved named it no longer */
	OD_CHANGE_UNBLOCK,   /* [messengers] blocked named neither it nor its service */
	OD_CHANGE_SECTION,   /* there were no [messenger X] for it */
	OD_CHANGE_PEOPLE,    /* it were for the people the section names */
	OD_CHANGE_GROUP,     /* the person were in the group .detail */
	OD_CHANGE_ON_DUTY,   /* the person were on duty */
	OD_CHANGE_OFF_DUTY,
	OD_CHANGE_FACTS,   /* it met .detail, and all other points of such entries */
	OD_CHANGE_UNKNOWN, /* unknown = pass */
	OD_CHANGE_MAX_,
};

struct od_whatif {
	enum od_change change;
	enum od_verdict verdict;    /* what it would lead to, in the mode that is in force */
	struct od_origin origin;    /* of the line this is about; file NULL: none yet */
	const char *detail;         /* a group; an unmet "e2ee:default"; borrowed, or NULL */
	const struct od_fact *fact; /* FACTS: what is known instead; borrowed from the messenger */
};

typedef OD_ARRAY(struct od_whatif) od_whatifs;

const char *od_change_to_string(enum od_change change);
bool od_change_from_string(const char *text, enum od_change *ret);

/*
 * od_whatif_launch() - the single changes that would lead to another verdict
 * @person, @messenger, @on_duty: as for od_launch_decide(), but there must be a messenger
 * @ret: filled, strings borrowed from @policy and @messenger; freed with free(ret->items)
 *
 * Nothing for people who are not governed. OD_CHANGE_FACTS comes once for each point that is not met;
 * the verdict is that of all of them met together.
 *
 * Return: 0 or -ENOMEM.
 */
int od_whatif_launch(const struct od_policy *policy, const struct od_person *person,
	const struct od_messenger *messenger, bool on_duty, od_whatifs *ret) OD_CHECK;

/*
 * May this person start this messenger now?
 *
 * [messenger X] that names the person > one of their groups > nobody > blocked > approved >
 * require met = allow > unlisted. A bare name in blocked means the service; a rule through a
 * messenger beats one through its service.
 */
#pragma once

#include "model/policy.h"

/*
 * @person:    NULL: nobody in particular; an account that is not governed gets OD_RULE_EXEMPT
 * @messenger: NULL: the program is no messenger (allowed, OD_RULE_NOT_A_MESSENGER)
 * @on_duty:   for when =
 */
void od_launch_decide(const struct od_policy *policy, const struct od_person *person,
	const struct od_messenger *messenger, bool on_duty, struct od_decision *ret);

/* The alternative to name beside a refusal: first of suggest this person may start, else first
 * approved one, else NULL. */
const struct od_messenger *od_launch_suggest(
	const struct od_policy *policy, const struct od_person *person, bool on_duty);

/* Whether people like @uid are governed at all (uid >= UID_MIN, or system-users = yes). */
bool od_launch_governs(const struct od_policy *policy, uint32_t uid);

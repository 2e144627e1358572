/* From the bytes of a set to a policy. */
#pragma once

#include "ini/set.h"

/*
 * od_policy_build() - everything that is read, in order: catalogue, holidays, policy
 * @paths: for zoneinfo; NULL: names of messengers, zones and calendars are not checked
 *
 * Return: 0, OD_E_POLICY (at least one fault was added), or -errno.
 */
int od_policy_build(const struct od_set *set, const struct od_ini_paths *paths,
	struct od_problems *problems, struct od_policy **ret) OD_CHECK;

/* The list of absences that offduty-calendar left for a person. */
#pragma once

#include "model/leave.h"
#include "model/policy.h"

#define OD_ABSENCE_MAX (2u << 20) /* bytes of a list */

/* Whether a schedule for @person has a leave feed at all. */
bool od_absence_wanted(const struct od_policy *policy, const struct od_person *person);

/* @folder/@name; *@ret NULL where there is no such list.
 * Return: 0, OD_E_SYNTAX or OD_E_LIMIT (not a list), -errno. */
int od_absence_load(const char *folder, const char *name, struct od_leave **ret) OD_CHECK;

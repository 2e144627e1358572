/*
 * The parser never asks the name service (it runs where that may not be waited for); here, in front
 * of a person, it may take its time.
 */
#include "resolve.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

static void check_person(const char *name, struct od_origin origin, struct od_problems *problems)
{
	errno = 0;
	if (getpwnam(name))
		return;
	od_problem_add(problems, OD_SEVERITY_WARNING, "unknown-person", origin.file, origin.line, 0,
		N_("this host knows no person \"%s\"; what is said about them has no effect here"),
		name);
}

static void check_group(const char *name, struct od_origin origin, struct od_problems *problems)
{
	errno = 0;
	if (getgrnam(name))
		return;
	od_problem_add(problems, OD_SEVERITY_WARNING, "unknown-group", origin.file, origin.line, 0,
		N_("this host knows no group \"%s\"; what is said about it has no effect here"),
		name);
}

static void check_who(
	const struct od_who *who, struct od_origin origin, struct od_problems *problems)
{
	od_array_foreach (name, &who->people)
		check_person(*name, origin, problems);
	od_array_foreach (name, &who->groups)
		check_group(*name, origin, problems);
}

void od_resolve_check(const struct od_policy *policy, struct od_problems *problems)
{
	od_array_foreach (rule, &policy->messengers)
		check_who(&rule->who, rule->origin, problems);
	od_array_foreach (schedule, &policy->schedules)
		check_who(&schedule->who, schedule->origin, problems);
	od_array_foreach (on_call, &policy->on_calls)
		check_who(&on_call->who, on_call->origin, problems);
	od_array_foreach (sharing, &policy->sharings)
		check_who(&sharing->who, sharing->origin, problems);
}

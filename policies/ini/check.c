/*
 * Warnings: what is allowed to be written, but hardly meant.
 *
 * Whether a person or group exists is asked by the command line, which may talk to the name
 * service; a library inside the guard must not.
 */
#include <string.h>

#include "ini/sections.h"

static bool names_messenger(const od_names *names, const struct od_messenger *messenger)
{
	od_array_foreach (name, names)
		if (name->kind == OD_NAME_SERVICE ? strcmp(name->value, messenger->service) == 0
						  : name->kind == OD_NAME_MESSENGER &&
							    strcmp(name->value, messenger->id) == 0)
			return true;
	return false;
}

static bool name_means(const struct od_name *name, const struct od_messenger *messenger)
{
	const od_names one = { .items = (struct od_name *) name, .n = 1 };

	return names_messenger(&one, messenger);
}

static void warn_unmet(const struct od_policy *policy, const struct od_name *name,
	const struct od_messenger *messenger, struct od_problems *problems)
{
	od_array_foreach (requirement, &policy->require)
		if (!od_requirement_met(requirement, messenger, policy->unknown))
			od_problem_add(problems, OD_SEVERITY_WARNING, "approved-unmet",
				name->origin.file, name->origin.line, 0,
				N_("\"%s\" is approved, but is not known to meet \"%s\" (%s:%u); "
				   "approved wins"),
				messenger->id, od_requirement_to_string(requirement),
				requirement->origin.file, requirement->origin.line);
}

static void check_approved(const struct od_policy *policy, const struct od_name *name,
	const struct od_messenger *messenger, struct od_problems *problems)
{
	if (names_messenger(&policy->blocked, messenger)) {
		od_problem_add(problems, OD_SEVERITY_WARNING, "approved-and-blocked",
			name->origin.file, name->origin.line, 0,
			N_("\"%s\" is approved and blocked; blocked wins"), messenger->id);
		return;
	}
	warn_unmet(policy, name, messenger, problems);
}

static void check_suggested(const struct od_policy *policy, const struct od_name *name,
	const struct od_messenger *messenger, struct od_problems *problems)
{
	if (names_messenger(&policy->blocked, messenger))
		od_problem_add(problems, OD_SEVERITY_WARNING, "suggested-and-blocked",
			name->origin.file, name->origin.line, 0,
			N_("\"%s\" is suggested, but blocked"), messenger->id);
}

static void for_each_meant(const struct od_policy *policy, const od_names *names,
	struct od_problems *problems,
	void (*check)(const struct od_policy *policy, const struct od_name *name,
		const struct od_messenger *messenger, struct od_problems *problems))
{
	for (size_t i = 0; i < od_catalogue_size(policy->catalogue); i++) {
		const struct od_messenger *messenger = od_catalogue_at(policy->catalogue, i);

		od_array_foreach (name, names)
			if (name_means(name, messenger))
				check(policy, name, messenger, problems);
	}
}

void od_check_policy(const struct od_policy *policy, struct od_problems *problems)
{
	for_each_meant(policy, &policy->approved, problems, check_approved);
	for_each_meant(policy, &policy->suggest, problems, check_suggested);
}

#include "model/origin.h"

#include <stdlib.h>
#include <string.h>

static const char *const kind_names[] = {
	[OD_NAME_MESSENGER] = "messenger",
	[OD_NAME_SERVICE] = "service",
	[OD_NAME_DESKTOP] = "desktop",
	[OD_NAME_SITE] = "site",
	[OD_NAME_QUALITY] = "quality",
	[OD_NAME_CARRIER] = "carrier",
};

enum od_rank od_who_rank(const struct od_who *who, const struct od_person *person)
{
	if (who->people.n == 0 && who->groups.n == 0)
		return OD_RANK_EVERYBODY;
	if (!person)
		return OD_RANK_NONE;
	if (person->name && od_strings_contains(&who->people, person->name))
		return OD_RANK_PERSON;
	for (size_t i = 0; i < person->n_groups; i++)
		if (od_strings_contains(&who->groups, person->groups[i]))
			return OD_RANK_GROUP;
	return OD_RANK_NONE;
}

void od_who_done(struct od_who *who)
{
	od_strings_done(&who->people);
	od_strings_done(&who->groups);
}

void od_names_done(od_names *names)
{
	od_array_foreach (name, names)
		free(name->value);
	free(names->items);
	memset(names, 0, sizeof(*names));
}

const char *od_name_kind_to_string(enum od_name_kind kind)
{
	return (size_t) kind < OD_ELEMENTS(kind_names) ? kind_names[kind] : "unknown";
}

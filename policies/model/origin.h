/* Where a value was written, who asks, and names as an admin writes them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/array.h"

/* The line that decided. @file belongs to the policy and lives as long; NULL: built in. */
struct od_origin {
	const char *file;
	unsigned line; /* from 1; 0: the whole file */
};

/* A person, as the host's name service knows them. All borrowed; the caller looked them up. */
struct od_person {
	const char *name;
	uint32_t uid;
	const char *const *groups; /* names of *all* groups, primary one included */
	size_t n_groups;
};

/* people = / groups = of a section. Both empty: everybody. */
struct od_who {
	od_strings people;
	od_strings groups;
};

enum od_rank { OD_RANK_NONE, OD_RANK_EVERYBODY, OD_RANK_GROUP, OD_RANK_PERSON };

/* How exactly @who names @person. @person NULL (nobody in particular): NONE unless everybody. */
enum od_rank od_who_rank(const struct od_who *who, const struct od_person *person);
void od_who_done(struct od_who *who);

enum od_name_kind {
	OD_NAME_MESSENGER, /* messenger:signal, or a bare name where the key means the client */
	OD_NAME_SERVICE,   /* service:telegram, or a bare name where the key means the network */
	OD_NAME_DESKTOP,   /* desktop:netops-alert */
	OD_NAME_SITE,      /* site:*.sharepoint.com/path */
	OD_NAME_QUALITY,   /* quality:no-e2ee */
	OD_NAME_CARRIER,   /* carrier:browser */
};

struct od_name {
	enum od_name_kind kind;
	char *value; /* without the prefix */
	struct od_origin origin;
};

typedef OD_ARRAY(struct od_name) od_names;
void od_names_done(od_names *names);
const char *od_name_kind_to_string(enum od_name_kind kind);

/* What a verb has to find out itself when no daemon is asked: the time, the zone, the person. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "model/origin.h"
#include "model/zone.h"

struct od_cli;

#define OD_OFFLINE_GROUPS_MAX 256

/* A person as the name service of this host knows them; strings are owned. */
struct od_known_person {
	struct od_person person; /* .uid is one of a person where nobody here has that name */
	char *name, *home;
	od_strings groups;
	bool known;
};

/* Return: 0 (also where nobody has that name or number: then without groups), or -ENOMEM. */
int od_offline_person(const char *name, struct od_known_person *ret) OD_CHECK;
int od_offline_uid(uid_t uid, struct od_known_person *ret) OD_CHECK;
/* Somebody of whom only one group is known. Return: 0 or -ENOMEM. */
int od_offline_member(const char *group, struct od_known_person *ret) OD_CHECK;
void od_known_person_done(struct od_known_person *person);

/* The host's zone, or UTC where it cannot be read; one reference. */
struct od_zone *od_offline_zone(void);
/* The host's time, in microseconds. */
int64_t od_offline_now(void);
/* --at in @zone, else now. Return: 0, or od_cli_fail() has said why not. */
int od_offline_at(const struct od_cli *cli, const struct od_zone *zone, int64_t *ret_us) OD_CHECK;

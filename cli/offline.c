/*
 * The only clock of the command line. With a daemon it is the daemon's time that counts; without one
 * there is none but the host's, and --at takes its place.
 */
#include "offline.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <time.h>

#include "base/translate.h"
#include "cli.h"
#include "ini/load.h"
#include "when.h"

static int add_groups(const struct passwd *entry, struct od_known_person *ret)
{
	gid_t ids[OD_OFFLINE_GROUPS_MAX];
	int n = OD_OFFLINE_GROUPS_MAX, r = 0;

	if (getgrouplist(entry->pw_name, entry->pw_gid, ids, &n) < 0)
		n = OD_OFFLINE_GROUPS_MAX; /* in more: the first ones */
	for (int i = 0; r == 0 && i < n; i++) {
		const struct group *group = getgrgid(ids[i]);

		if (group)
			r = od_strings_add(&ret->groups, group->gr_name, (size_t) -1);
	}
	return r;
}

/* @entry may be NULL: nobody here. */
static int fill(const struct passwd *entry, const char *name, struct od_known_person *ret)
{
	int r = 0;

	ret->known = entry != NULL;
	ret->person.uid = entry ? entry->pw_uid : 1000;
	if (entry || name) {
		ret->name = strdup(entry ? entry->pw_name : name);
		r = ret->name ? 0 : -ENOMEM;
	}
	if (r == 0 && entry) {
		ret->home = strdup(entry->pw_dir);
		r = ret->home ? add_groups(entry, ret) : -ENOMEM;
	}
	ret->person.name = ret->name;
	ret->person.groups = (const char *const *) ret->groups.items;
	ret->person.n_groups = ret->groups.n;
	return r;
}

int od_offline_person(const char *name, struct od_known_person *ret)
{
	*ret = (struct od_known_person){ 0 };
	return fill(getpwnam(name), name, ret);
}

int od_offline_uid(uid_t uid, struct od_known_person *ret)
{
	int r;

	*ret = (struct od_known_person){ 0 };
	r = fill(getpwuid(uid), NULL, ret);
	ret->person.uid = uid;
	return r;
}

int od_offline_member(const char *group, struct od_known_person *ret)
{
	int r;

	*ret = (struct od_known_person){ 0 };
	r = od_strings_add(&ret->groups, group, (size_t) -1);
	return r == 0 ? fill(NULL, NULL, ret) : r;
}

void od_known_person_done(struct od_known_person *person)
{
	free(person->name);
	free(person->home);
	od_strings_done(&person->groups);
	*person = (struct od_known_person){ 0 };
}

struct od_zone *od_offline_zone(void)
{
	struct od_zone *zone = NULL;

	return od_ini_local_zone("/etc/localtime", &zone) == 0 ? zone : od_zone_utc();
}

int64_t od_offline_now(void)
{
	struct timespec now;

	(void) clock_gettime(CLOCK_REALTIME, &now); /* cannot fail for this clock */
	return (int64_t) now.tv_sec * OD_USEC_PER_SEC + now.tv_nsec / 1000;
}

int od_offline_at(const struct od_cli *cli, const struct od_zone *zone, int64_t *ret_us)
{
	const char *text = od_cli_flag(cli, "at");
	int r;

	*ret_us = od_offline_now();
	if (!text)
		return 0;
	r = od_when_parse(text, *ret_us, zone, ret_us);
	return r != 0 ? od_cli_fail(cli, r, _("\"%s\" is no time."), text) : 0;
}

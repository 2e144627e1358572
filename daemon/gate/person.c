/* Names of a person and their groups. A group without a name is left out: no policy can name it. */
#include "gate/person.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#define GROUPS_MAX 4096

static int add_groups(struct od_whoami *who, const struct passwd *entry)
{
	od_cleanup(od_freep) gid_t *ids = calloc(GROUPS_MAX, sizeof(*ids));
	int n = GROUPS_MAX;

	if (!ids)
		return -ENOMEM;
	if (getgrouplist(entry->pw_name, entry->pw_gid, ids, &n) < 0)
		n = GROUPS_MAX; /* more than any host allows: the first ones */
	for (int i = 0; i < n; i++) {
		const struct group *group = getgrgid(ids[i]);

		if (group && od_strings_add(&who->groups, group->gr_name, (size_t) -1) < 0)
			return -ENOMEM;
	}
	return 0;
}

int od_whoami_load(struct od_whoami *ret)
{
	const struct passwd *entry = getpwuid(getuid());
	struct od_whoami who = { .name = strdup(entry ? entry->pw_name : "") };
	int r = who.name ? 0 : -ENOMEM;

	if (r == 0 && entry)
		r = add_groups(&who, entry);
	if (r != 0) {
		od_whoami_done(&who);
		return r;
	}
	who.person = (struct od_person){
		.name = who.name,
		.uid = getuid(),
		.groups = (const char *const *) who.groups.items,
		.n_groups = who.groups.n,
	};
	*ret = who;
	return 0;
}

void od_whoami_done(struct od_whoami *whoami)
{
	free(whoami->name);
	od_strings_done(&whoami->groups);
	*whoami = (struct od_whoami){ 0 };
}

/* Who runs this program, as the host's name service knows them. */
#pragma once

#include "base/array.h"
#include "model/origin.h"

struct od_whoami {
	char *name;
	od_strings groups;       /* all of them, the primary one included */
	struct od_person person; /* borrows from the two above */
};

/* May wait for the network (NSS): at the start and when the policy changed, never in between.
 * A person nobody knows has the name "" and no groups. Return: 0 or -ENOMEM. */
int od_whoami_load(struct od_whoami *ret) OD_CHECK;
void od_whoami_done(struct od_whoami *whoami);

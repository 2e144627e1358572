/* A folder of policy files put in place of another by one rename. */
#pragma once

#include "base/array.h"

struct od_install {
	int at;               /* the folder it goes into, open and locked; -1: not begun */
	const char *name;     /* of what is replaced: "policy.d" */
	char *fresh, *former; /* beside it: ".policy.d.new", "policy.d.former" */
	bool swapped;
};

/*
 * od_install_begin() - lock @parent (made where it is missing) and make an empty folder beside @name
 *
 * Return: 0, OD_E_BUSY (somebody else is at it), or -errno.
 */
int od_install_begin(const char *parent, const char *name, struct od_install *ret) OD_CHECK;
/*
 * od_install_copy() - the *.ini of @from, and links to /dev/null, into @sub of the fresh folder
 * @sub: NULL: into itself
 *
 * All of it belongs to the caller, 0755 and 0644, and is on the disk. Anything that is neither is an
 * error, named in @reterr_name (room for 256).
 *
 * Return: 0, OD_E_SYNTAX (no ordinary file), OD_E_LIMIT (too large), or -errno.
 */
int od_install_copy(
	struct od_install *install, const char *from, const char *sub, char *reterr_name) OD_CHECK;
/*
 * od_install_swap() - the fresh folder takes the place of the old one, which is kept as the former
 *
 * One rename where the filesystem can exchange two names; elsewhere two, with a moment in between in
 * which there is neither. Return: 0 or -errno (then nothing changed).
 */
int od_install_swap(struct od_install *install) OD_CHECK;
/* For one that is { .at = -1 } or was begun. Unlocks; what was not swapped in is removed. */
void od_install_done(struct od_install *install);

/*
 * The policy a program lives by: loads, keeps the last good set, says what is wrong with the new.
 *
 * A set with a fault changes nothing. With @last_good_dir and @keep_last_good a good set is also
 * copied there (its files, by one rename; the copy before it stays as @last_good_dir.former), and
 * used when the live set is faulty at start.
 *
 * A reload that finds the same bytes keeps the policy and its generation, and with them the zone
 * data read for it, unless .renew was set. A copy that cannot be written is a warning
 * among .problems ("last-good-not-kept"); the policy is in force all the same.
 */
#pragma once

#include "ini/load.h"

struct od_source {
	struct od_ini_paths paths;
	const char *last_good_dir; /* NULL: none */
	bool keep_last_good;       /* this program writes it (the guard) */

	bool renew; /* the next good set counts as new: other zone data */

	struct od_policy *policy;    /* in force; NULL until the first good set */
	unsigned generation;         /* counts changes of @policy */
	bool from_last_good;         /* @policy was read from @last_good_dir */
	struct od_problems problems; /* of the last attempt */
};

/* Return: 0 (a policy is in force and the new set was taken or is the same), OD_E_POLICY (faults;
 * source->policy is what it was, possibly NULL), OD_E_BUSY (the files change while they are read:
 * nothing was done, try again later), -errno. */
int od_source_reload(struct od_source *source) OD_CHECK;
void od_source_done(struct od_source *source);

/*
 * The policy a program lives by.
 *
 * A new set is built beside the one in force and takes its place whole or not at all. What the last
 * good set was is kept as files (set.c), not as a parsed thing, so that an upgraded program reads it
 * with its own parser.
 *
 * A set counts only when it hashes the same after it was understood as before: what was half
 * written is neither put in force nor reported as faulty.
 */
#include "ini/source.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "ini/build.h"

#define READINGS 3 /* of a set that changes under our eyes, before it is left for later */

static void keep_last_good(struct od_source *source, const struct od_set *set, const char *hex)
{
	int r;

	if (!source->last_good_dir || !source->keep_last_good)
		return;
	r = od_set_save(set, hex, source->last_good_dir);
	if (r < 0)
		od_problem_add(&source->problems, OD_SEVERITY_WARNING, "last-good-not-kept",
			source->last_good_dir, 0, 0,
			N_("the policy could not be copied here, to be found again after a "
			   "restart: %s"),
			strerror(-r));
}

static void put_in_force(struct od_source *source, struct od_policy *policy, bool from_last_good)
{
	struct od_policy *former = source->policy;

	source->policy = policy;
	source->generation++;
	source->from_last_good = from_last_good;
	od_policy_unref(former);
}

/* Whether the set is still what was read: a tool that writes file after file may be at it. */
static int still_the_same(const struct od_source *source, const struct od_set *set)
{
	od_cleanup(od_problems_done) struct od_problems problems = { 0 };
	od_cleanup(od_set_done) struct od_set now = { 0 };
	char before[OD_SHA256_HEX], after[OD_SHA256_HEX];
	int r = od_set_read(&source->paths, &problems, &now);

	if (r != 0)
		return r;
	od_set_hash(set, before);
	od_set_hash(&now, after);
	return strcmp(before, after) == 0 && problems.errors <= source->problems.errors ? 0
											: OD_E_BUSY;
}

/* One reading. OD_E_BUSY: it is worth nothing, the set changed meanwhile. */
static int read_once(struct od_source *source, struct od_set *set, struct od_policy **ret)
{
	int r = od_set_read(&source->paths, &source->problems, set), same;

	if (r == 0)
		r = od_policy_build(set, &source->paths, &source->problems, ret);
	if (r == 0 && source->problems.errors)
		r = OD_E_POLICY;
	if (r != 0 && r != OD_E_POLICY)
		return r;
	same = still_the_same(source, set);
	return same != 0 ? same : r;
}

static int load_live(struct od_source *source)
{
	od_cleanup(od_set_done) struct od_set set = { 0 };
	od_cleanup(od_policy_unrefp) struct od_policy *policy = NULL;
	int r = read_once(source, &set, &policy);

	for (int i = 1; r == OD_E_BUSY && i < READINGS; i++) {
		od_policy_unref(od_take(&policy));
		od_set_done(&set);
		od_problems_done(&source->problems);
		r = read_once(source, &set, &policy);
	}
	if (r != 0)
		return r;
	keep_last_good(source, &set, policy->sha256);
	if (!source->renew && source->policy && strcmp(source->policy->sha256, policy->sha256) == 0)
		source->from_last_good = false; /* the same, now live again */
	else
		put_in_force(source, od_take(&policy), false);
	source->renew = false;
	return 0;
}

/* The copy in @folder, when it is whole and good. Return: 0, or anything else. */
static int load_copy(const struct od_source *source, const char *folder, struct od_policy **ret)
{
	static const char *const kinds[] = { "policy.d", "catalogue.d", "holidays.d" };
	od_cleanup(od_set_done) struct od_set set = { 0 };
	od_cleanup(od_problems_done) struct od_problems problems = { 0 };
	struct od_ini_paths paths = source->paths;
	const char *folders[OD_ELEMENTS(kinds)][2] = { { NULL } };
	char text[OD_ELEMENTS(kinds)][PATH_MAX];
	int r;

	for (size_t i = 0; i < OD_ELEMENTS(kinds); i++) {
		if (snprintf(text[i], PATH_MAX, "%s/%s", folder, kinds[i]) >= PATH_MAX)
			return -ENAMETOOLONG;
		folders[i][0] = text[i];
	}
	paths.policy = folders[0];
	paths.catalogue = folders[1];
	paths.holidays = folders[2];
	r = od_set_read(&paths, &problems, &set);
	if (r == 0 && (problems.errors || !od_set_whole(&set, folder)))
		return OD_E_NOT_FOUND; /* none was kept, it is torn, or somebody else wrote it */
	return r == 0 ? od_policy_build(&set, &paths, &problems, ret) : r;
}

static void load_last_good(struct od_source *source)
{
	od_cleanup(od_policy_unrefp) struct od_policy *policy = NULL;
	char former[PATH_MAX];
	int r = load_copy(source, source->last_good_dir, &policy);

	if (r != 0 && snprintf(former, sizeof(former), "%s.former", source->last_good_dir) <
			      (int) sizeof(former))
		r = load_copy(source, former, &policy);
	if (r == 0)
		put_in_force(source, od_take(&policy), true);
}

int od_source_reload(struct od_source *source)
{
	int r;

	od_problems_done(&source->problems);
	r = load_live(source);
	if ((r == OD_E_POLICY || r == OD_E_BUSY) && !source->policy && source->last_good_dir)
		load_last_good(source);
	od_problems_sort(&source->problems);
	return r;
}

void od_source_done(struct od_source *source)
{
	od_policy_unref(source->policy);
	source->policy = NULL;
	od_problems_done(&source->problems);
}

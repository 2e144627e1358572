/* Where a policy is read from, as the arguments and options of a verb name it. */
#pragma once

#include "ini/load.h"
#include "model/policy.h"

struct od_cli;

struct od_places {
	struct od_ini_paths paths;
	const char *const *files; /* paths.policy are single files; NULL: folders */
	bool installed;           /* what is in force here, as far as files say it */
	struct od_ini_paths *host;
	od_strings policy, catalogue, holidays; /* owned by this */
};

/*
 * od_places_find() - what @n words (folders, or files; trailing slashes are cut off) stand for
 *
 * None: the installed places, below --root where that was said. A folder: a whole root, a set with
 * policy.d in it, or *.ini; several are layers. Catalogue and holidays come from --catalogue and
 * --holidays, else from the source tree around, else the installed ones; what lies beside the policy
 * on top.
 *
 * Return: 0, or od_cli_fail() has said why not.
 */
int od_places_find(
	const struct od_cli *cli, char **words, size_t n, struct od_places *ret) OD_CHECK;
/* The installed places as they would be with the admin's layer taken from @folder. Same results. */
int od_places_pushed(const struct od_cli *cli, char *folder, struct od_places *ret) OD_CHECK;
/* The set the guard has kept as the last good one. Same results. */
int od_places_last_good(const struct od_cli *cli, struct od_places *ret) OD_CHECK;
void od_places_done(struct od_places *places);

/* Return: 0, OD_E_POLICY (faults were added), or od_cli_fail() has said why not. */
int od_places_load(const struct od_cli *cli, const struct od_places *places,
	struct od_problems *problems, struct od_policy **ret) OD_CHECK;
/* The same, but a set with faults is shown (od_problems_show) and is a failure. Warnings are not
 * shown. @missing_ok: a set without a single policy file is one, too. */
int od_places_require(const struct od_cli *cli, const struct od_places *places, bool missing_ok,
	struct od_policy **ret) OD_CHECK;
/* Whether a single file of the policy lies there: one without any has no fault either. */
bool od_places_has_policy(const struct od_places *places, const struct od_policy *policy);
/* What one would say for it: "the installed policy", or the first word. */
const char *od_places_name(const struct od_places *places);

/* "--root=DIR" ("" where it was not given). */
const char *od_places_root(const struct od_cli *cli);
/* The folder of *.ini that @folder means: its policy.d, or itself. @path: room for PATH_MAX. */
int od_places_policy_of(const struct od_cli *cli, char *folder, char *path) OD_CHECK;

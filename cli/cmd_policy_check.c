/*
 * A policy checked without any daemon, by the parser the daemons use.
 *
 * Where from: nothing named = the installed places; a folder = a whole root (etc/offduty/policy.d
 * below it), a set (policy.d in it) or a plain folder of *.ini; several folders = layers, lowest
 * first; files = each on its own. The catalogue and the holidays come from beside what is checked,
 * else from the source tree around it, else from the installed places.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/error.h"
#include "base/translate.h"
#include "cli.h"
#include "commands.h"
#include "ini/load.h"
#include "problems.h"
#include "resolve.h"

#define TREE_DEPTH 12 /* folders upwards to look for a source tree */

struct places {
	od_strings policy, catalogue, holidays;
	struct od_ini_paths paths;
};

static void places_done(struct places *places)
{
	od_strings_done(&places->policy);
	od_strings_done(&places->catalogue);
	od_strings_done(&places->holidays);
}

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool has_folder(const char *folder, const char *below, char path[PATH_MAX])
{
	return snprintf(path, PATH_MAX, "%s/%s", folder, below) < PATH_MAX && is_folder(path);
}

/* @below in @start or in a folder above it: "policies/catalogue" from policies/examples. */
static bool find_above(const char *start, const char *below, char path[PATH_MAX])
{
	char folder[PATH_MAX];

	if (!realpath(start, folder))
		return false;
	for (int i = 0; i < TREE_DEPTH; i++) {
		char *slash = strrchr(folder, '/');

		if (has_folder(folder, below, path))
			return true;
		if (!slash || slash == folder)
			return false;
		*slash = '\0';
	}
	return false;
}

static int add(od_strings *list, const char *path)
{
	return od_strings_add(list, path, (size_t) -1);
}

static int add_installed(od_strings *list, const char *name)
{
	static const char *const layers[] = { OFFDUTY_VENDOR_DIR, OFFDUTY_ADMIN_DIR,
		OFFDUTY_VOLATILE_DIR };
	char path[PATH_MAX];
	int r = 0;

	for (size_t i = 0; r == 0 && i < OD_ELEMENTS(layers); i++)
		if (has_folder(layers[i], name, path))
			r = add(list, path);
	return r;
}

/* Where the catalogue or the holidays are: said by hand, in the source tree, or installed; and what
 * lies beside the policy on top of that. */
static int data_find(const struct od_cli *cli, const char *flag, const char *name, od_strings *ret)
{
	const char *said = od_cli_flag(cli, flag);
	char in_tree[64], path[PATH_MAX];
	int r = 0;

	if (said)
		return is_folder(said)
			       ? add(ret, said)
			       : od_cli_fail(cli, OD_E_NOT_FOUND, _("%s is no folder."), said);
	(void) snprintf(in_tree, sizeof(in_tree), "policies/%s", flag);
	if ((cli->n_arguments && find_above(cli->arguments[0], in_tree, path)) ||
		(!is_folder(OFFDUTY_VENDOR_DIR) && find_above(".", in_tree, path)))
		r = add(ret, path);
	else
		r = add_installed(ret, name);
	for (size_t i = 0; r == 0 && i < cli->n_arguments; i++)
		if (has_folder(cli->arguments[i], name, path))
			r = add(ret, path);
	return r;
}

static int add_policy(const struct od_cli *cli, od_strings *ret)
{
	char path[PATH_MAX];
	int r = 0;

	for (size_t i = 0; r == 0 && i < cli->n_arguments; i++) {
		const char *folder = cli->arguments[i];

		if (is_folder(folder))
			r = add(ret, has_folder(folder, "policy.d", path) ? path : folder);
	}
	return r;
}

/* NULL at the end, as struct od_ini_paths has it. */
static const char *const *terminated(od_strings *list)
{
	return od_array_add(list) ? (const char *const *) list->items : NULL;
}

static int places_fill(const struct od_cli *cli, struct places *ret)
{
	int r = add_policy(cli, &ret->policy);

	if (r == 0)
		r = data_find(cli, "catalogue", "catalogue.d", &ret->catalogue);
	if (r == 0)
		r = data_find(cli, "holidays", "holidays.d", &ret->holidays);
	if (r != 0)
		return r > 0 ? r : od_cli_fail(cli, r, NULL);
	ret->paths.policy = terminated(&ret->policy);
	ret->paths.catalogue = terminated(&ret->catalogue);
	ret->paths.holidays = terminated(&ret->holidays);
	ret->paths.zoneinfo = "/usr/share/zoneinfo";
	return ret->paths.policy && ret->paths.catalogue && ret->paths.holidays
		       ? 0
		       : od_cli_fail(cli, -ENOMEM, NULL);
}

static bool is_root_of_host(const char *folder)
{
	char path[PATH_MAX];

	return has_folder(folder, "etc/offduty/policy.d", path) ||
	       has_folder(folder, "usr/lib/offduty/policy.d", path) ||
	       has_folder(folder, "run/offduty/policy.d", path);
}

/* "examples/" would be shown as "examples//10-company.ini". */
static void trim_slashes(char *path)
{
	for (size_t n = strlen(path); n > 1 && path[n - 1] == '/'; n--)
		path[n - 1] = '\0';
}

/* Whether all arguments are folders, or all are files. */
static int arguments_check(const struct od_cli *cli, bool *ret_files)
{
	size_t folders = 0;

	for (size_t i = 0; i < cli->n_arguments; i++) {
		trim_slashes(cli->arguments[i]);
		if (access(cli->arguments[i], R_OK) < 0)
			return od_cli_fail(
				cli, OD_E_NOT_FOUND, "%s: %s", cli->arguments[i], strerror(errno));
		folders += is_folder(cli->arguments[i]);
	}
	*ret_files = folders == 0 && cli->n_arguments > 0;
	if (folders && folders < cli->n_arguments)
		return od_cli_fail(cli, OD_E_USAGE, "%s", _("name folders or files, not both."));
	return 0;
}

/* A set without a single file has no fault, and is hardly what was meant. */
static bool has_policy(const struct od_policy *policy, const char *const *folders)
{
	for (; folders && *folders; folders++) {
		size_t n = strlen(*folders);

		od_array_foreach (file, &policy->files)
			if (strncmp(*file, *folders, n) == 0 && (*file)[n] == '/')
				return true;
	}
	return false;
}

static int load_folders(const struct od_cli *cli, const struct od_ini_paths *paths,
	struct od_problems *problems, struct od_policy **ret)
{
	int r = od_ini_load(paths, problems, ret);

	if (r == 0 && !has_policy(*ret, paths->policy))
		return od_cli_fail(cli, OD_E_NOT_FOUND, _("there is no policy (*.ini) in %s."),
			paths->policy && *paths->policy ? *paths->policy : "");
	return r == 0 || r == OD_E_POLICY ? r : od_cli_fail(cli, r, NULL);
}

static bool any_folder(const char *const *folders)
{
	while (folders && *folders)
		if (is_folder(*folders++))
			return true;
	return false;
}

/* The installed places, or those below a root; what a root lacks, or was said by hand, from
 * elsewhere. */
static int load_host(const struct od_cli *cli, struct od_problems *problems, struct od_policy **ret)
{
	od_cleanup(od_ini_paths_freep) struct od_ini_paths *host = NULL;
	od_cleanup(places_done) struct places places = { 0 };
	struct od_ini_paths paths;
	int r = od_ini_paths_new(cli->n_arguments ? cli->arguments[0] : NULL, &host);

	if (r != 0)
		return od_cli_fail(cli, r, NULL);
	r = places_fill(cli, &places);
	if (r != 0)
		return r;
	paths = *host;
	paths.live = cli->n_arguments == 0;
	if (od_cli_flag(cli, "catalogue") || !any_folder(paths.catalogue))
		paths.catalogue = places.paths.catalogue;
	if (od_cli_flag(cli, "holidays") || !any_folder(paths.holidays))
		paths.holidays = places.paths.holidays;
	return load_folders(cli, &paths, problems, ret);
}

static int load(const struct od_cli *cli, struct od_problems *problems, struct od_policy **ret)
{
	od_cleanup(places_done) struct places places = { 0 };
	bool files;
	int r = arguments_check(cli, &files);

	if (r != 0)
		return r;
	if (cli->n_arguments == 0 || (cli->n_arguments == 1 && is_root_of_host(cli->arguments[0])))
		return load_host(cli, problems, ret);
	r = places_fill(cli, &places);
	if (r != 0)
		return r;
	if (!files)
		return load_folders(cli, &places.paths, problems, ret);
	r = od_ini_load_files((const char *const *) cli->arguments, &places.paths, problems, ret);
	return r == 0 || r == OD_E_POLICY ? r : od_cli_fail(cli, r, NULL);
}

int od_cmd_policy_check(struct od_cli *cli)
{
	od_cleanup(od_problems_done) struct od_problems problems = { .translate = od_translate };
	od_cleanup(od_policy_unrefp) struct od_policy *policy = NULL;
	size_t counted;
	int r = load(cli, &problems, &policy);

	if (r != 0 && r != OD_E_POLICY)
		return r;
	counted = problems.list.n;
	if (policy)
		od_resolve_check(policy, &problems);
	/* A policy from elsewhere is for other hosts, which know other people. */
	if (cli->n_arguments == 0)
		counted = problems.list.n;
	od_problems_show(cli, &problems, policy);
	return r == 0 && od_cli_flag(cli, "strict") && counted > 0 ? OD_E_POLICY : r;
}

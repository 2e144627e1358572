/*
 * One answer to "which policy?" for every verb that reads one without a daemon.
 *
 * The catalogue and the holidays come from beside what is read, else from the source tree around it,
 * else from the installed places, so that a checkout can be checked on a machine without Offduty.
 */
#include "places.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/translate.h"
#include "cli.h"
#include "problems.h"

#define TREE_DEPTH 12 /* folders upwards to look for a source tree */
#define LAYERS     3
#define ADMIN      1 /* of the three */

/* The words a search starts from. */
struct words {
	char **list;
	size_t n;
};

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
	static const char *const layers[LAYERS] = { OFFDUTY_VENDOR_DIR, OFFDUTY_ADMIN_DIR,
		OFFDUTY_VOLATILE_DIR };
	char path[PATH_MAX];
	int r = 0;

	for (size_t i = 0; r == 0 && i < LAYERS; i++)
		if (has_folder(layers[i], name, path))
			r = add(list, path);
	return r;
}

/* Where the catalogue or the holidays are: said by hand, in the source tree, or installed; and what
 * lies beside the policy on top of that. */
static int data_find(const struct od_cli *cli, const struct words *words, const char *flag,
	const char *name, od_strings *ret)
{
	const char *said = od_cli_flag(cli, flag);
	char in_tree[64], path[PATH_MAX];
	int r = 0;

	if (said)
		return is_folder(said)
			       ? add(ret, said)
			       : od_cli_fail(cli, OD_E_NOT_FOUND, _("%s is no folder."), said);
	(void) snprintf(in_tree, sizeof(in_tree), "policies/%s", flag);
	if ((words->n && find_above(words->list[0], in_tree, path)) ||
		(!is_folder(OFFDUTY_VENDOR_DIR) && find_above(".", in_tree, path)))
		r = add(ret, path);
	else
		r = add_installed(ret, name);
	for (size_t i = 0; r == 0 && i < words->n; i++)
		if (has_folder(words->list[i], name, path))
			r = add(ret, path);
	return r;
}

static int add_policy(const struct words *words, od_strings *ret)
{
	char path[PATH_MAX];
	int r = 0;

	for (size_t i = 0; r == 0 && i < words->n; i++) {
		const char *folder = words->list[i];

		/* of a file: itself */
		r = add(ret, has_folder(folder, "policy.d", path) ? path : folder);
	}
	return r;
}

/* NULL at the end, as struct od_ini_paths has it. */
static const char *const *terminated(od_strings *list)
{
	return od_array_add(list) ? (const char *const *) list->items : NULL;
}

static int fill(const struct od_cli *cli, const struct words *words, struct od_places *ret)
{
	int r = add_policy(words, &ret->policy);

	if (r == 0)
		r = data_find(cli, words, "catalogue", "catalogue.d", &ret->catalogue);
	if (r == 0)
		r = data_find(cli, words, "holidays", "holidays.d", &ret->holidays);
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

/* Whether all words are folders, or all are files. */
static int words_check(const struct od_cli *cli, const struct words *words, bool *ret_files)
{
	size_t folders = 0;

	for (size_t i = 0; i < words->n; i++) {
		trim_slashes(words->list[i]);
		if (access(words->list[i], R_OK) < 0)
			return od_cli_fail(
				cli, OD_E_NOT_FOUND, "%s: %s", words->list[i], strerror(errno));
		folders += is_folder(words->list[i]);
	}
	*ret_files = folders == 0 && words->n > 0;
	if (folders && folders < words->n)
		return od_cli_fail(cli, OD_E_USAGE, "%s", _("name folders or files, not both."));
	return 0;
}

static bool any_folder(const char *const *folders)
{
	while (folders && *folders)
		if (is_folder(*folders++))
			return true;
	return false;
}

const char *od_places_root(const struct od_cli *cli)
{
	const char *root = od_cli_flag(cli, "root");

	return root && strcmp(root, "/") != 0 ? root : "";
}

/* The installed places, or those below a root; what a root lacks, or was said by hand, from
 * elsewhere. */
static int find_host(const struct od_cli *cli, const struct words *words, struct od_places *ret)
{
	const char *root = words->n ? words->list[0] : od_places_root(cli);
	int r = od_ini_paths_new(root, &ret->host);
	bool strict;

	if (r != 0)
		return od_cli_fail(cli, r, NULL);
	r = fill(cli, words, ret);
	if (r != 0)
		return r;
	ret->installed = words->n == 0;
	ret->paths.policy = ret->host->policy;
	ret->paths.live = words->n == 0;
	ret->paths.owner = ret->host->owner;
	/* --root is what a daemon of that root reads, and nothing else. */
	strict = words->n == 0 && *root;
	if (!od_cli_flag(cli, "catalogue") && (strict || any_folder(ret->host->catalogue)))
		ret->paths.catalogue = ret->host->catalogue;
	if (!od_cli_flag(cli, "holidays") && (strict || any_folder(ret->host->holidays)))
		ret->paths.holidays = ret->host->holidays;
	return 0;
}

int od_places_find(const struct od_cli *cli, char **list, size_t n, struct od_places *ret)
{
	const struct words words = { list, n };
	bool files;
	int r = words_check(cli, &words, &files);

	if (r != 0)
		return r;
	if (n == 0 || (n == 1 && is_root_of_host(list[0])))
		return find_host(cli, &words, ret);
	r = fill(cli, &words, ret);
	if (files)
		ret->files = ret->paths.policy;
	return r;
}

int od_places_policy_of(const struct od_cli *cli, char *folder, char *path)
{
	trim_slashes(folder);
	if (!is_folder(folder))
		return od_cli_fail(cli, OD_E_NOT_FOUND, "%s: %s", folder,
			access(folder, F_OK) < 0 ? strerror(errno) : strerror(ENOTDIR));
	if (has_folder(folder, "policy.d", path))
		return 0;
	return snprintf(path, PATH_MAX, "%s", folder) < PATH_MAX
		       ? 0
		       : od_cli_fail(cli, -ENAMETOOLONG, NULL);
}

/* @kind of the installed layers, with the admin's one from @folder where it has one. */
static int push(const char *const *host, const char *folder, od_strings *list)
{
	int r = 0;

	for (size_t i = 0; r == 0 && host[i]; i++)
		r = add(list, i == ADMIN ? folder : host[i]);
	return r;
}

int od_places_pushed(const struct od_cli *cli, char *folder, struct od_places *ret)
{
	char policy[PATH_MAX], data[PATH_MAX];
	const struct words none = { NULL, 0 };
	int r = od_places_policy_of(cli, folder, policy);

	if (r == 0)
		r = find_host(cli, &none, ret);
	if (r != 0)
		return r;
	ret->installed = ret->paths.live = false;
	od_strings_done(&ret->policy);
	r = push(ret->host->policy, policy, &ret->policy);
	if (r == 0 && has_folder(folder, "catalogue.d", data)) {
		od_strings_done(&ret->catalogue);
		r = push(ret->host->catalogue, data, &ret->catalogue);
		if (r == 0)
			ret->paths.catalogue = terminated(&ret->catalogue);
	}
	if (r == 0 && has_folder(folder, "holidays.d", data)) {
		od_strings_done(&ret->holidays);
		r = push(ret->host->holidays, data, &ret->holidays);
		if (r == 0)
			ret->paths.holidays = terminated(&ret->holidays);
	}
	if (r == 0)
		ret->paths.policy = terminated(&ret->policy);
	return r == 0 && ret->paths.policy && ret->paths.catalogue && ret->paths.holidays
		       ? 0
		       : od_cli_fail(cli, -ENOMEM, NULL);
}

int od_places_last_good(const struct od_cli *cli, struct od_places *ret)
{
	static const char *const kinds[] = { "policy.d", "catalogue.d", "holidays.d" };
	od_strings *const lists[] = { &ret->policy, &ret->catalogue, &ret->holidays };
	char path[PATH_MAX];
	int r = 0;

	for (size_t i = 0; r == 0 && i < OD_ELEMENTS(kinds); i++)
		r = snprintf(path, PATH_MAX, "%s%s/last-good/%s", od_places_root(cli),
			    OFFDUTY_STATE_DIR, kinds[i]) < PATH_MAX
			    ? add(lists[i], path)
			    : -ENAMETOOLONG;
	if (r != 0)
		return od_cli_fail(cli, r, NULL);
	ret->paths.policy = terminated(&ret->policy);
	ret->paths.catalogue = terminated(&ret->catalogue);
	ret->paths.holidays = terminated(&ret->holidays);
	ret->paths.zoneinfo = "/usr/share/zoneinfo";
	return ret->paths.policy && ret->paths.catalogue && ret->paths.holidays
		       ? 0
		       : od_cli_fail(cli, -ENOMEM, NULL);
}

void od_places_done(struct od_places *places)
{
	od_strings_done(&places->policy);
	od_strings_done(&places->catalogue);
	od_strings_done(&places->holidays);
	od_ini_paths_free(places->host);
	places->host = NULL;
}

bool od_places_has_policy(const struct od_places *places, const struct od_policy *policy)
{
	const char *const *folders = places->paths.policy;

	for (; folders && *folders; folders++) {
		size_t n = strlen(*folders);

		od_array_foreach (file, &policy->files)
			if (strncmp(*file, *folders, n) == 0 && (*file)[n] == '/')
				return true;
	}
	return false;
}

const char *od_places_name(const struct od_places *places)
{
	if (places->files)
		return places->files[0];
	if (places->installed && places->host)
		return places->host->policy[ADMIN];
	return places->paths.policy && places->paths.policy[0] ? places->paths.policy[0] : "";
}

static int load(const struct od_cli *cli, const struct od_places *places, bool missing_ok,
	struct od_problems *problems, struct od_policy **ret)
{
	int r = places->files ? od_ini_load_files(places->files, &places->paths, problems, ret)
			      : od_ini_load(&places->paths, problems, ret);

	if (r == 0 && !missing_ok && !places->files && !od_places_has_policy(places, *ret))
		return od_cli_fail(cli, OD_E_NOT_FOUND, _("there is no policy (*.ini) in %s."),
			od_places_name(places));
	return r == 0 || r == OD_E_POLICY ? r : od_cli_fail(cli, r, NULL);
}

int od_places_load(const struct od_cli *cli, const struct od_places *places,
	struct od_problems *problems, struct od_policy **ret)
{
	return load(cli, places, false, problems, ret);
}

int od_places_require(const struct od_cli *cli, const struct od_places *places, bool missing_ok,
	struct od_policy **ret)
{
	od_cleanup(od_problems_done) struct od_problems problems = { .translate = od_translate };
	int r = load(cli, places, missing_ok, &problems, ret);

	if (r == OD_E_POLICY)
		od_problems_show(cli, &problems, NULL);
	return r;
}

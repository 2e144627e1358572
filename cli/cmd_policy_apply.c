/*
 * A policy put in place as a whole, for tools that need all or nothing.
 *
 * It is checked where it lies, as this machine would read it; copied beside its place; the copy is
 * read again and must be the set that was checked; then one rename puts it in place, and the guard is
 * asked to read it. A folder with *.ini or policy.d replaces the admin's policy.d; one that has
 * catalogue.d or holidays.d, too, replaces the admin's folder as a whole, with what it lacks taken
 * over from the old one.
 */
#include <dirent.h>
#include <errno.h>
#include <json-c/json.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/translate.h"
#include "cli.h"
#include "commands.h"
#include "guard_reload.h"
#include "install.h"
#include "output.h"
#include "places.h"
#include "problems.h"
#include "resolve.h"

static const char *const kinds[] = { "policy.d", "catalogue.d", "holidays.d" };

struct apply {
	struct od_cli *cli;
	char admin[PATH_MAX];                      /* ROOT/etc/offduty */
	char parent[PATH_MAX], name[NAME_MAX + 1]; /* what is exchanged, and in which folder */
	char policy[PATH_MAX];                     /* the new policy.d */
	bool whole;                                /* the admin's folder, not only its policy.d */
	struct od_policy *checked;
	struct od_install install;
	bool changed;
	int guard_result; /* of its reload; OD_E_UNAVAILABLE also where it was not asked */
	struct od_in_force in_force;
};

static void apply_done(struct apply *apply)
{
	od_install_done(&apply->install);
	od_policy_unref(apply->checked);
}

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* "A/B"; false: too long. */
static bool join(char path[PATH_MAX], const char *folder, const char *name)
{
	return snprintf(path, PATH_MAX, "%s/%s", folder, name) < PATH_MAX;
}

static int find_target(struct apply *apply)
{
	const char *from = apply->cli->arguments[0];
	char path[PATH_MAX];
	char *slash;

	if (snprintf(apply->admin, PATH_MAX, "%s%s", od_places_root(apply->cli),
		    OFFDUTY_ADMIN_DIR) >= PATH_MAX)
		return od_cli_fail(apply->cli, -ENAMETOOLONG, NULL);
	for (size_t i = 1; i < OD_ELEMENTS(kinds); i++)
		apply->whole = apply->whole || (join(path, from, kinds[i]) && is_folder(path));
	memcpy(apply->parent, apply->admin, PATH_MAX);
	slash = strrchr(apply->parent, '/');
	(void) snprintf(
		apply->name, sizeof(apply->name), "%s", apply->whole ? slash + 1 : "policy.d");
	if (apply->whole)
		slash[slash == apply->parent] = '\0';
	return 0;
}

/* ---- check --------------------------------------------------------------------------------------- */

static int check(struct apply *apply)
{
	od_cleanup(od_problems_done) struct od_problems problems = { .translate = od_translate };
	od_cleanup(od_places_done) struct od_places places = { 0 };
	int r = od_places_pushed(apply->cli, apply->cli->arguments[0], &places);

	if (r == 0)
		r = od_places_load(apply->cli, &places, &problems, &apply->checked);
	if (r != 0 && r != OD_E_POLICY)
		return r;
	if (r == 0)
		od_resolve_check(apply->checked, &problems);
	if (r == 0 && od_cli_flag(apply->cli, "strict") && problems.list.n > 0)
		r = OD_E_POLICY;
	if (r != 0 || (problems.list.n > 0 && !apply->cli->json))
		od_problems_show(apply->cli, &problems, NULL);
	if (r != 0 && !apply->cli->json)
		puts(_("Nothing changed: the policy before it stays in force."));
	return r;
}

/* Whether the same set is there already. */
static bool is_installed(const struct apply *apply)
{
	od_cleanup(od_problems_done) struct od_problems problems = { 0 };
	od_cleanup(od_places_done) struct od_places places = { 0 };
	od_cleanup(od_policy_unrefp) struct od_policy *policy = NULL;

	return od_places_find(apply->cli, NULL, 0, &places) == 0 &&
	       od_ini_load(&places.paths, &problems, &policy) == 0 &&
	       strcmp(policy->sha256, apply->checked->sha256) == 0;
}

/* ---- copy ---------------------------------------------------------------------------------------- */

static int copy_fail(const struct apply *apply, int r, const char *folder, const char *name)
{
	if (r == OD_E_SYNTAX)
		return od_cli_fail(
			apply->cli, r, _("%s/%s: this is no ordinary file."), folder, name);
	return od_cli_fail(apply->cli, r, "%s/%s: %s", folder, name,
		r < 0 ? strerror(-r) : _(od_error_text(r)));
}

/* What an admin's folder holds beside the three kinds would be lost. */
static int only_known(const struct apply *apply)
{
	DIR *folder = opendir(apply->admin);
	struct dirent *entry;
	int r = 0;

	while (folder && r == 0 && (entry = readdir(folder)) != NULL) {
		bool known =
			entry->d_name[0] == '.' || strcmp(entry->d_name, "policy.d.former") == 0;

		for (size_t i = 0; i < OD_ELEMENTS(kinds); i++)
			known = known || strcmp(entry->d_name, kinds[i]) == 0;
		if (!known)
			r = od_cli_fail(apply->cli, OD_E_UNSUPPORTED,
				_("%s holds %s, which would not come along; move it elsewhere "
				  "first."),
				apply->admin, entry->d_name);
	}
	if (folder)
		(void) closedir(folder); /* only read */
	return r;
}

static int copy_whole(struct apply *apply)
{
	char path[PATH_MAX], name[256];
	int r = only_known(apply);

	for (size_t i = 0; r == 0 && i < OD_ELEMENTS(kinds); i++) {
		bool have =
			i == 0 ? join(path, apply->policy, ".")
			       : join(path, apply->cli->arguments[0], kinds[i]) && is_folder(path);

		if (!have && !(join(path, apply->admin, kinds[i]) && is_folder(path)))
			continue;
		r = od_install_copy(&apply->install, path, kinds[i], name);
		if (r != 0)
			return copy_fail(apply, r, path, name);
	}
	return r;
}

static int copy(struct apply *apply)
{
	char name[256];
	int r = od_install_begin(apply->parent, apply->name, &apply->install);

	if (r != 0)
		return od_cli_fail(apply->cli, r, "%s: %s", apply->parent,
			r < 0 ? strerror(-r) : _(od_error_text(r)));
	if (apply->whole)
		return copy_whole(apply);
	r = od_install_copy(&apply->install, apply->policy, NULL, name);
	return r != 0 ? copy_fail(apply, r, apply->policy, name) : 0;
}

/* The copy, read as it will be read in its place, must be the set that was checked. */
static int check_copy(struct apply *apply)
{
	od_cleanup(od_problems_done) struct od_problems problems = { 0 };
	od_cleanup(od_places_done) struct od_places places = { 0 };
	od_cleanup(od_policy_unrefp) struct od_policy *policy = NULL;
	char path[PATH_MAX];
	int r;

	if (!join(path, apply->parent, apply->install.fresh))
		return od_cli_fail(apply->cli, -ENAMETOOLONG, NULL);
	r = od_places_pushed(apply->cli, path, &places);
	if (r != 0)
		return r;
	places.paths.live = true;
	r = od_ini_load(&places.paths, &problems, &policy);
	if (r == 0 && strcmp(policy->sha256, apply->checked->sha256) == 0)
		return 0;
	if (r == OD_E_POLICY) { /* in other layers, or the folder is not ours alone */
		od_problems_show(apply->cli, &problems, NULL);
		return r;
	}
	return od_cli_fail(apply->cli, r < 0 ? r : OD_E_BUSY,
		_("%s changed while it was copied; nothing was done."), apply->cli->arguments[0]);
}

/* ---- in place ------------------------------------------------------------------------------------- */

/* The guard of this machine; in a trial below a root only one that was named. */
static int ask_guard(struct apply *apply, struct od_problems *problems)
{
	od_cleanup(od_daemon_done) struct od_daemon guard = { 0 };

	apply->guard_result = OD_E_UNAVAILABLE;
	if (*od_places_root(apply->cli) && !od_cli_flag(apply->cli, "system-bus"))
		return 0;
	od_daemon_guard(apply->cli, &guard);
	if (guard.result == 0)
		(void) od_guard_reload(&guard, problems, &apply->in_force); /* in .result */
	apply->guard_result = guard.result;
	return guard.result == OD_E_UNAVAILABLE || guard.result == 0
		       ? 0
		       : od_daemon_fail(apply->cli, &guard);
}

static void say_text(const struct apply *apply)
{
	printf(apply->changed ? _("The policy is in place: %s/%s\n")
			      : _("The same policy is in place already: %s/%s\n"),
		apply->parent, apply->name);
	printf("%s\n", apply->checked->sha256);
	if (apply->guard_result == OD_E_UNAVAILABLE)
		puts(_("The guard was not asked: it takes the policy when it starts."));
	else if (strcmp(apply->in_force.hash, apply->checked->sha256) == 0)
		printf(_("The guard has it in force, generation %u.\n"),
			apply->in_force.generation);
	else
		printf(_("The guard has another one in force: %s\n"), apply->in_force.hash);
}

static void say_json(const struct apply *apply)
{
	struct json_object *answer = json_object_new_object(), *guard = NULL;
	char path[PATH_MAX];

	od_json_bool(answer, "applied", true);
	od_json_bool(answer, "changed", apply->changed);
	od_json_string(answer, "folder", join(path, apply->parent, apply->name) ? path : NULL);
	od_json_string(answer, "hash", apply->checked->sha256);
	if (apply->guard_result == 0) {
		guard = json_object_new_object();
		od_json_int(guard, "generation", apply->in_force.generation);
		od_json_string(guard, "hash", apply->in_force.hash);
	}
	(void) json_object_object_add(answer, "guard", guard);
	od_json_print(answer);
}

static int put(struct apply *apply)
{
	int r = copy(apply);

	if (r == 0)
		r = check_copy(apply);
	if (r != 0)
		return r;
	r = od_install_swap(&apply->install);
	if (r < 0)
		return od_cli_fail(
			apply->cli, r, "%s/%s: %s", apply->parent, apply->name, strerror(-r));
	apply->changed = true;
	return 0;
}

int od_cmd_policy_apply(struct od_cli *cli)
{
	od_cleanup(apply_done) struct apply apply = { .cli = cli, .install = { .at = -1 } };
	od_cleanup(od_problems_done) struct od_problems problems = { 0 };
	int r;

	if (geteuid() != 0 && !*od_places_root(cli))
		return od_cli_fail(cli, OD_E_ACCESS, "%s",
			_("only root puts a policy in place. (To look first: offduty policy "
			  "diff)"));
	r = od_places_policy_of(cli, cli->arguments[0], apply.policy);
	if (r == 0)
		r = check(&apply);
	if (r == 0)
		r = find_target(&apply);
	if (r == 0 && !is_installed(&apply))
		r = put(&apply);
	if (r == 0)
		r = ask_guard(&apply, &problems);
	if (r != 0)
		return r;
	if (cli->json)
		say_json(&apply);
	else
		say_text(&apply);
	return apply.guard_result == 0 && strcmp(apply.in_force.hash, apply.checked->sha256) != 0
		       ? OD_E_FAILED
		       : 0;
}

/*
 * What a program, a notification or a web page belongs to.
 *
 * Strongest sign first (enum od_match). Where several messengers share a key (forks keep the name
 * of the original), the one whose install path fits wins, then the vendor's own, then the first by
 * id: the answer never depends on the order of files. A name too common to decide alone
 * (second-signal) needs an install path beside it.
 */
#include <stdio.h>
#include <string.h>

#include "model/catalogue.h"
#include "model/catalogue_index.h"
#include "model/glob.h"

#define ARGUMENTS_MAX 64 /* of a command line; more are not looked at */
#define HOST_MAX      1024
#define FOLDER_MAX    4097

/* Programs that run what an argument names. Prefixes, so that python3.11 is python. */
static const char *const interpreters[] = { "python", "java", "wine", "electron", "node", "perl",
	"ruby", "mono", "gjs", "jre", "qemu-", "box64" };

struct best {
	const struct od_messenger *messenger;
	int score;
};

static const struct od_messenger *messenger_at(
	const struct od_catalogue *catalogue, const struct od_index_key *key)
{
	return &catalogue->messengers.items[key->messenger];
}

/* The vendor's own client stands for the service; everything else only for itself. */
static int role_score(const struct od_messenger *messenger)
{
	return messenger->role && (strcmp(messenger->role, "official") == 0 ||
					  strcmp(messenger->role, "web-only") == 0);
}

static void consider(struct best *best, const struct od_messenger *messenger, int score)
{
	score = score * 2 + role_score(messenger);
	if (!best->messenger || score > best->score) {
		best->messenger = messenger;
		best->score = score;
	}
}

/* Exact keys first; globs only where there is none. */
static const struct od_messenger *match_key(const struct od_catalogue *catalogue,
	enum od_index_kind kind, const char *text, size_t length)
{
	const struct od_index_key *key = NULL;
	struct best best = { 0 };

	while ((key = od_index_next(&catalogue->index, kind, text, length, key)))
		consider(&best, messenger_at(catalogue, key), 0);
	if (best.messenger || text[length] != '\0')
		return best.messenger;
	while ((key = od_index_next_glob(&catalogue->index, kind, text, key)))
		consider(&best, messenger_at(catalogue, key), 0);
	return best.messenger;
}

static const struct od_messenger *match_text(
	const struct od_catalogue *catalogue, enum od_index_kind kind, const char *text)
{
	return text && text[0] ? match_key(catalogue, kind, text, strlen(text)) : NULL;
}

/* "~/x" of a pattern is below @home. */
static bool path_matches(const char *pattern, const char *path, const char *home)
{
	size_t length = home ? strlen(home) : 0;

	if (pattern[0] != '~')
		return od_glob_path_matches(pattern, path);
	if (pattern[1] != '/' || length < 2 || strncmp(path, home, length) != 0)
		return false;
	if (path[length] != '/' && home[length - 1] != '/')
		return false;
	return od_glob_path_matches(pattern + 1, path + length - (home[length - 1] == '/'));
}

static bool installed_at(const struct od_messenger *messenger, const char *path, const char *home)
{
	od_array_foreach (pattern, &messenger->paths) {
		if (path_matches(*pattern, path, home))
			return true;
	}
	return false;
}

/* Install paths whose wildcards begin in this folder (@length bytes of @folder). */
static void match_folder(const struct od_catalogue *catalogue, const char *folder, size_t length,
	const char *path, const char *home, struct best *best)
{
	const struct od_index_key *key = NULL;

	while ((key = od_index_next(&catalogue->index, OD_INDEX_FOLDER, folder, length, key)))
		if (path_matches(key->pattern, path, home))
			consider(best, messenger_at(catalogue, key), 1);
}

/* The same for patterns that begin with "~": the home directory is spelt that way first. */
static void match_below_home(
	const struct od_catalogue *catalogue, const char *path, const char *home, struct best *best)
{
	size_t length = home ? strlen(home) : 0;
	char folder[FOLDER_MAX];
	int n;

	while (length > 0 && home[length - 1] == '/')
		length--;
	if (length == 0 || strncmp(path, home, length) != 0 || path[length] != '/')
		return;
	n = snprintf(folder, sizeof(folder), "~%s", path + length);
	if (n < 0 || (size_t) n >= sizeof(folder))
		return; /* longer than any path a kernel runs */
	for (size_t i = (size_t) n; i > 0; i--)
		if (folder[i - 1] == '/')
			match_folder(catalogue, folder, i - 1, path, home, best);
}

/* By base name and place; @path may be a bare name, which no place fits. */
static const struct od_messenger *match_path(
	const struct od_catalogue *catalogue, const char *path, const char *home)
{
	const char *base = od_index_base_name(path);
	const struct od_index_key *key = NULL;
	struct best best = { 0 };

	while ((key = od_index_next(
			&catalogue->index, OD_INDEX_EXECUTABLE, base, strlen(base), key))) {
		const struct od_messenger *messenger = messenger_at(catalogue, key);
		bool installed = installed_at(messenger, path, home);

		if (installed || !messenger->second_signal)
			consider(&best, messenger, installed);
	}
	while ((key = od_index_next(&catalogue->index, OD_INDEX_PATH, base, strlen(base), key)))
		if (path_matches(key->pattern, path, home))
			consider(&best, messenger_at(catalogue, key), 1);
	for (size_t i = strlen(path); i > 0; i--)
		if (path[i - 1] == '/')
			match_folder(catalogue, path, i - 1, path, home, &best);
	match_below_home(catalogue, path, home, &best);
	return best.messenger;
}

/* The component behind "/flatpak/app/" or at the start of "/snap/": the sandbox an install path
 * tells of, for callers that did not look. */
static const struct od_messenger *match_bundle(
	const struct od_catalogue *catalogue, enum od_index_kind kind, const char *after)
{
	size_t length = after ? strcspn(after, "/") : 0;

	if (length == 0 || after[length] != '/')
		return NULL;
	return match_key(catalogue, kind, after, length);
}

static const struct od_messenger *match_flatpak(
	const struct od_catalogue *catalogue, const struct od_program *program)
{
	const char *after = program->path ? strstr(program->path, "/flatpak/app/") : NULL;

	if (program->flatpak)
		return match_text(catalogue, OD_INDEX_FLATPAK, program->flatpak);
	return match_bundle(catalogue, OD_INDEX_FLATPAK, after ? after + 13 : NULL);
}

static const struct od_messenger *match_snap(
	const struct od_catalogue *catalogue, const struct od_program *program)
{
	if (program->snap)
		return match_text(catalogue, OD_INDEX_SNAP, program->snap);
	if (!program->path || strncmp(program->path, "/snap/", 6) != 0)
		return NULL;
	return match_bundle(catalogue, OD_INDEX_SNAP, program->path + 6);
}

static bool is_interpreter(const char *path)
{
	const char *base = od_index_base_name(path);

	for (size_t i = 0; i < OD_ELEMENTS(interpreters); i++)
		if (strncmp(base, interpreters[i], strlen(interpreters[i])) == 0)
			return true;
	return false;
}

/* Windows programs name themselves with either slash. */
static const char *argument_base(const char *argument)
{
	const char *base = od_index_base_name(argument);
	const char *backslash = strrchr(base, '\\');

	return backslash ? backslash + 1 : base;
}

static const struct od_messenger *match_argument(
	const struct od_catalogue *catalogue, const char *argument, const char *home)
{
	const struct od_messenger *messenger =
		match_text(catalogue, OD_INDEX_ARGV, argument_base(argument));

	if (messenger && (!messenger->second_signal || installed_at(messenger, argument, home)))
		return messenger;
	return argument[0] == '/' ? match_path(catalogue, argument, home) : NULL;
}

/* Only what an interpreter is given: "vim briar.jar" is no messenger. */
static const struct od_messenger *match_argv(
	const struct od_catalogue *catalogue, const struct od_program *program)
{
	const struct od_messenger *messenger = NULL;

	if (!program->argv || !program->path || !is_interpreter(program->path))
		return NULL;
	for (size_t i = 0; i < ARGUMENTS_MAX && program->argv[i] && !messenger; i++)
		if (program->argv[i][0] != '\0')
			messenger = match_argument(catalogue, program->argv[i], program->home);
	return messenger;
}

const struct od_messenger *od_catalogue_match_program(const struct od_catalogue *catalogue,
	const struct od_program *program, enum od_match *ret_match)
{
	const char *base = program->path ? od_index_base_name(program->path) : NULL;
	const struct od_messenger *messenger;
	enum od_match match = OD_MATCH_FLATPAK;

	messenger = match_flatpak(catalogue, program);
	if (!messenger && (messenger = match_snap(catalogue, program)))
		match = OD_MATCH_SNAP;
	if (!messenger && (messenger = match_text(catalogue, OD_INDEX_ASAR, program->asar)))
		match = OD_MATCH_ASAR;
	if (!messenger && (messenger = match_text(catalogue, OD_INDEX_APPIMAGE, base)))
		match = OD_MATCH_APPIMAGE;
	if (!messenger && base && base[0] &&
		(messenger = match_path(catalogue, program->path, program->home)))
		match = OD_MATCH_EXECUTABLE;
	if (!messenger && (messenger = match_argv(catalogue, program)))
		match = OD_MATCH_ARGV;
	if (ret_match)
		*ret_match = messenger ? match : OD_MATCH_NONE;
	return messenger;
}

const struct od_messenger *od_catalogue_match_notice(
	const struct od_catalogue *catalogue, const char *app_name, const char *desktop_entry)
{
	const struct od_messenger *messenger = NULL;
	size_t length;

	if (desktop_entry) {
		desktop_entry = od_index_base_name(desktop_entry);
		length = strlen(desktop_entry);
		messenger = match_text(catalogue, OD_INDEX_ENTRY, desktop_entry);
		if (!messenger && length > 8 && strcmp(desktop_entry + length - 8, ".desktop") == 0)
			messenger = match_key(catalogue, OD_INDEX_ENTRY, desktop_entry, length - 8);
	}
	return messenger ? messenger : match_text(catalogue, OD_INDEX_APP_NAME, app_name);
}

/* @path lies at or below @prefix, by whole components. */
static bool below(const char *path, const char *prefix)
{
	size_t length = strlen(prefix);

	while (length > 0 && prefix[length - 1] == '/')
		length--;
	if (length == 0)
		return true;
	/* strchr() finds the end of the path as well */
	return path && strncmp(path, prefix, length) == 0 && strchr("/?#", path[length]);
}

/* The longest path prefix is the most exact name. */
static const struct od_messenger *match_host(
	const struct od_catalogue *catalogue, const char *host, const char *path)
{
	const struct od_index_key *key = NULL;
	struct best best = { 0 };

	while ((key = od_index_next(&catalogue->index, OD_INDEX_ORIGIN, host, strlen(host), key)))
		if (below(path, key->pattern))
			consider(&best, messenger_at(catalogue, key), (int) strlen(key->pattern));
	return best.messenger;
}

/* The host itself, then "*.parent" for each parent, nearest first, then "*" (with a path only). */
const struct od_messenger *od_catalogue_match_site(
	const struct od_catalogue *catalogue, const char *host, const char *path)
{
	const struct od_messenger *messenger;
	char wild[HOST_MAX];

	if (!host || !host[0] || strlen(host) >= sizeof(wild) - 2)
		return NULL;
	messenger = match_host(catalogue, host, path);
	for (const char *dot = strchr(host, '.'); dot && !messenger; dot = strchr(dot + 1, '.')) {
		wild[0] = '*';
		memcpy(wild + 1, dot, strlen(dot) + 1);
		messenger = match_host(catalogue, wild, path);
	}
	return messenger || !path ? messenger : match_host(catalogue, "*", path);
}

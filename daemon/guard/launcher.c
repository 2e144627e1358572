/*
 * Options are told from operands by rule of thumb (a leading '-'), with the options that take a
 * separate value listed. An argument read wrongly can only name a messenger that is not there or
 * miss one: a miss is a program run by hand through an interpreter, which the manual lists.
 */
#include "guard/launcher.h"

#include <stdio.h>
#include <string.h>

struct row {
	const char *prefix;
	bool whole; /* the name itself, not what begins with it */
	enum od_launcher launcher;
};

static const struct row rows[] = {
	{ "sh", true, OD_LAUNCHER_SHELL },
	{ "dash", true, OD_LAUNCHER_SHELL },
	{ "bash", true, OD_LAUNCHER_SHELL },
	{ "zsh", true, OD_LAUNCHER_SHELL },
	{ "ksh", false, OD_LAUNCHER_SHELL },
	{ "busybox", true, OD_LAUNCHER_SHELL },
	{ "python", false, OD_LAUNCHER_PYTHON },
	{ "pypy", false, OD_LAUNCHER_PYTHON },
	{ "perl", false, OD_LAUNCHER_PERL },
	{ "ruby", false, OD_LAUNCHER_RUBY },
	{ "node", false, OD_LAUNCHER_NODE },
	{ "bun", true, OD_LAUNCHER_NODE },
	{ "deno", true, OD_LAUNCHER_NODE },
	{ "electron", false, OD_LAUNCHER_ELECTRON },
	{ "java", false, OD_LAUNCHER_JAVA },
	{ "jexec", true, OD_LAUNCHER_JAVA },
	{ "wine", false, OD_LAUNCHER_WINE },
	{ "mono", false, OD_LAUNCHER_MONO },
	{ "ld-", false, OD_LAUNCHER_LOADER },
	{ "ld.so", false, OD_LAUNCHER_LOADER },
	{ "flatpak", false, OD_LAUNCHER_FLATPAK },
	{ "snap", true, OD_LAUNCHER_SNAP },
	{ "snap-", false, OD_LAUNCHER_SANDBOX },
	{ "bwrap", true, OD_LAUNCHER_SANDBOX },
	{ "firejail", true, OD_LAUNCHER_SANDBOX },
};

enum od_launcher od_launcher_of(const char *base)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].whole ? strcmp(base, rows[i].prefix) == 0
				  : strncmp(base, rows[i].prefix, strlen(rows[i].prefix)) == 0)
			return rows[i].launcher;
	return OD_LAUNCHER_NONE;
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool among(const char *text, const char *const *list)
{
	for (; list && *list; list++)
		if (strcmp(text, *list) == 0)
			return true;
	return false;
}

/* First operand behind argv[0]; @with_value: options followed by a value of their own. @stop: an
 * option that means there is no program (-c CODE). */
static const char *operand(const char *const *argv, const char *const *with_value,
	const char *const *stop, const char *const **ret_rest)
{
	if (!argv[0])
		return NULL;
	for (argv++; *argv; argv++) {
		if (strcmp(*argv, "--") == 0) {
			argv++;
			break;
		}
		if (**argv != '-' || !(*argv)[1])
			break;
		if (among(*argv, stop))
			return NULL;
		if (among(*argv, with_value) && argv[1])
			argv++;
	}
	if (ret_rest && *argv)
		*ret_rest = argv + 1;
	return *argv;
}

static bool copy_id(const char *from, const char *stops, char *id, size_t size)
{
	size_t length = strcspn(from, stops);

	if (length == 0 || length >= size)
		return false;
	memcpy(id, from, length);
	id[length] = '\0';
	return true;
}

static bool read_flatpak(const char *const *argv, struct od_launched *ret)
{
	static const char *const with_value[] = { "--installation", "--arch", "--branch",
		"--command", "--cwd", "--runtime", "--runtime-version", NULL };
	const char *const *rest = NULL;
	const char *verb = operand(argv, with_value, NULL, &rest), *id;

	if (!verb || strcmp(verb, "run") != 0 || !rest)
		return false;
	id = operand(rest - 1, with_value, NULL, NULL);
	return id && copy_id(id, "/", ret->flatpak, sizeof(ret->flatpak));
}

static bool read_snap(const char *file, const char *const *argv, struct od_launched *ret)
{
	const char *name = base_of(file), *verb, *id;
	const char *const *rest = NULL;

	/* /snap/bin/NAME.APP is a link to snap itself. */
	if (strcmp(name, "snap") != 0)
		return copy_id(name, ".", ret->snap, sizeof(ret->snap));
	verb = operand(argv, NULL, NULL, &rest);
	if (!verb || strcmp(verb, "run") != 0 || !rest)
		return false;
	id = operand(rest - 1, NULL, NULL, NULL);
	return id && copy_id(id, ".", ret->snap, sizeof(ret->snap));
}

/* "java -cp a.jar:b.jar Main": the jar is the program; "-jar FILE" as well. */
static const char *read_java(const char *const *argv)
{
	static const char *const with_value[] = { "-cp", "-classpath", "--class-path", "-p",
		"--module-path", "--add-modules", "-m", "--module", NULL };

	for (const char *const *at = argv; *at; at++)
		if (strcmp(*at, "-jar") == 0)
			return at[1];
	return operand(argv, with_value, NULL, NULL);
}

static const char *read_python(const char *const *argv)
{
	static const char *const with_value[] = { "-W", "-X", "--check-hash-based-pycs", NULL };
	static const char *const stop[] = { "-c", NULL };

	/* "python3 -m gajim": the module is the program. */
	for (const char *const *at = argv; *at && at[1]; at++) {
		if (at > argv && **at != '-')
			break;
		if (strcmp(*at, "-m") == 0)
			return at[1];
	}
	return operand(argv, with_value, stop, NULL);
}

bool od_launcher_is_started(enum od_launcher launcher, const char *file)
{
	/* By descriptor nobody can tell: taken as started itself. A link to snap has any name. */
	return launcher == OD_LAUNCHER_SNAP || !*file || od_launcher_of(base_of(file)) == launcher;
}

bool od_launcher_read(enum od_launcher launcher, const char *file, const char *const *argv,
	struct od_launched *ret)
{
	static const char *const loader_values[] = { "--library-path", "--preload", "--audit",
		"--argv0", "--inhibit-rpath", "--glibc-hwcaps-prepend", "--glibc-hwcaps-mask",
		NULL };
	static const char *const code[] = { "-c", "-e", "-E", "--eval", "-p", "--print", NULL };
	static const char *const requires[] = { "-r", "--require", "--import", "--loader", NULL };

	memset(ret, 0, sizeof(*ret));
	if (launcher == OD_LAUNCHER_SNAP)
		return read_snap(*file || !argv[0] ? file : argv[0], argv, ret);
	if (!od_launcher_is_started(launcher, file))
		return false;
	switch (launcher) {
	case OD_LAUNCHER_NONE:
	case OD_LAUNCHER_SNAP:
	case OD_LAUNCHER_SANDBOX:
		return false;
	case OD_LAUNCHER_FLATPAK:
		return read_flatpak(argv, ret);
	case OD_LAUNCHER_LOADER:
		ret->program = operand(argv, loader_values, NULL, NULL);
		break;
	case OD_LAUNCHER_JAVA:
		ret->program = read_java(argv);
		break;
	case OD_LAUNCHER_PYTHON:
		ret->program = read_python(argv);
		break;
	case OD_LAUNCHER_NODE:
	case OD_LAUNCHER_ELECTRON:
		ret->program = operand(argv, requires, code, NULL);
		break;
	case OD_LAUNCHER_SHELL:
	case OD_LAUNCHER_PERL:
	case OD_LAUNCHER_RUBY:
	case OD_LAUNCHER_WINE:
	case OD_LAUNCHER_MONO:
		ret->program = operand(argv, NULL, code, NULL);
		break;
	}
	return ret->program != NULL;
}

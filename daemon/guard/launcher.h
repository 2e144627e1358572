/*
 * Programs that run other programs named in their arguments: interpreters, loaders, sandboxes.
 *
 * What they are about to run is in their arguments, so these are never remembered by inode and the
 * kernel is never told to stop asking about them. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum od_launcher {
	OD_LAUNCHER_NONE,
	OD_LAUNCHER_SHELL,
	OD_LAUNCHER_PYTHON,
	OD_LAUNCHER_PERL,
	OD_LAUNCHER_RUBY,
	OD_LAUNCHER_NODE,
	OD_LAUNCHER_ELECTRON,
	OD_LAUNCHER_JAVA,
	OD_LAUNCHER_WINE,
	OD_LAUNCHER_MONO,
	OD_LAUNCHER_LOADER,
	OD_LAUNCHER_FLATPAK,
	OD_LAUNCHER_SNAP,
	OD_LAUNCHER_SANDBOX, /* bwrap and the like: what runs inside is asked about on its own */
};

/* What the program of base name @base is. */
enum od_launcher od_launcher_of(const char *base);

/* Whether execve() of @file ("": by descriptor) starts @launcher itself, and not a program that brings
 * it in as its interpreter. */
bool od_launcher_is_started(enum od_launcher launcher, const char *file);

struct od_launched {
	const char *program; /* script, module or program it will run; borrowed; NULL: none */
	char flatpak[256];   /* application id; "": none */
	char snap[128];
};

/*
 * od_launcher_read() - what these arguments make it run
 * @file: as given to execve()
 *
 * False: nothing. That is also the answer when the launcher itself was not what the caller started
 * (the interpreter of a "#!" script, the loader of a program), for that program was asked about
 * already.
 */
bool od_launcher_read(enum od_launcher launcher, const char *file, const char *const *argv,
	struct od_launched *ret);

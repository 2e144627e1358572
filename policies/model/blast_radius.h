/*
 * What no messenger may claim to be.
 *
 * A catalogue entry that took /bin/sh, the login screen or "*" for a messenger would, once blocked,
 * stop the machine or everybody's work. Such an entry is refused when it is read, whatever the
 * policy says of it today.
 */
#pragma once

#include <stddef.h>

/* What the pattern is matched against. */
enum od_blast_kind {
	OD_BLAST_EXECUTABLE, /* base name of a program */
	OD_BLAST_PATH,       /* glob of an install path, "~" = home */
	OD_BLAST_FLATPAK,
	OD_BLAST_SNAP,
	OD_BLAST_APPIMAGE, /* glob of a file name */
	OD_BLAST_ARGUMENT, /* glob of the base name of an interpreter's argument */
	OD_BLAST_ASAR,
	OD_BLAST_NOTICE, /* application names, desktop entries of notifications */
	OD_BLAST_ORIGIN, /* web host, with an optional path */
};

/* What of the machine, or of everybody's, @pattern would take: a program's name, an id, or "*" for
 * any at all. Static; NULL: nothing of it. */
const char *od_blast_radius(enum od_blast_kind kind, const char *pattern);

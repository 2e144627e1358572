/*
 * A policy as its admin would write it in one piece: every value that counts, and where it stands.
 */
#pragma once

#include "ini/load.h"

struct od_effective_value {
	char *text;              /* as written, without quotes */
	struct od_origin origin; /* file borrowed from od_effective.files; NULL: nobody wrote it */
	unsigned number;         /* of paths.N; 0: none */
};

struct od_effective_key {
	char *name;      /* "message.fr", "monday-friday"; of a list without its numbers */
	bool list, text; /* what kind it is: a list of items; a text, which is quoted */
	bool usual;      /* the default: nobody wrote it */
	OD_ARRAY(struct od_effective_value) values; /* none: cleared */
};

struct od_effective_section {
	const char *name;
	char *label;             /* NULL: none */
	struct od_origin origin; /* its first header; file NULL: nobody wrote it */
	OD_ARRAY(struct od_effective_key) keys;
};

struct od_effective {
	OD_ARRAY(struct od_effective_section) sections; /* by room of the language, then as read */
	od_strings files;
};

/*
 * od_effective_read() - lay all files of a set over each other
 * @files: single files instead of paths->policy, or NULL
 *
 * For a set that od_ini_load() finds good: faults are not said again, their lines are missing. Keys
 * nobody wrote are there with their default, but not those without one (empty lists and texts), nor
 * those that another section decides ([messenger X] mode).
 *
 * Return: 0 or -errno.
 */
int od_effective_read(const struct od_ini_paths *paths, const char *const *files,
	struct od_effective **ret) OD_CHECK;
void od_effective_free(struct od_effective *effective);
OD_DEFINE_CLEANUP(struct od_effective *, od_effective_free)

/* NULL: no such section. @label: NULL where it has none. */
const struct od_effective_section *od_effective_find(
	const struct od_effective *effective, const char *name, const char *label);
/* Items or lines of a key in one text, "a, b"; the caller's. NULL without memory. */
char *od_effective_text(const struct od_effective_key *key);

/* Drop-in files of one kind over all layers: which are in effect, and their bytes. */
#pragma once

#include "ini/load.h"

#define OD_LAYERS_FILES_MAX 20000
#define OD_LAYERS_BYTES_MAX ((size_t) 64 * 1024 * 1024) /* of all files in effect together */

struct od_file {
	char *path; /* as people find it */
	char *name; /* "10-site.ini" */
	char *bytes;
	size_t size;
};

struct od_files {
	OD_ARRAY(struct od_file) list; /* by name */
	size_t bytes;
};

/*
 * od_layers_read() - read every *.ini of @folders that is in effect, once
 * @folders:  NULL-terminated, lowest layer first; one that does not exist is empty
 * @paths:    for .live and .owner
 * @problems: files that cannot be read, or that somebody else may write, are faults
 *
 * Return: 0 (also with faults), or -ENOMEM.
 */
int od_layers_read(const char *const *folders, const struct od_ini_paths *paths,
	struct od_problems *problems, struct od_files *files) OD_CHECK;

/* One file by its path, into the same list. Return: 0 (also with faults), or -ENOMEM. */
int od_layers_read_file(const char *path, const struct od_ini_paths *paths,
	struct od_problems *problems, struct od_files *files) OD_CHECK;

void od_files_done(struct od_files *files);

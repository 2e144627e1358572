/* A throw-away root with the three layers, and files in them, for the tests of ini/. */
#pragma once

#include <ftw.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>

#include <cmocka.h>

#include "ini/load.h"

#define DATA OFFDUTY_SOURCE_DIR "/tests/unit/data/"

struct fixture {
	char root[64];
	struct od_ini_paths *paths;
	struct od_problems problems;
};

static void make_folder(const char *path)
{
	char part[512];

	for (const char *at = strchr(path + 1, '/'); at; at = strchr(at + 1, '/')) {
		snprintf(part, sizeof(part), "%.*s", (int) (at - path), path);
		(void) mkdir(part, 0755);
	}
	(void) mkdir(path, 0755);
	assert_int_equal(access(path, X_OK), 0);
}

/* @layer: OFFDUTY_VENDOR_DIR and so on. */
static inline void put_in(
	const struct fixture *f, const char *layer, const char *name, const char *text)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s%s/%s", f->root, layer, name);
	(void) unlink(path);
	file = fopen(path, "we");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	assert_int_equal(chmod(path, 0644), 0);
}

static int set_up(void **state)
{
	static const char *const layers[] = { OFFDUTY_VENDOR_DIR, OFFDUTY_ADMIN_DIR,
		OFFDUTY_VOLATILE_DIR };
	static const char *const kinds[] = { "policy.d", "catalogue.d", "holidays.d" };
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	umask(022);
	strcpy(f->root, "/tmp/offduty-ini-XXXXXX");
	assert_non_null(mkdtemp(f->root));
	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; k < 3; k++) {
			char path[512];

			snprintf(path, sizeof(path), "%s%s/%s", f->root, layers[i], kinds[k]);
			make_folder(path);
		}
	assert_int_equal(od_ini_paths_new(f->root, &f->paths), 0);
	*state = f;
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void) st;
	(void) kind;
	(void) at;
	return remove(path);
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(nftw(f->root, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
	od_ini_paths_free(f->paths);
	od_problems_done(&f->problems);
	free(f);
	return 0;
}

/* The code of problem @i, or "" where there are not so many. */
static inline const char *code_of(const struct fixture *f, size_t i)
{
	return i < f->problems.list.n ? f->problems.list.items[i].code : "";
}

/*
 * Every way to write a policy wrong that we know of: data/faulty/X.ini must give exactly the lines of
 * X.expected, and no policy. The catalogue and holidays it names are those of data/set.
 */
#include <dirent.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/error.h"
#include "ini/load.h"

#define DATA OFFDUTY_SOURCE_DIR "/tests/unit/data/"

static const char *const no_layers[] = { NULL };
static const char *const catalogue[] = { DATA "set/catalogue.d", NULL };
static const char *const holidays[] = { DATA "set/holidays.d", NULL };

static char *read_whole(const char *path, size_t *ret_size)
{
	FILE *file = fopen(path, "rbe");
	char *bytes = malloc(65536);

	if (!file)
		fail_msg("%s cannot be read", path);
	assert_non_null(bytes);
	*ret_size = fread(bytes, 1, 65535, file);
	bytes[*ret_size] = '\0';
	fclose(file);
	return bytes;
}

static char *printed(struct od_problems *problems)
{
	size_t size;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	od_problems_sort(problems);
	od_problems_print(problems, out);
	fclose(out);
	return text;
}

static bool as_expected(const char *folder, const char *name, const char *found)
{
	char path[1024];
	char *expected;
	size_t size;
	bool same;

	snprintf(path, sizeof(path), "%s/%.*s.expected", folder, (int) strlen(name) - 4, name);
	expected = read_whole(path, &size);
	same = strcmp(expected, found) == 0;
	if (!same)
		print_error("%s: expected\n%sbut found\n%s", name, expected, found);
	free(expected);
	return same;
}

static bool is_ini(const char *name)
{
	return strlen(name) > 4 && strcmp(name + strlen(name) - 4, ".ini") == 0;
}

static bool policy_as_expected(const char *folder, const char *name)
{
	const struct od_ini_paths paths = { .policy = no_layers,
		.catalogue = catalogue,
		.holidays = holidays,
		.zoneinfo = "/usr/share/zoneinfo" };
	struct od_policy *policy = NULL;
	struct od_problems problems = { 0 };
	char path[1024];
	char *text, *found;
	size_t size;
	bool good;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	text = read_whole(path, &size);
	good = od_ini_load_memory(name, text, size, &paths, &problems, &policy) == OD_E_POLICY &&
	       !policy;
	if (!good)
		print_error("%s: is no fault at all\n", name);
	found = printed(&problems);
	good = as_expected(folder, name, found) && good;
	free(text);
	free(found);
	od_problems_done(&problems);
	return good;
}

static void test_each_faulty_policy_gives_its_message(void **state)
{
	const char *folder = DATA "faulty";
	DIR *files = opendir(folder);
	struct dirent *entry;
	unsigned n = 0, bad = 0;

	(void) state;
	assert_non_null(files);
	while ((entry = readdir(files)) != NULL)
		if (is_ini(entry->d_name)) {
			n++;
			bad += !policy_as_expected(folder, entry->d_name);
		}
	closedir(files);
	print_message("%u faulty policies\n", n);
	assert_true(n >= 200);
	assert_int_equal(bad, 0);
}

/* @name alone, through a folder that holds a link to it. */
static void check_data_folder(const char *folder, bool is_catalogue)
{
	char place[] = "/tmp/offduty-faulty-XXXXXX";
	const char *const layers[] = { place, NULL };
	const struct od_ini_paths paths = { .policy = no_layers,
		.catalogue = is_catalogue ? layers : catalogue,
		.holidays = is_catalogue ? holidays : layers,
		.zoneinfo = "/usr/share/zoneinfo" };
	DIR *files = opendir(folder);
	struct dirent *entry;
	unsigned n = 0, bad = 0;

	assert_non_null(files);
	assert_non_null(mkdtemp(place));
	while ((entry = readdir(files)) != NULL) {
		struct od_problems problems = { 0 };
		struct od_policy *policy = NULL;
		char from[1024], to[1024];
		char *found;

		if (!is_ini(entry->d_name))
			continue;
		snprintf(from, sizeof(from), "%s/%s", folder, entry->d_name);
		snprintf(to, sizeof(to), "%s/%s", place, entry->d_name);
		assert_int_equal(symlink(from, to), 0);
		assert_int_equal(od_ini_load(&paths, &problems, &policy), OD_E_POLICY);
		assert_null(policy);
		od_array_foreach (problem, &problems.list) {
			assert_string_equal(problem->file, to);
			memmove(problem->file, entry->d_name, strlen(entry->d_name) + 1);
		}
		found = printed(&problems);
		bad += !as_expected(folder, entry->d_name, found);
		free(found);
		od_problems_done(&problems);
		assert_int_equal(unlink(to), 0);
		n++;
	}
	closedir(files);
	assert_int_equal(rmdir(place), 0);
	assert_true(n > 0);
	assert_int_equal(bad, 0);
}

static void test_each_faulty_catalogue_file_gives_its_message(void **state)
{
	(void) state;
	check_data_folder(DATA "faulty-catalogue", true);
}

static void test_each_faulty_holiday_file_gives_its_message(void **state)
{
	(void) state;
	check_data_folder(DATA "faulty-holidays", false);
}

/* "... [duplicate-key]": the code at the end of each line. */
static unsigned undocumented(const char *folder, const char *readme)
{
	DIR *files = opendir(folder);
	struct dirent *entry;
	unsigned n = 0;

	assert_non_null(files);
	while ((entry = readdir(files)) != NULL) {
		char path[1024], code[80];
		char *text, *save = NULL;
		size_t size;

		if (!strstr(entry->d_name, ".expected"))
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		text = read_whole(path, &size);
		for (char *line = strtok_r(text, "\n", &save); line;
			line = strtok_r(NULL, "\n", &save)) {
			const char *open = strrchr(line, '[');

			assert_non_null(open);
			snprintf(code, sizeof(code), "`%.*s`", (int) strcspn(open + 1, "]"),
				open + 1);
			if (strstr(readme, code))
				continue;
			print_error("%s is not in the README\n", code);
			n++;
		}
		free(text);
	}
	closedir(files);
	return n;
}

static void test_every_code_is_documented(void **state)
{
	size_t size;
	char *readme = read_whole(OFFDUTY_SOURCE_DIR "/policies/ini/README.md", &size);

	(void) state;
	assert_int_equal(undocumented(DATA "faulty", readme), 0);
	assert_int_equal(undocumented(DATA "faulty-catalogue", readme), 0);
	assert_int_equal(undocumented(DATA "faulty-holidays", readme), 0);
	free(readme);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_faulty_policy_gives_its_message),
		cmocka_unit_test(test_each_faulty_catalogue_file_gives_its_message),
		cmocka_unit_test(test_each_faulty_holiday_file_gives_its_message),
		cmocka_unit_test(test_every_code_is_documented),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "guard/records.h"

#define MINUTE INT64_C(60000000)

static char folder[64];

static struct od_record record(int64_t minute, const char *messenger)
{
	struct od_record ret = { .minute_us = minute * MINUTE, .what = OD_RECORD_BLOCKED };

	(void) snprintf(ret.verdict, sizeof(ret.verdict), "block");
	(void) snprintf(ret.messenger, sizeof(ret.messenger), "%s", messenger);
	(void) snprintf(ret.rule, sizeof(ret.rule), "blocked");
	return ret;
}

static void test_time_is_to_the_minute(OD_UNUSED void **state)
{
	assert_int_equal(od_record_minute(MINUTE * 5 + 59999999), MINUTE * 5);
	assert_int_equal(od_record_minute(MINUTE * 5), MINUTE * 5);
	assert_int_equal(od_record_minute(-1), -MINUTE);
}

static void test_a_line_comes_back_as_it_went(OD_UNUSED void **state)
{
	struct od_record in = record(29923548, "telegram"), out;
	char line[256];

	assert_int_equal(od_record_format(&in, line, sizeof(line)), 0);
	assert_string_equal(line, "29923548 blocked block telegram blocked -");
	assert_int_equal(od_record_parse(line, strlen(line), &out), 0);
	assert_memory_equal(&in, &out, sizeof(in));
	assert_int_equal(od_record_format(&in, line, 10), OD_E_LIMIT);
}

static void test_a_name_with_a_blank_is_not_written(OD_UNUSED void **state)
{
	struct od_record in = record(1, "two words\nx");
	char line[256];

	assert_int_equal(od_record_format(&in, line, sizeof(line)), 0);
	assert_string_equal(line, "1 blocked block - blocked -");
}

static void test_faulty_lines_leave_result_untouched(OD_UNUSED void **state)
{
	static const char *const faulty[] = { "", "1", "1 blocked block telegram blocked",
		"x blocked block telegram blocked -", "1 judged block telegram blocked -",
		"1 blocked block telegram blocked - more", "1  block telegram blocked -",
		"99999999999999999999 blocked block telegram blocked -",
		"1 blocked block-much-too-long-a-word telegram blocked -" };
	struct od_record out = record(7, "untouched"), before = out;

	for (size_t i = 0; i < OD_ELEMENTS(faulty); i++) {
		assert_int_equal(od_record_parse(faulty[i], strlen(faulty[i]), &out), OD_E_SYNTAX);
		assert_memory_equal(&out, &before, sizeof(out));
	}
}

static void test_everybody_has_a_file_for_root_alone(OD_UNUSED void **state)
{
	struct od_record one = record(100, "telegram"), two = record(200, "signal");
	od_record_list list = { 0 };
	char path[128];
	struct stat st;

	assert_int_equal(od_records_add(folder, 1000, &one, 0), 0);
	assert_int_equal(od_records_add(folder, 1000, &two, 0), 0);
	assert_int_equal(od_records_add(folder, 1001, &two, 0), 0);
	assert_int_equal(od_records_list(folder, 1000, 0, &list), 0);
	assert_int_equal(list.n, 2);
	assert_string_equal(list.items[0].messenger, "telegram");
	free(list.items);
	memset(&list, 0, sizeof(list));
	assert_int_equal(od_records_list(folder, 1000, 150 * MINUTE, &list), 0);
	assert_int_equal(list.n, 1);
	free(list.items);
	memset(&list, 0, sizeof(list));
	assert_int_equal(od_records_list(folder, 1002, 0, &list), 0);
	assert_int_equal(list.n, 0);
	(void) snprintf(path, sizeof(path), "%s/1000", folder);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

static void test_what_is_too_old_goes(OD_UNUSED void **state)
{
	od_record_list list = { 0 };

	assert_int_equal(od_records_tidy(folder, 150 * MINUTE), 0);
	assert_int_equal(od_records_list(folder, 1000, INT64_MIN, &list), 0);
	assert_int_equal(list.n, 1);
	assert_string_equal(list.items[0].messenger, "signal");
	free(list.items);
	memset(&list, 0, sizeof(list));
	assert_int_equal(od_records_tidy(folder, 1000 * MINUTE), 0);
	assert_int_equal(od_records_list(folder, 1000, INT64_MIN, &list), 0);
	assert_int_equal(list.n, 0);
}

static void test_a_cut_line_is_left_out(OD_UNUSED void **state)
{
	struct od_record one = record(100, "telegram");
	od_record_list list = { 0 };
	char path[128];
	int fd;

	(void) snprintf(path, sizeof(path), "%s/1003", folder);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "nonsense\n", 9), 9);
	(void) close(fd);
	assert_int_equal(od_records_add(folder, 1003, &one, 0), 0);
	assert_int_equal(od_records_list(folder, 1003, 0, &list), 0);
	assert_int_equal(list.n, 1);
	free(list.items);
}

static void test_the_newest_are_kept(OD_UNUSED void **state)
{
	od_record_list list = { 0 };

	for (int i = 0; i < 12000; i++) {
		struct od_record one = record(i, "telegram");

		assert_int_equal(od_records_add(folder, 1004, &one, INT64_MIN), 0);
	}
	assert_int_equal(od_records_list(folder, 1004, INT64_MIN, &list), 0);
	assert_in_range(list.n, OD_RECORDS_MAX, 12000 - 1);
	assert_int_equal(list.items[list.n - 1].minute_us, 11999 * MINUTE);
	free(list.items);
}

static int make_folder(OD_UNUSED void **state)
{
	(void) snprintf(folder, sizeof(folder), "/tmp/od-records-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(OD_UNUSED void **state)
{
	static const char *const names[] = { "1000", "1001", "1002", "1003", "1004" };
	char path[128];

	for (size_t i = 0; i < OD_ELEMENTS(names); i++) {
		(void) snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		(void) unlink(path);
	}
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_time_is_to_the_minute),
		cmocka_unit_test(test_a_line_comes_back_as_it_went),
		cmocka_unit_test(test_a_name_with_a_blank_is_not_written),
		cmocka_unit_test(test_faulty_lines_leave_result_untouched),
		cmocka_unit_test(test_everybody_has_a_file_for_root_alone),
		cmocka_unit_test(test_what_is_too_old_goes),
		cmocka_unit_test(test_a_cut_line_is_left_out),
		cmocka_unit_test(test_the_newest_are_kept),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

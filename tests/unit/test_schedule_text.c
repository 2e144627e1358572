#include "time_support.h"

#include "base/array.h"

static int add(const char *key, const char *value, const char **expected)
{
	struct od_schedule *schedule = od_schedule_new("x", (struct od_origin){ 0 });
	int r = od_schedule_add(schedule, key, value, (struct od_origin){ 0 }, expected);

	od_schedule_free(schedule);
	return r;
}

static void test_faulty_windows_are_refused_with_a_hint(void **state)
{
	static const struct {
		const char *value;
		int result;
		const char *hint; /* a word of it */
	} rows[] = {
		{ "25:00-26:00", OD_E_RANGE, "24:00" },
		{ "08:00-24:01", OD_E_RANGE, "24:00" },
		{ "8h30-12h30", OD_E_SYNTAX, "08:30-12:30" },
		{ "08:60-12:00", OD_E_RANGE, "24:00" },
		{ "08:30-", OD_E_SYNTAX, "08:30-12:30" },
		{ "08:30", OD_E_SYNTAX, "08:30-12:30" },
		{ "", OD_E_SYNTAX, "off" },
		{ ",", OD_E_SYNTAX, "off" },
		{ "08:30-12:30,", OD_E_SYNTAX, "off" },
		{ "08:30-12:30 13:30-17:30", OD_E_SYNTAX, "off" },
		{ "08:30-12:30 x", OD_E_SYNTAX, "off" },
		{ "off, 08:30-12:30", OD_E_SYNTAX, "off" },
		{ "offline", OD_E_SYNTAX, "off" },
		{ "24:00-06:00", OD_E_RANGE, "24:00" },
		{ "08:00-08:00", OD_E_RANGE, "another time" },
		{ "00:00-00:00", OD_E_RANGE, "another time" },
		{ "08:30\u201312:30", OD_E_SYNTAX, "dash" },
		{ "08:30 \u2014 12:30", OD_E_SYNTAX, "dash" },
		{ "-1:00-02:00", OD_E_SYNTAX, "off" },
		{ "08:30-12:300", OD_E_SYNTAX, "off" },
	};

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(rows); i++) {
		const char *expected = NULL;
		int r = add("monday", rows[i].value, &expected);

		if (r != rows[i].result || !expected || !strstr(expected, rows[i].hint))
			fail_msg("\"%s\": %d, %s", rows[i].value, r, expected ? expected : "-");
	}
}

static void test_windows_as_people_write_them(void **state)
{
	static const char *const rows[] = { "8:30-12:30", " 08:30-12:30 , 13:30-17:30 ",
		"08:30 - 12:30", "22:00-06:00", "22:00-24:00", "00:00-24:00", "off", " off ",
		"22:00-00:00" };
	const char *expected;

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(rows); i++)
		if (add("monday", rows[i], &expected) != 0)
			fail_msg("%s: expected %s", rows[i], expected);
}

static void test_keys(void **state)
{
	static const struct {
		const char *key;
		int result;
	} rows[] = {
		{ "monday", 0 },
		{ "monday-friday", 0 },
		{ "friday-monday", 0 },
		{ "monday - friday", 0 },
		{ "2026-12-24", 0 },
		{ "12-24", 0 },
		{ "02-29", 0 },
		{ "day 1", 0 },
		{ "day 31", 0 },
		{ "monday 1", 0 },
		{ "monday -1", 0 },
		{ "monday -1 may", 0 },
		{ "monday 5 september", 0 },
		{ "week1.monday", 0 },
		{ "week52.monday-friday", 0 },
		{ "mondays", OD_E_UNKNOWN },
		{ "mon", OD_E_UNKNOWN },
		{ "monday-fri", OD_E_UNKNOWN },
		{ "monday-", OD_E_UNKNOWN },
		{ "timezone", OD_E_UNKNOWN },
		{ "", OD_E_UNKNOWN },
		{ "weekend", OD_E_UNKNOWN },
		{ "week", OD_E_UNKNOWN },
		{ "day", OD_E_UNKNOWN },
		{ "2026-02-29", OD_E_RANGE },
		{ "2026-13-01", OD_E_RANGE },
		{ "2026-1-1", OD_E_SYNTAX },
		{ "2026-12-24 x", OD_E_SYNTAX },
		{ "1-1", OD_E_SYNTAX },
		{ "02-30", OD_E_RANGE },
		{ "day 0", OD_E_RANGE },
		{ "day 32", OD_E_RANGE },
		{ "day x", OD_E_SYNTAX },
		{ "monday 0", OD_E_RANGE },
		{ "monday 6", OD_E_RANGE },
		{ "monday -2", OD_E_RANGE },
		{ "monday 1 mai", OD_E_SYNTAX },
		{ "week0.monday", OD_E_RANGE },
		{ "week53.monday", OD_E_RANGE },
		{ "week1.foo", OD_E_SYNTAX },
		{ "week1.monday 1", OD_E_SYNTAX },
	};

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(rows); i++) {
		const char *expected = NULL;
		int r = add(rows[i].key, "off", &expected);

		if (r != rows[i].result)
			fail_msg("\"%s\": %d", rows[i].key, r);
		assert_true(r <= 0 || r == OD_E_UNKNOWN || expected != NULL);
	}
}

static void test_cycles(void **state)
{
	static const struct {
		const char *value;
		int result;
	} rows[] = {
		{ "2w from 2026-01-05", 0 },
		{ "52w from 2026-01-05", 0 },
		{ "2w from 2026-01-06", OD_E_RANGE }, /* a Tuesday */
		{ "0w from 2026-01-05", OD_E_RANGE },
		{ "53w from 2026-01-05", OD_E_RANGE },
		{ "2w from 2026-02-30", OD_E_RANGE },
		{ "2w", OD_E_SYNTAX },
		{ "2 weeks from 2026-01-05", OD_E_SYNTAX },
		{ "2w from 2026-01-05 x", OD_E_SYNTAX },
		{ "", OD_E_SYNTAX },
	};

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(rows); i++) {
		struct od_schedule *schedule = od_schedule_new("x", (struct od_origin){ 0 });
		const char *expected = NULL;
		int r = od_schedule_set_cycle(
			schedule, rows[i].value, (struct od_origin){ 0 }, &expected);

		if (r != rows[i].result || (r != 0 && !expected))
			fail_msg("\"%s\": %d", rows[i].value, r);
		od_schedule_free(schedule);
	}
}

static void count(struct od_origin origin, bool fault, const char *text, void *userdata)
{
	unsigned *found = userdata;

	assert_non_null(text);
	found[fault]++;
	found[2] = origin.line;
}

static void test_check_finds_what_only_all_lines_show(void **state)
{
	static const struct {
		const char *text;
		unsigned warnings, faults, line;
	} rows[] = {
		{ "monday = 08:00-12:00, 11:00-13:00\n", 1, 0, 1 },
		{ "monday = 08:00-12:00, 12:00-13:00\n", 0, 0, 0 },
		{ "monday = off\nweek1.monday-friday = off\n", 0, 1, 2 },
		{ "cycle = 2w from 2026-01-05\nweek2.monday = off\nweek3.monday = off\n", 0, 1, 3 },
		{ "cycle = 3w from 2026-01-05\nweek3.monday = off\n", 0, 0, 0 },
	};

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(rows); i++) {
		struct bench b = build(rows[i].text);
		unsigned found[3] = { 0, 0, 0 };

		od_schedule_check(b.schedule, count, found);
		assert_int_equal(found[false], rows[i].warnings);
		assert_int_equal(found[true], rows[i].faults);
		assert_int_equal(found[2], rows[i].line);
		bench_done(&b);
	}
}

static void test_worked_days_are_checked(void **state)
{
	struct od_schedule *schedule = od_schedule_new("x", (struct od_origin){ 0 });

	(void) state;
	assert_int_equal(od_schedule_add_worked(schedule, "whit-monday"), 0);
	assert_int_equal(od_schedule_add_worked(schedule, "2026-05-25"), 0);
	assert_int_equal(od_schedule_add_worked(schedule, "05-25"), 0);
	assert_int_equal(od_schedule_add_worked(schedule, ""), OD_E_SYNTAX);
	assert_int_equal(od_schedule_add_worked(schedule, "2026-5-25"), OD_E_SYNTAX);
	assert_int_equal(od_schedule_add_worked(schedule, "13-25"), OD_E_SYNTAX);
	od_schedule_free(schedule);
	od_schedule_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faulty_windows_are_refused_with_a_hint),
		cmocka_unit_test(test_windows_as_people_write_them),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_cycles),
		cmocka_unit_test(test_check_finds_what_only_all_lines_show),
		cmocka_unit_test(test_worked_days_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

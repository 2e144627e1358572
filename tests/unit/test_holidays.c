#include "time_support.h"

static const char *const ids[] = { "mc", "fr", "fr-am", "be", "lu", "it", "pt", "es", "de", "ch",
	"ie", "gr", "ca-on", "au", "uk" };

static bool is_holiday(const struct od_calendar *calendar, const char *date)
{
	struct od_holiday holiday;

	return od_calendar_day(calendar, day_of(date), &holiday);
}

static void test_easter(void **state)
{
	static const char *const western[] = { "2025-04-20", "2026-04-05", "2027-03-28",
		"2028-04-16", "2029-04-01", "2030-04-21", "2035-03-25", "2038-04-25", "1583-04-10",
		"1818-03-22", "2285-03-22" };
	static const char *const eastern[] = { "2024-05-05", "2025-04-20", "2026-04-12",
		"2027-05-02", "2028-04-16", "2029-04-08", "2030-04-28", "1999-04-11" };

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(western); i++)
		assert_int_equal(od_easter(atoi(western[i])), day_of(western[i]));
	for (size_t i = 0; i < OD_ELEMENTS(eastern); i++)
		assert_int_equal(od_orthodox_easter(atoi(eastern[i])), day_of(eastern[i]));
	for (int year = 1583; year < 10000; year++) {
		assert_int_equal(od_day_weekday(od_easter(year)), 6);
		assert_int_equal(od_day_weekday(od_orthodox_easter(year)), 6);
	}
}

/* Of 2025 to 2027 each day that is in the list is a holiday, and no other is; what is only taken
 * instead (Belgium) is told apart. */
static void test_calendars_agree_with_the_law(void **state)
{
	unsigned n_days = 0, n_calendars = 0;
	size_t size;
	char *list = read_whole(OFFDUTY_SOURCE_DIR "/tests/unit/data/holidays.csv", &size);

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(ids); i++) {
		struct od_calendar *calendar = load_calendar(ids[i]);
		char row[32];

		snprintf(row, sizeof(row), "\n%s,2026-", ids[i]);
		n_calendars += strstr(list, row) != NULL;
		for (int32_t n = day_of("2025-01-01");
			strstr(list, row) && n < day_of("2028-01-01"); n++) {
			struct od_holiday holiday;
			int year, month, day;
			bool wanted, found = od_calendar_day(calendar, n, &holiday);

			od_day_to_civil(n, &year, &month, &day);
			snprintf(row, sizeof(row), "\n%s,%04d-%02d-%02d\n", ids[i], year, month,
				day);
			wanted = strstr(list, row) != NULL;
			n_days += wanted;
			if (found && holiday.substitute && strcmp(ids[i], "be") == 0)
				found = false;
			if (found != wanted)
				fail_msg("%s %04d-%02d-%02d %s", ids[i], year, month, day,
					wanted ? "is missing" : "is no holiday");
			snprintf(row, sizeof(row), "\n%s,2026-", ids[i]);
		}
		od_calendar_free(calendar);
	}
	free(list);
	assert_int_equal(n_calendars, 10);
	assert_int_equal(n_days, 310);
}

static void test_monaco_takes_the_monday_after(void **state)
{
	struct od_calendar *mc = load_calendar("mc");
	struct od_holiday holiday;

	(void) state;
	assert_true(od_calendar_day(mc, day_of("2026-11-02"), &holiday));
	assert_true(holiday.substitute);
	assert_string_equal(holiday.id, "all-saints");
	assert_string_equal(holiday.name, "Toussaint");
	assert_true(od_calendar_day(mc, day_of("2026-11-01"), &holiday));
	assert_false(holiday.substitute);
	assert_true(is_holiday(mc, "2027-08-16"));
	assert_true(is_holiday(mc, "2024-12-09"));
	assert_true(is_holiday(mc, "2020-11-02"));
	assert_true(is_holiday(mc, "2022-05-02"));
	assert_true(is_holiday(mc, "2022-12-26"));
	assert_true(is_holiday(mc, "2023-01-02"));
	assert_true(is_holiday(mc, "2023-11-20"));
	assert_false(is_holiday(mc, "2030-01-28")); /* 27 January never moves */
	assert_false(is_holiday(mc, "2026-05-08"));
	assert_false(is_holiday(mc, "2026-07-14"));
	assert_false(is_holiday(mc, "2026-12-09"));
	assert_true(is_holiday(mc, "2011-07-01"));
	assert_true(is_holiday(mc, "2015-01-07"));
	assert_false(is_holiday(mc, "2016-01-07"));
	od_calendar_free(mc);
}

static void test_belgium_takes_the_next_working_day(void **state)
{
	struct od_calendar *be = load_calendar("be");
	struct od_holiday holiday;

	(void) state;
	assert_true(od_calendar_day(be, day_of("2026-08-17"), &holiday)); /* 15 is a Saturday */
	assert_true(holiday.substitute);
	assert_true(is_holiday(be, "2026-11-02"));
	assert_true(is_holiday(be, "2027-05-03"));
	assert_true(is_holiday(be, "2027-12-27"));
	assert_false(is_holiday(be, "2027-12-28"));
	od_calendar_free(be);
}

static void check_year(const char *id, int year, const char *const *days, size_t n)
{
	struct od_calendar *calendar = load_calendar(id);
	struct od_holiday holiday;
	size_t found = 0;

	for (int32_t day = od_day_from_civil(year, 1, 1); day < od_day_from_civil(year + 1, 1, 1);
		day++) {
		if (!od_calendar_day(calendar, day, &holiday) || od_day_weekday(day) > 4)
			continue;
		if (found == n || day_of(days[found]) != day)
			fail_msg("%s %d: %s", id, year, holiday.name);
		found++;
	}
	assert_int_equal(found, n);
	od_calendar_free(calendar);
}

#define check_weekdays(id, year, ...)                                                              \
	check_year(id, year, (const char *const[]){ __VA_ARGS__ },                                 \
		sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

/* The working days that are off, as the authorities publish them. */
static void test_calendars_of_the_islands_and_overseas(void **state)
{
	(void) state;
	check_weekdays("uk", 2026, "2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04",
		"2026-05-25", "2026-08-31", "2026-12-25", "2026-12-28");
	check_weekdays("uk", 2027, "2027-01-01", "2027-03-26", "2027-03-29", "2027-05-03",
		"2027-05-31", "2027-08-30", "2027-12-27", "2027-12-28");
	check_weekdays("uk", 2022, "2022-01-03", "2022-04-15", "2022-04-18", "2022-05-02",
		"2022-06-02", "2022-06-03", "2022-08-29", "2022-09-19", "2022-12-26", "2022-12-27");
	check_weekdays("uk", 2020, "2020-01-01", "2020-04-10", "2020-04-13", "2020-05-08",
		"2020-05-25", "2020-08-31", "2020-12-25", "2020-12-28");
	check_weekdays("ie", 2026, "2026-01-01", "2026-02-02", "2026-03-17", "2026-04-06",
		"2026-05-04", "2026-06-01", "2026-08-03", "2026-10-26", "2026-12-25");
	check_weekdays("ie", 2030, "2030-01-01", "2030-02-01", "2030-04-22", "2030-05-06",
		"2030-06-03", "2030-08-05", "2030-10-28", "2030-12-25", "2030-12-26");
	check_weekdays("ca-on", 2026, "2026-01-01", "2026-02-16", "2026-04-03", "2026-05-18",
		"2026-07-01", "2026-09-07", "2026-10-12", "2026-12-25");
	check_weekdays("ca-on", 2022, "2022-02-21", "2022-04-15", "2022-05-23", "2022-07-01",
		"2022-09-05", "2022-10-10", "2022-12-26", "2022-12-27");
	check_weekdays("au", 2026, "2026-01-01", "2026-01-26", "2026-04-03", "2026-04-06",
		"2026-06-08", "2026-12-25", "2026-12-28");
	check_weekdays("gr", 2026, "2026-01-01", "2026-01-06", "2026-03-25", "2026-04-13",
		"2026-05-01", "2026-12-25");
}

static void test_every_shipped_calendar_has_all_it_needs(void **state)
{
	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(ids); i++) {
		struct od_calendar *calendar = load_calendar(ids[i]);
		struct od_holiday holiday;
		unsigned n = 0;

		for (int32_t day = day_of("2026-01-01"); day < day_of("2027-01-01"); day++)
			n += od_calendar_day(calendar, day, &holiday);
		assert_in_range(n, strcmp(ids[i], "ch") == 0 ? 1 : 8, 15);
		assert_string_equal(od_calendar_id(calendar), ids[i]);
		od_calendar_free(calendar);
	}
}

static struct od_calendar *one(const char *key, const char *value)
{
	struct od_calendar *calendar = od_calendar_new("x", "x");
	const char *expected = NULL;

	assert_int_equal(
		od_calendar_add(calendar, key, value, (struct od_origin){ "x", 7 }, &expected), 0);
	return calendar;
}

static void check_one(const char *key, const char *value, const char *yes, const char *no)
{
	struct od_calendar *calendar = one(key, value);

	if (yes && !is_holiday(calendar, yes))
		fail_msg("%s = %s: %s is none", key, value, yes);
	if (no && is_holiday(calendar, no))
		fail_msg("%s = %s: %s is one", key, value, no);
	od_calendar_free(calendar);
}

static void test_rules(void **state)
{
	(void) state;
	check_one("02-29", "Leap", "2028-02-29", "2027-03-01");
	check_one("easter", "E", "2026-04-05", "2026-04-06");
	check_one("easter-63", "Septuagesima", "2026-02-01", NULL);
	check_one("monday 5 march", "M", "2027-03-29", "2028-03-27");
	check_one("monday -1 february", "M", "2027-02-22", "2027-02-15");
	check_one("monday before 05-25", "V", "2026-05-18", "2026-05-25");
	check_one("monday after 05-25", "V", "2026-06-01", "2026-05-25");
	check_one("saturday before 01-03", "S", "2027-01-02", "2026-01-03");
	check_one("sunday before 01-03", "S", "2026-12-27", "2026-12-20");
	check_one("saturday after 12-30", "S", "2027-01-02", "2026-12-26");
	check_one("05-01", "L; sunday->monday", "2022-05-02", "2021-05-03");
	check_one("05-01", "L; weekend->monday", "2021-05-03", "2021-05-04");
	check_one("01-01", "N; saturday->friday", "2021-12-31", "2022-12-30");
	check_one("05-01", "L; since 2026", "2026-05-01", "2025-05-01");
	check_one("05-01", "L; until 2026", "2026-05-01", "2027-05-01");
	check_one("extra 2015-01-07", "X", "2015-01-07", "2016-01-07");
}

static void test_exceptions_end_a_holiday_and_what_stands_for_it(void **state)
{
	struct od_calendar *calendar = one("05-01", "L; sunday->monday");
	const char *expected = NULL;

	(void) state;
	assert_int_equal(od_calendar_add(calendar, "except 2022-05-01", "Gone",
				 (struct od_origin){ 0 }, &expected),
		0);
	assert_false(is_holiday(calendar, "2022-05-01"));
	assert_false(is_holiday(calendar, "2022-05-02"));
	assert_true(is_holiday(calendar, "2023-05-01"));
	od_calendar_free(calendar);
}

static void test_a_holiday_knows_its_line(void **state)
{
	struct od_calendar *calendar = one("05-01", "Fête du Travail; id=labour-day");
	struct od_holiday holiday;

	(void) state;
	assert_true(od_calendar_day(calendar, day_of("2026-05-01"), &holiday));
	assert_string_equal(holiday.name, "Fête du Travail");
	assert_string_equal(holiday.id, "labour-day");
	assert_string_equal(holiday.origin.file, "x");
	assert_int_equal(holiday.origin.line, 7);
	od_calendar_free(calendar);
}

static void test_faulty_rules_are_refused_with_a_hint(void **state)
{
	static const struct {
		const char *key, *value;
		int result;
	} rows[] = {
		{ "", "X", OD_E_SYNTAX },
		{ "1-1", "X", OD_E_SYNTAX },
		{ "13-01", "X", OD_E_RANGE },
		{ "02-30", "X", OD_E_RANGE },
		{ "easter+", "X", OD_E_SYNTAX },
		{ "easter+400", "X", OD_E_RANGE },
		{ "eastern", "X", OD_E_SYNTAX },
		{ "monday", "X", OD_E_SYNTAX },
		{ "monday 6 may", "X", OD_E_RANGE },
		{ "monday 0 may", "X", OD_E_RANGE },
		{ "monday -2 may", "X", OD_E_RANGE },
		{ "monday 1 mai", "X", OD_E_SYNTAX },
		{ "monday 1", "X", OD_E_SYNTAX },
		{ "monday before", "X", OD_E_SYNTAX },
		{ "extra 05-01", "X", OD_E_SYNTAX },
		{ "extra 2026-02-29", "X", OD_E_RANGE },
		{ "05-01 x", "X", OD_E_SYNTAX },
		{ "05-01", "", OD_E_SYNTAX },
		{ "05-01", " ; since 2020", OD_E_SYNTAX },
		{ "05-01", "X; monday->sunday", OD_E_SYNTAX },
		{ "05-01", "X; since", OD_E_SYNTAX },
		{ "05-01", "X; since 99", OD_E_SYNTAX },
		{ "05-01", "X; since 2027; until 2026", OD_E_RANGE },
		{ "05-01", "X; id=", OD_E_SYNTAX },
		{ "05-01", "X; id=a; id=b", OD_E_SYNTAX },
		{ "05-01", "X;", OD_E_SYNTAX },
	};

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(rows); i++) {
		struct od_calendar *calendar = od_calendar_new("x", "x");
		const char *expected = NULL;
		int r = od_calendar_add(
			calendar, rows[i].key, rows[i].value, (struct od_origin){ 0 }, &expected);

		if (r != rows[i].result || !expected)
			fail_msg("\"%s = %s\": %d", rows[i].key, rows[i].value, r);
		assert_false(is_holiday(calendar, "2026-05-01"));
		od_calendar_free(calendar);
	}
	od_calendar_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_easter),
		cmocka_unit_test(test_calendars_agree_with_the_law),
		cmocka_unit_test(test_monaco_takes_the_monday_after),
		cmocka_unit_test(test_belgium_takes_the_next_working_day),
		cmocka_unit_test(test_calendars_of_the_islands_and_overseas),
		cmocka_unit_test(test_every_shipped_calendar_has_all_it_needs),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_exceptions_end_a_holiday_and_what_stands_for_it),
		cmocka_unit_test(test_a_holiday_knows_its_line),
		cmocka_unit_test(test_faulty_rules_are_refused_with_a_hint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* base/scan: each scanner takes its one spelling, moves only on success, and never wraps. */
#include "base/scan.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/error.h"

static void test_unsigned_takes_plain_decimals(void **state)
{
	static const struct {
		const char *text;
		uint64_t max, value;
		int result;
		size_t moved;
	} cases[] = {
		{ "0", 10, 0, 0, 1 }, { "7", 7, 7, 0, 1 }, { "42,", 100, 42, 0, 2 },
		{ "18446744073709551615", UINT64_MAX, UINT64_MAX, 0, 20 },
		{ "18446744073709551616", UINT64_MAX, 0, OD_E_RANGE, 0 },
		{ "99999999999999999999999", UINT64_MAX, 0, OD_E_RANGE, 0 },
		{ "8", 7, 0, OD_E_RANGE, 0 }, { "10", 9, 0, OD_E_RANGE, 0 },
		{ "1", 0, 0, OD_E_RANGE, 0 }, { "", 10, 0, OD_E_SYNTAX, 0 },
		{ "-1", 10, 0, OD_E_SYNTAX, 0 }, { "+1", 10, 0, OD_E_SYNTAX, 0 },
		{ " 1", 10, 0, OD_E_SYNTAX, 0 }, { "010", 10, 0, OD_E_SYNTAX, 0 },
		{ "00", 10, 0, OD_E_SYNTAX, 0 },
		{ "0x10", 99, 0, 0, 1 }, /* stops at the x, which the caller then sees */
	};

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(cases); i++) {
		const char *p = cases[i].text;
		uint64_t value = 77;

		assert_int_equal(od_scan_unsigned(&p, cases[i].max, &value), cases[i].result);
		assert_int_equal(p - cases[i].text, cases[i].moved);
		assert_true(value == (cases[i].result == 0 ? cases[i].value : 77));
	}
}

static void test_digits_are_exactly_so_many(void **state)
{
	const char *text = "0830x", *p = text;
	unsigned value = 77;

	(void) state;
	assert_int_equal(od_scan_digits(&p, 2, &value), 0);
	assert_int_equal(value, 8);
	assert_int_equal(od_scan_digits(&p, 3, &value), OD_E_SYNTAX);
	assert_int_equal(value, 8);
	assert_ptr_equal(p, text + 2);
	assert_int_equal(od_scan_digits(&p, 2, &value), 0);
	assert_int_equal(value, 30);
}

static void test_duration_needs_its_unit(void **state)
{
	static const struct {
		const char *text;
		int64_t us;
		int result;
	} cases[] = {
		{ "0", 0, 0 },
		{ "0s", 0, 0 },
		{ "90s", 90000000, 0 },
		{ "20m", INT64_C(1200000000), 0 },
		{ "2h", INT64_C(7200000000), 0 },
		{ "35d", INT64_C(3024000000000), 0 },
		{ "106751991d", INT64_C(9223372022400000000), 0 },
		{ "106751992d", 0, OD_E_RANGE },
		{ "9223372036854775808s", 0, OD_E_RANGE },
		{ "35", 0, OD_E_SYNTAX },
		{ "35 d", 0, OD_E_SYNTAX },
		{ "d", 0, OD_E_SYNTAX },
		{ "5w", 0, OD_E_SYNTAX },
		{ "5D", 0, OD_E_SYNTAX },
		{ "-5d", 0, OD_E_SYNTAX },
	};

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(cases); i++) {
		const char *p = cases[i].text;
		int64_t us = 77;

		assert_int_equal(od_scan_duration(&p, &us), cases[i].result);
		assert_true(us == (cases[i].result == 0 ? cases[i].us : 77));
		assert_true(cases[i].result == 0 ? *p == '\0' : p == cases[i].text);
	}
}

static void test_size_counts_in_powers_of_1024(void **state)
{
	static const struct {
		const char *text;
		uint64_t size;
		int result;
	} cases[] = {
		{ "4096", 4096, 0 },
		{ "64K", 65536, 0 },
		{ "25M", 26214400, 0 },
		{ "2G", UINT64_C(2147483648), 0 },
		{ "8589934591G", UINT64_C(9223372035781033984), 0 },
		{ "8589934592G", 0, OD_E_RANGE },
		{ "99999999999999999999G", 0, OD_E_RANGE },
		{ "K", 0, OD_E_SYNTAX },
		{ "", 0, OD_E_SYNTAX },
	};

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(cases); i++) {
		const char *p = cases[i].text;
		uint64_t size = 77;

		assert_int_equal(od_scan_size(&p, &size), cases[i].result);
		assert_true(size == (cases[i].result == 0 ? cases[i].size : 77));
	}
}

static void test_rate_is_a_number_an_hour_or_a_day(void **state)
{
	const char *p = "3/h";
	unsigned count = 0;
	int64_t period = 0;

	(void) state;
	assert_int_equal(od_scan_rate(&p, &count, &period), 0);
	assert_int_equal(count, 3);
	assert_true(period == INT64_C(3600000000));
	p = "20/d";
	assert_int_equal(od_scan_rate(&p, &count, &period), 0);
	assert_true(count == 20 && period == INT64_C(86400000000));
	p = "0/h";
	assert_int_equal(od_scan_rate(&p, &count, &period), OD_E_RANGE);
	p = "1000001/h";
	assert_int_equal(od_scan_rate(&p, &count, &period), OD_E_RANGE);
	p = "3/m";
	assert_int_equal(od_scan_rate(&p, &count, &period), OD_E_SYNTAX);
	p = "3";
	assert_int_equal(od_scan_rate(&p, &count, &period), OD_E_SYNTAX);
	assert_int_equal(count, 20);
}

static void test_bool_has_eight_words(void **state)
{
	static const struct {
		const char *text;
		bool value;
	} words[] = { { "yes", true }, { "true", true }, { "on", true }, { "1", true },
		{ "no", false }, { "false", false }, { "off", false }, { "0", false } };
	static const char *const others[] = { "", "y", "Yes", "ON", "maybe", "2" };

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(words); i++) {
		const char *p = words[i].text;
		bool value = !words[i].value;

		assert_int_equal(od_scan_bool(&p, &value), 0);
		assert_int_equal(value, words[i].value);
		assert_true(od_scan_end(p));
	}
	for (size_t i = 0; i < OD_ELEMENTS(others); i++) {
		const char *p = others[i];
		bool value = true;

		assert_int_equal(od_scan_bool(&p, &value), OD_E_SYNTAX);
		assert_true(value && p == others[i]);
	}
}

static void test_time_ends_with_24_00(void **state)
{
	static const struct {
		const char *text;
		int minutes, result;
	} cases[] = {
		{ "00:00", 0, 0 },
		{ "08:30", 510, 0 },
		{ "23:59", 1439, 0 },
		{ "24:00", 1440, 0 },
		{ "24:01", 0, OD_E_RANGE },
		{ "25:00", 0, OD_E_RANGE },
		{ "08:60", 0, OD_E_RANGE },
		{ "8:30", 0, OD_E_SYNTAX },
		{ "08:3", 0, OD_E_SYNTAX },
		{ "08:300", 0, OD_E_SYNTAX },
		{ "08.30", 0, OD_E_SYNTAX },
		{ "", 0, OD_E_SYNTAX },
	};

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(cases); i++) {
		const char *p = cases[i].text;
		int minutes = 77;

		assert_int_equal(od_scan_time(&p, &minutes), cases[i].result);
		assert_int_equal(minutes, cases[i].result == 0 ? cases[i].minutes : 77);
	}
}

static void test_date_is_a_day_that_exists(void **state)
{
	static const struct {
		const char *text;
		int result;
	} cases[] = {
		{ "2026-12-24", 0 },
		{ "2024-02-29", 0 },
		{ "2000-02-29", 0 },
		{ "9999-12-31", 0 },
		{ "1583-01-01", 0 },
		{ "1582-12-31", OD_E_RANGE },
		{ "2026-02-29", OD_E_RANGE },
		{ "2100-02-29", OD_E_RANGE },
		{ "2026-04-31", OD_E_RANGE },
		{ "2026-13-01", OD_E_RANGE },
		{ "2026-00-01", OD_E_RANGE },
		{ "2026-01-00", OD_E_RANGE },
		{ "2026-1-1", OD_E_SYNTAX },
		{ "26-01-01", OD_E_SYNTAX },
		{ "2026/01/01", OD_E_SYNTAX },
		{ "2026-01-011", OD_E_SYNTAX },
	};

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(cases); i++) {
		const char *p = cases[i].text;
		int year = 77, month = 77, day = 77;

		assert_int_equal(od_scan_date(&p, &year, &month, &day), cases[i].result);
		assert_int_equal(year == 77, cases[i].result != 0);
		assert_true(cases[i].result == 0 ? *p == '\0' : p == cases[i].text);
	}
}

static void test_month_day_exists_in_some_year(void **state)
{
	const char *p = "02-29";
	int month = 0, day = 0;

	(void) state;
	assert_int_equal(od_scan_month_day(&p, &month, &day), 0);
	assert_true(month == 2 && day == 29);
	p = "02-30";
	assert_int_equal(od_scan_month_day(&p, &month, &day), OD_E_RANGE);
	p = "2-30";
	assert_int_equal(od_scan_month_day(&p, &month, &day), OD_E_SYNTAX);
	assert_int_equal(od_scan_month_length(2024, 2), 29);
	assert_int_equal(od_scan_month_length(1900, 2), 28);
}

static void test_utf8_stops_at_the_first_bad_byte(void **state)
{
	static const struct {
		const char *text;
		size_t size, valid;
	} cases[] = {
		{ "", 0, 0 },
		{ "abc", 3, 3 },
		{ "a\0b", 3, 3 },
		{ "\xc3\xa9", 2, 2 },
		{ "\xe2\x82\xac", 3, 3 },
		{ "\xf0\x9f\x94\x95", 4, 4 },
		{ "\xf4\x8f\xbf\xbf", 4, 4 },
		{ "a\xe9z", 3, 1 },           /* Latin-1 */
		{ "\xc0\xaf", 2, 0 },         /* overlong */
		{ "\xe0\x80\xaf", 3, 0 },     /* overlong */
		{ "\xf0\x80\x80\xaf", 4, 0 }, /* overlong */
		{ "\xed\xa0\x80", 3, 0 },     /* a surrogate */
		{ "\xf4\x90\x80\x80", 4, 0 }, /* above U+10FFFF */
		{ "\xf5\x80\x80\x80", 4, 0 },
		{ "ab\xe2\x82", 4, 2 }, /* cut */
		{ "ab\x80", 3, 2 },     /* a lone continuation */
		{ "\xe2\x82\x28", 3, 0 },
	};

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(cases); i++)
		assert_int_equal(od_scan_utf8(cases[i].text, cases[i].size), cases[i].valid);
}

static void test_word_moves_only_when_it_is_there(void **state)
{
	const char *text = "from 2026", *p = text;

	(void) state;
	assert_false(od_scan_word(&p, "fromm"));
	assert_ptr_equal(p, text);
	assert_true(od_scan_word(&p, "from"));
	od_scan_blanks(&p);
	assert_string_equal(p, "2026");
	assert_false(od_scan_end(p));
	assert_true(od_scan_end(" \t"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unsigned_takes_plain_decimals),
		cmocka_unit_test(test_digits_are_exactly_so_many),
		cmocka_unit_test(test_duration_needs_its_unit),
		cmocka_unit_test(test_size_counts_in_powers_of_1024),
		cmocka_unit_test(test_rate_is_a_number_an_hour_or_a_day),
		cmocka_unit_test(test_bool_has_eight_words),
		cmocka_unit_test(test_time_ends_with_24_00),
		cmocka_unit_test(test_date_is_a_day_that_exists),
		cmocka_unit_test(test_month_day_exists_in_some_year),
		cmocka_unit_test(test_utf8_stops_at_the_first_bad_byte),
		cmocka_unit_test(test_word_moves_only_when_it_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

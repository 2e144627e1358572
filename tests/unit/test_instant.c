#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/error.h"
#include "runtime/clock.h"

#define SECOND INT64_C(1000000)

static void test_instants_are_counted_from_1970(void **state)
{
	static const struct {
		const char *text;
		int64_t us;
	} rows[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1969-12-31T23:59:59Z", -SECOND },
		{ "2026-11-27T18:45:00+01:00", INT64_C(1795801500) * SECOND },
		{ "2026-11-27t17:45:00z", INT64_C(1795801500) * SECOND },
		{ "2026-11-27 12:15:00-05:30", INT64_C(1795801500) * SECOND },
		{ "2024-02-29T00:00:00Z", INT64_C(1709164800) * SECOND },
		{ "2000-03-01T00:00:00Z", INT64_C(951868800) * SECOND },
		{ "0000-01-01T00:00:00Z", INT64_C(-62167219200) * SECOND },
		{ "0000-02-29T00:00:00Z", INT64_C(-62162121600) * SECOND },
		{ "9999-12-31T23:59:59Z", INT64_C(253402300799) * SECOND },
		{ "2038-01-19T03:14:08Z", INT64_C(2147483648) * SECOND },
		{ "1970-01-01T00:00:00.5Z", SECOND / 2 },
		{ "1970-01-01T00:00:00.1234567Z", 123456 },
	};

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(rows); i++) {
		int64_t us = 7;

		if (od_clock_parse_instant(rows[i].text, &us) != 0 || us != rows[i].us)
			fail_msg("%s is %lld", rows[i].text, (long long) us);
	}
}

static void test_what_is_not_rfc_3339_leaves_the_result_untouched(void **state)
{
	static const char *const faulty[] = { "", "2026", "2026-11-27", "2026-11-27T18:45",
		"2026-11-27T18:45:00", "2026-11-27T18:45:00+1:00", "2026-11-27T18:45:00+0100",
		"2026-11-27T18:45:00 +01:00", "2026-11-27T24:00:00Z", "2026-11-27T23:60:00Z",
		"2026-11-27T23:59:60Z", "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
		"2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-04-31T00:00:00Z",
		"2026-04-00T00:00:00Z", "26-04-01T00:00:00Z", "2026-4-1T00:00:00Z",
		"2026-11-27T18:45:00.Z", "2026-11-27T18:45:00Zz", " 2026-11-27T18:45:00Z",
		"2026-11-27T18:45:00Z ", "2026-11-27T18:45:00+24:00", "2026-11-27T18:45:00+01:60",
		"+026-11-27T18:45:00Z", "2026-11-27T-1:45:00Z", "today" };

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(faulty); i++) {
		int64_t us = 7;

		if (od_clock_parse_instant(faulty[i], &us) != OD_E_SYNTAX || us != 7)
			fail_msg("'%s' was taken", faulty[i]);
	}
}

static void test_every_day_follows_the_one_before(void **state)
{
	int64_t before = 0, us = 0;
	char text[32];

	(void) state;
	for (int year = 1996; year <= 2104; year++)
		for (int month = 1; month <= 12; month++)
			for (int day = 1; day <= 31; day++) {
				(void) snprintf(text, sizeof(text), "%04d-%02d-%02dT12:00:00Z",
					year, month, day);
				if (od_clock_parse_instant(text, &us) != 0)
					continue;
				if (before != 0 && us - before != 86400 * SECOND)
					fail_msg("%s is not a day after the day before", text);
				before = us;
			}
	assert_true(before > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_instants_are_counted_from_1970),
		cmocka_unit_test(test_what_is_not_rfc_3339_leaves_the_result_untouched),
		cmocka_unit_test(test_every_day_follows_the_one_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

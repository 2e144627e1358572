/* Times as people type and read them. Now is Friday 2026-11-27 18:45 in Monaco (UTC+1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/translate.h"
#include "when.h"

#define NOW         INT64_C(1795801500000000) /* 2026-11-27T17:45:00Z */
#define AT(d, h, m) (NOW + (((int64_t) (d) *24 + (h)) * 60 + (m)) * 60 * OD_USEC_PER_SEC)
#define SPRING      INT64_C(1806177600000000) /* 2027-03-27T20:00:00Z, the eve of summer time */
#define HOURS(n)    ((int64_t) (n) *3600 * OD_USEC_PER_SEC)

static struct od_zone *monaco;

static int set_up(void **state)
{
	(void) state;
	return od_when_zone("/usr/share/zoneinfo", "Europe/Monaco", &monaco);
}

static int tear_down(void **state)
{
	(void) state;
	od_zone_unref(monaco);
	return 0;
}

static void test_words_become_instants(void **state)
{
	static const struct {
		const char *text;
		int64_t instant;
	} rows[] = {
		{ "2h", AT(0, 2, 0) },
		{ "90m", AT(0, 1, 30) },
		{ "1h30m", AT(0, 1, 30) },
		{ "1h 30m", AT(0, 1, 30) },
		{ "for 90 minutes", AT(0, 1, 30) },
		{ "2d", AT(2, 0, 0) },
		{ "45s", NOW + 45 * OD_USEC_PER_SEC },
		{ "21:00", AT(0, 2, 15) },
		{ "until 21:00", AT(0, 2, 15) },
		{ "08:30", AT(0, 13, 45) }, /* gone by today: tomorrow */
		{ "18:45", AT(1, 0, 0) },   /* now is over */
		{ "24:00", AT(0, 5, 15) },
		{ "today 20:00", AT(0, 1, 15) },
		{ "tomorrow", AT(0, 5, 15) },
		{ "Tomorrow 08:30", AT(0, 13, 45) },
		{ "monday", AT(2, 5, 15) },
		{ "until Mon 08:30", AT(2, 13, 45) },
		{ "friday", AT(6, 5, 15) }, /* today's midnight is over: the next */
		{ "friday 20:00", AT(0, 1, 15) },
		{ "2026-12-01", AT(3, 5, 15) },
		{ "2026-12-01 08:30", AT(3, 13, 45) },
		{ "2026-11-27T21:00:00+01:00", AT(0, 2, 15) },
		{ "2026-11-27T20:00:00Z", AT(0, 2, 15) },
		{ "2026-11-27T15:00:00-05:00", AT(0, 2, 15) },
		{ "2026-11-27T20:00Z", AT(0, 2, 15) },
	};

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(rows); i++) {
		int64_t instant = 0;

		assert_int_equal(od_when_parse(rows[i].text, NOW, monaco, &instant), 0);
		if (instant != rows[i].instant)
			fail_msg("%s: %lld s off", rows[i].text,
				(long long) ((instant - rows[i].instant) / OD_USEC_PER_SEC));
	}
}

static void test_other_words_are_refused(void **state)
{
	static const struct {
		const char *text;
		int result;
	} rows[] = {
		{ "", OD_E_SYNTAX },
		{ " ", OD_E_SYNTAX },
		{ "until", OD_E_SYNTAX },
		{ "soon", OD_E_SYNTAX },
		{ "2", OD_E_SYNTAX },
		{ "h", OD_E_SYNTAX },
		{ "2x", OD_E_SYNTAX },
		{ "-2h", OD_E_SYNTAX },
		{ "2h!", OD_E_SYNTAX },
		{ "21:00 22:00", OD_E_SYNTAX },
		{ "monday 08:30 please", OD_E_SYNTAX },
		{ "one two three four five", OD_E_SYNTAX },
		{ "25:00", OD_E_RANGE },
		{ "monday 24:30", OD_E_RANGE },
		{ "2026-02-30", OD_E_RANGE },
		{ "400d", OD_E_RANGE },
		{ "99999999999999999999h", OD_E_RANGE },
		{ "2026-11-27T20:00:61Z", OD_E_RANGE },
		{ "2026-11-27T20:00:00", OD_E_SYNTAX },
		{ "2026-11-27T20:00:00Zx", OD_E_SYNTAX },
	};
	char longest[4096];

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(rows); i++) {
		int64_t instant = 42;
		int r = od_when_parse(rows[i].text, NOW, monaco, &instant);

		if (r != rows[i].result)
			fail_msg("\"%s\": %d instead of %d", rows[i].text, r, rows[i].result);
	}
	memset(longest, '1', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(od_when_parse(longest, NOW, monaco, &(int64_t){ 0 }), OD_E_SYNTAX);
}

/* 2027-03-28 has 23 hours in Monaco. */
static void test_a_change_of_the_clocks_counts(void **state)
{
	int64_t instant;

	(void) state;
	assert_int_equal(od_when_parse("tomorrow 20:00", SPRING, monaco, &instant), 0);
	assert_int_equal(instant, SPRING + HOURS(22)); /* now is 21:00 there */
	assert_int_equal(od_when_parse("24h", SPRING, monaco, &instant), 0);
	assert_int_equal(instant, SPRING + HOURS(24));
}

static void test_only_some_words_need_a_clock(void **state)
{
	static const char *const relative[] = { "2h", "21:00", "tomorrow", "monday 08:30" };
	static const char *const absolute[] = { "2026-12-24", "2026-12-24 08:30",
		"2026-11-27T20:00:00Z" };

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(relative); i++)
		assert_true(od_when_is_relative(relative[i]));
	for (size_t i = 0; i < OD_ELEMENTS(absolute); i++)
		assert_false(od_when_is_relative(absolute[i]));
}

static void test_until_says_as_much_as_is_needed(void **state)
{
	char text[OD_WHEN_TEXT];

	(void) state;
	assert_string_equal(od_when_until(AT(0, 2, 15), NOW, monaco, text), "until 21:00");
	assert_string_equal(od_when_until(AT(2, 13, 45), NOW, monaco, text), "until Monday 08:30");
	assert_string_equal(od_when_until(AT(17, 13, 45), NOW, monaco, text),
		"until Tuesday 15 December 08:30");
	assert_string_equal(
		od_when_until(AT(45, 13, 45), NOW, monaco, text), "until 12 January 2027 08:30");
	assert_string_equal(od_when_until(OD_NEVER, NOW, monaco, text), "");
}

static void test_rfc3339_is_utc(void **state)
{
	char text[OD_WHEN_TEXT];

	(void) state;
	assert_string_equal(od_when_rfc3339(NOW, text), "2026-11-27T17:45:00Z");
	assert_string_equal(od_when_rfc3339(NOW + 500000, text), "2026-11-27T17:45:00.5Z");
	assert_string_equal(od_when_rfc3339(0, text), "1970-01-01T00:00:00Z");
	assert_string_equal(od_when_rfc3339(-1, text), "1969-12-31T23:59:59.999999Z");
}

static void test_a_zone_name_leads_nowhere_else(void **state)
{
	static const char *const names[] = { "../../../etc/passwd", "/etc/localtime", "local",
		NULL };

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(names); i++) {
		od_cleanup(od_zone_unrefp) struct od_zone *zone = NULL;

		/* always the host's own, which there may be none of */
		if (od_when_zone("/usr/share/zoneinfo", names[i], &zone) == 0)
			assert_string_equal(od_zone_name(zone), "local");
	}
}

/* Last: from here on French. */
static void test_in_french(void **state)
{
	char text[OD_WHEN_TEXT];
	int64_t instant;

	(void) state;
	assert_int_equal(setenv("LC_ALL", "C.UTF-8", 1) | setenv("LANGUAGE", "fr", 1), 0);
	od_translate_init(OFFDUTY_TEST_LOCALE_DIR);
	assert_string_equal(od_when_until(AT(2, 13, 45), NOW, monaco, text), "jusqu'à lundi 08:30");
	assert_string_equal(od_when_until(AT(17, 13, 45), NOW, monaco, text),
		"jusqu'au mardi 15 décembre à 08:30");
	assert_int_equal(od_when_parse("jusqu'à lundi 08:30", NOW, monaco, &instant), 0);
	assert_int_equal(instant, AT(2, 13, 45));
	assert_int_equal(od_when_parse("demain", NOW, monaco, &instant), 0);
	assert_int_equal(instant, AT(0, 5, 15));
	assert_int_equal(od_when_parse("2 heures", NOW, monaco, &instant), 0);
	assert_int_equal(instant, AT(0, 2, 0));
	assert_int_equal(
		od_when_parse("tomorrow", NOW, monaco, &instant), 0); /* still understood */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_become_instants),
		cmocka_unit_test(test_other_words_are_refused),
		cmocka_unit_test(test_a_change_of_the_clocks_counts),
		cmocka_unit_test(test_only_some_words_need_a_clock),
		cmocka_unit_test(test_until_says_as_much_as_is_needed),
		cmocka_unit_test(test_rfc3339_is_utc),
		cmocka_unit_test(test_a_zone_name_leads_nowhere_else),
		cmocka_unit_test(test_in_french),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

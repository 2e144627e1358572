/* base/nearest: how far words are apart, and when a guess is worth showing. */
#include "base/nearest.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/cleanup.h"

static void test_each_slip_counts_one(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned distance;
	} cases[] = {
		{ "signal", "signal", 0 },
		{ "Signal", "signal", 0 },
		{ "sgnal", "signal", 1 },
		{ "signnal", "signal", 1 },
		{ "sugnal", "signal", 1 },
		{ "singal", "signal", 1 }, /* two letters swapped */
		{ "", "abc", 3 },
		{ "abc", "", 3 },
		{ "kitten", "sitting", 3 },
		{ "ca", "abc", 3 },
	};

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(cases); i++) {
		assert_int_equal(od_nearest_distance(cases[i].a, cases[i].b, 9), cases[i].distance);
		assert_int_equal(od_nearest_distance(cases[i].b, cases[i].a, 9), cases[i].distance);
	}
}

static void test_beyond_the_limit_is_limit_plus_one(void **state)
{
	char longest[OD_NEAREST_MAX + 1], longer[OD_NEAREST_MAX + 2];

	(void) state;
	assert_int_equal(od_nearest_distance("kitten", "sitting", 2), 3);
	assert_int_equal(od_nearest_distance("a", "abcdefgh", 2), 3);
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_int_equal(od_nearest_distance(longest, longest, 5), 0);
	assert_int_equal(od_nearest_distance(longer, longer, 5), 6);
}

static void test_another_word_is_no_slip(void **state)
{
	static const char *const known[] = { "approved", "blocked", "suggest", "require" };

	(void) state;
	assert_string_equal(od_nearest_of("aproved", known, OD_ELEMENTS(known)), "approved");
	assert_string_equal(od_nearest_of("Blokced", known, OD_ELEMENTS(known)), "blocked");
	assert_null(od_nearest_of("colour", known, OD_ELEMENTS(known)));
	assert_null(od_nearest_of("", known, OD_ELEMENTS(known)));
	assert_null(od_nearest_of("approved", known, 0));
}

static void test_the_first_of_equals_stays(void **state)
{
	static const char *const known[] = { "bat", "cat" };

	(void) state;
	assert_string_equal(od_nearest_of("rat", known, OD_ELEMENTS(known)), "bat");
	assert_string_equal(od_nearest_of("cat", known, OD_ELEMENTS(known)), "cat");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_slip_counts_one),
		cmocka_unit_test(test_beyond_the_limit_is_limit_plus_one),
		cmocka_unit_test(test_another_word_is_no_slip),
		cmocka_unit_test(test_the_first_of_equals_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Countries, lists of them, and the level of hosting they make. */
#include "model/adequacy.h"
#include "unit/rules_fixture.h"

static void add(od_adequacies *lists, const char *id, const char *country)
{
	struct od_adequacy *list = od_array_add(lists);

	assert_non_null(list);
	list->id = strdup(id);
	assert_int_equal(od_strings_add(&list->countries, country, (size_t) -1), 0);
}

static void done(od_adequacies *lists)
{
	od_array_foreach (list, lists)
		od_adequacy_done(list);
	free(lists->items);
}

static int level(const od_adequacies *lists, const char *a, const char *b)
{
	od_strings places = { 0 };
	int found;

	if (a)
		assert_int_equal(od_strings_add(&places, a, (size_t) -1), 0);
	if (b)
		assert_int_equal(od_strings_add(&places, b, (size_t) -1), 0);
	found = od_adequacy_level(lists, &places);
	od_strings_done(&places);
	return found;
}

static void test_all_some_or_none_of_the_places(void **state)
{
	od_adequacies lists = { 0 };

	(void) state;
	add(&lists, "one", "FR");
	add(&lists, "two", "CH");
	assert_int_equal(level(&lists, "FR", "CH"), 2);
	assert_int_equal(level(&lists, "FR", "US"), 1);
	assert_int_equal(level(&lists, "US", "CN"), 0);
	assert_int_equal(level(&lists, "FR", "elsewhere"), 1);
	assert_int_equal(level(&lists, NULL, NULL), -1);
	done(&lists);
}

static void test_without_lists_no_place_is_adequate(void **state)
{
	const od_adequacies none = { 0 };

	(void) state;
	assert_int_equal(level(&none, "FR", NULL), 0);
	assert_null(od_adequacy_of(&none, "FR"));
}

static void test_first_list_that_names_a_country_answers(void **state)
{
	od_adequacies lists = { 0 };

	(void) state;
	add(&lists, "one", "FR");
	add(&lists, "two", "FR");
	assert_string_equal(od_adequacy_of(&lists, "FR")->id, "one");
	done(&lists);
}

static void test_codes_are_those_of_iso_3166(void **state)
{
	static const char *const wrong[] = { "", "F", "fr", "FRA", "UK", "XX", " F", "R ", "eu",
		"E " };

	(void) state;
	assert_true(od_adequacy_place_known("AD", false));
	assert_true(od_adequacy_place_known("ZW", false));
	assert_true(od_adequacy_place_known("EU", false));
	assert_true(od_adequacy_place_known("EEA", false));
	assert_false(od_adequacy_place_known("elsewhere", false));
	assert_true(od_adequacy_place_known("elsewhere", true));
	for (size_t i = 0; i < OD_ELEMENTS(wrong); i++)
		if (od_adequacy_place_known(wrong[i], true))
			fail_msg("\"%s\" is a country", wrong[i]);
}

static void test_common_slips_are_understood(void **state)
{
	(void) state;
	assert_string_equal(od_adequacy_place_meant("UK", false), "GB");
	assert_string_equal(od_adequacy_place_meant("usa", true), "US");
	assert_string_equal(od_adequacy_place_meant("Elsewhere", true), "elsewhere");
	assert_null(od_adequacy_place_meant("Elsewhere", false));
	assert_null(od_adequacy_place_meant("Atlantis", true));
}

static void test_letting_go_of_nothing(void **state)
{
	struct od_adequacy empty = { 0 };

	(void) state;
	od_adequacy_done(&empty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_some_or_none_of_the_places),
		cmocka_unit_test(test_without_lists_no_place_is_adequate),
		cmocka_unit_test(test_first_list_that_names_a_country_answers),
		cmocka_unit_test(test_codes_are_those_of_iso_3166),
		cmocka_unit_test(test_common_slips_are_understood),
		cmocka_unit_test(test_letting_go_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "model/origin.h"

#include "unit/rules_fixture.h"

static const char *const groups[] = { "staff", "press-office" };
static const struct od_person alice = { "alice", 1000, groups, 2 };

static void test_nobody_named_is_everybody(void **state)
{
	const struct od_who who = { 0 };

	(void) state;
	assert_int_equal(od_who_rank(&who, &alice), OD_RANK_EVERYBODY);
	assert_int_equal(od_who_rank(&who, NULL), OD_RANK_EVERYBODY);
}

static void test_person_is_named_more_exactly_than_group(void **state)
{
	struct od_who who = { 0 };

	(void) state;
	list_add(&who.groups, "press-office");
	assert_int_equal(od_who_rank(&who, &alice), OD_RANK_GROUP);
	list_add(&who.people, "alice");
	assert_int_equal(od_who_rank(&who, &alice), OD_RANK_PERSON);
	od_who_done(&who);
}

static void test_somebody_else_is_not_meant(void **state)
{
	struct od_who who = { 0 };
	const struct od_person bob = { "bob", 1001, NULL, 0 };

	(void) state;
	list_add(&who.groups, "press-office");
	list_add(&who.people, "alice");
	assert_int_equal(od_who_rank(&who, &bob), OD_RANK_NONE);
	assert_int_equal(od_who_rank(&who, NULL), OD_RANK_NONE);
	od_who_done(&who);
	od_who_done(&who);
}

static void test_every_kind_of_name_has_its_prefix(void **state)
{
	(void) state;
	assert_string_equal(od_name_kind_to_string(OD_NAME_MESSENGER), "messenger");
	assert_string_equal(od_name_kind_to_string(OD_NAME_SERVICE), "service");
	assert_string_equal(od_name_kind_to_string(OD_NAME_DESKTOP), "desktop");
	assert_string_equal(od_name_kind_to_string(OD_NAME_SITE), "site");
	assert_string_equal(od_name_kind_to_string(OD_NAME_QUALITY), "quality");
	assert_string_equal(od_name_kind_to_string(OD_NAME_CARRIER), "carrier");
	assert_string_equal(od_name_kind_to_string((enum od_name_kind) 99), "unknown");
}

static void test_names_can_be_let_go_twice(void **state)
{
	od_names names = { 0 };

	(void) state;
	od_names_done(&names);
	name_add(&names, OD_NAME_SITE, "*.example.org", 3);
	od_names_done(&names);
	od_names_done(&names);
	assert_int_equal(names.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nobody_named_is_everybody),
		cmocka_unit_test(test_person_is_named_more_exactly_than_group),
		cmocka_unit_test(test_somebody_else_is_not_meant),
		cmocka_unit_test(test_every_kind_of_name_has_its_prefix),
		cmocka_unit_test(test_names_can_be_let_go_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

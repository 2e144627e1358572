/* The shipped examples, against the shipped catalogue and holidays: no fault, no warning. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "ini/load.h"

#define SHIPPED OFFDUTY_SOURCE_DIR "/policies/"

static struct od_policy *example(const char *folder)
{
	const char *const policy[] = { folder, NULL };
	const char *const catalogue[] = { SHIPPED "catalogue", NULL };
	const char *const holidays[] = { SHIPPED "holidays", NULL };
	const struct od_ini_paths paths = { .policy = policy,
		.catalogue = catalogue,
		.holidays = holidays,
		.zoneinfo = "/usr/share/zoneinfo" };
	struct od_problems problems = { 0 };
	struct od_policy *ret = NULL;
	int r = od_ini_load(&paths, &problems, &ret);

	od_problems_print(&problems, stderr);
	assert_int_equal(r, 0);
	assert_int_equal(problems.list.n, 0);
	od_problems_done(&problems);
	return ret;
}

static bool named(const od_names *names, enum od_name_kind kind, const char *value)
{
	od_array_foreach (name, names)
		if (name->kind == kind && strcmp(name->value, value) == 0)
			return true;
	return false;
}

static void test_the_whole_example_is_clean(void **state)
{
	struct od_policy *p = example(SHIPPED "examples/exemplar");

	(void) state;
	assert_true(named(&p->blocked, OD_NAME_SERVICE, "telegram"));
	assert_true(named(&p->blocked, OD_NAME_SERVICE, "whatsapp"));
	assert_true(named(&p->approved, OD_NAME_MESSENGER, "element"));
	assert_true(named(&p->notifications.work, OD_NAME_DESKTOP, "thunderbird"));
	assert_int_equal(p->mode, OD_MODE_ENFORCE);
	assert_string_equal(
		od_zone_name(od_schedule_zone(p->schedules.items[0].schedule)), "Europe/Monaco");
	assert_string_equal(p->sharings.items[0].paths.items[0], "/srv/hr/**");
	assert_int_equal(p->sharings.items[0].action, OD_VERDICT_WARN);
	od_policy_unref(p);
}

static void test_the_minimal_example_is_clean(void **state)
{
	struct od_policy *p = example(SHIPPED "examples/minimal");

	(void) state;
	assert_true(p->blocked.n > 0);
	od_policy_unref(p);
}

static void test_the_shipped_catalogue_is_whole(void **state)
{
	struct od_policy *p = example("/nonexistent");

	(void) state;
	assert_true(od_catalogue_size(p->catalogue) >= 100);
	assert_true(p->calendars.n >= 10);
	od_policy_unref(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_whole_example_is_clean),
		cmocka_unit_test(test_the_minimal_example_is_clean),
		cmocka_unit_test(test_the_shipped_catalogue_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

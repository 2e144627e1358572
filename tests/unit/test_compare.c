#include "model/compare.h"

#include "unit/rules_fixture.h"

#define HOUR  (3600 * OD_USEC_PER_SEC)
#define DAY   (24 * HOUR)
#define BEGIN (20458 * DAY) /* Monday, 5 January 2026 */

static const char *const press[] = { "press-office" };
static const struct od_person member = { NULL, 1000, press, 1 };
static const struct od_person *const subjects[] = { NULL, &member };

struct pair {
	struct od_policy *before, *after;
	struct od_compared compared;
};

static int setup(void **state)
{
	static struct pair pair;

	pair = (struct pair){ .before = policy_small(), .after = policy_small() };
	*state = &pair;
	return 0;
}

static int teardown(void **state)
{
	struct pair *pair = *state;

	od_compared_done(&pair->compared);
	od_policy_unref(pair->before);
	od_policy_unref(pair->after);
	return 0;
}

/* From Monday, 5 January 1970 (a Monday), for 14 days. */
static void compare(struct pair *pair)
{
	od_compared_done(&pair->compared);
	assert_int_equal(od_compare(pair->before, pair->after, subjects, 2, od_zone_utc(), BEGIN,
				 BEGIN + 14 * DAY, &pair->compared),
		0);
}

static const struct od_compared_launch *find(
	const struct pair *pair, const char *id, size_t subject)
{
	od_array_foreach (launch, &pair->compared.launches)
		if (launch->subject == subject && strcmp(launch->messenger->id, id) == 0)
			return launch;
	return NULL;
}

static struct od_messenger_rule *section(
	struct od_policy *policy, const char *id, enum od_verdict verdict)
{
	struct od_messenger_rule *rule = od_array_add(&policy->messengers);

	assert_non_null(rule);
	rule->id = strdup(id);
	rule->has_verdict = true;
	rule->verdict = verdict;
	return rule;
}

static void schedule(struct od_policy *policy, const char *hours, const char *group)
{
	struct od_policy_schedule *slot = od_array_add(&policy->schedules);
	const char *expected;

	assert_non_null(slot);
	slot->schedule = od_schedule_new("office", (struct od_origin){ "test.ini", 3 });
	assert_int_equal(od_schedule_add(slot->schedule, "monday-friday", hours,
				 (struct od_origin){ "test.ini", 4 }, &expected),
		0);
	if (group)
		list_add(&slot->who.groups, group);
}

static void test_equal_policies_do_not_differ(void **state)
{
	struct pair *pair = *state;

	schedule(pair->before, "09:00-17:00", NULL);
	schedule(pair->after, "09:00-17:00", NULL);
	compare(pair);
	assert_int_equal(pair->compared.launches.n, 0);
	assert_int_equal(pair->compared.hours.n, 0);
}

static void test_what_is_blocked_stops_for_everybody(void **state)
{
	struct pair *pair = *state;
	const struct od_compared_launch *launch;

	name_add(&pair->after->blocked, OD_NAME_SERVICE, "telegram", 7);
	compare(pair);
	assert_int_equal(pair->compared.launches.n, 2); /* both clients, told once each */
	launch = find(pair, "fork", 0);
	assert_int_equal(launch->before[true], OD_VERDICT_WARN);
	assert_int_equal(launch->after[true], OD_VERDICT_BLOCK);
	assert_int_equal(launch->reason.origin.line, 7);
	assert_true(od_compared_stops(launch));
	assert_false(od_compared_starts(launch));
}

static void test_what_is_no_longer_blocked_starts(void **state)
{
	struct pair *pair = *state;

	name_add(&pair->before->blocked, OD_NAME_MESSENGER, "slack", 7);
	compare(pair);
	assert_true(od_compared_starts(find(pair, "slack", 0)));
	assert_false(od_compared_stops(find(pair, "slack", 0)));
}

static void test_a_group_of_its_own_is_told_apart(void **state)
{
	struct pair *pair = *state;

	name_add(&pair->after->blocked, OD_NAME_MESSENGER, "slack", 7);
	list_add(&section(pair->after, "slack", OD_VERDICT_WARN)->who.groups, "press-office");
	compare(pair);
	assert_true(od_compared_stops(find(pair, "slack", 0)));
	/* nothing changes for them, and that is said */
	assert_non_null(find(pair, "slack", 1));
	assert_false(od_compared_stops(find(pair, "slack", 1)));
	assert_int_equal(pair->compared.launches.n, 2);
}

static void test_off_duty_alone_is_seen(void **state)
{
	struct pair *pair = *state;
	const struct od_compared_launch *launch;

	section(pair->after, "slack", OD_VERDICT_BLOCK)->when = OD_WHEN_OFF_DUTY;
	compare(pair);
	launch = find(pair, "slack", 0);
	assert_int_equal(launch->before[true], launch->after[true]);
	assert_int_equal(launch->after[false], OD_VERDICT_BLOCK);
	assert_int_equal(launch->reason.rule, OD_RULE_MESSENGER);
}

static void test_a_messenger_of_one_catalogue_only(void **state)
{
	struct pair *pair = *state;

	od_catalogue_free(pair->before->catalogue);
	pair->before->catalogue = od_catalogue_new();
	assert_int_equal(od_catalogue_seal(pair->before->catalogue), 0);
	pair->after->unlisted = OD_VERDICT_BLOCK;
	compare(pair);
	assert_int_equal(find(pair, "slack", 0)->before[true], OD_VERDICT_ALLOW);
	assert_true(od_compared_stops(find(pair, "slack", 0)));
	/* and the other way round */
	od_catalogue_free(pair->after->catalogue);
	pair->after->catalogue = od_catalogue_new();
	assert_int_equal(od_catalogue_seal(pair->after->catalogue), 0);
	compare(pair);
	assert_int_equal(pair->compared.launches.n, 0);
}

static void test_the_first_difference_of_hours_is_exact(void **state)
{
	struct pair *pair = *state;
	const struct od_compared_hours *hours;

	schedule(pair->before, "09:00-17:00", NULL);
	schedule(pair->after, "09:00-12:00, 13:00-17:30", NULL);
	compare(pair);
	assert_int_equal(pair->compared.hours.n, 1);
	hours = &pair->compared.hours.items[0];
	assert_int_equal(hours->first_us, BEGIN + 12 * HOUR);
	assert_int_equal(hours->until_us, BEGIN + 13 * HOUR);
	assert_true(hours->before);
	assert_int_equal(hours->less_us, 10 * HOUR);
	assert_int_equal(hours->more_us, 5 * HOUR);
	assert_int_equal(hours->reason.origin.line, 4);
}

static void test_hours_of_a_group_only(void **state)
{
	struct pair *pair = *state;

	schedule(pair->before, "09:00-17:00", NULL);
	schedule(pair->after, "09:00-17:00", NULL);
	schedule(pair->after, "08:00-17:00", "press-office");
	compare(pair);
	assert_int_equal(pair->compared.hours.n, 1);
	assert_int_equal(pair->compared.hours.items[0].subject, 1);
	assert_int_equal(pair->compared.hours.items[0].more_us, 10 * HOUR);
	assert_int_equal(pair->compared.hours.items[0].less_us, 0);
}

/* Without a schedule one is always on duty. */
static void test_a_first_schedule_takes_time_away(void **state)
{
	struct pair *pair = *state;

	schedule(pair->after, "09:00-17:00", NULL);
	compare(pair);
	assert_int_equal(pair->compared.hours.items[0].first_us, BEGIN);
	assert_int_equal(pair->compared.hours.items[0].less_us, 14 * DAY - 80 * HOUR);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_equal_policies_do_not_differ),
		TEST(test_what_is_blocked_stops_for_everybody),
		TEST(test_what_is_no_longer_blocked_starts),
		TEST(test_a_group_of_its_own_is_told_apart),
		TEST(test_off_duty_alone_is_seen),
		TEST(test_a_messenger_of_one_catalogue_only),
		TEST(test_the_first_difference_of_hours_is_exact),
		TEST(test_hours_of_a_group_only),
		TEST(test_a_first_schedule_takes_time_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

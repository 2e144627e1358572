#include "model/whatif.h"

#include "unit/rules_fixture.h"

static const char *const groups[] = { "staff", "press-office" };
static const struct od_person alice = { "alice", 1000, groups, 1 };
static const struct od_person root = { "root", 0, groups, 1 };

static int setup(void **state)
{
	*state = policy_small();
	return 0;
}

static int teardown(void **state)
{
	od_policy_unref(*state);
	return 0;
}

static od_whatifs ask(const struct od_policy *policy, const struct od_person *person,
	const char *id, bool on_duty)
{
	od_whatifs answers;

	assert_int_equal(od_whatif_launch(policy, person, od_catalogue_find(policy->catalogue, id),
				 on_duty, &answers),
		0);
	return answers;
}

static const struct od_whatif *find(const od_whatifs *answers, enum od_change change)
{
	od_array_foreach (answer, answers)
		if (answer->change == change)
			return answer;
	return NULL;
}

static struct od_messenger_rule *section(
	struct od_policy *policy, const char *id, enum od_verdict verdict, unsigned line)
{
	struct od_messenger_rule *rule = od_array_add(&policy->messengers);

	assert_non_null(rule);
	rule->id = strdup(id);
	rule->has_verdict = true;
	rule->verdict = verdict;
	rule->origin = (struct od_origin){ "test.ini", line };
	return rule;
}

static void require(struct od_policy *policy, const char *text, unsigned line)
{
	struct od_requirement *requirement = od_array_add(&policy->require);

	assert_non_null(requirement);
	assert_int_equal(od_requirement_parse(text, requirement), 0);
	requirement->origin = (struct od_origin){ "test.ini", line };
}

static void test_what_is_blocked_would_start_unblocked_or_approved(void **state)
{
	struct od_policy *policy = *state;
	od_whatifs answers;

	policy->unlisted = OD_VERDICT_WARN;
	name_add(&policy->blocked, OD_NAME_SERVICE, "telegram", 7);
	answers = ask(policy, &alice, "telegram", true);
	assert_int_equal(find(&answers, OD_CHANGE_UNBLOCK)->verdict, OD_VERDICT_WARN);
	assert_int_equal(find(&answers, OD_CHANGE_UNBLOCK)->origin.line, 7);
	assert_int_equal(find(&answers, OD_CHANGE_APPROVE)->verdict, OD_VERDICT_ALLOW);
	assert_null(find(&answers, OD_CHANGE_UNAPPROVE));
	assert_null(find(&answers, OD_CHANGE_ON_DUTY));
	assert_null(find(&answers, OD_CHANGE_OFF_DUTY));
	assert_int_equal(answers.n, 2);
	free(answers.items);
}

static void test_what_is_approved_would_fall_back(void **state)
{
	struct od_policy *policy = *state;
	od_whatifs answers;

	policy->unlisted = OD_VERDICT_BLOCK;
	name_add(&policy->approved, OD_NAME_MESSENGER, "slack", 3);
	answers = ask(policy, NULL, "slack", true);
	assert_int_equal(answers.n, 1);
	assert_int_equal(answers.items[0].change, OD_CHANGE_UNAPPROVE);
	assert_int_equal(answers.items[0].verdict, OD_VERDICT_BLOCK);
	assert_int_equal(answers.items[0].origin.line, 3);
	free(answers.items);
}

static void test_every_unmet_point_is_named_with_what_is_known(void **state)
{
	struct od_policy *policy = *state;
	od_whatifs answers;

	policy->unlisted = OD_VERDICT_BLOCK;
	require(policy, "e2ee:default", 4);
	require(policy, "client:open", 5);
	answers = ask(policy, &alice, "slack", true);
	assert_int_equal(answers.n, 3); /* approve, and two facts */
	assert_int_equal(answers.items[1].change, OD_CHANGE_FACTS);
	assert_string_equal(answers.items[1].detail, "e2ee:default");
	assert_int_equal(answers.items[1].fact->level, 0);
	assert_int_equal(answers.items[1].verdict, OD_VERDICT_ALLOW);
	assert_string_equal(answers.items[2].detail, "client:open");
	assert_int_equal(answers.items[2].origin.line, 5);
	free(answers.items);

	answers = ask(policy, &alice, "telegram", true);
	assert_int_equal(answers.n, 2); /* its client is open */
	assert_string_equal(answers.items[1].detail, "e2ee:default");
	free(answers.items);
}

static void test_a_fact_nobody_knows_would_do_with_unknown_pass(void **state)
{
	struct od_policy *policy = *state;
	od_whatifs answers;

	policy->unlisted = OD_VERDICT_BLOCK;
	require(policy, "e2ee:default", 4);
	answers = ask(policy, &alice, "chatty", true);
	assert_int_equal(find(&answers, OD_CHANGE_UNKNOWN)->verdict, OD_VERDICT_ALLOW);
	assert_int_equal(find(&answers, OD_CHANGE_FACTS)->fact->level, -1);
	free(answers.items);
	/* telegram's is known, and not enough */
	answers = ask(policy, &alice, "telegram", true);
	assert_null(find(&answers, OD_CHANGE_UNKNOWN));
	free(answers.items);
}

static void test_a_group_that_may_is_named(void **state)
{
	struct od_policy *policy = *state;
	struct od_messenger_rule *rule = section(policy, "signal", OD_VERDICT_ALLOW, 20);
	od_whatifs answers;

	policy->unlisted = OD_VERDICT_BLOCK;
	list_add(&rule->who.groups, "press-office");
	list_add(&rule->who.people, "bob");
	answers = ask(policy, &alice, "signal", true);
	assert_string_equal(find(&answers, OD_CHANGE_GROUP)->detail, "press-office");
	assert_int_equal(find(&answers, OD_CHANGE_GROUP)->verdict, OD_VERDICT_ALLOW);
	assert_int_equal(find(&answers, OD_CHANGE_GROUP)->origin.line, 20);
	assert_int_equal(find(&answers, OD_CHANGE_PEOPLE)->verdict, OD_VERDICT_ALLOW);
	assert_null(find(&answers, OD_CHANGE_SECTION)); /* it does not speak of her */
	free(answers.items);

	/* who is in it already */
	answers = ask(policy, &(struct od_person){ "carol", 1001, groups, 2 }, "signal", true);
	assert_null(find(&answers, OD_CHANGE_GROUP));
	assert_int_equal(find(&answers, OD_CHANGE_SECTION)->verdict, OD_VERDICT_BLOCK);
	free(answers.items);
	/* and nobody in particular */
	answers = ask(policy, NULL, "signal", true);
	assert_string_equal(find(&answers, OD_CHANGE_GROUP)->detail, "press-office");
	free(answers.items);
}

static void test_hours_change_it_where_a_section_asks_for_them(void **state)
{
	struct od_policy *policy = *state;
	od_whatifs answers;

	policy->unlisted = OD_VERDICT_ALLOW;
	section(policy, "slack", OD_VERDICT_BLOCK, 9)->when = OD_WHEN_OFF_DUTY;
	answers = ask(policy, &alice, "slack", true);
	assert_int_equal(answers.n, 1);
	assert_int_equal(answers.items[0].change, OD_CHANGE_OFF_DUTY);
	assert_int_equal(answers.items[0].verdict, OD_VERDICT_BLOCK);
	assert_int_equal(answers.items[0].origin.line, 9);
	free(answers.items);
	answers = ask(policy, &alice, "slack", false);
	assert_int_equal(find(&answers, OD_CHANGE_ON_DUTY)->verdict, OD_VERDICT_ALLOW);
	assert_int_equal(find(&answers, OD_CHANGE_SECTION)->verdict, OD_VERDICT_ALLOW);
	free(answers.items);
}

static void test_the_verdict_is_that_of_the_mode_in_force(void **state)
{
	struct od_policy *policy = *state;
	od_whatifs answers;

	policy->mode = OD_MODE_WARN;
	policy->unlisted = OD_VERDICT_ALLOW;
	section(policy, "slack", OD_VERDICT_BLOCK, 9)->when = OD_WHEN_OFF_DUTY;
	answers = ask(policy, &alice, "slack", true);
	assert_int_equal(answers.items[0].verdict, OD_VERDICT_WARN);
	free(answers.items);
}

static void test_nothing_changes_it_for_who_is_not_governed(void **state)
{
	struct od_policy *policy = *state;
	od_whatifs answers;

	policy->unlisted = OD_VERDICT_BLOCK;
	answers = ask(policy, &root, "slack", true);
	assert_int_equal(answers.n, 0);
	free(answers.items);
}

/* The policy that was asked about is what it was. */
static void test_asking_changes_nothing(void **state)
{
	struct od_policy *policy = *state;
	od_whatifs answers;

	name_add(&policy->approved, OD_NAME_MESSENGER, "element", 3);
	name_add(&policy->blocked, OD_NAME_SERVICE, "matrix", 4);
	answers = ask(policy, &alice, "element", true);
	assert_int_equal(policy->approved.n, 1);
	assert_int_equal(policy->blocked.n, 1);
	/* approved by name beats blocked by service: without it, it is blocked */
	assert_int_equal(find(&answers, OD_CHANGE_UNAPPROVE)->verdict, OD_VERDICT_BLOCK);
	assert_null(find(&answers, OD_CHANGE_UNBLOCK));
	free(answers.items);
}

static void test_names_go_there_and_back(void **state)
{
	enum od_change change = OD_CHANGE_MAX_;

	(void) state;
	for (int i = 0; i < OD_CHANGE_MAX_; i++) {
		assert_true(
			od_change_from_string(od_change_to_string((enum od_change) i), &change));
		assert_int_equal(change, i);
	}
	assert_string_equal(od_change_to_string(OD_CHANGE_MAX_), "unknown");
	assert_false(od_change_from_string("nothing", &change));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_is_blocked_would_start_unblocked_or_approved),
		TEST(test_what_is_approved_would_fall_back),
		TEST(test_every_unmet_point_is_named_with_what_is_known),
		TEST(test_a_fact_nobody_knows_would_do_with_unknown_pass),
		TEST(test_a_group_that_may_is_named),
		TEST(test_hours_change_it_where_a_section_asks_for_them),
		TEST(test_the_verdict_is_that_of_the_mode_in_force),
		TEST(test_nothing_changes_it_for_who_is_not_governed),
		TEST(test_asking_changes_nothing),
		cmocka_unit_test(test_names_go_there_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

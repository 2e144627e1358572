#include "model/launch.h"

#include "unit/rules_fixture.h"

static const char *const groups[] = { "staff", "press-office" };
static const struct od_person alice = { "alice", 1000, groups, 2 };
static const struct od_person bob = { "bob", 1001, groups, 1 };

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

static const struct od_messenger *the(const struct od_policy *policy, const char *id)
{
	const struct od_messenger *messenger = od_catalogue_find(policy->catalogue, id);

	assert_non_null(messenger);
	return messenger;
}

static struct od_decision decide(const struct od_policy *policy, const struct od_person *person,
	const char *id, bool on_duty)
{
	struct od_decision decision;

	memset(&decision, 0xaa, sizeof(decision));
	od_launch_decide(policy, person, id ? the(policy, id) : NULL, on_duty, &decision);
	return decision;
}

static void expect(const struct od_policy *policy, const struct od_person *person, const char *id,
	enum od_verdict verdict, enum od_rule rule)
{
	struct od_decision decision = decide(policy, person, id, true);

	assert_string_equal(od_rule_to_string(decision.reason.rule), od_rule_to_string(rule));
	assert_int_equal(decision.verdict, verdict);
	assert_int_equal(decision.intended, verdict);
	assert_string_equal(decision.reason.messenger, id);
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

static void test_program_that_is_no_messenger_starts(void **state)
{
	struct od_decision decision = decide(*state, &alice, NULL, true);

	assert_int_equal(decision.verdict, OD_VERDICT_ALLOW);
	assert_int_equal(decision.reason.rule, OD_RULE_NOT_A_MESSENGER);
	assert_false(decision.depends_on_person);
	assert_false(decision.depends_on_time);
}

static void test_section_naming_person_beats_section_naming_group(void **state)
{
	struct od_policy *policy = *state;

	list_add(&section(policy, "signal", OD_VERDICT_BLOCK, 1)->who.groups, "press-office");
	list_add(&section(policy, "signal", OD_VERDICT_ALLOW, 2)->who.people, "alice");
	expect(policy, &alice, "signal", OD_VERDICT_ALLOW, OD_RULE_MESSENGER);
	assert_int_equal(decide(policy, &alice, "signal", true).reason.origin.line, 2);
}

static void test_section_naming_group_beats_section_naming_nobody(void **state)
{
	struct od_policy *policy = *state;

	section(policy, "signal", OD_VERDICT_BLOCK, 1);
	list_add(&section(policy, "signal", OD_VERDICT_ALLOW, 2)->who.groups, "press-office");
	expect(policy, &alice, "signal", OD_VERDICT_ALLOW, OD_RULE_MESSENGER);
	expect(policy, &bob, "signal", OD_VERDICT_BLOCK, OD_RULE_MESSENGER);
}

static void test_section_naming_nobody_beats_blocked(void **state)
{
	struct od_policy *policy = *state;

	name_add(&policy->blocked, OD_NAME_MESSENGER, "signal", 1);
	section(policy, "signal", OD_VERDICT_ALLOW, 2);
	expect(policy, &alice, "signal", OD_VERDICT_ALLOW, OD_RULE_MESSENGER);
}

static void test_section_naming_somebody_else_is_not_there(void **state)
{
	struct od_policy *policy = *state;

	name_add(&policy->blocked, OD_NAME_MESSENGER, "signal", 1);
	list_add(&section(policy, "signal", OD_VERDICT_ALLOW, 2)->who.people, "alice");
	expect(policy, &bob, "signal", OD_VERDICT_BLOCK, OD_RULE_BLOCKED);
	expect(policy, NULL, "signal", OD_VERDICT_BLOCK, OD_RULE_BLOCKED);
}

static void test_blocked_beats_approved(void **state)
{
	struct od_policy *policy = *state;

	name_add(&policy->approved, OD_NAME_MESSENGER, "signal", 1);
	name_add(&policy->blocked, OD_NAME_MESSENGER, "signal", 2);
	expect(policy, &alice, "signal", OD_VERDICT_BLOCK, OD_RULE_BLOCKED);
}

static void test_approved_beats_require(void **state)
{
	struct od_policy *policy = *state;
	struct od_requirement *requirement = od_array_add(&policy->require);

	assert_int_equal(od_requirement_parse("e2ee:default", requirement), 0);
	name_add(&policy->approved, OD_NAME_MESSENGER, "slack", 1);
	expect(policy, &alice, "slack", OD_VERDICT_ALLOW, OD_RULE_APPROVED);
}

static void test_require_met_beats_unlisted(void **state)
{
	struct od_policy *policy = *state;
	struct od_requirement *requirement = od_array_add(&policy->require);

	assert_int_equal(od_requirement_parse("e2ee:default", requirement), 0);
	policy->unlisted = OD_VERDICT_BLOCK;
	expect(policy, &alice, "signal", OD_VERDICT_ALLOW, OD_RULE_REQUIRE);
	assert_null(decide(policy, &alice, "signal", true).reason.detail);
}

static void test_require_unmet_is_unlisted_and_says_which(void **state)
{
	struct od_policy *policy = *state;

	assert_int_equal(od_requirement_parse("client:open", od_array_add(&policy->require)), 0);
	assert_int_equal(od_requirement_parse("e2ee:default", od_array_add(&policy->require)), 0);
	policy->require.items[1].origin = (struct od_origin){ "test.ini", 9 };
	policy->unlisted = OD_VERDICT_BLOCK;
	expect(policy, &alice, "telegram", OD_VERDICT_BLOCK, OD_RULE_REQUIRE);
	assert_string_equal(decide(policy, &alice, "telegram", true).reason.detail, "e2ee:default");
	assert_int_equal(decide(policy, &alice, "telegram", true).reason.origin.line, 9);
	policy->unlisted = OD_VERDICT_ALLOW;
	expect(policy, &alice, "telegram", OD_VERDICT_ALLOW, OD_RULE_UNLISTED);
}

static void test_unlisted_is_last(void **state)
{
	struct od_policy *policy = *state;

	expect(policy, &alice, "telegram", OD_VERDICT_WARN, OD_RULE_UNLISTED);
	policy->unlisted = OD_VERDICT_BLOCK;
	expect(policy, &alice, "telegram", OD_VERDICT_BLOCK, OD_RULE_UNLISTED);
}

static void test_unknown_fact_fails_or_passes_as_policy_says(void **state)
{
	struct od_policy *policy = *state;

	assert_int_equal(od_requirement_parse("e2ee:default", od_array_add(&policy->require)), 0);
	expect(policy, &alice, "chatty", OD_VERDICT_WARN, OD_RULE_REQUIRE);
	policy->unknown = OD_UNKNOWN_PASS;
	expect(policy, &alice, "chatty", OD_VERDICT_ALLOW, OD_RULE_REQUIRE);
}

static void test_blocked_service_blocks_all_its_clients(void **state)
{
	struct od_policy *policy = *state;

	name_add(&policy->blocked, OD_NAME_SERVICE, "telegram", 1);
	expect(policy, &alice, "telegram", OD_VERDICT_BLOCK, OD_RULE_BLOCKED);
	expect(policy, &alice, "fork", OD_VERDICT_BLOCK, OD_RULE_BLOCKED);
	expect(policy, &alice, "signal", OD_VERDICT_WARN, OD_RULE_UNLISTED);
}

static void test_rule_through_messenger_beats_rule_through_service(void **state)
{
	struct od_policy *policy = *state;

	name_add(&policy->blocked, OD_NAME_SERVICE, "matrix", 1);
	name_add(&policy->approved, OD_NAME_MESSENGER, "element", 2);
	expect(policy, &alice, "element", OD_VERDICT_ALLOW, OD_RULE_APPROVED);
	expect(policy, &alice, "chatty", OD_VERDICT_BLOCK, OD_RULE_BLOCKED);
}

static void test_section_may_hold_only_on_or_off_duty(void **state)
{
	struct od_policy *policy = *state;
	struct od_messenger_rule *rule = section(policy, "signal", OD_VERDICT_BLOCK, 1);

	rule->when = OD_WHEN_ON_DUTY;
	assert_int_equal(decide(policy, &alice, "signal", true).verdict, OD_VERDICT_BLOCK);
	assert_int_equal(decide(policy, &alice, "signal", false).verdict, OD_VERDICT_WARN);
	assert_true(decide(policy, &alice, "signal", false).depends_on_time);
	rule->when = OD_WHEN_OFF_DUTY;
	assert_int_equal(decide(policy, &alice, "signal", true).verdict, OD_VERDICT_WARN);
	assert_int_equal(decide(policy, &alice, "signal", false).verdict, OD_VERDICT_BLOCK);
	assert_false(decide(policy, &alice, "element", true).depends_on_time);
}

static void test_section_without_verdict_changes_mode_and_words_only(void **state)
{
	struct od_policy *policy = *state;
	struct od_messenger_rule *rule = section(policy, "telegram", OD_VERDICT_ALLOW, 1);
	struct od_message *message = od_array_add(&rule->messages);
	struct od_decision decision;

	message->lang = strdup("en");
	message->text = strdup("No.");
	rule->has_verdict = false;
	rule->has_mode = true;
	rule->mode = OD_MODE_AUDIT;
	name_add(&policy->blocked, OD_NAME_SERVICE, "telegram", 7);
	decision = decide(policy, &alice, "telegram", true);
	assert_int_equal(decision.reason.rule, OD_RULE_BLOCKED);
	assert_int_equal(decision.intended, OD_VERDICT_BLOCK);
	assert_int_equal(decision.verdict, OD_VERDICT_ALLOW);
	assert_int_equal(decision.mode, OD_MODE_AUDIT);
	assert_string_equal(od_messages_find(decision.messages, "en"), "No.");
}

static void test_mode_of_the_policy_softens(void **state)
{
	struct od_policy *policy = *state;
	struct od_decision decision;

	name_add(&policy->blocked, OD_NAME_SERVICE, "telegram", 7);
	policy->mode = OD_MODE_WARN;
	decision = decide(policy, &alice, "fork", true);
	assert_int_equal(decision.intended, OD_VERDICT_BLOCK);
	assert_int_equal(decision.verdict, OD_VERDICT_WARN);
	assert_int_equal(decision.reason.origin.line, 7);
	assert_string_equal(decision.reason.origin.file, "test.ini");
}

static void test_suggestion_is_the_first_this_person_may_start(void **state)
{
	struct od_policy *policy = *state;

	name_add(&policy->blocked, OD_NAME_SERVICE, "telegram", 1);
	name_add(&policy->suggest, OD_NAME_MESSENGER, "fork", 2);
	name_add(&policy->suggest, OD_NAME_MESSENGER, "signal", 3);
	name_add(&policy->suggest, OD_NAME_MESSENGER, "gone", 4);
	name_add(&policy->approved, OD_NAME_MESSENGER, "element", 5);
	assert_ptr_equal(od_launch_suggest(policy, &alice, true), the(policy, "element"));
	list_add(&section(policy, "signal", OD_VERDICT_ALLOW, 6)->who.people, "alice");
	assert_ptr_equal(od_launch_suggest(policy, &alice, true), the(policy, "signal"));
	assert_ptr_equal(od_launch_suggest(policy, &bob, true), the(policy, "element"));
	assert_string_equal(decide(policy, &alice, "telegram", true).reason.suggest, "Signal");
	assert_null(decide(policy, &alice, "signal", true).reason.suggest);
}

static void test_suggested_service_is_its_vendors_client(void **state)
{
	struct od_policy *policy = *state;

	name_add(&policy->suggest, OD_NAME_SERVICE, "matrix", 1);
	name_add(&policy->approved, OD_NAME_SERVICE, "matrix", 2);
	assert_ptr_equal(od_launch_suggest(policy, &alice, true), the(policy, "element"));
	section(policy, "element", OD_VERDICT_BLOCK, 3);
	assert_ptr_equal(od_launch_suggest(policy, &alice, true), the(policy, "chatty"));
}

static void test_nothing_is_suggested_where_nothing_is_approved(void **state)
{
	struct od_policy *policy = *state;
	od_cleanup(od_policy_unrefp) struct od_policy *bare = od_policy_new();

	assert_null(od_launch_suggest(policy, &alice, true));
	assert_null(decide(policy, &alice, "telegram", true).reason.suggest);
	assert_null(od_launch_suggest(bare, &alice, true));
}

static void test_system_users_are_left_alone_unless_asked(void **state)
{
	struct od_policy *policy = *state;
	const struct od_person root = { "root", 0, NULL, 0 };
	const struct od_person nobody = { "nobody", OD_UID_NOBODY, NULL, 0 };

	name_add(&policy->blocked, OD_NAME_SERVICE, "telegram", 1);
	expect(policy, &root, "telegram", OD_VERDICT_ALLOW, OD_RULE_EXEMPT);
	expect(policy, &nobody, "telegram", OD_VERDICT_ALLOW, OD_RULE_EXEMPT);
	assert_true(od_launch_governs(policy, OD_UID_MIN));
	assert_false(od_launch_governs(policy, OD_UID_MIN - 1));
	policy->system_users = true;
	expect(policy, &root, "telegram", OD_VERDICT_BLOCK, OD_RULE_BLOCKED);
	assert_true(od_launch_governs(policy, 0));
	assert_true(od_launch_governs(policy, OD_UID_NOBODY));
}

/* The guard silences an exec for everyone only where both are false and the verdict is allow. */
static void test_dependence_on_person_is_told(void **state)
{
	struct od_policy *policy = *state;

	name_add(&policy->approved, OD_NAME_MESSENGER, "element", 1);
	name_add(&policy->approved, OD_NAME_MESSENGER, "signal", 2);
	name_add(&policy->blocked, OD_NAME_MESSENGER, "slack", 3);
	list_add(&section(policy, "signal", OD_VERDICT_BLOCK, 4)->who.people, "bob");
	section(policy, "element", OD_VERDICT_ALLOW, 5);
	assert_null(decide(policy, &alice, "element", true).messages);
	assert_false(decide(policy, &alice, "element", true).depends_on_person);
	assert_true(decide(policy, &alice, "signal", true).depends_on_person);
	assert_true(decide(policy, &alice, "slack", true).depends_on_person);
}

int main(void)
{
#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		WITH(test_program_that_is_no_messenger_starts),
		WITH(test_section_naming_person_beats_section_naming_group),
		WITH(test_section_naming_group_beats_section_naming_nobody),
		WITH(test_section_naming_nobody_beats_blocked),
		WITH(test_section_naming_somebody_else_is_not_there),
		WITH(test_blocked_beats_approved),
		WITH(test_approved_beats_require),
		WITH(test_require_met_beats_unlisted),
		WITH(test_require_unmet_is_unlisted_and_says_which),
		WITH(test_unlisted_is_last),
		WITH(test_unknown_fact_fails_or_passes_as_policy_says),
		WITH(test_blocked_service_blocks_all_its_clients),
		WITH(test_rule_through_messenger_beats_rule_through_service),
		WITH(test_section_may_hold_only_on_or_off_duty),
		WITH(test_section_without_verdict_changes_mode_and_words_only),
		WITH(test_mode_of_the_policy_softens),
		WITH(test_suggestion_is_the_first_this_person_may_start),
		WITH(test_suggested_service_is_its_vendors_client),
		WITH(test_nothing_is_suggested_where_nothing_is_approved),
		WITH(test_system_users_are_left_alone_unless_asked),
		WITH(test_dependence_on_person_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "model/decision.h"

#include "unit/rules_fixture.h"

static void test_every_verdict_survives_to_text_and_back(void **state)
{
	(void) state;
	for (int i = OD_VERDICT_ALLOW; i <= OD_VERDICT_BLOCK; i++) {
		enum od_verdict back = (enum od_verdict) 99;

		assert_true(
			od_verdict_from_string(od_verdict_to_string((enum od_verdict) i), &back));
		assert_int_equal(back, i);
	}
	assert_string_equal(od_verdict_to_string((enum od_verdict) 99), "unknown");
}

static void test_every_mode_survives_to_text_and_back(void **state)
{
	(void) state;
	for (int i = OD_MODE_ENFORCE; i <= OD_MODE_AUDIT; i++) {
		enum od_mode back = (enum od_mode) 99;

		assert_true(od_mode_from_string(od_mode_to_string((enum od_mode) i), &back));
		assert_int_equal(back, i);
	}
	assert_string_equal(od_mode_to_string((enum od_mode) 99), "unknown");
}

static void test_every_rule_survives_to_text_and_back(void **state)
{
	(void) state;
	for (int i = OD_RULE_NONE; i < OD_RULE_MAX_; i++) {
		enum od_rule back = OD_RULE_MAX_;

		assert_true(od_rule_from_string(od_rule_to_string((enum od_rule) i), &back));
		assert_int_equal(back, i);
	}
	assert_string_equal(od_rule_to_string(OD_RULE_MAX_), "unknown");
}

static void test_unknown_text_leaves_result_untouched(void **state)
{
	enum od_verdict verdict = OD_VERDICT_ASK;
	enum od_mode mode = OD_MODE_WARN;
	enum od_rule rule = OD_RULE_LIFT;

	(void) state;
	assert_false(od_verdict_from_string("Block", &verdict));
	assert_int_equal(verdict, OD_VERDICT_ASK);
	assert_false(od_mode_from_string("", &mode));
	assert_int_equal(mode, OD_MODE_WARN);
	assert_false(od_rule_from_string("unknown", &rule));
	assert_int_equal(rule, OD_RULE_LIFT);
}

static void test_mode_softens_and_never_hardens(void **state)
{
	(void) state;
	for (int v = OD_VERDICT_ALLOW; v <= OD_VERDICT_BLOCK; v++) {
		enum od_verdict verdict = (enum od_verdict) v;

		assert_int_equal(od_verdict_in_mode(verdict, OD_MODE_ENFORCE), verdict);
		assert_int_equal(od_verdict_in_mode(verdict, OD_MODE_AUDIT), OD_VERDICT_ALLOW);
		assert_true(od_verdict_in_mode(verdict, OD_MODE_WARN) <= verdict);
	}
	assert_int_equal(od_verdict_in_mode(OD_VERDICT_BLOCK, OD_MODE_WARN), OD_VERDICT_WARN);
	assert_int_equal(od_verdict_in_mode(OD_VERDICT_ALLOW, OD_MODE_WARN), OD_VERDICT_ALLOW);
}

static void add(od_messages *messages, const char *lang, const char *text)
{
	struct od_message *message = od_array_add(messages);

	assert_non_null(message);
	message->lang = strdup(lang);
	message->text = strdup(text);
}

static void test_message_of_country_beats_message_of_language(void **state)
{
	od_messages messages = { 0 };

	(void) state;
	add(&messages, "fr", "septante ou soixante-dix");
	add(&messages, "fr_CH", "septante");
	assert_string_equal(od_messages_find(&messages, "fr_CH"), "septante");
	assert_string_equal(od_messages_find(&messages, "fr_CH.UTF-8"), "septante");
	assert_string_equal(od_messages_find(&messages, "fr_FR@euro"), "septante ou soixante-dix");
	assert_string_equal(od_messages_find(&messages, "fr"), "septante ou soixante-dix");
	assert_null(od_messages_find(&messages, "de_CH"));
	assert_null(od_messages_find(&messages, "f"));
	assert_null(od_messages_find(&messages, NULL));
	assert_null(od_messages_find(NULL, "fr"));
	od_messages_done(&messages);
	od_messages_done(&messages);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_verdict_survives_to_text_and_back),
		cmocka_unit_test(test_every_mode_survives_to_text_and_back),
		cmocka_unit_test(test_every_rule_survives_to_text_and_back),
		cmocka_unit_test(test_unknown_text_leaves_result_untouched),
		cmocka_unit_test(test_mode_softens_and_never_hardens),
		cmocka_unit_test(test_message_of_country_beats_message_of_language),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

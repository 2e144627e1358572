#include "model/explain.h"

#include "unit/rules_fixture.h"

static const struct od_reason full = {
	.label = "office",
	.messenger = "telegram",
	.messenger_name = "Telegram",
	.service = "telegram",
	.suggest = "Element",
	.detail = "e2ee:default",
	.zone = "Europe/Monaco",
};

static const char *explain(struct od_reason reason, enum od_rule rule, enum od_verdict verdict)
{
	static char text[512];

	reason.rule = rule;
	od_explain(&reason, verdict, NULL, text, sizeof(text));
	return text;
}

/* A sentence begins with a capital and ends with a point, and no {member} is left in it. */
static void expect_sentence(const char *text)
{
	size_t length = strlen(text);

	if (length < 10 || text[0] < 'A' || text[0] > 'Z' || text[length - 1] != '.' ||
		strchr(text, '{') || strstr(text, "  ") || strstr(text, "()") ||
		strstr(text, "(schedule )"))
		fail_msg("\"%s\"", text);
}

static void test_every_rule_and_verdict_has_words(void **state)
{
	const struct od_reason bare = { 0 };

	(void) state;
	for (int rule = OD_RULE_NONE; rule < OD_RULE_MAX_; rule++) {
		for (int v = OD_VERDICT_ALLOW; v <= OD_VERDICT_BLOCK; v++) {
			const char *text = explain(full, (enum od_rule) rule, (enum od_verdict) v);

			expect_sentence(text);
			if (rule != OD_RULE_NONE &&
				strcmp(text, "No company rule concerns this.") == 0)
				fail_msg("%s has no words", od_rule_to_string((enum od_rule) rule));
			expect_sentence(explain(bare, (enum od_rule) rule, (enum od_verdict) v));
		}
	}
	expect_sentence(explain(full, OD_RULE_MAX_, OD_VERDICT_ALLOW));
	expect_sentence(explain(full, OD_RULE_BLOCKED, (enum od_verdict) 99));
}

static void test_sentences_people_read(void **state)
{
	(void) state;
	assert_string_equal(explain(full, OD_RULE_BLOCKED, OD_VERDICT_BLOCK),
		"Telegram is blocked by your company. Use Element instead.");
	assert_string_equal(explain(full, OD_RULE_REQUIRE, OD_VERDICT_BLOCK),
		"Telegram is blocked: your company requires end-to-end encryption by default, and "
		"this is not confirmed for it. Use Element instead.");
	assert_string_equal(explain(full, OD_RULE_UNLISTED, OD_VERDICT_WARN),
		"Telegram is not among the messengers your company approves. Your company "
		"recommends Element.");
	assert_string_equal(explain(full, OD_RULE_HOURS, OD_VERDICT_BLOCK),
		"This is outside your working hours (schedule office).");
	assert_string_equal(explain((struct od_reason){ .detail = "Assomption" }, OD_RULE_HOLIDAY,
				    OD_VERDICT_BLOCK),
		"Today is a public holiday: Assomption.");
	assert_string_equal(explain((struct od_reason){ 0 }, OD_RULE_BLOCKED, OD_VERDICT_BLOCK),
		"This messenger is on the list of messengers your company blocks.");
}

static void test_messenger_without_a_name_is_called_by_its_id(void **state)
{
	(void) state;
	assert_string_equal(explain((struct od_reason){ .messenger = "telegram" }, OD_RULE_APPROVED,
				    OD_VERDICT_ALLOW),
		"telegram is approved by your company.");
	assert_string_equal(
		explain((struct od_reason){ .messenger = "" }, OD_RULE_APPROVED, OD_VERDICT_ALLOW),
		"This messenger is approved by your company.");
}

static void test_alternative_is_named_only_where_something_is_refused(void **state)
{
	(void) state;
	assert_null(strstr(explain(full, OD_RULE_APPROVED, OD_VERDICT_ALLOW), "Element"));
	assert_null(strstr(explain(full, OD_RULE_BLOCKED, OD_VERDICT_ALLOW), "Element"));
	assert_null(strstr(explain(full, OD_RULE_HOURS, OD_VERDICT_BLOCK), "Element"));
	assert_non_null(strstr(explain(full, OD_RULE_SHARING, OD_VERDICT_BLOCK), "Element"));
}

static void test_unknown_requirement_is_quoted_as_it_is(void **state)
{
	struct od_reason reason = full;

	(void) state;
	reason.detail = "future:thing";
	assert_non_null(strstr(explain(reason, OD_RULE_REQUIRE, OD_VERDICT_BLOCK), "future:thing"));
}

static const char *french(const char *msgid)
{
	if (strcmp(msgid, "{messenger} is blocked by your company.") == 0)
		return "Votre entreprise a bloqu\xc3\xa9 {messenger}, {messenger} {inconnu} "
		       "{label.";
	if (strcmp(msgid, "Use {suggest} instead.") == 0)
		return "{suggest} le remplace.";
	return msgid;
}

static void test_translation_orders_members_as_it_likes(void **state)
{
	struct od_reason reason = full;
	char text[256];

	(void) state;
	reason.rule = OD_RULE_BLOCKED;
	od_explain(&reason, OD_VERDICT_BLOCK, french, text, sizeof(text));
	assert_string_equal(text, "Votre entreprise a bloqu\xc3\xa9 Telegram, Telegram {inconnu} "
				  "{label. Element le remplace.");
}

static void test_member_is_not_expanded_again(void **state)
{
	struct od_reason reason = full;

	(void) state;
	reason.messenger_name = "{suggest}{messenger}";
	assert_string_equal(explain(reason, OD_RULE_APPROVED, OD_VERDICT_ALLOW),
		"{suggest}{messenger} is approved by your company.");
}

static void test_text_is_cut_at_a_whole_character(void **state)
{
	const struct od_reason reason = { .rule = OD_RULE_APPROVED,
		.messenger_name = "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80" };
	static const size_t lengths[] = { 0, 0, 2, 2, 2, 5, 5, 5, 5, 9, 10 };
	char text[16];

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(lengths); i++) {
		memset(text, 'x', sizeof(text));
		od_explain(&reason, OD_VERDICT_ALLOW, NULL, text, i + 1);
		assert_int_equal(strlen(text), lengths[i]);
		assert_int_equal(text[i + 1], 'x');
	}
	text[0] = 'x';
	od_explain(&reason, OD_VERDICT_ALLOW, NULL, text, 0);
	assert_int_equal(text[0], 'x');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_rule_and_verdict_has_words),
		cmocka_unit_test(test_sentences_people_read),
		cmocka_unit_test(test_messenger_without_a_name_is_called_by_its_id),
		cmocka_unit_test(test_alternative_is_named_only_where_something_is_refused),
		cmocka_unit_test(test_unknown_requirement_is_quoted_as_it_is),
		cmocka_unit_test(test_translation_orders_members_as_it_likes),
		cmocka_unit_test(test_member_is_not_expanded_again),
		cmocka_unit_test(test_text_is_cut_at_a_whole_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

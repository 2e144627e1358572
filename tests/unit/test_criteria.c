#include "model/criteria.h"

#include "base/error.h"
#include "unit/rules_fixture.h"

static void test_every_criterion_survives_to_text_and_back(void **state)
{
	(void) state;
	for (int i = 0; i < OD_CRITERION_MAX_; i++) {
		enum od_criterion back = OD_CRITERION_MAX_;

		assert_true(od_criterion_from_string(
			od_criterion_to_string((enum od_criterion) i), &back));
		assert_int_equal(back, i);
	}
	assert_string_equal(od_criterion_to_string(OD_CRITERION_MAX_), "unknown");
}

static void test_every_level_survives_to_text_and_back(void **state)
{
	static const int best[OD_CRITERION_MAX_] = { 2, 2, 1, 1, 2, 1, 2 };

	(void) state;
	for (int c = 0; c < OD_CRITERION_MAX_; c++) {
		enum od_criterion criterion = (enum od_criterion) c;

		for (int level = -1; level <= best[c]; level++) {
			int back = 99;

			assert_true(od_level_from_string(
				criterion, od_level_to_string(criterion, level), &back));
			assert_int_equal(back, level);
		}
		assert_string_equal(od_level_to_string(criterion, best[c] + 1), "unknown");
	}
}

static void test_every_confidence_survives_to_text_and_back(void **state)
{
	(void) state;
	for (int i = OD_CONFIDENCE_UNKNOWN; i <= OD_CONFIDENCE_VERIFIED; i++) {
		enum od_confidence back = (enum od_confidence) 99;

		assert_true(od_confidence_from_string(
			od_confidence_to_string((enum od_confidence) i), &back));
		assert_int_equal(back, i);
	}
}

static void test_level_of_another_criterion_is_unknown(void **state)
{
	int level = 7;

	(void) state;
	assert_false(od_level_from_string(OD_CRITERION_E2EE, "open", &level));
	assert_false(od_level_from_string(OD_CRITERION_CLIENT, "default", &level));
	assert_int_equal(level, 7);
}

static void test_requirement_is_parsed(void **state)
{
	struct od_requirement r = { 0 };

	(void) state;
	assert_int_equal(od_requirement_parse("e2ee:default", &r), 0);
	assert_int_equal(r.criterion, OD_CRITERION_E2EE);
	assert_int_equal(r.level, 2);
	assert_string_equal(od_requirement_to_string(&r), "e2ee:default");
	assert_int_equal(od_requirement_parse("price:*", &r), 0);
	assert_int_equal(r.level, -1);
	assert_string_equal(od_requirement_to_string(&r), "price:*");
	assert_int_equal(od_requirement_parse("privacy-policy:known", &r), 0);
	assert_string_equal(od_requirement_to_string(&r), "privacy-policy:known");
}

static void test_faulty_requirement_leaves_result_untouched(void **state)
{
	static const struct {
		const char *text;
		int error;
	} rows[] = {
		{ "", OD_E_SYNTAX },
		{ "e2ee", OD_E_SYNTAX },
		{ ":default", OD_E_SYNTAX },
		{ "e2ee:", OD_E_SYNTAX },
		{ "e2e:default", OD_E_UNKNOWN },
		{ "e2ee:defualt", OD_E_UNKNOWN },
		{ "e2ee:open", OD_E_UNKNOWN },
		{ "e2ee:unknown", OD_E_UNKNOWN },
		{ "a-criterion-with-a-name-longer-than-any:default", OD_E_UNKNOWN },
	};

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(rows); i++) {
		struct od_requirement r = { .criterion = OD_CRITERION_HOSTING, .level = 1 };

		assert_int_equal(od_requirement_parse(rows[i].text, &r), rows[i].error);
		assert_int_equal(r.criterion, OD_CRITERION_HOSTING);
		assert_int_equal(r.level, 1);
	}
}

static bool met(
	const char *requirement, int level, enum od_confidence confidence, enum od_unknown unknown)
{
	struct od_messenger messenger;
	struct od_requirement r;

	assert_int_equal(od_requirement_parse(requirement, &r), 0);
	od_messenger_init(&messenger);
	fact_set(&messenger, r.criterion, level, confidence);
	return od_requirement_met(&r, &messenger, unknown);
}

static void test_requirement_means_at_least(void **state)
{
	(void) state;
	assert_false(met("e2ee:optional", 0, OD_CONFIDENCE_VERIFIED, OD_UNKNOWN_FAIL));
	assert_true(met("e2ee:optional", 1, OD_CONFIDENCE_VERIFIED, OD_UNKNOWN_FAIL));
	assert_true(met("e2ee:optional", 2, OD_CONFIDENCE_VERIFIED, OD_UNKNOWN_FAIL));
}

static void test_unknown_fact_fails_unless_policy_lets_it_pass(void **state)
{
	(void) state;
	assert_false(met("e2ee:none", -1, OD_CONFIDENCE_VERIFIED, OD_UNKNOWN_FAIL));
	assert_true(met("e2ee:default", -1, OD_CONFIDENCE_VERIFIED, OD_UNKNOWN_PASS));
	assert_false(met("e2ee:none", 2, OD_CONFIDENCE_UNKNOWN, OD_UNKNOWN_FAIL));
	assert_true(met("e2ee:none", 2, OD_CONFIDENCE_UNKNOWN, OD_UNKNOWN_PASS));
}

static void test_recalled_fact_fails_unless_policy_lets_it_pass(void **state)
{
	(void) state;
	assert_false(met("e2ee:default", 2, OD_CONFIDENCE_RECALLED, OD_UNKNOWN_FAIL));
	assert_true(met("e2ee:default", 2, OD_CONFIDENCE_RECALLED, OD_UNKNOWN_PASS));
}

/* pass is for what nobody knows, not for what is known to be bad */
static void test_bad_fact_fails_even_when_unknown_passes(void **state)
{
	(void) state;
	assert_false(met("e2ee:default", 0, OD_CONFIDENCE_RECALLED, OD_UNKNOWN_PASS));
	assert_false(met("e2ee:default", 0, OD_CONFIDENCE_VERIFIED, OD_UNKNOWN_PASS));
}

static void test_star_is_met_by_any_known_level(void **state)
{
	(void) state;
	assert_true(met("price:*", 0, OD_CONFIDENCE_VERIFIED, OD_UNKNOWN_FAIL));
	assert_false(met("price:*", -1, OD_CONFIDENCE_VERIFIED, OD_UNKNOWN_FAIL));
}

static void test_quality_is_a_point_that_is_not_met(void **state)
{
	struct od_messenger messenger;

	(void) state;
	od_messenger_init(&messenger);
	fact_set(&messenger, OD_CRITERION_E2EE, 1, OD_CONFIDENCE_VERIFIED);
	fact_set(&messenger, OD_CRITERION_CLIENT, 1, OD_CONFIDENCE_VERIFIED);
	assert_true(od_quality_holds("no-e2ee", &messenger, OD_UNKNOWN_FAIL));
	assert_true(od_quality_holds("e2ee-optional", &messenger, OD_UNKNOWN_FAIL));
	assert_false(od_quality_holds("e2ee-none", &messenger, OD_UNKNOWN_FAIL));
	assert_false(od_quality_holds("client-closed", &messenger, OD_UNKNOWN_FAIL));
	/* hosting is unknown */
	assert_true(od_quality_holds("hosting-mixed", &messenger, OD_UNKNOWN_FAIL));
	assert_false(od_quality_holds("hosting-mixed", &messenger, OD_UNKNOWN_PASS));
}

static void test_quality_names(void **state)
{
	static const char *const known[] = { "no-e2ee", "no-privacy-policy", "price-free",
		"client-closed", "server-closed", "collects-content", "collects-metadata",
		"privacy-policy-none", "hosting-inadequate", "hosting-mixed" };
	static const char *const unknown[] = { "", "no-", "e2ee", "e2ee-", "e2ee-default",
		"client-open", "e2eeXnone", "hosting-adequate", "e2ee-unknown", "no-e2e",
		"quality:no-e2ee" };
	struct od_messenger messenger;

	(void) state;
	od_messenger_init(&messenger);
	for (size_t i = 0; i < OD_ELEMENTS(known); i++)
		assert_true(od_quality_known(known[i]));
	for (size_t i = 0; i < OD_ELEMENTS(unknown); i++) {
		assert_false(od_quality_known(unknown[i]));
		assert_false(od_quality_holds(unknown[i], &messenger, OD_UNKNOWN_FAIL));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_criterion_survives_to_text_and_back),
		cmocka_unit_test(test_every_level_survives_to_text_and_back),
		cmocka_unit_test(test_every_confidence_survives_to_text_and_back),
		cmocka_unit_test(test_level_of_another_criterion_is_unknown),
		cmocka_unit_test(test_requirement_is_parsed),
		cmocka_unit_test(test_faulty_requirement_leaves_result_untouched),
		cmocka_unit_test(test_requirement_means_at_least),
		cmocka_unit_test(test_unknown_fact_fails_unless_policy_lets_it_pass),
		cmocka_unit_test(test_recalled_fact_fails_unless_policy_lets_it_pass),
		cmocka_unit_test(test_bad_fact_fails_even_when_unknown_passes),
		cmocka_unit_test(test_star_is_met_by_any_known_level),
		cmocka_unit_test(test_quality_is_a_point_that_is_not_met),
		cmocka_unit_test(test_quality_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

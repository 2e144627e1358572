#include "model/share.h"

#include "base/error.h"
#include "unit/rules_fixture.h"

static const char *const groups[] = { "staff" };
static const struct od_person alice = { "alice", 1000, groups, 1 };
static const struct od_person bob = { "bob", 1001, NULL, 0 };
static const char *const xdg[] = { "documents", "/home/alice/Documents", "download", "/home/alice/",
	NULL };
static const char *const labels[] = { "Confidential", NULL };
static const struct od_detected found[] = { { "iban", 2 }, { "nir", 1 } };

static const struct od_file_facts file = {
	.path = "/srv/hr/2026/pay.PDF",
	.home = "/home/alice",
	.xdg = xdg,
	.owner = "root",
	.group = "hr",
	.size = 1000,
};

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

static struct od_sharing *rule_add(
	struct od_policy *policy, const char *label, enum od_verdict action)
{
	struct od_sharing *rule = od_array_add(&policy->sharings);

	assert_non_null(rule);
	od_sharing_init(rule);
	rule->label = strdup(label);
	rule->action = action;
	rule->origin = (struct od_origin){ "test.ini", (unsigned) policy->sharings.n };
	return rule;
}

static void detect_add(struct od_sharing *rule, const char *detector, unsigned at_least)
{
	struct od_detect *detect = od_array_add(&rule->detect);

	assert_non_null(detect);
	detect->detector = strdup(detector);
	detect->at_least = at_least;
}

static const struct od_messenger *the(const struct od_policy *policy, const char *id)
{
	return id ? od_catalogue_find(policy->catalogue, id) : NULL;
}

static struct od_file_facts read_file(void)
{
	struct od_file_facts facts = file;

	facts.have_content = true;
	facts.mime = "application/pdf";
	facts.labels = labels;
	facts.detected = found;
	facts.n_detected = OD_ELEMENTS(found);
	return facts;
}

static struct od_decision decide(const struct od_policy *policy, const char *id,
	const struct od_file_facts *facts, const char *expected_label)
{
	const struct od_sharing *rule = NULL;
	struct od_decision decision;

	memset(&decision, 0xaa, sizeof(decision));
	od_share_decide(
		policy, &alice, the(policy, id), OD_DIRECTION_SEND, facts, &decision, &rule);
	if (!expected_label) {
		assert_null(rule);
		assert_int_equal(decision.verdict, OD_VERDICT_ALLOW);
		assert_int_equal(decision.reason.rule, OD_RULE_NONE);
	} else {
		assert_non_null(rule);
		assert_string_equal(rule->label, expected_label);
		assert_string_equal(decision.reason.label, expected_label);
		assert_int_equal(decision.reason.rule, OD_RULE_SHARING);
	}
	return decision;
}

static bool matches(
	const struct od_policy *policy, const char *id, const struct od_file_facts *facts)
{
	const struct od_sharing *rule = NULL;
	struct od_decision decision;

	od_share_decide(
		policy, &alice, the(policy, id), OD_DIRECTION_SEND, facts, &decision, &rule);
	return rule != NULL;
}

static bool needs(const struct od_policy *policy, const char *id, const struct od_file_facts *facts)
{
	return od_share_needs_content(policy, &alice, the(policy, id), OD_DIRECTION_SEND, facts);
}

static void test_file_no_rule_speaks_of_is_allowed(void **state)
{
	struct od_policy *policy = *state;

	decide(policy, "element", &file, NULL);
	list_add(&rule_add(policy, "other", OD_VERDICT_BLOCK)->paths, "/srv/other/**");
	decide(policy, "element", &file, NULL);
	assert_false(needs(policy, "element", &file));
}

static void test_strictest_action_wins(void **state)
{
	struct od_policy *policy = *state;

	rule_add(policy, "first", OD_VERDICT_WARN);
	rule_add(policy, "second", OD_VERDICT_BLOCK);
	rule_add(policy, "third", OD_VERDICT_ASK);
	assert_int_equal(decide(policy, "element", &file, "second").verdict, OD_VERDICT_BLOCK);
}

static void test_ties_go_by_file_order(void **state)
{
	struct od_policy *policy = *state;

	rule_add(policy, "first", OD_VERDICT_ASK);
	rule_add(policy, "second", OD_VERDICT_ASK);
	assert_int_equal(decide(policy, "element", &file, "first").reason.origin.line, 1);
}

static void test_rule_on_trial_does_not_hide_one_in_force(void **state)
{
	struct od_policy *policy = *state;
	struct od_sharing *trial = rule_add(policy, "trial", OD_VERDICT_BLOCK);
	struct od_decision decision;

	trial->has_mode = true;
	trial->mode = OD_MODE_AUDIT;
	decision = decide(policy, "element", &file, "trial");
	assert_int_equal(decision.verdict, OD_VERDICT_ALLOW);
	assert_int_equal(decision.intended, OD_VERDICT_BLOCK);
	assert_int_equal(decision.mode, OD_MODE_AUDIT);
	rule_add(policy, "force", OD_VERDICT_WARN);
	assert_int_equal(decide(policy, "element", &file, "force").verdict, OD_VERDICT_WARN);
}

static void test_audit_allows_and_names_its_rule(void **state)
{
	struct od_policy *policy = *state;

	rule_add(policy, "noted", OD_VERDICT_ALLOW);
	assert_int_equal(decide(policy, "element", &file, "noted").verdict, OD_VERDICT_ALLOW);
}

static void test_browser_is_meant_only_when_it_is_named(void **state)
{
	struct od_policy *policy = *state;
	struct od_sharing *rule = rule_add(policy, "any", OD_VERDICT_WARN);

	assert_true(matches(policy, "element", &file));
	assert_false(matches(policy, NULL, &file));
	name_add(&rule->messengers, OD_NAME_CARRIER, "browser", 1);
	assert_false(matches(policy, "element", &file));
	assert_true(matches(policy, NULL, &file));
}

static void test_messengers_are_named_by_id_service_or_quality(void **state)
{
	struct od_policy *policy = *state;
	struct od_sharing *rule = rule_add(policy, "some", OD_VERDICT_WARN);

	name_add(&rule->messengers, OD_NAME_MESSENGER, "element", 1);
	name_add(&rule->messengers, OD_NAME_SERVICE, "telegram", 1);
	assert_true(matches(policy, "element", &file));
	assert_true(matches(policy, "telegram", &file));
	assert_true(matches(policy, "fork", &file));
	assert_false(matches(policy, "signal", &file));
	assert_false(matches(policy, "chatty", &file));
	name_add(&rule->messengers, OD_NAME_QUALITY, "no-e2ee", 1);
	assert_true(matches(policy, "slack", &file));
	assert_true(matches(policy, "chatty", &file)); /* unknown fails */
	assert_false(matches(policy, "signal", &file));
	policy->unknown = OD_UNKNOWN_PASS;
	assert_false(matches(policy, "chatty", &file));
}

static void test_direction_counts(void **state)
{
	struct od_policy *policy = *state;
	struct od_sharing *rule = rule_add(policy, "in", OD_VERDICT_BLOCK);
	struct od_decision decision;

	rule->direction = OD_DIRECTION_RECEIVE;
	decide(policy, "element", &file, NULL);
	od_share_decide(policy, &alice, the(policy, "element"), OD_DIRECTION_RECEIVE, &file,
		&decision, NULL);
	assert_int_equal(decision.verdict, OD_VERDICT_BLOCK);
}

static void test_people_count(void **state)
{
	struct od_policy *policy = *state;
	struct od_decision decision;

	list_add(&rule_add(policy, "staff", OD_VERDICT_BLOCK)->who.groups, "staff");
	assert_true(decide(policy, "element", &file, "staff").depends_on_person);
	od_share_decide(
		policy, &bob, the(policy, "element"), OD_DIRECTION_SEND, &file, &decision, NULL);
	assert_int_equal(decision.verdict, OD_VERDICT_ALLOW);
}

static void test_keys_are_and_items_are_or(void **state)
{
	struct od_policy *policy = *state;
	struct od_sharing *rule = rule_add(policy, "and", OD_VERDICT_WARN);
	struct od_file_facts facts = file;

	list_add(&rule->paths, "/other/**");
	list_add(&rule->paths, "/srv/hr/**");
	list_add(&rule->owners, "root");
	list_add(&rule->groups_of_file, "finance");
	list_add(&rule->groups_of_file, "hr");
	list_add(&rule->extensions, "docx");
	list_add(&rule->extensions, "pdf");
	rule->has_size_over = true;
	rule->size_over = 999;
	assert_true(matches(policy, "element", &facts));
	facts.size = 999;
	assert_false(matches(policy, "element", &facts));
	facts = file;
	facts.owner = "alice";
	assert_false(matches(policy, "element", &facts));
	facts = file;
	facts.group = NULL;
	assert_false(matches(policy, "element", &facts));
	facts = file;
	facts.path = "/srv/hr/2026/pay.txt";
	assert_false(matches(policy, "element", &facts));
	facts.path = NULL;
	assert_false(matches(policy, "element", &facts));
}

static void test_extension_is_the_end_of_the_name(void **state)
{
	static const struct {
		const char *extension, *path;
		bool matches;
	} rows[] = {
		{ "pdf", "/a.pdf", true },
		{ "PDF", "/a.pdf", true },
		{ ".pdf", "/a.pdf", true },
		{ "tar.gz", "/a.tar.gz", true },
		{ "gz", "/a.tar.gz", true },
		{ "pdf", "/pdf", false },
		{ "pdf", "/apdf", false },
		{ "pdf", "/a.pdf/b", false },
		{ "pdf", "/.pdf", true },
		{ "", "/a.", false },
	};
	struct od_policy *policy = *state;
	struct od_sharing *rule = rule_add(policy, "x", OD_VERDICT_WARN);

	for (size_t i = 0; i < OD_ELEMENTS(rows); i++) {
		struct od_file_facts facts = file;

		od_strings_done(&rule->extensions);
		list_add(&rule->extensions, rows[i].extension);
		facts.path = rows[i].path;
		if (matches(policy, "element", &facts) != rows[i].matches)
			fail_msg("%s, %s", rows[i].extension, rows[i].path);
	}
}

static void test_detect_items_are_and(void **state)
{
	struct od_policy *policy = *state;
	struct od_sharing *rule = rule_add(policy, "pay", OD_VERDICT_BLOCK);
	struct od_file_facts facts = read_file();

	detect_add(rule, "iban", 2);
	detect_add(rule, "nir", 1);
	assert_true(matches(policy, "element", &facts));
	rule->detect.items[0].at_least = 3;
	assert_false(matches(policy, "element", &facts));
	rule->detect.items[0].at_least = 2;
	facts.n_detected = 1;
	assert_false(matches(policy, "element", &facts));
}

static void test_mime_and_label_do_not_mind_case(void **state)
{
	struct od_policy *policy = *state;
	struct od_sharing *rule = rule_add(policy, "x", OD_VERDICT_BLOCK);
	struct od_file_facts facts = read_file();

	list_add(&rule->mimes, "image/*");
	assert_false(matches(policy, "element", &facts));
	list_add(&rule->mimes, "Application/PDF");
	assert_true(matches(policy, "element", &facts));
	facts.mime = "image/png";
	assert_true(matches(policy, "element", &facts));
	facts.mime = "imagery/png";
	assert_false(matches(policy, "element", &facts));
	facts.mime = "application/pdf";
	list_add(&rule->labels, "secret");
	assert_false(matches(policy, "element", &facts));
	list_add(&rule->labels, "confidential");
	assert_true(matches(policy, "element", &facts));
	facts.labels = NULL;
	assert_false(matches(policy, "element", &facts));
}

static void test_content_is_asked_for_only_where_it_could_matter(void **state)
{
	struct od_policy *policy = *state;
	struct od_sharing *rule = rule_add(policy, "pay", OD_VERDICT_ASK);
	struct od_file_facts facts = read_file();

	detect_add(rule, "iban", 1);
	assert_true(needs(policy, "element", &file));
	assert_false(needs(policy, NULL, &file));
	assert_false(needs(policy, "element", &facts)); /* it is there already */
	decide(policy, "element", &file, NULL);
	list_add(&rule->paths, "/elsewhere/**");
	assert_false(needs(policy, "element", &file));
	od_strings_done(&rule->paths);
	rule_add(policy, "sure", OD_VERDICT_WARN);
	assert_true(needs(policy, "element", &file));
	rule_add(policy, "surer", OD_VERDICT_BLOCK);
	assert_false(needs(policy, "element", &file));
}

static void test_content_is_asked_for_at_a_tie_with_a_later_rule(void **state)
{
	struct od_policy *policy = *state;
	struct od_sharing *content = rule_add(policy, "content", OD_VERDICT_ASK);

	detect_add(content, "iban", 1);
	rule_add(policy, "sure", OD_VERDICT_ASK);
	assert_true(needs(policy, "element", &file));
	decide(policy, "element", &file, "sure");
	content = rule_add(policy, "later", OD_VERDICT_ASK);
	od_sharing_done(&policy->sharings.items[0]);
	od_sharing_init(&policy->sharings.items[0]);
	policy->sharings.items[0].direction = OD_DIRECTION_RECEIVE;
	detect_add(content, "iban", 1);
	assert_false(needs(policy, "element", &file));
}

static void test_file_that_cannot_be_read_gets_its_own_verdict(void **state)
{
	struct od_policy *policy = *state;
	struct od_sharing *rule = rule_add(policy, "pay", OD_VERDICT_WARN);
	struct od_file_facts facts = file;

	detect_add(rule, "iban", 1);
	facts.have_content = facts.encrypted = true;
	facts.mime = "application/zip";
	decide(policy, "element", &facts, NULL);
	rule->encrypted = OD_VERDICT_ASK;
	assert_int_equal(decide(policy, "element", &facts, "pay").verdict, OD_VERDICT_ASK);
	facts.encrypted = false;
	facts.unscannable = true;
	decide(policy, "element", &facts, NULL);
	rule->unscannable = OD_VERDICT_BLOCK;
	assert_int_equal(decide(policy, "element", &facts, "pay").verdict, OD_VERDICT_BLOCK);
	list_add(&rule->mimes, "application/pdf"); /* known not to be one */
	decide(policy, "element", &facts, NULL);
	facts.mime = NULL;
	assert_int_equal(decide(policy, "element", &facts, "pay").verdict, OD_VERDICT_BLOCK);
}

static void test_encrypted_hardens_a_rule_without_content(void **state)
{
	struct od_policy *policy = *state;
	struct od_sharing *rule = rule_add(policy, "zip", OD_VERDICT_WARN);
	struct od_file_facts facts = read_file();

	assert_false(needs(policy, "element", &file));
	rule->encrypted = OD_VERDICT_BLOCK;
	assert_true(needs(policy, "element", &file));
	assert_int_equal(decide(policy, "element", &file, "zip").verdict, OD_VERDICT_WARN);
	assert_int_equal(decide(policy, "element", &facts, "zip").verdict, OD_VERDICT_WARN);
	facts.encrypted = true;
	assert_int_equal(decide(policy, "element", &facts, "zip").verdict, OD_VERDICT_BLOCK);
}

static void test_content_that_cannot_harden_is_not_asked_for(void **state)
{
	struct od_policy *policy = *state;
	struct od_sharing *rule = rule_add(policy, "zip", OD_VERDICT_BLOCK);

	rule->encrypted = OD_VERDICT_WARN;
	rule->unscannable = OD_VERDICT_BLOCK;
	assert_false(needs(policy, "element", &file));
	rule->action = OD_VERDICT_ASK;
	assert_true(needs(policy, "element", &file));
}

static void test_rule_for_everybody_without_words_says_so(void **state)
{
	struct od_policy *policy = *state;
	struct od_sharing *rule = rule_add(policy, "plain", OD_VERDICT_WARN);
	struct od_message *message;

	assert_false(decide(policy, "element", &file, "plain").depends_on_person);
	assert_null(decide(policy, "element", &file, "plain").messages);
	message = od_array_add(&rule->messages);
	message->lang = strdup("fr");
	message->text = strdup("texte");
	assert_ptr_equal(decide(policy, "element", &file, "plain").messages, &rule->messages);
}

static void test_patterns_know_home_and_folders(void **state)
{
	static const struct {
		const char *pattern, *path;
		bool matches;
	} rows[] = {
		{ "/srv/hr/**", "/srv/hr/a/b", true },
		{ "~/Private/**", "/home/alice/Private/x", true },
		{ "~/Private/**", "/home/alice/Private", false },
		{ "~/Private/**", "/home/alice2/Private/x", false },
		{ "~/Private/**", "/hOme/alice/Private/x", false },
		{ "xdg:documents/Paie/**", "/home/alice/Documents/Paie/x.pdf", true },
		{ "xdg:documents/Paie/**", "/home/alice/Documents/Paie", false },
		{ "xdg:documents/*.pdf", "/home/alice/Documents/x.pdf", true },
		{ "xdg:documents/*.pdf", "/home/alice/Documents/y/x.pdf", false },
		{ "xdg:download/*", "/home/alice/x", true }, /* a slash at its end is no harm */
		{ "xdg:music/**", "/home/alice/Music/x", false },
		{ "xdg:document/**", "/home/alice/Documents/x", false },
		{ "*.pdf", "/home/alice/x.pdf", false },
		{ "", "/home/alice/x.pdf", false },
	};

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(rows); i++) {
		struct od_file_facts facts = file;

		facts.path = rows[i].path;
		if (od_share_path_matches(rows[i].pattern, &facts) != rows[i].matches)
			fail_msg("%s, %s", rows[i].pattern, rows[i].path);
	}
}

static void test_person_without_home_matches_no_home(void **state)
{
	struct od_file_facts facts = file;

	(void) state;
	facts.home = NULL;
	facts.xdg = NULL;
	assert_false(od_share_path_matches("~/**", &facts));
	assert_false(od_share_path_matches("xdg:documents/**", &facts));
}

static void test_root_of_a_pattern(void **state)
{
	static const struct {
		const char *pattern, *root;
		int result;
	} rows[] = {
		{ "/srv/hr/**", "/srv/hr", 0 },
		{ "/srv/hr/*/x/**", "/srv/hr", 0 },
		{ "/srv/hr/pay.pdf", "/srv/hr", 0 },
		{ "/srv/h?/a", "/srv", 0 },
		{ "/**", "/", 0 },
		{ "/x", "/", 0 },
		{ "~/Private/**", "/home/alice/Private", 0 },
		{ "~/**", "/home/alice", 0 },
		{ "xdg:documents/Paie/**", "/home/alice/Documents/Paie", 0 },
		{ "xdg:download/**", "/home/alice", 0 },
		{ "xdg:music/**", "kept", OD_E_UNKNOWN },
		{ "relative/**", "kept", OD_E_UNKNOWN },
		{ "/a-folder-whose-name-does-not-fit-into-the-buffer/**", "kept", OD_E_LIMIT },
	};
	char root[32];

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(rows); i++) {
		strcpy(root, "kept");
		assert_int_equal(od_share_path_root(rows[i].pattern, &file, root, sizeof(root)),
			rows[i].result);
		assert_string_equal(root, rows[i].root);
	}
	assert_int_equal(od_share_path_root("/**", &file, root, 1), OD_E_LIMIT);
	assert_int_equal(od_share_path_root("/srv/**", &file, root, 4), OD_E_LIMIT);
	assert_int_equal(od_share_path_root("/srv/**", &file, root, 5), 0);
	assert_int_equal(od_share_path_root("x/**", &file, root, sizeof(root)), OD_E_UNKNOWN);
}

int main(void)
{
#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		WITH(test_file_no_rule_speaks_of_is_allowed),
		WITH(test_strictest_action_wins),
		WITH(test_ties_go_by_file_order),
		WITH(test_rule_on_trial_does_not_hide_one_in_force),
		WITH(test_audit_allows_and_names_its_rule),
		WITH(test_browser_is_meant_only_when_it_is_named),
		WITH(test_messengers_are_named_by_id_service_or_quality),
		WITH(test_direction_counts),
		WITH(test_people_count),
		WITH(test_keys_are_and_items_are_or),
		WITH(test_extension_is_the_end_of_the_name),
		WITH(test_detect_items_are_and),
		WITH(test_mime_and_label_do_not_mind_case),
		WITH(test_content_is_asked_for_only_where_it_could_matter),
		WITH(test_content_is_asked_for_at_a_tie_with_a_later_rule),
		WITH(test_file_that_cannot_be_read_gets_its_own_verdict),
		WITH(test_encrypted_hardens_a_rule_without_content),
		WITH(test_content_that_cannot_harden_is_not_asked_for),
		WITH(test_rule_for_everybody_without_words_says_so),
		cmocka_unit_test(test_patterns_know_home_and_folders),
		cmocka_unit_test(test_person_without_home_matches_no_home),
		cmocka_unit_test(test_root_of_a_pattern),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

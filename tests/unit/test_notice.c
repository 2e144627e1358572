#include "model/notice.h"

#include <stdio.h>

#include "unit/rules_fixture.h"

static const struct od_duty on = { .on = true,
	.reason = { .rule = OD_RULE_HOURS, .origin = { "test.ini", 20 }, .label = "office" } };
static const struct od_duty off = { .on = false,
	.reason = { .rule = OD_RULE_HOLIDAY,
		.origin = { "mc.ini", 5 },
		.label = "office",
		.detail = "Assomption" } };
static const struct od_duty rest = { .on = false, .reason = { .rule = OD_RULE_REST } };
static const struct od_duty lift = { .on = true, .reason = { .rule = OD_RULE_LIFT } };

static int setup(void **state)
{
	struct od_policy *policy = policy_small();

	name_add(&policy->notifications.work, OD_NAME_MESSENGER, "element", 10);
	name_add(&policy->notifications.work, OD_NAME_SERVICE, "slack", 10);
	name_add(&policy->notifications.work, OD_NAME_DESKTOP, "thunderbird", 10);
	name_add(&policy->notifications.work, OD_NAME_SITE, "*.sharepoint.com", 10);
	name_add(&policy->notifications.work, OD_NAME_SITE, "mail.example.org/team", 10);
	policy->notifications.origin = (struct od_origin){ "test.ini", 9 };
	*state = policy;
	return 0;
}

static int teardown(void **state)
{
	od_policy_unref(*state);
	return 0;
}

static struct od_breakthrough *breakthrough(struct od_policy *policy, const char *label)
{
	struct od_breakthrough *rule = od_array_add(&policy->breakthroughs);

	assert_non_null(rule);
	od_breakthrough_init(rule);
	rule->label = strdup(label);
	rule->origin = (struct od_origin){ "test.ini", 30 };
	return rule;
}

static struct od_notice_verdict decide(
	const struct od_policy *policy, struct od_notice notice, const struct od_duty *duty)
{
	struct od_notice_verdict verdict;

	memset(&verdict, 0xaa, sizeof(verdict));
	od_notice_decide(policy, &notice, duty, NULL, NULL, &verdict);
	return verdict;
}

static void expect(const struct od_policy *policy, struct od_notice notice,
	const struct od_duty *duty, enum od_notice_action action, enum od_rule rule)
{
	struct od_notice_verdict verdict = decide(policy, notice, duty);

	assert_string_equal(od_rule_to_string(verdict.reason.rule), od_rule_to_string(rule));
	assert_int_equal(verdict.action, action);
}

static bool is_work(const struct od_policy *policy, struct od_notice notice)
{
	return decide(policy, notice, &off).work;
}

static void test_work_waits_while_off_duty(void **state)
{
	const struct od_notice notice = { .app_name = "Element" };
	struct od_notice_verdict verdict = decide(*state, notice, &off);

	assert_int_equal(verdict.action, OD_NOTICE_HOLD);
	assert_true(verdict.work);
	assert_string_equal(verdict.messenger->id, "element");
	assert_int_equal(verdict.reason.rule, OD_RULE_HOLIDAY);
	assert_string_equal(verdict.reason.detail, "Assomption");
	assert_string_equal(verdict.reason.messenger, "element");
	assert_string_equal(verdict.reason.origin.file, "mc.ini");
	expect(*state, notice, &on, OD_NOTICE_PASS, OD_RULE_HOURS);
}

static void test_private_always_passes(void **state)
{
	const struct od_notice notice = { .app_name = "Signal", .urgency = OD_URGENCY_CRITICAL };

	expect(*state, notice, &off, OD_NOTICE_PASS, OD_RULE_PRIVATE);
	expect(*state, notice, &on, OD_NOTICE_PASS, OD_RULE_PRIVATE);
	expect(*state, notice, &rest, OD_NOTICE_PASS, OD_RULE_PRIVATE);
	expect(*state, (struct od_notice){ 0 }, &off, OD_NOTICE_PASS, OD_RULE_PRIVATE);
	assert_string_equal(decide(*state, notice, &off).reason.messenger_name, "Signal");
}

static void test_any_identity_makes_it_work(void **state)
{
	assert_true(is_work(*state, (struct od_notice){ .app_name = "element" }));
	assert_true(is_work(*state, (struct od_notice){ .desktop_entry = "element" }));
	assert_true(is_work(*state, (struct od_notice){ .unit_app = "element" }));
	assert_true(is_work(*state, (struct od_notice){ .exe = "/usr/bin/element" }));
	assert_true(is_work(*state, (struct od_notice){ .exe = "/usr/bin/slack" }));
	assert_true(is_work(*state, (struct od_notice){ .flatpak = "thunderbird" }));
	assert_false(is_work(*state, (struct od_notice){ .exe = "/usr/bin/signal" }));
}

static void test_work_does_not_hide_behind_another_name(void **state)
{
	const struct od_notice liar = {
		.app_name = "Signal",
		.desktop_entry = "signal",
		.exe = "/usr/bin/element",
	};

	expect(*state, liar, &off, OD_NOTICE_HOLD, OD_RULE_HOLIDAY);
	assert_string_equal(decide(*state, liar, &off).messenger->id, "element");
}

static void test_desktop_name_is_compared_with_every_claim(void **state)
{
	assert_true(is_work(*state, (struct od_notice){ .desktop_entry = "Thunderbird.desktop" }));
	assert_true(is_work(
		*state, (struct od_notice){
				.desktop_entry = "/usr/share/applications/thunderbird.desktop" }));
	assert_true(is_work(*state, (struct od_notice){ .app_name = "Thunderbird" }));
	assert_true(is_work(*state, (struct od_notice){ .exe = "/usr/bin/thunderbird" }));
	assert_false(is_work(*state, (struct od_notice){ .desktop_entry = "thunderbird2" }));
	assert_false(is_work(*state, (struct od_notice){ .desktop_entry = "thunder" }));
	assert_false(is_work(*state, (struct od_notice){ .desktop_entry = "thunderbird-nightly" }));
	assert_false(is_work(*state, (struct od_notice){ .desktop_entry = "" }));
}

static void test_star_of_a_site_means_its_subdomains(void **state)
{
	assert_true(is_work(*state, (struct od_notice){ .host = "acme.sharepoint.com" }));
	assert_true(is_work(*state, (struct od_notice){ .host = "a.b.sharepoint.com" }));
	assert_false(is_work(*state, (struct od_notice){ .host = "sharepoint.com" }));
	assert_false(is_work(*state, (struct od_notice){ .host = "evilsharepoint.com" }));
	assert_false(is_work(*state, (struct od_notice){ .host = "sharepoint.com.evil.org" }));
	assert_false(is_work(*state, (struct od_notice){ .host = "" }));
}

static void test_path_of_a_site_counts_where_it_is_known(void **state)
{
	struct od_notice notice = { .host = "mail.example.org", .host_path = "/team/inbox" };

	assert_true(is_work(*state, notice));
	notice.host_path = "/team";
	assert_true(is_work(*state, notice));
	notice.host_path = "/teamwork";
	assert_false(is_work(*state, notice));
	notice.host_path = "/private";
	assert_false(is_work(*state, notice));
	notice.host_path = NULL;
	assert_true(is_work(*state, notice));
}

static void test_own_notification_passes_whatever_it_claims(void **state)
{
	const struct od_notice notice = { .app_name = "Element", .own = true };

	expect(*state, notice, &off, OD_NOTICE_PASS, OD_RULE_OWN);
	expect(*state, notice, &rest, OD_NOTICE_PASS, OD_RULE_OWN);
	assert_false(decide(*state, notice, &off).work);
}

static void test_off_duty_pass_lets_all_through(void **state)
{
	struct od_policy *policy = *state;

	policy->notifications.off_duty = OD_OFF_DUTY_PASS;
	expect(policy, (struct od_notice){ .app_name = "Element" }, &off, OD_NOTICE_PASS,
		OD_RULE_OFF_DUTY);
}

static void test_rest_beats_everything_but_own_and_private(void **state)
{
	struct od_policy *policy = *state;
	const struct od_notice notice = { .app_name = "Element", .summary = "SEC-INCIDENT" };
	struct od_on_call on_call = { .label = (char *) "netops" };
	struct od_duty duty = rest;

	list_add(&breakthrough(policy, "security")->keywords, "SEC-INCIDENT");
	name_add(&on_call.work, OD_NAME_MESSENGER, "element", 40);
	duty.on_call = &on_call;
	expect(policy, notice, &duty, OD_NOTICE_HOLD, OD_RULE_REST);
	policy->notifications.off_duty = OD_OFF_DUTY_PASS;
	expect(policy, notice, &duty, OD_NOTICE_HOLD, OD_RULE_REST);
	od_names_done(&on_call.work);
}

static void test_lift_beats_the_schedule(void **state)
{
	expect(*state, (struct od_notice){ .app_name = "Element" }, &lift, OD_NOTICE_PASS,
		OD_RULE_LIFT);
}

static void test_on_call_lets_only_its_listed_work_pass(void **state)
{
	struct od_on_call on_call = { .label = (char *) "netops" };
	struct od_duty duty = off;
	struct od_notice_verdict verdict;

	name_add(&on_call.work, OD_NAME_DESKTOP, "netops-alert", 41);
	duty.on_call = &on_call;
	verdict = decide(*state, (struct od_notice){ .desktop_entry = "netops-alert" }, &duty);
	assert_int_equal(verdict.action, OD_NOTICE_PASS);
	assert_int_equal(verdict.reason.rule, OD_RULE_ON_CALL);
	assert_string_equal(verdict.reason.label, "netops");
	assert_int_equal(verdict.reason.origin.line, 41);
	assert_true(verdict.work);
	expect(*state, (struct od_notice){ .app_name = "Element" }, &duty, OD_NOTICE_HOLD,
		OD_RULE_HOLIDAY);
	od_names_done(&on_call.work);
}

static void test_breakthrough_needs_every_key_it_has(void **state)
{
	struct od_policy *policy = *state;
	struct od_breakthrough *rule = breakthrough(policy, "security");
	struct od_notice notice = {
		.app_name = "Element",
		.summary = "Alice",
		.body = "we have a sec-incident, come",
		.urgency = OD_URGENCY_CRITICAL,
	};
	struct od_notice_verdict verdict;

	name_add(&rule->work, OD_NAME_MESSENGER, "element", 31);
	list_add(&rule->senders, "nobody else");
	list_add(&rule->senders, "alice");
	list_add(&rule->keywords, "SEC-INCIDENT");
	rule->urgency = OD_URGENCY_CRITICAL;
	verdict = decide(policy, notice, &off);
	assert_int_equal(verdict.action, OD_NOTICE_PASS);
	assert_int_equal(verdict.reason.rule, OD_RULE_BREAKTHROUGH);
	assert_string_equal(verdict.reason.label, "security");
	assert_ptr_equal(verdict.breakthrough, rule);

	notice.urgency = OD_URGENCY_NORMAL;
	assert_int_equal(decide(policy, notice, &off).action, OD_NOTICE_HOLD);
	notice.urgency = OD_URGENCY_CRITICAL;
	notice.body = "sec-incidents are rare";
	assert_int_equal(decide(policy, notice, &off).action, OD_NOTICE_HOLD);
	notice.body = "sec-incident";
	notice.summary = "Bob: alicent";
	assert_int_equal(decide(policy, notice, &off).action, OD_NOTICE_HOLD);
	notice.summary = "alice";
	notice.app_name = "Slack";
	assert_int_equal(decide(policy, notice, &off).action, OD_NOTICE_HOLD);
}

static void test_urgency_alone_never_breaks_through(void **state)
{
	struct od_policy *policy = *state;

	breakthrough(policy, "loud")->urgency = OD_URGENCY_CRITICAL;
	expect(policy, (struct od_notice){ .app_name = "Element", .urgency = OD_URGENCY_CRITICAL },
		&off, OD_NOTICE_HOLD, OD_RULE_HOLIDAY);
}

static bool none_left(const struct od_breakthrough *rule, void *userdata)
{
	(*(unsigned *) userdata)++;
	return strcmp(rule->label, "spare") == 0;
}

static void test_spent_breakthrough_holds_and_is_named(void **state)
{
	struct od_policy *policy = *state;
	const struct od_notice notice = { .app_name = "Element", .body = "fire" };
	struct od_notice_verdict verdict;
	unsigned asked = 0;

	list_add(&breakthrough(policy, "spent")->keywords, "fire");
	od_notice_decide(policy, &notice, &off, none_left, &asked, &verdict);
	assert_int_equal(verdict.action, OD_NOTICE_HOLD);
	assert_string_equal(verdict.breakthrough->label, "spent");
	assert_int_equal(asked, 1);
	list_add(&breakthrough(policy, "spare")->keywords, "fire");
	od_notice_decide(policy, &notice, &off, none_left, &asked, &verdict);
	assert_int_equal(verdict.action, OD_NOTICE_PASS);
	assert_string_equal(verdict.breakthrough->label, "spare");
}

static void test_breakthrough_does_not_make_private_work(void **state)
{
	struct od_policy *policy = *state;

	list_add(&breakthrough(policy, "security")->keywords, "fire");
	expect(policy, (struct od_notice){ .app_name = "Signal", .body = "fire" }, &off,
		OD_NOTICE_PASS, OD_RULE_PRIVATE);
}

static void test_words_are_whole_words(void **state)
{
	static const struct {
		const char *keyword, *body;
		bool passes;
	} rows[] = {
		{ "fire", "FIRE!", true },
		{ "fire", "firefox", false },
		{ "fire", "the bonfire", false },
		{ "fire", "bonfire, fire", true },
		{ "fire", "fire\xc3\xa9", false }, /* a letter follows */
		{ "#1", "case #1.", true },
		{ "#1", "case #12", false },
		{ "SEC-", "SEC-12", true },
		{ "two words", "these Two Words here", true },
		{ "", "anything", false },
		{ "fire", "", false },
		{ "fire", NULL, false },
	};
	struct od_policy *policy = *state;
	struct od_breakthrough *rule = breakthrough(policy, "x");

	for (size_t i = 0; i < OD_ELEMENTS(rows); i++) {
		struct od_notice_verdict verdict;

		od_strings_done(&rule->keywords);
		list_add(&rule->keywords, rows[i].keyword);
		verdict = decide(policy,
			(struct od_notice){ .app_name = "Element", .body = rows[i].body }, &off);
		if ((verdict.action == OD_NOTICE_PASS) != rows[i].passes)
			fail_msg("\"%s\" in \"%s\"", rows[i].keyword,
				rows[i].body ? rows[i].body : "(none)");
	}
}

static void test_every_letter_and_digit_makes_a_longer_word(void **state)
{
	static const char letters[] = "azAZ09_mM5";
	struct od_policy *policy = *state;
	struct od_notice notice = { .app_name = "Element" };
	char body[8];

	list_add(&breakthrough(policy, "x")->keywords, "fire");
	for (size_t i = 0; letters[i] != '\0'; i++) {
		snprintf(body, sizeof(body), "fire%c", letters[i]);
		notice.body = body;
		assert_int_equal(decide(policy, notice, &off).action, OD_NOTICE_HOLD);
		snprintf(body, sizeof(body), "%cfire", letters[i]);
		assert_int_equal(decide(policy, notice, &off).action, OD_NOTICE_HOLD);
	}
	notice.body = "@fire[`{/:";
	assert_int_equal(decide(policy, notice, &off).action, OD_NOTICE_PASS);
}

static void test_reason_is_always_filled(void **state)
{
	struct od_policy *policy = *state;
	const struct od_duty bare = { .on = false };

	expect(policy, (struct od_notice){ .app_name = "Element" }, &bare, OD_NOTICE_HOLD,
		OD_RULE_OFF_DUTY);
}

static void test_policy_without_catalogue_still_knows_desktop_and_site(void **state)
{
	od_cleanup(od_policy_unrefp) struct od_policy *policy = od_policy_new();

	(void) state;
	name_add(&policy->notifications.work, OD_NAME_DESKTOP, "thunderbird", 1);
	assert_true(is_work(policy, (struct od_notice){ .desktop_entry = "thunderbird" }));
	assert_false(is_work(policy, (struct od_notice){ .app_name = "Element" }));
}

static void test_host_from_body(void **state)
{
	static const struct {
		const char *body, *host;
	} rows[] = {
		{ "<a href=\"https://app.slack.com/\">app.slack.com</a>\n\nHello",
			"app.slack.com" },
		{ "<a href=\"https://App.Slack.COM\">x</a>", "app.slack.com" },
		{ "<a href=\"http://intranet/\">intranet</a>", "intranet" },
		{ "<a href=\"https://chat.example.org:8443/x\">y</a>", "chat.example.org" },
		{ "\n <a href=\"https://a.example\">a</a>", "a.example" },
		{ "app.slack.com\n\nHello", "app.slack.com" },
		{ "app.slack.com", "app.slack.com" },
		{ "App.Slack.com:443\nHello", "app.slack.com" },
		{ "app.slack.com\r\nHello", "app.slack.com" },
		{ "Hello", NULL },
		{ "Hello there. How are you?\n", NULL },
		{ "see you.\nlater", NULL },
		{ "..\n", NULL },
		{ ".com\n", NULL },
		{ "a..b\n", NULL },
		{ "", NULL },
		{ NULL, NULL },
		{ "<a href=\"https://good.example@evil.example/\">x</a>", NULL },
		{ "<a href=\"https://good.example:x@evil.example/\">x</a>", NULL },
		{ "<a href=\"https://\">x</a>", NULL },
		{ "<a href=\"https://never.closed", NULL },
		{ "<a href=\"javascript:alert(1)\">x</a>", NULL },
		{ "<a href=\"https://b\xc3\xbc"
		  "cher.example/\">x</a>",
			NULL },
		{ "10:30 meeting\n", NULL },
		{ "example.org:port\n", NULL },
	};
	char host[64];

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(rows); i++) {
		strcpy(host, "untouched");
		if (od_notice_host_from_body(rows[i].body, host, sizeof(host)) !=
			(rows[i].host != NULL))
			fail_msg("row %zu: \"%s\"", i, rows[i].body ? rows[i].body : "(none)");
		assert_string_equal(host, rows[i].host ? rows[i].host : "untouched");
	}
	assert_false(od_notice_host_from_body("app.slack.com", host, 13));
	assert_true(od_notice_host_from_body("app.slack.com", host, 14));
	assert_false(od_notice_host_from_body("app.slack.com", host, 0));
}

int main(void)
{
#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		WITH(test_work_waits_while_off_duty),
		WITH(test_private_always_passes),
		WITH(test_any_identity_makes_it_work),
		WITH(test_work_does_not_hide_behind_another_name),
		WITH(test_desktop_name_is_compared_with_every_claim),
		WITH(test_star_of_a_site_means_its_subdomains),
		WITH(test_path_of_a_site_counts_where_it_is_known),
		WITH(test_own_notification_passes_whatever_it_claims),
		WITH(test_off_duty_pass_lets_all_through),
		WITH(test_rest_beats_everything_but_own_and_private),
		WITH(test_lift_beats_the_schedule),
		WITH(test_on_call_lets_only_its_listed_work_pass),
		WITH(test_breakthrough_needs_every_key_it_has),
		WITH(test_urgency_alone_never_breaks_through),
		WITH(test_spent_breakthrough_holds_and_is_named),
		WITH(test_breakthrough_does_not_make_private_work),
		WITH(test_words_are_whole_words),
		WITH(test_every_letter_and_digit_makes_a_longer_word),
		WITH(test_reason_is_always_filled),
		cmocka_unit_test(test_policy_without_catalogue_still_knows_desktop_and_site),
		cmocka_unit_test(test_host_from_body),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

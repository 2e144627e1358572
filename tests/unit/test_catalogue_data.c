/* The shipped catalogue as it is: whole, without a fault, and right where it is easy to be wrong. */
#include <dirent.h>
#include <stdio.h>

#include "ini/load.h"
#include "model/criteria.h"
#include "unit/rules_fixture.h"

#define CATALOGUE  OFFDUTY_SOURCE_DIR "/policies/catalogue"
#define MESSENGERS 107
#define ADEQUACIES 4
#define HOME       "/home/alice"

static size_t count_files(void)
{
	DIR *dir = opendir(CATALOGUE);
	size_t n = 0;

	assert_non_null(dir);
	for (const struct dirent *entry; (entry = readdir(dir));) {
		size_t length = strlen(entry->d_name);

		n += length > 4 && strcmp(entry->d_name + length - 4, ".ini") == 0;
	}
	closedir(dir);
	return n;
}

static int setup(void **state)
{
	static const char *const none[] = { NULL };
	static const char *const catalogue[] = { CATALOGUE, NULL };
	const struct od_ini_paths paths = { .policy = none,
		.catalogue = catalogue,
		.holidays = none,
		.zoneinfo = "/usr/share/zoneinfo" };
	struct od_problems problems = { 0 };
	struct od_policy *policy = NULL;
	int r = od_ini_load(&paths, &problems, &policy);

	od_problems_print(&problems, stderr);
	assert_int_equal(problems.list.n, 0);
	assert_int_equal(r, 0);
	od_problems_done(&problems);
	*state = policy;
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

	if (!messenger)
		fail_msg("no %s", id);
	return messenger;
}

static void expect_path(const struct od_policy *policy, const char *path, const char *id)
{
	const struct od_program program = { .path = path, .home = HOME };
	const struct od_messenger *messenger =
		od_catalogue_match_program(policy->catalogue, &program, NULL);

	if (!messenger != !id || (id && strcmp(messenger->id, id) != 0))
		fail_msg("%s: %s instead of %s", path, messenger ? messenger->id : "nothing",
			id ? id : "nothing");
}

static void expect_site(
	const struct od_policy *policy, const char *host, const char *path, const char *id)
{
	const struct od_messenger *messenger =
		od_catalogue_match_site(policy->catalogue, host, path);

	if (!messenger != !id || (id && strcmp(messenger->id, id) != 0))
		fail_msg("%s%s: %s instead of %s", host, path ? path : "",
			messenger ? messenger->id : "nothing", id ? id : "nothing");
}

static void test_every_file_is_loaded(void **state)
{
	const struct od_policy *policy = *state;

	assert_int_equal(count_files(), MESSENGERS + ADEQUACIES);
	assert_int_equal(od_catalogue_adequacies(policy->catalogue)->n, ADEQUACIES);
	assert_int_equal(od_catalogue_size(policy->catalogue), MESSENGERS);
}

static void test_every_messenger_is_whole(void **state)
{
	const struct od_policy *policy = *state;

	for (size_t i = 0; i < od_catalogue_size(policy->catalogue); i++) {
		const struct od_messenger *m = od_catalogue_at(policy->catalogue, i);

		if (!m->name || !m->vendor || !m->service || !m->role || !m->kind || !m->status ||
			!m->as_of)
			fail_msg("%s lacks a word", m->id);
		if (m->second_signal && m->paths.n == 0)
			fail_msg("%s can never be recognised", m->id);
		for (int c = 0; c < OD_CRITERION_MAX_; c++) {
			const struct od_fact *fact = &m->facts[c];

			if ((fact->level < 0) != (fact->confidence == OD_CONFIDENCE_UNKNOWN))
				fail_msg("%s: %s is known and unknown", m->id,
					od_criterion_to_string((enum od_criterion) c));
			if (fact->confidence == OD_CONFIDENCE_VERIFIED && !fact->source)
				fail_msg("%s: %s is verified without a source", m->id,
					od_criterion_to_string((enum od_criterion) c));
		}
	}
}

/* "Use Element instead." has to fit on a popup and mean one thing. */
static void test_names_are_short_and_unlike(void **state)
{
	const struct od_policy *policy = *state;

	for (size_t i = 0; i < od_catalogue_size(policy->catalogue); i++) {
		const char *name = od_catalogue_at(policy->catalogue, i)->name;

		if (strlen(name) > 32)
			fail_msg("\"%s\" is long", name);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(od_catalogue_at(policy->catalogue, j)->name, name);
	}
}

static void test_every_messenger_can_be_recognised(void **state)
{
	const struct od_policy *policy = *state;

	for (size_t i = 0; i < od_catalogue_size(policy->catalogue); i++) {
		const struct od_messenger *m = od_catalogue_at(policy->catalogue, i);
		size_t n = m->executables.n + m->paths.n + m->flatpaks.n + m->snaps.n + m->asars.n +
			   m->argv.n + m->origins.n + m->entries.n;

		if (n == 0)
			fail_msg("nothing tells %s from anything else", m->id);
	}
}

static void test_every_list_of_countries_has_a_source_and_a_date(void **state)
{
	const struct od_policy *policy = *state;

	od_array_foreach (list, od_catalogue_adequacies(policy->catalogue)) {
		assert_non_null(list->authority);
		assert_non_null(list->source);
		assert_non_null(list->as_of);
		assert_true(list->countries.n > 0);
	}
}

/* 27 members of the Union, 3 more of the Economic Area, 15 decisions, Monaco; and EU, EEA. */
static void test_countries_with_adequate_protection(void **state)
{
	static const struct {
		const char *country, *list;
	} rows[] = {
		{ "FR", "adequacy-eu" },
		{ "HR", "adequacy-eu" },
		{ "EU", "adequacy-eu" },
		{ "NO", "adequacy-eea" },
		{ "EEA", "adequacy-eea" },
		{ "CH", "adequacy-decisions" },
		{ "GB", "adequacy-decisions" },
		{ "BR", "adequacy-decisions" },
		{ "MC", "adequacy-monaco" },
		{ "US", NULL },
		{ "CN", NULL },
		{ "RU", NULL },
		{ "elsewhere", NULL },
	};
	const struct od_policy *policy = *state;
	const od_adequacies *lists = od_catalogue_adequacies(policy->catalogue);
	size_t n = 0;

	od_array_foreach (list, lists)
		n += list->countries.n;
	assert_int_equal(n, 27 + 3 + 15 + 1 + 2);
	for (size_t i = 0; i < OD_ELEMENTS(rows); i++) {
		const struct od_adequacy *list = od_adequacy_of(lists, rows[i].country);

		if (!list != !rows[i].list || (list && strcmp(list->id, rows[i].list) != 0))
			fail_msg("%s: %s", rows[i].country, list ? list->id : "nowhere");
	}
}

static void test_hosting_is_derived_from_places(void **state)
{
	const struct od_policy *policy = *state;
	size_t derived = 0;

	for (size_t i = 0; i < od_catalogue_size(policy->catalogue); i++) {
		const struct od_messenger *m = od_catalogue_at(policy->catalogue, i);

		if (m->hosting_countries.n > 0 && m->hosting_stated)
			fail_msg("%s states what its places say", m->id);
		derived += m->hosting_countries.n > 0;
	}
	assert_true(derived > 50);
}

static void test_spot_facts(void **state)
{
	static const struct {
		const char *id;
		enum od_criterion criterion;
		const char *level;
		enum od_confidence confidence;
	} rows[] = {
		{ "signal", OD_CRITERION_E2EE, "default", OD_CONFIDENCE_VERIFIED },
		{ "signal", OD_CRITERION_HOSTING, "inadequate", OD_CONFIDENCE_RECALLED },
		{ "telegram", OD_CRITERION_E2EE, "optional", OD_CONFIDENCE_VERIFIED },
		{ "telegram", OD_CRITERION_HOSTING, "mixed", OD_CONFIDENCE_VERIFIED },
		{ "teams", OD_CRITERION_HOSTING, "mixed", OD_CONFIDENCE_VERIFIED },
		{ "briar", OD_CRITERION_HOSTING, "adequate", OD_CONFIDENCE_RECALLED },
		{ "kakaotalk", OD_CRITERION_HOSTING, "adequate", OD_CONFIDENCE_RECALLED },
		{ "wechat", OD_CRITERION_HOSTING, "inadequate", OD_CONFIDENCE_VERIFIED },
		{ "telegram", OD_CRITERION_SERVER, "closed", OD_CONFIDENCE_VERIFIED },
		{ "element", OD_CRITERION_E2EE, "default", OD_CONFIDENCE_VERIFIED },
		{ "element", OD_CRITERION_CLIENT, "open", OD_CONFIDENCE_VERIFIED },
		{ "element", OD_CRITERION_HOSTING, "unknown", OD_CONFIDENCE_UNKNOWN },
		{ "fractal", OD_CRITERION_E2EE, "default", OD_CONFIDENCE_RECALLED },
		{ "whatsapp", OD_CRITERION_HOSTING, "inadequate", OD_CONFIDENCE_VERIFIED },
		{ "zapzap", OD_CRITERION_CLIENT, "closed", OD_CONFIDENCE_VERIFIED },
		{ "threema", OD_CRITERION_PRICE, "paid", OD_CONFIDENCE_VERIFIED },
		{ "threema", OD_CRITERION_HOSTING, "adequate", OD_CONFIDENCE_VERIFIED },
		{ "slack", OD_CRITERION_E2EE, "none", OD_CONFIDENCE_VERIFIED },
		{ "instagram", OD_CRITERION_E2EE, "none", OD_CONFIDENCE_VERIFIED },
		{ "briar", OD_CRITERION_SERVER, "open", OD_CONFIDENCE_VERIFIED },
		{ "pidgin", OD_CRITERION_SERVER, "unknown", OD_CONFIDENCE_UNKNOWN },
	};

	for (size_t i = 0; i < OD_ELEMENTS(rows); i++) {
		const struct od_fact *fact = &the(*state, rows[i].id)->facts[rows[i].criterion];
		const char *level = od_level_to_string(rows[i].criterion, fact->level);

		if (strcmp(level, rows[i].level) != 0 || fact->confidence != rows[i].confidence)
			fail_msg("%s: %s is %s (%s)", rows[i].id,
				od_criterion_to_string(rows[i].criterion), level,
				od_confidence_to_string(fact->confidence));
	}
}

static void test_programs_are_recognised(void **state)
{
	static const struct {
		const char *path, *id;
	} rows[] = {
		{ "/usr/bin/telegram-desktop", "telegram" }, /* 64Gram has that name, too */
		{ HOME "/Downloads/Telegram/Telegram", "telegram" },
		{ "/opt/Signal/signal-desktop", "signal" },
		{ HOME "/.config/discord/app-1.0.140/Discord", "discord" },
		{ "/usr/share/discord/updater_bootstrap", "discord" },
		{ "/usr/lib/slack/slack", "slack" },
		{ "/usr/bin/dino-im", "dino" },
		{ "/usr/bin/gajim", "gajim" },
		{ "/usr/bin/revolt", "revolt-gnome-matrix" },
		{ "/opt/Session/session-desktop", "session" },
		{ "/usr/bin/flare", "flare" },
		{ "/opt/Nextcloud Talk-linux-x64/Nextcloud Talk", "nextcloud-talk" },
		{ "/opt/bytedance/feishu/vulcan", "feishu" },
		{ "/opt/bytedance/lark/vulcan", "lark" },
		{ HOME "/Downloads/Signal-7.0.AppImage", "signal" },
		{ "/var/lib/flatpak/app/com.slack.Slack/x86_64/stable/1/files/bin/zypak", "slack" },
	};

	for (size_t i = 0; i < OD_ELEMENTS(rows); i++)
		expect_path(*state, rows[i].path, rows[i].id);
}

static void test_false_friends_are_nobody(void **state)
{
	static const char *const paths[] = {
		"/usr/bin/mirage",     /* an image viewer */
		"/usr/games/flare",    /* a game */
		"/usr/games/ricochet", /* a game, not the Tor messenger */
		"/usr/bin/ricochet",
		"/usr/bin/nextcloud", /* file sync */
		"/usr/bin/jitsi",     /* the old Java client */
		HOME "/bin/session",
		HOME "/bin/signal",
		HOME "/bin/station",
		HOME "/bin/line",
		HOME "/bin/flare",
		HOME "/bin/mirage",
		HOME "/bin/twist",
		HOME "/bin/revolt",
		"/usr/bin/session",
		"/usr/bin/signal",
		"/usr/bin/station",
		"/usr/bin/line",
		HOME "/src/vulcan",
		"/usr/bin/python3",
		"/usr/bin/java",
		"/usr/bin/bash",
		"/usr/bin/electron28",
		"/usr/lib/chromium/chromium",
		"/usr/bin/firefox-esr",
	};

	for (size_t i = 0; i < OD_ELEMENTS(paths); i++)
		expect_path(*state, paths[i], NULL);
}

static void test_mail_program_is_no_messenger_until_it_notifies(void **state)
{
	const struct od_policy *policy = *state;

	expect_path(policy, "/usr/bin/thunderbird", NULL);
	expect_path(policy, "/usr/lib/thunderbird/thunderbird-bin", NULL);
	assert_ptr_equal(od_catalogue_match_notice(policy->catalogue, NULL, "thunderbird"),
		the(policy, "thunderbird"));
}

static void test_image_viewer_in_python_is_nobody(void **state)
{
	const char *const argv[] = { "/usr/bin/python3", "/usr/bin/mirage", NULL };
	const struct od_program program = { .path = "/usr/bin/python3.11", .argv = argv };
	const struct od_policy *policy = *state;

	assert_null(od_catalogue_match_program(policy->catalogue, &program, NULL));
}

static void test_all_three_teams_origins(void **state)
{
	expect_site(*state, "teams.microsoft.com", NULL, "teams");
	expect_site(*state, "teams.live.com", NULL, "teams");
	expect_site(*state, "teams.cloud.microsoft", NULL, "teams");
}

static void test_hosts_that_serve_other_things_need_their_path(void **state)
{
	expect_site(*state, "www.facebook.com", NULL, NULL);
	expect_site(*state, "www.facebook.com", "/marketplace", NULL);
	expect_site(*state, "www.facebook.com", "/messages/t/1", "messenger");
	expect_site(*state, "mail.google.com", "/mail/u/0", NULL);
	expect_site(*state, "mail.google.com", "/chat/u/0", "google-chat");
	expect_site(*state, "www.instagram.com", "/direct/inbox", "instagram");
	expect_site(*state, "www.instagram.com", "/p/1", NULL);
	expect_site(*state, "cloud.example.org", "/apps/spreed", "nextcloud-talk");
	expect_site(*state, "cloud.example.org", "/apps/files", NULL);
	expect_site(*state, "acme.slack.com", NULL, "slack");
	expect_site(*state, "web.whatsapp.com", NULL, "whatsapp");
}

static void test_notifications_are_recognised(void **state)
{
	static const struct {
		const char *app_name, *entry, *id;
	} rows[] = {
		{ "Telegram Desktop", NULL, "telegram" },
		{ NULL, "org.telegram.desktop._0123456789abcdef0123456789abcdef", "telegram" },
		{ NULL, "org.telegram.desktop", "telegram" },
		{ "Signal", "signal", "signal" },
		{ NULL, "signal-desktop", "signal" }, /* the installed file's name */
		{ NULL, "Mattermost.Desktop", "mattermost" },
		{ NULL, "im.riot.Riot", "element" },
		{ NULL, "com.slack.Slack", "slack" },
		{ "\xe9\x92\x89\xe9\x92\x89", NULL, "dingtalk" },
		{ "Chromium", "chromium", NULL },
		{ "Firefox", "firefox-esr", NULL },
		{ "notify-send", NULL, NULL },
	};
	const struct od_policy *policy = *state;

	for (size_t i = 0; i < OD_ELEMENTS(rows); i++) {
		const struct od_messenger *m = od_catalogue_match_notice(
			policy->catalogue, rows[i].app_name, rows[i].entry);

		if (!m != !rows[i].id || (m && strcmp(m->id, rows[i].id) != 0))
			fail_msg("row %zu: %s", i, m ? m->id : "nothing");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_file_is_loaded),
		cmocka_unit_test(test_every_messenger_is_whole),
		cmocka_unit_test(test_names_are_short_and_unlike),
		cmocka_unit_test(test_every_messenger_can_be_recognised),
		cmocka_unit_test(test_every_list_of_countries_has_a_source_and_a_date),
		cmocka_unit_test(test_countries_with_adequate_protection),
		cmocka_unit_test(test_hosting_is_derived_from_places),
		cmocka_unit_test(test_spot_facts),
		cmocka_unit_test(test_programs_are_recognised),
		cmocka_unit_test(test_false_friends_are_nobody),
		cmocka_unit_test(test_mail_program_is_no_messenger_until_it_notifies),
		cmocka_unit_test(test_image_viewer_in_python_is_nobody),
		cmocka_unit_test(test_all_three_teams_origins),
		cmocka_unit_test(test_hosts_that_serve_other_things_need_their_path),
		cmocka_unit_test(test_notifications_are_recognised),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

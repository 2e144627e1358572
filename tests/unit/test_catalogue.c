#include "model/catalogue.h"

#include "base/error.h"
#include "unit/rules_fixture.h"

static void take_telegram(struct od_catalogue *catalogue)
{
	struct od_messenger m;

	messenger_init(&m, "telegram", "telegram", "official");
	list_add(&m.executables, "Telegram");
	list_add(&m.executables, "telegram-desktop");
	list_add(&m.paths, "~/**/Telegram/Telegram");
	list_add(&m.flatpaks, "org.telegram.desktop");
	list_add(&m.snaps, "telegram-desktop");
	list_add(&m.appimages, "Telegram*.AppImage");
	list_add(&m.appimages, "*-telegram.AppImage");
	list_add(&m.desktops, "org.telegram.desktop");
	list_add(&m.entries, "org.telegram.desktop._*");
	list_add(&m.app_names, "Telegram Desktop");
	list_add(&m.origins, "web.telegram.org");
	catalogue_take(catalogue, &m);

	messenger_init(&m, "64gram", "telegram", "third-party-client");
	list_add(&m.executables, "telegram-desktop");
	list_add(&m.paths, "/opt/64gram/telegram-desktop");
	list_add(&m.paths, "/opt/64gram-*/bin*");
	list_add(&m.appimages, "Telegram*.AppImage");
	list_add(&m.origins, "https://64gram.example/");
	catalogue_take(catalogue, &m);
}

static void take_second_signal(struct od_catalogue *catalogue)
{
	struct od_messenger m;

	messenger_init(&m, "session", "session", "official");
	list_add(&m.executables, "session");
	list_add(&m.paths, "/opt/Session/session");
	list_add(&m.paths, "~/Apps/session/*/session");
	list_add(&m.asars, "session-desktop");
	m.second_signal = true;
	catalogue_take(catalogue, &m);
}

static void take_interpreted(struct od_catalogue *catalogue)
{
	struct od_messenger m;

	messenger_init(&m, "briar", "briar", "official");
	list_add(&m.argv, "briar.jar");
	list_add(&m.argv, "briar-desktop*.jar");
	catalogue_take(catalogue, &m);
	messenger_init(&m, "line", "line", "web-only");
	list_add(&m.argv, "LINE.exe");
	list_add(&m.origins, "chrome-extension://ophj");
	catalogue_take(catalogue, &m);
	messenger_init(&m, "gajim", "xmpp", "protocol-client");
	list_add(&m.executables, "gajim");
	catalogue_take(catalogue, &m);
	messenger_init(&m, "suite", "suite", "official");
	list_add(&m.paths, "/opt/suite/*/helper");
	list_add(&m.origins, "*.suite.example/messenger");
	list_add(&m.origins, "*/apps/spreed");
	catalogue_take(catalogue, &m);
}

static int setup(void **state)
{
	struct od_catalogue *catalogue = od_catalogue_new();

	assert_non_null(catalogue);
	take_telegram(catalogue);
	take_second_signal(catalogue);
	take_interpreted(catalogue);
	assert_int_equal(od_catalogue_seal(catalogue), 0);
	*state = catalogue;
	return 0;
}

static int teardown(void **state)
{
	od_catalogue_free(*state);
	return 0;
}

static void expect(const struct od_messenger *messenger, const char *id)
{
	if (!id)
		assert_null(messenger);
	else if (!messenger)
		fail_msg("expected %s, got nothing", id);
	else
		assert_string_equal(messenger->id, id);
}

static void expect_program(const struct od_catalogue *catalogue, struct od_program program,
	const char *id, enum od_match match)
{
	enum od_match got = (enum od_match) 99;

	expect(od_catalogue_match_program(catalogue, &program, &got), id);
	assert_int_equal(got, match);
	expect(od_catalogue_match_program(catalogue, &program, NULL), id);
}

static void test_list_is_sorted_by_id(void **state)
{
	(void) state;
	assert_int_equal(od_catalogue_size(*state), 7);
	for (size_t i = 1; i < od_catalogue_size(*state); i++)
		assert_true(strcmp(od_catalogue_at(*state, i - 1)->id,
				    od_catalogue_at(*state, i)->id) < 0);
	assert_null(od_catalogue_at(*state, 7));
	expect(od_catalogue_find(*state, "briar"), "briar");
	expect(od_catalogue_find(*state, "Briar"), NULL);
	expect(od_catalogue_find(*state, ""), NULL);
	assert_true(od_catalogue_has_service(*state, "xmpp"));
	assert_false(od_catalogue_has_service(*state, "gajim"));
}

static void test_clients_of_a_service_come_by_id(void **state)
{
	const struct od_messenger *one = NULL;
	const char *before = "";
	size_t n = 0, wanted = 0;

	for (size_t i = 0; i < od_catalogue_size(*state); i++)
		wanted += strcmp(od_catalogue_at(*state, i)->service, "xmpp") == 0;
	while ((one = od_catalogue_of_service(*state, "xmpp", one))) {
		assert_string_equal(one->service, "xmpp");
		assert_true(strcmp(before, one->id) < 0);
		before = one->id;
		n++;
	}
	assert_true(n > 0);
	assert_int_equal(n, wanted);
	assert_null(od_catalogue_of_service(*state, "nothing", NULL));
}

static void test_second_of_an_id_replaces_the_first(void **state)
{
	od_cleanup(od_catalogue_freep) struct od_catalogue *catalogue = od_catalogue_new();
	struct od_messenger m;

	(void) state;
	messenger_init(&m, "signal", "signal", "official");
	list_add(&m.executables, "signal-desktop");
	catalogue_take(catalogue, &m);
	messenger_init(&m, "signal", "own-network", "official");
	catalogue_take(catalogue, &m);
	assert_int_equal(od_catalogue_seal(catalogue), 0);
	assert_int_equal(od_catalogue_size(catalogue), 1);
	assert_true(od_catalogue_has_service(catalogue, "own-network"));
	assert_false(od_catalogue_has_service(catalogue, "signal"));
}

static void test_messenger_without_id_or_service_stays_the_callers(void **state)
{
	od_cleanup(od_catalogue_freep) struct od_catalogue *catalogue = od_catalogue_new();
	struct od_messenger m;

	(void) state;
	messenger_init(&m, "signal", "", "official");
	assert_int_equal(od_catalogue_add(catalogue, &m), OD_E_SYNTAX);
	assert_non_null(m.id);
	od_messenger_done(&m);
	assert_int_equal(od_catalogue_add(catalogue, &m), OD_E_SYNTAX);
	od_messenger_done(&m);
}

static void test_empty_catalogue_matches_nothing(void **state)
{
	od_cleanup(od_catalogue_freep) struct od_catalogue *catalogue = od_catalogue_new();
	const struct od_program program = { .path = "/usr/bin/gajim" };

	(void) state;
	expect(od_catalogue_find(catalogue, "gajim"), NULL); /* not even sealed */
	assert_int_equal(od_catalogue_seal(catalogue), 0);
	assert_int_equal(od_catalogue_seal(catalogue), 0);
	expect(od_catalogue_match_program(catalogue, &program, NULL), NULL);
	expect(od_catalogue_match_site(catalogue, "a.example", "/"), NULL);
	expect(od_catalogue_match_notice(catalogue, "a", "b"), NULL);
	assert_null(od_catalogue_nearest(catalogue, "gajim"));
	od_catalogue_free(NULL);
}

static void test_executable_is_matched_by_exact_base_name(void **state)
{
	expect_program(*state, (struct od_program){ .path = "/usr/bin/gajim" }, "gajim",
		OD_MATCH_EXECUTABLE);
	expect_program(*state, (struct od_program){ .path = "/home/alice/x/gajim" }, "gajim",
		OD_MATCH_EXECUTABLE);
	expect_program(
		*state, (struct od_program){ .path = "/usr/bin/Gajim" }, NULL, OD_MATCH_NONE);
	expect_program(
		*state, (struct od_program){ .path = "/usr/bin/gajim2" }, NULL, OD_MATCH_NONE);
	expect_program(*state, (struct od_program){ .path = "/usr/bin/" }, NULL, OD_MATCH_NONE);
	expect_program(*state, (struct od_program){ 0 }, NULL, OD_MATCH_NONE);
}

static void test_common_name_needs_an_install_path(void **state)
{
	struct od_program program = { .path = "/home/alice/bin/session", .home = "/home/alice" };

	expect_program(*state, program, NULL, OD_MATCH_NONE);
	program.path = "/opt/Session/session";
	expect_program(*state, program, "session", OD_MATCH_EXECUTABLE);
	program.path = "/home/alice/Apps/session/1.2/session";
	expect_program(*state, program, "session", OD_MATCH_EXECUTABLE);
	program.path = "/home/alicexApps/session/1.2/session";
	expect_program(*state, program, NULL, OD_MATCH_NONE);
	program.path = "/home/alice/Apps/session/1.2/session";
	program.home = "/home/bob";
	expect_program(*state, program, NULL, OD_MATCH_NONE);
	program.home = NULL;
	expect_program(*state, program, NULL, OD_MATCH_NONE);
	program.path = "session";
	expect_program(*state, program, NULL, OD_MATCH_NONE);
}

static void test_common_name_may_be_told_by_its_asar(void **state)
{
	const struct od_program program = {
		.path = "/home/alice/bin/session",
		.asar = "session-desktop",
	};

	expect_program(*state, program, "session", OD_MATCH_ASAR);
}

static void test_shared_name_goes_by_path_then_to_the_vendor(void **state)
{
	expect_program(*state, (struct od_program){ .path = "/usr/bin/telegram-desktop" },
		"telegram", OD_MATCH_EXECUTABLE);
	expect_program(*state, (struct od_program){ .path = "/opt/64gram/telegram-desktop" },
		"64gram", OD_MATCH_EXECUTABLE);
}

static void test_path_alone_is_enough_where_it_is_listed(void **state)
{
	expect_program(*state, (struct od_program){ .path = "/opt/suite/7/helper" }, "suite",
		OD_MATCH_EXECUTABLE);
	expect_program(
		*state, (struct od_program){ .path = "/opt/other/7/helper" }, NULL, OD_MATCH_NONE);
	expect_program(*state, (struct od_program){ .path = "/opt/64gram-2/bin64" }, "64gram",
		OD_MATCH_EXECUTABLE);
	expect_program(
		*state, (struct od_program){ .path = "/opt/32gram-2/bin64" }, NULL, OD_MATCH_NONE);
}

static void test_sandbox_is_told_by_id_or_by_its_folder(void **state)
{
	struct od_program program = { .path = "/app/bin/x", .flatpak = "org.telegram.desktop" };

	expect_program(*state, program, "telegram", OD_MATCH_FLATPAK);
	program.flatpak = NULL;
	program.path = "/var/lib/flatpak/app/org.telegram.desktop/current/active/files/bin/x";
	expect_program(*state, program, "telegram", OD_MATCH_FLATPAK);
	program.path = "/snap/telegram-desktop/6691/usr/bin/x";
	expect_program(*state, program, "telegram", OD_MATCH_SNAP);
	program.path = "/usr/bin/x";
	program.snap = "telegram-desktop";
	expect_program(*state, program, "telegram", OD_MATCH_SNAP);
	program.snap = NULL;
	program.path = "/snap/telegram-desktop";
	expect_program(*state, program, "telegram", OD_MATCH_EXECUTABLE); /* by name alone */
}

static void test_stronger_sign_wins(void **state)
{
	const struct od_program program = {
		.path = "/usr/bin/gajim",
		.flatpak = "org.telegram.desktop",
		.asar = "session-desktop",
	};

	expect_program(*state, program, "telegram", OD_MATCH_FLATPAK);
}

static void test_appimage_is_matched_by_pattern(void **state)
{
	expect_program(*state, (struct od_program){ .path = "/home/alice/Telegram-5.AppImage" },
		"telegram", OD_MATCH_APPIMAGE);
	expect_program(*state, (struct od_program){ .path = "/home/alice/5-telegram.AppImage" },
		"telegram", OD_MATCH_APPIMAGE);
	expect_program(*state, (struct od_program){ .path = "/home/alice/Telegram-5.tar" }, NULL,
		OD_MATCH_NONE);
}

static void test_interpreter_is_known_by_its_argument(void **state)
{
	const char *const java[] = { "java", "-jar", "/home/alice/briar.jar", NULL };
	const char *const glob[] = { "java", "-jar", "briar-desktop-linux-0.6.jar", NULL };
	const char *const wine[] = { "C:\\users\\alice\\LINE\\bin\\LINE.exe", NULL };
	const char *const python[] = { "/usr/bin/python3", "/usr/bin/gajim", NULL };
	const char *const bot[] = { "python3", "gajim", NULL };
	const char *const none[] = { NULL };
	struct od_program program = { .path = "/usr/lib/jvm/17/bin/java", .argv = java };

	expect_program(*state, program, "briar", OD_MATCH_ARGV);
	program.argv = glob;
	expect_program(*state, program, "briar", OD_MATCH_ARGV);
	program.path = "/usr/lib/wine/wine64-preloader";
	program.argv = wine;
	expect_program(*state, program, "line", OD_MATCH_ARGV);
	program.path = "/usr/bin/python3.11";
	program.argv = python;
	expect_program(*state, program, "gajim", OD_MATCH_ARGV);
	program.argv = bot; /* a word, no path: could be anything */
	expect_program(*state, program, NULL, OD_MATCH_NONE);
	program.argv = none;
	expect_program(*state, program, NULL, OD_MATCH_NONE);
}

static void test_argument_of_an_ordinary_program_is_nothing(void **state)
{
	const char *const vim[] = { "vim", "/home/alice/briar.jar", NULL };
	const struct od_program program = { .path = "/usr/bin/vim", .argv = vim };

	expect_program(*state, program, NULL, OD_MATCH_NONE);
}

static void test_notice_is_matched_by_entry_then_name(void **state)
{
	expect(od_catalogue_match_notice(*state, "x", "org.telegram.desktop"), "telegram");
	expect(od_catalogue_match_notice(*state, "x", "org.telegram.desktop.desktop"), "telegram");
	expect(od_catalogue_match_notice(*state, "x", "ORG.Telegram.Desktop"), "telegram");
	expect(od_catalogue_match_notice(
		       *state, "x", "/usr/share/applications/org.telegram.desktop"),
		"telegram");
	expect(od_catalogue_match_notice(*state, "x", "org.telegram.desktop._0a1b"), "telegram");
	expect(od_catalogue_match_notice(*state, "telegram desktop", NULL), "telegram");
	expect(od_catalogue_match_notice(*state, "telegram desktop", "x"), "telegram");
	expect(od_catalogue_match_notice(*state, "telegram", NULL), NULL);
	expect(od_catalogue_match_notice(*state, NULL, NULL), NULL);
	expect(od_catalogue_match_notice(*state, "", ""), NULL);
}

static void test_site_is_matched_by_host(void **state)
{
	expect(od_catalogue_match_site(*state, "web.telegram.org", NULL), "telegram");
	expect(od_catalogue_match_site(*state, "telegram.org", NULL), NULL);
	expect(od_catalogue_match_site(*state, "x.web.telegram.org", NULL), NULL);
	expect(od_catalogue_match_site(*state, "chrome-extension://ophj", NULL), "line");
	expect(od_catalogue_match_site(*state, "64gram.example", NULL), "64gram");
	expect(od_catalogue_match_site(*state, "64Gram.Example", "/x"), "64gram");
	expect(od_catalogue_match_site(*state, "", NULL), NULL);
	expect(od_catalogue_match_site(*state, NULL, NULL), NULL);
}

static void test_site_with_a_path_needs_that_path(void **state)
{
	expect(od_catalogue_match_site(*state, "acme.suite.example", "/messenger/x"), "suite");
	expect(od_catalogue_match_site(*state, "a.b.suite.example", "/messenger"), "suite");
	expect(od_catalogue_match_site(*state, "acme.suite.example", "/messengers"), NULL);
	expect(od_catalogue_match_site(*state, "acme.suite.example", "/docs"), NULL);
	expect(od_catalogue_match_site(*state, "acme.suite.example", NULL), NULL);
	expect(od_catalogue_match_site(*state, "suite.example", "/messenger"), NULL);
	expect(od_catalogue_match_site(*state, "cloud.acme.example", "/apps/spreed/"), "suite");
	expect(od_catalogue_match_site(*state, "cloud.acme.example", NULL), NULL);
}

static void test_overlong_host_is_nobodys(void **state)
{
	char host[3000];

	memset(host, 'a', sizeof(host) - 1);
	host[sizeof(host) - 1] = '\0';
	host[1500] = '.';
	expect(od_catalogue_match_site(*state, host, "/apps/spreed"), NULL);
}

static void test_nearest_name_is_offered(void **state)
{
	assert_string_equal(od_catalogue_nearest(*state, "telegramm"), "telegram");
	assert_string_equal(od_catalogue_nearest(*state, "xmp"), "xmpp");
	assert_null(od_catalogue_nearest(*state, "whatsapp"));
}

int main(void)
{
#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		WITH(test_list_is_sorted_by_id),
		WITH(test_clients_of_a_service_come_by_id),
		cmocka_unit_test(test_second_of_an_id_replaces_the_first),
		cmocka_unit_test(test_messenger_without_id_or_service_stays_the_callers),
		cmocka_unit_test(test_empty_catalogue_matches_nothing),
		WITH(test_executable_is_matched_by_exact_base_name),
		WITH(test_common_name_needs_an_install_path),
		WITH(test_common_name_may_be_told_by_its_asar),
		WITH(test_shared_name_goes_by_path_then_to_the_vendor),
		WITH(test_path_alone_is_enough_where_it_is_listed),
		WITH(test_sandbox_is_told_by_id_or_by_its_folder),
		WITH(test_stronger_sign_wins),
		WITH(test_appimage_is_matched_by_pattern),
		WITH(test_interpreter_is_known_by_its_argument),
		WITH(test_argument_of_an_ordinary_program_is_nothing),
		WITH(test_notice_is_matched_by_entry_then_name),
		WITH(test_site_is_matched_by_host),
		WITH(test_site_with_a_path_needs_that_path),
		WITH(test_overlong_host_is_nobodys),
		WITH(test_nearest_name_is_offered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

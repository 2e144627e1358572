/* Which processes are one application. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/array.h"
#include "guard/tree.h"

static void test_a_unit_is_of_the_application_it_is_named_after(void **state)
{
	static const char *const own[] = {
		"/user.slice/user@1000.service/app.slice/app-gnome-org.example.App-4242.scope",
		"/a/app-org.example.App-4242.scope",
		"/a/app-flatpak-org.example.App-12.scope",
		"/a/app-org.example.App@0123456789abcdef.service",
		"/a/app-KDE-org.example.App@1.service",
		"/a/app-example\\x2ddesktop-77.scope",
		"/a/app-gnome-example\\x2ddesktop-77.scope",
	};
	static const char *const others[] = {
		"/a/app-org.kde.konsole-4242.scope",
		"/a/app-gnome-org.gnome.Terminal-4242.scope",
		"/a/app-gnome-org.example.Apple-4242.scope",
		"/a/vte-spawn-0123.scope",
		"/a/session-2.scope",
		"/a/app-org.example.App-4242.scope/inner",
		"/a/app-org.example.App",
		"/a/app-.scope",
		"",
	};
	struct od_messenger messenger;

	(void) state;
	od_messenger_init(&messenger);
	assert_int_equal(od_strings_add(&messenger.desktops, "example-desktop", 15), 0);
	assert_int_equal(od_strings_add(&messenger.flatpaks, "org.example.App", 15), 0);
	for (size_t i = 0; i < OD_ELEMENTS(own); i++)
		assert_true(od_tree_is_own_unit(own[i], &messenger));
	for (size_t i = 0; i < OD_ELEMENTS(others); i++)
		assert_false(od_tree_is_own_unit(others[i], &messenger));
	od_messenger_done(&messenger);
}

static void test_a_program_below_is_part_of_it_by_its_folder(void **state)
{
	(void) state;
	assert_true(od_tree_is_part("/opt/App/app", "/opt/App/app"));
	assert_true(od_tree_is_part("/opt/App/app", "/opt/App/crash-helper"));
	assert_false(od_tree_is_part("/opt/App/app", "/opt/App/tools/editor"));
	assert_false(od_tree_is_part("/opt/App/app", "/opt/Apple/app"));
	assert_false(od_tree_is_part("/opt/App/app", "/usr/bin/editor"));
}

static void test_what_lies_beside_it_in_a_shared_folder_is_not(void **state)
{
	(void) state;
	assert_true(od_tree_is_part("/usr/bin/app", "/usr/bin/app"));
	assert_false(od_tree_is_part("/usr/bin/app", "/usr/bin/firefox"));
	assert_false(od_tree_is_part("/usr/games/app", "/usr/games/other"));
	assert_false(od_tree_is_part("/app", "/editor"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_unit_is_of_the_application_it_is_named_after),
		cmocka_unit_test(test_a_program_below_is_part_of_it_by_its_folder),
		cmocka_unit_test(test_what_lies_beside_it_in_a_shared_folder_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

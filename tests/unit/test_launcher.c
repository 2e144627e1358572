#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/cleanup.h"
#include "guard/launcher.h"

#define ARGV(...)                                                                                  \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}

static void runs(const char *file, const char *const *argv, const char *program)
{
	const char *slash = strrchr(file, '/');
	struct od_launched launched;
	bool found =
		od_launcher_read(od_launcher_of(slash ? slash + 1 : file), file, argv, &launched);

	assert_int_equal(found, program != NULL);
	if (program)
		assert_string_equal(launched.program, program);
}

static void test_the_script_of_an_interpreter_is_its_program(OD_UNUSED void **state)
{
	runs("/usr/bin/python3.11", ARGV("python3", "/usr/bin/gajim"), "/usr/bin/gajim");
	runs("/usr/bin/python3", ARGV("python3", "-W", "ignore", "-B", "x.py", "y"), "x.py");
	runs("/usr/bin/python3", ARGV("python3", "-m", "gajim"), "gajim");
	runs("/usr/bin/python3", ARGV("python3", "-c", "print()", "gajim"), NULL);
	runs("/usr/bin/python3", ARGV("python3"), NULL);
	runs("/bin/sh", ARGV("sh", "/opt/Telegram/Telegram"), "/opt/Telegram/Telegram");
	runs("/bin/sh", ARGV("sh", "-c", "Telegram"), NULL);
	runs("/usr/bin/java", ARGV("java", "-Xmx1g", "-jar", "briar.jar", "x"), "briar.jar");
	runs("/usr/bin/java", ARGV("java", "-cp", "a.jar", "org.example.Main"), "org.example.Main");
	runs("/usr/lib/electron22/electron",
		ARGV("electron", "--no-sandbox", "/usr/lib/x/app.asar"), "/usr/lib/x/app.asar");
	runs("/lib64/ld-linux-x86-64.so.2", ARGV("ld.so", "--library-path", "/x", "./app"),
		"./app");
}

static void test_an_interpreter_of_a_script_is_not_asked_again(OD_UNUSED void **state)
{
	struct od_launched launched;

	/* execve("./x.py") brings python in as the interpreter: argv is the script's. */
	assert_false(od_launcher_read(
		OD_LAUNCHER_PYTHON, "./x.py", ARGV("./x.py", "/usr/bin/gajim"), &launched));
	assert_false(od_launcher_read(
		OD_LAUNCHER_LOADER, "/usr/bin/cat", ARGV("cat", "/usr/bin/gajim"), &launched));
}

static void test_sandboxes_name_their_application(OD_UNUSED void **state)
{
	struct od_launched l;

	assert_true(od_launcher_read(OD_LAUNCHER_FLATPAK, "/usr/bin/flatpak",
		ARGV("flatpak", "--user", "run", "--branch=stable", "--command", "sh",
			"org.telegram.desktop/x86_64/stable", "-x"),
		&l));
	assert_string_equal(l.flatpak, "org.telegram.desktop");
	assert_false(od_launcher_read(OD_LAUNCHER_FLATPAK, "/usr/bin/flatpak",
		ARGV("flatpak", "install", "org.telegram.desktop"), &l));
	assert_true(od_launcher_read(OD_LAUNCHER_SNAP, "/usr/bin/snap",
		ARGV("snap", "run", "telegram-desktop.cli"), &l));
	assert_string_equal(l.snap, "telegram-desktop");
	assert_true(od_launcher_read(
		OD_LAUNCHER_SNAP, "/snap/bin/signal-desktop", ARGV("signal-desktop"), &l));
	assert_string_equal(l.snap, "signal-desktop");
	assert_false(od_launcher_read(
		OD_LAUNCHER_SNAP, "/usr/bin/snap", ARGV("snap", "refresh", "signal-desktop"), &l));
}

static void test_only_launchers_are_launchers(OD_UNUSED void **state)
{
	assert_int_equal(od_launcher_of("cat"), OD_LAUNCHER_NONE);
	assert_int_equal(od_launcher_of("shutdown"), OD_LAUNCHER_NONE);
	assert_int_equal(od_launcher_of("snapshot"), OD_LAUNCHER_NONE);
	assert_int_equal(od_launcher_of("ld-musl-x86_64.so.1"), OD_LAUNCHER_LOADER);
	assert_int_equal(od_launcher_of("bwrap"), OD_LAUNCHER_SANDBOX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_script_of_an_interpreter_is_its_program),
		cmocka_unit_test(test_an_interpreter_of_a_script_is_not_asked_again),
		cmocka_unit_test(test_sandboxes_name_their_application),
		cmocka_unit_test(test_only_launchers_are_launchers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

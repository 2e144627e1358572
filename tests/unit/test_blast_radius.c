/* What no catalogue entry may claim, and that real messengers still may. */
#include "model/blast_radius.h"
#include "unit/rules_fixture.h"

static void refused(enum od_blast_kind kind, const char *pattern, const char *as)
{
	const char *taken = od_blast_radius(kind, pattern);

	if (!taken || strcmp(taken, as) != 0)
		fail_msg("\"%s\" takes %s", pattern, taken ? taken : "nothing");
}

static void accepted(enum od_blast_kind kind, const char *pattern)
{
	const char *taken = od_blast_radius(kind, pattern);

	if (taken)
		fail_msg("\"%s\" takes %s", pattern, taken);
}

static void test_what_starts_a_machine_is_refused(void **state)
{
	static const char *const names[] = { "init", "systemd", "bash", "sh", "zsh", "sshd", "Xorg",
		"Xwayland", "gnome-shell", "kwin_wayland", "sway", "dbus-daemon", "dbus-broker",
		"polkitd", "apt", "dpkg", "rpm", "dnf", "flatpak", "snapd", "sudo", "su", "login",
		"pkexec", "agetty", "offduty", "offdutyd", "offduty-gate", "offduty-shim",
		"offduty-notifier", "offduty-inspect", "offduty-calendar", "firefox-esr", "AppRun",
		"X", "i3", "systemd-udevd", "zsh", "zypper" };

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(names); i++)
		refused(OD_BLAST_EXECUTABLE, names[i], names[i]);
}

static void test_interpreters_are_refused_with_any_version(void **state)
{
	(void) state;
	refused(OD_BLAST_EXECUTABLE, "python3", "python");
	refused(OD_BLAST_EXECUTABLE, "python3.11", "python");
	refused(OD_BLAST_EXECUTABLE, "perl", "perl");
	refused(OD_BLAST_EXECUTABLE, "perl5.36.0", "perl");
	refused(OD_BLAST_EXECUTABLE, "java", "java");
	refused(OD_BLAST_EXECUTABLE, "electron28", "electron");
	refused(OD_BLAST_EXECUTABLE, "wine64", "wine");
	refused(OD_BLAST_EXECUTABLE, "bwrap", "bwrap");
	refused(OD_BLAST_EXECUTABLE, "gdm3", "gdm3");
}

static void test_patterns_that_take_names_are_refused(void **state)
{
	(void) state;
	refused(OD_BLAST_EXECUTABLE, "*", "*");
	refused(OD_BLAST_EXECUTABLE, "systemd*", "systemd");
	refused(OD_BLAST_EXECUTABLE, "?ash", "bash");
	refused(OD_BLAST_EXECUTABLE, "[a-z]*-any", "*");
	refused(OD_BLAST_EXECUTABLE, "dbus-*", "dbus-broker");
}

static void test_paths_that_take_programs_are_refused(void **state)
{
	(void) state;
	refused(OD_BLAST_PATH, "/bin/sh", "sh");
	refused(OD_BLAST_PATH, "/usr/bin/python3.11", "python");
	refused(OD_BLAST_PATH, "/usr/libexec/offduty/offduty-gate", "offduty-gate");
	refused(OD_BLAST_PATH, "/usr/bin/*", "*");
	refused(OD_BLAST_PATH, "/usr/**", "*");
	refused(OD_BLAST_PATH, "/**", "*");
	refused(OD_BLAST_PATH, "~/**", "*");
	refused(OD_BLAST_PATH, "~/*", "*");
	refused(OD_BLAST_PATH, "/opt/**", "*");
	refused(OD_BLAST_PATH, "~/Downloads/*", "*");
	refused(OD_BLAST_PATH, "/usr/lib/systemd/*", "AppRun");
	refused(OD_BLAST_PATH, "/usr/lib/systemd/**", "AppRun");
	refused(OD_BLAST_PATH, "/usr/*bin/ssh*", "ssh");
	refused(OD_BLAST_PATH, "/**/bash", "bash");
}

static void test_sandboxes_arguments_and_pages(void **state)
{
	(void) state;
	refused(OD_BLAST_FLATPAK, "*", "*");
	refused(OD_BLAST_FLATPAK, "org.freedesktop.*", "org.freedesktop.Platform");
	refused(OD_BLAST_FLATPAK, "org.freedesktop.portal.Desktop",
		"org.freedesktop.portal.Desktop");
	refused(OD_BLAST_FLATPAK, "org.mozilla.firefox", "org.mozilla.firefox");
	refused(OD_BLAST_SNAP, "core22", "core22");
	refused(OD_BLAST_SNAP, "snap*", "snapd");
	refused(OD_BLAST_APPIMAGE, "*.AppImage", "*");
	refused(OD_BLAST_ASAR, "*", "*");
	refused(OD_BLAST_ASAR, "electron", "electron");
	refused(OD_BLAST_ARGUMENT, "*", "*");
	refused(OD_BLAST_ARGUMENT, "*.py", "*");
	refused(OD_BLAST_ARGUMENT, "*.jar", "*");
	refused(OD_BLAST_ARGUMENT, "-jar", "-jar");
	refused(OD_BLAST_ARGUMENT, "unattended-upgrade", "unattended-upgrade");
	refused(OD_BLAST_NOTICE, "*", "*");
	refused(OD_BLAST_NOTICE, "Firefox", "Firefox");
	refused(OD_BLAST_NOTICE, "org.*", "*");
	refused(OD_BLAST_ORIGIN, "*", "*");
	refused(OD_BLAST_ORIGIN, "https://*/", "*");
	refused(OD_BLAST_ORIGIN, "*.com", "*");
	refused(OD_BLAST_ORIGIN, "*.fr/chat", "*");
}

static void test_messengers_are_accepted(void **state)
{
	(void) state;
	accepted(OD_BLAST_EXECUTABLE, "signal-desktop");
	accepted(OD_BLAST_EXECUTABLE, "session");
	accepted(OD_BLAST_EXECUTABLE, "telegram-desktop");
	accepted(OD_BLAST_EXECUTABLE, "Telegram*");
	accepted(OD_BLAST_EXECUTABLE, "64gram");
	accepted(OD_BLAST_EXECUTABLE, "2024");
	accepted(OD_BLAST_PATH, "/opt/Signal/**");
	accepted(OD_BLAST_PATH, "/opt/Signal/*");
	accepted(OD_BLAST_PATH, "~/.config/discord/app-*/Discord");
	accepted(OD_BLAST_PATH, "~/**/Telegram/Telegram");
	accepted(OD_BLAST_PATH, "/usr/lib/app/electron28");
	accepted(OD_BLAST_PATH, "no-folder");
	accepted(OD_BLAST_FLATPAK, "org.signal.Signal");
	accepted(OD_BLAST_SNAP, "signal-desktop");
	accepted(OD_BLAST_APPIMAGE, "Signal-*.AppImage");
	accepted(OD_BLAST_ARGUMENT, "briar*.jar");
	accepted(OD_BLAST_ASAR, "signal-desktop");
	accepted(OD_BLAST_NOTICE, "org.telegram.desktop._*");
	accepted(OD_BLAST_ORIGIN, "*/apps/spreed");
	accepted(OD_BLAST_ORIGIN, "*.slack.com");
	accepted(OD_BLAST_ORIGIN, "chrome-extension://id");
	accepted((enum od_blast_kind) 99, "*");
}

static void test_patterns_longer_than_a_line_take_nothing(void **state)
{
	char path[2000] = "/";

	(void) state;
	memset(path + 1, 'a', sizeof(path) - 2);
	accepted(OD_BLAST_PATH, path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_starts_a_machine_is_refused),
		cmocka_unit_test(test_interpreters_are_refused_with_any_version),
		cmocka_unit_test(test_patterns_that_take_names_are_refused),
		cmocka_unit_test(test_paths_that_take_programs_are_refused),
		cmocka_unit_test(test_sandboxes_arguments_and_pages),
		cmocka_unit_test(test_messengers_are_accepted),
		cmocka_unit_test(test_patterns_longer_than_a_line_take_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

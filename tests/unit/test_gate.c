/* The small modules of the gate: identity, settings, ids, breakthroughs, servers, Notify messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dbus/dbus.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "bus/wire.h"
#include "gate/breakthrough.h"
#include "gate/identity.h"
#include "gate/ids.h"
#include "gate/notify_call.h"
#include "gate/servers/servers.h"
#include "gate/settings.h"
#include "gate/shim_address.h"

static void test_scope_names_its_application(void **state OD_UNUSED)
{
	static const struct {
		const char *cgroup, *id;
	} cases[] = {
		{ "0::/user.slice/user-1000.slice/user@1000.service/app.slice/"
		  "app-gnome-org.mozilla.firefox-4711.scope\n",
			"org.mozilla.firefox" },
		{ "0::/app.slice/app-flatpak-org.signal.Signal-99.scope\n", "org.signal.Signal" },
		{ "0::/app.slice/app-org.kde.konsole-0a1b2c.scope\n", "org.kde.konsole" },
		{ "0::/app.slice/app-gnome-teams\\x2dfor\\x2dlinux-77.scope\n", "teams-for-linux" },
		{ "0::/app.slice/app-slack@autostart.service\n", "slack" },
		{ "0::/app.slice/app-gnome-slack@0123.service/child\n", "slack" },
		{ "0::/app.slice/app-dbus\\x2d1-org.foo.Bar.service\n", "org.foo.Bar" },
		{ "12:pids:/x\n0::/app.slice/app-gnome-slack-5.scope\n", "slack" },
		{ "0::/user.slice/session-2.scope\n", NULL },
		{ "0::/app.slice/dbus.service\n", NULL },
		{ "0::/app.slice\n", NULL },
		{ "0::/app-x.scope\n", NULL },
		{ "0::/app-.scope\n", NULL },
		{ "", NULL },
		{ "1:name=systemd:/app-gnome-slack-5.scope\n", NULL },
	};

	for (size_t i = 0; i < OD_ELEMENTS(cases); i++) {
		char id[OD_IDENTITY_ID_MAX] = "untouched";
		bool found = od_identity_parse_cgroup(cases[i].cgroup, id, sizeof(id));

		assert_int_equal(found, cases[i].id != NULL);
		if (cases[i].id)
			assert_string_equal(id, cases[i].id);
	}
}

static void test_flatpak_info_names_the_application_only_in_its_section(void **state OD_UNUSED)
{
	char id[OD_IDENTITY_ID_MAX];

	assert_true(od_identity_parse_flatpak_info(
		"[Application]\nname=com.slack.Slack\nruntime=x\n", id, sizeof(id)));
	assert_string_equal(id, "com.slack.Slack");
	assert_true(od_identity_parse_flatpak_info(
		"[Instance]\nname=no\n[Application]\nruntime=r\nname=a.b\n", id, sizeof(id)));
	assert_string_equal(id, "a.b");
	assert_false(od_identity_parse_flatpak_info(
		"[Instance]\nname=com.slack.Slack\n", id, sizeof(id)));
	assert_false(od_identity_parse_flatpak_info("[Application]\nname=\n", id, sizeof(id)));
	assert_false(od_identity_parse_flatpak_info(
		"[Application]\nname=longer-than-the-room\n", id, 8));
	assert_false(od_identity_parse_flatpak_info("", id, sizeof(id)));
}

static void test_own_process_is_known_by_its_file(void **state OD_UNUSED)
{
	struct od_identity identity;

	od_identity_read(getpid(), "/proc/self/exe", &identity);
	assert_true(identity.own);
	assert_string_equal(strrchr(identity.exe, '/'), "/test_gate");
	od_identity_read(getpid(), "/bin/sh", &identity);
	assert_false(identity.own);
	od_identity_read(0, "/proc/self/exe", &identity);
	assert_false(identity.own);
	assert_string_equal(identity.exe, "");
}

static void test_identities_are_kept_by_name_and_bounded(void **state OD_UNUSED)
{
	od_cleanup(od_identities_freep) struct od_identities *cache = od_identities_new();
	char name[32];

	assert_null(od_identities_find(cache, ":1.1"));
	for (int i = 0; i < 70; i++) {
		snprintf(name, sizeof(name), ":1.%d", i);
		snprintf(od_identities_add(cache, name)->exe, 8, "%d", i);
	}
	assert_null(od_identities_find(cache, ":1.0"));
	assert_string_equal(od_identities_find(cache, ":1.69")->exe, "69");
	assert_string_equal(od_identities_find(cache, ":1.10")->exe, "10");
}

static void test_settings_survive_being_written(void **state OD_UNUSED)
{
	const struct od_settings settings = { .has_deliver = true,
		.deliver = OD_DELIVER_QUIETLY,
		.choice = { OD_CHOICE_REST, INT64_MAX },
		.worked_until_us = 1795662000000000 };
	char folder[] = "/tmp/offduty-settings.XXXXXX", path[64];
	struct od_settings read;
	struct stat st;

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/settings", folder);
	assert_int_equal(od_settings_load(path, &read), 0);
	assert_false(read.has_deliver);
	assert_int_equal(od_settings_save(path, &settings), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(od_settings_load(path, &read), 0);
	assert_true(read.has_deliver);
	assert_int_equal(read.deliver, OD_DELIVER_QUIETLY);
	assert_int_equal(read.choice.kind, OD_CHOICE_REST);
	assert_true(read.choice.until_us == INT64_MAX);
	assert_true(read.worked_until_us == settings.worked_until_us);
	unlink(path);
	rmdir(folder);
}

static void test_faulty_settings_are_no_settings(void **state OD_UNUSED)
{
	static const char *const faulty[] = {
		"",
		"deliver = replay\n",
		"offduty-settings 2\ndeliver = replay\n",
		"offduty-settings 1\ndeliver = loudly\n",
		"offduty-settings 1\nchoice = lift\nchoice-until = 12x\n",
		"offduty-settings 1\nchoice = lift\nchoice-until = \n",
		"offduty-settings 1\nchoice = lift\nchoice-until = 9223372036854775808\n",
		"offduty-settings 1\nchoice-until = -1\n",
		"offduty-settings 1\nwhat = ever\n",
		"offduty-settings 1\ndeliver=replay\n",
	};

	for (size_t i = 0; i < OD_ELEMENTS(faulty); i++) {
		struct od_settings settings;

		assert_int_equal(od_settings_parse(faulty[i], &settings), OD_E_SYNTAX);
		assert_false(settings.has_deliver);
		assert_int_equal(settings.choice.kind, OD_CHOICE_NONE);
	}
}

static void test_every_delivery_has_its_name(void **state OD_UNUSED)
{
	enum od_deliver deliver = OD_DELIVER_DIGEST;

	for (int i = OD_DELIVER_DIGEST; i <= OD_DELIVER_QUIETLY; i++) {
		assert_true(od_deliver_from_string(
			od_deliver_to_string((enum od_deliver) i), &deliver));
		assert_int_equal(deliver, i);
	}
	assert_false(od_deliver_from_string("", &deliver));
}

static void test_ids_lead_both_ways_and_are_bounded(void **state OD_UNUSED)
{
	struct od_ids ids = { 0 };

	assert_int_equal(od_ids_put(&ids, 3, OD_IDS_FIRST, ":1.5", true), 0);
	assert_int_equal(od_ids_put(&ids, 4, 4, ":1.6", false), 0);
	assert_int_equal(od_ids_by_server(&ids, 3)->client, OD_IDS_FIRST);
	assert_int_equal(od_ids_by_client(&ids, OD_IDS_FIRST)->server, 3);
	assert_string_equal(od_ids_by_server(&ids, 4)->owner, ":1.6");
	assert_int_equal(od_ids_put(&ids, 4, 4, ":1.7", false), 0);
	assert_string_equal(od_ids_by_server(&ids, 4)->owner, ":1.7");
	od_ids_remove(&ids, 3);
	assert_null(od_ids_by_client(&ids, OD_IDS_FIRST));
	for (uint32_t i = 10; i < 10 + OD_IDS_MAX; i++)
		assert_int_equal(od_ids_put(&ids, i, i, NULL, false), 0);
	assert_null(od_ids_by_server(&ids, 4));
	assert_non_null(od_ids_by_server(&ids, 10 + OD_IDS_MAX - 1));
	od_ids_clear(&ids);
	assert_null(od_ids_by_server(&ids, 10));
}

static void test_breakthrough_limit_is_per_period_and_rule(void **state OD_UNUSED)
{
	struct od_breakthrough rule = { .label = (char *) "a", .limit = 2, .limit_period_us = 100 };
	struct od_breakthrough other = {
		.label = (char *) "b", .limit = 1, .limit_period_us = 100
	};
	struct od_breakthroughs all = { 0 };

	assert_true(od_breakthroughs_left(&all, &rule, 1000));
	assert_int_equal(od_breakthroughs_record(&all, &rule, 1000), 0);
	assert_true(od_breakthroughs_left(&all, &rule, 1001));
	assert_int_equal(od_breakthroughs_record(&all, &rule, 1001), 0);
	assert_false(od_breakthroughs_left(&all, &rule, 1099));
	assert_true(od_breakthroughs_left(&all, &other, 1099));
	assert_true(od_breakthroughs_left(&all, &rule, 1100));
	assert_false(od_breakthroughs_left(&all, &rule, 900)); /* the clock was set back */
	rule.limit = 0;
	assert_false(od_breakthroughs_left(&all, &rule, 9999));
	od_breakthroughs_done(&all);
}

static void make_program(const char *root, const char *path)
{
	char command[512];

	snprintf(command, sizeof(command), "mkdir -p '%s%s' && rmdir '%s%s' && cp /bin/true '%s%s'",
		root, path, root, path, root, path);
	assert_int_equal(system(command), 0);
}

static void test_the_desktop_s_own_server_is_picked(void **state OD_UNUSED)
{
	char root[] = "/tmp/offduty-servers.XXXXXX", command[128];
	struct od_servers_session session = { .root = root };
	const struct od_server *server = NULL;
	char *program = NULL;

	assert_non_null(mkdtemp(root));
	assert_int_equal(od_servers_pick(&session, &server, &program), OD_E_NOT_FOUND);
	assert_null(program);
	make_program(root, "/usr/bin/dunst");
	make_program(root, "/usr/bin/mako");
	make_program(root, "/usr/lib/x86_64-linux-gnu/xfce4/notifyd/xfce4-notifyd");
	assert_int_equal(od_servers_pick(&session, &server, &program), 0);
	assert_string_equal(server->name, "dunst");
	free(program);
	session.desktop = "pop:xfce";
	assert_int_equal(od_servers_pick(&session, &server, &program), 0);
	assert_string_equal(server->name, "xfce4-notifyd");
	assert_string_equal(
		program + strlen(root), "/usr/lib/x86_64-linux-gnu/xfce4/notifyd/xfce4-notifyd");
	free(program);
	session.desktop = "sway"; /* but not under Wayland */
	assert_int_equal(od_servers_pick(&session, &server, &program), 0);
	assert_string_equal(server->name, "dunst");
	free(program);
	session.wayland = "wayland-1";
	assert_int_equal(od_servers_pick(&session, &server, &program), 0);
	assert_string_equal(server->name, "mako");
	free(program);
	snprintf(command, sizeof(command), "rm -r '%s'", root);
	assert_int_equal(system(command), 0);
}

static void test_every_server_is_found_by_its_name(void **state OD_UNUSED)
{
	size_t n = 0;

	for (; od_servers_at(n); n++) {
		assert_ptr_equal(od_servers_find(od_servers_at(n)->name), od_servers_at(n));
		assert_non_null(od_servers_at(n)->programs[0]);
		assert_int_equal(od_servers_at(n)->programs[0][0], '/');
	}
	assert_int_equal(n, 6);
	assert_null(od_servers_find("nothing"));
}

static void test_addresses_are_escaped_and_bad_ones_refused(void **state OD_UNUSED)
{
	char text[64];

	assert_int_equal(od_shim_address_format("/run/a b,c;d", text, sizeof(text)), 0);
	assert_string_equal(text, "unix:path=/run/a%20b%2cc%3bd");
	assert_int_equal(od_shim_address_format("/run/a b,c;d", text, 16), -ENAMETOOLONG);
	assert_int_equal(od_shim_address_connect(""), -EINVAL);
	assert_int_equal(od_shim_address_connect("tcp:host=localhost,port=1"), -EINVAL);
	assert_int_equal(od_shim_address_connect("unix:path=/nonexistent/bus"), -ENOENT);
	assert_int_equal(od_shim_address_connect("unix:path=/x%2"), -EINVAL);
	assert_int_equal(
		od_shim_address_connect("tcp:host=x;unix:guid=1,path=/nonexistent"), -ENOENT);
}

static DBusMessage *sample(void)
{
	DBusMessage *m = dbus_message_new_method_call(
		OD_NOTIFY_NAME, OD_NOTIFY_PATH, OD_NOTIFY_NAME, "Notify");
	const char *app = "App", *icon = "icon", *summary = "S", *body = "B", *key = "k";
	DBusMessageIter it, array;
	uint32_t replaces = 7;
	int32_t timeout = 5000;

	dbus_message_iter_init_append(m, &it);
	dbus_message_iter_append_basic(&it, DBUS_TYPE_STRING, &app);
	dbus_message_iter_append_basic(&it, DBUS_TYPE_UINT32, &replaces);
	dbus_message_iter_append_basic(&it, DBUS_TYPE_STRING, &icon);
	dbus_message_iter_append_basic(&it, DBUS_TYPE_STRING, &summary);
	dbus_message_iter_append_basic(&it, DBUS_TYPE_STRING, &body);
	dbus_message_iter_open_container(&it, DBUS_TYPE_ARRAY, "s", &array);
	dbus_message_iter_append_basic(&array, DBUS_TYPE_STRING, &key);
	dbus_message_iter_append_basic(&array, DBUS_TYPE_STRING, &key);
	dbus_message_iter_close_container(&it, &array);
	assert_int_equal(od_wire_dict_open(&it, &array), 0);
	assert_int_equal(od_wire_put_string(&array, "desktop-entry", "workapp"), 0);
	assert_int_equal(od_wire_put_bool(&array, "suppress-sound", false), 0);
	assert_int_equal(od_wire_put_int64(&array, "x-unknown", 3), 0);
	assert_int_equal(od_wire_dict_close(&it, &array), 0);
	dbus_message_iter_append_basic(&it, DBUS_TYPE_INT32, &timeout);
	return m;
}

static void test_a_notify_message_is_read_and_changed(void **state OD_UNUSED)
{
	DBusMessage *message = sample(), *changed;
	const struct od_notify_change change = { .replaces_id = 9, .quiet = true };
	struct od_notify_call call, again;

	assert_int_equal(od_notify_call_parse(message, &call), 0);
	assert_string_equal(call.app_name, "App");
	assert_string_equal(call.desktop_entry, "workapp");
	assert_int_equal(call.replaces_id, 7);
	assert_int_equal(call.actions, 1);
	assert_int_equal(call.urgency, OD_URGENCY_NORMAL);
	changed = od_notify_call_change(message, &change);
	assert_non_null(changed);
	assert_int_equal(od_notify_call_parse(changed, &again), 0);
	assert_int_equal(again.replaces_id, 9);
	assert_string_equal(again.body, "B");
	assert_string_equal(again.desktop_entry, "workapp");
	assert_int_equal(again.urgency, OD_URGENCY_LOW);
	assert_int_equal(again.actions, 1);
	dbus_message_unref(changed);
	dbus_message_unref(message);
}

static void test_a_message_that_is_no_notify_is_refused(void **state OD_UNUSED)
{
	DBusMessage *message = dbus_message_new_method_call("a.b", "/", "a.b", "Notify");
	const struct od_notify_change change = { 0 };
	struct od_notify_call call = { .replaces_id = 99 };

	assert_int_equal(od_notify_call_parse(message, &call), OD_E_SYNTAX);
	assert_int_equal(call.replaces_id, 99);
	assert_null(od_notify_call_change(message, &change));
	dbus_message_unref(message);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scope_names_its_application),
		cmocka_unit_test(test_flatpak_info_names_the_application_only_in_its_section),
		cmocka_unit_test(test_own_process_is_known_by_its_file),
		cmocka_unit_test(test_identities_are_kept_by_name_and_bounded),
		cmocka_unit_test(test_settings_survive_being_written),
		cmocka_unit_test(test_faulty_settings_are_no_settings),
		cmocka_unit_test(test_every_delivery_has_its_name),
		cmocka_unit_test(test_ids_lead_both_ways_and_are_bounded),
		cmocka_unit_test(test_breakthrough_limit_is_per_period_and_rule),
		cmocka_unit_test(test_the_desktop_s_own_server_is_picked),
		cmocka_unit_test(test_every_server_is_found_by_its_name),
		cmocka_unit_test(test_addresses_are_escaped_and_bad_ones_refused),
		cmocka_unit_test(test_a_notify_message_is_read_and_changed),
		cmocka_unit_test(test_a_message_that_is_no_notify_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

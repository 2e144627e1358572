#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "guard/proc.h"
#include "guard/runners.h"

static void test_uid_is_the_real_one(OD_UNUSED void **state)
{
	uid_t uid = 7;

	assert_int_equal(od_proc_parse_status_uid("Name:\tx\nUid:\t1000\t0\t0\t0\n", &uid), 0);
	assert_int_equal(uid, 1000);
	/* A name with a line end cannot forge it: the kernel escapes that; one in front is the name's. */
	assert_int_equal(od_proc_parse_status_uid("Name:\tUid:\n", &uid), OD_E_SYNTAX);
	assert_int_equal(od_proc_parse_status_uid("\nUid:\tx", &uid), OD_E_SYNTAX);
	assert_int_equal(uid, 1000);
	assert_int_equal(od_proc_uid(getpid(), &uid), 0);
	assert_int_equal(uid, getuid());
}

static void test_a_name_may_hold_anything(OD_UNUSED void **state)
{
	uint64_t start;
	pid_t parent;

	assert_int_equal(
		od_proc_parse_stat("12 (a) S 99 (b) R 34 5 6 7 8 9 10 11 12 13 14 15 16 17 18 "
				   "19 20 21 4711 23",
			&parent, &start),
		0);
	assert_int_equal(parent, 34);
	assert_int_equal(start, 4711);
	assert_int_equal(od_proc_parse_stat("12 S 34", &parent, &start), OD_E_SYNTAX);
	assert_int_equal(od_proc_parent(getpid(), &parent), 0);
	assert_int_equal(parent, getppid());
}

static void test_flatpak_id_is_of_its_own_section(OD_UNUSED void **state)
{
	static const char info[] =
		"[Instance]\nname=wrong\n[Application]\nname=org.telegram.desktop\n";
	char id[64];

	assert_int_equal(od_proc_parse_flatpak_info(info, strlen(info), id, sizeof(id)), 0);
	assert_string_equal(id, "org.telegram.desktop");
	assert_int_equal(od_proc_parse_flatpak_info(info, 20, id, sizeof(id)), OD_E_NOT_FOUND);
	assert_int_equal(od_proc_parse_flatpak_info(info, strlen(info), id, 8), OD_E_NOT_FOUND);
}

static void test_system_call_line(OD_UNUSED void **state)
{
	uint64_t args[4];
	long number;

	assert_int_equal(od_proc_parse_syscall(
				 "59 0x7ffd10 0x55aa 0x0 0x8 0x0 0x0 0x7 0x8\n", &number, args),
		0);
	assert_int_equal(number, 59);
	assert_int_equal(args[1], 0x55aa);
	assert_int_equal(od_proc_parse_syscall("running\n", &number, args), OD_E_SYNTAX);
	assert_int_equal(od_proc_parse_syscall("-1 0x7f 0x8\n", &number, args), OD_E_SYNTAX);
}

static void test_snaps_by_path_and_by_cgroup(OD_UNUSED void **state)
{
	char name[64];

	assert_true(od_proc_snap_of(
		"/x/snap.signal-desktop.signal-desktop-1234.scope", NULL, name, 64));
	assert_string_equal(name, "signal-desktop");
	assert_true(od_proc_snap_of(NULL, "/snap/telegram-desktop/12/bin/x", name, 64));
	assert_string_equal(name, "telegram-desktop");
	assert_false(od_proc_snap_of("/user.slice/app-x.scope", "/usr/bin/x", name, 64));
	assert_false(od_proc_snap_of(NULL, "/snap/bin/x", name, 64));
}

static void test_the_way_out_is_a_whole_word(OD_UNUSED void **state)
{
	assert_true(od_proc_is_disabled("offduty.disable"));
	assert_true(od_proc_is_disabled("quiet offduty.disable splash\n"));
	assert_true(od_proc_is_disabled("quiet offduty.disable=1"));
	assert_false(od_proc_is_disabled("quiet offduty.disabled"));
	assert_false(od_proc_is_disabled("xoffduty.disable"));
	assert_false(od_proc_is_disabled("offduty.disable=0"));
	assert_false(od_proc_is_disabled(""));
}

static void test_only_an_application_has_a_cgroup_of_its_own(OD_UNUSED void **state)
{
	assert_true(od_runners_own_cgroup("/user.slice/a/app-flatpak-org.x-1.scope"));
	assert_true(od_runners_own_cgroup("/user.slice/a/app-element@1.service"));
	assert_false(od_runners_own_cgroup("/user.slice/session-2.scope"));
	assert_false(od_runners_own_cgroup(
		"/user.slice/app-org.gnome.Terminal.slice/vte-spawn-1.scope"));
	assert_false(od_runners_own_cgroup("/"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_uid_is_the_real_one),
		cmocka_unit_test(test_a_name_may_hold_anything),
		cmocka_unit_test(test_flatpak_id_is_of_its_own_section),
		cmocka_unit_test(test_system_call_line),
		cmocka_unit_test(test_snaps_by_path_and_by_cgroup),
		cmocka_unit_test(test_the_way_out_is_a_whole_word),
		cmocka_unit_test(test_only_an_application_has_a_cgroup_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <sys/sysmacros.h>

#include "base/error.h"
#include "guard/mountinfo.h"

static int parse(const char *text, struct od_mounts *ret)
{
	memset(ret, 0, sizeof(*ret));
	return od_mountinfo_parse(text, strlen(text), ret);
}

static void test_fields_are_found_behind_optional_ones(OD_UNUSED void **state)
{
	struct od_mounts mounts;

	assert_int_equal(
		parse("36 35 98:12 /mnt1 /mnt2 rw,noatime master:1 shared:7 - ext3 /dev/root "
		      "rw,errors=continue\n"
		      "22 1 0:21 / / rw - tmpfs none rw",
			&mounts),
		0);
	assert_int_equal(mounts.list.n, 2);
	assert_int_equal(mounts.faulty, 0);
	assert_int_equal(mounts.list.items[0].id, 36);
	assert_true(mounts.list.items[0].device == makedev(98, 12));
	assert_string_equal(mounts.list.items[0].root, "/mnt1");
	assert_string_equal(mounts.list.items[0].point, "/mnt2");
	assert_string_equal(mounts.list.items[0].type, "ext3");
	assert_string_equal(mounts.list.items[1].point, "/");
	od_mounts_done(&mounts);
}

static void test_escapes_are_undone(OD_UNUSED void **state)
{
	struct od_mounts mounts;

	assert_int_equal(parse("1 0 0:1 / /a\\040b\\011c\\134d\\0 rw - ext4 x rw\n", &mounts), 0);
	assert_string_equal(mounts.list.items[0].point, "/a b\tc\\d\\0");
	od_mounts_done(&mounts);
}

static void test_senseless_lines_are_counted_and_left_out(OD_UNUSED void **state)
{
	static const char *const faulty[] = { "x", "1 0 0 / / rw - ext4 x rw",
		"1 0 0:1 / / rw ext4", "a 0 0:1 / / rw - ext4", "1 0 0:1x / / rw - ext4 x",
		"1 0 :1 / / rw - ext4 x", "1 0 0:1 / / rw -", "99999999999 0 0:1 / / rw - ext4 x" };

	for (size_t i = 0; i < OD_ELEMENTS(faulty); i++) {
		struct od_mounts mounts;

		assert_int_equal(parse(faulty[i], &mounts), 0);
		assert_int_equal(mounts.list.n, 0);
		assert_int_equal(mounts.faulty, 1);
		od_mounts_done(&mounts);
	}
}

static void test_a_bound_keeps_the_first_ones(OD_UNUSED void **state)
{
	static const char line[] = "1 0 0:1 / /m rw - ext4 x rw\n";
	struct od_mounts mounts = { 0 };
	char *text = malloc((sizeof(line) - 1) * (OD_MOUNTS_MAX + 1));

	assert_non_null(text);
	for (size_t i = 0; i <= OD_MOUNTS_MAX; i++)
		memcpy(text + i * (sizeof(line) - 1), line, sizeof(line) - 1);
	assert_int_equal(
		od_mountinfo_parse(text, (sizeof(line) - 1) * (OD_MOUNTS_MAX + 1), &mounts),
		OD_E_LIMIT);
	assert_int_equal(mounts.list.n, OD_MOUNTS_MAX);
	od_mounts_done(&mounts);
	free(text);
}

static void test_what_could_keep_the_guard_waiting_is_told_apart(OD_UNUSED void **state)
{
	assert_int_equal(od_fs_classify("ext4"), OD_FS_LOCAL);
	assert_int_equal(od_fs_classify("squashfs"), OD_FS_LOCAL);
	assert_int_equal(od_fs_classify("something-new"), OD_FS_LOCAL);
	assert_int_equal(od_fs_classify("overlay"), OD_FS_OVERLAY);
	assert_int_equal(od_fs_classify("nfs4"), OD_FS_NETWORK);
	assert_int_equal(od_fs_classify("fuse.sshfs"), OD_FS_FUSE);
	assert_int_equal(od_fs_classify("fuseblk"), OD_FS_FUSE);
	assert_int_equal(od_fs_classify("proc"), OD_FS_KERNEL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields_are_found_behind_optional_ones),
		cmocka_unit_test(test_escapes_are_undone),
		cmocka_unit_test(test_senseless_lines_are_counted_and_left_out),
		cmocka_unit_test(test_a_bound_keeps_the_first_ones),
		cmocka_unit_test(test_what_could_keep_the_guard_waiting_is_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

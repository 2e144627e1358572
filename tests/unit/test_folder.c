#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/folder.h"

static char trial[64];

static int make_trial(void **state)
{
	(void) state;
	(void) snprintf(trial, sizeof(trial), "/tmp/offduty-folder.XXXXXX");
	return mkdtemp(trial) ? 0 : -1;
}

static int remove_trial(void **state)
{
	char path[128];

	(void) state;
	(void) snprintf(path, sizeof(path), "%s/a/b", trial);
	(void) rmdir(path);
	(void) snprintf(path, sizeof(path), "%s/a", trial);
	(void) rmdir(path);
	return rmdir(trial);
}

static void test_every_folder_on_the_way_is_made(void **state)
{
	char path[128];
	struct stat st;

	(void) state;
	(void) snprintf(path, sizeof(path), "%s/a//b", trial);
	assert_int_equal(od_folder_make(path, 0700), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(od_folder_make(path, 0755), 0); /* it stays as it is */
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
}

static void test_what_cannot_be_made_is_said(void **state)
{
	(void) state;
	assert_int_equal(od_folder_make("", 0700), -ENOENT);
	assert_int_equal(od_folder_make("/dev/null/a", 0700), -ENOTDIR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_every_folder_on_the_way_is_made, make_trial, remove_trial),
		cmocka_unit_test(test_what_cannot_be_made_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

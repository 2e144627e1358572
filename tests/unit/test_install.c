/* cli/install: a folder takes the place of another, whole or not at all. */
#include "install.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/error.h"

static char folder[64];
static bool cannot_exchange;

/* A filesystem that cannot exchange two names, such as overlay or NFS. */
int __real_renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags);
int __wrap_renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags);
int __wrap_renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags)
{
	if (cannot_exchange && (flags & RENAME_EXCHANGE)) {
		errno = EINVAL;
		return -1;
	}
	return __real_renameat2(from_at, from, to_at, to, flags);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void) st, (void) kind, (void) at;
	return remove(path);
}

static int set_up(void **state)
{
	(void) state;
	strcpy(folder, "/tmp/offduty-install-XXXXXX");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	assert_int_equal(mkdir("etc", 0755), 0);
	assert_int_equal(mkdir("new", 0700), 0);
	cannot_exchange = false;
	return 0;
}

static int tear_down(void **state)
{
	(void) state;
	assert_int_equal(chdir("/"), 0);
	return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void assert_holds(const char *path, const char *text)
{
	char bytes[64] = "";
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_non_null(fgets(bytes, sizeof(bytes), file));
	assert_int_equal(fclose(file), 0);
	assert_string_equal(bytes, text);
}

static bool exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/* What is in "new" into etc/policy.d. */
static void install(void)
{
	struct od_install i = { .at = -1 };
	char name[256];

	assert_int_equal(od_install_begin("etc", "policy.d", &i), 0);
	assert_int_equal(od_install_copy(&i, "new", NULL, name), 0);
	assert_int_equal(od_install_swap(&i), 0);
	od_install_done(&i);
	assert_false(exists("etc/.policy.d.new"));
}

static void test_the_first_set_has_no_former(void **state)
{
	struct stat st;

	(void) state;
	umask(077);
	put("new/10-a.ini", "one");
	put("new/README", "not this");
	put("new/.hidden.ini", "nor this");
	install();
	umask(022);
	assert_holds("etc/policy.d/10-a.ini", "one");
	assert_false(exists("etc/policy.d/README"));
	assert_false(exists("etc/policy.d/.hidden.ini"));
	assert_false(exists("etc/policy.d.former"));
	assert_int_equal(stat("etc/policy.d", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0755);
	assert_int_equal(stat("etc/policy.d/10-a.ini", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
}

static void one_after_another(void)
{
	put("new/10-a.ini", "one");
	install();
	put("new/10-a.ini", "two");
	install();
	assert_holds("etc/policy.d/10-a.ini", "two");
	assert_holds("etc/policy.d.former/10-a.ini", "one");
	put("new/10-a.ini", "three");
	install();
	assert_holds("etc/policy.d/10-a.ini", "three");
	assert_holds("etc/policy.d.former/10-a.ini", "two");
}

static void test_the_former_set_is_kept(void **state)
{
	(void) state;
	one_after_another();
}

static void test_where_names_cannot_be_exchanged_two_renames_do(void **state)
{
	(void) state;
	cannot_exchange = true;
	one_after_another();
}

static void test_what_is_not_swapped_leaves_no_trace(void **state)
{
	struct od_install i = { .at = -1 };
	char name[256];

	(void) state;
	put("new/10-a.ini", "one");
	install();
	put("new/10-a.ini", "two");
	assert_int_equal(od_install_begin("etc", "policy.d", &i), 0);
	assert_int_equal(od_install_copy(&i, "new", NULL, name), 0);
	od_install_done(&i);
	od_install_done(&i);
	assert_holds("etc/policy.d/10-a.ini", "one");
	assert_false(exists("etc/.policy.d.new"));
	assert_false(exists("etc/policy.d.former"));
}

static void test_leftovers_of_a_cut_off_run_do_no_harm(void **state)
{
	(void) state;
	assert_int_equal(mkdir("etc/.policy.d.new", 0755), 0);
	assert_int_equal(mkdir("etc/.policy.d.new/below", 0755), 0);
	put("etc/.policy.d.new/below/99-old.ini", "old");
	put("new/10-a.ini", "one");
	install();
	assert_false(exists("etc/policy.d/below"));
}

static void test_two_at_once_are_one_too_many(void **state)
{
	struct od_install first = { .at = -1 }, second = { .at = -1 };
	char name[256];

	(void) state;
	put("new/10-a.ini", "one");
	assert_int_equal(od_install_begin("etc", "policy.d", &first), 0);
	assert_int_equal(od_install_begin("etc", "policy.d", &second), OD_E_BUSY);
	od_install_done(&second);
	/* and has taken nothing away from the first */
	assert_int_equal(od_install_copy(&first, "new", NULL, name), 0);
	assert_int_equal(od_install_swap(&first), 0);
	od_install_done(&first);
	assert_holds("etc/policy.d/10-a.ini", "one");
}

static void test_masks_are_kept_and_links_followed(void **state)
{
	char target[32] = "";

	(void) state;
	put("elsewhere", "linked");
	assert_int_equal(symlink("../elsewhere", "new/10-a.ini"), 0);
	assert_int_equal(symlink("/dev/null", "new/20-b.ini"), 0);
	install();
	assert_holds("etc/policy.d/10-a.ini", "linked");
	assert_int_equal(readlink("etc/policy.d/20-b.ini", target, sizeof(target) - 1), 9);
	assert_string_equal(target, "/dev/null");
	assert_int_equal(readlink("etc/policy.d/10-a.ini", target, sizeof(target) - 1), -1);
}

static void test_anything_but_a_file_is_an_error(void **state)
{
	struct od_install i = { .at = -1 };
	char name[256];

	(void) state;
	assert_int_equal(mkfifo("new/10-a.ini", 0644), 0);
	assert_int_equal(od_install_begin("etc", "policy.d", &i), 0);
	assert_int_equal(od_install_copy(&i, "new", NULL, name), OD_E_SYNTAX);
	assert_string_equal(name, "10-a.ini");
	assert_int_equal(unlink("new/10-a.ini"), 0);
	assert_int_equal(symlink("nowhere", "new/10-a.ini"), 0);
	assert_int_equal(od_install_copy(&i, "new", NULL, name), -ENOENT);
	assert_int_equal(od_install_copy(&i, "not-there", NULL, name), -ENOENT);
	od_install_done(&i);
}

static void test_a_folder_with_folders_is_replaced_whole(void **state)
{
	struct od_install i = { .at = -1 };
	char name[256];

	(void) state;
	assert_int_equal(mkdir("etc/offduty", 0755), 0);
	put("etc/offduty/note", "old");
	put("new/10-a.ini", "one");
	assert_int_equal(od_install_begin("etc", "offduty", &i), 0);
	assert_int_equal(od_install_copy(&i, "new", "policy.d", name), 0);
	assert_int_equal(od_install_copy(&i, "new", "catalogue.d", name), 0);
	assert_int_equal(od_install_swap(&i), 0);
	od_install_done(&i);
	assert_holds("etc/offduty/policy.d/10-a.ini", "one");
	assert_holds("etc/offduty/catalogue.d/10-a.ini", "one");
	assert_holds("etc/offduty.former/note", "old");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_the_first_set_has_no_former),
		TEST(test_the_former_set_is_kept),
		TEST(test_where_names_cannot_be_exchanged_two_renames_do),
		TEST(test_what_is_not_swapped_leaves_no_trace),
		TEST(test_leftovers_of_a_cut_off_run_do_no_harm),
		TEST(test_two_at_once_are_one_too_many),
		TEST(test_masks_are_kept_and_links_followed),
		TEST(test_anything_but_a_file_is_an_error),
		TEST(test_a_folder_with_folders_is_replaced_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* ini/layers: which drop-in files are in effect, and whose files are believed. */
#include "ini/layers.h"

#include "ini_fixture.h"

#include <sys/types.h>

#include "base/error.h"
#include "ini/set.h"

static struct od_files files_read(struct fixture *f)
{
	struct od_files files = { 0 };

	assert_int_equal(od_layers_read(f->paths->policy, f->paths, &f->problems, &files), 0);
	return files;
}

static void test_files_sort_by_name_over_all_layers(void **state)
{
	struct fixture *f = *state;
	struct od_files files;

	put_in(f, OFFDUTY_VOLATILE_DIR, "policy.d/10-a.ini", "c");
	put_in(f, OFFDUTY_VENDOR_DIR, "policy.d/20-b.ini", "b");
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/15-c.ini", "a");
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/readme.txt", "x");
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/.hidden.ini", "x");
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini~", "x");
	files = files_read(f);
	assert_int_equal(files.list.n, 3);
	assert_string_equal(files.list.items[0].name, "10-a.ini");
	assert_string_equal(files.list.items[1].name, "15-c.ini");
	assert_string_equal(files.list.items[2].name, "20-b.ini");
	assert_int_equal(files.list.items[2].size, 1);
	assert_int_equal(files.bytes, 3);
	od_files_done(&files);
	assert_int_equal(f->problems.list.n, 0);
}

static void test_a_higher_layer_replaces_a_file_of_the_same_name(void **state)
{
	struct fixture *f = *state;
	struct od_files files;

	put_in(f, OFFDUTY_VENDOR_DIR, "policy.d/10-a.ini", "vendor");
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", "admin");
	files = files_read(f);
	assert_int_equal(files.list.n, 1);
	assert_memory_equal(files.list.items[0].bytes, "admin", 5);
	od_files_done(&files);
	put_in(f, OFFDUTY_VOLATILE_DIR, "policy.d/10-a.ini", "volatile");
	files = files_read(f);
	assert_int_equal(files.list.n, 1);
	assert_memory_equal(files.list.items[0].bytes, "volatile", 8);
	od_files_done(&files);
}

static void test_a_link_to_dev_null_masks(void **state)
{
	struct fixture *f = *state;
	struct od_files files;
	char path[256];

	put_in(f, OFFDUTY_VENDOR_DIR, "policy.d/10-a.ini", "vendor");
	put_in(f, OFFDUTY_VENDOR_DIR, "policy.d/20-b.ini", "vendor");
	snprintf(path, sizeof(path), "%s%s/policy.d/10-a.ini", f->root, OFFDUTY_ADMIN_DIR);
	assert_int_equal(symlink("/dev/null", path), 0);
	files = files_read(f);
	assert_int_equal(files.list.n, 1);
	assert_string_equal(files.list.items[0].name, "20-b.ini");
	od_files_done(&files);
	put_in(f, OFFDUTY_VOLATILE_DIR, "policy.d/10-a.ini", "again");
	files = files_read(f);
	assert_int_equal(files.list.n, 2);
	od_files_done(&files);
	assert_int_equal(f->problems.list.n, 0);
}

static void test_missing_folders_are_empty(void **state)
{
	struct fixture *f = *state;
	const char *const folders[] = { "/nonexistent/offduty", NULL };
	struct od_files files = { 0 };

	assert_int_equal(od_layers_read(folders, f->paths, &f->problems, &files), 0);
	assert_int_equal(files.list.n, 0);
	assert_int_equal(od_layers_read(NULL, f->paths, &f->problems, &files), 0);
	assert_int_equal(f->problems.list.n, 0);
}

static void test_files_others_may_write_are_faults_where_live(void **state)
{
	struct fixture *f = *state;
	struct od_files files;
	char path[256];

	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", "x");
	snprintf(path, sizeof(path), "%s%s/policy.d/10-a.ini", f->root, OFFDUTY_ADMIN_DIR);
	assert_int_equal(chmod(path, 0664), 0);
	files = files_read(f);
	assert_int_equal(files.list.n, 0);
	assert_string_equal(code_of(f, 0), "writable-by-others");
	od_files_done(&files);
	f->paths->live = false;
	files = files_read(f);
	assert_int_equal(files.list.n, 1);
	assert_int_equal(f->problems.list.n, 1);
	od_files_done(&files);
}

static void test_a_folder_others_may_write_is_a_fault_where_live(void **state)
{
	struct fixture *f = *state;
	struct od_files files;
	char path[256];

	snprintf(path, sizeof(path), "%s%s/policy.d", f->root, OFFDUTY_ADMIN_DIR);
	assert_int_equal(chmod(path, 0777), 0);
	files = files_read(f);
	assert_string_equal(code_of(f, 0), "writable-by-others");
	od_files_done(&files);
}

static void test_files_of_other_owners_are_faults_where_live(void **state)
{
	struct fixture *f = *state;
	struct od_files files;
	char path[256];

	if (geteuid() != 0)
		skip();
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", "x");
	snprintf(path, sizeof(path), "%s%s/policy.d/10-a.ini", f->root, OFFDUTY_ADMIN_DIR);
	assert_int_equal(chown(path, 1234, 0), 0);
	files = files_read(f);
	assert_string_equal(code_of(f, 0), "wrong-owner");
	assert_int_equal(files.list.n, 0);
	od_files_done(&files);
	f->paths->owner = 1234;
	files = files_read(f);
	assert_int_equal(files.list.n, 1);
	od_files_done(&files);
}

static void test_what_is_no_file_is_a_fault_and_never_waits(void **state)
{
	struct fixture *f = *state;
	struct od_files files;
	char path[256];

	snprintf(path, sizeof(path), "%s%s/policy.d/10-fifo.ini", f->root, OFFDUTY_ADMIN_DIR);
	assert_int_equal(mkfifo(path, 0644), 0);
	snprintf(path, sizeof(path), "%s%s/policy.d/20-folder.ini", f->root, OFFDUTY_ADMIN_DIR);
	assert_int_equal(mkdir(path, 0755), 0);
	snprintf(path, sizeof(path), "%s%s/policy.d/30-link.ini", f->root, OFFDUTY_ADMIN_DIR);
	assert_int_equal(symlink("nowhere", path), 0);
	files = files_read(f);
	assert_int_equal(files.list.n, 0);
	assert_string_equal(code_of(f, 0), "not-a-file");
	assert_string_equal(code_of(f, 1), "not-a-file");
	assert_string_equal(code_of(f, 2), "unreadable");
	od_files_done(&files);
}

static void test_a_file_too_large_is_refused(void **state)
{
	struct fixture *f = *state;
	struct od_files files;
	char path[256];

	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", "; x\n");
	snprintf(path, sizeof(path), "%s%s/policy.d/10-a.ini", f->root, OFFDUTY_ADMIN_DIR);
	assert_int_equal(truncate(path, 10 * 1024 * 1024 + 1), 0);
	files = files_read(f);
	assert_int_equal(files.list.n, 0);
	assert_string_equal(code_of(f, 0), "too-large");
	od_files_done(&files);
}

static void check_text(struct fixture *f, const char *expected)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	od_problems_sort(&f->problems);
	od_problems_print(&f->problems, out);
	fclose(out);
	assert_non_null(strstr(text, expected));
	free(text);
}

static void test_links_that_lead_in_a_circle_are_a_fault(void **state)
{
	struct fixture *f = *state;
	struct od_policy *policy = NULL;
	char a[512], b[512];

	snprintf(a, sizeof(a), "%s%s/policy.d/a.ini", f->root, OFFDUTY_ADMIN_DIR);
	snprintf(b, sizeof(b), "%s%s/policy.d/b.ini", f->root, OFFDUTY_ADMIN_DIR);
	assert_int_equal(symlink("b.ini", a), 0);
	assert_int_equal(symlink("a.ini", b), 0);
	assert_int_equal(od_ini_load(f->paths, &f->problems, &policy), OD_E_POLICY);
	assert_null(policy);
	check_text(f,
		"policy.d/a.ini: error: this cannot be read: Too many levels of symbolic links "
		"[unreadable]\n");
	check_text(f,
		"policy.d/b.ini: error: this cannot be read: Too many levels of symbolic links "
		"[unreadable]\n");
}

/* Told in bounded words, all of it counted. */
static void test_ten_megabytes_of_rubbish_are_faults(void **state)
{
	struct fixture *f = *state;
	struct od_policy *policy = NULL;
	size_t size = 10u * 1024 * 1024 - 1;
	char *rubbish = malloc(size + 1);
	uint32_t seed = 1;

	assert_non_null(rubbish);
	for (size_t i = 0; i < size; i++) {
		seed = seed * 1664525u + 1013904223u;
		rubbish[i] = (char) (seed >> 24 ? seed >> 24 : 1);
	}
	rubbish[size] = '\0';
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/rubbish.ini", rubbish);
	free(rubbish);
	assert_int_equal(od_ini_load(f->paths, &f->problems, &policy), OD_E_POLICY);
	assert_null(policy);
	assert_true(f->problems.lost);
	assert_true(f->problems.list.n <= 1000);
	assert_true(f->problems.errors > 10000);
}

static void test_hash_is_over_names_and_bytes_not_places(void **state)
{
	struct fixture *f = *state;
	struct od_set set = { 0 };
	char first[OD_SHA256_HEX], other[OD_SHA256_HEX], path[256];

	put_in(f, OFFDUTY_VENDOR_DIR, "policy.d/10-a.ini", "x");
	assert_int_equal(od_set_read(f->paths, &f->problems, &set), 0);
	od_set_hash(&set, first);
	od_set_done(&set);

	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", "x");
	assert_int_equal(od_set_read(f->paths, &f->problems, &set), 0);
	od_set_hash(&set, other);
	assert_string_equal(first, other);
	od_set_done(&set);

	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", "y");
	assert_int_equal(od_set_read(f->paths, &f->problems, &set), 0);
	od_set_hash(&set, other);
	assert_string_not_equal(first, other);
	od_set_done(&set);

	put_in(f, OFFDUTY_ADMIN_DIR, "holidays.d/10-a.ini", "x"); /* same name, other kind */
	snprintf(path, sizeof(path), "%s%s/policy.d/10-a.ini", f->root, OFFDUTY_ADMIN_DIR);
	assert_int_equal(unlink(path), 0);
	snprintf(path, sizeof(path), "%s%s/policy.d/10-a.ini", f->root, OFFDUTY_VENDOR_DIR);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(od_set_read(f->paths, &f->problems, &set), 0);
	od_set_hash(&set, other);
	assert_string_not_equal(first, other);
	od_set_done(&set);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_files_sort_by_name_over_all_layers),
		TEST(test_a_higher_layer_replaces_a_file_of_the_same_name),
		TEST(test_a_link_to_dev_null_masks),
		TEST(test_missing_folders_are_empty),
		TEST(test_files_others_may_write_are_faults_where_live),
		TEST(test_a_folder_others_may_write_is_a_fault_where_live),
		TEST(test_files_of_other_owners_are_faults_where_live),
		TEST(test_what_is_no_file_is_a_fault_and_never_waits),
		TEST(test_a_file_too_large_is_refused),
		TEST(test_links_that_lead_in_a_circle_are_a_fault),
		TEST(test_ten_megabytes_of_rubbish_are_faults),
		TEST(test_hash_is_over_names_and_bytes_not_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

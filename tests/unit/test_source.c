/* ini/source: a faulty set changes nothing, and the last good one comes back after a restart. */
#include "ini/source.h"

#include <fcntl.h>

#include "ini_fixture.h"

#include "base/error.h"

#define GOOD "[enforcement]\nmode = audit\n"
#define BAD  "[enforcement]\nmode = adit\n"

static struct od_source source_of(struct fixture *f, const char *last_good)
{
	struct od_source source = { .last_good_dir = last_good, .keep_last_good = true };

	source.paths = *f->paths;
	return source;
}

static char *last_good_of(const struct fixture *f)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/state", f->root);
	make_folder(path);
	snprintf(path, sizeof(path), "%s/state/last-good", f->root);
	return path;
}

static void test_a_faulty_set_leaves_the_old_one_in_force(void **state)
{
	struct fixture *f = *state;
	struct od_source s = source_of(f, NULL);
	struct od_policy *first;

	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", GOOD);
	assert_int_equal(od_source_reload(&s), 0);
	first = s.policy;
	assert_non_null(first);
	assert_int_equal(s.generation, 1);
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", BAD);
	assert_int_equal(od_source_reload(&s), OD_E_POLICY);
	assert_ptr_equal(s.policy, first);
	assert_int_equal(s.generation, 1);
	assert_int_equal(od_problems_count(&s.problems, OD_SEVERITY_ERROR), 1);
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", "[enforcement]\nmode = warn\n");
	assert_int_equal(od_source_reload(&s), 0);
	assert_int_equal(s.policy->mode, OD_MODE_WARN);
	assert_int_equal(s.generation, 2);
	assert_int_equal(s.problems.list.n, 0);
	od_source_done(&s);
	od_source_done(&s);
}

static void test_the_same_set_is_no_new_generation(void **state)
{
	struct fixture *f = *state;
	struct od_source s = source_of(f, NULL);

	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", GOOD);
	assert_int_equal(od_source_reload(&s), 0);
	assert_int_equal(od_source_reload(&s), 0);
	assert_int_equal(s.generation, 1);
	s.renew = true; /* other zone data */
	assert_int_equal(od_source_reload(&s), 0);
	assert_int_equal(s.generation, 2);
	assert_false(s.renew);
	assert_int_equal(od_source_reload(&s), 0);
	assert_int_equal(s.generation, 2);
	od_source_done(&s);
}

static void test_the_last_good_set_comes_back_after_a_restart(void **state)
{
	struct fixture *f = *state;
	const char *last_good = last_good_of(f);
	struct od_source s = source_of(f, last_good);
	char hash[OD_SHA256_HEX];

	put_in(f, OFFDUTY_VENDOR_DIR, "catalogue.d/x.ini", "[messenger]\nname = X\nservice = x\n");
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", GOOD "[messengers]\nblocked = x\n");
	assert_int_equal(od_source_reload(&s), 0);
	strcpy(hash, s.policy->sha256);
	od_source_done(&s);

	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", BAD);
	s = source_of(f, last_good);
	assert_int_equal(od_source_reload(&s), OD_E_POLICY);
	assert_non_null(s.policy);
	assert_true(s.from_last_good);
	assert_int_equal(s.policy->mode, OD_MODE_AUDIT);
	assert_string_equal(s.policy->sha256, hash);
	assert_int_equal(s.problems.list.n, 1);
	assert_non_null(strstr(s.problems.list.items[0].file, "policy.d/10-a.ini"));

	/* put right again: live, and the same set, so the same generation */
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", GOOD "[messengers]\nblocked = x\n");
	assert_int_equal(od_source_reload(&s), 0);
	assert_false(s.from_last_good);
	assert_int_equal(s.generation, 1);
	od_source_done(&s);
}

static void test_a_new_good_set_replaces_the_last_one_whole(void **state)
{
	struct fixture *f = *state;
	const char *last_good = last_good_of(f);
	struct od_source s = source_of(f, last_good);
	char path[512];

	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", GOOD);
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/20-b.ini", GOOD);
	assert_int_equal(od_source_reload(&s), 0);
	snprintf(path, sizeof(path), "%s%s/policy.d/20-b.ini", f->root, OFFDUTY_ADMIN_DIR);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(od_source_reload(&s), 0);
	assert_int_equal(s.generation, 2);
	assert_int_equal(s.problems.list.n, 0);
	snprintf(path, sizeof(path), "%s/policy.d/10-a.ini", last_good);
	assert_int_equal(access(path, F_OK), 0);
	snprintf(path, sizeof(path), "%s/policy.d/20-b.ini", last_good);
	assert_int_equal(access(path, F_OK), -1);
	snprintf(path, sizeof(path), "%s/state/.last-good.new", f->root);
	assert_int_equal(access(path, F_OK), -1);
	od_source_done(&s);
}

static void test_leftovers_of_a_cut_off_copy_do_no_harm(void **state)
{
	struct fixture *f = *state;
	const char *last_good = last_good_of(f);
	struct od_source s = source_of(f, last_good);
	char path[512];

	snprintf(path, sizeof(path), "%s/state/.last-good.new/policy.d", f->root);
	make_folder(path);
	put_in(f, "/state/.last-good.new/policy.d", "10-half.ini", "[enfor");
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", GOOD);
	assert_int_equal(od_source_reload(&s), 0);
	assert_int_equal(s.problems.list.n, 0);
	snprintf(path, sizeof(path), "%s/policy.d/10-half.ini", last_good);
	assert_int_equal(access(path, F_OK), -1);
	od_source_done(&s);
}

static void test_a_copy_that_fails_is_a_warning(void **state)
{
	struct fixture *f = *state;
	struct od_source s = source_of(f, "/nonexistent/offduty/last-good");

	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", GOOD);
	assert_int_equal(od_source_reload(&s), 0);
	assert_non_null(s.policy);
	assert_int_equal(s.problems.list.n, 1);
	assert_string_equal(s.problems.list.items[0].code, "last-good-not-kept");
	od_source_done(&s);
}

static void test_without_a_last_good_set_nothing_is_in_force(void **state)
{
	struct fixture *f = *state;
	struct od_source s = source_of(f, last_good_of(f));

	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", BAD);
	assert_int_equal(od_source_reload(&s), OD_E_POLICY);
	assert_null(s.policy);
	assert_int_equal(s.generation, 0);
	od_source_done(&s);
}

static void test_a_tampered_last_good_set_is_not_used(void **state)
{
	struct fixture *f = *state;
	const char *last_good = last_good_of(f);
	struct od_source s = source_of(f, last_good);
	char path[512];

	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", GOOD);
	assert_int_equal(od_source_reload(&s), 0);
	od_source_done(&s);
	snprintf(path, sizeof(path), "%s/policy.d/10-a.ini", last_good);
	assert_int_equal(chmod(path, 0666), 0);
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", BAD);
	s = source_of(f, last_good);
	assert_int_equal(od_source_reload(&s), OD_E_POLICY);
	assert_null(s.policy);
	od_source_done(&s);
}

static void set_age(const char *last_good, int seconds)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { 0 } };
	char path[512];
	struct stat st;

	snprintf(path, sizeof(path), "%s/sha256", last_good);
	assert_int_equal(stat(path, &st), 0);
	times[1].tv_sec = st.st_mtim.tv_sec - seconds;
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void test_a_torn_copy_gives_way_to_the_former_one(void **state)
{
	struct fixture *f = *state;
	const char *last_good = last_good_of(f);
	struct od_source s = source_of(f, last_good);
	char path[512];

	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", GOOD);
	assert_int_equal(od_source_reload(&s), 0);
	set_age(last_good, 3600);
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", "[enforcement]\nmode = warn\n");
	assert_int_equal(od_source_reload(&s), 0);
	od_source_done(&s);

	/* the newest wins while it is whole */
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", BAD);
	s = source_of(f, last_good);
	assert_int_equal(od_source_reload(&s), OD_E_POLICY);
	assert_int_equal(s.policy->mode, OD_MODE_WARN);
	od_source_done(&s);

	/* as a power cut leaves it: the file is there, its bytes are not */
	snprintf(path, sizeof(path), "%s/policy.d/10-a.ini", last_good);
	assert_int_equal(truncate(path, 0), 0);
	s = source_of(f, last_good);
	assert_int_equal(od_source_reload(&s), OD_E_POLICY);
	assert_int_equal(s.policy->mode, OD_MODE_AUDIT);
	assert_true(s.from_last_good);
	od_source_done(&s);

	/* as a cut between the two renames leaves it */
	snprintf(path, sizeof(path), "%s.gone", last_good);
	assert_int_equal(rename(last_good, path), 0);
	s = source_of(f, last_good);
	assert_int_equal(od_source_reload(&s), OD_E_POLICY);
	assert_int_equal(s.policy->mode, OD_MODE_AUDIT);
	od_source_done(&s);
}

static void test_a_copy_too_young_is_not_made_the_former_one(void **state)
{
	struct fixture *f = *state;
	const char *last_good = last_good_of(f);
	struct od_source s = source_of(f, last_good);
	char path[512];

	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", GOOD);
	assert_int_equal(od_source_reload(&s), 0);
	set_age(last_good, 3600);
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", "[enforcement]\nmode = warn\n");
	assert_int_equal(od_source_reload(&s), 0);
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", "[enforcement]\nmode = enforce\n");
	assert_int_equal(od_source_reload(&s), 0); /* at once: warn is not known to be on disk */
	od_source_done(&s);

	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", BAD);
	snprintf(path, sizeof(path), "%s/sha256", last_good);
	assert_int_equal(unlink(path), 0);
	s = source_of(f, last_good);
	assert_int_equal(od_source_reload(&s), OD_E_POLICY);
	assert_int_equal(s.policy->mode, OD_MODE_AUDIT);
	od_source_done(&s);
}

/* A file that reads differently each time, as one does that is being written. */
static void test_a_set_that_changes_while_it_is_read_is_left_for_later(void **state)
{
	struct fixture *f = *state;
	const char *last_good = last_good_of(f);
	struct od_source s = source_of(f, last_good);
	char link[512];
	struct od_policy *first;

	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", GOOD);
	assert_int_equal(od_source_reload(&s), 0);
	first = s.policy;
	snprintf(link, sizeof(link), "%s%s/policy.d/20-b.ini", f->root, OFFDUTY_ADMIN_DIR);
	assert_int_equal(symlink("/proc/sys/kernel/random/uuid", link), 0);
	assert_int_equal(od_source_reload(&s), OD_E_BUSY);
	assert_ptr_equal(s.policy, first);
	assert_int_equal(s.generation, 1);

	/* at start: better the last good one than none */
	od_source_done(&s);
	s = source_of(f, last_good);
	assert_int_equal(od_source_reload(&s), OD_E_BUSY);
	assert_non_null(s.policy);
	assert_true(s.from_last_good);

	assert_int_equal(unlink(link), 0);
	assert_int_equal(od_source_reload(&s), 0);
	assert_false(s.from_last_good);
	od_source_done(&s);
}

static void test_a_reader_does_not_write(void **state)
{
	struct fixture *f = *state;
	const char *last_good = last_good_of(f);
	struct od_source s = source_of(f, last_good);

	s.keep_last_good = false;
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", GOOD);
	assert_int_equal(od_source_reload(&s), 0);
	assert_int_equal(access(last_good, F_OK), -1);
	od_source_done(&s);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_faulty_set_leaves_the_old_one_in_force),
		TEST(test_the_same_set_is_no_new_generation),
		TEST(test_the_last_good_set_comes_back_after_a_restart),
		TEST(test_a_new_good_set_replaces_the_last_one_whole),
		TEST(test_leftovers_of_a_cut_off_copy_do_no_harm),
		TEST(test_a_copy_that_fails_is_a_warning),
		TEST(test_without_a_last_good_set_nothing_is_in_force),
		TEST(test_a_tampered_last_good_set_is_not_used),
		TEST(test_a_torn_copy_gives_way_to_the_former_one),
		TEST(test_a_copy_too_young_is_not_made_the_former_one),
		TEST(test_a_set_that_changes_while_it_is_read_is_left_for_later),
		TEST(test_a_reader_does_not_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

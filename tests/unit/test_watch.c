#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-event.h>
#include <time.h>
#include <unistd.h>

#include "runtime/watch.h"

#define MS       UINT64_C(1000)
#define SETTLE   (50 * MS)
#define PATIENCE (5000 * MS)
#define QUIET    (200 * MS)

/* An empty folder of our own; the process stands in it. */
struct place {
	char folder[64];
	sd_event *event;
	struct od_watch *watch;
	unsigned told;
};

static void count(void *userdata)
{
	++*(unsigned *) userdata;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void) st, (void) type, (void) ftw;
	return remove(path);
}

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	strcpy(place->folder, "/tmp/offduty-watch-XXXXXX");
	assert_non_null(mkdtemp(place->folder));
	assert_int_equal(chdir(place->folder), 0);
	assert_true(sd_event_new(&place->event) >= 0);
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;

	od_watch_free(place->watch);
	sd_event_unref(place->event);
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(nftw(place->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
	free(place);
	return 0;
}

static void watch(struct place *place, const char *first, const char *second)
{
	const char *const paths[] = { first, second, NULL };

	assert_int_equal(
		od_watch_new(place->event, paths, SETTLE, count, &place->told, &place->watch), 0);
}

static bool run(struct place *place, unsigned wanted, uint64_t patience)
{
	uint64_t start, now;

	assert_true(sd_event_now(place->event, CLOCK_MONOTONIC, &start) >= 0);
	for (now = start; place->told < wanted && now - start < patience;) {
		assert_true(sd_event_run(place->event, 10 * MS) >= 0);
		assert_true(sd_event_now(place->event, CLOCK_MONOTONIC, &now) >= 0);
	}
	return place->told >= wanted;
}

/* Exactly once, and then nothing more. */
static void assert_told_once(struct place *place, const char *what)
{
	if (!run(place, 1, PATIENCE))
		fail_msg("not told of: %s", what);
	if (run(place, 2, QUIET))
		fail_msg("told twice of: %s", what);
	place->told = 0;
}

static void assert_not_told(struct place *place, const char *what)
{
	if (run(place, 1, QUIET))
		fail_msg("told of: %s", what);
}

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void test_the_four_kinds_of_change(void **state)
{
	struct place *place = *state;

	assert_int_equal(mkdir("d", 0755), 0);
	watch(place, "d", NULL);
	put("d/written", "1");
	assert_told_once(place, "a new file");
	put("d/written", "2");
	assert_told_once(place, "a file written again");
	put("outside", "3");
	assert_not_told(place, "a file outside");
	assert_int_equal(rename("outside", "d/written"), 0);
	assert_told_once(place, "a file replaced by rename");
	assert_int_equal(link("d/written", "d/linked"), 0);
	assert_told_once(place, "a hard link");
	assert_int_equal(symlink("/dev/null", "d/symlink"), 0);
	assert_told_once(place, "a symbolic link");
	assert_int_equal(unlink("d/written"), 0);
	assert_told_once(place, "a file removed");
	assert_int_equal(chmod("d/linked", 0600), 0);
	assert_told_once(place, "other permissions");
}

static void test_many_steps_are_told_once(void **state)
{
	struct place *place = *state;
	const char *const paths[] = { "d", NULL };
	char path[64];

	assert_int_equal(mkdir("d", 0755), 0);
	/* Long enough that a busy machine does not settle between two of them. */
	assert_int_equal(
		od_watch_new(place->event, paths, 1000 * MS, count, &place->told, &place->watch),
		0);
	for (int i = 0; i < 200; i++) {
		(void) snprintf(path, sizeof(path), "d/%d", i);
		put(path, "x");
		if (i % 20 == 0)
			assert_true(sd_event_run(place->event, 10 * MS) >= 0);
	}
	assert_told_once(place, "200 files");
}

static void test_reading_is_not_a_change(void **state)
{
	struct place *place = *state;
	char byte;
	int fd;

	assert_int_equal(mkdir("d", 0755), 0);
	put("d/file", "x");
	watch(place, "d", NULL);
	fd = open("d/file", O_RDONLY);
	assert_int_equal(read(fd, &byte, 1), 1);
	close(fd);
	assert_not_told(place, "a file that was read");
}

static void test_a_missing_folder_is_noticed_when_it_comes(void **state)
{
	struct place *place = *state;

	watch(place, "a/b/c", NULL);
	put("unrelated", "x");
	assert_not_told(place, "something else in the parent");
	assert_int_equal(mkdir("a", 0755), 0);
	assert_told_once(place, "the first part");
	assert_int_equal(mkdir("a/b", 0755), 0);
	assert_int_equal(mkdir("a/b/c", 0755), 0);
	assert_told_once(place, "the rest");
	put("a/b/c/file", "x");
	assert_told_once(place, "a file in it");
}

static void test_a_folder_may_go_and_come_back(void **state)
{
	struct place *place = *state;

	assert_int_equal(mkdir("d", 0755), 0);
	watch(place, "d", NULL);
	assert_int_equal(rmdir("d"), 0);
	assert_told_once(place, "the folder removed");
	assert_int_equal(mkdir("d", 0755), 0);
	assert_told_once(place, "the folder made again");
	put("d/file", "x");
	assert_told_once(place, "a file in the new folder");
}

static void test_a_renamed_parent_takes_the_folder_along(void **state)
{
	struct place *place = *state;

	assert_int_equal(mkdir("p", 0755), 0);
	assert_int_equal(mkdir("p/d", 0755), 0);
	assert_int_equal(mkdir("q", 0755), 0);
	assert_int_equal(mkdir("q/d", 0755), 0);
	watch(place, "p/d", NULL);
	assert_int_equal(rename("p", "old"), 0);
	assert_told_once(place, "the parent moved away");
	put("old/d/file", "x");
	assert_not_told(place, "a change in what is no longer the folder");
	assert_int_equal(rename("q", "p"), 0);
	assert_told_once(place, "another parent in its place");
	put("p/d/file", "x");
	assert_told_once(place, "a file in the new folder");
}

static void test_a_folder_exchanged_for_another_is_noticed(void **state)
{
	struct place *place = *state;

	assert_int_equal(mkdir("d", 0755), 0);
	assert_int_equal(mkdir("fresh", 0755), 0);
	put("d/file", "1");
	put("fresh/file", "2");
	watch(place, "d", NULL);
	assert_int_equal(renameat2(AT_FDCWD, "fresh", AT_FDCWD, "d", RENAME_EXCHANGE), 0);
	assert_told_once(place, "an exchanged folder");
	put("d/file", "3");
	assert_told_once(place, "a file in the new folder");
	put("fresh/file", "4");
	assert_not_told(place, "a file in the former folder");
}

static void test_again_is_told_like_a_change(void **state)
{
	struct place *place = *state;

	assert_int_equal(mkdir("d", 0755), 0);
	watch(place, "d", NULL);
	assert_not_told(place, "nothing");
	assert_int_equal(od_watch_again(place->watch), 0);
	assert_told_once(place, "once more");
}

static void test_a_linked_folder_is_followed_and_its_link_watched(void **state)
{
	struct place *place = *state;
	char absolute[128];

	(void) snprintf(absolute, sizeof(absolute), "%s/second", place->folder);
	assert_int_equal(mkdir("first", 0755), 0);
	assert_int_equal(mkdir("second", 0755), 0);
	assert_int_equal(mkdir("etc", 0755), 0);
	assert_int_equal(symlink("../first", "etc/d"), 0);
	watch(place, "etc/d", NULL);
	put("first/file", "x");
	assert_told_once(place, "a file behind the link");
	assert_int_equal(symlink(absolute, "etc/new"), 0);
	assert_not_told(place, "another link beside");
	assert_int_equal(rename("etc/new", "etc/d"), 0);
	assert_told_once(place, "the link replaced");
	put("first/file", "y");
	assert_not_told(place, "a file behind the old link");
	put("second/file", "x");
	assert_told_once(place, "a file behind the new link");
}

static void test_links_in_a_circle_end(void **state)
{
	struct place *place = *state;

	assert_int_equal(symlink("b", "a"), 0);
	assert_int_equal(symlink("a", "b"), 0);
	watch(place, "a/c", NULL);
	assert_int_equal(unlink("a"), 0);
	assert_int_equal(mkdir("a", 0755), 0);
	assert_told_once(place, "a folder in place of the circle");
}

static void test_two_folders_and_one_inside_the_other(void **state)
{
	struct place *place = *state;

	assert_int_equal(mkdir("d", 0755), 0);
	assert_int_equal(mkdir("d/e", 0755), 0);
	watch(place, "d", "d/e");
	put("d/e/file", "x");
	assert_told_once(place, "a file in the inner folder");
	put("d/file", "x");
	assert_told_once(place, "a file in the outer folder");
}

static void test_a_replaced_file_in_the_way_is_noticed(void **state)
{
	struct place *place = *state;

	put("d", "not a folder");
	watch(place, "d/e", NULL);
	assert_int_equal(unlink("d"), 0);
	assert_int_equal(mkdir("d", 0755), 0);
	assert_int_equal(mkdir("d/e", 0755), 0);
	assert_told_once(place, "a folder in place of a file");
	put("d/e/file", "x");
	assert_told_once(place, "a file in it");
}

static void test_freeing_nothing_is_allowed(void **state)
{
	(void) state;
	od_watch_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define OD_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		OD_TEST(test_the_four_kinds_of_change),
		OD_TEST(test_many_steps_are_told_once),
		OD_TEST(test_reading_is_not_a_change),
		OD_TEST(test_a_missing_folder_is_noticed_when_it_comes),
		OD_TEST(test_a_folder_may_go_and_come_back),
		OD_TEST(test_a_renamed_parent_takes_the_folder_along),
		OD_TEST(test_a_folder_exchanged_for_another_is_noticed),
		OD_TEST(test_again_is_told_like_a_change),
		OD_TEST(test_a_linked_folder_is_followed_and_its_link_watched),
		OD_TEST(test_links_in_a_circle_end),
		OD_TEST(test_two_folders_and_one_inside_the_other),
		OD_TEST(test_a_replaced_file_in_the_way_is_noticed),
		OD_TEST(test_freeing_nothing_is_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

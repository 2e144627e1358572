#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "gate/ids.h"
#include "gate/store.h"
#include "model/zone.h"

#define MACHINE "0123456789abcdef0123456789abcdef"

static int remove_entry(const char *path, const struct stat *st OD_UNUSED, int type OD_UNUSED,
	struct FTW *at OD_UNUSED)
{
	return remove(path);
}

static int folder_setup(void **state)
{
	char *folder = strdup("/tmp/offduty-store.XXXXXX");

	*state = mkdtemp(folder);
	return *state ? 0 : -1;
}

static int folder_teardown(void **state)
{
	(void) nftw(*state, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	free(*state);
	return 0;
}

static struct od_store *open_store(const char *folder)
{
	struct od_store *store = NULL;

	assert_int_equal(od_store_open(folder, MACHINE, &store), 0);
	return store;
}

static int64_t add(struct od_store *store, const char *app, int64_t time_us, size_t size)
{
	char *bytes = calloc(1, size + 1);
	const struct od_store_item item = { .time_us = time_us,
		.app = app,
		.summary = "summary",
		.sender = ":1.5",
		.instance = "guid/:1.7",
		.message = bytes,
		.size = size };
	int64_t id = 0;

	memset(bytes, 'x', size);
	assert_int_equal(od_store_add(store, &item, &id), 0);
	free(bytes);
	return id;
}

struct seen {
	int64_t ids[64];
	char apps[64][32];
	uint32_t clients[64], revisions[64];
	size_t n;
};

static int see(void *userdata, const struct od_store_item *item)
{
	struct seen *seen = userdata;

	seen->ids[seen->n] = item->id;
	seen->clients[seen->n] = item->client_id;
	seen->revisions[seen->n] = item->revision;
	snprintf(seen->apps[seen->n++], 32, "%s", item->app);
	return 0;
}

static int see_app(void *userdata, const char *app, uint64_t held, uint64_t gone)
{
	char *text = userdata;
	size_t n = strlen(text);

	snprintf(text + n, 1024 - n, "%s %u+%u;", app, (unsigned) held, (unsigned) gone);
	return 0;
}

static void assert_digest(struct od_store *store, const char *expected)
{
	char text[1024] = "";
	int64_t since;

	assert_int_equal(od_store_digest(store, see_app, text, &since), 0);
	assert_string_equal(text, expected);
}

static void test_ids_begin_high_and_never_repeat(void **state)
{
	struct od_store *store = open_store(*state);
	int64_t first = add(store, "A", 1, 10), second = add(store, "A", 2, 10);

	assert_int_equal(first, OD_IDS_FIRST);
	assert_int_equal(second, OD_IDS_FIRST + 1);
	assert_int_equal(od_store_remove_all(store), 0);
	assert_int_equal(od_store_commit(store), 0);
	od_store_free(store);
	store = open_store(*state);
	assert_int_equal(add(store, "A", 3, 10), OD_IDS_FIRST + 2);
	od_store_free(store);
}

static void test_committed_ones_survive_a_kill_and_others_do_not(void **state)
{
	struct seen seen = { 0 };
	struct od_store *store;
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		store = open_store(*state);
		add(store, "kept", 1, 10);
		if (od_store_commit(store) != 0)
			_exit(1);
		add(store, "lost", 2, 10);
		kill(getpid(), SIGKILL);
	}
	waitpid(child, &status, 0);
	assert_true(WIFSIGNALED(status));
	store = open_store(*state);
	assert_int_equal(od_store_each(store, false, see, &seen), 0);
	assert_int_equal(seen.n, 1);
	assert_string_equal(seen.apps[0], "kept");
	assert_int_equal(od_store_count(store), 1);
	od_store_free(store);
}

static void test_file_is_private_and_locked(void **state)
{
	struct od_store *store = open_store(*state), *other = NULL;
	char path[256];
	struct stat st;

	snprintf(path, sizeof(path), "%s/held.%s.sqlite", (const char *) *state, MACHINE);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	add(store, "A", 1, 10);
	assert_int_equal(od_store_commit(store), 0);
	snprintf(path, sizeof(path), "%s/held.%s.sqlite-wal", (const char *) *state, MACHINE);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	if (fork() == 0)
		_exit(od_store_open(*state, MACHINE, &other) == OD_E_BUSY ? 0 : 1);
	int status;
	wait(&status);
	assert_int_equal(status, 0);
	od_store_free(store);
}

static void test_another_machine_has_another_file(void **state)
{
	struct od_store *store = open_store(*state), *other = NULL;

	assert_int_equal(od_store_open(*state, "ffff", &other), 0);
	add(store, "A", 1, 10);
	assert_int_equal(od_store_count(other), 0);
	od_store_free(store);
	od_store_free(other);
}

static void test_oldest_of_the_noisiest_gives_way(void **state)
{
	struct od_store *store = open_store(*state);
	struct seen seen = { 0 };

	od_store_set_bounds(store, 4, 1000);
	add(store, "quiet", 1, 10);
	add(store, "noisy", 2, 10);
	add(store, "noisy", 3, 10);
	add(store, "noisy", 4, 10);
	add(store, "other", 5, 10);
	assert_int_equal(od_store_each(store, false, see, &seen), 0);
	assert_int_equal(seen.n, 4);
	assert_string_equal(seen.apps[0], "quiet");
	assert_int_equal(seen.ids[1], OD_IDS_FIRST + 2);
	assert_digest(store, "noisy 2+1;other 1+0;quiet 1+0;");
	od_store_free(store);
}

static void test_bytes_are_bounded_too(void **state)
{
	struct od_store *store = open_store(*state);
	char big[2000] = { 0 };
	const struct od_store_item item = { .app = "A", .message = big, .size = sizeof(big) };
	int64_t id = 7;

	od_store_set_bounds(store, 100, 1000);
	for (int i = 0; i < 20; i++)
		add(store, "A", i, 300);
	assert_int_equal(od_store_count(store), 3);
	assert_int_equal(od_store_bytes(store), 900);
	assert_int_equal(od_store_add(store, &item, &id), OD_E_LIMIT);
	assert_int_equal(id, 7);
	assert_int_equal(od_store_count(store), 3);
	assert_digest(store, "A 3+17;");
	od_store_free(store);
}

static void test_replacing_keeps_id_and_place(void **state)
{
	struct od_store *store = open_store(*state);
	int64_t first = add(store, "A", 1, 10), found = 0;
	const struct od_store_item item = {
		.client_id = (uint32_t) first, .time_us = 9, .app = "B", .message = "y", .size = 1
	};
	struct seen seen = { 0 };

	add(store, "A", 2, 10);
	assert_int_equal(od_store_find(store, (uint32_t) first, "", &found), 0);
	assert_int_equal(found, first);
	assert_int_equal(od_store_replace(store, first, &item), 0);
	assert_int_equal(od_store_each(store, false, see, &seen), 0);
	assert_int_equal(seen.n, 2);
	assert_int_equal(seen.ids[0], first);
	assert_int_equal(seen.clients[0], first);
	assert_int_equal(seen.revisions[0], 1);
	assert_string_equal(seen.apps[0], "B");
	assert_int_equal(od_store_bytes(store), 11);
	assert_digest(store, "A 1+0;B 1+0;");
	assert_int_equal(od_store_remove(store, first, 0), OD_E_BUSY);
	assert_int_equal(od_store_remove(store, first, 1), 0);
	assert_int_equal(od_store_remove(store, first, 1), OD_E_NOT_FOUND);
	assert_int_equal(od_store_replace(store, first, &item), OD_E_NOT_FOUND);
	od_store_free(store);
}

static void test_server_ids_count_only_with_their_server(void **state)
{
	struct od_store *store = open_store(*state);
	const struct od_store_item item = {
		.client_id = 5, .app = "A", .instance = "guid/:1.7", .message = "m", .size = 1
	};
	int64_t id = 0, found = 0;

	assert_int_equal(od_store_add(store, &item, &id), 0);
	assert_int_equal(od_store_find(store, 5, "guid/:1.7", &found), 0);
	assert_int_equal(found, id);
	assert_int_equal(od_store_find(store, 5, "guid/:1.9", &found), OD_E_NOT_FOUND);
	assert_int_equal(od_store_find(store, 6, "guid/:1.7", &found), OD_E_NOT_FOUND);
	od_store_free(store);
}

static void test_hold_limit_ends_the_content_not_the_count(void **state)
{
	struct od_store *store = open_store(*state);
	int64_t oldest = 0;
	unsigned n = 0;

	add(store, "A", 100, 10);
	add(store, "A", 200, 10);
	add(store, "B", 300, 10);
	assert_int_equal(od_store_expire(store, 250, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(od_store_count(store), 1);
	assert_int_equal(od_store_oldest(store, &oldest), 0);
	assert_int_equal(oldest, 300);
	assert_digest(store, "A 0+2;B 1+0;");
	assert_int_equal(od_store_told(store), 0);
	assert_digest(store, "B 1+0;");
	assert_int_equal(od_store_remove_all(store), 0);
	assert_int_equal(od_store_oldest(store, &oldest), 0);
	assert_true(oldest == OD_NEVER);
	od_store_free(store);
}

static bool on_disk(const char *folder, const char *tail, const char *text)
{
	char path[256], bytes[1 << 16];
	size_t n;
	FILE *file;

	snprintf(path, sizeof(path), "%s/held.%s.sqlite%s", folder, MACHINE, tail);
	file = fopen(path, "r");
	if (!file)
		return false;
	n = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	return memmem(bytes, n, text, strlen(text)) != NULL;
}

static void test_removed_content_is_erased_from_the_disk(void **state)
{
	static const char secret[] = "the secret of this notification";
	struct od_store *store = open_store(*state);
	const struct od_store_item item = {
		.app = "A", .summary = secret, .message = secret, .size = sizeof(secret)
	};
	int64_t id;

	assert_int_equal(od_store_add(store, &item, &id), 0);
	assert_int_equal(od_store_commit(store), 0);
	assert_true(on_disk(*state, "-wal", secret) || on_disk(*state, "", secret));
	assert_int_equal(od_store_remove(store, id, UINT32_MAX), 0);
	assert_int_equal(od_store_commit(store), 0);
	od_store_scrub(store);
	assert_false(on_disk(*state, "-wal", secret));
	assert_false(on_disk(*state, "", secret));
	od_store_free(store);
}

static void write_file(const char *folder, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/held.%s.sqlite", folder, MACHINE);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void test_a_broken_file_is_set_aside(void **state)
{
	struct od_store *store;
	char path[256];

	write_file(*state,
		"this is no database, and quite long enough to be seen as broken: "
		"0123456789012345678901234567890123456789012345678901234567890123456789");
	store = open_store(*state);
	assert_int_equal(od_store_count(store), 0);
	snprintf(path, sizeof(path), "%s/held.%s.sqlite.broken", (const char *) *state, MACHINE);
	assert_int_equal(access(path, F_OK), 0);
	od_store_free(store);
}

static void test_texts_are_cut_at_a_character(void **state)
{
	struct od_store *store = open_store(*state);
	char app[400];
	char text[1024] = "";
	int64_t since;

	app[0] = 'a'; /* so that the cut falls into a two-byte character */
	for (size_t i = 1; i + 1 < sizeof(app); i += 2)
		memcpy(app + i, "\303\251", 2);
	app[sizeof(app) - 1] = '\0';
	add(store, app, 1, 10);
	add(store, app, 2, 10);
	assert_int_equal(od_store_digest(store, see_app, text, &since), 0);
	assert_non_null(strstr(text, "\303\251 2+0;"));
	assert_int_equal(od_store_remove(store, OD_IDS_FIRST, UINT32_MAX), 0);
	assert_int_equal(od_store_remove(store, OD_IDS_FIRST + 1, UINT32_MAX), 0);
	assert_digest(store, "");
	od_store_free(store);
}

static void test_free_of_nothing_is_nothing(void **state OD_UNUSED)
{
	od_store_free(NULL);
}

#define store_test(f) cmocka_unit_test_setup_teardown(f, folder_setup, folder_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		store_test(test_ids_begin_high_and_never_repeat),
		store_test(test_committed_ones_survive_a_kill_and_others_do_not),
		store_test(test_file_is_private_and_locked),
		store_test(test_another_machine_has_another_file),
		store_test(test_oldest_of_the_noisiest_gives_way),
		store_test(test_bytes_are_bounded_too),
		store_test(test_replacing_keeps_id_and_place),
		store_test(test_server_ids_count_only_with_their_server),
		store_test(test_hold_limit_ends_the_content_not_the_count),
		store_test(test_removed_content_is_erased_from_the_disk),
		store_test(test_a_broken_file_is_set_aside),
		store_test(test_texts_are_cut_at_a_character),
		cmocka_unit_test(test_free_of_nothing_is_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Lists of absences and turns: whose they are, what is refused, what is owned. */
#include "time_support.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ini/feeds.h"

#define LIST "offduty-instants 1\n2026-12-24T00:00 2026-12-27T00:00 floating\n"

static const struct od_person alice = { "alice", 1000, NULL, 0 };
static char folder[64];

static void put(const char *name, const char *text)
{
	char path[128];
	FILE *file;

	(void) snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static int set_up(void **state OD_UNUSED)
{
	static const char *const names[] = { "leave", "on-call" };
	char path[128];

	strcpy(folder, "/tmp/offduty-feeds.XXXXXX");
	assert_non_null(mkdtemp(folder));
	for (size_t i = 0; i < 2; i++) {
		(void) snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		assert_int_equal(mkdir(path, 0755), 0);
	}
	return 0;
}

static int tear_down(void **state OD_UNUSED)
{
	static const char *const names[] = { "leave/alice", "leave/linked", "leave", "on-call/net",
		"on-call/other", "on-call", "" };
	char path[128];

	for (size_t i = 0; i < OD_ELEMENTS(names); i++) {
		(void) snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		(void) remove(path);
	}
	return 0;
}

static struct od_policy *policy_new(const char *leave)
{
	struct od_policy *policy = od_policy_new();
	struct od_policy_schedule *schedule = od_array_add(&policy->schedules);

	schedule->schedule = od_schedule_new("office", (struct od_origin){ 0 });
	schedule->leave = leave ? strdup(leave) : NULL;
	return policy;
}

static void add_on_call(struct od_policy *policy, const char *feed, const char *person)
{
	struct od_on_call *entry = od_array_add(&policy->on_calls);

	entry->label = strdup("net");
	entry->feed = strdup(feed);
	if (person)
		assert_int_equal(od_strings_add(&entry->who.people, person, (size_t) -1), 0);
}

static void test_what_the_policy_asks_for_is_loaded(void **state OD_UNUSED)
{
	struct od_policy *policy = policy_new("/var/lib/offduty/leave/%u.ics");
	struct od_feeds feeds;

	add_on_call(policy, "/var/lib/offduty/on-call/net.ics", NULL);
	add_on_call(policy, "/var/lib/offduty/on-call/net.ics", NULL); /* once is enough */
	add_on_call(policy, "/var/lib/offduty/on-call/other.ics", "bob");
	put("leave/alice", LIST);
	put("on-call/net", LIST);
	put("on-call/other", LIST);
	assert_int_equal(od_feeds_load(policy, &alice, folder, &feeds), 0);
	assert_non_null(feeds.leave);
	assert_int_equal(feeds.leave->spans.n, 1);
	assert_true(feeds.leave_made_us > 0 && feeds.on_call_made_us > 0);
	assert_int_equal(feeds.turns.n, 1);
	assert_string_equal(feeds.turns.items[0].feed, "/var/lib/offduty/on-call/net.ics");
	od_policy_unref(policy); /* what was loaded does not live in it */
	assert_string_equal(feeds.turns.items[0].feed, "/var/lib/offduty/on-call/net.ics");
	od_feeds_done(&feeds);
	od_feeds_done(&feeds);
}

static void test_what_is_not_asked_for_is_not_loaded(void **state OD_UNUSED)
{
	struct od_policy *policy = policy_new(NULL);
	struct od_feeds feeds;

	put("leave/alice", LIST);
	assert_int_equal(od_feeds_load(policy, &alice, folder, &feeds), 0);
	assert_null(feeds.leave);
	od_feeds_done(&feeds);
	od_policy_unref(policy);
}

static void test_a_list_that_is_not_there_is_none(void **state OD_UNUSED)
{
	struct od_policy *policy = policy_new("/var/lib/offduty/leave/%u.ics");
	struct od_feeds feeds;

	add_on_call(policy, "/var/lib/offduty/on-call/net.ics", NULL);
	add_on_call(policy, "/nothing/that/could/have/a/list", NULL);
	assert_int_equal(od_feeds_load(policy, &alice, folder, &feeds), 0);
	assert_null(feeds.leave);
	assert_int_equal(feeds.leave_made_us, 0);
	assert_int_equal(feeds.turns.n, 0);
	od_feeds_done(&feeds);
	od_policy_unref(policy);
}

static void test_a_faulty_list_is_left_out_and_named(void **state OD_UNUSED)
{
	struct od_policy *policy = policy_new("/var/lib/offduty/leave/%u.ics");
	struct od_feeds feeds;

	add_on_call(policy, "/var/lib/offduty/on-call/net.ics", NULL);
	put("leave/alice", "BEGIN:VCALENDAR\n");
	put("on-call/net", LIST);
	assert_int_equal(od_feeds_load(policy, &alice, folder, &feeds), OD_E_SYNTAX);
	assert_null(feeds.leave);
	assert_int_equal(feeds.turns.n, 1);
	od_feeds_done(&feeds);
	od_policy_unref(policy);
}

static void test_a_name_leads_nowhere_else(void **state OD_UNUSED)
{
	static const char *const names[] = { "../leave/alice", ".alice", "", NULL };
	struct od_policy *policy = policy_new("/var/lib/offduty/leave/%u.ics");

	put("leave/alice", LIST);
	for (size_t i = 0; i < OD_ELEMENTS(names); i++) {
		const struct od_person person = { names[i], 1000, NULL, 0 };
		struct od_feeds feeds;

		assert_int_equal(od_feeds_load(policy, &person, folder, &feeds), 0);
		assert_null(feeds.leave);
		od_feeds_done(&feeds);
	}
	od_policy_unref(policy);
}

static void test_only_plain_files_of_some_size_are_read(void **state OD_UNUSED)
{
	struct od_leave *leave = NULL;
	char path[128], target[128];
	int64_t made = 0;
	int fd;

	put("leave/alice", LIST);
	(void) snprintf(target, sizeof(target), "%s/leave/alice", folder);
	(void) snprintf(path, sizeof(path), "%s/leave/linked", folder);
	assert_int_equal(symlink(target, path), 0);
	assert_int_equal(od_feed_load(path, &leave, &made), -ELOOP);
	assert_int_equal(od_feed_load(folder, &leave, &made), OD_E_LIMIT);
	assert_int_equal(truncate(target, (off_t) OD_FEED_MAX), 0);
	assert_int_equal(od_feed_load(target, &leave, &made), OD_E_LIMIT);
	fd = truncate(target, 0);
	assert_int_equal(fd, 0);
	assert_int_equal(od_feed_load(target, &leave, &made), OD_E_SYNTAX);
	assert_null(leave);
}

static void test_names_of_lists(void **state OD_UNUSED)
{
	static const char *const none[] = { "", "net", ".ics", "/x/.ics", "/x/.net.ics",
		"/x/%u.ics", "/x/net.ics/",
		"/a123456789012345678901234567890123456789012345678901234567890123456789.ics" };
	char name[OD_FEED_NAME];

	assert_true(od_feed_name("/var/lib/offduty/on-call/net.ics", name));
	assert_string_equal(name, "net");
	for (size_t i = 0; i < OD_ELEMENTS(none); i++)
		assert_false(od_feed_name(none[i], name));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_the_policy_asks_for_is_loaded),
		TEST(test_what_is_not_asked_for_is_not_loaded),
		TEST(test_a_list_that_is_not_there_is_none),
		TEST(test_a_faulty_list_is_left_out_and_named),
		TEST(test_a_name_leads_nowhere_else),
		TEST(test_only_plain_files_of_some_size_are_read),
		TEST(test_names_of_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* ini/effective: what counts, and where it was written. */
#include "ini/effective.h"

#include "ini_fixture.h"

static struct od_effective *effective_of(struct fixture *f)
{
	struct od_effective *effective = NULL;

	assert_int_equal(od_effective_read(f->paths, NULL, &effective), 0);
	return effective;
}

static const struct od_effective_key *key_of(const struct od_effective *effective,
	const char *section, const char *label, const char *name)
{
	const struct od_effective_section *found = od_effective_find(effective, section, label);

	if (!found)
		return NULL;
	od_array_foreach (key, &found->keys)
		if (strcmp(key->name, name) == 0)
			return key;
	return NULL;
}

static void assert_text(const struct od_effective_key *key, const char *expected)
{
	char *text;

	assert_non_null(key);
	text = od_effective_text(key);
	assert_string_equal(text, expected);
	free(text);
}

static void test_a_later_file_wins_and_is_named(void **state)
{
	struct fixture *f = *state;
	struct od_effective *e;
	const struct od_effective_key *key;

	put_in(f, OFFDUTY_VENDOR_DIR, "policy.d/10-a.ini", "[enforcement]\nmode = audit\n");
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/20-b.ini",
		"[enforcement]\n; a comment\nmode = warn\n");
	e = effective_of(f);
	key = key_of(e, "enforcement", NULL, "mode");
	assert_text(key, "warn");
	assert_false(key->usual);
	assert_non_null(strstr(key->values.items[0].origin.file, "policy.d/20-b.ini"));
	assert_int_equal(key->values.items[0].origin.line, 3);
	od_effective_free(e);
}

static void test_every_item_of_a_list_knows_its_line(void **state)
{
	struct fixture *f = *state;
	const struct od_effective_key *key;
	struct od_effective *e;

	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini",
		"[sharing hr]\npaths.2 = /b, c/**\npaths.1 = /a/**\nextensions = pdf, docx\n");
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/20-b.ini", "[sharing hr]\nextensions += odt\n");
	e = effective_of(f);
	key = key_of(e, "sharing", "hr", "paths");
	assert_int_equal(key->values.n, 2);
	assert_string_equal(key->values.items[0].text, "/a/**");
	assert_int_equal(key->values.items[0].number, 1);
	assert_int_equal(key->values.items[0].origin.line, 3);
	assert_string_equal(key->values.items[1].text, "/b, c/**");
	key = key_of(e, "sharing", "hr", "extensions");
	assert_text(key, "pdf, docx, odt");
	assert_non_null(strstr(key->values.items[1].origin.file, "10-a.ini"));
	assert_non_null(strstr(key->values.items[2].origin.file, "20-b.ini"));
	od_effective_free(e);
}

static void test_what_nobody_wrote_is_there_as_usual(void **state)
{
	struct fixture *f = *state;
	struct od_effective *e;

	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini",
		"[company]\nname = X\n[sharing hr]\n[schedule s]\n[breakthrough b]\n[messenger "
		"m]\n");
	e = effective_of(f);
	assert_true(key_of(e, "enforcement", NULL, "mode")->usual);
	assert_null(od_effective_find(e, "enforcement", NULL)->origin.file);
	assert_text(key_of(e, "enforcement", NULL, "mode"), "enforce");
	assert_text(key_of(e, "enforcement", NULL, "grace"), "1m");
	assert_text(key_of(e, "enforcement", NULL, "system-users"), "no");
	assert_text(key_of(e, "enforcement", NULL, "filesystems"), "all");
	assert_text(key_of(e, "messengers", NULL, "unlisted"), "warn");
	assert_text(key_of(e, "notifications", NULL, "hold-limit"), "35d");
	assert_text(key_of(e, "notifications", NULL, "hold-items"), "50000");
	assert_text(key_of(e, "notifications", NULL, "hold-size"), "256M");
	assert_text(key_of(e, "employee", NULL, "may"), "lift, rest, choose-delivery");
	assert_text(key_of(e, "privacy", NULL, "retention"), "180d");
	assert_text(key_of(e, "sharing", "hr", "hold"), "20s");
	assert_text(key_of(e, "sharing", "hr", "action"), "warn");
	assert_text(key_of(e, "schedule", "s", "timezone"), "local");
	assert_text(key_of(e, "schedule", "s", "law"), "none");
	assert_text(key_of(e, "breakthrough", "b", "limit"), "6/h");
	/* what another section decides, and what is empty, is not there */
	assert_null(key_of(e, "messenger", "m", "verdict"));
	assert_null(key_of(e, "messenger", "m", "mode"));
	assert_null(key_of(e, "messengers", NULL, "approved"));
	assert_text(key_of(e, "company", NULL, "name"), "X");
	od_effective_free(e);
}

/* The defaults that rows state themselves are what the model starts from. */
static void test_stated_defaults_are_the_true_ones(void **state)
{
	struct fixture *f = *state;
	struct od_policy *bare = NULL, *stated = NULL;

	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini",
		"[schedule s]\nmonday = 09:00-17:00\n[breakthrough b]\n");
	assert_int_equal(od_ini_load(f->paths, &f->problems, &bare), 0);
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini",
		"[enforcement]\nfilesystems = all\n[employee]\nmay = lift, rest, choose-delivery\n"
		"[breakthrough b]\nlimit = 6/h\n[schedule s]\nmonday = 09:00-17:00\n"
		"timezone = local\nlaw = none\nbefore = 0s\nafter = 0s\n");
	assert_int_equal(od_ini_load(f->paths, &f->problems, &stated), 0);
	assert_int_equal(bare->filesystems.n, stated->filesystems.n);
	assert_int_equal(bare->may, stated->may);
	assert_int_equal(bare->breakthroughs.items[0].limit, stated->breakthroughs.items[0].limit);
	assert_int_equal(bare->breakthroughs.items[0].limit_period_us,
		stated->breakthroughs.items[0].limit_period_us);
	assert_string_equal(bare->schedules.items[0].law, stated->schedules.items[0].law);
	assert_ptr_equal(od_schedule_zone(bare->schedules.items[0].schedule),
		od_schedule_zone(stated->schedules.items[0].schedule));
	od_policy_unref(bare);
	od_policy_unref(stated);
}

static void test_sections_come_by_room(void **state)
{
	struct fixture *f = *state;
	struct od_effective *e;

	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini",
		"[sharing z]\n[sharing a]\n[company]\nname = X\n");
	e = effective_of(f);
	assert_string_equal(e->sections.items[0].name, "company");
	assert_string_equal(e->sections.items[1].name, "enforcement");
	assert_null(od_effective_find(e, "sharing", NULL));
	assert_true(od_effective_find(e, "sharing", "z") < od_effective_find(e, "sharing", "a"));
	od_effective_free(e);
	od_effective_free(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_later_file_wins_and_is_named),
		TEST(test_every_item_of_a_list_knows_its_line),
		TEST(test_what_nobody_wrote_is_there_as_usual),
		TEST(test_stated_defaults_are_the_true_ones),
		TEST(test_sections_come_by_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

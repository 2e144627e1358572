#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "guard/people.h"

static void strings_free(char **strings)
{
	for (char **s = strings; s && *s; s++)
		free(*s);
	free(strings);
}

static void test_folders_are_below_the_home_or_absolute(OD_UNUSED void **state)
{
	static const char text[] = "# comment\nXDG_DOCUMENTS_DIR=\"$HOME/Documents\"\n"
				   "XDG_DOWNLOAD_DIR=\"/srv/in\"\nXDG_MUSIC_DIR=\"relative\"\n"
				   "XDG_VIDEOS_DIR=\"$HOME/a\\b\"\nXDG_DIR=\"/x\"\nXDG_X\n"
				   "XDG_PUBLICSHARE_DIR=\"$HOME/\"";
	char **pairs = od_human_xdg_parse(text, strlen(text), "/home/alice");

	assert_non_null(pairs);
	assert_string_equal(pairs[0], "documents");
	assert_string_equal(pairs[1], "/home/alice/Documents");
	assert_string_equal(pairs[2], "download");
	assert_string_equal(pairs[3], "/srv/in");
	assert_string_equal(pairs[4], "publicshare");
	assert_string_equal(pairs[5], "/home/alice/");
	assert_null(pairs[6]);
	strings_free(pairs);
}

static void test_a_look_up_has_name_and_all_groups(OD_UNUSED void **state)
{
	od_cleanup(od_human_unrefp) struct od_human *root = od_human_look_up(0, NULL);
	od_cleanup(od_human_unrefp) struct od_human *nobody = od_human_look_up(3999999999u, NULL);

	assert_true(root->known);
	assert_string_equal(root->person.name, "root");
	assert_true(root->person.n_groups > 0);
	assert_string_equal(root->person.groups[0], "root");
	assert_false(nobody->known);
	assert_string_equal(nobody->person.name, "3999999999");
	assert_int_equal(nobody->person.n_groups, 0);
}

/* The first question never waits; soon after there is an answer. */
static void test_an_unknown_uid_is_looked_up_later(OD_UNUSED void **state)
{
	od_cleanup(od_people_freep) struct od_people *people = NULL;
	struct od_human *human;
	uid_t uid;

	assert_int_equal(od_people_new(NULL, &people), 0);
	assert_true(od_people_settle(people, 5000));
	human = od_people_get(people, 0);
	for (int i = 0; !human && i < 500; i++) {
		usleep(10000);
		human = od_people_get(people, 0);
	}
	assert_non_null(human);
	assert_string_equal(human->person.name, "root");
	assert_true(od_people_find_name(people, "root", &uid));
	assert_int_equal(uid, 0);
	assert_false(od_people_find_name(people, "nobody-of-that-name", &uid));
	od_people_refresh(people);
	od_human_unref(human);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_folders_are_below_the_home_or_absolute),
		cmocka_unit_test(test_a_look_up_has_name_and_all_groups),
		cmocka_unit_test(test_an_unknown_uid_is_looked_up_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

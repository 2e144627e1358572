/* Another local zone and an update of the tz database are told, and nothing else that happens in /etc. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/zone_data.h"

#define QUIET_US 900000 /* longer than things take to settle */

struct place {
	char root[64];
	sd_event *event;
	struct od_zone_data *data;
	unsigned told;
};

static void on_change(void *userdata)
{
	struct place *place = userdata;

	place->told++;
}

static const char *below(const struct place *place, const char *path)
{
	static char text[2][256];
	static unsigned turn;
	char *to = text[turn++ % 2];

	(void) snprintf(to, sizeof(text[0]), "%s/%s", place->root, path);
	return to;
}

static void write_file(const struct place *place, const char *path, const char *text)
{
	FILE *file = fopen(below(place, path), "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void run_loop(struct place *place)
{
	while (sd_event_run(place->event, QUIET_US) > 0)
		;
}

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof(*place));
	static const char *const folders[] = { "etc", "usr", "usr/share", "usr/share/zoneinfo" };

	assert_non_null(place);
	strcpy(place->root, "/tmp/offduty-zones.XXXXXX");
	assert_non_null(mkdtemp(place->root));
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		assert_int_equal(mkdir(below(place, folders[i]), 0755), 0);
	write_file(place, "usr/share/zoneinfo/A", "a");
	write_file(place, "usr/share/zoneinfo/B", "bb");
	write_file(place, "usr/share/zoneinfo/tzdata.zi", "1");
	assert_int_equal(
		symlink(below(place, "usr/share/zoneinfo/A"), below(place, "etc/localtime")), 0);
	assert_true(sd_event_new(&place->event) >= 0);
	assert_int_equal(
		od_zone_data_new(place->event, place->root, on_change, place, &place->data), 0);
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	static const char *const paths[] = { "etc/localtime", "etc/other", "etc",
		"usr/share/zoneinfo/A", "usr/share/zoneinfo/B", "usr/share/zoneinfo/tzdata.zi",
		"usr/share/zoneinfo", "usr/share", "usr", "" };
	struct place *place = *state;

	od_zone_data_free(place->data);
	od_zone_data_free(NULL);
	sd_event_unref(place->event);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		(void) remove(below(place, paths[i]));
	free(place);
	return 0;
}

static void test_another_local_zone_is_told(void **state)
{
	struct place *place = *state;

	assert_string_equal(od_zone_data_localtime(place->data), below(place, "etc/localtime"));
	assert_int_equal(
		symlink(below(place, "usr/share/zoneinfo/B"), below(place, "etc/other")), 0);
	assert_int_equal(rename(below(place, "etc/other"), below(place, "etc/localtime")), 0);
	run_loop(place);
	assert_int_equal(place->told, 1);
}

static void test_an_update_of_the_database_is_told(void **state)
{
	struct place *place = *state;

	write_file(place, "usr/share/zoneinfo/tzdata.zi", "2");
	run_loop(place);
	assert_int_equal(place->told, 1);
}

static void test_whatever_else_happens_is_not(void **state)
{
	struct place *place = *state;

	write_file(place, "etc/other", "resolv.conf, mtab, passwd");
	run_loop(place);
	assert_int_equal(place->told, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_another_local_zone_is_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_an_update_of_the_database_is_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_whatever_else_happens_is_not, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

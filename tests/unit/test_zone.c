#include "time_support.h"

#include "base/array.h"

static void check_local(const char *zone_name, const char *civil, const char *utc)
{
	struct od_zone *zone = load_zone(zone_name);

	assert_instant(at(zone, civil), at(NULL, utc));
	od_zone_unref(zone);
}

static void test_gap_uses_the_offset_before(void **state)
{
	(void) state;
	check_local("Europe/Monaco", "2026-03-29 02:00", "2026-03-29 01:00");
	check_local("Europe/Monaco", "2026-03-29 02:30", "2026-03-29 01:30");
	check_local("Europe/Monaco", "2026-03-29 03:00", "2026-03-29 01:00");
	check_local("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:45");
	check_local("America/Santiago", "2026-09-06 00:30", "2026-09-06 04:30");
	check_local("Africa/Cairo", "2026-04-24 00:30", "2026-04-23 22:30");
	check_local("America/St_Johns", "2026-03-08 02:30", "2026-03-08 06:00");
}

static void test_overlap_is_the_first_occurrence(void **state)
{
	(void) state;
	check_local("Europe/Monaco", "2026-10-25 02:00", "2026-10-25 00:00");
	check_local("Europe/Monaco", "2026-10-25 02:30", "2026-10-25 00:30");
	check_local("Europe/Monaco", "2026-10-25 03:00", "2026-10-25 02:00");
	check_local("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45");
	check_local("Europe/Dublin", "2026-10-25 01:30", "2026-10-25 00:30");
	check_local("Africa/Casablanca", "2026-02-15 02:30", "2026-02-15 01:30");
}

static void test_a_day_that_was_left_out(void **state)
{
	struct od_zone *zone = load_zone("Pacific/Apia");
	int32_t day, seconds;

	(void) state;
	od_zone_civil(zone, at(NULL, "2011-12-30 09:59:59"), &day, &seconds);
	assert_int_equal(day, day_of("2011-12-29"));
	od_zone_civil(zone, at(NULL, "2011-12-30 10:00"), &day, &seconds);
	assert_int_equal(day, day_of("2011-12-31"));
	assert_int_equal(seconds, 0);
	assert_instant(at(zone, "2011-12-30 12:00"), at(NULL, "2011-12-30 22:00"));
	od_zone_unref(zone);
}

static void test_offsets_and_names(void **state)
{
	static const struct {
		const char *zone, *utc;
		int offset;
		const char *name;
	} rows[] = {
		{ "Europe/Paris", "2026-07-01 00:00", 7200, "CEST" },
		{ "Europe/Paris", "2026-01-01 00:00", 3600, "CET" },
		{ "Asia/Kathmandu", "2026-01-01 00:00", 20700, "+0545" },
		{ "Asia/Kathmandu", "1985-01-01 00:00", 19800, "+0530" },
		{ "America/St_Johns", "2026-01-01 00:00", -12600, "NST" },
		{ "Europe/Dublin", "2026-07-01 00:00", 3600, "IST" },
		{ "Europe/Dublin", "2026-01-01 00:00", 0, "GMT" },
		{ "Africa/Casablanca", "2026-03-01 00:00", 0, "+00" },
		{ "Australia/Lord_Howe", "2026-01-01 00:00", 39600, "+11" },
		{ "Etc/GMT-14", "2026-01-01 00:00", 50400, "+14" },
		{ "UTC", "2026-01-01 00:00", 0, "UTC" },
		/* after the table: the footer's rule, on both sides of the year 2100 */
		{ "Europe/Paris", "2060-07-01 00:00", 7200, "CEST" },
		{ "Europe/Paris", "2099-12-31 00:00", 3600, "CET" },
		{ "Europe/Paris", "2150-07-01 00:00", 7200, "CEST" },
		{ "Europe/Paris", "2400-01-01 00:00", 3600, "CET" },
		{ "America/Santiago", "2150-07-01 00:00", -14400, "-04" },
		{ "America/Santiago", "2150-01-01 00:00", -10800, "-03" },
		{ "Europe/Dublin", "2150-01-01 00:00", 0, "GMT" },
	};

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(rows); i++) {
		struct od_zone *zone = load_zone(rows[i].zone);
		int64_t instant = at(NULL, rows[i].utc);

		assert_int_equal(od_zone_offset(zone, instant), rows[i].offset);
		assert_string_equal(od_zone_abbreviation(zone, instant), rows[i].name);
		od_zone_unref(zone);
	}
}

/* Every quarter of an hour of some years: a civil time that exists comes back, and no earlier
 * instant shows it. */
static void test_civil_times_round_trip(void **state)
{
	static const char *const names[] = { "Europe/Monaco", "Australia/Lord_Howe", "Pacific/Apia",
		"America/Santiago", "Africa/Cairo", "America/St_Johns", "Africa/Casablanca",
		"Asia/Kathmandu", "Europe/Dublin" };

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(names); i++) {
		struct od_zone *zone = load_zone(names[i]);
		int64_t end = at(NULL, "2013-01-01 00:00");
		int32_t day, seconds;

		for (int64_t t = at(NULL, "2011-01-01 00:00"); t < end;
			t += 900 * OD_USEC_PER_SEC) {
			struct od_zone_stretch stretch;
			int64_t back;

			od_zone_civil(zone, t, &day, &seconds);
			back = od_zone_instant(zone, day, seconds);
			if (back == t)
				continue;
			/* an overlap: back is earlier, and shows the same */
			od_zone_stretch(zone, t, &stretch);
			assert_true(back < t && back < stretch.from_us);
			assert_int_equal((t - back) / OD_USEC_PER_SEC,
				od_zone_offset(zone, back) - stretch.offset);
		}
		od_zone_unref(zone);
	}
}

static void test_stretches_meet(void **state)
{
	struct od_zone *zone = load_zone("Europe/Paris");
	int64_t end = at(NULL, "2200-01-01 00:00"), t = at(NULL, "1990-01-01 00:00");
	struct od_zone_stretch stretch, next;
	unsigned changes = 0;

	(void) state;
	od_zone_stretch(zone, t, &stretch);
	for (; stretch.until_us < end; stretch = next, changes++) {
		od_zone_stretch(zone, stretch.until_us, &next);
		assert_true(next.from_us == stretch.until_us && next.until_us > next.from_us);
		assert_int_equal(od_zone_offset(zone, next.from_us - 1), stretch.offset);
	}
	assert_int_equal(changes, 2 * (2200 - 1990));
	od_zone_unref(zone);
}

static void test_days_and_dates_agree(void **state)
{
	int year, month, day;

	(void) state;
	assert_int_equal(od_day_from_civil(1970, 1, 1), 0);
	assert_int_equal(od_day_weekday(0), 3);
	assert_int_equal(od_day_weekday(-4), 6);
	assert_int_equal(od_day_from_civil(2000, 2, 29), 11016);
	for (int32_t n = -800000; n < 3000000; n += 13) {
		od_day_to_civil(n, &year, &month, &day);
		assert_int_equal(od_day_from_civil(year, month, day), n);
		assert_in_range(month, 1, 12);
		assert_in_range(day, 1, 31);
	}
}

static void test_extreme_instants_saturate(void **state)
{
	struct od_zone *zone = load_zone("Europe/Paris");

	(void) state;
	assert_true(od_zone_instant(zone, INT32_MAX, 0) == OD_NEVER);
	assert_true(od_zone_instant(zone, 0, INT64_MAX) == OD_NEVER);
	assert_true(od_zone_instant(zone, INT32_MIN, 0) == INT64_MIN);
	assert_true(od_zone_instant(zone, 0, INT64_MIN) == INT64_MIN);
	(void) od_zone_offset(zone, INT64_MIN);
	(void) od_zone_offset(zone, INT64_MAX);
	od_zone_unref(zone);
}

/* -- faulty files -------------------------------------------------------------------------- */

struct bytes {
	unsigned char data[512];
	size_t n;
};

static void put(struct bytes *bytes, const void *data, size_t n)
{
	memcpy(bytes->data + bytes->n, data, n);
	bytes->n += n;
}

static void put_header(struct bytes *bytes, char version, unsigned times, unsigned leaps)
{
	unsigned char header[44] = "TZif";

	header[4] = (unsigned char) version;
	header[31] = (unsigned char) leaps;
	header[35] = (unsigned char) times;
	header[39] = 1;
	header[43] = 4;
	put(bytes, header, sizeof(header));
}

static int parse_with(const char *footer, unsigned leaps, struct od_zone **ret)
{
	static const unsigned char type[6] = { 0, 0, 0x0e, 0x10, 0, 0 };
	struct bytes bytes = { .n = 0 };

	put_header(&bytes, '2', 0, 0);
	put(&bytes, type, 6);
	put(&bytes, "CET", 4);
	put_header(&bytes, '2', 0, leaps);
	put(&bytes, type, 6);
	put(&bytes, "CET", 4);
	put(&bytes, "\0\0\0\0\0\0\0\0\0\0\0\0", leaps * 12);
	put(&bytes, footer, strlen(footer));
	return od_zone_parse("test", bytes.data, bytes.n, ret);
}

static void test_footers(void **state)
{
	static const struct {
		const char *footer;
		int result;
	} rows[] = {
		{ "\n\n", 0 },
		{ "\nCET-1\n", 0 },
		{ "\n<+0330>-3:30\n", 0 },
		{ "\nCET-1CEST,M3.5.0,M10.5.0/3\n", 0 },
		{ "\n<-02>2<-01>,M3.5.0/-1,M10.5.0/0\n", 0 },
		{ "\nEST5EDT,0/0,J365/25\n", 0 },
		{ "\nXXX3EDT4,J1,365/167:59:59\n", 0 },
		{ "", OD_E_SYNTAX },
		{ "\n", OD_E_SYNTAX },
		{ "CET-1\n", OD_E_SYNTAX },
		{ "\nCET-1", OD_E_SYNTAX },
		{ "\nCE-1\n", OD_E_SYNTAX },
		{ "\nCET\n", OD_E_SYNTAX },
		{ "\nCET-25\n", OD_E_SYNTAX },
		{ "\nCET-1CEST\n", OD_E_SYNTAX },
		{ "\nCET-1CEST,M3.5.0\n", OD_E_SYNTAX },
		{ "\nCET-1CEST,M13.5.0,M10.5.0\n", OD_E_SYNTAX },
		{ "\nCET-1CEST,M3.6.0,M10.5.0\n", OD_E_SYNTAX },
		{ "\nCET-1CEST,M3.5.7,M10.5.0\n", OD_E_SYNTAX },
		{ "\nCET-1CEST,J0,J10\n", OD_E_SYNTAX },
		{ "\nCET-1CEST,M3.5.0/168,M10.5.0\n", OD_E_SYNTAX },
		{ "\nCET-1CEST,M3.5.0,M10.5.0 \n", OD_E_SYNTAX },
		{ "\n<CET-1\n", OD_E_SYNTAX },
	};

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(rows); i++) {
		struct od_zone *zone = NULL;

		if (parse_with(rows[i].footer, 0, &zone) != rows[i].result)
			fail_msg("footer %zu: %s", i, rows[i].footer);
		assert_true((zone != NULL) == (rows[i].result == 0));
		od_zone_unref(zone);
	}
}

static void test_daylight_time_all_year(void **state)
{
	struct od_zone *zone = NULL;

	(void) state;
	assert_int_equal(parse_with("\nEST5EDT,0/0,J365/25\n", 0, &zone), 0);
	assert_int_equal(od_zone_offset(zone, at(NULL, "2026-12-31 23:00")), -14400);
	assert_int_equal(od_zone_offset(zone, at(NULL, "2027-01-01 05:00")), -14400);
	assert_int_equal(od_zone_offset(zone, at(NULL, "2027-07-01 05:00")), -14400);
	od_zone_unref(zone);
}

static void test_leap_seconds_are_refused(void **state)
{
	struct od_zone *zone = NULL;

	(void) state;
	assert_int_equal(parse_with("\nCET-1\n", 1, &zone), OD_E_SYNTAX);
	assert_null(zone);
}

static void test_every_cut_of_a_file_is_refused(void **state)
{
	struct od_zone *zone = NULL;
	size_t size;
	char *bytes = read_whole("/usr/share/zoneinfo/Europe/Paris", &size);

	(void) state;
	for (size_t n = 0; n < size; n++) {
		char *cut = malloc(n ? n : 1);

		memcpy(cut, bytes, n);
		assert_true(od_zone_parse("cut", cut, n, &zone) > 0);
		assert_null(zone);
		free(cut);
	}
	free(bytes);
}

static void test_a_huge_file_is_refused(void **state)
{
	char *bytes = calloc(1, 2 << 20);
	struct od_zone *zone = NULL;

	(void) state;
	assert_int_equal(od_zone_parse("huge", bytes, 2 << 20, &zone), OD_E_LIMIT);
	free(bytes);
	od_zone_unref(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gap_uses_the_offset_before),
		cmocka_unit_test(test_overlap_is_the_first_occurrence),
		cmocka_unit_test(test_a_day_that_was_left_out),
		cmocka_unit_test(test_offsets_and_names),
		cmocka_unit_test(test_civil_times_round_trip),
		cmocka_unit_test(test_stretches_meet),
		cmocka_unit_test(test_days_and_dates_agree),
		cmocka_unit_test(test_extreme_instants_saturate),
		cmocka_unit_test(test_footers),
		cmocka_unit_test(test_daylight_time_all_year),
		cmocka_unit_test(test_leap_seconds_are_refused),
		cmocka_unit_test(test_every_cut_of_a_file_is_refused),
		cmocka_unit_test(test_a_huge_file_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

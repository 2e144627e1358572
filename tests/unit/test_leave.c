#include "time_support.h"

#include "base/array.h"

#define HEADER "offduty-instants 1\n"

static void check(const struct od_leave *leave, const struct od_zone *zone, const char *when,
	bool away, const char *until)
{
	int64_t change, wanted = strcmp(until, "never") == 0 ? OD_NEVER : at(NULL, until);

	if (od_leave_at(leave, zone, at(NULL, when), &change) != away || change != wanted)
		fail_msg("%s: %s until %s", when, away ? "not away" : "away", show(change));
}

static void test_instants(void **state)
{
	struct od_leave *leave = leave_of("2026-11-25T13:00:00Z 2026-11-25T17:00:00Z\n"
					  "2026-11-25T18:00Z 2026-11-25T19:00:30Z\n");
	struct od_zone *zone = load_zone("Europe/Monaco");

	(void) state;
	check(leave, zone, "2026-11-25 12:59:59", false, "2026-11-25 13:00");
	check(leave, zone, "2026-11-25 13:00", true, "2026-11-25 17:00");
	check(leave, zone, "2026-11-25 17:00", false, "2026-11-25 18:00");
	check(leave, zone, "2026-11-25 18:00", true, "2026-11-25 19:00:30");
	check(leave, zone, "2026-11-25 19:00:30", false, "never");
	od_leave_free(leave);
	od_zone_unref(zone);
}

static void test_floating_spans_follow_the_zone(void **state)
{
	struct od_leave *leave = leave_of("2026-12-24T00:00 2026-12-27T00:00 floating\n");
	struct od_zone *monaco = load_zone("Europe/Monaco"), *tokyo = load_zone("Asia/Tokyo");

	(void) state;
	check(leave, monaco, "2026-12-23 22:59:59", false, "2026-12-23 23:00");
	check(leave, monaco, "2026-12-23 23:00", true, "2026-12-26 23:00");
	check(leave, tokyo, "2026-12-23 15:00", true, "2026-12-26 15:00");
	assert_true(od_leave_whole_day(leave, day_of("2026-12-24")));
	assert_true(od_leave_whole_day(leave, day_of("2026-12-26")));
	assert_false(od_leave_whole_day(leave, day_of("2026-12-27")));
	assert_false(od_leave_whole_day(leave, day_of("2026-12-23")));
	od_leave_free(leave);
	od_zone_unref(monaco);
	od_zone_unref(tokyo);
}

static void test_floating_spans_over_dst_nights(void **state)
{
	struct od_leave *leave = leave_of("2026-03-29T02:00 2026-03-29T02:30 floating\n"
					  "2026-03-29T03:00 2026-03-29T03:10 floating\n"
					  "2026-10-25T02:30 2026-10-25T02:45 floating\n");
	struct od_zone *zone = load_zone("Europe/Monaco");

	(void) state;
	/* the gap: 02:00 is 03:00 on the wall, so both begin at 01:00Z and the longer one decides */
	check(leave, zone, "2026-03-29 00:59", false, "2026-03-29 01:00");
	check(leave, zone, "2026-03-29 01:00", true, "2026-03-29 01:30");
	/* the overlap: the first 02:30 only */
	check(leave, zone, "2026-03-29 01:30", false, "2026-10-25 00:30");
	check(leave, zone, "2026-10-25 00:30", true, "2026-10-25 00:45");
	check(leave, zone, "2026-10-25 01:30", false, "never");
	od_leave_free(leave);
	od_zone_unref(zone);
}

static void test_kinds_that_touch_are_one_absence(void **state)
{
	struct od_leave *leave = leave_of("2026-07-01T10:00:00Z 2026-07-02T10:00:00Z\n"
					  "2026-07-02T12:00 2026-07-03T00:00 floating\n"
					  "2026-07-02T22:00:00Z 2026-07-02T23:00:00Z\n");
	struct od_zone *zone = load_zone("Europe/Monaco");

	(void) state;
	check(leave, zone, "2026-07-01 10:00", true, "2026-07-02 23:00");
	od_leave_free(leave);
	od_zone_unref(zone);
}

static void test_the_text_comes_back_sorted_and_merged(void **state)
{
	struct od_leave *leave = leave_of("2026-12-24T00:00 2026-12-25T00:00 floating\n"
					  "2026-11-25T13:00:00Z 2026-11-25T17:00:00Z\n"
					  "2026-11-25T17:00:00Z 2026-11-25T18:00:01Z\n"
					  "2026-12-25T00:00 2026-12-27T00:00 floating\n"
					  "2026-11-20T13:00:00Z 2026-11-20T17:00:00Z\n");
	struct od_leave *again = NULL;
	unsigned line;
	char *text = NULL;

	(void) state;
	assert_int_equal(od_leave_format(leave, &text), 0);
	assert_string_equal(text, HEADER "2026-11-20T13:00Z 2026-11-20T17:00Z\n"
					 "2026-11-25T13:00Z 2026-11-25T18:00:01Z\n"
					 "2026-12-24T00:00 2026-12-27T00:00 floating\n");
	assert_int_equal(od_leave_parse(text, strlen(text), &again, &line), 0);
	assert_int_equal(again->spans.n, leave->spans.n);
	for (size_t i = 0; i < leave->spans.n; i++) {
		const struct od_leave_span *x = &again->spans.items[i], *y = &leave->spans.items[i];

		assert_true(x->from_us == y->from_us && x->until_us == y->until_us &&
			    x->floating == y->floating);
	}
	free(text);
	od_leave_free(leave);
	od_leave_free(again);
}

static void test_an_empty_list(void **state)
{
	struct od_leave *leave = leave_of("");
	struct od_zone *utc = od_zone_utc();

	(void) state;
	check(leave, utc, "2026-11-25 12:00", false, "never");
	assert_false(od_leave_whole_day(leave, 0));
	assert_true(od_leave_last_day(leave) == INT32_MIN);
	od_leave_free(leave);
	od_leave_free(NULL);
}

static void test_faulty_text_names_its_line(void **state)
{
	static const struct {
		const char *text;
		unsigned line;
	} rows[] = {
		{ "", 1 },
		{ "offduty-instants 2\n", 1 },
		{ "offduty-instants 1", 1 }, /* cut off */
		{ "\n" HEADER, 1 },
		{ HEADER "x\n", 2 },
		{ HEADER "\n", 2 },
		{ HEADER "2026-11-25T13:00Z 2026-11-25T17:00Z", 2 },
		{ HEADER "2026-11-25T13:00Z 2026-11-25T17:00Z\n\n", 3 },
		{ HEADER "2026-11-25T13:00Z 2026-11-25T13:00Z\n", 2 },
		{ HEADER "2026-11-25T13:00Z 2026-11-25T12:00Z\n", 2 },
		{ HEADER "2026-11-25T13:00Z 2026-11-25T17:00\n", 2 },
		{ HEADER "2026-11-25T13:00 2026-11-25T17:00\n", 2 },
		{ HEADER "2026-11-25T13:00 2026-11-25T17:00Z floating\n", 2 },
		{ HEADER "2026-11-25T13:00 2026-11-25T17:00 floating \n", 2 },
		{ HEADER "2026-11-25T25:00Z 2026-11-26T17:00Z\n", 2 },
		{ HEADER "2026-02-29T13:00Z 2026-11-26T17:00Z\n", 2 },
		{ HEADER "1969-02-28T13:00Z 2026-11-26T17:00Z\n", 2 },
		{ HEADER "2026-11-25T13:00:60Z 2026-11-26T17:00Z\n", 2 },
		{ HEADER "2026-11-25 13:00Z 2026-11-26 17:00Z\n", 2 },
	};

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(rows); i++) {
		struct od_leave *leave = NULL;
		unsigned line = 0;

		if (od_leave_parse(rows[i].text, strlen(rows[i].text), &leave, &line) !=
				OD_E_SYNTAX ||
			line != rows[i].line)
			fail_msg("%zu: line %u", i, line);
		assert_null(leave);
	}
}

static void test_too_many_spans_are_refused(void **state)
{
	size_t room = 64 * (OD_LEAVE_MAX + 2), n;
	char *text = malloc(room);
	struct od_leave *leave = NULL;
	unsigned line;

	(void) state;
	for (int extra = 0; extra < 2; extra++) {
		n = (size_t) snprintf(text, room, HEADER);
		for (int i = 0; i < OD_LEAVE_MAX + extra; i++)
			n += (size_t) snprintf(text + n, room - n,
				"%d-01-01T00:00Z %d-01-01T00:01Z\n", 1970 + i % 8000,
				1970 + i % 8000);
		assert_int_equal(od_leave_parse(text, n, &leave, &line), extra ? OD_E_LIMIT : 0);
		assert_true((leave != NULL) == !extra);
		od_leave_free(leave);
		leave = NULL;
	}
	free(text);
}

/* The same answers as looking at every span, at random instants around DST nights. */
static void test_search_agrees_with_looking_at_everything(void **state)
{
	struct od_zone *zone = load_zone("Australia/Lord_Howe");
	uint64_t seed = 7;

	(void) state;
	for (unsigned round = 0; round < 200; round++) {
		struct od_leave leave = { 0 };
		int64_t base = at(NULL, "2026-04-01 00:00");

		for (unsigned i = 0; i < 40; i++) {
			struct od_leave_span *span = od_array_add(&leave.spans);

			seed = seed * 6364136223846793005u + 1442695040888963407u;
			span->from_us =
				base + (int64_t) ((seed >> 33) % 800) * 900 * OD_USEC_PER_SEC;
			span->until_us = span->from_us +
					 (int64_t) (1 + (seed >> 20) % 9) * 900 * OD_USEC_PER_SEC;
			span->floating = seed >> 63;
		}
		od_leave_settle(&leave);
		for (int64_t t = base; t < base + 9 * DAY_USEC; t += 450 * OD_USEC_PER_SEC) {
			bool away = false;
			int64_t change;

			od_array_foreach (span, &leave.spans) {
				int64_t from = span->from_us, until = span->until_us;

				if (span->floating) {
					from = od_zone_instant(zone, (int32_t) (from / DAY_USEC),
						from % DAY_USEC / OD_USEC_PER_SEC);
					until = od_zone_instant(zone, (int32_t) (until / DAY_USEC),
						until % DAY_USEC / OD_USEC_PER_SEC);
				}
				away = away || (from <= t && t < until);
			}
			assert_true(od_leave_at(&leave, zone, t, &change) == away);
			assert_true(change > t);
			if (change != OD_NEVER) {
				int64_t later;

				assert_true(od_leave_at(&leave, zone, change - 1, &later) == away);
				assert_true(later == change);
				assert_true(od_leave_at(&leave, zone, change, &later) != away);
			}
		}
		free(leave.spans.items);
	}
	od_zone_unref(zone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_instants),
		cmocka_unit_test(test_floating_spans_follow_the_zone),
		cmocka_unit_test(test_floating_spans_over_dst_nights),
		cmocka_unit_test(test_kinds_that_touch_are_one_absence),
		cmocka_unit_test(test_the_text_comes_back_sorted_and_merged),
		cmocka_unit_test(test_an_empty_list),
		cmocka_unit_test(test_faulty_text_names_its_line),
		cmocka_unit_test(test_too_many_spans_are_refused),
		cmocka_unit_test(test_search_agrees_with_looking_at_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

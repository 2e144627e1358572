#include "time_support.h"

#include "base/array.h"

#define W                                                                                          \
	"monday-friday = 08:30-12:30, 13:30-17:30\n"                                               \
	"timezone = Europe/Monaco\n"

static const struct od_leave *const none = NULL;

/* -- windows ------------------------------------------------------------------------------- */

static void test_a_working_day(void **state)
{
	struct bench fr = build(W "holidays = fr\n"), mc = build(W "holidays = mc\n");

	(void) state;
	check_at(&fr, none, "2026-05-07 12:00", true, "2026-05-07 12:30");
	check_at(&fr, none, "2026-05-07 12:30", false, "2026-05-07 13:30");
	check_at(&fr, none, "2026-05-07 13:30", true, "2026-05-07 17:30");
	check_at(&fr, none, "2026-05-07 17:30", false, "2026-05-11 08:30");
	check_at(&mc, none, "2026-05-07 17:30", false, "2026-05-08 08:30");
	bench_done(&fr);
	bench_done(&mc);
}

static void test_windows_are_half_open(void **state)
{
	struct bench w = build(W);
	struct od_span span;

	(void) state;
	check_at(&w, none, "2026-05-07 08:30", true, "2026-05-07 12:30");
	od_schedule_at(w.schedule, NULL, NULL, at(w.zone, "2026-05-07 08:30") - 1, &span);
	assert_false(span.on);
	assert_instant(span.until_us, at(w.zone, "2026-05-07 08:30"));
	od_schedule_at(w.schedule, NULL, NULL, at(w.zone, "2026-05-07 12:30") - 1, &span);
	assert_true(span.on);
	check_at(&w, none, "2026-05-07 12:30", false, "2026-05-07 13:30");
	bench_done(&w);
}

static void test_a_weekend_with_a_dst_night_is_longer(void **state)
{
	struct bench w = build(W);

	(void) state;
	check_at(&w, none, "2026-10-23 18:00", false, "2026-10-26 07:30Z");
	check_at(&w, none, "2026-03-27 18:00", false, "2026-03-30 06:30Z");
	bench_done(&w);
}

static void test_overnight_windows_keep_their_civil_ends(void **state)
{
	struct bench b = build("timezone = Europe/Monaco\nsaturday = 22:00-06:00\n");

	(void) state;
	check_at(&b, none, "2026-03-28 21:00Z", true, "2026-03-29 04:00Z");
	check_at(&b, none, "2026-03-28 20:59:59Z", false, "2026-03-28 21:00Z");
	check_at(&b, none, "2026-10-24 20:00Z", true, "2026-10-25 05:00Z");
	check_at(&b, none, "2026-10-25 05:00Z", false, "2026-10-31 21:00Z");
	bench_done(&b);
}

static void test_a_window_in_a_gap_is_empty(void **state)
{
	struct bench b = build("timezone = Europe/Monaco\nsunday = 02:00-03:00\n");

	(void) state;
	check_at(&b, none, "2026-03-28 12:00", false, "2026-04-05 02:00");
	check_at(&b, none, "2026-03-29 01:00Z", false, "2026-04-05 02:00");
	check_at(&b, none, "2026-10-25 00:00Z", true, "2026-10-25 02:00Z");
	check_at(&b, none, "2026-10-25 01:59Z", true, "2026-10-25 02:00Z");
	bench_done(&b);
}

/* 02:45 of that night is 03:45 on the wall: the window that starts later begins earlier. */
static void test_windows_are_joined_as_instants(void **state)
{
	struct bench b = build("timezone = Europe/Monaco\nsunday = 02:45-17:00, 03:00-16:10\n");

	(void) state;
	check_at(&b, none, "2026-03-29 00:59Z", false, "2026-03-29 01:00Z");
	check_at(&b, none, "2026-03-29 01:00Z", true, "2026-03-29 15:00Z");
	check_at(&b, none, "2026-04-05 02:45", true, "2026-04-05 17:00");
	bench_done(&b);
}

static void test_grace_reaches_over_a_day_left_out(void **state)
{
	struct bench b = build("timezone = Pacific/Apia\n"
			       "friday = 12:00-17:00\n"
			       "saturday = 00:00-16:05\n"
			       "before = 28m\n");

	(void) state;
	/* Friday, 30 December 2011 does not exist: Thursday 23:32 is before Saturday. */
	check_at(&b, NULL, "2011-12-29 06:31Z", false, "2011-12-30 09:32Z");
	check_at(&b, NULL, "2011-12-30 09:32Z", true, "2011-12-31 03:00Z");
	bench_done(&b);
}

static void test_always_on_never_changes(void **state)
{
	struct bench b = build("timezone = Europe/Monaco\nmonday-sunday = 00:00-24:00\n");

	(void) state;
	check_at(&b, none, "2026-03-29 02:30", true, "never");
	check_at(&b, none, "2026-10-25 00:30Z", true, "never");
	check_at(&b, none, "2026-10-25 01:30Z", true, "never");
	bench_done(&b);
}

static void test_always_off_never_changes(void **state)
{
	struct bench off = build("timezone = Europe/Monaco\nmonday-sunday = off\n");
	struct bench empty = build("timezone = Europe/Monaco\nholidays = mc\n");
	struct bench past = build("timezone = Europe/Monaco\n2026-01-05 = 08:00-12:00\n");

	(void) state;
	check_at(&off, none, "2026-05-07 12:00", false, "never");
	check_at(&empty, none, "2026-05-07 12:00", false, "never");
	check_at(&past, none, "2026-05-07 12:00", false, "never");
	check_at(&past, none, "2026-01-04 12:00", false, "2026-01-05 08:00");
	bench_done(&off);
	bench_done(&empty);
	bench_done(&past);
}

static void test_far_lines_are_found(void **state)
{
	struct bench date = build("timezone = Europe/Monaco\n2061-07-28 = 08:00-12:00\n");
	struct bench leap = build("timezone = Europe/Monaco\nmonday 5 february = 08:00-12:00\n");
	struct bench open = build("timezone = Europe/Monaco\nmonday-sunday = 00:00-24:00\n"
				  "2061-07-28 = off\n");

	(void) state;
	check_at(&date, none, "2026-05-07 12:00", false, "2061-07-28 08:00");
	check_at(&leap, none, "2026-05-07 12:00", false, "2044-02-29 08:00");
	check_at(&leap, none, "2072-03-01 12:00", false, "2112-02-29 08:00"); /* 2100 is none */
	check_at(&open, none, "2026-05-07 12:00", true, "2061-07-28 00:00");
	check_at(&open, none, "2061-07-28 12:00", false, "2061-07-29 00:00");
	check_at(&open, none, "2061-07-29 12:00", true, "never");
	bench_done(&date);
	bench_done(&leap);
	bench_done(&open);
}

static void test_a_whole_day_ends_once(void **state)
{
	struct bench b = build("timezone = Europe/Monaco\nmonday = 00:00-24:00\n");
	struct bench two = build("timezone = Europe/Monaco\nmonday-tuesday = 00:00-24:00\n");

	(void) state;
	check_at(&b, none, "2026-05-11 12:00", true, "2026-05-12 00:00");
	check_at(&b, none, "2026-05-12 00:00", false, "2026-05-18 00:00");
	check_at(&two, none, "2026-05-11 12:00", true, "2026-05-13 00:00");
	bench_done(&b);
	bench_done(&two);
}

static void test_touching_and_overlapping_windows_are_one(void **state)
{
	struct bench touch = build("timezone = Europe/Monaco\nmonday = 08:00-12:00, 12:00-14:00\n"
				   "tuesday = 22:00-06:00\nwednesday = 06:00-09:00\n");
	struct bench over = build("timezone = Europe/Monaco\nmonday = 11:00-13:00, 08:00-12:00\n");

	(void) state;
	check_at(&touch, none, "2026-05-11 08:00", true, "2026-05-11 14:00");
	check_at(&touch, none, "2026-05-12 22:00", true, "2026-05-13 09:00");
	check_at(&over, none, "2026-05-11 08:00", true, "2026-05-11 13:00");
	bench_done(&touch);
	bench_done(&over);
}

/* -- which line ---------------------------------------------------------------------------- */

static void test_overnight_windows_belong_to_the_day_they_start(void **state)
{
	struct bench b = build("timezone = Europe/Monaco\nfriday = 22:00-06:00\nholidays = fr\n");

	(void) state;
	check_at(&b, none, "2026-05-15 23:00", true, "2026-05-16 06:00");
	/* Friday 8 May is a holiday: the hours of Saturday go too */
	check_at(&b, none, "2026-05-08 23:00", false, "2026-05-15 22:00");
	check_at(&b, none, "2026-05-09 03:00", false, "2026-05-15 22:00");
	bench_done(&b);
}

static void test_a_holiday_cuts_the_night_before(void **state)
{
	struct bench b = build("timezone = Europe/Monaco\nthursday = 22:00-06:00\nholidays = fr\n");

	(void) state;
	check_at(&b, none, "2026-05-07 23:00", true, "2026-05-08 00:00");
	check_at(&b, none, "2026-05-08 03:00", false, "2026-05-21 22:00"); /* 14 May: Ascension */
	bench_done(&b);
}

static void test_precedence_of_lines(void **state)
{
	struct bench b = build("timezone = Europe/Monaco\n"
			       "monday-friday = 09:00-17:00\n"
			       "monday 2 = 09:00-16:00\n"
			       "monday 2 march = 09:00-15:30\n"
			       "monday 3 = 09:00-14:45\n"
			       "monday -1 = 09:00-15:15\n"
			       "day 15 = 09:00-15:00\n"
			       "06-15 = 09:00-14:00\n"
			       "2026-06-15 = 09:00-13:00\n");

	(void) state;
	check_at(&b, none, "2026-06-02 09:00", true, "2026-06-02 17:00"); /* weekday */
	check_at(&b, none, "2026-06-08 09:00", true, "2026-06-08 16:00"); /* 2nd Monday */
	check_at(&b, none, "2026-03-09 09:00", true, "2026-03-09 15:30"); /* 2nd Monday of March */
	check_at(&b, none, "2026-06-29 09:00", true, "2026-06-29 15:15"); /* the last Monday */
	check_at(&b, none, "2026-07-15 09:00", true, "2026-07-15 15:00"); /* day of month */
	check_at(&b, none, "2027-03-15 09:00", true, "2027-03-15 15:00"); /* not the 3rd Monday */
	check_at(&b, none, "2027-06-15 09:00", true, "2027-06-15 14:00"); /* MM-DD */
	check_at(&b, none, "2026-06-15 09:00", true, "2026-06-15 13:00"); /* full date */
	bench_done(&b);
}

static void test_dates_override_weekdays_and_open_holidays(void **state)
{
	struct bench b = build(W "holidays = mc\n"
				 "2026-12-24 = 08:30-12:00\n"
				 "2026-12-25 = 09:00-12:00\n"
				 "12-31 = off\n");
	struct od_span span;

	(void) state;
	check_at(&b, none, "2026-12-24 09:00", true, "2026-12-24 12:00");
	check_at(&b, none, "2026-12-24 12:00", false, "2026-12-25 09:00");
	span = check_at(&b, none, "2026-12-25 09:00", true, "2026-12-25 12:00");
	assert_int_equal(span.reason.rule, OD_RULE_DATE);
	assert_int_equal(span.reason.origin.line, 5);
	check_at(&b, none, "2027-12-25 09:00", false, "2027-12-27 08:30");
	span = check_at(&b, none, "2026-12-31 09:00", false, "2027-01-04 08:30");
	assert_int_equal(span.reason.rule, OD_RULE_DATE);
	assert_int_equal(span.reason.origin.line, 6);
	bench_done(&b);
}

static void test_leap_days(void **state)
{
	struct bench b = build(W "02-29 = off\n");

	(void) state;
	check_at(&b, none, "2028-02-28 17:30", false, "2028-03-01 08:30"); /* Tuesday is 29 */
	check_at(&b, none, "2027-02-26 17:30", false, "2027-03-01 08:30");
	check_at(&b, none, "2100-02-26 17:30", false, "2100-03-01 08:30"); /* not a leap year */
	bench_done(&b);
}

static void test_a_single_day_beats_a_range_wherever_it_stands(void **state)
{
	struct bench before = build("timezone = Europe/Monaco\nfriday = 08:00-12:00\n"
				    "monday-friday = 08:00-18:00\n");
	struct bench after = build("timezone = Europe/Monaco\nmonday-friday = 08:00-18:00\n"
				   "friday = 08:00-12:00\n");
	struct bench wrap = build("timezone = Europe/Monaco\nsaturday-monday = 08:00-12:00\n");

	(void) state;
	check_at(&before, none, "2026-05-15 08:00", true, "2026-05-15 12:00");
	check_at(&after, none, "2026-05-15 08:00", true, "2026-05-15 12:00");
	check_at(&before, none, "2026-05-14 08:00", true, "2026-05-14 18:00");
	check_at(&wrap, none, "2026-05-18 12:00", false, "2026-05-23 08:00");
	check_at(&wrap, none, "2026-05-16 12:00", false, "2026-05-17 08:00");
	bench_done(&before);
	bench_done(&after);
	bench_done(&wrap);
}

static void test_an_anchored_cycle_alternates(void **state)
{
	struct bench b = build("timezone = Europe/Monaco\n"
			       "cycle = 2w from 2026-01-05\n"
			       "week1.monday-friday = 06:00-14:00\n"
			       "week2.monday-friday = 14:00-22:00\n"
			       "week2.wednesday = off\n"
			       "saturday = 08:00-09:00\n");

	(void) state;
	check_at(&b, none, "2026-01-05 06:00", true, "2026-01-05 14:00");
	check_at(&b, none, "2026-01-12 14:00", true, "2026-01-12 22:00");
	check_at(&b, none, "2026-01-13 22:00", false, "2026-01-15 14:00");
	check_at(&b, none, "2026-01-10 08:00", true,
		"2026-01-10 09:00"); /* the plain line goes on */
	/* 2026-W53 and 2027-W01 are both odd; the cycle goes on regardless */
	check_at(&b, none, "2026-12-28 14:00", true, "2026-12-28 22:00");
	check_at(&b, none, "2027-01-04 06:00", true, "2027-01-04 14:00");
	check_at(
		&b, none, "2025-12-29 14:00", true, "2025-12-29 22:00"); /* before the anchor too */
	bench_done(&b);
}

static void test_holidays_worked(void **state)
{
	struct bench id = build(W "holidays = fr\nholidays-worked = whit-monday\n");
	struct bench date = build(W "holidays = fr\nholidays-worked = 2026-05-25\n");
	struct bench md = build(W "holidays = fr\nholidays-worked = 05-08\n");

	(void) state;
	check_at(&id, none, "2026-05-25 08:30", true, "2026-05-25 12:30");
	check_at(&id, none, "2027-05-17 08:30", true, "2027-05-17 12:30");
	check_at(&date, none, "2026-05-25 08:30", true, "2026-05-25 12:30");
	check_at(&date, none, "2027-05-17 08:30", false, "2027-05-18 08:30");
	check_at(&md, none, "2026-05-08 08:30", true, "2026-05-08 12:30");
	bench_done(&id);
	bench_done(&date);
	bench_done(&md);
}

static void test_grace_widens_and_closes_short_breaks(void **state)
{
	struct bench b = build(W "before = 30m\nafter = 30m\n");
	struct bench less = build(W "before = 30m\nafter = 15m\n");
	struct bench eve =
		build("timezone = Europe/Monaco\nholidays = fr\nbefore = 1h\nafter = 1h\n"
		      "thursday = 20:00-24:00\nfriday = 00:00-04:00\n");

	(void) state;
	check_at(&b, none, "2026-05-07 07:59", false, "2026-05-07 08:00");
	check_at(&b, none, "2026-05-07 08:00", true, "2026-05-07 18:00");
	check_at(&less, none, "2026-05-07 08:00", true, "2026-05-07 12:45");
	check_at(&less, none, "2026-05-07 12:45", false, "2026-05-07 13:00");
	check_at(&eve, none, "2026-05-07 19:00", true,
		"2026-05-08 00:00"); /* never into a holiday */
	check_at(&eve, none, "2026-05-21 19:00", true, "2026-05-22 05:00");
	bench_done(&b);
	bench_done(&less);
	bench_done(&eve);
}

/* -- leave --------------------------------------------------------------------------------- */

static void test_all_day_leave(void **state)
{
	struct bench b = build(W);
	struct od_leave *leave = leave_of("2026-12-24T00:00 2026-12-27T00:00 floating\n");
	struct od_span span;

	(void) state;
	check_at(&b, leave, "2026-12-23 17:30", false, "2026-12-28 08:30");
	span = check_at(&b, leave, "2026-12-24 10:00", false, "2026-12-28 08:30");
	assert_int_equal(span.reason.rule, OD_RULE_LEAVE);
	od_leave_free(leave);
	bench_done(&b);
}

static void test_timed_leave_takes_only_its_hours(void **state)
{
	struct bench b = build(W);
	struct od_leave *leave = leave_of("2026-11-25T13:00:00Z 2026-11-25T17:00:00Z\n");

	(void) state;
	check_at(&b, leave, "2026-11-25 13:30", true, "2026-11-25 14:00");
	check_at(&b, leave, "2026-11-25 14:00", false, "2026-11-26 08:30");
	od_leave_free(leave);
	bench_done(&b);
}

static void test_leave_beats_full_dates(void **state)
{
	struct bench b = build(W "2026-12-24 = 08:30-12:00\n");
	struct od_leave *leave = leave_of("2026-12-24T00:00 2026-12-25T00:00 floating\n");
	struct od_leave *hour = leave_of("2026-12-24T09:30 2026-12-24T10:30 floating\n");

	(void) state;
	check_at(&b, leave, "2026-12-24 09:00", false, "2026-12-25 08:30");
	check_at(&b, hour, "2026-12-24 10:00", false, "2026-12-24 10:30");
	od_leave_free(leave);
	od_leave_free(hour);
	bench_done(&b);
}

static void test_a_day_of_leave_takes_the_night_that_starts_on_it(void **state)
{
	struct bench b = build("timezone = Europe/Monaco\nfriday-saturday = 22:00-06:00\n");
	struct od_leave *day = leave_of("2026-05-15T00:00 2026-05-16T00:00 floating\n");
	struct od_leave *hours = leave_of("2026-05-15T20:00 2026-05-16T02:00 floating\n");

	(void) state;
	check_at(&b, day, "2026-05-15 23:00", false, "2026-05-16 22:00");
	check_at(&b, hours, "2026-05-15 23:00", false, "2026-05-16 02:00");
	check_at(&b, hours, "2026-05-16 02:00", true, "2026-05-16 06:00");
	od_leave_free(day);
	od_leave_free(hours);
	bench_done(&b);
}

static void test_leave_inside_always_on(void **state)
{
	struct bench b = build("timezone = Europe/Monaco\nmonday-sunday = 00:00-24:00\n");
	struct od_leave *leave = leave_of("2026-07-01T10:00:00Z 2026-07-02T10:00:00Z\n"
					  "2026-07-02T12:00 2026-07-03T00:00 floating\n");

	(void) state;
	check_at(&b, leave, "2026-05-15 23:00", true, "2026-07-01 10:00Z");
	/* 10:00Z is 12:00 in Monaco: two absences that touch are one */
	check_at(&b, leave, "2026-07-01 10:00Z", false, "2026-07-03 00:00");
	check_at(&b, leave, "2026-07-03 00:00", true, "never");
	od_leave_free(leave);
	bench_done(&b);
}

/* -- reasons ------------------------------------------------------------------------------- */

static void test_reasons_name_the_line(void **state)
{
	struct bench b = build(W "holidays = fr\n");
	struct od_span span;

	(void) state;
	span = check_at(&b, none, "2026-05-07 09:00", true, "2026-05-07 12:30");
	assert_int_equal(span.reason.rule, OD_RULE_HOURS);
	assert_string_equal(span.reason.origin.file, "test");
	assert_int_equal(span.reason.origin.line, 1);
	assert_string_equal(span.reason.label, "test");
	assert_string_equal(span.reason.zone, "Europe/Monaco");
	span = check_at(&b, none, "2026-05-08 09:00", false, "2026-05-11 08:30");
	assert_int_equal(span.reason.rule, OD_RULE_HOLIDAY);
	assert_string_equal(span.reason.detail, "Victoire 1945");
	assert_string_equal(span.reason.origin.file, "fr");
	span = check_at(&b, none, "2026-05-09 09:00", false, "2026-05-11 08:30");
	assert_int_equal(span.reason.rule, OD_RULE_HOURS); /* Saturday: no line, the section */
	assert_int_equal(span.reason.origin.line, 0);
	assert_null(span.reason.detail);
	bench_done(&b);
}

static void test_local_zone_is_used_where_none_is_named(void **state)
{
	struct bench b = build("monday-friday = 08:30-17:30\n");
	struct od_zone *paris = load_zone("Europe/Paris"), *york = load_zone("America/New_York");
	struct od_span span;

	(void) state;
	od_schedule_at(b.schedule, paris, NULL, at(NULL, "2026-05-07 07:00"), &span);
	assert_true(span.on);
	assert_string_equal(span.reason.zone, "Europe/Paris");
	od_schedule_at(b.schedule, york, NULL, at(NULL, "2026-05-07 07:00"), &span);
	assert_false(span.on);
	assert_instant(span.until_us, at(NULL, "2026-05-07 12:30"));
	od_schedule_at(b.schedule, NULL, NULL, at(NULL, "2026-05-07 07:00"), &span);
	assert_false(span.on);
	assert_string_equal(span.reason.zone, "UTC");
	od_zone_unref(paris);
	od_zone_unref(york);
	bench_done(&b);
}

static void test_instants_outside_the_calendar_are_off(void **state)
{
	struct bench b = build(W "holidays = mc\n");
	struct od_span span;

	(void) state;
	od_schedule_at(b.schedule, NULL, NULL, INT64_MIN, &span);
	assert_false(span.on);
	od_schedule_at(b.schedule, NULL, NULL, OD_NEVER, &span);
	assert_false(span.on);
	assert_instant(span.until_us, OD_NEVER);
	bench_done(&b);
}

/* -- properties ---------------------------------------------------------------------------- */

static void walk(const struct bench *bench, const struct od_leave *leave, const char *from,
	const char *until, uint64_t *seed)
{
	int64_t t = at(NULL, from), end = at(NULL, until), total = 0, begin = t;
	struct od_span span, inside;

	od_schedule_at(bench->schedule, NULL, leave, t, &span);
	while (t < end) {
		int64_t stop = span.until_us < end ? span.until_us : end;

		assert_true(span.until_us > t);
		for (unsigned i = 0; i < 6; i++) { /* constant in between, same end */
			*seed = *seed * 6364136223846793005u + 1442695040888963407u;
			od_schedule_at(bench->schedule, NULL, leave,
				t + (int64_t) (*seed >> 16) % (stop - t), &inside);
			if (inside.on != span.on || inside.until_us != span.until_us)
				fail_msg("after %s: %d until %s, not %s", show(t), inside.on,
					show(inside.until_us), show(span.until_us));
		}
		total += stop - t;
		t = stop;
		od_schedule_at(bench->schedule, NULL, leave, t, &inside);
		assert_true(t == end || inside.on != span.on); /* flips at next */
		span = inside;
	}
	assert_true(total == end - begin);
}

static void test_properties_in_many_zones(void **state)
{
	static const char *const zones[] = { "Europe/Monaco", "Australia/Lord_Howe", "Pacific/Apia",
		"America/Santiago", "Africa/Cairo", "America/St_Johns", "Africa/Casablanca",
		"Asia/Kathmandu", "Europe/Dublin", "America/Havana", "Asia/Beirut",
		"Antarctica/Troll" };
	static const char *const schedules[] = {
		"monday-friday = 08:30-12:30, 13:30-17:30\nholidays = fr\n",
		"monday-sunday = 22:00-06:00, 00:00-01:30, 02:15-03:00\n",
		("cycle = 3w from 2010-01-04\nweek1.monday-sunday = 00:00-24:00\n"
		 "week2.saturday = 23:45-00:15\nweek3.sunday = 01:30-02:30, 23:00-22:00\n"
		 "holidays = mc\nbefore = 20m\nafter = 10m\n"),
		"monday-sunday = 00:00-24:00\nholidays = uk\nday 13 = off\nsunday -1 = "
		"23:00-24:00\n",
	};
	struct od_leave *leave = leave_of("2011-04-23T22:30 2011-04-24T00:30 floating\n"
					  "2011-12-29T12:00 2011-12-31T03:00 floating\n"
					  "2012-03-25T02:10 2012-03-25T02:50 floating\n"
					  "2012-03-25T03:00 2012-03-25T03:20 floating\n"
					  "2012-10-28T00:30:00Z 2012-10-28T03:00:00Z\n");
	uint64_t seed = 42;

	(void) state;
	for (size_t z = 0; z < OD_ELEMENTS(zones); z++)
		for (size_t s = 0; s < OD_ELEMENTS(schedules); s++) {
			char text[1024];
			struct bench bench;

			snprintf(text, sizeof(text), "timezone = %s\n%s", zones[z], schedules[s]);
			bench = build(text);
			walk(&bench, s % 2 ? leave : NULL, "2011-01-01 00:00", "2013-02-01 00:00",
				&seed);
			bench_done(&bench);
		}
	od_leave_free(leave);
}

/* Whatever TZ the process has: the answers are the same (the library asks no environment). */
static void test_the_zone_of_the_process_is_irrelevant(void **state)
{
	static const char *const tz[] = { "UTC", "Asia/Kathmandu", "America/St_Johns",
		":/nowhere" };
	struct bench b = build(W "holidays = mc\n");

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(tz); i++) {
		assert_int_equal(setenv("TZ", tz[i], 1), 0);
		check_at(&b, none, "2026-10-23 16:00Z", false, "2026-10-26 07:30Z");
		check_at(&b, none, "2026-11-02 09:00Z", false, "2026-11-03 07:30Z");
	}
	unsetenv("TZ");
	bench_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_working_day),
		cmocka_unit_test(test_windows_are_half_open),
		cmocka_unit_test(test_a_weekend_with_a_dst_night_is_longer),
		cmocka_unit_test(test_overnight_windows_keep_their_civil_ends),
		cmocka_unit_test(test_a_window_in_a_gap_is_empty),
		cmocka_unit_test(test_windows_are_joined_as_instants),
		cmocka_unit_test(test_grace_reaches_over_a_day_left_out),
		cmocka_unit_test(test_always_on_never_changes),
		cmocka_unit_test(test_always_off_never_changes),
		cmocka_unit_test(test_far_lines_are_found),
		cmocka_unit_test(test_a_whole_day_ends_once),
		cmocka_unit_test(test_touching_and_overlapping_windows_are_one),
		cmocka_unit_test(test_overnight_windows_belong_to_the_day_they_start),
		cmocka_unit_test(test_a_holiday_cuts_the_night_before),
		cmocka_unit_test(test_precedence_of_lines),
		cmocka_unit_test(test_dates_override_weekdays_and_open_holidays),
		cmocka_unit_test(test_leap_days),
		cmocka_unit_test(test_a_single_day_beats_a_range_wherever_it_stands),
		cmocka_unit_test(test_an_anchored_cycle_alternates),
		cmocka_unit_test(test_holidays_worked),
		cmocka_unit_test(test_grace_widens_and_closes_short_breaks),
		cmocka_unit_test(test_all_day_leave),
		cmocka_unit_test(test_timed_leave_takes_only_its_hours),
		cmocka_unit_test(test_leave_beats_full_dates),
		cmocka_unit_test(test_a_day_of_leave_takes_the_night_that_starts_on_it),
		cmocka_unit_test(test_leave_inside_always_on),
		cmocka_unit_test(test_reasons_name_the_line),
		cmocka_unit_test(test_local_zone_is_used_where_none_is_named),
		cmocka_unit_test(test_instants_outside_the_calendar_are_off),
		cmocka_unit_test(test_properties_in_many_zones),
		cmocka_unit_test(test_the_zone_of_the_process_is_irrelevant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

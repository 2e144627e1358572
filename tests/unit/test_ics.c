#include "time_support.h"

#include "base/array.h"
#include "calendar/feed.h"
#include "calendar/ics.h"
#include "calendar/lines.h"

#define HEAD        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
#define TAIL        "END:VCALENDAR\r\n"
#define EVENT(text) HEAD "BEGIN:VEVENT\r\nUID:1\r\n" text "END:VEVENT\r\n" TAIL

static unsigned warnings;

static int load(const char *name, void *userdata, struct od_zone **ret)
{
	(void) userdata;
	return od_feed_load_zone("/usr/share/zoneinfo", name, ret);
}

static void warn(unsigned line, const char *text, const char *what, void *userdata)
{
	(void) userdata;
	assert_true(line > 0 && text && what);
	warnings++;
}

static struct od_ics_options options(void)
{
	return (struct od_ics_options){ .event = { .warn = warn },
		.load_zone = load,
		.from_us = at(NULL, "2026-01-01 00:00"),
		.until_us = at(NULL, "2029-01-01 00:00") };
}

static void check_with(const struct od_ics_options *how, const char *ics, const char *list)
{
	struct od_leave *leave = NULL;
	struct od_ics_error error = { 0 };
	char *text = NULL;
	int r = od_ics_convert(ics, strlen(ics), how, &leave, &error);

	if (r != 0)
		fail_msg("%d, line %u, %s: %s", r, error.line, error.property, error.text);
	assert_int_equal(od_leave_format(leave, &text), 0);
	assert_string_equal(strchr(text, '\n') + 1, list);
	free(text);
	od_leave_free(leave);
}

static void check(const char *ics, const char *list)
{
	struct od_ics_options how = options();

	check_with(&how, ics, list);
}

/* -- days and times ------------------------------------------------------------------------ */

static void test_all_day_end_is_exclusive(void **state)
{
	(void) state;
	check(EVENT("DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261227\r\n"),
		"2026-12-24T00:00 2026-12-27T00:00 floating\n");
	check(EVENT("DTSTART;VALUE=DATE:20261224\r\n"),
		"2026-12-24T00:00 2026-12-25T00:00 floating\n");
	check(EVENT("DTSTART;VALUE=DATE:20261224\r\nDURATION:P1W\r\n"),
		"2026-12-24T00:00 2026-12-31T00:00 floating\n");
	check(EVENT("DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261224\r\n"),
		"2026-12-24T00:00 2026-12-25T00:00 floating\n");
}

static void test_timed_events(void **state)
{
	(void) state;
	check(EVENT("DTSTART:20261125T130000Z\r\nDTEND:20261125T170000Z\r\n"),
		"2026-11-25T13:00Z 2026-11-25T17:00Z\n");
	check(EVENT("DTSTART;TZID=Europe/Paris:20261125T140000\r\n"
		    "DTEND;TZID=Europe/Paris:20261125T180000\r\n"),
		"2026-11-25T13:00Z 2026-11-25T17:00Z\n");
	check(EVENT("DTSTART:20261125T140000\r\nDURATION:PT4H\r\n"),
		"2026-11-25T14:00 2026-11-25T18:00 floating\n");
	check(EVENT("DTSTART:20261125T140000Z\r\n"), ""); /* no length: nobody is away */
}

static void test_dst_nights_are_ours_not_libicals(void **state)
{
	(void) state;
	/* the first 02:30 of the night the clock goes back; from the gap: one hour later */
	check(EVENT("DTSTART;TZID=Europe/Monaco:20261025T023000\r\nDURATION:PT10M\r\n"),
		"2026-10-25T00:30Z 2026-10-25T00:40Z\n");
	check(EVENT("DTSTART;TZID=Europe/Monaco:20260329T023000\r\nDURATION:PT10M\r\n"),
		"2026-03-29T01:30Z 2026-03-29T01:40Z\n");
	/* a day is a day, 24 hours are 24 hours */
	check(EVENT("DTSTART;TZID=Europe/Monaco:20261024T120000\r\nDURATION:P1D\r\n"),
		"2026-10-24T10:00Z 2026-10-25T11:00Z\n");
	check(EVENT("DTSTART;TZID=Europe/Monaco:20261024T120000\r\nDURATION:PT24H\r\n"),
		"2026-10-24T10:00Z 2026-10-25T10:00Z\n");
	check(EVENT("DTSTART;TZID=Europe/Monaco:20261024T120000\r\nDURATION:PT1H\r\n"
		    "RRULE:FREQ=DAILY;COUNT=3\r\n"),
		"2026-10-24T10:00Z 2026-10-24T11:00Z\n"
		"2026-10-25T11:00Z 2026-10-25T12:00Z\n"
		"2026-10-26T11:00Z 2026-10-26T12:00Z\n");
}

static void test_zone_names(void **state)
{
	static const char *const paris[] = { "Romance Standard Time", "Europe/Paris",
		"/freeassociation.sourceforge.net/Europe/Paris",
		"/mozilla.org/20070129_1/Europe/Paris", "\"Romance Standard Time\"" };
	char ics[1024];

	(void) state;
	warnings = 0;
	for (size_t i = 0; i < OD_ELEMENTS(paris); i++) {
		snprintf(ics, sizeof(ics),
			EVENT("DTSTART;TZID=%s:20261125T140000\r\nDURATION:PT4H\r\n"), paris[i]);
		check(ics, "2026-11-25T13:00Z 2026-11-25T17:00Z\n");
	}
	check(HEAD "BEGIN:VTIMEZONE\r\nTZID:Bureau\r\nX-LIC-LOCATION:Europe/Paris\r\n"
		   "BEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nTZOFFSETFROM:+0200\r\n"
		   "TZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
		   "BEGIN:VEVENT\r\nDTSTART;TZID=Bureau:20261125T140000\r\nDURATION:PT4H\r\n"
		   "END:VEVENT\r\n" TAIL,
		"2026-11-25T13:00Z 2026-11-25T17:00Z\n");
	assert_int_equal(warnings, 0);
}

static void test_an_unknown_zone_is_the_schedules(void **state)
{
	struct od_zone *zone = load_zone("Asia/Tokyo");
	struct od_ics_options how = options();
	static const char ics[] =
		EVENT("DTSTART;TZID=Nowhere/../../etc/passwd:20261125T140000\r\nDURATION:PT4H\r\n");

	(void) state;
	warnings = 0;
	check(ics, "2026-11-25T14:00 2026-11-25T18:00 floating\n");
	assert_int_equal(warnings, 1);
	how.event.zone = zone;
	check_with(&how, ics, "2026-11-25T05:00Z 2026-11-25T09:00Z\n");
	od_zone_unref(zone);
}

static void test_windows_names_are_zones_here(void **state)
{
	struct od_zone *zone = NULL;

	(void) state;
	assert_string_equal(od_tzid_from_windows("Romance Standard Time"), "Europe/Paris");
	assert_string_equal(od_tzid_from_windows("AUS Central Standard Time"), "Australia/Darwin");
	assert_string_equal(od_tzid_from_windows("Yukon Standard Time"), "America/Whitehorse");
	assert_string_equal(od_tzid_from_windows("UTC"), "UTC");
	assert_null(od_tzid_from_windows("Monaco Standard Time"));
	assert_int_equal(load(od_tzid_from_windows("Nepal Standard Time"), NULL, &zone), 0);
	od_zone_unref(zone);
	assert_true(od_tzid_is_plain("America/Argentina/Buenos_Aires"));
	assert_false(od_tzid_is_plain("../../etc/passwd"));
	assert_false(od_tzid_is_plain("/etc/passwd"));
	assert_false(od_tzid_is_plain("a//b"));
	assert_false(od_tzid_is_plain(""));
}

/* -- what counts --------------------------------------------------------------------------- */

static void test_what_is_no_absence(void **state)
{
#define DAY "DTSTART;VALUE=DATE:20261224\r\n"
	static const char *const away = "2026-12-24T00:00 2026-12-25T00:00 floating\n";
	struct od_ics_options turns = options();
	od_strings wanted = { 0 };

	(void) state;
	turns.event.turns = true;
	check(EVENT(DAY "TRANSP:OPAQUE\r\n"), away);
	check(EVENT(DAY "TRANSP:TRANSPARENT\r\n"), "");
	check(EVENT(DAY "STATUS:CANCELLED\r\n"), "");
	check(EVENT(DAY "STATUS:CONFIRMED\r\n"), away);
	check(EVENT(DAY "STATUS:CANCELLED\r\nX-MICROSOFT-CDO-BUSYSTATUS:OOF\r\n"), "");
	/* Outlook says it in its own word, and marks all-day events transparent */
	check(EVENT(DAY "TRANSP:TRANSPARENT\r\nX-MICROSOFT-CDO-BUSYSTATUS:OOF\r\n"), away);
	check(EVENT(DAY "X-MICROSOFT-CDO-BUSYSTATUS:BUSY\r\n"), "");
	check(EVENT(DAY "X-MICROSOFT-CDO-BUSYSTATUS:FREE\r\n"), "");
	check_with(&turns, EVENT(DAY "X-MICROSOFT-CDO-BUSYSTATUS:BUSY\r\n"), away);
	check_with(&turns, EVENT(DAY "X-MICROSOFT-CDO-BUSYSTATUS:FREE\r\n"), "");
	assert_int_equal(od_strings_add(&wanted, "leave", (size_t) -1), 0);
	turns.event.categories = &wanted;
	check_with(&turns, EVENT(DAY), "");
	check_with(&turns, EVENT(DAY "CATEGORIES:Work,Leave\r\n"), away);
	check_with(&turns, EVENT(DAY "CATEGORIES:Work\r\n"), "");
	od_strings_done(&wanted);
#undef DAY
}

static void test_only_events_of_the_calendar_itself_count(void **state)
{
	(void) state;
	check(HEAD "BEGIN:VTODO\r\nDTSTART;VALUE=DATE:20261224\r\nEND:VTODO\r\n" TAIL, "");
	check(EVENT("DTSTART:20261125T130000Z\r\nDURATION:PT1H\r\nBEGIN:VALARM\r\n"
		    "DTSTART:20261126T130000Z\r\nDURATION:PT9H\r\nEND:VALARM\r\n"),
		"2026-11-25T13:00Z 2026-11-25T14:00Z\n");
	check(HEAD TAIL, "");
}

/* -- recurrence ---------------------------------------------------------------------------- */

static void test_recurrence(void **state)
{
	(void) state;
	check(EVENT("DTSTART;VALUE=DATE:20240229\r\nRRULE:FREQ=YEARLY\r\n"),
		"2028-02-29T00:00 2028-03-01T00:00 floating\n");
	check(EVENT("DTSTART;VALUE=DATE:20260131\r\nRRULE:FREQ=MONTHLY;COUNT=3\r\n"),
		"2026-01-31T00:00 2026-02-01T00:00 floating\n"
		"2026-03-31T00:00 2026-04-01T00:00 floating\n"
		"2026-05-31T00:00 2026-06-01T00:00 floating\n");
	/* the week begins on another day, so other days are in every second week */
	check(EVENT("DTSTART;VALUE=DATE:20260804\r\n"
		    "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO\r\n"),
		"2026-08-04T00:00 2026-08-05T00:00 floating\n"
		"2026-08-09T00:00 2026-08-10T00:00 floating\n"
		"2026-08-18T00:00 2026-08-19T00:00 floating\n"
		"2026-08-23T00:00 2026-08-24T00:00 floating\n");
	check(EVENT("DTSTART;VALUE=DATE:20260804\r\n"
		    "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU\r\n"),
		"2026-08-04T00:00 2026-08-05T00:00 floating\n"
		"2026-08-16T00:00 2026-08-17T00:00 floating\n"
		"2026-08-18T00:00 2026-08-19T00:00 floating\n"
		"2026-08-30T00:00 2026-08-31T00:00 floating\n");
}

static void test_until_is_inclusive_also_in_another_zone(void **state)
{
	(void) state;
	check(EVENT("DTSTART;VALUE=DATE:20260804\r\nRRULE:FREQ=DAILY;UNTIL=20260805\r\n"),
		"2026-08-04T00:00 2026-08-06T00:00 floating\n");
	/* 01:00 in Tokyo on the 5th is 16:00Z on the 4th */
	check(EVENT("DTSTART;TZID=Asia/Tokyo:20260803T010000\r\nDURATION:PT1H\r\n"
		    "RRULE:FREQ=DAILY;UNTIL=20260804T160000Z\r\n"),
		"2026-08-02T16:00Z 2026-08-02T17:00Z\n"
		"2026-08-03T16:00Z 2026-08-03T17:00Z\n"
		"2026-08-04T16:00Z 2026-08-04T17:00Z\n");
	check(EVENT("DTSTART;TZID=Asia/Tokyo:20260803T010000\r\nDURATION:PT1H\r\n"
		    "RRULE:FREQ=DAILY;UNTIL=20260804T155959Z\r\n"),
		"2026-08-02T16:00Z 2026-08-02T17:00Z\n"
		"2026-08-03T16:00Z 2026-08-03T17:00Z\n");
	check(EVENT("DTSTART:20260803T010000Z\r\nDURATION:PT1H\r\n"
		    "RRULE:FREQ=DAILY;UNTIL=20260804\r\n"),
		"2026-08-03T01:00Z 2026-08-03T02:00Z\n2026-08-04T01:00Z 2026-08-04T02:00Z\n");
}

static void test_dates_taken_out_and_put_in(void **state)
{
	(void) state;
	check(EVENT("DTSTART;TZID=Europe/Paris:20261001T140000\r\nDURATION:PT2H\r\n"
		    "RRULE:FREQ=WEEKLY;COUNT=4\r\n"
		    "EXDATE;TZID=Europe/Paris:20261008T140000,20261015T140000\r\n"
		    "RDATE:20261010T120000Z\r\n"),
		"2026-10-01T12:00Z 2026-10-01T14:00Z\n"
		"2026-10-10T12:00Z 2026-10-10T14:00Z\n"
		"2026-10-22T12:00Z 2026-10-22T14:00Z\n");
	/* in UTC, and as a plain date, as some write it */
	check(EVENT("DTSTART;TZID=Europe/Paris:20261001T140000\r\nDURATION:PT2H\r\n"
		    "RRULE:FREQ=WEEKLY;COUNT=3\r\nEXDATE:20261008T120000Z\r\n"
		    "EXDATE;VALUE=DATE:20261015\r\n"),
		"2026-10-01T12:00Z 2026-10-01T14:00Z\n");
}

static void test_overrides_replace_their_occurrence(void **state)
{
	static const char master[] =
		"BEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=Europe/Paris:20261001T140000"
		"\r\nDURATION:PT2H\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\n"
		"END:VEVENT\r\n";
	char ics[2048];

	(void) state;
	snprintf(ics, sizeof(ics),
		HEAD "%sBEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID:20261008T120000Z\r\n"
		     "DTSTART:20261009T080000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
		     "BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID;TZID=Europe/Paris:20261015T140000\r\n"
		     "DTSTART;TZID=Europe/Paris:20261015T140000\r\nSTATUS:CANCELLED\r\n"
		     "END:VEVENT\r\n"
		     "BEGIN:VEVENT\r\nUID:b\r\nRECURRENCE-ID:20261001T120000Z\r\n"
		     "DTSTART:20261201T080000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n" TAIL,
		master);
	check(ics, "2026-10-01T12:00Z 2026-10-01T14:00Z\n"
		   "2026-10-09T08:00Z 2026-10-09T09:00Z\n"
		   "2026-12-01T08:00Z 2026-12-01T09:00Z\n");
}

static void test_the_highest_sequence_counts(void **state)
{
	(void) state;
	check(HEAD "BEGIN:VEVENT\r\nUID:a\r\nSEQUENCE:2\r\nDTSTART;VALUE=DATE:20261224\r\n"
		   "END:VEVENT\r\n"
		   "BEGIN:VEVENT\r\nUID:a\r\nSEQUENCE:1\r\nDTSTART;VALUE=DATE:20261220\r\n"
		   "END:VEVENT\r\n" TAIL,
		"2026-12-24T00:00 2026-12-25T00:00 floating\n");
	check(HEAD "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261224\r\nEND:VEVENT\r\n" /* no UID */
		   "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261220\r\nEND:VEVENT\r\n" TAIL,
		"2026-12-20T00:00 2026-12-21T00:00 floating\n"
		"2026-12-24T00:00 2026-12-25T00:00 floating\n");
}

static void test_only_the_window_is_listed(void **state)
{
	(void) state;
	check(EVENT("DTSTART;VALUE=DATE:20201224\r\n"), "");
	check(EVENT("DTSTART;VALUE=DATE:20401224\r\n"), "");
	check(EVENT("DTSTART;VALUE=DATE:20251224\r\nDTEND;VALUE=DATE:20260105\r\n"),
		"2025-12-24T00:00 2026-01-05T00:00 floating\n");
}

/* -- text ---------------------------------------------------------------------------------- */

static void test_lines_end_and_fold_as_they_like(void **state)
{
	(void) state;
	check("\xef\xbb\xbf"
	      "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DA\n TE:202612\n\t24\n"
	      "SUMMARY:Cong\xc3\n \xa9s\nend:vevent\nEND:VCALENDAR",
		"2026-12-24T00:00 2026-12-25T00:00 floating\n");
}

static void check_fault(
	const char *ics, size_t size, int result, unsigned line, const char *property)
{
	struct od_ics_options how = options();
	struct od_leave *leave = NULL;
	struct od_ics_error error = { 0 };
	int r = od_ics_convert(ics, size, &how, &leave, &error);

	assert_null(leave);
	if (r != result || error.line != line || !error.text ||
		strcmp(property, error.property ? error.property : "") != 0)
		fail_msg("%.60s: %d, line %u, %s: %s", ics, r, error.line, error.property,
			error.text);
}

static void test_faults_name_their_line(void **state)
{
#define START "DTSTART;VALUE=DATE:20261224\r\n" /* line 5 */
	static const struct {
		const char *ics;
		int result;
		unsigned line;
		const char *property;
	} rows[] = {
		{ "", OD_E_SYNTAX, 1, "" },
		{ "hello\r\n", OD_E_SYNTAX, 1, "" },
		{ "<html>\r\n", OD_E_SYNTAX, 1, "" },
		{ "BEGIN:VEVENT\r\n", OD_E_SYNTAX, 1, "BEGIN" },
		{ HEAD, OD_E_SYNTAX, 3, "" },
		{ HEAD "BEGIN:VEVENT\r\n" START, OD_E_SYNTAX, 5, "" },
		{ HEAD "BEGIN:VEVENT\r\n" START "END:VTODO\r\n", OD_E_SYNTAX, 5, "END" },
		{ HEAD "END:VEVENT\r\n", OD_E_SYNTAX, 3, "END" },
		{ EVENT("SUMMARY:x\r\n"), OD_E_SYNTAX, 3, "DTSTART" },
		{ EVENT("DTSTART:tomorrow\r\n"), OD_E_SYNTAX, 5, "DTSTART" },
		{ EVENT("DTSTART;VALUE=DATE:20260230\r\n"), OD_E_SYNTAX, 5, "DTSTART" },
		{ EVENT("DTSTART:20261224T250000Z\r\n"), OD_E_SYNTAX, 5, "DTSTART" },
		{ EVENT(START "DTEND:20261225T100000Z\r\n"), OD_E_SYNTAX, 6, "DTEND" },
		{ EVENT(START "DTEND;VALUE=DATE:20261220\r\n"), OD_E_RANGE, 6, "DTEND" },
		{ EVENT(START "DTEND;VALUE=DATE:20461220\r\n"), OD_E_RANGE, 6, "DTEND" },
		{ EVENT(START "DURATION:-P1D\r\n"), OD_E_RANGE, 6, "DURATION" },
		{ EVENT(START "DURATION:P99999D\r\n"), OD_E_RANGE, 6, "DURATION" },
		{ EVENT(START "RRULE:FREQ=SECONDLY\r\n"), OD_E_RANGE, 6, "RRULE" },
		{ EVENT(START "RRULE:FREQ=MINUTELY;COUNT=2\r\n"), OD_E_RANGE, 6, "RRULE" },
		{ EVENT(START "RRULE:FREQ=HOURLY\r\n"), OD_E_RANGE, 6, "RRULE" },
		{ EVENT(START "RRULE:FREQ=SOMETIMES\r\n"), OD_E_SYNTAX, 6, "RRULE" },
		{ EVENT(START "SUMMARY:\xff\r\n"), OD_E_SYNTAX, 6, "" },
		{ EVENT(START "SUMMARY:\xc3\r\n"), OD_E_SYNTAX, 6, "" },
	};

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(rows); i++)
		check_fault(rows[i].ics, strlen(rows[i].ics), rows[i].result, rows[i].line,
			rows[i].property);
	check_fault(HEAD "X:\0\r\n" TAIL, sizeof(HEAD "X:\0\r\n" TAIL) - 1, OD_E_SYNTAX, 3, "");
#undef START
}

static void test_bounds(void **state)
{
	size_t room = OD_LINES_TEXT_MAX + 100, n;
	char *text = malloc(room);

	(void) state;
	/* too long a feed, too long a line */
	memset(text, 'x', room);
	check_fault(text, room, OD_E_LIMIT, 1, "");
	n = (size_t) snprintf(text, room, HEAD "SUMMARY:");
	text[n] = 'x';
	check_fault(text, room - 100, OD_E_LIMIT, 3, "");
	/* deep nesting */
	n = 0;
	for (int i = 0; i < 9; i++)
		n += (size_t) snprintf(text + n, room - n, "BEGIN:VCALENDAR\n");
	check_fault(text, n, OD_E_SYNTAX, 9, "BEGIN");
	/* one event too large */
	n = (size_t) snprintf(text, room, HEAD "BEGIN:VEVENT\nEXDATE:2026");
	for (int i = 0; i < 30000; i++)
		n += (size_t) snprintf(text + n, room - n, ",20260101T%06d", i);
	n += (size_t) snprintf(text + n, room - n, "\nEND:VEVENT\n" TAIL);
	check_fault(text, n, OD_E_LIMIT, 3, "");
	free(text);
}

static void test_too_many_occurrences(void **state)
{
	(void) state;
	check_fault(
		EVENT("DTSTART:20260101T000000Z\r\nDURATION:PT0S\r\n"
		      "RRULE:FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19;"
		      "BYMINUTE=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,"
		      "25,"
		      "26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,"
		      "50\r\n"),
		strlen(EVENT(
			"DTSTART:20260101T000000Z\r\nDURATION:PT0S\r\n"
			"RRULE:FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19;"
			"BYMINUTE=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,"
			"25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,"
			"49,"
			"50\r\n")),
		OD_E_LIMIT, 3, "");
}

static void test_a_hundred_thousand_events(void **state)
{
	struct od_ics_options how = options();
	size_t room = OD_LINES_TEXT_MAX + 1, n;
	struct od_ics_error error = { 0 };
	struct od_leave *leave = NULL;
	char *text = malloc(room);

	(void) state;
	for (int extra = 0; extra < 2; extra++) {
		n = (size_t) snprintf(text, room, HEAD);
		for (int i = 0; i < OD_ICS_EVENTS_MAX + extra; i++)
			n += (size_t) snprintf(text + n, room - n,
				"BEGIN:VEVENT\nDTSTART:20260101T%02d%02d00Z\nDURATION:PT1M\n"
				"UID:%d\nEND:VEVENT\n",
				i / 60 % 24, i % 60, i);
		n += (size_t) snprintf(text + n, room - n, TAIL);
		assert_int_equal(
			od_ics_convert(text, n, &how, &leave, &error), extra ? OD_E_LIMIT : 0);
		if (!extra)
			assert_int_equal(leave->spans.n, 1); /* one whole day */
		od_leave_free(leave);
		leave = NULL;
	}
	assert_int_equal(error.line, 3 + 5 * OD_ICS_EVENTS_MAX);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_day_end_is_exclusive),
		cmocka_unit_test(test_timed_events),
		cmocka_unit_test(test_dst_nights_are_ours_not_libicals),
		cmocka_unit_test(test_zone_names),
		cmocka_unit_test(test_an_unknown_zone_is_the_schedules),
		cmocka_unit_test(test_windows_names_are_zones_here),
		cmocka_unit_test(test_what_is_no_absence),
		cmocka_unit_test(test_only_events_of_the_calendar_itself_count),
		cmocka_unit_test(test_recurrence),
		cmocka_unit_test(test_until_is_inclusive_also_in_another_zone),
		cmocka_unit_test(test_dates_taken_out_and_put_in),
		cmocka_unit_test(test_overrides_replace_their_occurrence),
		cmocka_unit_test(test_the_highest_sequence_counts),
		cmocka_unit_test(test_only_the_window_is_listed),
		cmocka_unit_test(test_lines_end_and_fold_as_they_like),
		cmocka_unit_test(test_faults_name_their_line),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_too_many_occurrences),
		cmocka_unit_test(test_a_hundred_thousand_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What the tests of time share: zones of this host, instants as people write them, schedules and
 * calendars from text. Faults end the test. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/scan.h"
#include "model/schedule.h"

#define DAY_USEC (86400 * OD_USEC_PER_SEC)

static inline void *read_whole(const char *path, size_t *ret_size)
{
	FILE *file = fopen(path, "rb");
	char *bytes = malloc(1 << 20);

	if (!file || !bytes)
		fail_msg("%s cannot be read", path);
	*ret_size = fread(bytes, 1, (1 << 20) - 1, file);
	bytes[*ret_size] = '\0';
	fclose(file);
	return bytes;
}

static inline struct od_zone *load_zone(const char *name)
{
	struct od_zone *zone = NULL;
	char path[256];
	void *bytes;
	size_t size;

	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);
	bytes = read_whole(path, &size);
	assert_int_equal(od_zone_parse(name, bytes, size, &zone), 0);
	free(bytes);
	return zone;
}

/* "2026-03-29 02:30" or "2026-03-29 02:30:15" on the clock of @zone (NULL: UTC). */
static inline int64_t at(const struct od_zone *zone, const char *text)
{
	int year, month, day, hour, minute, second = 0;
	int64_t seconds;

	if (sscanf(text, "%d-%d-%d %d:%d:%d", &year, &month, &day, &hour, &minute, &second) < 5)
		fail_msg("not an instant: %s", text);
	seconds = hour * 3600 + minute * 60 + second;
	day = od_day_from_civil(year, month, day);
	if (zone)
		return od_zone_instant(zone, day, seconds);
	return day * DAY_USEC + seconds * OD_USEC_PER_SEC;
}

static inline int32_t day_of(const char *text)
{
	const char *p = text;
	int year, month, day;

	assert_int_equal(od_scan_date(&p, &year, &month, &day), 0);
	return od_day_from_civil(year, month, day);
}

/* An instant in UTC, for messages; a ring of buffers. */
static inline const char *show(int64_t us)
{
	static char texts[4][40];
	static unsigned turn;
	char *text = texts[turn++ % 4];
	int year, month, day, seconds;
	int32_t number;
	struct od_zone *utc = od_zone_utc();

	if (us == OD_NEVER)
		return "never";
	od_zone_civil(utc, us, &number, &seconds);
	od_day_to_civil(number, &year, &month, &day);
	snprintf(text, sizeof(texts[0]), "%04d-%02d-%02d %02d:%02d:%02dZ", year, month, day,
		seconds / 3600, seconds / 60 % 60, seconds % 60);
	od_zone_unref(utc);
	return text;
}

#define assert_instant(found, wanted)                                                              \
	do {                                                                                       \
		int64_t found_ = (found), wanted_ = (wanted);                                      \
		if (found_ != wanted_)                                                             \
			fail_msg("%s, not %s", show(found_), show(wanted_));                       \
	} while (0)

/* Splits "key = value" in place; false for a comment, a section or an empty line. */
static inline bool split_line(char *line, char **ret_key, char **ret_value)
{
	char *equals = strstr(line, " = "), *value;
	size_t n;

	if (line[0] == ';' || line[0] == '[' || !equals)
		return false;
	*equals = '\0';
	value = equals + 3;
	n = strlen(value);
	if (n > 1 && value[0] == '"' && value[n - 1] == '"') {
		value[n - 1] = '\0';
		value++;
	}
	*ret_key = line;
	*ret_value = value;
	return true;
}

/* policies/holidays/ID.ini */
static inline struct od_calendar *load_calendar(const char *id)
{
	struct od_calendar *calendar = od_calendar_new(id, id);
	const char *expected = NULL;
	bool inside = false;
	unsigned number = 0;
	char path[512], *text, *rest, *line;
	size_t size;

	assert_non_null(calendar);
	snprintf(path, sizeof(path), OFFDUTY_SOURCE_DIR "/policies/holidays/%s.ini", id);
	text = rest = read_whole(path, &size);
	while ((line = strsep(&rest, "\n")) != NULL) {
		char *key, *value;

		number++;
		if (line[0] == '[')
			inside = strcmp(line, "[holidays]") == 0;
		if (!split_line(line, &key, &value) || !inside)
			continue;
		if (od_calendar_add(
			    calendar, key, value, (struct od_origin){ id, number }, &expected) != 0)
			fail_msg("%s:%u: expected %s", path, number, expected);
	}
	free(text);
	return calendar;
}

/* A schedule with what it borrows. */
struct bench {
	struct od_zone *zone;
	struct od_schedule *schedule;
	struct od_calendar *calendar;
	char *text; /* origins point into it */
};

/* "KEY = VALUE\n..." as in [schedule test]; timezone, cycle, before, after, holidays (one),
 * holidays-worked and days. Line numbers from 1, file "test". */
static inline struct bench build(const char *text)
{
	struct bench bench = { 0 };
	char *copy = strdup(text), *rest = copy, *line, *key, *value;
	int64_t before = 0, after = 0;
	unsigned number = 0;

	bench.schedule = od_schedule_new("test", (struct od_origin){ "test", 0 });
	assert_non_null(bench.schedule);
	while ((line = strsep(&rest, "\n")) != NULL) {
		struct od_origin origin = { "test", ++number };
		const char *expected = "", *p;
		int r = 0;

		if (!split_line(line, &key, &value))
			continue;
		p = value;
		if (strcmp(key, "timezone") == 0) {
			bench.zone = load_zone(value);
			od_schedule_set_zone(bench.schedule, bench.zone);
		} else if (strcmp(key, "cycle") == 0) {
			r = od_schedule_set_cycle(bench.schedule, value, origin, &expected);
		} else if (strcmp(key, "before") == 0) {
			r = od_scan_duration(&p, &before);
		} else if (strcmp(key, "after") == 0) {
			r = od_scan_duration(&p, &after);
		} else if (strcmp(key, "holidays") == 0) {
			bench.calendar = load_calendar(value);
			r = od_schedule_add_calendar(bench.schedule, bench.calendar);
		} else if (strcmp(key, "holidays-worked") == 0) {
			r = od_schedule_add_worked(bench.schedule, value);
		} else {
			r = od_schedule_add(bench.schedule, key, value, origin, &expected);
		}
		if (r != 0)
			fail_msg("%s = %s: %d, expected %s", key, value, r, expected);
	}
	od_schedule_set_grace(bench.schedule, before, after);
	bench.text = copy;
	return bench;
}

static inline void bench_done(struct bench *bench)
{
	od_schedule_free(bench->schedule);
	od_calendar_free(bench->calendar);
	od_zone_unref(bench->zone);
	free(bench->text);
}

static inline struct od_leave *leave_of(const char *lines)
{
	struct od_leave *leave = NULL;
	unsigned line = 0;
	char text[4096];

	snprintf(text, sizeof(text), "offduty-instants 1\n%s", lines);
	if (od_leave_parse(text, strlen(text), &leave, &line) != 0)
		fail_msg("leave, line %u", line);
	return leave;
}

/* Asserts what holds at a civil time, and until which ("never", or UTC with a final Z). */
static inline struct od_span check_at(const struct bench *bench, const struct od_leave *leave,
	const char *when, bool on, const char *until)
{
	struct od_span span;
	int64_t wanted = OD_NEVER;

	if (strcmp(until, "never") != 0)
		wanted = at(until[strlen(until) - 1] == 'Z' ? NULL : bench->zone, until);
	od_schedule_at(bench->schedule, NULL, leave,
		at(when[strlen(when) - 1] == 'Z' ? NULL : bench->zone, when), &span);
	if (span.on != on || span.until_us != wanted)
		fail_msg("%s: %s until %s, expected %s until %s", when, span.on ? "on" : "off",
			show(span.until_us), on ? "on" : "off", show(wanted));
	return span;
}

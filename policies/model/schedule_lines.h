/* Inside of a schedule: its lines, and which of them speaks for a day. */
#pragma once

#include "model/schedule.h"

#define OD_SCHEDULE_WEEKS_MAX   52
#define OD_SCHEDULE_WINDOWS_MAX 48 /* a line */

/* Most exact first: the order in which they win. */
enum od_schedule_kind {
	OD_SCHEDULE_DATE,
	OD_SCHEDULE_MONTH_DAY,
	OD_SCHEDULE_DAY_OF_MONTH,
	OD_SCHEDULE_NTH_WEEKDAY,
	OD_SCHEDULE_WEEKDAY,
};

struct od_schedule_window {
	int16_t start, end; /* minutes since midnight of the day; end > start, at most 2 days */
};

struct od_schedule_line {
	struct od_origin origin;
	uint32_t first, n; /* of the schedule's windows, by start; none: off */
	bool overlap;      /* two of its windows shared time */
};

struct od_schedule_date {
	int32_t day;
	uint16_t line;
};

struct od_schedule_month_day {
	int month, day;
};

/* Tables hold the number of a line from 1; 0: no line. */
struct od_schedule {
	char *label;
	struct od_origin origin;
	struct od_zone *zone;
	int64_t before_us, after_us;

	OD_ARRAY(struct od_schedule_line) lines;
	OD_ARRAY(struct od_schedule_window) windows;
	OD_ARRAY(struct od_schedule_date) dates; /* sorted */
	uint16_t month_days[12][31];
	uint16_t days_of_month[31];
	uint16_t nth[13][7][6];                       /* month (0: any), weekday, n (0: last) */
	uint16_t weeks[1 + OD_SCHEDULE_WEEKS_MAX][7]; /* 0: every week */
	uint8_t single[1 + OD_SCHEDULE_WEEKS_MAX];    /* weekdays written alone, not in a range */
	bool yearly; /* has lines that come again with the year or month */

	unsigned cycle_weeks; /* 0: no cycle */
	int32_t cycle_anchor; /* a Monday */
	struct od_origin cycle_origin;

	OD_ARRAY(const struct od_calendar *) calendars;
	OD_ARRAY(int32_t) worked_days;
	OD_ARRAY(struct od_schedule_month_day) worked_month_days;
	od_strings worked_ids;
};

/* A key taken apart. */
struct od_schedule_key {
	enum od_schedule_kind kind;
	int32_t date;
	int month, day; /* MONTH_DAY, DAY_OF_MONTH, NTH_WEEKDAY (0: any month) */
	int weekday, last_weekday, nth;
	unsigned week; /* of the cycle; 0: every week */
};

/* Results and hint as od_schedule_add(). */
int od_schedule_scan_key(
	const char *text, struct od_schedule_key *ret, const char **reterr_expected) OD_CHECK;
/* Room for OD_SCHEDULE_WINDOWS_MAX; *@ret_n 0 for "off". */
int od_schedule_scan_windows(const char *value, struct od_schedule_window windows[], size_t *ret_n,
	bool *ret_overlap, const char **reterr_expected) OD_CHECK;

/* The line that speaks for civil @day, holidays aside; NULL: none (off). */
const struct od_schedule_line *od_schedule_line_for(
	const struct od_schedule *schedule, int32_t day, enum od_schedule_kind *ret_kind);

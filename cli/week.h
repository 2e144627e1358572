/*
 * A week of somebody's hours, taken apart once: the picture in the terminal, the one in SVG and the
 * JSON all come from this.
 */
#pragma once

#include "hours.h"

enum od_week_kind {
	OD_WEEK_ON,
	OD_WEEK_OFF,
	OD_WEEK_HOLIDAY,
	OD_WEEK_LEAVE,
	OD_WEEK_ON_CALL, /* off duty, but called */
	OD_WEEK_LIFT,
	OD_WEEK_REST,
	OD_WEEK_NO_TIME, /* a quarter of an hour the clocks leave out */
	OD_WEEK_KINDS
};

#define OD_WEEK_CELL  15 /* minutes */
#define OD_WEEK_CELLS (24 * 60 / OD_WEEK_CELL)

struct od_week_span {
	int64_t from_us, until_us; /* within the week */
	enum od_week_kind kind;
	struct od_reason reason;
};

struct od_week_day {
	int32_t number;      /* civil day */
	const char *holiday; /* its name; NULL: none. Borrowed */
	int shift;           /* minutes the clocks go forward (back: negative) that day */
	int shift_at;        /* the civil minute at which they do */
	int64_t worked_us;   /* on duty, elapsed, the windows that lie in it */
	enum od_week_kind cells[OD_WEEK_CELLS]; /* by the middle of each */
};

struct od_week {
	const struct od_hours *hours;
	int64_t now_us; /* may lie outside of it */
	struct od_week_day days[7];
	OD_ARRAY(struct od_week_span) spans; /* without a gap, merged by kind and reason */
};

/* The week from Monday to Sunday in which @at_us lies. Return: 0 or -ENOMEM. */
int od_week_read(const struct od_hours *hours, int64_t at_us, struct od_week *ret) OD_CHECK;
void od_week_done(struct od_week *week);

const char *od_week_kind_to_string(enum od_week_kind kind); /* for JSON */
const char *od_week_kind_text(enum od_week_kind kind);      /* for people, translated */
/* "Mon 23", "23 November 2026" and notes below the picture, in the reader's language. */
void od_week_day_label(const struct od_week_day *day, char text[32]);
void od_week_title(const struct od_week *week, char *text, size_t size);
/* The @n-th note (holidays, changes of the clocks, a total), false: there is none. */
bool od_week_note(const struct od_week *week, unsigned n, char *text, size_t size);
/* Which day and which minute of it now is; false: outside of the week. */
bool od_week_now(const struct od_week *week, int *ret_day, int *ret_minute);

/* week_text.c: @columns of the terminal, 0: as wide as it gets. */
void od_week_print(const struct od_week *week, size_t columns);
/* week_svg.c. Return: 0 or -errno. */
int od_week_write_svg(const struct od_week *week, const char *path) OD_CHECK;

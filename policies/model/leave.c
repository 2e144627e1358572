/*
 * Absences and on-call turns: sorted spans, asked by binary search.
 *
 * Instants and floating (civil) spans are kept apart, since their order agrees only within a kind.
 * A floating span becomes instants when it is asked for, in the zone of whoever asks. Near a change
 * of offset civil order and order of instants can differ, so all floating spans that civil time
 * brings within SLACK of the instant are looked at, not just the neighbours.
 */
#include "model/leave.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/scan.h"
#include "model/zone_table.h"

#define HEADER    "offduty-instants 1"
#define LINE_MAX_ 80
#define DAY_USEC  (86400 * OD_USEC_PER_SEC)
#define SLACK     (2 * DAY_USEC) /* more than two offsets can be apart */
#define LAST_USEC ((int64_t) 253402300799 * OD_USEC_PER_SEC) /* the end of 9999 */

/* -- text ---------------------------------------------------------------------------------- */

/* "2026-11-25T13:00:00" on the clock of the text, as microseconds. */
static int scan_clock(const char **p, int64_t *ret)
{
	int year, month, day, minutes;
	unsigned seconds = 0;

	if (od_scan_date(p, &year, &month, &day) != 0 || year < 1970 || !od_scan_word(p, "T") ||
		od_scan_time(p, &minutes) != 0)
		return OD_E_SYNTAX;
	if (od_scan_word(p, ":") && (od_scan_digits(p, 2, &seconds) != 0 || seconds > 59))
		return OD_E_SYNTAX;
	*ret = od_day_from_civil(year, month, day) * DAY_USEC +
	       (minutes * 60 + (int64_t) seconds) * OD_USEC_PER_SEC;
	return 0;
}

static int scan_span(const char *p, struct od_leave_span *ret)
{
	bool utc;

	if (scan_clock(&p, &ret->from_us) != 0)
		return OD_E_SYNTAX;
	utc = od_scan_word(&p, "Z");
	if (!od_scan_word(&p, " ") || scan_clock(&p, &ret->until_us) != 0 ||
		!od_scan_word(&p, utc ? "Z" : " floating") || *p != '\0' ||
		ret->until_us <= ret->from_us)
		return OD_E_SYNTAX;
	ret->floating = !utc;
	return 0;
}

static int parse_line(struct od_leave *leave, const char *line, unsigned number)
{
	struct od_leave_span span, *slot;

	if (number == 1)
		return strcmp(line, HEADER) == 0 ? 0 : OD_E_SYNTAX;
	if (scan_span(line, &span) != 0)
		return OD_E_SYNTAX;
	if (leave->spans.n == OD_LEAVE_MAX)
		return OD_E_LIMIT;
	slot = od_array_add(&leave->spans);
	if (!slot)
		return -ENOMEM;
	*slot = span;
	return 0;
}

int od_leave_parse(const char *text, size_t size, struct od_leave **ret, unsigned *reterr_line)
{
	od_cleanup(od_leave_freep) struct od_leave *leave = calloc(1, sizeof(*leave));
	const char *end = text + size;
	unsigned number = 0;
	int r = leave ? 0 : -ENOMEM;

	for (const char *at = text; r == 0 && (at < end || number == 0);) {
		const char *stop = at < end ? memchr(at, '\n', (size_t) (end - at)) : NULL;
		char line[LINE_MAX_];

		number++;
		if (!stop || stop - at >= LINE_MAX_ || memchr(at, '\0', (size_t) (stop - at))) {
			r = OD_E_SYNTAX; /* cut off in the middle, or too long, or not text */
			break;
		}
		memcpy(line, at, (size_t) (stop - at));
		line[stop - at] = '\0';
		r = parse_line(leave, line, number);
		at = stop + 1;
	}
	if (r == 0) {
		od_leave_settle(leave);
		*ret = od_take(&leave);
	} else if (r == OD_E_SYNTAX) {
		*reterr_line = number;
	}
	return r;
}

static size_t print_clock(char *to, size_t size, int64_t us, const char *after)
{
	int64_t day = od_floor_div(us, DAY_USEC);
	int seconds = (int) ((us - day * DAY_USEC) / OD_USEC_PER_SEC);
	int year, month, of_month, n;

	od_day_to_civil((int32_t) day, &year, &month, &of_month);
	n = snprintf(to, size,
		seconds % 60 ? "%04d-%02d-%02dT%02d:%02d:%02d%s" : "%04d-%02d-%02dT%02d:%02d%.0d%s",
		year, month, of_month, seconds / 3600, seconds / 60 % 60, seconds % 60, after);
	return n < 0 || (size_t) n >= size ? 0 : (size_t) n;
}

int od_leave_format(const struct od_leave *leave, char **ret)
{
	size_t size = sizeof(HEADER) + 1 + leave->spans.n * LINE_MAX_, at;
	char *text = malloc(size);

	if (!text)
		return -ENOMEM;
	at = (size_t) snprintf(text, size, HEADER "\n");
	od_array_foreach (span, &leave->spans) {
		at += print_clock(text + at, size - at, span->from_us, span->floating ? " " : "Z ");
		at += print_clock(text + at, size - at, span->until_us,
			span->floating ? " floating\n" : "Z\n");
	}
	*ret = text;
	return 0;
}

/* -- order --------------------------------------------------------------------------------- */

static int compare_spans(const void *a, const void *b)
{
	const struct od_leave_span *x = a, *y = b;

	if (x->floating != y->floating)
		return x->floating - y->floating;
	return (x->from_us > y->from_us) - (x->from_us < y->from_us);
}

void od_leave_settle(struct od_leave *leave)
{
	struct od_leave_span *items = leave->spans.items;
	size_t kept = 0;

	if (leave->spans.n > 1)
		qsort(items, leave->spans.n, sizeof(*items), compare_spans);
	for (size_t i = 0; i < leave->spans.n; i++) {
		struct od_leave_span *last = kept ? &items[kept - 1] : NULL;

		if (items[i].until_us <= items[i].from_us)
			continue;
		if (last && last->floating == items[i].floating &&
			items[i].from_us <= last->until_us) {
			if (items[i].until_us > last->until_us)
				last->until_us = items[i].until_us;
			continue;
		}
		items[kept++] = items[i];
	}
	leave->spans.n = kept;
}

void od_leave_free(struct od_leave *leave)
{
	if (!leave)
		return;
	free(leave->spans.items);
	free(leave);
}

/* -- asking -------------------------------------------------------------------------------- */

/* The first span of a kind that ends after @at on its own clock. */
static size_t first_ending_after(const struct od_leave *leave, bool floating, int64_t at)
{
	size_t low = 0, high = leave->spans.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct od_leave_span *span = &leave->spans.items[middle];

		if (span->floating < floating ||
			(span->floating == floating && span->until_us <= at))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int64_t to_instant(const struct od_leave_span *span, const struct od_zone *zone, int64_t us)
{
	int64_t day;

	if (!span->floating)
		return us;
	day = od_floor_div(us, DAY_USEC);
	return od_zone_instant(zone, (int32_t) day, (us - day * DAY_USEC) / OD_USEC_PER_SEC);
}

/*
 * One look at one kind of spans: how long @at is covered (else INT64_MIN), and which start comes
 * next (else OD_NEVER). @clock is @at on the clock of that kind.
 */
static void look(const struct od_leave *leave, const struct od_zone *zone, bool floating,
	int64_t at, int64_t clock, int64_t *covered, int64_t *next)
{
	int64_t slack = floating ? SLACK : 0;

	for (size_t i = first_ending_after(leave, floating, clock - slack); i < leave->spans.n;
		i++) {
		const struct od_leave_span *span = &leave->spans.items[i];
		int64_t from = to_instant(span, zone, span->from_us);
		int64_t until = to_instant(span, zone, span->until_us);

		if (span->floating != floating)
			return;
		if (from < until && from <= at && at < until && until > *covered)
			*covered = until;
		if (from < until && from > at && from < *next)
			*next = from;
		if (span->from_us > clock + slack && from > at)
			return;
	}
}

static bool covers(
	const struct od_leave *leave, const struct od_zone *zone, int64_t at, int64_t *ret_change)
{
	int64_t covered = INT64_MIN, next = OD_NEVER;
	int32_t day, seconds;

	od_zone_civil(zone, at, &day, &seconds);
	look(leave, zone, false, at, at, &covered, &next);
	look(leave, zone, true, at, day * DAY_USEC + seconds * OD_USEC_PER_SEC, &covered, &next);
	*ret_change = covered > at ? covered : next;
	return covered > at;
}

bool od_leave_at(const struct od_leave *leave, const struct od_zone *zone, int64_t at_us,
	int64_t *ret_change)
{
	int64_t change, further;

	*ret_change = OD_NEVER;
	if (leave->spans.n == 0 || at_us > LAST_USEC || at_us < -LAST_USEC)
		return false;
	if (!covers(leave, zone, at_us, &change)) {
		*ret_change = change;
		return false;
	}
	while (covers(leave, zone, change, &further)) /* spans of both kinds, touching */
		change = further;
	*ret_change = change;
	return true;
}

bool od_leave_whole_day(const struct od_leave *leave, int32_t day)
{
	size_t i = first_ending_after(leave, true, (int64_t) day * DAY_USEC);

	return i < leave->spans.n && leave->spans.items[i].from_us <= (int64_t) day * DAY_USEC &&
	       leave->spans.items[i].until_us >= ((int64_t) day + 1) * DAY_USEC;
}

int32_t od_leave_last_day(const struct od_leave *leave)
{
	int64_t last = INT64_MIN;
	size_t floating = first_ending_after(leave, true, INT64_MIN);

	if (floating > 0)
		last = leave->spans.items[floating - 1].until_us;
	if (leave->spans.n > floating && leave->spans.items[leave->spans.n - 1].until_us > last)
		last = leave->spans.items[leave->spans.n - 1].until_us;
	return leave->spans.n ? (int32_t) od_floor_div(last, DAY_USEC) + 2 : INT32_MIN;
}

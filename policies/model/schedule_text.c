/*
 * The text of a schedule's lines: keys ("monday -1 may") and values ("08:30-12:30, 13:30-17:30").
 *
 * What people write by habit (a long dash, 24:00 as a start, 00:00-00:00) gets a hint of its own.
 */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/scan.h"
#include "model/day_rule.h"
#include "model/schedule_lines.h"

#define DAY_MINUTES 1440

#define EXPECTED_WINDOWS N_("windows such as 08:30-12:30, 13:30-17:30, or off")
#define EXPECTED_DASH    N_("windows such as 08:30-12:30 with a plain \"-\"; this is a longer dash")
#define EXPECTED_HOURS   N_("hours from 00:00 to 24:00, the first of a window before 24:00")
#define EXPECTED_LENGTH                                                                            \
	N_("a window that ends at another time than it starts; 00:00-24:00 is the whole day")
#define EXPECTED_COUNT N_("at most 48 windows a line")
#define EXPECTED_DAY                                                                               \
	N_("a day that exists, such as 2026-12-24, 12-31, day 15, monday 1, monday -1 may or "     \
	   "week2.monday")

/* -- windows ------------------------------------------------------------------------------- */

/* "08:30", and "8:30". */
static int scan_time(const char **p, int *ret)
{
	unsigned hour, minute;
	const char *at = *p;

	if (at[0] == '\0' || at[1] != ':')
		return od_scan_time(p, ret);
	if (od_scan_digits(&at, 1, &hour) != 0 || !od_scan_word(&at, ":") ||
		od_scan_digits(&at, 2, &minute) != 0 || (*at >= '0' && *at <= '9'))
		return OD_E_SYNTAX;
	if (minute > 59)
		return OD_E_RANGE;
	*p = at;
	*ret = (int) (hour * 60 + minute);
	return 0;
}

static bool is_long_dash(const char *p)
{
	static const char *const dashes[] = { "\u2010", "\u2011", "\u2012", "\u2013", "\u2014",
		"\u2212" };

	for (size_t i = 0; i < OD_ELEMENTS(dashes); i++)
		if (od_scan_word(&p, dashes[i]))
			return true;
	return false;
}

static int scan_window(const char **p, struct od_schedule_window *ret, const char **expected)
{
	int start, end, r;

	*expected = EXPECTED_WINDOWS;
	r = scan_time(p, &start);
	od_scan_blanks(p);
	if (r == 0 && is_long_dash(*p)) {
		*expected = EXPECTED_DASH;
		return OD_E_SYNTAX;
	}
	if (r == 0 && !od_scan_word(p, "-"))
		return OD_E_SYNTAX;
	od_scan_blanks(p);
	if (r == 0)
		r = scan_time(p, &end);
	if (r == OD_E_RANGE || (r == 0 && start == DAY_MINUTES)) {
		*expected = EXPECTED_HOURS;
		return OD_E_RANGE;
	}
	if (r != 0)
		return r;
	if (start == end) {
		*expected = EXPECTED_LENGTH;
		return OD_E_RANGE;
	}
	ret->start = (int16_t) start;
	ret->end = (int16_t) (end < start ? end + DAY_MINUTES : end);
	return 0;
}

static int compare_windows(const void *a, const void *b)
{
	const struct od_schedule_window *x = a, *y = b;

	return x->start - y->start;
}

/*
 * They stay apart: on a night the clock goes forward 02:45-17:00 begins later than 03:00-16:00, and
 * only as instants may the two be joined.
 */
static bool sort_windows(struct od_schedule_window *windows, size_t n)
{
	bool overlap = false;
	int end = 0;

	qsort(windows, n, sizeof(*windows), compare_windows);
	for (size_t i = 0; i < n; i++) {
		overlap |= windows[i].start < end;
		if (windows[i].end > end)
			end = windows[i].end;
	}
	return overlap;
}

int od_schedule_scan_windows(const char *value, struct od_schedule_window windows[], size_t *ret_n,
	bool *ret_overlap, const char **reterr_expected)
{
	const char *p = value;
	size_t n = 0;
	int r;

	*ret_overlap = false;
	*ret_n = 0;
	od_scan_blanks(&p);
	if (od_scan_word(&p, "off") && od_scan_end(p))
		return 0;
	do {
		od_scan_blanks(&p);
		if (n == OD_SCHEDULE_WINDOWS_MAX) {
			*reterr_expected = EXPECTED_COUNT;
			return OD_E_RANGE;
		}
		r = scan_window(&p, &windows[n++], reterr_expected);
		od_scan_blanks(&p);
	} while (r == 0 && od_scan_word(&p, ","));
	if (r == 0 && *p != '\0') {
		*reterr_expected = EXPECTED_WINDOWS;
		r = OD_E_SYNTAX;
	}
	if (r == 0) {
		*ret_overlap = sort_windows(windows, n);
		*ret_n = n;
	}
	return r;
}

/* -- days ---------------------------------------------------------------------------------- */

static bool starts_with_digit(const char *p)
{
	return *p >= '0' && *p <= '9';
}

static int scan_date_key(const char *p, struct od_schedule_key *key)
{
	int year, r;

	if (strlen(p) > 4 && p[4] == '-') {
		key->kind = OD_SCHEDULE_DATE;
		r = od_scan_date(&p, &year, &key->month, &key->day);
		if (r == 0)
			key->date = od_day_from_civil(year, key->month, key->day);
	} else {
		key->kind = OD_SCHEDULE_MONTH_DAY;
		r = od_scan_month_day(&p, &key->month, &key->day);
	}
	return r == 0 && *p != '\0' ? OD_E_SYNTAX : r;
}

static int scan_day_of_month(const char *p, struct od_schedule_key *key)
{
	uint64_t day;
	int r;

	key->kind = OD_SCHEDULE_DAY_OF_MONTH;
	od_scan_blanks(&p);
	r = od_scan_unsigned(&p, UINT32_MAX, &day);
	if (r == 0 && *p != '\0')
		r = OD_E_SYNTAX;
	if (r == 0 && (day < 1 || day > 31))
		r = OD_E_RANGE;
	key->day = r == 0 ? (int) day : 0;
	return r;
}

static int scan_nth_key(const char *p, struct od_schedule_key *key)
{
	int r = od_day_rule_scan_nth(&p, &key->nth);

	key->kind = OD_SCHEDULE_NTH_WEEKDAY;
	if (r != 0 || *p == '\0')
		return r;
	od_scan_blanks(&p);
	return od_day_rule_scan_month(&p, &key->month) && *p == '\0' ? 0 : OD_E_SYNTAX;
}

/* Behind the first weekday: nothing, "-friday", or " -1 may". */
static int scan_weekday_key(const char *p, struct od_schedule_key *key)
{
	const char *at = p;

	key->kind = OD_SCHEDULE_WEEKDAY;
	key->last_weekday = key->weekday;
	if (*p == '\0')
		return 0;
	od_scan_blanks(&at);
	if (at > p && (starts_with_digit(at) || (*at == '-' && starts_with_digit(at + 1))))
		return scan_nth_key(at, key);
	if (!od_scan_word(&at, "-"))
		return OD_E_UNKNOWN;
	od_scan_blanks(&at);
	return od_day_rule_scan_weekday(&at, &key->last_weekday) && *at == '\0' ? 0 : OD_E_UNKNOWN;
}

static int scan_week_key(const char *p, struct od_schedule_key *key)
{
	uint64_t week;
	int r = od_scan_unsigned(&p, UINT32_MAX, &week);

	if (r != 0 || !od_scan_word(&p, "."))
		return OD_E_UNKNOWN;
	if (!od_day_rule_scan_weekday(&p, &key->weekday))
		return OD_E_SYNTAX;
	r = scan_weekday_key(p, key);
	if (r != 0 || key->kind != OD_SCHEDULE_WEEKDAY)
		return OD_E_SYNTAX;
	if (week < 1 || week > OD_SCHEDULE_WEEKS_MAX)
		return OD_E_RANGE;
	key->week = (unsigned) week;
	return 0;
}

static int scan_any_key(const char *p, struct od_schedule_key *key)
{
	if (starts_with_digit(p))
		return scan_date_key(p, key);
	if (od_scan_word(&p, "day "))
		return scan_day_of_month(p, key);
	if (od_scan_word(&p, "week"))
		return scan_week_key(p, key);
	if (od_day_rule_scan_weekday(&p, &key->weekday))
		return scan_weekday_key(p, key);
	return OD_E_UNKNOWN;
}

int od_schedule_scan_key(
	const char *text, struct od_schedule_key *ret, const char **reterr_expected)
{
	struct od_schedule_key key = { 0 };
	int r = scan_any_key(text, &key);

	if (r == 0)
		*ret = key;
	else
		*reterr_expected = EXPECTED_DAY;
	return r;
}

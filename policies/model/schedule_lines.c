/*
 * The lines of a schedule: text into tables.
 *
 * Every kind of line has a table from a day to the number of the line, filled as lines come, so
 * that a schedule is complete after each od_schedule_add() and finding the line for a day is a few
 * look-ups. Windows of a line are sorted and, where they share or touch, merged at once.
 */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/scan.h"
#include "model/day_rule.h"
#include "model/schedule_lines.h"

#define DAY_MINUTES   1440
#define LINES_MAX     65000
#define GRACE_MAX     (86400 * OD_USEC_PER_SEC)
#define ALL_DAYS_MASK 0x7f

#define EXPECTED_WINDOWS N_("windows such as 08:30-12:30, 13:30-17:30, or off")
#define EXPECTED_DASH    N_("windows such as 08:30-12:30 with a plain \"-\"; this is a longer dash")
#define EXPECTED_HOURS   N_("hours from 00:00 to 24:00, the first of a window before 24:00")
#define EXPECTED_LENGTH                                                                            \
	N_("a window that ends at another time than it starts; 00:00-24:00 is the whole day")
#define EXPECTED_COUNT N_("at most 48 windows a line")
#define EXPECTED_DAY                                                                               \
	N_("a day that exists, such as 2026-12-24, 12-31, day 15, monday 1, monday -1 may or "     \
	   "week2.monday")
#define EXPECTED_CYCLE N_("a cycle such as \"2w from 2026-01-05\": 1 to 52 weeks, from a Monday")

/* -- a schedule ---------------------------------------------------------------------------- */

struct od_schedule *od_schedule_new(const char *label, struct od_origin origin)
{
	struct od_schedule *schedule = calloc(1, sizeof(*schedule));

	if (!schedule)
		return NULL;
	schedule->origin = origin;
	schedule->label = strdup(label);
	if (!schedule->label) {
		free(schedule);
		return NULL;
	}
	return schedule;
}

void od_schedule_free(struct od_schedule *schedule)
{
	if (!schedule)
		return;
	od_zone_unref(schedule->zone);
	od_strings_done(&schedule->worked_ids);
	free(schedule->lines.items);
	free(schedule->windows.items);
	free(schedule->dates.items);
	free(schedule->calendars.items);
	free(schedule->worked_days.items);
	free(schedule->worked_month_days.items);
	free(schedule->label);
	free(schedule);
}

static int64_t grace(int64_t us)
{
	return us < 0 ? 0 : us > GRACE_MAX ? GRACE_MAX : us;
}

void od_schedule_set_grace(struct od_schedule *schedule, int64_t before_us, int64_t after_us)
{
	schedule->before_us = grace(before_us);
	schedule->after_us = grace(after_us);
}

void od_schedule_set_zone(struct od_schedule *schedule, struct od_zone *zone)
{
	od_zone_unref(schedule->zone);
	schedule->zone = od_zone_ref(zone);
}

int od_schedule_add_calendar(struct od_schedule *schedule, const struct od_calendar *calendar)
{
	const struct od_calendar **slot = od_array_add(&schedule->calendars);

	if (!slot)
		return -ENOMEM;
	*slot = calendar;
	return 0;
}

const char *od_schedule_label(const struct od_schedule *schedule)
{
	return schedule->label;
}

const struct od_zone *od_schedule_zone(const struct od_schedule *schedule)
{
	return schedule->zone;
}

int od_schedule_add_worked(struct od_schedule *schedule, const char *what)
{
	const char *p = what;
	int year, month, day;

	if (od_scan_date(&p, &year, &month, &day) == 0 && *p == '\0') {
		int32_t *slot = od_array_add(&schedule->worked_days);

		if (!slot)
			return -ENOMEM;
		*slot = od_day_from_civil(year, month, day);
		return 0;
	}
	p = what;
	if (od_scan_month_day(&p, &month, &day) == 0 && *p == '\0') {
		struct od_schedule_month_day *slot = od_array_add(&schedule->worked_month_days);

		if (!slot)
			return -ENOMEM;
		*slot = (struct od_schedule_month_day){ month, day };
		return 0;
	}
	if (*what < 'a' || *what > 'z')
		return OD_E_SYNTAX;
	return od_strings_add(&schedule->worked_ids, what, (size_t) -1);
}

int od_schedule_set_cycle(struct od_schedule *schedule, const char *value, struct od_origin origin,
	const char **reterr_expected)
{
	const char *p = value;
	int year, month, day, r;
	uint64_t weeks;

	*reterr_expected = EXPECTED_CYCLE;
	r = od_scan_unsigned(&p, OD_SCHEDULE_WEEKS_MAX, &weeks);
	if (r != 0)
		return r;
	if (!od_scan_word(&p, "w "))
		return OD_E_SYNTAX;
	od_scan_blanks(&p);
	if (!od_scan_word(&p, "from "))
		return OD_E_SYNTAX;
	od_scan_blanks(&p);
	r = od_scan_date(&p, &year, &month, &day);
	if (r != 0 || !od_scan_end(p))
		return r ? r : OD_E_SYNTAX;
	if (weeks == 0 || od_day_weekday(od_day_from_civil(year, month, day)) != 0)
		return OD_E_RANGE;
	schedule->cycle_weeks = (unsigned) weeks;
	schedule->cycle_anchor = od_day_from_civil(year, month, day);
	schedule->cycle_origin = origin;
	return 0;
}

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

static size_t merge_windows(struct od_schedule_window *windows, size_t n, bool *ret_overlap)
{
	size_t kept = 0;

	qsort(windows, n, sizeof(*windows), compare_windows);
	*ret_overlap = false;
	for (size_t i = 0; i < n; i++) {
		struct od_schedule_window *last = kept ? &windows[kept - 1] : NULL;

		if (last && windows[i].start <= last->end) {
			*ret_overlap |= windows[i].start < last->end;
			if (windows[i].end > last->end)
				last->end = windows[i].end;
			continue;
		}
		windows[kept++] = windows[i];
	}
	return kept;
}

static int scan_windows(const char *value, struct od_schedule_window windows[], size_t *ret_n,
	bool *ret_overlap, const char **expected)
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
			*expected = EXPECTED_COUNT;
			return OD_E_RANGE;
		}
		r = scan_window(&p, &windows[n++], expected);
		od_scan_blanks(&p);
	} while (r == 0 && od_scan_word(&p, ","));
	if (r == 0 && *p != '\0') {
		*expected = EXPECTED_WINDOWS;
		r = OD_E_SYNTAX;
	}
	if (r == 0)
		*ret_n = merge_windows(windows, n, ret_overlap);
	return r;
}

/* -- days ---------------------------------------------------------------------------------- */

/* A key taken apart. */
struct key {
	enum od_schedule_kind kind;
	int32_t date;
	int month, day, weekday, last_weekday, nth;
	unsigned week;
};

static bool starts_with_digit(const char *p)
{
	return *p >= '0' && *p <= '9';
}

static int scan_date_key(const char *p, struct key *key)
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

static int scan_day_of_month(const char *p, struct key *key)
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

static int scan_nth_key(const char *p, struct key *key)
{
	int r = od_day_rule_scan_nth(&p, &key->nth);

	key->kind = OD_SCHEDULE_NTH_WEEKDAY;
	if (r != 0 || *p == '\0')
		return r;
	od_scan_blanks(&p);
	return od_day_rule_scan_month(&p, &key->month) && *p == '\0' ? 0 : OD_E_SYNTAX;
}

/* Behind the first weekday: nothing, "-friday", or " -1 may". */
static int scan_weekday_key(const char *p, struct key *key)
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

static int scan_week_key(const char *p, struct key *key)
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

static int scan_key(const char *text, struct key *key)
{
	const char *p = text;

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

/* -- tables -------------------------------------------------------------------------------- */

static int set_date(struct od_schedule *schedule, int32_t day, uint16_t line)
{
	size_t at = 0;

	while (at < schedule->dates.n && schedule->dates.items[at].day < day)
		at++;
	if (at == schedule->dates.n || schedule->dates.items[at].day != day) {
		if (!od_array_add(&schedule->dates))
			return -ENOMEM;
		memmove(&schedule->dates.items[at + 1], &schedule->dates.items[at],
			(schedule->dates.n - 1 - at) * sizeof(*schedule->dates.items));
	}
	schedule->dates.items[at] = (struct od_schedule_date){ day, line };
	return 0;
}

static void set_weekdays(struct od_schedule *schedule, const struct key *key, uint16_t line)
{
	uint16_t *week = schedule->weeks[key->week];
	uint8_t *single = &schedule->single[key->week];
	int days = (key->last_weekday - key->weekday + 7) % 7 + 1;

	for (int i = 0; i < days; i++) {
		int weekday = (key->weekday + i) % 7;
		uint8_t bit = (uint8_t) (1 << weekday);

		if (days > 1 && (*single & bit))
			continue;
		if (days == 1)
			*single = (*single | bit) & ALL_DAYS_MASK;
		week[weekday] = line;
	}
}

static int set_tables(struct od_schedule *schedule, const struct key *key, uint16_t line)
{
	if (key->kind != OD_SCHEDULE_DATE && key->kind != OD_SCHEDULE_WEEKDAY)
		schedule->yearly = true;
	switch (key->kind) {
	case OD_SCHEDULE_DATE:
		return set_date(schedule, key->date, line);
	case OD_SCHEDULE_MONTH_DAY:
		schedule->month_days[key->month - 1][key->day - 1] = line;
		break;
	case OD_SCHEDULE_DAY_OF_MONTH:
		schedule->days_of_month[key->day - 1] = line;
		break;
	case OD_SCHEDULE_NTH_WEEKDAY:
		schedule->nth[key->month][key->weekday][key->nth < 0 ? 0 : key->nth] = line;
		break;
	case OD_SCHEDULE_WEEKDAY:
		set_weekdays(schedule, key, line);
		break;
	}
	return 0;
}

static int add_line(struct od_schedule *schedule, const struct od_schedule_line *line,
	const struct od_schedule_window windows[])
{
	struct od_schedule_line *slot;

	for (size_t i = 0; i < line->n; i++) {
		struct od_schedule_window *window = od_array_add(&schedule->windows);

		if (!window)
			return -ENOMEM;
		*window = windows[i];
	}
	slot = od_array_add(&schedule->lines);
	if (!slot)
		return -ENOMEM;
	*slot = *line;
	return 0;
}

int od_schedule_add(struct od_schedule *schedule, const char *key, const char *value,
	struct od_origin origin, const char **reterr_expected)
{
	struct od_schedule_window windows[OD_SCHEDULE_WINDOWS_MAX];
	struct od_schedule_line line = { .origin = origin };
	struct key parsed = { 0 };
	size_t n;
	int r = scan_key(key, &parsed);

	*reterr_expected = EXPECTED_DAY;
	if (r == 0 && schedule->lines.n >= LINES_MAX)
		r = OD_E_RANGE;
	if (r != 0)
		return r;
	r = scan_windows(value, windows, &n, &line.overlap, reterr_expected);
	if (r != 0)
		return r;
	line.first = (uint32_t) schedule->windows.n;
	line.n = (uint32_t) n;
	r = add_line(schedule, &line, windows);
	return r == 0 ? set_tables(schedule, &parsed, (uint16_t) schedule->lines.n) : r;
}

/* -- which line speaks --------------------------------------------------------------------- */

static uint16_t date_line(const struct od_schedule *schedule, int32_t day)
{
	size_t low = 0, high = schedule->dates.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (schedule->dates.items[middle].day < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low < schedule->dates.n && schedule->dates.items[low].day == day
		       ? schedule->dates.items[low].line
		       : 0;
}

static uint16_t nth_line(
	const struct od_schedule *schedule, int year, int month, int day, int weekday)
{
	int nth = (day - 1) / 7 + 1;
	bool last = day + 7 > od_scan_month_length(year, month);

	for (int m = month;; m = 0) { /* with the month named, then any month */
		const uint16_t *row = schedule->nth[m][weekday];

		if (row[nth])
			return row[nth];
		if (last && row[0])
			return row[0];
		if (m == 0)
			return 0;
	}
}

static uint16_t yearly_line(
	const struct od_schedule *schedule, int32_t number, enum od_schedule_kind *ret_kind)
{
	int year, month, day;
	uint16_t line;

	od_day_to_civil(number, &year, &month, &day);
	*ret_kind = OD_SCHEDULE_MONTH_DAY;
	line = schedule->month_days[month - 1][day - 1];
	if (!line) {
		*ret_kind = OD_SCHEDULE_DAY_OF_MONTH;
		line = schedule->days_of_month[day - 1];
	}
	if (!line) {
		*ret_kind = OD_SCHEDULE_NTH_WEEKDAY;
		line = nth_line(schedule, year, month, day, od_day_weekday(number));
	}
	return line;
}

static uint16_t weekday_line(const struct od_schedule *schedule, int32_t day)
{
	int weekday = od_day_weekday(day);
	uint16_t line = 0;

	if (schedule->cycle_weeks) {
		int64_t weeks = ((int64_t) day - weekday - schedule->cycle_anchor) / 7;
		int64_t week = weeks % schedule->cycle_weeks;

		line = schedule->weeks[1 + (week < 0 ? week + schedule->cycle_weeks : week)]
				      [weekday];
	}
	return line ? line : schedule->weeks[0][weekday];
}

const struct od_schedule_line *od_schedule_line_for(
	const struct od_schedule *schedule, int32_t day, enum od_schedule_kind *ret_kind)
{
	uint16_t line = date_line(schedule, day);

	*ret_kind = OD_SCHEDULE_DATE;
	if (!line && schedule->yearly)
		line = yearly_line(schedule, day, ret_kind);
	if (!line) {
		*ret_kind = OD_SCHEDULE_WEEKDAY;
		line = weekday_line(schedule, day);
	}
	return line ? &schedule->lines.items[line - 1] : NULL;
}

/* -- the whole ----------------------------------------------------------------------------- */

void od_schedule_check(const struct od_schedule *schedule,
	void (*found)(struct od_origin origin, bool fault, const char *text, void *userdata),
	void *userdata)
{
	od_array_foreach (line, &schedule->lines) {
		if (line->overlap)
			found(line->origin, false, N_("windows overlap and are taken as one"),
				userdata);
	}
	for (unsigned week = 1; week <= OD_SCHEDULE_WEEKS_MAX; week++)
		for (int weekday = 0; weekday < 7; weekday++) {
			uint16_t line = schedule->weeks[week][weekday];

			if (!line || week <= schedule->cycle_weeks)
				continue;
			found(schedule->lines.items[line - 1].origin, true,
				schedule->cycle_weeks
					? N_("the cycle has fewer weeks than this line names")
					: N_("weekN.DAY needs cycle = Nw from YYYY-MM-DD"),
				userdata);
			break;
		}
}

/*
 * The footer of a TZif file: a POSIX TZ string with the extension of RFC 8536, 3.3.1 (hours of a
 * rule from -167 to 167).
 *
 * A rule is evaluated by laying out the changes of five years around the instant and taking the
 * latest one that has come. Where the end of one year's daylight time and the start of the next
 * year's fall together (daylight time all year), the start counts.
 */
#include <string.h>

#include "base/error.h"
#include "base/scan.h"
#include "model/zone_table.h"

#define DAY_SECONDS  86400
#define YEAR_SECONDS 31556952 /* the Gregorian mean */
#define YEAR_LIMIT   2000000  /* days of these still fit an int32_t */
#define RULE_SECONDS 7200     /* the default time of a change: 02:00 */
#define YEARS_AROUND 2        /* a guessed year may be off by one, a change by a week */
#define TEXT_MAX     256

/* -- reading ------------------------------------------------------------------------------- */

static int scan_name(const char **p, char name[OD_ZONE_ABBREVIATION_MAX])
{
	const char *at = *p;
	bool quoted = *at == '<';
	size_t n = 0;

	at += quoted;
	for (;; at++) {
		bool letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z');
		bool sign = *at == '+' || *at == '-' || (*at >= '0' && *at <= '9');

		if (!letter && !(quoted && sign))
			break;
		if (n + 1 == OD_ZONE_ABBREVIATION_MAX)
			return OD_E_SYNTAX;
		name[n++] = *at;
	}
	name[n] = '\0';
	if (n < 3 || (quoted && *at++ != '>'))
		return OD_E_SYNTAX;
	*p = at;
	return 0;
}

/* [+|-]hh[:mm[:ss]], one to three digits of hours. */
static int scan_seconds(const char **p, unsigned max_hours, int32_t *ret)
{
	const char *at = *p;
	bool negative = *at == '-';
	unsigned hours = 0, parts[2] = { 0, 0 }, digits = 0;

	if (*at == '-' || *at == '+')
		at++;
	for (; *at >= '0' && *at <= '9' && digits < 3; at++, digits++)
		hours = hours * 10 + (unsigned) (*at - '0');
	if (digits == 0 || hours > max_hours)
		return OD_E_SYNTAX;
	for (size_t i = 0; i < OD_ELEMENTS(parts) && *at == ':'; i++) {
		at++;
		if (od_scan_digits(&at, 2, &parts[i]) != 0 || parts[i] > 59)
			return OD_E_SYNTAX;
	}
	*ret = (int32_t) (hours * 3600 + parts[0] * 60 + parts[1]);
	if (negative)
		*ret = -*ret;
	*p = at;
	return 0;
}

static int scan_number(const char **p, unsigned min, unsigned max, int *ret)
{
	uint64_t number;

	if (od_scan_unsigned(p, max, &number) != 0 || number < min)
		return OD_E_SYNTAX;
	*ret = (int) number;
	return 0;
}

static int scan_month_week_day(const char **p, struct od_tz_date *ret)
{
	ret->kind = OD_TZ_MONTH_WEEK_DAY;
	if (scan_number(p, 1, 12, &ret->month) != 0 || !od_scan_word(p, ".") ||
		scan_number(p, 1, 5, &ret->week) != 0 || !od_scan_word(p, ".") ||
		scan_number(p, 0, 6, &ret->day) != 0)
		return OD_E_SYNTAX;
	return 0;
}

static int scan_date(const char **p, struct od_tz_date *ret)
{
	int r;

	*ret = (struct od_tz_date){ .seconds = RULE_SECONDS };
	if (od_scan_word(p, "M")) {
		r = scan_month_week_day(p, ret);
	} else if (od_scan_word(p, "J")) {
		ret->kind = OD_TZ_JULIAN;
		r = scan_number(p, 1, 365, &ret->day);
	} else {
		ret->kind = OD_TZ_DAY_OF_YEAR;
		r = scan_number(p, 0, 365, &ret->day);
	}
	if (r == 0 && od_scan_word(p, "/"))
		r = scan_seconds(p, 167, &ret->seconds);
	return r;
}

/* POSIX counts west of Greenwich, everybody else east. */
static int scan_type(const char **p, struct od_zone_type *ret)
{
	int32_t west;

	if (scan_name(p, ret->abbreviation) != 0 || scan_seconds(p, 24, &west) != 0)
		return OD_E_SYNTAX;
	ret->offset = -west;
	return 0;
}

static int scan_daylight(const char **p, struct od_tz_rule *rule)
{
	int32_t west;

	if (scan_name(p, rule->daylight.abbreviation) != 0)
		return OD_E_SYNTAX;
	rule->daylight.offset = rule->standard.offset + 3600;
	if (**p != ',') {
		if (scan_seconds(p, 24, &west) != 0)
			return OD_E_SYNTAX;
		rule->daylight.offset = -west;
	}
	rule->has_daylight = true;
	if (!od_scan_word(p, ",") || scan_date(p, &rule->start) != 0 || !od_scan_word(p, ","))
		return OD_E_SYNTAX;
	return scan_date(p, &rule->end);
}

int od_tz_rule_parse(const char *text, size_t size, struct od_tz_rule *ret)
{
	struct od_tz_rule rule = { 0 };
	char copy[TEXT_MAX];
	const char *p = copy;
	int r;

	if (size >= sizeof(copy) || memchr(text, '\0', size))
		return OD_E_SYNTAX;
	memcpy(copy, text, size);
	copy[size] = '\0';
	r = scan_type(&p, &rule.standard);
	if (r == 0 && *p != '\0')
		r = scan_daylight(&p, &rule);
	if (r == 0 && *p != '\0')
		r = OD_E_SYNTAX;
	if (r == 0)
		*ret = rule;
	return r;
}

/* -- evaluating ---------------------------------------------------------------------------- */

static int32_t date_day(const struct od_tz_date *date, int year)
{
	int32_t first = od_day_from_civil(year, 1, 1), day;
	int length;

	switch (date->kind) {
	case OD_TZ_DAY_OF_YEAR:
		return first + date->day;
	case OD_TZ_JULIAN: /* 29 February is never counted */
		return first + date->day - 1 +
		       (date->day >= 60 && od_scan_month_length(year, 2) == 29);
	case OD_TZ_MONTH_WEEK_DAY:
		break;
	}
	length = od_scan_month_length(year, date->month);
	day = od_day_from_civil(year, date->month, 1);
	length -= (date->day + 6 - od_day_weekday(day) + 7) % 7; /* Sunday is 0 there, 6 here */
	day += (date->day + 6 - od_day_weekday(day) + 7) % 7;
	return day + 7 * (date->week <= (length - 1) / 7 ? date->week - 1 : (length - 1) / 7);
}

static int64_t date_instant(const struct od_tz_date *date, int year, int32_t offset)
{
	return (int64_t) date_day(date, year) * DAY_SECONDS + date->seconds - offset;
}

static void consider(int64_t change, const struct od_zone_type *type, int64_t at,
	const struct od_zone_type **ret_type, int64_t *ret_from, int64_t *ret_until)
{
	if (change > at) {
		if (change < *ret_until)
			*ret_until = change;
	} else if (change >= *ret_from) {
		*ret_from = change;
		*ret_type = type;
	}
}

void od_tz_rule_at(const struct od_tz_rule *rule, int64_t at, const struct od_zone_type **ret_type,
	int64_t *ret_from, int64_t *ret_until)
{
	int64_t guess = 1970 + at / YEAR_SECONDS;

	*ret_type = &rule->standard;
	*ret_from = INT64_MIN;
	*ret_until = INT64_MAX;
	if (!rule->has_daylight || guess > YEAR_LIMIT || guess < -YEAR_LIMIT)
		return;
	for (int year = (int) guess - YEARS_AROUND; year <= guess + YEARS_AROUND; year++) {
		consider(date_instant(&rule->end, year, rule->daylight.offset), &rule->standard, at,
			ret_type, ret_from, ret_until);
		consider(date_instant(&rule->start, year, rule->standard.offset), &rule->daylight,
			at, ret_type, ret_from, ret_until);
	}
}

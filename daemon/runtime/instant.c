/*
 * RFC 3339, strictly: a full date, "T" or a space, a full time, an offset. Nothing is guessed: neither
 * a missing zone nor a 30th of February. A leap second (":60") is refused, for an instant here counts
 * seconds that have no such thing.
 */
#include <stdbool.h>

#include "base/error.h"
#include "clock.h"

#define US_PER_SECOND INT64_C(1000000)

static bool digits(const char **p, unsigned n, unsigned *ret)
{
	*ret = 0;
	for (; n > 0; n--, (*p)++) {
		if (**p < '0' || **p > '9')
			return false;
		*ret = *ret * 10 + (unsigned) (**p - '0');
	}
	return true;
}

static bool mark(const char **p, char c)
{
	if (**p != c)
		return false;
	(*p)++;
	return true;
}

static unsigned days_in_month(unsigned year, unsigned month)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* Days since 1970-01-01; the year is counted from March, so that the leap day comes last. */
static int64_t days_since_epoch(unsigned year, unsigned month, unsigned day)
{
	int64_t y = (int64_t) year - (month <= 2);
	int64_t day_of_year = (153 * ((int64_t) month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	/* 719468 days lie between 0000-03-01 and 1970-01-01; y >= -1 makes y + 400 positive. */
	y += 400;
	return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - 719468 - 146097;
}

static bool read_date(const char **p, int64_t *ret_days)
{
	unsigned year, month, day;

	if (!digits(p, 4, &year) || !mark(p, '-') || !digits(p, 2, &month) || !mark(p, '-') ||
		!digits(p, 2, &day))
		return false;
	if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
		return false;
	*ret_days = days_since_epoch(year, month, day);
	return true;
}

static bool read_time(const char **p, int64_t *ret_us)
{
	unsigned hour, minute, second;
	int64_t unit = US_PER_SECOND;

	if (!digits(p, 2, &hour) || !mark(p, ':') || !digits(p, 2, &minute) || !mark(p, ':') ||
		!digits(p, 2, &second) || hour > 23 || minute > 59 || second > 59)
		return false;
	*ret_us = ((int64_t) hour * 3600 + minute * 60 + second) * US_PER_SECOND;
	if (!mark(p, '.'))
		return true;
	if (**p < '0' || **p > '9')
		return false;
	for (; **p >= '0' && **p <= '9'; (*p)++) {
		unit /= 10; /* finer than a microsecond is cut off */
		*ret_us += (**p - '0') * unit;
	}
	return true;
}

static bool read_offset(const char **p, int64_t *ret_seconds)
{
	int sign = **p == '-' ? -1 : 1;
	unsigned hours, minutes;

	*ret_seconds = 0;
	if (mark(p, 'Z') || mark(p, 'z'))
		return true;
	if (!mark(p, '+') && !mark(p, '-'))
		return false;
	if (!digits(p, 2, &hours) || !mark(p, ':') || !digits(p, 2, &minutes) || hours > 23 ||
		minutes > 59)
		return false;
	*ret_seconds = sign * ((int64_t) hours * 3600 + minutes * 60);
	return true;
}

int od_clock_parse_instant(const char *text, int64_t *ret_us)
{
	int64_t days, time_us, offset;

	if (!read_date(&text, &days))
		return OD_E_SYNTAX;
	if (!mark(&text, 'T') && !mark(&text, 't') && !mark(&text, ' '))
		return OD_E_SYNTAX;
	if (!read_time(&text, &time_us) || !read_offset(&text, &offset) || *text != '\0')
		return OD_E_SYNTAX;
	*ret_us = (days * 86400 - offset) * US_PER_SECOND + time_us;
	return 0;
}

/*
 * Strict scanners over text.
 *
 * strtol() and its kin skip blanks, take signs and "0x", and answer to the locale; a policy that
 * means one thing to its author and another to the machine is worse than a refused one. So digits
 * are read here, one by one, with every multiplication checked before it is made.
 */
#include "base/scan.h"

#include <string.h>

#include "base/error.h"

struct unit {
	char letter;
	uint64_t factor;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

void od_scan_blanks(const char **p)
{
	while (**p == ' ' || **p == '\t')
		(*p)++;
}

bool od_scan_end(const char *p)
{
	od_scan_blanks(&p);
	return *p == '\0';
}

bool od_scan_word(const char **p, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(*p, word, length) != 0)
		return false;
	*p += length;
	return true;
}

int od_scan_unsigned(const char **p, uint64_t max, uint64_t *ret)
{
	const char *at = *p;
	uint64_t value = 0;

	if (!is_digit(*at) || (*at == '0' && is_digit(at[1])))
		return OD_E_SYNTAX;
	for (; is_digit(*at); at++) {
		unsigned digit = (unsigned) (*at - '0');

		if (value > (max - (digit <= max ? digit : max)) / 10 || digit > max)
			return OD_E_RANGE;
		value = value * 10 + digit;
	}
	*p = at;
	*ret = value;
	return 0;
}

int od_scan_digits(const char **p, unsigned count, unsigned *ret)
{
	unsigned value = 0;

	for (unsigned i = 0; i < count; i++) {
		if (!is_digit((*p)[i]))
			return OD_E_SYNTAX;
		value = value * 10 + (unsigned) ((*p)[i] - '0');
	}
	*p += count;
	*ret = value;
	return 0;
}

/* A number and one letter of @units. @bare: what the number counts without a letter; 0: not so. */
static int scan_with_unit(
	const char **p, const struct unit *units, uint64_t bare, uint64_t max, uint64_t *ret)
{
	const char *at = *p;
	uint64_t number, factor = bare;
	int r = od_scan_unsigned(&at, max, &number);

	if (r != 0)
		return r;
	for (; units->letter; units++)
		if (*at == units->letter) {
			factor = units->factor;
			at++;
			break;
		}
	if (factor == 0 && number != 0)
		return OD_E_SYNTAX;
	if (factor != 0 && number > max / factor)
		return OD_E_RANGE;
	*p = at;
	*ret = number * factor;
	return 0;
}

int od_scan_duration(const char **p, int64_t *ret_us)
{
	static const struct unit units[] = { { 's', 1000000 }, { 'm', 60000000 },
		{ 'h', 3600000000 }, { 'd', 86400000000 }, { 0, 0 } };
	uint64_t us;
	int r = scan_with_unit(p, units, 0, INT64_MAX, &us);

	if (r == 0)
		*ret_us = (int64_t) us;
	return r;
}

int od_scan_size(const char **p, uint64_t *ret)
{
	static const struct unit units[] = { { 'K', 1ULL << 10 }, { 'M', 1ULL << 20 },
		{ 'G', 1ULL << 30 }, { 0, 0 } };

	return scan_with_unit(p, units, 1, INT64_MAX, ret);
}

int od_scan_rate(const char **p, unsigned *ret_count, int64_t *ret_period_us)
{
	const char *at = *p;
	uint64_t count;
	int64_t period;
	int r = od_scan_unsigned(&at, 1000000, &count);

	if (r != 0)
		return r;
	if (od_scan_word(&at, "/h"))
		period = 3600000000;
	else if (od_scan_word(&at, "/d"))
		period = 86400000000;
	else
		return OD_E_SYNTAX;
	if (count == 0)
		return OD_E_RANGE;
	*p = at;
	*ret_count = (unsigned) count;
	*ret_period_us = period;
	return 0;
}

int od_scan_bool(const char **p, bool *ret)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = { { "yes", true }, { "true", true }, { "on", true }, { "1", true },
		{ "no", false }, { "false", false }, { "off", false }, { "0", false } };

	for (size_t i = 0; i < OD_ELEMENTS(words); i++)
		if (od_scan_word(p, words[i].word)) {
			*ret = words[i].value;
			return 0;
		}
	return OD_E_SYNTAX;
}

int od_scan_time(const char **p, int *ret_minutes)
{
	const char *at = *p;
	unsigned hour, minute;

	if (od_scan_digits(&at, 2, &hour) != 0 || !od_scan_word(&at, ":") ||
		od_scan_digits(&at, 2, &minute) != 0 || is_digit(*at))
		return OD_E_SYNTAX;
	if (minute > 59 || hour > 24 || (hour == 24 && minute != 0))
		return OD_E_RANGE;
	*p = at;
	*ret_minutes = (int) (hour * 60 + minute);
	return 0;
}

int od_scan_month_length(int year, int month)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && leap ? 29 : lengths[month - 1];
}

static int scan_month_day(const char **p, int year, int *ret_month, int *ret_day)
{
	const char *at = *p;
	unsigned month, day;

	if (od_scan_digits(&at, 2, &month) != 0 || !od_scan_word(&at, "-") ||
		od_scan_digits(&at, 2, &day) != 0 || is_digit(*at))
		return OD_E_SYNTAX;
	if (month < 1 || month > 12 || day < 1 ||
		(int) day > od_scan_month_length(year, (int) month))
		return OD_E_RANGE;
	*p = at;
	*ret_month = (int) month;
	*ret_day = (int) day;
	return 0;
}

int od_scan_date(const char **p, int *ret_year, int *ret_month, int *ret_day)
{
	const char *at = *p;
	unsigned year;
	int month, day, r;

	if (od_scan_digits(&at, 4, &year) != 0 || !od_scan_word(&at, "-"))
		return OD_E_SYNTAX;
	r = scan_month_day(&at, (int) year, &month, &day);
	if (r != 0)
		return r;
	if (year < 1583)
		return OD_E_RANGE;
	*p = at;
	*ret_year = (int) year;
	*ret_month = month;
	*ret_day = day;
	return 0;
}

int od_scan_month_day(const char **p, int *ret_month, int *ret_day)
{
	return scan_month_day(p, 2000, ret_month, ret_day); /* a leap year: every day there is */
}

/* Bytes of the character at @at, 0 when it is none. */
static size_t utf8_length(const unsigned char *at, size_t left)
{
	unsigned char lowest = 0x80, highest = 0xbf;
	size_t length;

	if (at[0] < 0x80)
		return 1;
	if (at[0] < 0xc2 || at[0] > 0xf4)
		return 0;
	length = at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
	if (at[0] == 0xe0)
		lowest = 0xa0; /* below: overlong */
	else if (at[0] == 0xed)
		highest = 0x9f; /* above: surrogates */
	else if (at[0] == 0xf0)
		lowest = 0x90;
	else if (at[0] == 0xf4)
		highest = 0x8f; /* above: beyond U+10FFFF */
	if (left < length || at[1] < lowest || at[1] > highest)
		return 0;
	for (size_t i = 2; i < length; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

size_t od_scan_utf8(const char *text, size_t size)
{
	size_t at = 0;

	while (at < size) {
		size_t length = utf8_length((const unsigned char *) text + at, size - at);

		if (length == 0)
			break;
		at += length;
	}
	return at;
}

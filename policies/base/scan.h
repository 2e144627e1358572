/*
 * Strict scanners over text: one spelling each, no locale, no sign, nothing skipped in silence.
 *
 * Each takes a cursor. On success it stands behind what was read and *@ret is set; otherwise both
 * are untouched. What may follow is the caller's question (od_scan_end() where nothing may).
 *
 * Return, unless said otherwise: 0, OD_E_SYNTAX (not of this form) or OD_E_RANGE (of this form,
 * but too large or no such day or hour). Overflow is OD_E_RANGE, never a wrapped number.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

/* Spaces and tabs only. */
void od_scan_blanks(const char **p);
/* Blanks, then the end of the text. */
bool od_scan_end(const char *p);
/* Exactly @word, byte by byte; true and moved behind it, or false and untouched. */
bool od_scan_word(const char **p, const char *word);

/* "0", "42": decimal digits without a leading zero (010 is 8 to some readers), at most @max. */
int od_scan_unsigned(const char **p, uint64_t max, uint64_t *ret) OD_CHECK;
/* Exactly @count digits (1..9), leading zeros and all: the "08" of "08:30". Never OD_E_RANGE. */
int od_scan_digits(const char **p, unsigned count, unsigned *ret) OD_CHECK;

/* "90s" "20m" "2h" "35d", and "0"; *@ret in microseconds. */
int od_scan_duration(const char **p, int64_t *ret_us) OD_CHECK;
/* "64K" "25M" "2G" (powers of 1024) or plain bytes "4096". */
int od_scan_size(const char **p, uint64_t *ret) OD_CHECK;
/* "3/h" "20/d": at least 1, at most 1 000 000 in *@ret_period_us. */
int od_scan_rate(const char **p, unsigned *ret_count, int64_t *ret_period_us) OD_CHECK;
/* "yes" "true" "on" "1", "no" "false" "off" "0", in lower case. Never OD_E_RANGE. */
int od_scan_bool(const char **p, bool *ret) OD_CHECK;

/* "08:30", "00:00" ... "23:59" and "24:00" (the end of a day); *@ret in minutes since midnight. */
int od_scan_time(const char **p, int *ret_minutes) OD_CHECK;
/* "2026-12-24": a day that exists, year 1583 (the first whole Gregorian one) to 9999. */
int od_scan_date(const char **p, int *ret_year, int *ret_month, int *ret_day) OD_CHECK;
/* "12-24": a day that exists in some year, 02-29 too. */
int od_scan_month_day(const char **p, int *ret_month, int *ret_day) OD_CHECK;
/* Days of a month, 28..31; @month 1..12. */
int od_scan_month_length(int year, int month);

/* Length of the longest valid UTF-8 beginning of @text; @size when all of it is valid (RFC 3629:
 * no overlong forms, no surrogates, nothing above U+10FFFF). NUL is a character like any other. */
size_t od_scan_utf8(const char *text, size_t size);

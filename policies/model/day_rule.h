/* "monday", "monday-friday", "monday -1 may": days as schedules and calendars both write them. */
#pragma once

#include "model/zone.h"

/* Cursors as in base/scan.h; lower case. */
bool od_day_rule_scan_weekday(const char **p, int *ret); /* 0 = Monday */
bool od_day_rule_scan_month(const char **p, int *ret);   /* 1..12 */
/* "1" ... "5", "-1". Return: 0, OD_E_SYNTAX, OD_E_RANGE. */
int od_day_rule_scan_nth(const char **p, int *ret) OD_CHECK;

/* The @nth (1..5, -1 last) @weekday of a month; false where the month has none. */
bool od_day_rule_nth(int year, int month, int weekday, int nth, int32_t *ret);

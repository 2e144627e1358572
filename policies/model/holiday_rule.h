/* One line of a holiday calendar, as data. */
#pragma once

#include "model/day_rule.h"
#include "model/origin.h"

#define OD_HOLIDAY_YEAR_MAX 9999

enum od_holiday_kind {
	OD_HOLIDAY_FIXED,
	OD_HOLIDAY_EASTER,
	OD_HOLIDAY_ORTHODOX_EASTER,
	OD_HOLIDAY_NTH,
	OD_HOLIDAY_BEFORE,
	OD_HOLIDAY_AFTER,
	OD_HOLIDAY_EXTRA,
	OD_HOLIDAY_EXCEPT,
};

enum od_holiday_substitute {
	OD_HOLIDAY_SUNDAY_TO_MONDAY = 1 << 0,
	OD_HOLIDAY_WEEKEND_TO_MONDAY = 1 << 1,
	OD_HOLIDAY_SATURDAY_TO_FRIDAY = 1 << 2,
	OD_HOLIDAY_NEXT_WORKING_DAY = 1 << 3,
};

struct od_holiday_rule {
	enum od_holiday_kind kind;
	int month, day_of_month; /* FIXED, BEFORE, AFTER, NTH (month) */
	int weekday, nth;
	int offset;  /* from Easter Sunday, in days */
	int32_t day; /* EXTRA, EXCEPT */
	int since, until;
	unsigned substitute;
	char *id, *name;
	struct od_origin origin;
};

/* Results and hint as od_calendar_add(); @ret keeps its origin and is to be given to _done(). */
int od_holiday_rule_parse(const char *key, const char *value, struct od_holiday_rule *ret,
	const char **reterr_expected) OD_CHECK;
void od_holiday_rule_done(struct od_holiday_rule *rule);

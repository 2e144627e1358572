/* Inside of a zone: what tzif.c reads, tz_rule.c continues and zone.c answers from. */
#pragma once

#include "base/array.h"
#include "model/zone.h"

#define OD_ZONE_ABBREVIATION_MAX 32

/* Rounds down, also below zero; @b > 0. */
static inline int64_t od_floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* One day of a year in a POSIX TZ string, and the local time on it. */
struct od_tz_date {
	enum { OD_TZ_MONTH_WEEK_DAY, OD_TZ_JULIAN, OD_TZ_DAY_OF_YEAR } kind;
	int month, week, day; /* JULIAN and DAY_OF_YEAR: @day alone; weekday 0 = Sunday */
	int32_t seconds;      /* -167 h ... 167 h */
};

struct od_zone_type {
	int32_t offset; /* seconds east of UTC */
	char abbreviation[OD_ZONE_ABBREVIATION_MAX];
};

/* "CET-1CEST,M3.5.0,M10.5.0/3" */
struct od_tz_rule {
	struct od_zone_type standard, daylight;
	bool has_daylight;
	struct od_tz_date start, end; /* of daylight saving time */
};

struct od_zone_transition {
	int64_t at; /* seconds */
	const struct od_zone_type *type;
};

struct od_zone {
	unsigned refs; /* 0: built in, never freed */
	char *name;
	struct od_zone_type *types;
	const struct od_zone_type *first; /* before the first transition */
	OD_ARRAY(struct od_zone_transition) transitions;
	bool has_rule;
	struct od_tz_rule rule; /* from the last transition on */
};

/* What is in force at @at by @rule, since when, and until when (INT64_MIN, INT64_MAX: always). */
void od_tz_rule_at(const struct od_tz_rule *rule, int64_t at, const struct od_zone_type **ret_type,
	int64_t *ret_from, int64_t *ret_until);
/* @size bytes, without a NUL. Return: 0 or OD_E_SYNTAX. */
int od_tz_rule_parse(const char *text, size_t size, struct od_tz_rule *ret) OD_CHECK;

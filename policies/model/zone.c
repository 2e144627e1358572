/*
 * Answers from a zone: a binary search in its table, past the table the footer's rule.
 *
 * A civil time becomes an instant by walking the stretches of constant offset that could hold it,
 * earliest first. The first stretch in which it occurs gives the first occurrence of an overlap; a
 * stretch that begins after it says that it fell into a gap, and then the offset before the gap
 * counts (RFC 5545, 3.3.5). No guess with two offsets can be fooled by transitions close together.
 */
#include "model/zone.h"

#include <string.h>

#include "model/zone_table.h"

#define DAY_SECONDS 86400
#define REACH       93600 /* the largest offset, in seconds */

/* Without references (refs == 0): never counted, never freed, never written. */
static const struct od_zone_type utc_type = { 0, "UTC" };
static const struct od_zone utc_zone = { .name = (char *) "UTC", .first = &utc_type };

struct od_zone *od_zone_utc(void)
{
	return (struct od_zone *) &utc_zone;
}

struct od_zone *od_zone_ref(struct od_zone *zone)
{
	if (zone && zone->refs)
		__atomic_add_fetch(&zone->refs, 1, __ATOMIC_RELAXED);
	return zone;
}

void od_zone_unref(struct od_zone *zone)
{
	if (!zone || zone->refs == 0 || __atomic_sub_fetch(&zone->refs, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	free(zone->transitions.items);
	free(zone->types);
	free(zone->name);
	free(zone);
}

const char *od_zone_name(const struct od_zone *zone)
{
	return zone->name;
}

/* How many transitions have come at @at. */
static size_t count_until(const struct od_zone *zone, int64_t at)
{
	size_t low = 0, high = zone->transitions.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (zone->transitions.items[middle].at <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct od_zone_type *type_at(
	const struct od_zone *zone, int64_t at, int64_t *ret_from, int64_t *ret_until)
{
	size_t n = count_until(zone, at);
	const struct od_zone_transition *items = zone->transitions.items;
	const struct od_zone_type *type;

	if (n == zone->transitions.n && zone->has_rule) {
		od_tz_rule_at(&zone->rule, at, &type, ret_from, ret_until);
		if (n > 0 && *ret_from < items[n - 1].at)
			*ret_from = items[n - 1].at;
		return type;
	}
	*ret_from = n > 0 ? items[n - 1].at : INT64_MIN;
	*ret_until = n < zone->transitions.n ? items[n].at : INT64_MAX;
	return n > 0 ? items[n - 1].type : zone->first;
}

int32_t od_zone_offset(const struct od_zone *zone, int64_t instant_us)
{
	int64_t from, until;

	return type_at(zone, od_floor_div(instant_us, OD_USEC_PER_SEC), &from, &until)->offset;
}

const char *od_zone_abbreviation(const struct od_zone *zone, int64_t instant_us)
{
	int64_t from, until;

	return type_at(zone, od_floor_div(instant_us, OD_USEC_PER_SEC), &from, &until)
		->abbreviation;
}

static int64_t to_usec(int64_t seconds)
{
	int64_t usec;

	if (__builtin_mul_overflow(seconds, OD_USEC_PER_SEC, &usec))
		return seconds < 0 ? INT64_MIN : OD_NEVER;
	return usec;
}

void od_zone_stretch(const struct od_zone *zone, int64_t instant_us, struct od_zone_stretch *ret)
{
	int64_t from, until;

	ret->offset =
		type_at(zone, od_floor_div(instant_us, OD_USEC_PER_SEC), &from, &until)->offset;
	ret->from_us = to_usec(from);
	ret->until_us = to_usec(until);
}

int64_t od_zone_instant(const struct od_zone *zone, int32_t day, int64_t seconds)
{
	int64_t civil, from, until;
	int32_t offset, before;

	if (__builtin_add_overflow((int64_t) day * DAY_SECONDS, seconds, &civil))
		return seconds < 0 ? INT64_MIN : OD_NEVER;
	if (civil > OD_NEVER / OD_USEC_PER_SEC - REACH)
		return OD_NEVER;
	if (civil < INT64_MIN / OD_USEC_PER_SEC + REACH)
		return INT64_MIN;
	offset = type_at(zone, civil - REACH, &from, &until)->offset;
	for (;;) {
		before = offset;
		if (civil - offset < until)
			return to_usec(civil - offset);
		offset = type_at(zone, until, &from, &until)->offset;
		if (civil - offset < from)
			return to_usec(civil - before);
	}
}

void od_zone_civil(
	const struct od_zone *zone, int64_t instant_us, int32_t *ret_day, int32_t *ret_seconds)
{
	int64_t seconds = od_floor_div(instant_us, OD_USEC_PER_SEC);
	int64_t from, until, day;

	seconds += type_at(zone, seconds, &from, &until)->offset;
	day = od_floor_div(seconds, DAY_SECONDS);
	*ret_day = (int32_t) day;
	*ret_seconds = (int32_t) (seconds - day * DAY_SECONDS);
}

/*
 * Time zones from the bytes of a TZif file (RFC 8536), never from the environment.
 *
 * Instants are int64_t microseconds since 1970-01-01T00:00:00Z. A civil time becomes an instant by
 * RFC 5545, 3.3.5: in a gap with the offset before the gap, in an overlap the first occurrence.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

#define OD_USEC_PER_SEC ((int64_t) 1000000)
#define OD_NEVER        INT64_MAX /* as an instant: does not come */

struct od_zone; /* immutable, reference counted */

/*
 * od_zone_parse() - TZif version 1 to 4, with the footer's rule for instants past the table
 *
 * Refused as inconsistent: a table that counts leap seconds ("right/..."), transitions out of
 * order, offsets beyond RFC 8536, a footer that is no POSIX TZ string.
 *
 * Return: 0, OD_E_SYNTAX (not a TZif file, or inconsistent), OD_E_LIMIT, -ENOMEM.
 */
int od_zone_parse(const char *name, const void *bytes, size_t size, struct od_zone **ret) OD_CHECK;
struct od_zone *od_zone_utc(void); /* a new reference; NULL without memory */
struct od_zone *od_zone_ref(struct od_zone *zone);
void od_zone_unref(struct od_zone *zone);
OD_DEFINE_CLEANUP(struct od_zone *, od_zone_unref)

const char *od_zone_name(const struct od_zone *zone); /* "Europe/Monaco"; "local" for the host's */

/* A civil day as a number: days since 1970-01-01, proleptic Gregorian. */
int32_t od_day_from_civil(int year, int month, int day);
void od_day_to_civil(int32_t day, int *year, int *month, int *day_of_month);
int od_day_weekday(int32_t day); /* 0 = Monday */

/* Seconds east of UTC in force at @instant_us. */
int32_t od_zone_offset(const struct od_zone *zone, int64_t instant_us);
/* Abbreviation in force ("CET"), borrowed from the zone. */
const char *od_zone_abbreviation(const struct od_zone *zone, int64_t instant_us);
/* The instant of @seconds after midnight (0..86400 and beyond) of civil @day. */
int64_t od_zone_instant(const struct od_zone *zone, int32_t day, int64_t seconds);
/* A stretch of time without a transition: [from, until) around an instant, one offset. */
struct od_zone_stretch {
	int64_t from_us, until_us; /* INT64_MIN, OD_NEVER: no transition before, after */
	int32_t offset;
};
void od_zone_stretch(const struct od_zone *zone, int64_t instant_us, struct od_zone_stretch *ret);

/* Civil day of an instant, and seconds since its civil midnight on the wall clock. */
void od_zone_civil(
	const struct od_zone *zone, int64_t instant_us, int32_t *ret_day, int32_t *ret_seconds);

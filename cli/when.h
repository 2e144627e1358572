/*
 * Times as people type and read them. No clock in here: "now" is what the gate goes by.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "model/zone.h"

/*
 * od_when_parse() - "2h", "1h30m", "for 90 m", "until 21:00", "tomorrow", "monday 08:30",
 *                   "2026-12-24", "2026-12-24 08:30", RFC 3339; in English or the reader's language
 *
 * A time of day alone is the next one to come, a weekday the next one (a week ahead where it is
 * today's); a day alone is its first instant. Days without a clock are read in @zone.
 *
 * Return: 0, OD_E_SYNTAX (nothing of the above), OD_E_RANGE (no such day or hour, or too far).
 */
int od_when_parse(
	const char *text, int64_t now_us, const struct od_zone *zone, int64_t *ret_us) OD_CHECK;

/* Whether @text needs to know what time it is now ("2h", "tomorrow", "21:00"). */
bool od_when_is_relative(const char *text);

#define OD_WHEN_TEXT 96
/* "until 12:30", "until tomorrow 08:30", "until Monday 08:30", "until Monday 14 December 08:30" in the
 * reader's language: as much as is needed, seen from @now_us. "" for OD_NEVER. */
const char *od_when_until(
	int64_t instant_us, int64_t now_us, const struct od_zone *zone, char text[OD_WHEN_TEXT]);
/* For tables: "Fri 2026-11-27 18:45", in the reader's language. */
const char *od_when_short(int64_t instant_us, const struct od_zone *zone, char text[OD_WHEN_TEXT]);
/* "Monday", "Mon" for 0 and so on, in the reader's language. */
const char *od_when_weekday(int weekday);
const char *od_when_weekday_short(int weekday);
/* "2026-11-27T17:45:00Z", with ".5" and so on where there are parts of a second. */
const char *od_when_rfc3339(int64_t instant_us, char text[OD_WHEN_TEXT]);

/* The zone of that name below @zoneinfo ("/usr/share/zoneinfo"), the host's own for "local", NULL or
 * a name that leads out of it. Return: 0 or -errno (not readable: then take UTC). */
int od_when_zone(const char *zoneinfo, const char *name, struct od_zone **ret) OD_CHECK;

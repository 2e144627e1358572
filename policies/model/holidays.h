/*
 * Public holidays by rule (the engine; the calendars are data in policies/holidays).
 */
#pragma once

#include "base/array.h"
#include "model/origin.h"

struct od_calendar; /* one calendar ("mc"), immutable once built */

/* A holiday that falls on a day. Borrowed from the calendar. */
struct od_holiday {
	const char *id;   /* "assumption", or its key */
	const char *name; /* "Assomption" */
	bool substitute;  /* the day taken instead of one that fell on a day off */
	struct od_origin origin;
};

struct od_calendar *od_calendar_new(const char *id, const char *name);
void od_calendar_free(struct od_calendar *calendar);
OD_DEFINE_CLEANUP(struct od_calendar *, od_calendar_free)

/*
 * od_calendar_add() - one line of a calendar
 * @key:   "01-01", "easter+60", "easter", "orthodox-easter+1", "monday 1 september",
 *         "monday -1 may", "monday before 05-25", "monday after 05-25" (never that day itself),
 *         "extra 2015-01-07" (one day), "except 2024-12-08" (no holiday that day, whatever else
 *         says so)
 * @value: name, then options separated by ";": "sunday->monday", "weekend->monday",
 *         "saturday->friday" (each: that day as well), "next-working-day" (what falls on a Saturday
 *         or Sunday also takes the first following day that is neither that nor a holiday),
 *         "since 2019", "until 2025" (both included), "id=assumption"
 *
 * Return: 0, OD_E_SYNTAX or OD_E_RANGE with *@reterr_expected a borrowed English hint, -ENOMEM.
 */
int od_calendar_add(struct od_calendar *calendar, const char *key, const char *value,
	struct od_origin origin, const char **reterr_expected) OD_CHECK;

/* Whether civil @day is a holiday; *@ret only then. */
bool od_calendar_day(const struct od_calendar *calendar, int32_t day, struct od_holiday *ret);
const char *od_calendar_id(const struct od_calendar *calendar);

/* The last day that one single line of it names (extra, except, since, until); far below 0 where
 * there is none: after it only rules speak that come again. */
int32_t od_calendar_last_day(const struct od_calendar *calendar);

/* Gregorian Easter Sunday (Meeus/Jones/Butcher) as a day number; @year 1583..9999. */
int32_t od_easter(int year);
/* Easter Sunday of the churches that reckon by the Julian calendar, as a (Gregorian) day number. */
int32_t od_orthodox_easter(int year);

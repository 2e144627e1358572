/* One VEVENT of a feed: when, how often, and whether it counts. */
#pragma once

#include <libical/ical.h>

#include "base/array.h"
#include "calendar/tzid.h"
#include "model/leave.h"

enum od_time_kind {
	OD_TIME_DATE,     /* a civil day; floating */
	OD_TIME_FLOATING, /* a civil time without a zone */
	OD_TIME_ZONED,    /* UTC or a TZID */
};

/* A time as the feed gives it. */
struct od_time {
	enum od_time_kind kind;
	int64_t civil_us;           /* on its own clock, since 1970 */
	const struct od_zone *zone; /* ZONED */
};

/* A length: days on the civil clock first, then exact. */
struct od_length {
	int32_t days;
	int64_t us;
};

struct od_event {
	unsigned line; /* of its BEGIN */
	char *uid;     /* never NULL */
	int sequence;
	bool counts; /* not cancelled, not free, of a category asked for */
	bool cancelled;
	struct od_time start;
	struct od_length length;
	bool is_override; /* stands for the occurrence @replaces of the same UID */
	struct od_time replaces;
	OD_ARRAY(struct icalrecurrencetype *) rules; /* UNTIL on the clock of @start */
	OD_ARRAY(struct od_time) more;               /* RDATE */
	OD_ARRAY(struct od_time) except;             /* EXDATE */
};

/* What the reading of events depends on. */
struct od_event_options {
	bool turns;                   /* on-call turns: busy ones count, not only absences */
	const od_strings *categories; /* one of them is wanted; NULL or empty: any */
	const struct od_zone *zone;   /* of times whose own zone nobody knows; NULL: they float */
	/* called for what is passed over; NULL: nobody */
	void (*warn)(unsigned line, const char *text, const char *what, void *userdata);
	void *userdata;
};

/*
 * od_event_parse() - @text: BEGIN:VEVENT ... END:VEVENT, unfolded lines, properties that matter only
 * @reterr_property: the property at fault, @reterr_text: what is wrong; both borrowed, static
 *
 * Return: 0, OD_E_SYNTAX, OD_E_RANGE, OD_E_LIMIT, -ENOMEM.
 */
int od_event_parse(const char *text, unsigned line, const struct od_event_options *options,
	struct od_tzids *tzids, struct od_event *ret, const char **reterr_property,
	const char **reterr_text) OD_CHECK;
void od_event_done(struct od_event *event);

/* The instant (ZONED) or civil time (else) of @time, @length later. */
int64_t od_time_value(const struct od_time *time, const struct od_length *length);
/* Whether two times name the same moment; a date names every time of its day. */
bool od_time_same(const struct od_time *a, const struct od_time *b);

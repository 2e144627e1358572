/* TZID of a feed to a zone of this system. */
#pragma once

#include "base/array.h"
#include "model/zone.h"

/* Gives the zone called @name ("Europe/Monaco"). Return: 0 (a reference), else none by that name. */
typedef int (*od_tzid_load_fn)(const char *name, void *userdata, struct od_zone **ret);

struct od_tzid_entry {
	char *tzid;
	struct od_zone *zone; /* NULL: nobody knows it */
};

/* What was looked up, so that each zone is read once. */
struct od_tzids {
	od_tzid_load_fn load;
	void *userdata;
	OD_ARRAY(struct od_tzid_entry) entries;
	OD_ARRAY(struct od_tzid_entry) said; /* what a VTIMEZONE of the feed says of a TZID */
};

#define OD_TZID_MAX 200 /* different ones in a feed, and bytes of one */

/*
 * od_tzids_find() - by its own name, the name at its end ("/mozilla.org/20070129_1/Europe/Paris"),
 * as a Windows zone ("Romance Standard Time"), or by what a VTIMEZONE says (X-LIC-LOCATION)
 *
 * Return: 0 (*@ret borrowed), OD_E_UNKNOWN, OD_E_LIMIT, -ENOMEM.
 */
int od_tzids_find(struct od_tzids *tzids, const char *tzid, const struct od_zone **ret) OD_CHECK;
/* The feed says that @tzid is @location. Return: 0, OD_E_LIMIT, -ENOMEM. */
int od_tzids_say(struct od_tzids *tzids, const char *tzid, const char *location) OD_CHECK;
void od_tzids_done(struct od_tzids *tzids);

/* "Romance Standard Time" to "Europe/Paris"; NULL: no such name. */
const char *od_tzid_from_windows(const char *name);
/* A name that may be looked for below a folder: "Europe/Monaco", never "../x" or "/x". */
bool od_tzid_is_plain(const char *name);

/* Feeds and lists as files. */
#pragma once

#include <stdio.h>

#include "calendar/ics.h"

/* What the command line asks for. */
struct od_feed_options {
	const char *zoneinfo; /* "/usr/share/zoneinfo" */
	struct od_zone *zone; /* of times without a known one; NULL: they float */
	bool turns;
	od_strings categories;
	int64_t from_us, until_us;
};

/* A zone below @zoneinfo, read whole. Return: 0, OD_E_UNKNOWN, -errno. */
int od_feed_load_zone(const char *zoneinfo, const char *name, struct od_zone **ret) OD_CHECK;

/*
 * od_feed_convert() - a feed from @in to a list on @out; says on stderr, as @name, what is wrong
 *
 * Return: 0, OD_E_SYNTAX, OD_E_RANGE, OD_E_LIMIT, -errno. On an error @out may hold half a list.
 */
int od_feed_convert(
	int in, const char *name, const struct od_feed_options *options, int out) OD_CHECK;

/*
 * od_feed_convert_folder() - each FOLDER/NAME.ics to OUT/NAME
 *
 * NAME is a person's (or, with @options->turns, any plain name). Each feed is read by a process of
 * its own with bounds on time and memory, as root with the rights of that person. The list is put in
 * place by one rename; mode 0600 and the person's (turns: 0644). A faulty feed leaves the list it had;
 * the list of a feed that is gone stays. The age of a list is that of its file.
 *
 * Return: 0, OD_E_FAILED (at least one feed is faulty; all others are done), -errno.
 */
int od_feed_convert_folder(
	const char *folder, const char *out, const struct od_feed_options *options) OD_CHECK;

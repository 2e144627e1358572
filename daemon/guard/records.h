/*
 * What the guard writes down about a person, for that person to read.
 *
 * One small text file a uid, readable by root alone: minute, what, verdict, messenger, rule, label.
 * No file names, no content, no arguments. Nothing that happened off duty is written; whether it did
 * is the caller's to know. Lines older than the retention go at the next writing, reading or tidying.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "base/array.h"

enum od_record_what { OD_RECORD_BLOCKED, OD_RECORD_WARNED, OD_RECORD_SHARED, OD_RECORD_MAX_ };

#define OD_RECORD_NAME_MAX 64

struct od_record {
	int64_t minute_us; /* instant, cut to the minute */
	enum od_record_what what;
	char verdict[16], messenger[OD_RECORD_NAME_MAX], rule[24], label[OD_RECORD_NAME_MAX];
};

typedef OD_ARRAY(struct od_record) od_record_list;

const char *od_record_what_to_string(enum od_record_what what);
/* One line without its end. Return: 0, OD_E_LIMIT. */
int od_record_format(const struct od_record *record, char *line, size_t size) OD_CHECK;
/* Return: 0, OD_E_SYNTAX. */
int od_record_parse(const char *line, size_t length, struct od_record *ret) OD_CHECK;
/* @at_us cut to the minute; never later than it. */
int64_t od_record_minute(int64_t at_us);

#define OD_RECORDS_MAX 2000 /* of one person; the oldest go */

/* @folder: made when it is missing. Return: 0 or -errno. */
int od_records_add(
	const char *folder, uid_t uid, const struct od_record *record, int64_t oldest_us) OD_CHECK;
/* Those at or after @since_us, oldest first. Return: 0 (also without any), -errno. */
int od_records_list(const char *folder, uid_t uid, int64_t since_us, od_record_list *ret) OD_CHECK;
/* Drop everything before @oldest_us, of everybody. Return: 0 or -errno. */
int od_records_tidy(const char *folder, int64_t oldest_us);

/*
 * Somebody's hours, ready to be asked: for the verbs that look at other instants than now.
 *
 * With --policy, --groups, --user or --at no daemon is asked: the policy is read (that of --policy, or
 * the installed one), the person is --user, or somebody in --groups, or whoever calls, and there is
 * no choice of theirs. Otherwise the gate says what time it is and what was chosen, and the hours are
 * those of the installed policy, the last good one included, as the gate reads it itself.
 */
#pragma once

#include "daemons.h"
#include "ini/feeds.h"
#include "ini/source.h"
#include "model/rest.h"
#include "offline.h"

struct json_object;
struct od_cli;

/* Legal rest as verbs show it. */
struct od_rest_view {
	bool known; /* false: there is nothing to say */
	bool weekly;
	char law[8];
	int64_t since_us, taken_us, required_us, resume_us, next_us;
};

struct od_hours {
	struct od_duty_input input;
	int64_t at_us;
	const struct od_zone
		*zone; /* in which times are said; borrowed from the policy or .local */
	bool offline;
	unsigned held;            /* by the gate; 0 offline */
	struct od_rest_view rest; /* at .at_us */

	/* what the above borrows from */
	struct od_policy *policy; /* offline */
	struct od_source source;
	struct od_ini_paths *paths;
	char *last_good;
	struct od_known_person who;
	struct od_zone *local;
	struct od_feeds feeds;
};

/* Return: 0, or od_cli_fail() has said why not. */
int od_hours_open(const struct od_cli *cli, struct od_hours *ret) OD_CHECK;
void od_hours_done(struct od_hours *hours);
/* Whether no daemon is to be asked. */
bool od_hours_are_offline(const struct od_cli *cli);

/* Duty at @at_us as od_duty_sentence() takes it; .until_us is that of .on. */
int od_hours_view(const struct od_hours *hours, int64_t at_us, struct od_duty_view *ret) OD_CHECK;

/* From the properties of org.offduty1.Duty. */
void od_rest_view_read(struct od_properties *duty, struct od_rest_view *ret);
/* "Rest so far 9 h 10 of 11 h.", and when work may resume where that is later than duty begins;
 * "" where there is nothing to say. */
const char *od_rest_sentence(
	const struct od_rest_view *rest, const struct od_zone *zone, char *text, size_t size);
/* Adds "rest": an object, or null. */
void od_rest_json(struct json_object *object, const struct od_rest_view *rest);
/* "9 h 10", "11 h", "50 min" in the reader's language. */
const char *od_hours_length(int64_t length_us, char text[32]);

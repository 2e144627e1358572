/*
 * Verdicts and their reasons: what every decision hands out, whoever asks.
 */
#pragma once

#include "base/i18n.h"
#include "model/catalogue.h"
#include "model/criteria.h"
#include "model/origin.h"

enum od_verdict { OD_VERDICT_ALLOW, OD_VERDICT_WARN, OD_VERDICT_ASK, OD_VERDICT_BLOCK };
enum od_mode { OD_MODE_ENFORCE, OD_MODE_WARN, OD_MODE_AUDIT };

/* Which kind of line decided. Names (to_string) travel on D-Bus and in JSON: never change one. */
enum od_rule {
	OD_RULE_NONE,            /* no rule speaks of it */
	OD_RULE_NOT_A_MESSENGER, /* the program is not in the catalogue */
	OD_RULE_EXEMPT,          /* not a person (system user), or Offduty is disabled */
	OD_RULE_MESSENGER,       /* a [messenger X] section */
	OD_RULE_BLOCKED,         /* [messengers] blocked */
	OD_RULE_APPROVED,        /* [messengers] approved */
	OD_RULE_REQUIRE,         /* [messengers] require, met or not */
	OD_RULE_UNLISTED,        /* [messengers] unlisted */
	OD_RULE_HOURS,           /* a schedule window or its end */
	OD_RULE_DATE, /* a date line of a schedule (full, MM-DD, day of month, n-th weekday) */
	OD_RULE_HOLIDAY,
	OD_RULE_LEAVE,
	OD_RULE_ON_CALL,
	OD_RULE_NO_SCHEDULE, /* nobody wrote hours for this person: always on duty */
	OD_RULE_LIFT,        /* the employee's own choice */
	OD_RULE_REST,
	OD_RULE_CLOCK,        /* the clock is not to be trusted: quiet is not guessed */
	OD_RULE_WORK,         /* [notifications] work names it */
	OD_RULE_PRIVATE,      /* nothing names it as work */
	OD_RULE_OFF_DUTY,     /* [notifications] off-duty = hold */
	OD_RULE_BREAKTHROUGH, /* a [breakthrough X] */
	OD_RULE_OWN,          /* Offduty's own notification */
	OD_RULE_SHARING,      /* a [sharing X] */
	OD_RULE_MAX_,
};

/*
 * Why. Everything borrowed from the policy (or, received over D-Bus, from the message); NULL where
 * it does not apply.
 */
struct od_reason {
	enum od_rule rule;
	struct od_origin origin;
	const char *label;          /* of the section: "office", "payroll" */
	const char *messenger;      /* id */
	const char *messenger_name; /* as people know it */
	const char *service;
	const char *suggest; /* name of the approved alternative */
	const char
		*detail;  /* a word of the rule's own: a holiday's name, an unmet "e2ee:default" */
	const char *zone; /* zone of the schedule, for times */
};

struct od_message {
	char *lang, *text;
}; /* message.LANG of the deciding section */
typedef OD_ARRAY(struct od_message) od_messages;
void od_messages_done(od_messages *messages);
/* Best text for @lang ("fr_CH": itself, then "fr"), else NULL. */
const char *od_messages_find(const od_messages *messages, const char *lang);

struct od_decision {
	enum od_verdict verdict;  /* after the mode: what happens */
	enum od_verdict intended; /* before the mode: what the rule says */
	enum od_mode mode;
	struct od_reason reason;
	const od_messages *messages; /* borrowed; NULL: none */
	bool depends_on_person;      /* another person could get another verdict */
	bool depends_on_time;        /* another instant could */
};

const char *od_verdict_to_string(enum od_verdict verdict);
bool od_verdict_from_string(const char *text, enum od_verdict *ret);
const char *od_mode_to_string(enum od_mode mode);
bool od_mode_from_string(const char *text, enum od_mode *ret);
const char *od_rule_to_string(enum od_rule rule);
bool od_rule_from_string(const char *text, enum od_rule *ret);

/* What @mode makes of @verdict: audit allows, warn turns ask and block into warn. */
enum od_verdict od_verdict_in_mode(enum od_verdict verdict, enum od_mode mode);

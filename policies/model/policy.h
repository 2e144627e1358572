/*
 * The policy in force: one immutable, reference-counted whole.
 *
 * ini/ fills it in once and hands it out; from then on everybody only reads. A reload builds a new
 * one and swaps one pointer. Shapes follow design "policy language", section by section.
 */
#pragma once

#include "base/array.h"
#include "model/catalogue.h"
#include "model/criteria.h"
#include "model/decision.h"
#include "model/duty.h"
#include "model/holidays.h"
#include "model/schedule.h"

#define OD_SHA256_HEX 65 /* 64 digits and the end */

enum od_when { OD_WHEN_ALWAYS, OD_WHEN_ON_DUTY, OD_WHEN_OFF_DUTY };

struct od_messenger_rule { /* [messenger X] */
	char *id;
	struct od_who who;
	bool has_verdict;
	enum od_verdict verdict;
	enum od_when when;
	bool has_mode;
	enum od_mode mode;
	od_messages messages;
	struct od_origin origin;
};

struct od_policy_schedule { /* [schedule X] and whom it is for */
	struct od_schedule *schedule;
	struct od_who who;
	char *leave; /* path with %u; NULL: none */
	char *law;   /* "mc", "fr" ...; "none" */
	struct od_origin origin;
};

enum od_off_duty { OD_OFF_DUTY_HOLD, OD_OFF_DUTY_PASS };
enum od_deliver { OD_DELIVER_DIGEST, OD_DELIVER_REPLAY, OD_DELIVER_QUIETLY };
enum od_urgency { OD_URGENCY_LOW, OD_URGENCY_NORMAL, OD_URGENCY_CRITICAL };

struct od_notifications { /* [notifications] */
	od_names work;
	enum od_off_duty off_duty;
	enum od_deliver deliver;
	int64_t hold_limit_us;
	uint64_t hold_items;
	uint64_t hold_size; /* bytes */
	struct od_origin origin;
};

struct od_breakthrough { /* [breakthrough X] */
	char *label;
	od_names work;
	od_strings senders;
	od_strings keywords;
	enum od_urgency urgency; /* at least this one; LOW stands for "any" */
	unsigned limit;          /* this many ... */
	int64_t limit_period_us; /* ... in this long */
	struct od_origin origin;
};

enum od_direction { OD_DIRECTION_SEND, OD_DIRECTION_RECEIVE };
enum od_override { OD_OVERRIDE_NONE, OD_OVERRIDE_ACKNOWLEDGE, OD_OVERRIDE_CODE };

struct od_detect {
	char *detector;
	unsigned at_least;
}; /* "iban>=2" */

struct od_sharing { /* [sharing X] */
	char *label;
	enum od_direction direction;
	od_strings paths; /* globs; "~/", "xdg:NAME/" and "**" still in them */
	od_strings owners, groups_of_file, mimes, labels, extensions;
	OD_ARRAY(struct od_detect) detect;
	bool has_size_over;
	uint64_t size_over;
	od_names messengers; /* empty: every messenger, no browser */
	struct od_who who;
	enum od_verdict action; /* OD_VERDICT_ALLOW stands for "audit" */
	int64_t hold_us, remember_us;
	enum od_verdict on_timeout; /* allow or block */
	enum od_verdict encrypted, unscannable;
	enum od_override override;
	bool has_mode;
	enum od_mode mode;
	od_messages messages;
	char *details;
	struct od_origin origin;
};

enum od_browsers { OD_BROWSERS_WRITE, OD_BROWSERS_PRINT, OD_BROWSERS_OFF };

enum od_may { OD_MAY_LIFT = 1 << 0, OD_MAY_REST = 1 << 1, OD_MAY_CHOOSE_DELIVERY = 1 << 2 };

struct od_policy {
	unsigned refs;

	char *company, *contact, *charter;

	enum od_mode mode;
	int64_t grace_us;
	od_strings filesystems; /* mount points; empty: all */
	bool system_users;

	od_names approved, blocked, suggest;
	OD_ARRAY(struct od_requirement) require;
	enum od_verdict unlisted;
	struct od_origin unlisted_origin;
	enum od_unknown unknown;
	OD_ARRAY(struct od_messenger_rule) messengers;

	OD_ARRAY(struct od_policy_schedule) schedules;
	OD_ARRAY(struct od_on_call) on_calls;
	struct od_notifications notifications;
	OD_ARRAY(struct od_breakthrough) breakthroughs;
	OD_ARRAY(struct od_sharing) sharings;

	enum od_browsers browsers;
	bool close_site_permission;
	unsigned may; /* enum od_may; REST is always in */
	int64_t retention_us;

	struct od_catalogue *catalogue;
	OD_ARRAY(struct od_calendar *) calendars;
	OD_ARRAY(struct od_zone *) zones;
	od_strings files;           /* every file read, in order; origins point into it */
	char sha256[OD_SHA256_HEX]; /* over names and bytes of all files, hex */
};

/* An empty policy with every default in place, one reference; NULL without memory. */
struct od_policy *od_policy_new(void);
struct od_policy *od_policy_ref(struct od_policy *policy);
void od_policy_unref(struct od_policy *policy);
OD_DEFINE_CLEANUP(struct od_policy *, od_policy_unref)

/* Parts with their defaults in place (init), and what they hold let go (done; zero is fine). */
void od_messenger_rule_done(struct od_messenger_rule *rule);
void od_policy_schedule_done(struct od_policy_schedule *schedule);
void od_on_call_done(struct od_on_call *on_call);
void od_breakthrough_init(struct od_breakthrough *rule);
void od_breakthrough_done(struct od_breakthrough *rule);
void od_sharing_init(struct od_sharing *rule);
void od_sharing_done(struct od_sharing *rule);

/* UID_MIN of login.defs on every distribution we know; below: system users. */
#define OD_UID_MIN    1000
#define OD_UID_NOBODY 65534

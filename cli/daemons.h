/*
 * What the gate and the guard say, read once for a verb.
 */
#pragma once

#include <dbus/dbus.h>
#include <stdbool.h>
#include <stdint.h>

#include "bus/client.h"
#include "model/decision.h"
#include "model/zone.h"

struct od_cli;

#define OD_DAEMON_GATE  "offduty-gate"
#define OD_DAEMON_GUARD "offdutyd"

/* All properties of one interface; @dict stands at their a{sv} while @reply lives. */
struct od_properties {
	DBusMessage *reply; /* NULL: not asked, or no answer */
	DBusMessageIter dict;
};

/* A connection to one of the two, and why there is none. */
struct od_daemon {
	const char *program; /* OD_DAEMON_* */
	struct od_client *client;
	int result;      /* of the last call; OD_E_UNAVAILABLE: does not run */
	bool no_bus;     /* there is not even a bus to find it on */
	char error[256]; /* what it said; "" */
};

/* Opens the session bus (gate) or the system bus (guard). Never fails: see ->result. */
void od_daemon_gate(const struct od_cli *cli, struct od_daemon *ret);
void od_daemon_guard(const struct od_cli *cli, struct od_daemon *ret);
void od_daemon_done(struct od_daemon *daemon);

/* @interface: "Duty" for org.offduty1.Duty. Return: as od_client_call(), also in ->result. */
int od_daemon_read(struct od_daemon *daemon, const char *interface, struct od_properties *ret);
/* Takes over @call, NULL standing for no memory; *@ret_reply may be NULL where the answer is empty. */
int od_daemon_call(struct od_daemon *daemon, DBusMessage *call, DBusMessage **ret_reply);
DBusMessage *od_daemon_method(const char *interface, const char *method);
void od_properties_done(struct od_properties *properties);
void od_message_unrefp(DBusMessage **message);

/* od_cli_fail() with what the daemon said, or that it does not run and how to start it. */
int od_daemon_fail(const struct od_cli *cli, const struct od_daemon *daemon);
/* The same as a text for a person, "" where all is well; @hint: what to do, "" for nothing. */
void od_daemon_trouble(
	const struct od_daemon *daemon, char *text, size_t size, char *hint, size_t hint_size);

/* Members of an a{sv}: "" or 0 where absent. */
const char *od_member_string(DBusMessageIter *dict, const char *key);
bool od_member_bool(DBusMessageIter *dict, const char *key);
uint64_t od_value_unsigned(DBusMessageIter *value); /* y q u t, or 0 */
/* A reason as it travels: "rule", "file", "line", "label" ... Everything borrowed from the message. */
void od_member_reason(DBusMessageIter *dict, struct od_reason *ret);
/* One sentence from od_explain(), in the reader's language. */
const char *od_reason_sentence(
	const struct od_reason *reason, enum od_verdict verdict, char *text, size_t size);
/* "/etc/offduty/policy.d/10-office.ini:12", or "" for a rule that stands in no file. */
const char *od_reason_place(const struct od_reason *reason, char *text, size_t size);

/* What the gate says of duty, ready for sentences. */
struct od_duty_view {
	struct od_properties properties;
	bool on;
	int64_t until_us, now_us, choice_until_us;
	const char *choice; /* "none", "lift", "rest" */
	struct od_reason reason;
	struct od_zone *zone; /* of the schedule, else the host's, else UTC */
};
/* Return: as od_client_call(). */
int od_duty_view_read(struct od_daemon *gate, struct od_duty_view *ret) OD_CHECK;
void od_duty_view_done(struct od_duty_view *view);
/* "Off duty until Monday 08:30 (Europe/Monaco)." */
const char *od_duty_sentence(const struct od_duty_view *view, char *text, size_t size);

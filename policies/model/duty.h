/*
 * Duty: on or off for a person at an instant. A pure function; nothing is remembered.
 *
 * Which schedule: people > groups > nobody named; several of one rank: on duty only when all of
 * them say so. None at all: always on duty. On top: on-call, then the employee's own choice.
 */
#pragma once

#include "model/schedule.h"

struct od_policy;

struct od_on_call_window {
	int64_t from_us, until_us;
	bool floating;
};

/* [on-call X]. Windows are civil times in the zone of the person's schedule, else local. */
struct od_on_call {
	char *label;
	struct od_who who;
	od_names work; /* what passes; empty: nothing */
	OD_ARRAY(struct od_on_call_window) windows;
	char *feed; /* ics file; NULL: none */
	struct od_origin origin;
};

enum od_choice_kind { OD_CHOICE_NONE, OD_CHOICE_LIFT, OD_CHOICE_REST };

/* The employee's own choice; over once @until_us has come. */
struct od_choice {
	enum od_choice_kind kind;
	int64_t until_us;
};

/* Turns of an on-call feed. */
struct od_turns {
	const char *feed; /* as in [on-call] feed = */
	const struct od_leave *list;
};

/* Everything duty depends on beside the instant. All borrowed. */
struct od_duty_input {
	const struct od_policy *policy;
	const struct od_person *person;
	const struct od_zone *local;
	const struct od_leave *leave; /* NULL: none */
	const struct od_turns *turns; /* of the feeds that have a list */
	size_t n_turns;
	struct od_choice choice;
};

struct od_duty {
	bool on;
	int64_t until_us; /* next change of .on or .on_call; OD_NEVER */
	struct od_reason reason;
	const struct od_on_call *on_call; /* in force now; NULL: none */
	bool scheduled_on;                /* what it would be without the employee's choice */
};

/*
 * The employee's rest leaves no .on_call in force; their lift does not touch it. Two schedules of
 * one rank that do not agree within 800 days are taken never to.
 */
void od_duty_at(const struct od_duty_input *input, int64_t at_us, struct od_duty *ret);

/* The same, but .until_us is the next change of .on alone. */
void od_duty_state(const struct od_duty_input *input, int64_t at_us, struct od_duty *ret);

/* The zone this person's times are said in: of the schedule that decides, else the local one. Never
 * NULL. Borrowed. */
const struct od_zone *od_duty_zone(const struct od_duty_input *input);

const char *od_choice_to_string(enum od_choice_kind kind);
bool od_choice_from_string(const char *text, enum od_choice_kind *ret);

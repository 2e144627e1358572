/*
 * What the gate decides by: the policy in force, the person, the hour, the employee's own choice.
 *
 * Evaluated as a state whenever something it depends on changes (the hour, the clock, the policy,
 * the time zone, a choice), never as an edge that could be missed.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "gate/settings.h"
#include "model/duty.h"
#include "model/policy.h"
#include "model/rest.h"

struct sd_event;
struct od_clock;
struct od_state;

struct od_state_options {
	struct sd_event *event;
	struct od_clock *clock;
	const char *root;     /* NULL or "": none */
	const char *settings; /* path of the settings file */
	/* Duty, policy or a choice is not what it was. Not called by od_state_new(). */
	void (*changed)(void *userdata);
	void *userdata;
};

/* Works without any policy: then nothing is work. Return: 0, OD_E_SYNTAX, -errno. */
int od_state_new(const struct od_state_options *options, struct od_state **ret) OD_CHECK;
void od_state_free(struct od_state *state);
OD_DEFINE_CLEANUP(struct od_state *, od_state_free)

int64_t od_state_now(const struct od_state *state);
const struct od_policy *od_state_policy(const struct od_state *state); /* NULL: none */
unsigned od_state_generation(const struct od_state *state);
const struct od_duty *od_state_duty(const struct od_state *state);
struct od_choice od_state_choice(const struct od_state *state);

/* Read the policy again. */
void od_state_reload(struct od_state *state);

/*
 * od_state_choose() - lift, rest, or (OD_CHOICE_NONE) neither
 * @until_us: instant; 0: what the kind means by itself (lift: until duty begins; rest: until duty
 *            begins on another day)
 *
 * Return: 0, OD_E_ACCESS (no lift for this person), OD_E_RANGE (in the past, or further than a
 * year), -errno (in force, but not kept).
 */
int od_state_choose(struct od_state *state, enum od_choice_kind kind, int64_t until_us) OD_CHECK;

/* How held ones are delivered: the employee's choice where they may choose and did. */
enum od_deliver od_state_deliver(const struct od_state *state, bool *ret_own);
/* @deliver NULL: as the policy says. Return: 0, OD_E_ACCESS, -errno. */
int od_state_set_deliver(struct od_state *state, const enum od_deliver *deliver) OD_CHECK;

/* Legal rest now; false where there is nothing to say (see od_rest_at). */
bool od_state_rest(const struct od_state *state, struct od_rest *ret);
/*
 * od_state_worked() - the employee says they worked from one instant to the other while off duty
 *
 * Nobody else says it and nothing measures it. Only the end is kept, in their own settings, where it
 * began the legal rest anew, and only until duty begins.
 *
 * Return: 0, OD_E_RANGE (not past, backwards, more than a week ago), OD_E_NOT_FOUND (no rest it could
 * have cut: on duty, no law), -errno.
 */
int od_state_worked(struct od_state *state, int64_t from_us, int64_t until_us) OD_CHECK;
/* When the lists of absences and turns in use were made (the oldest); 0: none. */
void od_state_lists(const struct od_state *state, int64_t *ret_leave_us, int64_t *ret_on_call_us);

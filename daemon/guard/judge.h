/*
 * The one place where the guard decides: policy, people and clock brought together.
 *
 * The main thread puts a policy in; threads that answer the kernel ask. The lock is held for the
 * length of one decision, and nothing under it waits for anything.
 */
#pragma once

#include <sys/types.h>

#include "guard/people.h"
#include "model/launch.h"
#include "model/share.h"

struct od_clock;
struct od_judge;

/* Borrows both. NULL without memory. */
struct od_judge *od_judge_new(struct od_people *people, const struct od_clock *clock);
void od_judge_free(struct od_judge *judge);
OD_DEFINE_CLEANUP(struct od_judge *, od_judge_free)

/* Put @policy (a reference is taken; NULL: none) in force. Return: 0 or -ENOMEM (nothing changed). */
int od_judge_set_policy(
	struct od_judge *judge, struct od_policy *policy, struct od_zone *local) OD_CHECK;
/* Grows whenever anything decided before may be decided otherwise now. */
unsigned od_judge_generation(struct od_judge *judge);

/* A reference to the policy in force; NULL: none. */
struct od_policy *od_judge_policy(struct od_judge *judge);

struct od_people *od_judge_people(struct od_judge *judge);
int64_t od_judge_now(struct od_judge *judge);

/* What a verdict leads to; @decision and @messenger borrow from @policy. */
struct od_ruling {
	struct od_policy *policy; /* a reference; NULL: the program is no messenger */
	struct od_human *human;   /* a reference; NULL: not looked up yet */
	const struct od_messenger *messenger;
	struct od_decision decision;
	bool unresolved; /* allowed only because the person was not looked up yet */
	int64_t at_us;
};
void od_ruling_done(struct od_ruling *ruling);

/* Whether a file of that base name must be asked about each time. */
bool od_judge_knows_name(struct od_judge *judge, const char *base);

/*
 * od_judge_match() - the messenger a program is, and the policy it was found in
 *
 * False: none (nothing is held). True: ruling->policy and ->messenger are set.
 */
bool od_judge_match(
	struct od_judge *judge, const struct od_program *program, struct od_ruling *ret);
/* The launch verdict for ruling->messenger (NULL: no messenger) and @uid, at @at_us. */
void od_judge_launch(struct od_judge *judge, uid_t uid, int64_t at_us, struct od_ruling *ruling);

/* Whether @human is on duty at @at_us by @policy; the guard never asks a gate. */
bool od_judge_on_duty(struct od_judge *judge, const struct od_policy *policy,
	const struct od_human *human, int64_t at_us);
/* When that may next be otherwise; OD_NEVER: not by itself. */
int64_t od_judge_duty_until(struct od_judge *judge, const struct od_policy *policy,
	const struct od_human *human, int64_t at_us);

/* The answer to "may it be used, and why": from the guard, or from a policy that is only read. */
#pragma once

#include <dbus/dbus.h>

#include "facts.h"
#include "model/decision.h"
#include "model/whatif.h"

struct od_cli;

struct od_explained_change {
	enum od_change change;
	enum od_verdict verdict;
	const char *detail; /* "" where there is none */
	struct od_origin origin;
};

/* All texts are borrowed from the message or the policy. */
struct od_explained {
	const char *kind; /* "program", "messenger", "site" */
	enum od_verdict verdict, intended;
	enum od_mode mode;
	bool on_duty;
	struct od_reason reason;
	od_fact_views facts;
	OD_ARRAY(struct od_explained_change) changes;
};

/* @answer: at the a{sv} of Policy.Explain. Changes of a kind unknown here are left out.
 * Return: 0 or -ENOMEM. */
int od_explained_read(DBusMessageIter *answer, struct od_explained *ret) OD_CHECK;
/* Decided by @policy itself. @messenger NULL: none. Return: 0 or -ENOMEM. */
int od_explained_decide(const struct od_policy *policy, const struct od_person *person,
	const struct od_messenger *messenger, bool on_duty, struct od_explained *ret) OD_CHECK;
void od_explained_done(struct od_explained *explained);

/* Prints it, as text or JSON. @what: as it was asked. Return: 0, or od_cli_fail() has said why not. */
int od_explained_show(
	const struct od_cli *cli, const char *what, const struct od_explained *explained) OD_CHECK;
/* "allowed", "blocked" ... in the reader's language. */
const char *od_verdict_word(enum od_verdict verdict);

/*
 * Stands at the folders of sharing rules while a messenger runs, and tells when it opens a file there
 * that a rule covers.
 *
 * Main thread only. It watches (FAN_CLASS_NOTIF) and keeps no open waiting; rules that block have
 * hold_guard for that. A rule that asks is told as a warning, and od_share_guard_weaker() says so.
 */
#pragma once

#include "guard/counters.h"
#include "guard/judge.h"
#include "guard/runners.h"
#include "guard/tells.h"

struct sd_event;
struct od_share_guard;

struct od_share_guard_parts { /* all borrowed */
	struct sd_event *event;
	struct od_judge *judge;
	struct od_tells *tells;
	struct od_counters *counters;
	struct od_runners *runners;
	const char *inspect_socket;
	const char *const *only; /* as od_marks_want */
};

/* Return: 0, OD_E_UNSUPPORTED, -errno. */
int od_share_guard_new(
	const struct od_share_guard_parts *parts, struct od_share_guard **ret) OD_CHECK;
void od_share_guard_free(struct od_share_guard *guard);
OD_DEFINE_CLEANUP(struct od_share_guard *, od_share_guard_free)

/* Policy or running messengers changed: watch what is to be watched now. */
void od_share_guard_update(struct od_share_guard *guard);
/* For the watchdog. */
bool od_share_guard_alive(struct od_share_guard *guard);
/* Whether some rule in force says more (ask) than is done about it. */
bool od_share_guard_weaker(const struct od_share_guard *guard);

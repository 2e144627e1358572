/*
 * Stands at every program start on guarded filesystems and answers the kernel.
 *
 * One thread reads, decides and answers; nothing it does before an answer may wait for a bus, a
 * log, a name service or a program. Telling comes after, through od_tells.
 */
#pragma once

#include "guard/counters.h"
#include "guard/judge.h"
#include "guard/marks.h"
#include "guard/tells.h"

struct od_exec_guard;

struct od_exec_guard_parts { /* all borrowed */
	struct od_judge *judge;
	struct od_tells *tells;
	struct od_counters *counters;
};

/* Open the group and start its marks (none yet). Return: 0, OD_E_UNSUPPORTED (no permission
 * events on this kernel, or not allowed), -errno. */
int od_exec_guard_new(const struct od_exec_guard_parts *parts, struct od_exec_guard **ret) OD_CHECK;
/* Start answering. Return: 0 or -errno. */
int od_exec_guard_start(struct od_exec_guard *guard) OD_CHECK;
/* Closes the group first: whoever waits is let go. */
void od_exec_guard_free(struct od_exec_guard *guard);
OD_DEFINE_CLEANUP(struct od_exec_guard *, od_exec_guard_free)

struct od_marks *od_exec_guard_marks(struct od_exec_guard *guard);
/* The policy changed: forget what was remembered, in the kernel too. Done when this returns (or the
 * answering thread is stuck, which the watchdog sees). */
void od_exec_guard_forget(struct od_exec_guard *guard);
/* For the watchdog: false when events wait and none is being answered. */
bool od_exec_guard_alive(struct od_exec_guard *guard);

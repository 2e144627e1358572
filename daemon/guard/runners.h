/*
 * Messengers that run: found at their start, let go at their end (pidfd), asked for when a file is
 * opened. Main thread only, but for finding.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "base/cleanup.h"
#include <stdbool.h>

struct sd_event;
struct od_runners;

struct od_runner {
	pid_t pid;
	uint64_t start; /* ticks since boot: with the pid, a process */
	uid_t uid;
	char messenger[64]; /* id; looked up anew in the policy of the day */
	char cgroup
		[256]; /* of an application of its own ("app-....scope"); "": shared with others */
};

/* @changed: called when the first comes or the last goes, or one of another person comes. */
int od_runners_new(struct sd_event *event, void (*changed)(void *userdata), void *userdata,
	struct od_runners **ret) OD_CHECK;
void od_runners_free(struct od_runners *runners);
OD_DEFINE_CLEANUP(struct od_runners *, od_runners_free)

/* Return: 0 (also when it is known or has ended already), OD_E_LIMIT, -errno. */
int od_runners_add(struct od_runners *runners, const struct od_runner *runner) OD_CHECK;

size_t od_runners_count(struct od_runners *runners);
const struct od_runner *od_runners_at(const struct od_runners *runners, size_t index);
/* The messenger @pid belongs to: itself, an ancestor, or the same application's cgroup; false: none.
 * From any thread, as od_runners_count(). */
bool od_runners_find(struct od_runners *runners, pid_t pid, struct od_runner *ret);

/* The cgroup of an application of its own in @path, as "app-....scope"; false: a shared one. */
bool od_runners_own_cgroup(const char *path);

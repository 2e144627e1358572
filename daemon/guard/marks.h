/*
 * Which filesystems the guard stands at: one mark a superblock, new mounts as they come.
 *
 * A thread of its own, because marking walks a path, and a path may wait for an automounter.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "base/array.h"

struct od_marks;

struct od_marks_want {
	const char *const *only;       /* --only-filesystem, NULL-terminated; NULL: no such limit */
	const od_strings *filesystems; /* [enforcement] filesystems; empty: all */
	bool active;                   /* false: no mark at all (no policy in force) */
};

/* @fan: the group to mark for; @mask: what to be asked about. Return: 0 or -errno. */
int od_marks_new(int fan, uint64_t mask, struct od_marks **ret) OD_CHECK;
/* Ends the thread; the marks go with the group. */
void od_marks_free(struct od_marks *marks);
OD_DEFINE_CLEANUP(struct od_marks *, od_marks_free)

/* Everything in @want is copied. Takes effect soon; od_marks_settle() waits for it.
 * Return: 0 or -ENOMEM. */
int od_marks_set(struct od_marks *marks, const struct od_marks_want *want) OD_CHECK;
/* For start-up: until the first marks stand, at most @timeout_ms. */
bool od_marks_settle(struct od_marks *marks, int timeout_ms);

/* Whether an inode of @device stands for one file (not overlay, not unknown): may be remembered. */
bool od_marks_is_plain(struct od_marks *marks, dev_t device);

struct od_uncovered {
	char *point;
	const char *why; /* static, marked for translation */
};
struct od_coverage {
	od_strings covered;
	OD_ARRAY(struct od_uncovered) uncovered;
};
/* Whether what lies on @device is guarded. */
bool od_marks_covers(struct od_marks *marks, dev_t device);
/* A copy. Return: 0 or -ENOMEM. */
int od_marks_coverage(struct od_marks *marks, struct od_coverage *ret) OD_CHECK;
void od_coverage_done(struct od_coverage *coverage);

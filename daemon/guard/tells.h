/*
 * What was decided and is still to be told: from the threads that answer the kernel to the main
 * thread. Bounded; what does not fit is dropped and counted, never waited for.
 */
#pragma once

#include "guard/judge.h"

enum od_tell_kind {
	OD_TELL_BLOCKED,
	OD_TELL_WARNED,
	OD_TELL_STARTED, /* an allowed messenger */
	OD_TELL_ENDING,  /* one that runs and may not any more */
	OD_TELL_SHARED,
	OD_TELL_TROUBLE, /* nothing but .error: the kernel would not hand out events */
};

struct od_tell {
	enum od_tell_kind kind;
	struct od_ruling ruling; /* its references are the receiver's to give back */
	uid_t uid;
	pid_t pid;
	uint64_t start;   /* STARTED: start time of the process */
	int64_t grace_us; /* ENDING: until then */
	int error;        /* TROUBLE: -errno */
	enum od_direction direction;
	uint64_t thing;      /* SHARED: which file, for telling it once; else 0 */
	int64_t remember_us; /* SHARED: how long once is */
	char name[256];      /* base name of the program, or of the file shared */
};

struct od_tells;

/* Return: 0 or -errno. */
int od_tells_new(struct od_tells **ret) OD_CHECK;
void od_tells_free(struct od_tells *tells);
OD_DEFINE_CLEANUP(struct od_tells *, od_tells_free)

/* Readable when there is something. */
int od_tells_fd(const struct od_tells *tells);
/* Takes @tell's references over. False: full, nothing was taken. */
bool od_tells_put(struct od_tells *tells, const struct od_tell *tell);
/* False: nothing left. */
bool od_tells_take(struct od_tells *tells, struct od_tell *ret);

/* Ownership by scope: every owned local carries od_cleanup() from its declaration on. */
#pragma once

#include <stdlib.h>
#include <unistd.h>

#define od_cleanup(fn) __attribute__((cleanup(fn)))

/* Hand an owned pointer over: yields it and leaves NULL behind. */
#define od_take(pointer)                                                                           \
	__extension__({                                                                            \
		__typeof__(pointer) od_take_at_ = (pointer);                                       \
		__typeof__(*od_take_at_) od_taken_ = *od_take_at_;                                 \
		*od_take_at_ = NULL;                                                               \
		od_taken_;                                                                         \
	})

/* Hand an owned descriptor over: yields it and leaves -1 behind. */
static inline int od_take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

/* OD_DEFINE_CLEANUP(struct od_x *, od_x_free) defines od_x_freep() for od_cleanup(od_x_freep). */
#define OD_DEFINE_CLEANUP(type, fn)                                                                \
	static inline void fn##p(type *pointer)                                                    \
	{                                                                                          \
		if (*pointer)                                                                      \
			fn(*pointer);                                                              \
	}

static inline void od_freep(void *pointer)
{
	free(*(void **) pointer);
}

/* Closes and keeps errno, so that a failing function still reports its own reason. */
void od_closep(int *fd);

#define OD_ELEMENTS(array) (sizeof(array) / sizeof((array)[0]))
#define OD_UNUSED          __attribute__((unused))
#define OD_CHECK           __attribute__((warn_unused_result))
#define OD_PRINTF(f, a)    __attribute__((format(printf, f, a)))

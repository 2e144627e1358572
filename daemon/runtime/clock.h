/*
 * The time every daemon goes by.
 *
 * It is CLOCK_REALTIME, plus an offset for trials and tests, so that Friday 18:45 can be played at
 * any hour. --clock=SPEC, SPEC being
 *     +N or -N            seconds to add
 *     2026-11-27T18:45:00+01:00 (RFC 3339)  the time it is when the program starts
 *     @FILE               a file that holds one of the two; read again whenever it changes, which
 *                         counts as a step of the clock (an RFC 3339 instant: the time it is when
 *                         the file was last modified, so that several programs agree)
 */
#pragma once

#include <stdint.h>

#include "base/cleanup.h"

#ifndef OD_NEVER /* policies/model has the same word; neither room knows the other */
#define OD_NEVER INT64_MAX
#endif

struct sd_event;
struct od_clock;
struct od_timer;

/* @spec NULL or "": the real time. Return: 0, OD_E_SYNTAX, -errno (@FILE must exist by now; one that
 * becomes wrong later leaves the last good offset in force). */
int od_clock_new(struct sd_event *event, const char *spec, struct od_clock **ret) OD_CHECK;
void od_clock_free(struct od_clock *clock);
OD_DEFINE_CLEANUP(struct od_clock *, od_clock_free)

/* Microseconds since 1970-01-01T00:00:00Z. The one function of a clock any thread may call. */
int64_t od_clock_now(const struct od_clock *clock);

/* Called after the clock was stepped, by anybody, and after a resume from suspend where that moved
 * it (TFD_TIMER_CANCEL_ON_SET). Several may register. Return: 0 or -ENOMEM. */
int od_clock_on_step(struct od_clock *clock, void (*fn)(void *userdata), void *userdata) OD_CHECK;

/* A timer on this clock: fires once when @instant_us has come, late rather than never; follows
 * steps. Setting it again replaces the instant; OD_NEVER (INT64_MAX) disarms it. It may be set and
 * freed in its own callback. Return: 0, -ENOMEM or -errno of timerfd_settime(). */
int od_timer_new(struct od_clock *clock, void (*fn)(void *userdata), void *userdata,
	struct od_timer **ret) OD_CHECK;
int od_timer_set(struct od_timer *timer, int64_t instant_us) OD_CHECK;
void od_timer_free(struct od_timer *timer);
OD_DEFINE_CLEANUP(struct od_timer *, od_timer_free)

/* Parse RFC 3339 ("2026-11-27T18:45:00+01:00", "...Z"). Return: 0 or OD_E_SYNTAX. */
int od_clock_parse_instant(const char *text, int64_t *ret_us) OD_CHECK;

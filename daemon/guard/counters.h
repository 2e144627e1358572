/*
 * What the guard counts: sums over everybody, no person in them. Any thread adds, any thread reads.
 */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

enum od_count {
	OD_COUNT_EXECS,      /* exec events the kernel asked about */
	OD_COUNT_ALLOWED,    /* answered "allow" */
	OD_COUNT_DENIED,     /* answered "deny" */
	OD_COUNT_WARNED,     /* allowed although the policy advises against it */
	OD_COUNT_CACHED,     /* answered from the identity cache */
	OD_COUNT_IGNORED,    /* files the kernel no longer asks about */
	OD_COUNT_OVERFLOWS,  /* the kernel dropped events (and allowed them) */
	OD_COUNT_DEADLINES,  /* facts that did not come in time (allowed) */
	OD_COUNT_ERRORS,     /* events that could not be read or answered */
	OD_COUNT_UNRESOLVED, /* allowed because nobody had looked the person up yet */
	OD_COUNT_LOST,       /* decisions made, but nobody could be told */
	OD_COUNT_SHARES,     /* files of a sharing rule that a messenger opened */
	OD_COUNT_REFUSED,    /* opens of such files that were denied */
	OD_COUNT_OPENS,      /* opens seen in folders of sharing rules */
	OD_COUNT_ENDED,      /* running messengers that were asked to end */
	OD_COUNT_MAX_,
};

struct od_counters {
	_Atomic uint64_t value[OD_COUNT_MAX_];
};

/* "execs", "allowed" ...: names on D-Bus. Never NULL. */
const char *od_count_to_string(enum od_count count);

static inline void od_count(struct od_counters *counters, enum od_count count)
{
	atomic_fetch_add_explicit(&counters->value[count], 1, memory_order_relaxed);
}

static inline uint64_t od_count_get(struct od_counters *counters, enum od_count count)
{
	return atomic_load_explicit(&counters->value[count], memory_order_relaxed);
}

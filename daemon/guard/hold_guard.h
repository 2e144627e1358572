/*
 * Keeps a messenger's open of a file waiting while a sharing rule that blocks is consulted.
 *
 * A permission group of its own on the folders of such rules, a thread of its own, a bound on each
 * wait. In doubt (a deadline, an error, too many at once) the open is allowed; the share guard then
 * warns as of any other.
 */
#pragma once

#include "guard/share_guard.h"

struct od_hold_guard;

/* Opens the group and starts the thread. Return: 0, OD_E_UNSUPPORTED, -errno. */
int od_hold_guard_new(
	const struct od_share_guard_parts *parts, struct od_hold_guard **ret) OD_CHECK;
/* Closes the group first: whoever waits is let go. */
void od_hold_guard_free(struct od_hold_guard *guard);
OD_DEFINE_CLEANUP(struct od_hold_guard *, od_hold_guard_free)

/* From the main thread: the folders of @rule for @human; one open folder; none any more. */
void od_hold_guard_watch(
	struct od_hold_guard *guard, const struct od_human *human, const struct od_sharing *rule);
void od_hold_guard_mark(struct od_hold_guard *guard, int fd);
void od_hold_guard_clear(struct od_hold_guard *guard);
bool od_hold_guard_alive(struct od_hold_guard *guard);

/* Messengers that were running before the guard was. */
#pragma once

#include "guard/judge.h"
#include "guard/marks.h"
#include "guard/runners.h"

/* Looks through /proc once and adds what it finds, with @marks only what lies on filesystems that are
 * guarded. Never ends anything. Return: how many. */
unsigned od_sweep(struct od_judge *judge, struct od_runners *runners, struct od_marks *marks);
/* Adds one messenger that runs: @ruling of its start. */
void od_sweep_note(
	struct od_runners *runners, pid_t pid, uint64_t start, uid_t uid, const char *messenger);

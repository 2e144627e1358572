/* Marks on the folders that sharing rules speak of, and below. */
#pragma once

#include "guard/counters.h"
#include "guard/people.h"
#include "model/policy.h"

struct od_folders {
	int fan;
	uint64_t mask;
	const char *const *only; /* as od_marks_want */
	struct od_counters *counters;
	unsigned n;
};

/* The folders of @rule for @human. A rule without a folder of its own is watched in their home. */
void od_folders_mark_rule(
	struct od_folders *folders, const struct od_human *human, const struct od_sharing *rule);
/* One open folder. */
void od_folders_mark(struct od_folders *folders, int fd);
void od_folders_clear(struct od_folders *folders);

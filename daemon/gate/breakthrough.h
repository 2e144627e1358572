/* How many notifications a [breakthrough X] has let through lately: its limit, in memory. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "model/policy.h"

#define OD_BREAKTHROUGH_KEPT 1000 /* instants per rule; a higher limit counts as this one */

struct od_breakthrough_rule {
	char *label;
	OD_ARRAY(int64_t) passed; /* instants, oldest first */
};

struct od_breakthroughs {
	OD_ARRAY(struct od_breakthrough_rule) rules;
};

bool od_breakthroughs_left(
	const struct od_breakthroughs *all, const struct od_breakthrough *rule, int64_t now_us);
/* Return: 0 or -ENOMEM (then this one is not counted). */
int od_breakthroughs_record(
	struct od_breakthroughs *all, const struct od_breakthrough *rule, int64_t now_us);
void od_breakthroughs_done(struct od_breakthroughs *all);

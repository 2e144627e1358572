/* What schedules cannot give, as warnings of "policy check". */
#pragma once

#include <stdint.h>

#include "ini/problem.h"

struct od_policy;

/* Adds a warning for each finding of od_rest_lint(). @now_us: nights before are past. */
void od_hours_lint(const struct od_policy *policy, int64_t now_us, struct od_problems *problems);

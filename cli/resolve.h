/* People and groups a policy names and this host does not know. */
#pragma once

#include "ini/problem.h"
#include "model/policy.h"

/* Adds a warning for each, once a name and section ("unknown-person", "unknown-group"). */
void od_resolve_check(const struct od_policy *policy, struct od_problems *problems);

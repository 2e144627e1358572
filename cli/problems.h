/* Faults and warnings of a policy, as "policy check" and "policy reload" show them. */
#pragma once

#include "ini/problem.h"

struct od_cli;
struct od_policy;

/* Sorts and prints all, then a line of sums; or one JSON object. @policy: NULL where there is none. */
void od_problems_show(
	const struct od_cli *cli, struct od_problems *problems, const struct od_policy *policy);

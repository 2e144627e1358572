/* Having the guard read the policy again. */
#pragma once

#include <stdint.h>

#include "daemons.h"
#include "ini/problem.h"
#include "model/policy.h"

struct od_in_force {
	uint32_t generation;
	char hash[OD_SHA256_HEX]; /* "" where it does not say */
};

/*
 * od_guard_reload() - Policy.Reload, and what is in force then
 * @problems: of the newest set, on OD_E_POLICY
 *
 * Return: as od_daemon_call(), also in guard->result.
 */
int od_guard_reload(struct od_daemon *guard, struct od_problems *problems, struct od_in_force *ret);

/* What follows from a policy: judge, marks, shares, people, and who is told on the bus. */
#pragma once

#include "base/cleanup.h"

struct od_manager;

/* Put the policy of the source in force, with the host's zone of today. Return: 0 or -ENOMEM. */
int od_enforce(struct od_manager *manager) OD_CHECK;
/* One look at everything that runs, and what follows from it. */
void od_enforce_on_running(struct od_manager *manager);
/* Tell the marks what is to be guarded. Return: 0 or -ENOMEM. */
int od_enforce_set_marks(struct od_manager *manager) OD_CHECK;

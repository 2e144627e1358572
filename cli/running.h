/* Messengers that run on this machine now, as far as the caller may see. */
#pragma once

#include <sys/types.h>

#include "model/catalogue.h"

struct od_running {
	pid_t pid;
	uid_t uid;
	const struct od_messenger *messenger; /* borrowed from the catalogue */
};

typedef OD_ARRAY(struct od_running) od_runnings;

/*
 * od_running_find() - one entry for each process that is a messenger by @catalogue
 *
 * A process started by another of the same messenger and user (its renderers and helpers) is left
 * out. Of other people's processes only root sees what they are.
 *
 * Return: 0 or -errno.
 */
int od_running_find(const struct od_catalogue *catalogue, od_runnings *ret) OD_CHECK;

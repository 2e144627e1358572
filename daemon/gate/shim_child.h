/* The notification server as our child: started, waited for, ended. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/cleanup.h"

struct sd_event;

struct od_shim_child {
	pid_t pid; /* 0: not running */
	int pidfd;
	struct sd_event_source *source;
	struct sd_event *event; /* borrowed */
};

/*
 * od_shim_child_start() - run @argv with @address as its session bus
 *
 * The child gets signals as they are by default, none of our descriptors, no NOTIFY_SOCKET, and
 * SIGTERM when we die. When it ends the loop ends with its exit status (128 + signal where a signal
 * ended it). Return: 0 or -errno (also of the exec).
 */
int od_shim_child_start(struct od_shim_child *child, struct sd_event *event, char *const *argv,
	const char *address) OD_CHECK;

/* SIGTERM, five seconds, SIGKILL; nothing where it has ended. */
void od_shim_child_stop(struct od_shim_child *child);

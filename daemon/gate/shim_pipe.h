/*
 * One connection of the server and its twin on the bus: bytes and descriptors both ways.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "gate/shim_stream.h"

struct sd_event;
struct od_shim_pipe;

struct od_shim_pipe_hooks {
	void (*asked)(void *userdata);                             /* the name was asked for */
	void (*closed)(void *userdata, struct od_shim_pipe *pipe); /* free it now */
	void *userdata;
};

/* Takes both descriptors over, also on failure. Return: 0 or -errno. */
int od_shim_pipe_new(struct sd_event *event, int server_fd, int bus_fd,
	const struct od_shim_pipe_hooks *hooks, struct od_shim_pipe **ret) OD_CHECK;
void od_shim_pipe_free(struct od_shim_pipe *pipe);
OD_DEFINE_CLEANUP(struct od_shim_pipe *, od_shim_pipe_free)

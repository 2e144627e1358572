/* GLib outside, sd-event as one of its sources: libnotify needs the one, libdbus and timers the other. */
#pragma once

#include "base/cleanup.h"

struct sd_event;

/* Run until @event is told to exit. Return: the exit code given to sd_event_exit(). */
int od_loop_run(struct sd_event *event) OD_CHECK;

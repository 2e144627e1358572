/* A libdbus connection on an sd-event loop. Internal to od_bus. */
#pragma once

#include <dbus/dbus.h>

#include "base/cleanup.h"

struct sd_event;
struct od_bus_loop;

/*
 * od_bus_loop_new() - from now on @event reads, writes and dispatches @connection
 * @after: called behind each dispatched message, as the last thing: it may free the loop
 *
 * Return: 0 or -errno.
 */
int od_bus_loop_new(struct sd_event *event, DBusConnection *connection,
	void (*after)(void *userdata), void *userdata, struct od_bus_loop **ret) OD_CHECK;
void od_bus_loop_free(struct od_bus_loop *loop);
OD_DEFINE_CLEANUP(struct od_bus_loop *, od_bus_loop_free)

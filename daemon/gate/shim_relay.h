/*
 * Connections of one notification server, relayed to the session bus.
 *
 * A listening socket in a folder of our own; each connection to it gets a connection to the bus of
 * its own. What is kept of each is bounded: a side is read only when everything read before has
 * been written, so a slow reader slows its writer down and nothing piles up here.
 */
#pragma once

#include <stddef.h>

#include "base/cleanup.h"

struct sd_event;
struct od_shim_relay;

/*
 * od_shim_relay_new() - listen
 * @folder:  private folder (made 0700 where it is missing) for the socket
 * @address: of the session bus
 * @on_asked: called once, when the server has asked for the name
 *
 * Return: 0, OD_E_ACCESS (the folder is not private to this user), -errno.
 */
int od_shim_relay_new(struct sd_event *event, const char *folder, const char *address,
	void (*on_asked)(void *userdata), void *userdata, struct od_shim_relay **ret) OD_CHECK;
void od_shim_relay_free(struct od_shim_relay *relay); /* removes the socket */
OD_DEFINE_CLEANUP(struct od_shim_relay *, od_shim_relay_free)

/* What the server's DBUS_SESSION_BUS_ADDRESS has to be; borrowed. */
const char *od_shim_relay_address(const struct od_shim_relay *relay);

/*
 * One D-Bus connection (libdbus) on an sd-event loop.
 *
 * Nothing here blocks once the loop runs. Everything a program keeps from a message is copied by it.
 */
#pragma once

#include <dbus/dbus.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/cleanup.h"

#define OD_BUS_NAME        "org.offduty1"
#define OD_BUS_PATH        "/org/offduty1"
#define OD_BUS_ERROR(name) "org.offduty1.Error." name

struct sd_event;
struct od_bus;

/*
 * od_bus_open() - connect and attach
 * @address: "system", "session", or a D-Bus address
 *
 * Return: 0, OD_E_UNAVAILABLE (no such bus), -errno.
 */
int od_bus_open(struct sd_event *event, const char *address, struct od_bus **ret) OD_CHECK;
void od_bus_free(struct od_bus *bus);
OD_DEFINE_CLEANUP(struct od_bus *, od_bus_free)

DBusConnection *od_bus_connection(struct od_bus *bus);
const char *od_bus_unique_name(struct od_bus *bus);

/* Called once when the bus goes away; the connection is then dead. Default: the loop exits with 1.
 * This callback may free the bus; no other callback of a bus may. */
void od_bus_on_disconnect(struct od_bus *bus, void (*fn)(void *userdata), void *userdata);

/* Own a name, synchronously (start-up only). @flags as in RequestName.
 * Return: 0 (primary owner), OD_E_BUSY (queued or owned by another), -EACCES (the bus does not let
 * us), -errno. */
int od_bus_request_name(struct od_bus *bus, const char *name, unsigned flags) OD_CHECK;

/* Add a match rule, without waiting or hearing of a fault in it. Return: 0 or -ENOMEM. */
int od_bus_match(struct od_bus *bus, const char *rule) OD_CHECK;

/* First look at every incoming message (the gate's path). True: taken care of. */
void od_bus_set_filter(
	struct od_bus *bus, bool (*fn)(void *userdata, DBusMessage *message), void *userdata);

/* Queue a message. Return: 0 or -ENOMEM. */
int od_bus_send(struct od_bus *bus, DBusMessage *message, uint32_t *ret_serial);

/*
 * od_bus_call() - call and be told of the answer
 * @fn: gets the answer (a method return or an error; borrowed), exactly once unless cancelled.
 *      A time-out arrives as the error org.freedesktop.DBus.Error.NoReply. Not called by this
 *      function itself.
 * @timeout_ms: -1: 25 seconds
 * @ret: may be NULL; od_bus_cancel() it to hear nothing. Valid until @fn is called.
 *
 * Return: 0, -ENOMEM, -ENOTCONN (then @fn is not called).
 */
struct od_bus_pending;
typedef void (*od_bus_reply_fn)(void *userdata, DBusMessage *reply);
int od_bus_call(struct od_bus *bus, DBusMessage *call, int timeout_ms, od_bus_reply_fn fn,
	void *userdata, struct od_bus_pending **ret);
void od_bus_cancel(struct od_bus_pending *pending); /* NULL allowed */

/* Uid and pid of a sender, asked once per unique name and kept (bounded). */
struct od_bus_peer {
	bool known; /* false: gone, or the bus would not say */
	uid_t uid;
	pid_t pid;
};
typedef void (*od_bus_peer_fn)(void *userdata, const struct od_bus_peer *peer);
/* @fn: called once, before this returns where the answer is known; never when the bus is freed.
 * Return: 0, -EINVAL (not a unique name), OD_E_LIMIT (too many are being asked about), -ENOMEM,
 * -ENOTCONN; unless 0 @fn is not called. */
int od_bus_peer(struct od_bus *bus, const char *unique_name, od_bus_peer_fn fn, void *userdata);
/* At once, where it is already known; NULL otherwise. */
const struct od_bus_peer *od_bus_peer_cached(struct od_bus *bus, const char *unique_name);

/* Whether the executable of @pid is the file @path, by device and inode. False also where the kernel
 * does not let us see it (another user's process, unless root; one that is not dumpable). */
bool od_bus_peer_runs(pid_t pid, const char *path);

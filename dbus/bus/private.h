/* What the files of od_bus share. Not for other rooms. */
#pragma once

#include "bus.h"
#include "loop.h"
#include "object.h"

struct od_bus_peers;
struct od_bus_objects;

struct od_bus {
	struct sd_event *event;
	DBusConnection *connection;
	struct od_bus_loop *loop;
	struct od_bus_pending *calls; /* on the way, newest first */
	struct od_bus_peers *peers;
	struct od_bus_objects *objects; /* NULL: serves nothing */
	bool gone, told;
	void (*on_disconnect)(void *userdata);
	void *on_disconnect_userdata;
	bool (*filter)(void *userdata, DBusMessage *message);
	void *filter_userdata;
};

/* bus.c: a private connection, registered. Return: 0, OD_E_UNAVAILABLE, -ENOMEM. */
int od_bus_connect(const char *address, DBusConnection **ret) OD_CHECK;

/* call.c */
void od_bus_cancel_all(struct od_bus *bus); /* nobody is told */
void od_bus_calls_lost(struct od_bus *bus); /* everybody is told, of NoReply */

/* peer.c */
int od_bus_peers_new(struct od_bus_peers **ret) OD_CHECK;
void od_bus_peers_free(struct od_bus_peers *peers);

/* object.c: a message for one of our paths? True: taken care of. */
bool od_bus_objects_handle(struct od_bus *bus, DBusMessage *message);
void od_bus_objects_free(struct od_bus_objects *objects);

/* standard.c: org.freedesktop.DBus.Introspectable and .Properties */
struct od_bus_object {
	struct od_bus_object *next;
	char *path;
	char *notifier; /* NULL: nobody is */
	struct od_bus_export *exports;
};
bool od_bus_standard_handle(
	struct od_bus *bus, const struct od_bus_object *object, DBusMessage *message);
/* Introspection of the nodes above our paths ("/", "/org"). */
bool od_bus_standard_parent(
	struct od_bus *bus, const struct od_bus_object *objects, DBusMessage *message);
/* Send @error as the answer, unless none is wanted. */
void od_bus_refuse(struct od_bus *bus, DBusMessage *call, const char *error, const char *text);

/*
 * od_bus_access() - may the sender of a call do this?
 * @access: the method's row
 * @question: the caller's, with @fn and @userdata set; stays in place until @fn is told
 *
 * @fn is told once, perhaps before this returns; never when the bus is freed.
 * Return: 0, -ENOMEM, -ENOTCONN (then @fn is not told).
 */
enum od_bus_answer {
	OD_BUS_ALLOWED,
	OD_BUS_REFUSED,
	OD_BUS_CHALLENGE, /* could be allowed after a password, but the caller did not offer one */
};
typedef void (*od_bus_access_fn)(void *userdata, enum od_bus_answer answer);
struct od_bus_question {
	od_bus_access_fn fn;
	void *userdata;
};
int od_bus_access(struct od_bus *bus, const char *access, const char *notifier,
	DBusMessage *message, const struct od_bus_peer *peer,
	struct od_bus_question *question) OD_CHECK;

/* Blocking calls for the command line: one question, one answer. Never used by a daemon. */
#pragma once

#include "bus/bus.h"

struct od_client; /* a plain connection without a loop */

/* @address as in od_bus_open(). Return: 0, OD_E_UNAVAILABLE, -errno. */
int od_client_open(const char *address, struct od_client **ret) OD_CHECK;
void od_client_free(struct od_client *client);
OD_DEFINE_CLEANUP(struct od_client *, od_client_free)

/* Start a call to org.offduty1 at /org/offduty1; append arguments to the message yourself. */
DBusMessage *od_client_method(const char *interface, const char *method);

/*
 * od_client_call() - send and wait
 * @ret_reply:    on success; unref it
 * @reterr_text:  on failure; what the daemon said, at most its size, always terminated
 *
 * Return: 0, the od_error the daemon named, OD_E_UNAVAILABLE (nobody owns org.offduty1),
 * OD_E_TIMEOUT, OD_E_ACCESS (refused by the bus or by polkit), -errno.
 */
int od_client_call(struct od_client *client, DBusMessage *call, DBusMessage **ret_reply,
	char *reterr_text, size_t size) OD_CHECK;

/* All properties of an interface: *@ret_dict stands at an a{sv} inside *@ret_reply. */
int od_client_properties(struct od_client *client, const char *interface, DBusMessage **ret_reply,
	DBusMessageIter *ret_dict, char *reterr_text, size_t size) OD_CHECK;

/* Asks offduty-inspect about the content of an open file, without waiting. */
#pragma once

#include "base/inspect_protocol.h"

struct sd_event;
struct od_inspector;

/* One question on a socket of its own: the answer arrives there, for od_inspector_read().
 * Return: a descriptor, or -errno (nobody answers there). */
int od_inspector_connect(const char *socket, int fd);
/* Return: 0, -EAGAIN (not yet), OD_E_FAILED (there will be none). */
int od_inspector_read(int connection, struct od_inspect_reply *ret) OD_CHECK;

/* @socket is borrowed. NULL without memory. */
struct od_inspector *od_inspector_new(struct sd_event *event, const char *socket);
/* Questions still open are dropped; their functions are called with NULL. */
void od_inspector_free(struct od_inspector *inspector);
OD_DEFINE_CLEANUP(struct od_inspector *, od_inspector_free)

/* @reply NULL: none came in time, or nobody answers there. */
typedef void (*od_inspector_fn)(void *userdata, const struct od_inspect_reply *reply);

/*
 * od_inspector_ask() - one question
 * @fd: is sent along; still the caller's
 * @fn: called exactly once, later, if this returns 0
 *
 * Return: 0, OD_E_UNAVAILABLE (nobody listens, or too many questions are open), -errno.
 */
int od_inspector_ask(struct od_inspector *inspector, int fd, unsigned timeout_ms,
	od_inspector_fn fn, void *userdata) OD_CHECK;

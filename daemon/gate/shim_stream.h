/*
 * One direction of a D-Bus connection as a stream of bytes, changed in exactly three places.
 *
 *   to the bus:    RequestName(org.freedesktop.Notifications, flags): flags become
 *                  ALLOW_REPLACEMENT alone, so that the server waits in the queue
 *   to the server: the answer 2 (in the queue) to that call becomes 1 (owner); NameAcquired and
 *                  NameLost of that name are left out
 *
 * Only headers are looked at, in either byte order; a body is copied through in pieces, never kept
 * whole. Nothing here opens, reads or writes: bytes in, bytes out through a sink.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

#define OD_SHIM_NAME        "org.freedesktop.Notifications"
#define OD_SHIM_HEADER_MAX  8192 /* longer headers pass unread: none we change is that long */
#define OD_SHIM_BODY_MAX    512  /* the same for bodies; a bus name has at most 255 bytes */
#define OD_SHIM_MESSAGE_MAX (128u << 20) /* by the D-Bus specification */
#define OD_SHIM_ASKED_MAX   16
#define OD_SHIM_FDS_ALL     UINT32_MAX

enum od_shim_direction { OD_SHIM_TO_BUS, OD_SHIM_TO_SERVER };

/* What the two directions of one connection know of each other. Zero to begin with. */
struct od_shim_talk {
	bool begun; /* the server ended its authentication: messages follow */
	bool asked; /* the server asked for the name */
	uint32_t serials[OD_SHIM_ASKED_MAX]; /* of RequestName calls not yet answered; 0: free */
};

struct od_shim_sink {
	/* Bytes to send on. Return: 0 or an error, which ends the feed. */
	int (*bytes)(void *userdata, const uint8_t *bytes, size_t n);
	/* The bytes that follow begin a message that carries @n descriptors (OD_SHIM_FDS_ALL: as
	 * many as have come). */
	int (*fds)(void *userdata, uint32_t n);
	void *userdata;
};

enum od_shim_state { OD_SHIM_AUTH, OD_SHIM_HEADER, OD_SHIM_EDIT, OD_SHIM_BODY };

struct od_shim_stream {
	enum od_shim_direction direction;
	struct od_shim_talk *talk;
	enum od_shim_state state;
	uint8_t line[6]; /* beginning of the line of authentication */
	size_t line_n;
	bool line_cr, past_nul;
	uint64_t rest;  /* bytes of a body still to pass */
	size_t n, need; /* in @kept: have, want */
	uint8_t kept[OD_SHIM_HEADER_MAX + OD_SHIM_BODY_MAX];
};

void od_shim_stream_init(
	struct od_shim_stream *stream, enum od_shim_direction direction, struct od_shim_talk *talk);

/* Return: 0; OD_E_SYNTAX or OD_E_LIMIT (not D-Bus, close the connection); or what the sink said. */
int od_shim_stream_feed(struct od_shim_stream *stream, const struct od_shim_sink *sink,
	const uint8_t *bytes, size_t n) OD_CHECK;

/* The fields of a header that matter here. Slices borrow from the header's bytes. */
struct od_shim_slice {
	const char *text; /* NULL: absent; not terminated by us, but D-Bus puts a NUL there */
	uint32_t length;
};
struct od_shim_header {
	bool big; /* byte order */
	uint8_t type, flags;
	uint32_t serial, reply_serial, body, unix_fds;
	struct od_shim_slice interface, member, destination, sender, signature;
};

/* @bytes: a whole header with its padding. Return: 0 or OD_E_SYNTAX. */
int od_shim_header_parse(const uint8_t *bytes, size_t n, struct od_shim_header *ret) OD_CHECK;

/*
 * The notification servers that are started behind the shim: one file each, one line in the table.
 */
#pragma once

#include <stddef.h>

#include "base/cleanup.h"

enum od_server_display { OD_SERVER_ANY, OD_SERVER_X11, OD_SERVER_WAYLAND };

struct od_server {
	const char *name;            /* as in --server=NAME, and as it calls itself */
	const char *const *programs; /* globs of absolute paths, first match counts; NULL ends */
	const char *const *desktops; /* of XDG_CURRENT_DESKTOP that bring it; NULL ends */
	enum od_server_display display;
	/* Ends by itself when it has had nothing to show for a while: no failure. */
	unsigned ends_idle : 1;
	/* Run with a real one by the tests, not only known from its source. */
	unsigned tested : 1;
};

const struct od_server *od_servers_find(const char *name); /* NULL: no such server */
const struct od_server *od_servers_at(size_t index);       /* NULL: past the last */

/* What decides which server is right for a session; members may be NULL. */
struct od_servers_session {
	const char *desktop; /* XDG_CURRENT_DESKTOP: "XFCE", "ubuntu:GNOME" */
	const char *wayland; /* WAYLAND_DISPLAY */
	const char *root;    /* prefix of every path, for tests; "" or NULL: none */
};

/*
 * od_servers_program() - the installed program of a server
 *
 * Return: 0 (*@ret is the caller's), OD_E_NOT_FOUND, -ENOMEM.
 */
int od_servers_program(const struct od_server *server, const char *root, char **ret) OD_CHECK;

/*
 * od_servers_pick() - the installed server for this session
 *
 * The one the desktop brings, else the first of the table that can show itself here.
 * Return: 0 (*@ret_program is the caller's), OD_E_NOT_FOUND, -ENOMEM.
 */
int od_servers_pick(const struct od_servers_session *session, const struct od_server **ret_server,
	char **ret_program) OD_CHECK;

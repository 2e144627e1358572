/*
 * Which notification server to put behind the gate.
 *
 * GNOME and Plasma are not here: their shells show notifications themselves and are reached another
 * way than through the shim.
 */
#include "servers.h"

#include <errno.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "table.h"

static const struct od_server *const servers[] = {
	&od_server_dunst,
	&od_server_xfce4_notifyd,
	&od_server_mate_notification_daemon,
	&od_server_mako,
	&od_server_swaync,
	&od_server_notification_daemon,
};

const struct od_server *od_servers_at(size_t index)
{
	return index < OD_ELEMENTS(servers) ? servers[index] : NULL;
}

const struct od_server *od_servers_find(const char *name)
{
	for (size_t i = 0; i < OD_ELEMENTS(servers); i++) {
		if (strcmp(servers[i]->name, name) == 0)
			return servers[i];
	}
	return NULL;
}

/* The first path that matches @pattern and can be run. */
static int first_program(const char *pattern, char **ret)
{
	glob_t found;
	int r = OD_E_NOT_FOUND;

	if (glob(pattern, 0, NULL, &found) != 0)
		return OD_E_NOT_FOUND;
	for (size_t i = 0; i < found.gl_pathc && r == OD_E_NOT_FOUND; i++) {
		if (access(found.gl_pathv[i], X_OK) < 0)
			continue;
		*ret = strdup(found.gl_pathv[i]);
		r = *ret ? 0 : -ENOMEM;
	}
	globfree(&found);
	return r;
}

int od_servers_program(const struct od_server *server, const char *root, char **ret)
{
	for (size_t i = 0; server->programs[i]; i++) {
		od_cleanup(od_freep) char *pattern = NULL;
		int r;

		if (asprintf(&pattern, "%s%s", root ? root : "", server->programs[i]) < 0)
			return -ENOMEM;
		r = first_program(pattern, ret);
		if (r != OD_E_NOT_FOUND)
			return r;
	}
	return OD_E_NOT_FOUND;
}

static bool belongs(const struct od_server *server, const char *desktop)
{
	for (const char *at = desktop; at && *at;) {
		size_t n = strcspn(at, ":");

		for (size_t i = 0; server->desktops[i]; i++) {
			if (strlen(server->desktops[i]) == n &&
				strncasecmp(server->desktops[i], at, n) == 0)
				return true;
		}
		at += n + (at[n] == ':');
	}
	return false;
}

static bool can_show(const struct od_server *server, const struct od_servers_session *session)
{
	bool wayland = session->wayland && *session->wayland;

	return server->display == OD_SERVER_ANY ||
	       (server->display == OD_SERVER_WAYLAND) == wayland;
}

int od_servers_pick(const struct od_servers_session *session, const struct od_server **ret_server,
	char **ret_program)
{
	for (int own = 1; own >= 0; own--) {
		for (size_t i = 0; i < OD_ELEMENTS(servers); i++) {
			int r;

			if (!can_show(servers[i], session) ||
				(own && !belongs(servers[i], session->desktop)))
				continue;
			r = od_servers_program(servers[i], session->root, ret_program);
			if (r == 0)
				*ret_server = servers[i];
			if (r != OD_E_NOT_FOUND)
				return r;
		}
	}
	return OD_E_NOT_FOUND;
}

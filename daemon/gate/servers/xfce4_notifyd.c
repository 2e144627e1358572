/* xfce4-notifyd: asks with REPLACE_EXISTING and ends, with status 0, when the name is taken. */
#include "table.h"

static const char *const programs[] = { "/usr/lib/*/xfce4/notifyd/xfce4-notifyd",
	"/usr/lib/xfce4/notifyd/xfce4-notifyd", NULL };
static const char *const desktops[] = { "XFCE", NULL };

const struct od_server od_server_xfce4_notifyd = {
	.name = "xfce4-notifyd",
	.programs = programs,
	.desktops = desktops,
	.display = OD_SERVER_X11,
	.ends_idle = 0,
	.tested = 0,
};

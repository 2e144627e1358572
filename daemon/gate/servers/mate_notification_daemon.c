/* mate-notification-daemon: allows replacement, and ends after half a minute without work. */
#include "table.h"

static const char *const programs[] = {
	"/usr/lib/mate-notification-daemon/mate-notification-daemon",
	"/usr/libexec/mate-notification-daemon", "/usr/lib/*/mate-notification-daemon", NULL
};
static const char *const desktops[] = { "MATE", NULL };

const struct od_server od_server_mate_notification_daemon = {
	.name = "mate-notification-daemon",
	.programs = programs,
	.desktops = desktops,
	.display = OD_SERVER_X11,
	.ends_idle = 1,
	.tested = 0,
};

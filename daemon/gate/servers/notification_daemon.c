/* notification-daemon: the GNOME Flashback one; allows replacement and ends when it is replaced. */
#include "table.h"

static const char *const programs[] = { "/usr/lib/notification-daemon/notification-daemon",
	"/usr/libexec/notification-daemon", NULL };
static const char *const desktops[] = { "GNOME-Flashback", NULL };

const struct od_server od_server_notification_daemon = {
	.name = "notification-daemon",
	.programs = programs,
	.desktops = desktops,
	.display = OD_SERVER_X11,
	.ends_idle = 0,
	.tested = 0,
};

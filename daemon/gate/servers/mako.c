/* mako: asks with DO_NOT_QUEUE; sd-bus, so its authentication comes in one piece with its first call. */
#include "table.h"

static const char *const programs[] = { "/usr/bin/mako", NULL };
static const char *const desktops[] = { "sway", "river", "wlroots", NULL };

const struct od_server od_server_mako = {
	.name = "mako",
	.programs = programs,
	.desktops = desktops,
	.display = OD_SERVER_WAYLAND,
	.ends_idle = 0,
	.tested = 0,
};

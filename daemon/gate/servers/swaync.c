/* swaync: asks without flags and exits with 1 when the name is taken. */
#include "table.h"

static const char *const programs[] = { "/usr/bin/swaync", NULL };
static const char *const desktops[] = { "Hyprland", NULL };

const struct od_server od_server_swaync = {
	.name = "swaync",
	.programs = programs,
	.desktops = desktops,
	.display = OD_SERVER_WAYLAND,
	.ends_idle = 0,
	.tested = 0,
};

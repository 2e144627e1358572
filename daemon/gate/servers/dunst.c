/* dunst: asks for the name without flags and ends when it is taken. */
#include "table.h"

static const char *const programs[] = { "/usr/bin/dunst", NULL };
static const char *const desktops[] = { "i3", "bspwm", "awesome", NULL };

const struct od_server od_server_dunst = {
	.name = "dunst",
	.programs = programs,
	.desktops = desktops,
	.display = OD_SERVER_ANY,
	.ends_idle = 0,
	.tested = 1,
};

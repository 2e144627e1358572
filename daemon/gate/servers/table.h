/* Every server file of this folder defines one of these. */
#pragma once

#include "servers.h"

extern const struct od_server od_server_dunst;
extern const struct od_server od_server_mako;
extern const struct od_server od_server_mate_notification_daemon;
extern const struct od_server od_server_notification_daemon;
extern const struct od_server od_server_swaync;
extern const struct od_server od_server_xfce4_notifyd;

/* Names of messengers, services and the like, as admins write them. */
#pragma once

#include "ini/table.h"

enum od_names_flag {
	OD_NAMES_MESSENGER = 0,    /* a bare name is a messenger */
	OD_NAMES_SERVICE = 1 << 0, /* a bare name is a service where there is one */
	OD_NAMES_WORK = 1 << 1,    /* desktop: and site: too */
	OD_NAMES_SHARING = 1 << 2, /* quality: and carrier: too */
};

/* One name into @names, its fault into the problems. Return: 0 or -ENOMEM. */
int od_names_set(const struct od_value *value, od_names *names) OD_CHECK;

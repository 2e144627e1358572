/* What the guard tells this person: subscribes on the system bus and keeps subscribed. */
#pragma once

#include "base/cleanup.h"

struct sd_event;
struct od_alerts;
struct od_toasts;

/* @address as in od_bus_open(); a bus or a guard that is not there yet is waited for. */
int od_alerts_new(struct sd_event *event, const char *address, struct od_toasts *toasts,
	struct od_alerts **ret) OD_CHECK;
void od_alerts_free(struct od_alerts *alerts);
OD_DEFINE_CLEANUP(struct od_alerts *, od_alerts_free)

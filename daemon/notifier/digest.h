/* The digest at the start of duty: asks the gate, shows it, delivers what the person wants to see. */
#pragma once

#include "base/cleanup.h"

struct sd_event;
struct od_digest;
struct od_toasts;

/* @address as in od_bus_open(). Return: 0, OD_E_UNAVAILABLE (no such bus), -errno. */
int od_digest_new(struct sd_event *event, const char *address, struct od_toasts *toasts,
	struct od_digest **ret) OD_CHECK;
void od_digest_free(struct od_digest *digest);
OD_DEFINE_CLEANUP(struct od_digest *, od_digest_free)

/*
 * Tell me when something in these folders changed: written, replaced by rename, linked, removed.
 *
 * Called once nothing has changed for @settle_us (configuration management writes in many steps).
 * Folders may come and go; a missing one is watched for through its nearest existing parent.
 */
#pragma once

#include <stdint.h>

#include "base/cleanup.h"

struct sd_event;
struct od_watch;

/* @paths: NULL-terminated, copied. Return: 0 or -errno. */
int od_watch_new(struct sd_event *event, const char *const *paths, int64_t settle_us,
	void (*fn)(void *userdata), void *userdata, struct od_watch **ret) OD_CHECK;
/* As if something had changed now. Return: 0 or -errno. */
int od_watch_again(struct od_watch *watch) OD_CHECK;
void od_watch_free(struct od_watch *watch);
OD_DEFINE_CLEANUP(struct od_watch *, od_watch_free)

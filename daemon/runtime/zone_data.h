/*
 * Tell me when the host's time zone, or what is known of zones, is not what it was: /etc/localtime
 * points elsewhere or was replaced, the tz database was updated.
 *
 * @root ("" or NULL: none): the same places below it are taken where they exist, for trials.
 */
#pragma once

#include "base/cleanup.h"

struct sd_event;
struct od_zone_data;

/* @fn is called once things have settled, and only where something is indeed different.
 * Return: 0 or -errno. */
int od_zone_data_new(struct sd_event *event, const char *root, void (*fn)(void *userdata),
	void *userdata, struct od_zone_data **ret) OD_CHECK;
void od_zone_data_free(struct od_zone_data *data);
OD_DEFINE_CLEANUP(struct od_zone_data *, od_zone_data_free)

const char *od_zone_data_localtime(const struct od_zone_data *data); /* path, borrowed */

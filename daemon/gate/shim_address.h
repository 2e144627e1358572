/* D-Bus addresses, as far as a local session bus needs them. */
#pragma once

#include <stddef.h>

#include "base/cleanup.h"

/*
 * od_shim_address_connect() - connect to the first entry of @address that answers
 * @address: "unix:path=/run/user/1000/bus", "unix:abstract=...", several with ";" between
 *
 * Return: the descriptor (close it), -EINVAL (no entry of a kind we know), or -errno of the last
 * attempt.
 */
int od_shim_address_connect(const char *address) OD_CHECK;

/* "unix:path=" and @path with everything escaped that has to be. Return: 0 or -ENAMETOOLONG. */
int od_shim_address_format(const char *path, char *text, size_t size) OD_CHECK;

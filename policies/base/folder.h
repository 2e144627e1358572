/* Folders on disk. */
#pragma once

#include <sys/types.h>

#include "base/cleanup.h"

/*
 * Make @path and every folder on the way to it; those that are made get @mode (less the umask),
 * those that are there stay as they are. Return: 0 or -errno.
 */
int od_folder_make(const char *path, mode_t mode) OD_CHECK;

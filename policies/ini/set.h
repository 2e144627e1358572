/* All files of a policy set, as bytes: what is hashed, built from, and kept as last good. */
#pragma once

#include "ini/layers.h"

struct od_set {
	struct od_files policy, catalogue, holidays;
};

/* Return: 0 (also with faults), or -ENOMEM. */
int od_set_read(const struct od_ini_paths *paths, struct od_problems *problems,
	struct od_set *set) OD_CHECK;
/* Over "policy.d/NAME" and the bytes of every file in effect, catalogue and holidays too; layers
 * and folders do not enter, so that equal sets have equal names on every machine. */
void od_set_hash(const struct od_set *set, char hex[OD_SHA256_HEX]);
/*
 * od_set_save() - copy the set to @folder as one layer, replacing what is there by one rename
 *
 * @folder/sha256 holds @hex; where it already does, nothing is written. Return: 0 or -errno.
 */
int od_set_save(const struct od_set *set, const char *hex, const char *folder) OD_CHECK;
void od_set_done(struct od_set *set);

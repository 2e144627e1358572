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
 * @hex: its hash, kept beside the copy as @folder/sha256; where that holds it, nothing is written
 *
 * The set that was there stays as @folder.former. Nothing is waited for: neither copy is sure to be
 * on the disk before some seconds, but od_set_whole() tells whether it got there.
 *
 * Return: 0 or -errno.
 */
int od_set_save(const struct od_set *set, const char *hex, const char *folder) OD_CHECK;
/* Whether @set, read from a copy in @folder, is what was copied there. */
bool od_set_whole(const struct od_set *set, const char *folder);
void od_set_done(struct od_set *set);

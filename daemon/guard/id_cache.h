/*
 * Files already looked at: (device, inode, size, change time) -> what was found.
 *
 * Only findings that hold for whoever runs the file are kept. Rename, link and write move the change
 * time, and with it the key. One thread uses it; it forgets everything when the policy changes.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

enum od_found {
	OD_FOUND_NOTHING, /* not looked at yet */
	OD_FOUND_PLAIN,   /* no messenger, whatever its arguments */
	OD_FOUND_LOADER,  /* what dynamic programs bring in; started itself it runs its argument */
};

struct od_id_key {
	uint64_t device, inode, size;
	int64_t changed_s;
	uint32_t changed_ns;
};

#define OD_ID_CACHE_SETS 512
#define OD_ID_CACHE_WAYS 4

struct od_id_cache {
	struct {
		struct od_id_key key;
		enum od_found found;
	} slot[OD_ID_CACHE_SETS][OD_ID_CACHE_WAYS];
	uint8_t oldest[OD_ID_CACHE_SETS];
};

void od_id_key_from(const struct stat *st, struct od_id_key *ret);
enum od_found od_id_cache_find(const struct od_id_cache *cache, const struct od_id_key *key);
void od_id_cache_keep(struct od_id_cache *cache, const struct od_id_key *key, enum od_found found);
void od_id_cache_clear(struct od_id_cache *cache);

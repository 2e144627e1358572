#include "guard/id_cache.h"

#include <string.h>

void od_id_key_from(const struct stat *st, struct od_id_key *ret)
{
	memset(ret, 0, sizeof(*ret)); /* compared with memcmp(): padding too */
	ret->device = st->st_dev;
	ret->inode = st->st_ino;
	ret->size = (uint64_t) st->st_size;
	ret->changed_s = st->st_ctim.tv_sec;
	ret->changed_ns = (uint32_t) st->st_ctim.tv_nsec;
}

static unsigned set_of(const struct od_id_key *key)
{
	uint64_t hash = key->inode * 0x9e3779b97f4a7c15u;

	hash ^= key->device * 0xc2b2ae3d27d4eb4fu;
	return (unsigned) (hash >> 40) % OD_ID_CACHE_SETS;
}

enum od_found od_id_cache_find(const struct od_id_cache *cache, const struct od_id_key *key)
{
	unsigned set = set_of(key);

	for (unsigned i = 0; i < OD_ID_CACHE_WAYS; i++)
		if (cache->slot[set][i].found != OD_FOUND_NOTHING &&
			memcmp(&cache->slot[set][i].key, key, sizeof(*key)) == 0)
			return cache->slot[set][i].found;
	return OD_FOUND_NOTHING;
}

void od_id_cache_keep(struct od_id_cache *cache, const struct od_id_key *key, enum od_found found)
{
	unsigned set = set_of(key), way = cache->oldest[set];

	for (unsigned i = 0; i < OD_ID_CACHE_WAYS; i++)
		if (cache->slot[set][i].found == OD_FOUND_NOTHING ||
			memcmp(&cache->slot[set][i].key, key, sizeof(*key)) == 0) {
			way = i;
			break;
		}
	cache->slot[set][way].key = *key;
	cache->slot[set][way].found = found;
	cache->oldest[set] = (uint8_t) ((way + 1) % OD_ID_CACHE_WAYS);
}

void od_id_cache_clear(struct od_id_cache *cache)
{
	memset(cache, 0, sizeof(*cache));
}

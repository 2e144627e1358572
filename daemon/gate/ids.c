/* A plain list: at most OD_IDS_MAX, mostly a handful, and the newest are asked for most. */
#include "gate/ids.h"

#include <errno.h>
#include <string.h>

static void remove_at(struct od_ids *ids, size_t at)
{
	free(ids->list.items[at].owner);
	ids->list.n--;
	memmove(&ids->list.items[at], &ids->list.items[at + 1],
		(ids->list.n - at) * sizeof(ids->list.items[0]));
}

void od_ids_remove(struct od_ids *ids, uint32_t server)
{
	for (size_t i = ids->list.n; i-- > 0;) {
		if (ids->list.items[i].server == server)
			remove_at(ids, i);
	}
}

int od_ids_put(
	struct od_ids *ids, uint32_t server, uint32_t client, const char *owner, bool delivered)
{
	od_cleanup(od_freep) char *name = strdup(owner ? owner : "");
	struct od_id *id;

	if (!name)
		return -ENOMEM;
	od_ids_remove(ids, server);
	if (ids->list.n == OD_IDS_MAX)
		remove_at(ids, 0);
	id = od_array_add(&ids->list);
	if (!id)
		return -ENOMEM;
	*id = (struct od_id){ server, client, od_take(&name), delivered };
	return 0;
}

const struct od_id *od_ids_by_server(const struct od_ids *ids, uint32_t server)
{
	for (size_t i = ids->list.n; i-- > 0;) {
		if (ids->list.items[i].server == server)
			return &ids->list.items[i];
	}
	return NULL;
}

const struct od_id *od_ids_by_client(const struct od_ids *ids, uint32_t client)
{
	for (size_t i = ids->list.n; i-- > 0;) {
		if (ids->list.items[i].client == client)
			return &ids->list.items[i];
	}
	return NULL;
}

void od_ids_clear(struct od_ids *ids)
{
	while (ids->list.n > 0)
		remove_at(ids, ids->list.n - 1);
	free(ids->list.items);
	*ids = (struct od_ids){ 0 };
}

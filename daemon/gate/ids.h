/*
 * Who owns a notification that the server shows: its id there, and the id its sender knows.
 *
 * The two are the same for one that passed, and differ for one that was held first. In memory only,
 * bounded; the oldest gives way (its signals then go to everybody, as a server's own would).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"

#define OD_IDS_MAX   2048
#define OD_IDS_FIRST 0x40000001u /* ids we give out; a server counts up from 1 */

struct od_id {
	uint32_t server, client;
	char *owner;    /* unique name; "": nobody is left to be told */
	bool delivered; /* was held before */
};

struct od_ids {
	OD_ARRAY(struct od_id) list; /* oldest first */
};

/* Forgets what @server was before. Return: 0 or -ENOMEM. */
int od_ids_put(
	struct od_ids *ids, uint32_t server, uint32_t client, const char *owner, bool delivered);
const struct od_id *od_ids_by_server(const struct od_ids *ids, uint32_t server); /* or NULL */
const struct od_id *od_ids_by_client(const struct od_ids *ids, uint32_t client); /* or NULL */
void od_ids_remove(struct od_ids *ids, uint32_t server);
void od_ids_clear(struct od_ids *ids);

/*
 * The held store: what is kept back, on disk before its sender is answered.
 *
 * One SQLite file per machine (a home directory can be shared), 0600, locked for as long as it is
 * open. Changes gather in one transaction until od_store_commit(), so that a flood costs one fsync
 * for many; nobody may be answered before. Bounded in number and bytes: beyond, the oldest of the
 * application that holds most gives way, and only its count stays.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/array.h"

#define OD_STORE_TEXT_MAX    256 /* of app, summary and the like: cut, for lists only */
#define OD_STORE_MESSAGE_MAX (32u << 20)

struct od_store;

/* One held notification. Texts NULL or "" where unknown; all borrowed. */
struct od_store_item {
	int64_t id;            /* in the order they came; from OD_IDS_FIRST up, never given twice */
	uint32_t client_id;    /* the id its sender knows */
	uint32_t revision;     /* counts replacements */
	int64_t time_us;       /* when it came */
	const char *app;       /* who, for a person: "Slack" */
	const char *messenger; /* id in the catalogue */
	const char *desktop;   /* desktop-entry */
	const char *summary;
	const char *sender;   /* unique name ... */
	const char *instance; /* ... on this bus, with this server: "GUID/:1.7" */
	const void *message;  /* the Notify message, marshalled; NULL in lists */
	size_t size;
};

/*
 * od_store_open() - open or create
 * @folder: made 0700 where it is missing
 * @name:   distinguishes machines: the machine id
 *
 * A file that is no database, or broken, is set aside as NAME.broken and a new one begun.
 * Return: 0, OD_E_BUSY (another gate has it), OD_E_UNSUPPORTED (of a newer version: left alone),
 * -errno.
 */
int od_store_open(const char *folder, const char *name, struct od_store **ret) OD_CHECK;
void od_store_free(struct od_store *store); /* commits */
OD_DEFINE_CLEANUP(struct od_store *, od_store_free)

void od_store_set_bounds(struct od_store *store, uint64_t items, uint64_t bytes);

/*
 * od_store_add() - keep one; @item->id and ->revision are not read
 * @ret_id: its id; where item->client_id is 0 that becomes its client id
 *
 * Return: 0, OD_E_LIMIT (larger than the bounds), -errno. On an error nothing was changed.
 */
int od_store_add(
	struct od_store *store, const struct od_store_item *item, int64_t *ret_id) OD_CHECK;
/* New content under the id it has. Return: 0, OD_E_NOT_FOUND, OD_E_LIMIT, -errno. */
int od_store_replace(struct od_store *store, int64_t id, const struct od_store_item *item) OD_CHECK;
/* The held one a sender means by @client_id; ids below OD_IDS_FIRST count only within @instance.
 * Return: 0, OD_E_NOT_FOUND, -errno. */
int od_store_find(
	struct od_store *store, uint32_t client_id, const char *instance, int64_t *ret_id) OD_CHECK;
/* @revision: only if it is still that one; UINT32_MAX: any. Return: 0, OD_E_NOT_FOUND (not there),
 * OD_E_BUSY (replaced meanwhile), -errno. */
int od_store_remove(struct od_store *store, int64_t id, uint32_t revision) OD_CHECK;
int od_store_remove_all(struct od_store *store) OD_CHECK; /* 0 or -errno; forgets what gave way */
/* What came before @before_us gives way. Return: 0 or -errno. */
int od_store_expire(struct od_store *store, int64_t before_us, unsigned *ret_n) OD_CHECK;

bool od_store_dirty(const struct od_store *store);
/* On disk when this returns 0; else (-errno) every change since the last commit is undone. */
int od_store_commit(struct od_store *store) OD_CHECK;
/* After a removal: takes what was erased out of the log too. Not while anything is uncommitted. */
void od_store_scrub(struct od_store *store);

/* @fn returns 0 to go on, anything else to stop, which is then returned. Must not change the store. */
typedef int (*od_store_fn)(void *userdata, const struct od_store_item *item);
/* The one with @id, with its message. Return: what @fn returns, OD_E_NOT_FOUND, -errno. */
int od_store_get(struct od_store *store, int64_t id, od_store_fn fn, void *userdata) OD_CHECK;
/* All, oldest first; @with_message: with their messages. Return: 0, what @fn returned, -errno. */
int od_store_each(
	struct od_store *store, bool with_message, od_store_fn fn, void *userdata) OD_CHECK;

uint64_t od_store_count(const struct od_store *store);
uint64_t od_store_bytes(const struct od_store *store);
/* Time of the oldest; OD_NEVER where there is none. Return: 0 or -errno. */
int od_store_oldest(struct od_store *store, int64_t *ret_us) OD_CHECK;

/* Applications, most first: held ones, and those that gave way since the last delivery.
 * @ret_since: when the first of them came; OD_NEVER: nothing. */
typedef int (*od_store_app_fn)(void *userdata, const char *app, uint64_t held, uint64_t gone);
int od_store_digest(
	struct od_store *store, od_store_app_fn fn, void *userdata, int64_t *ret_since) OD_CHECK;
/* Forget what gave way: somebody was told. Return: 0 or -errno. */
int od_store_told(struct od_store *store);

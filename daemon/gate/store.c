/*
 * Held notifications as rows.
 *
 * Every change opens the gathering transaction where none is open. A change of several statements
 * (a row and the count of its application) is a savepoint in it, so that a failing one leaves the
 * others of the same transaction alone. Counts in memory follow the database and are read again
 * after anything was undone.
 */
#include "gate/store.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "gate/ids.h"
#include "gate/store_schema.h"
#include "model/zone.h"

enum statement {
	ADD,
	OWN_ID, /* client_id := id */
	REPLACE,
	FIND,
	ABOUT,
	REMOVE,
	APP_MORE,
	APP_LESS,
	APP_TIDY,
	NOISIEST,
	OLDEST_OF,
	OLDEST,
	GET,
	STATEMENTS
};

static const char *const sql[STATEMENTS] = {
	[ADD] = "INSERT INTO held(client_id,time,app,messenger,desktop,summary,sender,instance,"
		"size,message) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)",
	[OWN_ID] = "UPDATE held SET client_id=id WHERE id=?1",
	[REPLACE] = "UPDATE held SET time=?2,app=?3,messenger=?4,desktop=?5,summary=?6,sender=?7,"
		    "instance=?8,size=?9,message=?10,revision=revision+1 WHERE id=?1",
	[FIND] = "SELECT id FROM held WHERE client_id=?1 AND (client_id>=?2 OR instance=?3) "
		 "ORDER BY id DESC LIMIT 1",
	[ABOUT] = "SELECT app,size,revision,time FROM held WHERE id=?1",
	[REMOVE] = "DELETE FROM held WHERE id=?1",
	[APP_MORE] = "INSERT INTO apps(app,held,since) VALUES(?1,1,?2) "
		     "ON CONFLICT(app) DO UPDATE SET held=held+1,since=min(since,?2)",
	[APP_LESS] = "UPDATE apps SET held=held-1,gone=gone+?2 WHERE app=?1",
	[APP_TIDY] = "DELETE FROM apps WHERE app=?1 AND held<=0 AND gone<=0",
	[NOISIEST] = "SELECT app FROM apps WHERE held>0 ORDER BY held DESC LIMIT 1",
	[OLDEST_OF] = "SELECT id FROM held WHERE app=?1 ORDER BY id LIMIT 1",
	[OLDEST] = "SELECT id,time FROM held ORDER BY time LIMIT 1",
	[GET] = "SELECT id,client_id,revision,time,app,messenger,desktop,summary,sender,instance,"
		"size,message FROM held WHERE id=?1",
};

struct od_store {
	sqlite3 *db;
	sqlite3_stmt *statements[STATEMENTS];
	bool dirty;
	uint64_t count, bytes;
	uint64_t max_items, max_bytes;
};

static sqlite3_stmt *use(struct od_store *store, enum statement which)
{
	sqlite3_stmt *s = store->statements[which];

	(void) sqlite3_reset(s); /* repeats the error of the last step */
	(void) sqlite3_clear_bindings(s);
	return s;
}

/* Runs a statement to its end. Return: 0 or -errno. */
static int finish(sqlite3_stmt *s)
{
	int r = sqlite3_step(s);

	(void) sqlite3_reset(s);
	return od_store_errno(r);
}

/* One row: 0, OD_E_NOT_FOUND, -errno. The statement stays at the row. */
static int row(sqlite3_stmt *s)
{
	int r = sqlite3_step(s);

	if (r == SQLITE_ROW)
		return 0;
	(void) sqlite3_reset(s);
	return r == SQLITE_DONE ? OD_E_NOT_FOUND : od_store_errno(r);
}

/* At most OD_STORE_TEXT_MAX bytes, cut at a whole UTF-8 character. */
static void bind_text(sqlite3_stmt *s, int at, const char *text)
{
	size_t n = text ? strnlen(text, OD_STORE_TEXT_MAX + 1) : 0;

	if (n > OD_STORE_TEXT_MAX) {
		n = OD_STORE_TEXT_MAX;
		while (n > 0 && ((unsigned char) text[n] & 0xc0) == 0x80)
			n--;
	}
	(void) sqlite3_bind_text(s, at, text ? text : "", (int) n, SQLITE_STATIC);
}

static int recount(struct od_store *store)
{
	sqlite3_stmt *s = NULL;
	int r = sqlite3_prepare_v2(
		store->db, "SELECT count(*),ifnull(sum(size),0) FROM held", -1, &s, NULL);

	if (r == SQLITE_OK && (r = sqlite3_step(s)) == SQLITE_ROW) {
		store->count = (uint64_t) sqlite3_column_int64(s, 0);
		store->bytes = (uint64_t) sqlite3_column_int64(s, 1);
	}
	(void) sqlite3_finalize(s);
	return od_store_errno(r);
}

int od_store_open(const char *folder, const char *name, struct od_store **ret)
{
	od_cleanup(od_store_freep) struct od_store *store = calloc(1, sizeof(*store));
	int r;

	if (!store)
		return -ENOMEM;
	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		return -errno;
	od_store_set_bounds(store, 50000, 256u << 20);
	r = od_store_schema_open(folder, name, &store->db);
	if (r != 0)
		return r;
	for (int i = 0; i < STATEMENTS && r == 0; i++)
		r = od_store_errno(sqlite3_prepare_v3(store->db, sql[i], -1,
			SQLITE_PREPARE_PERSISTENT, &store->statements[i], NULL));
	if (r == 0)
		r = recount(store);
	if (r != 0)
		return r;
	*ret = od_take(&store);
	return 0;
}

void od_store_free(struct od_store *store)
{
	if (!store)
		return;
	if (store->dirty)
		(void) od_store_run(store->db, "COMMIT"); /* nobody was told of what it loses */
	for (int i = 0; i < STATEMENTS; i++)
		(void) sqlite3_finalize(store->statements[i]);
	(void) sqlite3_close(store->db);
	free(store);
}

void od_store_set_bounds(struct od_store *store, uint64_t items, uint64_t bytes)
{
	store->max_items = items;
	store->max_bytes = bytes;
}

static int begin(struct od_store *store)
{
	int r = store->dirty ? 0 : od_store_run(store->db, "BEGIN IMMEDIATE");

	if (r != 0)
		return r;
	store->dirty = true;
	return od_store_run(store->db, "SAVEPOINT one");
}

/* Ends what begin() began; @r is what came of it, and is returned. */
static int end(struct od_store *store, int r)
{
	if (r == 0)
		r = od_store_run(store->db, "RELEASE one");
	if (r == 0)
		return 0;
	(void) od_store_run(store->db, "ROLLBACK TO one; RELEASE one");
	(void) recount(store); /* on failure the counts are too high: bounds hold all the same */
	return r;
}

static int app_more(struct od_store *store, const char *app, int64_t time_us)
{
	sqlite3_stmt *s = use(store, APP_MORE);

	bind_text(s, 1, app);
	(void) sqlite3_bind_int64(s, 2, time_us);
	return finish(s);
}

static int app_less(struct od_store *store, const char *app, bool gone)
{
	sqlite3_stmt *s = use(store, APP_LESS);
	int r;

	bind_text(s, 1, app);
	(void) sqlite3_bind_int(s, 2, gone);
	r = finish(s);
	if (r != 0 || gone)
		return r;
	s = use(store, APP_TIDY);
	bind_text(s, 1, app);
	return finish(s);
}

/* What the counts need to know of a row that is about to change. */
struct about {
	char app[OD_STORE_TEXT_MAX + 1];
	uint64_t size;
	uint32_t revision;
};

static int about(struct od_store *store, int64_t id, struct about *ret)
{
	sqlite3_stmt *s = use(store, ABOUT);
	int r;

	(void) sqlite3_bind_int64(s, 1, id);
	r = row(s);
	if (r != 0)
		return r;
	(void) sqlite3_snprintf(sizeof(ret->app), ret->app, "%s", sqlite3_column_text(s, 0));
	ret->size = (uint64_t) sqlite3_column_int64(s, 1);
	ret->revision = (uint32_t) sqlite3_column_int64(s, 2);
	(void) sqlite3_reset(s);
	return 0;
}

/* Removes a row and keeps the counts right. @gone: only its content; it still counts. */
static int drop(struct od_store *store, int64_t id, uint32_t revision, bool gone)
{
	struct about former;
	sqlite3_stmt *s;
	int r = about(store, id, &former);

	if (r != 0)
		return r;
	if (revision != UINT32_MAX && former.revision != revision)
		return OD_E_BUSY;
	s = use(store, REMOVE);
	(void) sqlite3_bind_int64(s, 1, id);
	r = finish(s);
	if (r == 0)
		r = app_less(store, former.app, gone);
	if (r == 0) {
		store->count--;
		store->bytes -= former.size;
	}
	return r;
}

/* The oldest of the application that holds most gives way. */
static int give_way(struct od_store *store)
{
	sqlite3_stmt *noisiest = use(store, NOISIEST), *oldest = use(store, OLDEST_OF);
	int64_t id = 0;
	int r = row(noisiest);

	if (r != 0)
		return r;
	(void) sqlite3_bind_text(
		oldest, 1, (const char *) sqlite3_column_text(noisiest, 0), -1, SQLITE_TRANSIENT);
	(void) sqlite3_reset(noisiest);
	r = row(oldest);
	if (r != 0)
		return r;
	id = sqlite3_column_int64(oldest, 0);
	(void) sqlite3_reset(oldest);
	return drop(store, id, UINT32_MAX, true);
}

static int make_room(struct od_store *store, uint64_t items, uint64_t bytes)
{
	int r = 0;

	if (items > store->max_items || bytes > store->max_bytes || bytes > OD_STORE_MESSAGE_MAX)
		return OD_E_LIMIT;
	while (r == 0 && store->count > 0 &&
		(store->count + items > store->max_items ||
			store->bytes + bytes > store->max_bytes))
		r = give_way(store);
	return r;
}

static void bind_item(sqlite3_stmt *s, const struct od_store_item *item)
{
	(void) sqlite3_bind_int64(s, 2, item->time_us);
	bind_text(s, 3, item->app);
	bind_text(s, 4, item->messenger);
	bind_text(s, 5, item->desktop);
	bind_text(s, 6, item->summary);
	bind_text(s, 7, item->sender);
	bind_text(s, 8, item->instance);
	(void) sqlite3_bind_int64(s, 9, (int64_t) item->size);
	(void) sqlite3_bind_blob64(s, 10, item->message, item->size, SQLITE_STATIC);
}

static int insert(struct od_store *store, const struct od_store_item *item, int64_t *ret_id)
{
	sqlite3_stmt *s = use(store, ADD);
	int r;

	(void) sqlite3_bind_int64(s, 1, item->client_id);
	bind_item(s, item);
	r = finish(s);
	(void) sqlite3_clear_bindings(s); /* the message is the caller's */
	if (r != 0)
		return r;
	*ret_id = sqlite3_last_insert_rowid(store->db);
	if (*ret_id > UINT32_MAX)
		return -EOVERFLOW; /* three thousand million held: a new store is due */
	store->count++;
	store->bytes += item->size;
	r = app_more(store, item->app, item->time_us);
	if (r != 0 || item->client_id != 0)
		return r;
	s = use(store, OWN_ID);
	(void) sqlite3_bind_int64(s, 1, *ret_id);
	return finish(s);
}

int od_store_add(struct od_store *store, const struct od_store_item *item, int64_t *ret_id)
{
	int64_t id = 0;
	int r = begin(store);

	if (r != 0)
		return r;
	r = make_room(store, 1, item->size);
	if (r == 0)
		r = insert(store, item, &id);
	r = end(store, r);
	if (r == 0)
		*ret_id = id;
	return r;
}

static int update(struct od_store *store, int64_t id, const struct od_store_item *item)
{
	struct about former;
	sqlite3_stmt *s;
	int r = about(store, id, &former);

	if (r != 0)
		return r;
	s = use(store, REPLACE);
	(void) sqlite3_bind_int64(s, 1, id);
	bind_item(s, item);
	r = finish(s);
	(void) sqlite3_clear_bindings(s);
	if (r != 0)
		return r;
	store->bytes += item->size - former.size;
	r = app_less(store, former.app, false);
	return r != 0 ? r : app_more(store, item->app, item->time_us);
}

int od_store_replace(struct od_store *store, int64_t id, const struct od_store_item *item)
{
	int r = begin(store);

	if (r != 0)
		return r;
	r = make_room(store, 0, item->size);
	if (r == 0)
		r = update(store, id, item); /* may have given way just now: not found */
	return end(store, r);
}

int od_store_find(struct od_store *store, uint32_t client_id, const char *instance, int64_t *ret_id)
{
	sqlite3_stmt *s = use(store, FIND);
	int r;

	(void) sqlite3_bind_int64(s, 1, client_id);
	(void) sqlite3_bind_int64(s, 2, OD_IDS_FIRST);
	bind_text(s, 3, instance);
	r = row(s);
	if (r != 0)
		return r;
	*ret_id = sqlite3_column_int64(s, 0);
	(void) sqlite3_reset(s);
	return 0;
}

int od_store_remove(struct od_store *store, int64_t id, uint32_t revision)
{
	int r = begin(store);

	return r != 0 ? r : end(store, drop(store, id, revision, false));
}

int od_store_remove_all(struct od_store *store)
{
	int r = begin(store);

	if (r != 0)
		return r;
	r = end(store, od_store_run(store->db, "DELETE FROM held; DELETE FROM apps"));
	if (r == 0)
		store->count = store->bytes = 0;
	return r;
}

int od_store_expire(struct od_store *store, int64_t before_us, unsigned *ret_n)
{
	int64_t id, time_us;
	int r = 0;

	*ret_n = 0;
	for (;;) {
		sqlite3_stmt *s = use(store, OLDEST);

		r = row(s);
		if (r != 0)
			return r == OD_E_NOT_FOUND ? 0 : r;
		id = sqlite3_column_int64(s, 0);
		time_us = sqlite3_column_int64(s, 1);
		(void) sqlite3_reset(s);
		if (time_us >= before_us)
			return 0;
		r = begin(store);
		if (r == 0)
			r = end(store, drop(store, id, UINT32_MAX, true));
		if (r != 0)
			return r;
		++*ret_n;
	}
}

bool od_store_dirty(const struct od_store *store)
{
	return store->dirty;
}

int od_store_commit(struct od_store *store)
{
	int r;

	if (!store->dirty)
		return 0;
	r = od_store_run(store->db, "COMMIT");
	if (r != 0) {
		(void) od_store_run(store->db, "ROLLBACK"); /* may have happened already */
		(void) recount(store);
	}
	store->dirty = false;
	return r;
}

void od_store_scrub(struct od_store *store)
{
	if (!store->dirty)
		(void) od_store_run(store->db, "PRAGMA wal_checkpoint(TRUNCATE)"); /* next time */
}

static void read_item(sqlite3_stmt *s, struct od_store_item *item, bool with_message)
{
	*item = (struct od_store_item){
		.id = sqlite3_column_int64(s, 0),
		.client_id = (uint32_t) sqlite3_column_int64(s, 1),
		.revision = (uint32_t) sqlite3_column_int64(s, 2),
		.time_us = sqlite3_column_int64(s, 3),
		.app = (const char *) sqlite3_column_text(s, 4),
		.messenger = (const char *) sqlite3_column_text(s, 5),
		.desktop = (const char *) sqlite3_column_text(s, 6),
		.summary = (const char *) sqlite3_column_text(s, 7),
		.sender = (const char *) sqlite3_column_text(s, 8),
		.instance = (const char *) sqlite3_column_text(s, 9),
		.size = (size_t) sqlite3_column_int64(s, 10),
	};
	if (!with_message)
		return;
	item->message = sqlite3_column_blob(s, 11);
	item->size = (size_t) sqlite3_column_bytes(s, 11);
}

int od_store_get(struct od_store *store, int64_t id, od_store_fn fn, void *userdata)
{
	sqlite3_stmt *s = use(store, GET);
	struct od_store_item item;
	int r;

	(void) sqlite3_bind_int64(s, 1, id);
	r = row(s);
	if (r != 0)
		return r;
	read_item(s, &item, true);
	r = fn(userdata, &item);
	(void) sqlite3_reset(s);
	return r;
}

int od_store_each(struct od_store *store, bool with_message, od_store_fn fn, void *userdata)
{
	struct od_store_item item;
	sqlite3_stmt *s = NULL;
	int r = sqlite3_prepare_v2(store->db,
		with_message
			? "SELECT id,client_id,revision,time,app,messenger,desktop,summary,sender,"
			  "instance,size,message FROM held ORDER BY id"
			: "SELECT id,client_id,revision,time,app,messenger,desktop,summary,sender,"
			  "instance,size FROM held ORDER BY id",
		-1, &s, NULL);
	int stop = 0;

	while (r == SQLITE_OK && stop == 0) {
		if ((r = sqlite3_step(s)) != SQLITE_ROW)
			break;
		r = SQLITE_OK;
		read_item(s, &item, with_message);
		stop = fn(userdata, &item);
	}
	(void) sqlite3_finalize(s);
	return stop != 0 ? stop : od_store_errno(r);
}

uint64_t od_store_count(const struct od_store *store)
{
	return store->count;
}

uint64_t od_store_bytes(const struct od_store *store)
{
	return store->bytes;
}

int od_store_oldest(struct od_store *store, int64_t *ret_us)
{
	sqlite3_stmt *s = use(store, OLDEST);
	int r = row(s);

	*ret_us = r == 0 ? sqlite3_column_int64(s, 1) : OD_NEVER;
	(void) sqlite3_reset(s);
	return r == OD_E_NOT_FOUND ? 0 : r;
}

int od_store_digest(struct od_store *store, od_store_app_fn fn, void *userdata, int64_t *ret_since)
{
	sqlite3_stmt *s = NULL;
	int r = sqlite3_prepare_v2(store->db,
		"SELECT app,held,gone,since FROM apps WHERE held+gone>0 "
		"ORDER BY held+gone DESC,app",
		-1, &s, NULL);
	int stop = 0;

	*ret_since = OD_NEVER;
	while (r == SQLITE_OK && stop == 0) {
		int64_t since;

		if ((r = sqlite3_step(s)) != SQLITE_ROW)
			break;
		r = SQLITE_OK;
		since = sqlite3_column_int64(s, 3);
		if (since < *ret_since)
			*ret_since = since;
		stop = fn(userdata, (const char *) sqlite3_column_text(s, 0),
			(uint64_t) sqlite3_column_int64(s, 1),
			(uint64_t) sqlite3_column_int64(s, 2));
	}
	(void) sqlite3_finalize(s);
	return stop != 0 ? stop : od_store_errno(r);
}

int od_store_told(struct od_store *store)
{
	int r = begin(store);

	return r != 0 ? r
		      : end(store,
				od_store_run(store->db,
					"UPDATE apps SET gone=0; DELETE FROM apps WHERE held<=0"));
}

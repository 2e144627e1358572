/*
 * The file of the held store.
 *
 * WAL with synchronous=FULL: a commit is one write and one fsync of the log. locking_mode=EXCLUSIVE
 * keeps other gates out and needs no shared memory, so that it also works where the home directory
 * is a network filesystem. secure_delete overwrites what is erased. AUTOINCREMENT never gives an id
 * twice, also not after the row with the highest is gone.
 */
#include "gate/store_schema.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "gate/ids.h"

#define SCHEMA                                                                                     \
	"CREATE TABLE held("                                                                       \
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"                                                   \
	" client_id INTEGER NOT NULL,"                                                             \
	" revision INTEGER NOT NULL DEFAULT 0,"                                                    \
	" time INTEGER NOT NULL,"                                                                  \
	" app TEXT NOT NULL, messenger TEXT NOT NULL, desktop TEXT NOT NULL,"                      \
	" summary TEXT NOT NULL, sender TEXT NOT NULL, instance TEXT NOT NULL,"                    \
	" size INTEGER NOT NULL,"                                                                  \
	" message BLOB NOT NULL);"                                                                 \
	"CREATE INDEX held_client ON held(client_id);"                                             \
	"CREATE INDEX held_app ON held(app, id);"                                                  \
	"CREATE INDEX held_time ON held(time);"                                                    \
	"CREATE TABLE apps("                                                                       \
	" app TEXT PRIMARY KEY, held INTEGER NOT NULL DEFAULT 0,"                                  \
	" gone INTEGER NOT NULL DEFAULT 0, since INTEGER NOT NULL) WITHOUT ROWID;"                 \
	"CREATE INDEX apps_held ON apps(held);"

int od_store_errno(int result)
{
	switch (result & 0xff) {
	case SQLITE_OK:
	case SQLITE_DONE:
	case SQLITE_ROW:
		return 0;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_TOOBIG:
		return -EFBIG;
	case SQLITE_READONLY:
		return -EROFS;
	case SQLITE_PERM:
	case SQLITE_CANTOPEN:
		return -EACCES;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return -EUCLEAN;
	}
	return -EIO;
}

int od_store_run(sqlite3 *db, const char *sql)
{
	return od_store_errno(sqlite3_exec(db, sql, NULL, NULL, NULL));
}

static int user_version(sqlite3 *db, int *ret)
{
	sqlite3_stmt *query = NULL;
	int r = sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &query, NULL);

	if (r == SQLITE_OK)
		r = sqlite3_step(query);
	if (r == SQLITE_ROW)
		*ret = sqlite3_column_int(query, 0);
	(void) sqlite3_finalize(query); /* repeats the error of the step */
	return r;
}

/* The first write decides who has the file: the lock stays until it is closed. */
static int take_lock(sqlite3 *db)
{
	int r = sqlite3_exec(db,
		"PRAGMA locking_mode=EXCLUSIVE;"
		"PRAGMA journal_mode=WAL;"
		"PRAGMA synchronous=FULL;"
		"PRAGMA secure_delete=ON;"
		"PRAGMA cache_size=-512;"
		"PRAGMA journal_size_limit=4194304;"
		"PRAGMA temp_store=MEMORY;"
		"BEGIN IMMEDIATE;",
		NULL, NULL, NULL);

	return (r & 0xff) == SQLITE_BUSY ? OD_E_BUSY : od_store_errno(r);
}

static int create(sqlite3 *db)
{
	char seed[160];
	int r = od_store_run(db, SCHEMA);

	if (r != 0)
		return r;
	(void) snprintf(seed, sizeof(seed),
		"INSERT INTO sqlite_sequence(name, seq) VALUES('held', %u); PRAGMA "
		"user_version=%d;",
		OD_IDS_FIRST - 1, OD_STORE_VERSION);
	return od_store_run(db, seed);
}

/* Rows and counts must agree; after a crash they do, unless somebody edited the file. */
static int check(sqlite3 *db)
{
	sqlite3_stmt *query = NULL;
	int r = sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &query, NULL);
	bool good = false;

	if (r == SQLITE_OK && (r = sqlite3_step(query)) == SQLITE_ROW)
		good = strcmp((const char *) sqlite3_column_text(query, 0), "ok") == 0;
	(void) sqlite3_finalize(query);
	if (r != SQLITE_ROW)
		return od_store_errno(r);
	return good ? 0 : -EUCLEAN;
}

static int prepare(sqlite3 *db)
{
	int version = -1, r = take_lock(db);

	if (r != 0)
		return r;
	r = od_store_errno(user_version(db, &version));
	if (r != 0)
		return r;
	if (version > OD_STORE_VERSION)
		return OD_E_UNSUPPORTED;
	r = version == 0 ? create(db) : check(db);
	return r != 0 ? r : od_store_run(db, "COMMIT");
}

static int open_file(const char *path, sqlite3 **ret)
{
	od_cleanup(od_closep) int fd = -1;
	sqlite3 *db = NULL;
	int r;

	/* SQLite gives its log the mode of the file. */
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	if (fchmod(fd, 0600) < 0)
		return -errno;
	r = od_store_errno(sqlite3_open_v2(path, &db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX, NULL));
	if (r == 0)
		r = prepare(db);
	if (r != 0) {
		(void) sqlite3_close(db); /* nothing was written */
		return r;
	}
	*ret = db;
	return 0;
}

static int set_aside(const char *path)
{
	static const char *const tails[] = { "-wal", "-shm", "-journal" };
	char to[4096 + 16], tail[4096 + 16];

	for (size_t i = 0; i < OD_ELEMENTS(tails); i++) {
		(void) snprintf(tail, sizeof(tail), "%s%s", path, tails[i]);
		(void) unlink(tail);
	}
	(void) snprintf(to, sizeof(to), "%s.broken", path);
	return rename(path, to) < 0 ? -errno : 0;
}

int od_store_schema_open(const char *folder, const char *name, sqlite3 **ret)
{
	char path[4096];
	int n = snprintf(path, sizeof(path), "%s/held.%s.sqlite", folder, name), r;

	if (n < 0 || (size_t) n >= sizeof(path))
		return -ENAMETOOLONG;
	r = open_file(path, ret);
	if (r != -EUCLEAN)
		return r;
	r = set_aside(path);
	return r != 0 ? r : open_file(path, ret);
}

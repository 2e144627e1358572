/* Opening the database of the held store. */
#pragma once

#include <sqlite3.h>

#include "base/cleanup.h"

#define OD_STORE_VERSION 1

/* Return as od_store_open(). */
int od_store_schema_open(const char *folder, const char *name, sqlite3 **ret) OD_CHECK;

/* -errno for a result of SQLite. */
int od_store_errno(int result);
/* Runs plain SQL. Return: 0 or -errno. */
int od_store_run(sqlite3 *db, const char *sql);

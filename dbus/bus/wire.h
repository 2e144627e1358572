/* Reading and writing messages: small helpers over libdbus iterators. */
#pragma once

#include <dbus/dbus.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"

/* a{sv}: open with od_wire_dict_open(), add members, close. NULL texts are left out.
 * Return of all: 0 or -ENOMEM. */
int od_wire_dict_open(DBusMessageIter *parent, DBusMessageIter *dict);
int od_wire_dict_close(DBusMessageIter *parent, DBusMessageIter *dict);
int od_wire_put_string(DBusMessageIter *dict, const char *key, const char *value);
int od_wire_put_uint32(DBusMessageIter *dict, const char *key, uint32_t value);
int od_wire_put_int64(DBusMessageIter *dict, const char *key, int64_t value);
int od_wire_put_bool(DBusMessageIter *dict, const char *key, bool value);

/* One value after another. A text that is not UTF-8 is sent with "?" for the bad bytes.
 * Return of all: 0 or -ENOMEM. */
int od_wire_string(DBusMessageIter *iter, const char *value);
int od_wire_uint32(DBusMessageIter *iter, uint32_t value);
int od_wire_int64(DBusMessageIter *iter, int64_t value);
int od_wire_bool(DBusMessageIter *iter, bool value);

/* Read members of an a{sv} (iterator at the array; it is not moved). NULL, 0 or false where absent
 * or of another type. Strings are borrowed from the message. */
const char *od_wire_get_string(DBusMessageIter *dict, const char *key);
uint32_t od_wire_get_uint32(DBusMessageIter *dict, const char *key, uint32_t otherwise);
int64_t od_wire_get_int64(DBusMessageIter *dict, const char *key, int64_t otherwise);
/* Iterator of the value of @key; false where absent, or not among the first 1024 members. */
bool od_wire_find(DBusMessageIter *dict, const char *key, DBusMessageIter *ret_value);

/* Take the next argument and move on; false on another type. */
bool od_wire_read_string(DBusMessageIter *iter, const char **ret);
bool od_wire_read_uint32(DBusMessageIter *iter, uint32_t *ret);
bool od_wire_read_int64(DBusMessageIter *iter, int64_t *ret);

/* Put "?" for every byte of @text that is not part of a UTF-8 character. */
void od_wire_clean(char *text);

/* Copy every value from @from's position on to @to (any types; @from is moved to the end).
 * Return: 0, OD_E_LIMIT (more than a million values, or too deep), -EBADF (a descriptor could not be
 * duplicated), -ENOMEM; unless 0 the message being written is to be thrown away. */
int od_wire_copy(DBusMessageIter *from, DBusMessageIter *to);

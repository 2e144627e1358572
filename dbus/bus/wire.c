/*
 * Helpers over libdbus iterators.
 *
 * libdbus ends the process when it is given a text that is not UTF-8 or asked to enter what is not a
 * container; so texts are made valid here before they are written, and types looked at before reading.
 *
 * What comes from outside is bounded twice: the bus bounds the size of a message and libdbus its depth,
 * and here a dictionary is searched for MEMBERS_MAX members and a copy stops after VALUES_MAX values,
 * so that no message costs more than its size suggests.
 */
#include "wire.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"

#define MEMBERS_MAX 1024
#define VALUES_MAX  (1u << 20)
#define DEPTH_MAX   64 /* 32 arrays and 32 structs, as the specification has it */

/* Length of the valid UTF-8 character at @p, or 0. Surrogates and overlong forms are not valid. */
static size_t character(const unsigned char *p)
{
	static const unsigned char second_from[] = { 0xa0, 0x80, 0x90 };

	if (p[0] < 0x80)
		return 1;
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		return (p[1] & 0xc0) == 0x80 ? 2 : 0;
	if (p[0] >= 0xe0 && p[0] <= 0xef) {
		unsigned char from = p[0] == 0xe0 ? second_from[0] : 0x80;
		unsigned char until = p[0] == 0xed ? 0x9f : 0xbf;

		return p[1] >= from && p[1] <= until && (p[2] & 0xc0) == 0x80 ? 3 : 0;
	}
	if (p[0] >= 0xf0 && p[0] <= 0xf4) {
		unsigned char from = p[0] == 0xf0 ? second_from[2] : second_from[1];
		unsigned char until = p[0] == 0xf4 ? 0x8f : 0xbf;

		return p[1] >= from && p[1] <= until && (p[2] & 0xc0) == 0x80 &&
				       (p[3] & 0xc0) == 0x80
			       ? 4
			       : 0;
	}
	return 0;
}

void od_wire_clean(char *text)
{
	while (*text) {
		size_t length = character((const unsigned char *) text);

		if (length == 0)
			*text = '?';
		text += length ? length : 1;
	}
}

static int append(DBusMessageIter *iter, int type, const void *value)
{
	return dbus_message_iter_append_basic(iter, type, value) ? 0 : -ENOMEM;
}

int od_wire_string(DBusMessageIter *iter, const char *value)
{
	od_cleanup(od_freep) char *copy = NULL;

	if (!dbus_validate_utf8(value, NULL)) {
		copy = strdup(value);
		if (!copy)
			return -ENOMEM;
		od_wire_clean(copy);
		value = copy;
	}
	return append(iter, DBUS_TYPE_STRING, &value);
}

int od_wire_uint32(DBusMessageIter *iter, uint32_t value)
{
	return append(iter, DBUS_TYPE_UINT32, &value);
}

int od_wire_int64(DBusMessageIter *iter, int64_t value)
{
	return append(iter, DBUS_TYPE_INT64, &value);
}

int od_wire_bool(DBusMessageIter *iter, bool value)
{
	dbus_bool_t wide = value;

	return append(iter, DBUS_TYPE_BOOLEAN, &wide);
}

int od_wire_dict_open(DBusMessageIter *parent, DBusMessageIter *dict)
{
	return dbus_message_iter_open_container(parent, DBUS_TYPE_ARRAY, "{sv}", dict) ? 0
										       : -ENOMEM;
}

int od_wire_dict_close(DBusMessageIter *parent, DBusMessageIter *dict)
{
	return dbus_message_iter_close_container(parent, dict) ? 0 : -ENOMEM;
}

static int member_open(DBusMessageIter *dict, const char *key, const char *type,
	DBusMessageIter *entry, DBusMessageIter *value)
{
	if (!dbus_message_iter_open_container(dict, DBUS_TYPE_DICT_ENTRY, NULL, entry) ||
		od_wire_string(entry, key) != 0 ||
		!dbus_message_iter_open_container(entry, DBUS_TYPE_VARIANT, type, value))
		return -ENOMEM;
	return 0;
}

static int member_close(DBusMessageIter *dict, DBusMessageIter *entry, DBusMessageIter *value)
{
	if (!dbus_message_iter_close_container(entry, value) ||
		!dbus_message_iter_close_container(dict, entry))
		return -ENOMEM;
	return 0;
}

int od_wire_put_string(DBusMessageIter *dict, const char *key, const char *value)
{
	DBusMessageIter entry, variant;

	if (!value)
		return 0;
	if (member_open(dict, key, "s", &entry, &variant) != 0 ||
		od_wire_string(&variant, value) != 0)
		return -ENOMEM;
	return member_close(dict, &entry, &variant);
}

static int put_basic(DBusMessageIter *dict, const char *key, int type, const void *value)
{
	char signature[2] = { (char) type, '\0' };
	DBusMessageIter entry, variant;

	if (member_open(dict, key, signature, &entry, &variant) != 0 ||
		append(&variant, type, value) != 0)
		return -ENOMEM;
	return member_close(dict, &entry, &variant);
}

int od_wire_put_uint32(DBusMessageIter *dict, const char *key, uint32_t value)
{
	return put_basic(dict, key, DBUS_TYPE_UINT32, &value);
}

int od_wire_put_int64(DBusMessageIter *dict, const char *key, int64_t value)
{
	return put_basic(dict, key, DBUS_TYPE_INT64, &value);
}

int od_wire_put_bool(DBusMessageIter *dict, const char *key, bool value)
{
	dbus_bool_t wide = value;

	return put_basic(dict, key, DBUS_TYPE_BOOLEAN, &wide);
}

static bool take(DBusMessageIter *iter, int type, void *ret)
{
	if (dbus_message_iter_get_arg_type(iter) != type)
		return false;
	dbus_message_iter_get_basic(iter, ret);
	(void) dbus_message_iter_next(iter);
	return true;
}

bool od_wire_read_string(DBusMessageIter *iter, const char **ret)
{
	return take(iter, DBUS_TYPE_STRING, ret);
}

bool od_wire_read_uint32(DBusMessageIter *iter, uint32_t *ret)
{
	return take(iter, DBUS_TYPE_UINT32, ret);
}

bool od_wire_read_int64(DBusMessageIter *iter, int64_t *ret)
{
	return take(iter, DBUS_TYPE_INT64, ret);
}

/* Whether the entry at @members has this key; then its value is recursed into. */
static bool member_is(DBusMessageIter *members, const char *key, DBusMessageIter *ret_value)
{
	DBusMessageIter entry;
	const char *name;

	dbus_message_iter_recurse(members, &entry);
	if (!od_wire_read_string(&entry, &name) || strcmp(name, key) != 0 ||
		dbus_message_iter_get_arg_type(&entry) != DBUS_TYPE_VARIANT)
		return false;
	dbus_message_iter_recurse(&entry, ret_value);
	return true;
}

bool od_wire_find(DBusMessageIter *dict, const char *key, DBusMessageIter *ret_value)
{
	DBusMessageIter members;

	if (dbus_message_iter_get_arg_type(dict) != DBUS_TYPE_ARRAY ||
		dbus_message_iter_get_element_type(dict) != DBUS_TYPE_DICT_ENTRY)
		return false;
	dbus_message_iter_recurse(dict, &members);
	for (unsigned i = 0; i < MEMBERS_MAX; i++) {
		if (dbus_message_iter_get_arg_type(&members) != DBUS_TYPE_DICT_ENTRY)
			return false;
		if (member_is(&members, key, ret_value))
			return true;
		(void) dbus_message_iter_next(&members);
	}
	return false;
}

const char *od_wire_get_string(DBusMessageIter *dict, const char *key)
{
	const char *text = NULL;
	DBusMessageIter value;

	return od_wire_find(dict, key, &value) && od_wire_read_string(&value, &text) ? text : NULL;
}

uint32_t od_wire_get_uint32(DBusMessageIter *dict, const char *key, uint32_t otherwise)
{
	DBusMessageIter value;
	uint32_t number;

	if (!od_wire_find(dict, key, &value) || !od_wire_read_uint32(&value, &number))
		return otherwise;
	return number;
}

int64_t od_wire_get_int64(DBusMessageIter *dict, const char *key, int64_t otherwise)
{
	DBusMessageIter value;
	int64_t number;

	if (!od_wire_find(dict, key, &value) || !od_wire_read_int64(&value, &number))
		return otherwise;
	return number;
}

static int copy_values(
	DBusMessageIter *from, DBusMessageIter *to, unsigned depth, unsigned *budget);

static int copy_basic(DBusMessageIter *from, DBusMessageIter *to, int type)
{
	DBusBasicValue value;
	int r;

	dbus_message_iter_get_basic(from, &value);
	if (type == DBUS_TYPE_UNIX_FD && value.fd < 0)
		return -EBADF;
	r = append(to, type, &value);
	if (type == DBUS_TYPE_UNIX_FD)
		(void) close(value.fd); /* get_basic() made a duplicate, append made its own */
	return r;
}

/* Numbers of a fixed size in one piece: images travel as "ay". */
static int copy_fixed(DBusMessageIter *from, DBusMessageIter *to, int type)
{
	const void *values = NULL;
	int n = 0;

	dbus_message_iter_get_fixed_array(from, &values, &n);
	return n == 0 || dbus_message_iter_append_fixed_array(to, type, &values, n) ? 0 : -ENOMEM;
}

static void free_text(char **text)
{
	dbus_free(*text);
}

static int copy_container(
	DBusMessageIter *from, DBusMessageIter *to, int type, unsigned depth, unsigned *budget)
{
	od_cleanup(free_text) char *signature = NULL;
	const char *contained = NULL;
	DBusMessageIter in, out;
	int element, r;

	dbus_message_iter_recurse(from, &in);
	if (type == DBUS_TYPE_ARRAY || type == DBUS_TYPE_VARIANT) {
		signature = dbus_message_iter_get_signature(type == DBUS_TYPE_ARRAY ? from : &in);
		if (!signature)
			return -ENOMEM;
		contained = type == DBUS_TYPE_ARRAY ? signature + 1 : signature;
	}
	if (!dbus_message_iter_open_container(to, type, contained, &out))
		return -ENOMEM;
	element = type == DBUS_TYPE_ARRAY ? dbus_message_iter_get_element_type(from)
					  : DBUS_TYPE_INVALID;
	if (dbus_type_is_fixed(element) && element != DBUS_TYPE_UNIX_FD)
		r = copy_fixed(&in, &out, element);
	else
		r = copy_values(&in, &out, depth + 1, budget);
	if (r != 0) {
		dbus_message_iter_abandon_container(to, &out);
		return r;
	}
	return dbus_message_iter_close_container(to, &out) ? 0 : -ENOMEM;
}

static int copy_values(DBusMessageIter *from, DBusMessageIter *to, unsigned depth, unsigned *budget)
{
	int type, r = 0;

	if (depth > DEPTH_MAX)
		return OD_E_LIMIT;
	while (r == 0 && (type = dbus_message_iter_get_arg_type(from)) != DBUS_TYPE_INVALID) {
		if ((*budget)-- == 0)
			return OD_E_LIMIT;
		r = dbus_type_is_basic(type) ? copy_basic(from, to, type)
					     : copy_container(from, to, type, depth, budget);
		(void) dbus_message_iter_next(from);
	}
	return r;
}

int od_wire_copy(DBusMessageIter *from, DBusMessageIter *to)
{
	unsigned budget = VALUES_MAX;

	return copy_values(from, to, 0, &budget);
}

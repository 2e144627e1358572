/*
 * Bytes as they might come from a peer: a message, read and copied by bus/wire; and a text, cleaned.
 *
 * A copy must come out with the signature it went in with, and a cleaned text must be one that libdbus
 * accepts (it ends the process otherwise).
 */
#include <dbus/dbus.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bus/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void clean_text(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *) data, size);

	if (!text)
		return;
	od_wire_clean(text);
	if (!dbus_validate_utf8(text, NULL))
		abort();
	free(text);
}

static void read_arguments(DBusMessage *message)
{
	DBusMessageIter iter, value;
	const char *text = NULL;
	uint32_t number;
	int64_t instant;

	if (!dbus_message_iter_init(message, &iter))
		return;
	do {
		(void) od_wire_get_string(&iter, "name");
		(void) od_wire_get_uint32(&iter, "name", 0);
		(void) od_wire_get_int64(&iter, "name", 0);
		(void) od_wire_find(&iter, "", &value);
		if (od_wire_read_string(&iter, &text) && strlen(text) > INT_MAX)
			abort();
		if (!od_wire_read_uint32(&iter, &number) && !od_wire_read_int64(&iter, &instant))
			(void) dbus_message_iter_next(&iter);
	} while (dbus_message_iter_get_arg_type(&iter) != DBUS_TYPE_INVALID);
}

static void copy_arguments(DBusMessage *message)
{
	DBusMessage *copy = dbus_message_new_signal("/a", "a.b", "c");
	DBusMessageIter from, to;

	if (copy && dbus_message_iter_init(message, &from)) {
		dbus_message_iter_init_append(copy, &to);
		if (od_wire_copy(&from, &to) == 0 &&
			strcmp(dbus_message_get_signature(copy),
				dbus_message_get_signature(message)) != 0)
			abort();
	}
	if (copy)
		dbus_message_unref(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	DBusMessage *message;

	if (size > 1 << 20)
		return 0;
	clean_text(data, size);
	message = dbus_message_demarshal((const char *) data, (int) size, NULL);
	if (!message)
		return 0;
	read_arguments(message);
	copy_arguments(message);
	dbus_message_unref(message);
	return 0;
}

/*
 * The message of a row in the held store, as it is delivered: whoever has the same uid can write
 * that file, so its bytes are read like any other from outside.
 */
#include <dbus/dbus.h>
#include <stdint.h>

#include "gate/notify_call.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct od_notify_change change = { .replaces_id = 5, .quiet = size & 1 };
	DBusMessage *message, *changed;
	struct od_notify_call call;

	if (size > (1 << 16))
		return 0;
	message = dbus_message_demarshal((const char *) data, (int) size, NULL);
	if (!message)
		return 0;
	if (od_notify_call_parse(message, &call) == 0) {
		changed = od_notify_call_change(message, &change);
		if (!changed || od_notify_call_parse(changed, &call) != 0)
			__builtin_trap();
		dbus_message_unref(changed);
	}
	changed = od_notify_call_redirect(message, ":1.7");
	if (changed)
		dbus_message_unref(changed);
	dbus_message_unref(message);
	return 0;
}

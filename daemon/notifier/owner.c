#include "owner.h"

#include <errno.h>
#include <string.h>

#define RULE                                                                                       \
	"type='signal',sender='" DBUS_SERVICE_DBUS "',interface='" DBUS_INTERFACE_DBUS             \
	"',member='NameOwnerChanged',arg0='" OD_BUS_NAME "'"
#define TIMEOUT_MS 10000

struct od_owner {
	struct od_bus *bus;
	void (*fn)(void *userdata, bool owned);
	void *userdata;
	char name[256]; /* unique name, "" */
	struct od_bus_pending *asked;
};

static void owner_set(struct od_owner *owner, const char *name)
{
	if (strlen(name) >= sizeof(owner->name) || strcmp(owner->name, name) == 0)
		return;
	strcpy(owner->name, name);
	owner->fn(owner->userdata, *name);
}

static void on_owner(void *userdata, DBusMessage *reply)
{
	struct od_owner *owner = userdata;
	const char *name;

	owner->asked = NULL;
	if (dbus_message_get_args(reply, NULL, DBUS_TYPE_STRING, &name, DBUS_TYPE_INVALID) &&
		dbus_message_get_type(reply) == DBUS_MESSAGE_TYPE_METHOD_RETURN)
		owner_set(owner, name);
}

static int ask(struct od_owner *owner)
{
	DBusMessage *call = dbus_message_new_method_call(
		DBUS_SERVICE_DBUS, DBUS_PATH_DBUS, DBUS_INTERFACE_DBUS, "GetNameOwner");
	const char *name = OD_BUS_NAME;
	int r = -ENOMEM;

	if (!call)
		return -ENOMEM;
	if (dbus_message_append_args(call, DBUS_TYPE_STRING, &name, DBUS_TYPE_INVALID))
		r = od_bus_call(owner->bus, call, TIMEOUT_MS, on_owner, owner, &owner->asked);
	dbus_message_unref(call);
	return r;
}

int od_owner_new(struct od_bus *bus, void (*fn)(void *userdata, bool owned), void *userdata,
	struct od_owner **ret)
{
	od_cleanup(od_owner_freep) struct od_owner *owner = calloc(1, sizeof(*owner));
	int r;

	if (!owner)
		return -ENOMEM;
	owner->bus = bus;
	owner->fn = fn;
	owner->userdata = userdata;
	r = od_bus_match(bus, RULE); /* first, so that no change falls between */
	if (r == 0)
		r = ask(owner);
	if (r == 0)
		*ret = od_take(&owner);
	return r;
}

void od_owner_free(struct od_owner *owner)
{
	if (!owner)
		return;
	od_bus_cancel(owner->asked);
	free(owner);
}

bool od_owner_handle(struct od_owner *owner, DBusMessage *message)
{
	const char *name, *before, *after;

	if (!dbus_message_is_signal(message, DBUS_INTERFACE_DBUS, "NameOwnerChanged") ||
		!dbus_message_has_sender(message, DBUS_SERVICE_DBUS) ||
		!dbus_message_get_args(message, NULL, DBUS_TYPE_STRING, &name, DBUS_TYPE_STRING,
			&before, DBUS_TYPE_STRING, &after, DBUS_TYPE_INVALID) ||
		strcmp(name, OD_BUS_NAME) != 0)
		return false;
	od_bus_cancel(owner->asked); /* its answer would be older than this */
	owner->asked = NULL;
	owner_set(owner, after);
	return true;
}

bool od_owner_sent(const struct od_owner *owner, DBusMessage *message)
{
	const char *sender = dbus_message_get_sender(message);

	return sender && *owner->name && strcmp(sender, owner->name) == 0;
}

bool od_owner_known(const struct od_owner *owner)
{
	return *owner->name;
}

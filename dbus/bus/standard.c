/*
 * The interfaces every object has: Introspectable and Properties. (Peer is answered by libdbus.)
 *
 * Introspect prints the interfaces word for word as dbus/interfaces has them, comments included.
 * Properties are read-only and for everybody: what not everybody may know is a method.
 */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "private.h"
#include "wire.h"

#define PREAMBLE                                                                                   \
	"<!DOCTYPE node PUBLIC \"-//freedesktop//DTD D-BUS Object Introspection 1.0//EN\"\n"       \
	"  \"http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd\">\n"

static const char standard_xml[] = "  <interface name=\"org.freedesktop.DBus.Introspectable\">\n"
				   "    <method name=\"Introspect\">\n"
				   "      <arg name=\"xml\" type=\"s\" direction=\"out\"/>\n"
				   "    </method>\n"
				   "  </interface>\n"
				   "  <interface name=\"org.freedesktop.DBus.Properties\">\n"
				   "    <method name=\"Get\">\n"
				   "      <arg name=\"interface\" type=\"s\" direction=\"in\"/>\n"
				   "      <arg name=\"name\" type=\"s\" direction=\"in\"/>\n"
				   "      <arg name=\"value\" type=\"v\" direction=\"out\"/>\n"
				   "    </method>\n"
				   "    <method name=\"GetAll\">\n"
				   "      <arg name=\"interface\" type=\"s\" direction=\"in\"/>\n"
				   "      <arg name=\"values\" type=\"a{sv}\" direction=\"out\"/>\n"
				   "    </method>\n"
				   "    <method name=\"Set\">\n"
				   "      <arg name=\"interface\" type=\"s\" direction=\"in\"/>\n"
				   "      <arg name=\"name\" type=\"s\" direction=\"in\"/>\n"
				   "      <arg name=\"value\" type=\"v\" direction=\"in\"/>\n"
				   "    </method>\n"
				   "    <signal name=\"PropertiesChanged\">\n"
				   "      <arg name=\"interface\" type=\"s\"/>\n"
				   "      <arg name=\"changed\" type=\"a{sv}\"/>\n"
				   "      <arg name=\"invalidated\" type=\"as\"/>\n"
				   "    </signal>\n"
				   "  </interface>\n"
				   "  <interface name=\"org.freedesktop.DBus.Peer\">\n"
				   "    <method name=\"Ping\"/>\n"
				   "    <method name=\"GetMachineId\">\n"
				   "      <arg name=\"id\" type=\"s\" direction=\"out\"/>\n"
				   "    </method>\n"
				   "  </interface>\n";

static void free_message(DBusMessage **message)
{
	if (*message)
		dbus_message_unref(*message);
}

/* NULL where the message is not this method of this standard interface with this signature. */
static DBusMessage *reply_to(
	DBusMessage *message, const char *interface, const char *member, const char *signature)
{
	if (!dbus_message_has_member(message, member) ||
		!dbus_message_has_signature(message, signature) ||
		(dbus_message_get_interface(message) &&
			!dbus_message_has_interface(message, interface)))
		return NULL;
	return dbus_message_new_method_return(message);
}

static void send_unless_unwanted(struct od_bus *bus, DBusMessage *message, DBusMessage *reply)
{
	if (!dbus_message_get_no_reply(message))
		(void) od_bus_send(
			bus, reply, NULL); /* no memory: the caller's time-out tells it */
}

static bool introspect(struct od_bus *bus, const struct od_bus_object *object, DBusMessage *message)
{
	od_cleanup(free_message) DBusMessage *reply =
		reply_to(message, DBUS_INTERFACE_INTROSPECTABLE, "Introspect", "");
	od_cleanup(od_freep) char *xml = NULL;
	DBusMessageIter iter;
	size_t size = 0;
	FILE *file;

	if (!reply)
		return false;
	file = open_memstream(&xml, &size);
	if (!file)
		return true;
	fprintf(file, PREAMBLE "<node name=\"%s\">\n", object->path);
	for (const struct od_bus_export *e = object->exports; e->interface; e++)
		fprintf(file, "  %s\n", e->interface->xml);
	fprintf(file, "%s</node>\n", standard_xml);
	if (fclose(file) != 0)
		return true;
	dbus_message_iter_init_append(reply, &iter);
	if (od_wire_string(&iter, xml) == 0)
		send_unless_unwanted(bus, message, reply);
	return true;
}

/* What follows @path in @below, up to the next slash: "/org", "/org/offduty1" -> "offduty1", 8. */
static const char *next_part(const char *path, const char *below, size_t *ret_length)
{
	size_t length = strcmp(path, "/") == 0 ? 0 : strlen(path);

	if (strncmp(path, below, length) != 0 || below[length] != '/' || !below[length + 1])
		return NULL;
	*ret_length = strcspn(below + length + 1, "/");
	return below + length + 1;
}

bool od_bus_standard_parent(
	struct od_bus *bus, const struct od_bus_object *objects, DBusMessage *message)
{
	od_cleanup(free_message) DBusMessage *reply =
		reply_to(message, DBUS_INTERFACE_INTROSPECTABLE, "Introspect", "");
	char xml[1024];
	DBusMessageIter iter;
	const char *part = NULL;
	size_t length = 0;

	for (; reply && objects && !part; objects = objects->next)
		part = next_part(dbus_message_get_path(message), objects->path, &length);
	if (!part)
		return false;
	(void) snprintf(xml, sizeof(xml), PREAMBLE "<node>\n  <node name=\"%.*s\"/>\n</node>\n",
		(int) length, part);
	dbus_message_iter_init_append(reply, &iter);
	if (od_wire_string(&iter, xml) == 0)
		send_unless_unwanted(bus, message, reply);
	return true;
}

static const struct od_bus_export *find_export(
	const struct od_bus_object *object, const char *interface)
{
	const struct od_bus_export *e = object->exports;

	while (e->interface && strcmp(e->interface->name, interface) != 0)
		e++;
	return e->interface ? e : NULL;
}

static const struct od_bus_property *find_property(
	const struct od_bus_interface *interface, const char *name)
{
	const struct od_bus_property *p = interface->properties;

	while (p->name && strcmp(p->name, name) != 0)
		p++;
	return p->name ? p : NULL;
}

static bool is_standard(const char *interface)
{
	return strcmp(interface, DBUS_INTERFACE_INTROSPECTABLE) == 0 ||
	       strcmp(interface, DBUS_INTERFACE_PROPERTIES) == 0 ||
	       strcmp(interface, DBUS_INTERFACE_PEER) == 0;
}

/* A getter writes into a message of its own first: one that fails half-way, or writes another type,
 * leaves nothing behind in the answer. */
static int put_value(const struct od_bus_property *property, void *userdata, DBusMessageIter *iter)
{
	od_cleanup(free_message) DBusMessage *draft = dbus_message_new(DBUS_MESSAGE_TYPE_SIGNAL);
	DBusMessageIter from, to;
	int r;

	if (!draft)
		return -1;
	dbus_message_iter_init_append(draft, &to);
	r = property->get(userdata, &to);
	if (r != 0)
		return r;
	if (!dbus_message_has_signature(draft, property->type))
		return OD_E_FAILED;
	dbus_message_iter_init(draft, &from);
	if (!dbus_message_iter_open_container(iter, DBUS_TYPE_VARIANT, property->type, &to))
		return -1;
	r = od_wire_copy(&from, &to);
	if (r != 0 || !dbus_message_iter_close_container(iter, &to))
		return -1;
	return 0;
}

static void get(struct od_bus *bus, const struct od_bus_object *object, DBusMessage *message,
	DBusMessage *reply)
{
	const char *interface = NULL, *name = NULL;
	const struct od_bus_property *property = NULL;
	const struct od_bus_export *export;
	DBusMessageIter iter;

	dbus_message_iter_init(message, &iter);
	(void) od_wire_read_string(&iter, &interface); /* the signature was compared */
	(void) od_wire_read_string(&iter, &name);
	export = find_export(object, interface);
	if (export)
		property = find_property(export->interface, name);
	dbus_message_iter_init_append(reply, &iter);
	if (!property)
		od_bus_refuse(
			bus, message, DBUS_ERROR_UNKNOWN_PROPERTY, "there is no such property");
	else if (put_value(property, export->userdata, &iter) != 0)
		od_bus_refuse(bus, message, OD_BUS_ERROR("Failed"), od_error_text(OD_E_FAILED));
	else
		send_unless_unwanted(bus, message, reply);
}

static bool put_all(const struct od_bus_export *export, DBusMessageIter *dict)
{
	for (const struct od_bus_property *p = export->interface->properties; p->name; p++) {
		od_cleanup(free_message) DBusMessage *draft =
			dbus_message_new(DBUS_MESSAGE_TYPE_SIGNAL);
		DBusMessageIter iter, from, entry;

		if (!draft)
			return false;
		dbus_message_iter_init_append(draft, &iter);
		if (put_value(p, export->userdata, &iter) != 0)
			continue; /* left out, as the header says */
		if (!dbus_message_iter_open_container(dict, DBUS_TYPE_DICT_ENTRY, NULL, &entry) ||
			od_wire_string(&entry, p->name) != 0 ||
			!dbus_message_iter_init(draft, &from) || od_wire_copy(&from, &entry) != 0 ||
			!dbus_message_iter_close_container(dict, &entry))
			return false;
	}
	return true;
}

static void get_all(struct od_bus *bus, const struct od_bus_object *object, DBusMessage *message,
	DBusMessage *reply)
{
	const struct od_bus_export *export;
	const char *interface = NULL;
	DBusMessageIter iter, dict;

	dbus_message_iter_init(message, &iter);
	(void) od_wire_read_string(&iter, &interface); /* the signature was compared */
	export = find_export(object, interface);
	if (!export && !is_standard(interface)) {
		od_bus_refuse(
			bus, message, DBUS_ERROR_UNKNOWN_INTERFACE, "there is no such interface");
		return;
	}
	dbus_message_iter_init_append(reply, &iter);
	if (od_wire_dict_open(&iter, &dict) == 0 && (!export || put_all(export, &dict)) &&
		od_wire_dict_close(&iter, &dict) == 0)
		send_unless_unwanted(bus, message, reply);
}

bool od_bus_standard_handle(
	struct od_bus *bus, const struct od_bus_object *object, DBusMessage *message)
{
	static const struct {
		const char *member, *signature;
		void (*fn)(struct od_bus *bus, const struct od_bus_object *object,
			DBusMessage *message, DBusMessage *reply);
	} rows[] = { { "Get", "ss", get }, { "GetAll", "s", get_all } };

	for (size_t i = 0; i < OD_ELEMENTS(rows); i++) {
		od_cleanup(free_message) DBusMessage *reply = reply_to(
			message, DBUS_INTERFACE_PROPERTIES, rows[i].member, rows[i].signature);

		if (reply) {
			rows[i].fn(bus, object, message, reply);
			return true;
		}
	}
	if (dbus_message_is_method_call(message, DBUS_INTERFACE_PROPERTIES, "Set")) {
		od_bus_refuse(bus, message, DBUS_ERROR_PROPERTY_READ_ONLY,
			"properties are read only; there is a method for what may be changed");
		return true;
	}
	return introspect(bus, object, message);
}

#include "guard/answer.h"

#include <errno.h>

#include "bus/wire.h"
#include "model/criteria.h"

static int put_origin(DBusMessageIter *dict, const struct od_origin *origin)
{
	int r = od_wire_put_string(dict, "file", origin->file);

	return r == 0 && origin->file ? od_wire_put_uint32(dict, "line", origin->line) : r;
}

int od_answer_put(DBusMessageIter *dict, const struct od_decision *decision)
{
	const struct od_reason *reason = &decision->reason;
	const struct {
		const char *key, *value;
	} texts[] = {
		{ "verdict", od_verdict_to_string(decision->verdict) },
		{ "intended", od_verdict_to_string(decision->intended) },
		{ "mode", od_mode_to_string(decision->mode) },
		{ "rule", od_rule_to_string(reason->rule) },
		{ "label", reason->label },
		{ "messenger", reason->messenger },
		{ "messenger-name", reason->messenger_name },
		{ "service", reason->service },
		{ "suggest", reason->suggest },
		{ "detail", reason->detail },
	};
	int r = put_origin(dict, &reason->origin);

	for (size_t i = 0; r == 0 && i < OD_ELEMENTS(texts); i++)
		r = od_wire_put_string(dict, texts[i].key, texts[i].value);
	return r;
}

static int put_pairs(DBusMessageIter *array, const od_messages *messages)
{
	od_array_foreach (message, messages) {
		DBusMessageIter pair;

		if (!dbus_message_iter_open_container(array, DBUS_TYPE_DICT_ENTRY, NULL, &pair) ||
			od_wire_string(&pair, message->lang) < 0 ||
			od_wire_string(&pair, message->text) < 0 ||
			!dbus_message_iter_close_container(array, &pair))
			return -ENOMEM;
	}
	return 0;
}

int od_answer_put_messages(DBusMessageIter *dict, const od_messages *messages)
{
	static const char *const key = "messages";
	DBusMessageIter entry, value, array;

	if (!messages || messages->n == 0)
		return 0;
	if (!dbus_message_iter_open_container(dict, DBUS_TYPE_DICT_ENTRY, NULL, &entry) ||
		!dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING, &key) ||
		!dbus_message_iter_open_container(&entry, DBUS_TYPE_VARIANT, "a{ss}", &value) ||
		!dbus_message_iter_open_container(&value, DBUS_TYPE_ARRAY, "{ss}", &array) ||
		put_pairs(&array, messages) < 0 ||
		!dbus_message_iter_close_container(&value, &array) ||
		!dbus_message_iter_close_container(&entry, &value) ||
		!dbus_message_iter_close_container(dict, &entry))
		return -ENOMEM;
	return 0;
}

static int put_fact(DBusMessageIter *array, enum od_criterion criterion, const struct od_fact *fact)
{
	const char *const texts[] = {
		od_criterion_to_string(criterion),
		od_level_to_string(criterion, fact->level),
		od_confidence_to_string(fact->confidence),
		fact->text ? fact->text : "",
		fact->as_of ? fact->as_of : "",
		fact->source ? fact->source : "",
	};
	DBusMessageIter row;
	int r = 0;

	if (!dbus_message_iter_open_container(array, DBUS_TYPE_STRUCT, NULL, &row))
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < OD_ELEMENTS(texts); i++)
		r = od_wire_string(&row, texts[i]);
	return r == 0 && dbus_message_iter_close_container(array, &row) ? 0 : -ENOMEM;
}

int od_answer_put_facts(DBusMessageIter *dict, const struct od_messenger *messenger)
{
	static const char *const key = "facts";
	DBusMessageIter entry, value, array;
	int r = 0;

	if (!messenger)
		return 0;
	if (!dbus_message_iter_open_container(dict, DBUS_TYPE_DICT_ENTRY, NULL, &entry) ||
		!dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING, &key) ||
		!dbus_message_iter_open_container(&entry, DBUS_TYPE_VARIANT, "a(ssssss)", &value) ||
		!dbus_message_iter_open_container(&value, DBUS_TYPE_ARRAY, "(ssssss)", &array))
		return -ENOMEM;
	for (int i = 0; r == 0 && i < OD_CRITERION_MAX_; i++)
		r = put_fact(&array, (enum od_criterion) i, &messenger->facts[i]);
	if (r != 0 || !dbus_message_iter_close_container(&value, &array) ||
		!dbus_message_iter_close_container(&entry, &value) ||
		!dbus_message_iter_close_container(dict, &entry))
		return -ENOMEM;
	return 0;
}

static int put_change(DBusMessageIter *array, const struct od_whatif *whatif)
{
	DBusMessageIter row;
	const char *const texts[] = {
		od_change_to_string(whatif->change),
		od_verdict_to_string(whatif->verdict),
		whatif->detail ? whatif->detail : "",
		whatif->origin.file ? whatif->origin.file : "",
	};
	int r = 0;

	if (!dbus_message_iter_open_container(array, DBUS_TYPE_STRUCT, NULL, &row))
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < OD_ELEMENTS(texts); i++)
		r = od_wire_string(&row, texts[i]);
	if (r == 0)
		r = od_wire_uint32(&row, whatif->origin.line);
	return r == 0 && dbus_message_iter_close_container(array, &row) ? 0 : -ENOMEM;
}

int od_answer_put_changes(DBusMessageIter *dict, const od_whatifs *changes)
{
	static const char *const key = "changes";
	DBusMessageIter entry, value, array;
	int r = 0;

	if (!dbus_message_iter_open_container(dict, DBUS_TYPE_DICT_ENTRY, NULL, &entry) ||
		!dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING, &key) ||
		!dbus_message_iter_open_container(&entry, DBUS_TYPE_VARIANT, "a(ssssu)", &value) ||
		!dbus_message_iter_open_container(&value, DBUS_TYPE_ARRAY, "(ssssu)", &array))
		return -ENOMEM;
	od_array_foreach (change, changes)
		r = r ? r : put_change(&array, change);
	if (r != 0 || !dbus_message_iter_close_container(&value, &array) ||
		!dbus_message_iter_close_container(&entry, &value) ||
		!dbus_message_iter_close_container(dict, &entry))
		return -ENOMEM;
	return 0;
}

#include "facts.h"

#include <dbus/dbus.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "base/translate.h"
#include "bus/wire.h"
#include "output.h"

/* "facts": a(sssss). */
struct fact {
	const char *criterion, *level, *confidence, *text, *as_of;
};

static bool facts_open(DBusMessageIter *answer, DBusMessageIter *ret)
{
	DBusMessageIter array;

	if (!od_wire_find(answer, "facts", &array) ||
		dbus_message_iter_get_arg_type(&array) != DBUS_TYPE_ARRAY)
		return false;
	dbus_message_iter_recurse(&array, ret);
	return true;
}

static bool facts_next(DBusMessageIter *at, struct fact *ret)
{
	DBusMessageIter row;

	if (dbus_message_iter_get_arg_type(at) != DBUS_TYPE_STRUCT)
		return false;
	dbus_message_iter_recurse(at, &row);
	dbus_message_iter_next(at);
	return od_wire_read_string(&row, &ret->criterion) &&
	       od_wire_read_string(&row, &ret->level) &&
	       od_wire_read_string(&row, &ret->confidence) &&
	       od_wire_read_string(&row, &ret->text) && od_wire_read_string(&row, &ret->as_of);
}

struct json_object *od_facts_json(DBusMessageIter *answer)
{
	struct json_object *object = json_object_new_object();
	DBusMessageIter at;
	struct fact fact;

	if (!facts_open(answer, &at))
		return object;
	while (facts_next(&at, &fact)) {
		struct json_object *one = json_object_new_object();

		od_json_string(one, "level", fact.level);
		od_json_string(one, "confidence", fact.confidence);
		od_json_string(one, "text", *fact.text ? fact.text : NULL);
		od_json_string(one, "as-of", *fact.as_of ? fact.as_of : NULL);
		(void) json_object_object_add(object, fact.criterion, one);
	}
	return object;
}

/* The six points of the fact sheet (open source counts twice), as people call them. */
static const char *word(const char *name)
{
	static const struct {
		const char *name, *word;
	} words[] = {
		{ "price", N_("Price") },
		{ "e2ee", N_("End-to-end encryption") },
		{ "client", N_("Source of the application") },
		{ "server", N_("Source of the server") },
		{ "collects", N_("Data collected") },
		{ "privacy-policy", N_("Privacy policy") },
		{ "hosting", N_("Places of storage") },
		{ "free", N_("free of charge") },
		{ "freemium", N_("free of charge, more for money") },
		{ "paid", N_("paid") },
		{ "none", N_("none") },
		{ "optional", N_("on request") },
		{ "default", N_("by default") },
		{ "closed", N_("closed") },
		{ "open", N_("open") },
		{ "content", N_("contents of conversations") },
		{ "metadata", N_("metadata only") },
		{ "minimal", N_("next to nothing") },
		{ "known", N_("published") },
		{ "unknown", N_("not known") },
		{ "inadequate", N_("without adequate protection") },
		{ "mixed", N_("partly with adequate protection") },
		{ "adequate", N_("with adequate protection") },
	};

	for (size_t i = 0; i < OD_ELEMENTS(words); i++)
		if (strcmp(words[i].name, name) == 0)
			return _(words[i].word);
	return name;
}

int od_facts_rows(DBusMessageIter *answer, struct od_table *table)
{
	DBusMessageIter at;
	struct fact fact;
	int r = 0;

	if (!facts_open(answer, &at))
		return 0;
	while (r == 0 && facts_next(&at, &fact)) {
		char level[256], text[1024];

		(void) snprintf(level, sizeof(level),
			strcmp(fact.confidence, "recalled") == 0 ? _("%s (not verified)") : "%s",
			word(fact.level));
		/* what is known of a messenger in a word, and in the words of its source */
		(void) snprintf(text, sizeof(text), *fact.text ? _("%1$s: %2$s") : "%1$s", level,
			fact.text);
		r = od_table_row(table, (const char *[]){ word(fact.criterion), text });
	}
	return r;
}

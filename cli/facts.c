#include "facts.h"

#include <dbus/dbus.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "base/translate.h"
#include "bus/wire.h"
#include "model/criteria.h"
#include "output.h"

/* A row of a(ssssss); the source was added last. */
static bool row_read(DBusMessageIter *at, struct od_fact_view *ret)
{
	DBusMessageIter row;

	if (dbus_message_iter_get_arg_type(at) != DBUS_TYPE_STRUCT)
		return false;
	dbus_message_iter_recurse(at, &row);
	return od_wire_read_string(&row, &ret->criterion) &&
	       od_wire_read_string(&row, &ret->level) &&
	       od_wire_read_string(&row, &ret->confidence) &&
	       od_wire_read_string(&row, &ret->text) && od_wire_read_string(&row, &ret->as_of) &&
	       od_wire_read_string(&row, &ret->source);
}

static int add(od_fact_views *facts, const struct od_fact_view *fact)
{
	struct od_fact_view *added = od_array_add(facts);

	if (!added)
		return -ENOMEM;
	*added = *fact;
	return 0;
}

int od_facts_read(DBusMessageIter *answer, od_fact_views *ret)
{
	DBusMessageIter array, at;
	struct od_fact_view fact;
	int r = 0;

	*ret = (od_fact_views){ 0 };
	if (!od_wire_find(answer, "facts", &array) ||
		dbus_message_iter_get_arg_type(&array) != DBUS_TYPE_ARRAY)
		return 0;
	dbus_message_iter_recurse(&array, &at);
	for (; r == 0 && row_read(&at, &fact); dbus_message_iter_next(&at))
		r = add(ret, &fact);
	return r;
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

int od_facts_of(const struct od_messenger *messenger, od_fact_views *ret)
{
	int r = 0;

	*ret = (od_fact_views){ 0 };
	for (int i = 0; messenger && r == 0 && i < OD_CRITERION_MAX_; i++) {
		enum od_criterion criterion = (enum od_criterion) i;
		const struct od_fact *fact = &messenger->facts[i];

		r = add(ret,
			&(struct od_fact_view){ od_criterion_to_string(criterion),
				od_level_to_string(criterion, fact->level),
				od_confidence_to_string(fact->confidence), or_empty(fact->text),
				or_empty(fact->source), or_empty(fact->as_of) });
	}
	return r;
}

struct json_object *od_facts_json(const od_fact_views *facts)
{
	struct json_object *object = json_object_new_object();

	od_array_foreach (fact, facts) {
		struct json_object *one = json_object_new_object();

		od_json_string(one, "level", fact->level);
		od_json_string(one, "confidence", fact->confidence);
		od_json_string(one, "text", *fact->text ? fact->text : NULL);
		od_json_string(one, "source", *fact->source ? fact->source : NULL);
		od_json_string(one, "as-of", *fact->as_of ? fact->as_of : NULL);
		(void) json_object_object_add(object, fact->criterion, one);
	}
	return object;
}

/* The six points of the fact sheet (open source counts twice), as people call them. */
const char *od_facts_word(const char *name)
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

static int add_source(const struct od_fact_view *fact, struct od_table *table)
{
	char text[2048];

	if (!*fact->source)
		return 0;
	/* where a fact was read, and when */
	(void) snprintf(text, sizeof(text), *fact->as_of ? _("%1$s (%2$s)") : "%1$s", fact->source,
		fact->as_of);
	return od_table_row(table, (const char *[]){ "", text });
}

int od_facts_rows(const od_fact_views *facts, bool sources, struct od_table *table)
{
	int r = 0;

	od_array_foreach (fact, facts) {
		char level[256], text[1024];

		(void) snprintf(level, sizeof(level),
			strcmp(fact->confidence, "recalled") == 0 ? _("%s (not verified)") : "%s",
			od_facts_word(fact->level));
		/* what is known of a messenger in a word, and in the words of its source */
		(void) snprintf(text, sizeof(text), *fact->text ? _("%1$s: %2$s") : "%1$s", level,
			fact->text);
		if (r == 0)
			r = od_table_row(
				table, (const char *[]){ od_facts_word(fact->criterion), text });
		if (r == 0 && sources)
			r = add_source(fact, table);
	}
	return r;
}

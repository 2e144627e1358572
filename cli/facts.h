/* What is known of a messenger on the six points of the fact sheet, and how it is worded. */
#pragma once

#include <dbus/dbus.h>

#include "base/array.h"
#include "model/catalogue.h"

struct json_object;
struct od_table;

/* One point; texts are borrowed from the answer or the catalogue, "" where there is none. */
struct od_fact_view {
	const char *criterion, *level, *confidence, *text, *source, *as_of;
};

typedef OD_ARRAY(struct od_fact_view) od_fact_views;

/* From the answer of Policy.Explain (@answer: at the a{sv}). Return: 0 or -ENOMEM. */
int od_facts_read(DBusMessageIter *answer, od_fact_views *ret) OD_CHECK;
/* From the catalogue; NULL has none. Return: 0 or -ENOMEM. */
int od_facts_of(const struct od_messenger *messenger, od_fact_views *ret) OD_CHECK;

/* An object with a member a point; empty where nothing is said. */
struct json_object *od_facts_json(const od_fact_views *facts);
/* Adds a row of two columns a point; @sources: and one with source and date below each that has
 * them. Return: 0 or -ENOMEM. */
int od_facts_rows(const od_fact_views *facts, bool sources, struct od_table *table) OD_CHECK;
/* "End-to-end encryption", "by default": a criterion or level in the reader's language. */
const char *od_facts_word(const char *name);

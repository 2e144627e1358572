/* What is known of a messenger on the six points, from the answer of Policy.Explain. */
#pragma once

#include <dbus/dbus.h>

#include "base/cleanup.h"

struct json_object;
struct od_table;

/* @answer: at the a{sv}. An object with a member a point; empty where the guard says nothing. */
struct json_object *od_facts_json(DBusMessageIter *answer);
/* Adds a row of two columns a point. Return: 0 or -ENOMEM. */
int od_facts_rows(DBusMessageIter *answer, struct od_table *table) OD_CHECK;

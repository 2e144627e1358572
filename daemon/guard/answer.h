/* A decision as members of an a{sv}: Policy.Explain and the guard's signals word it alike. */
#pragma once

#include <dbus/dbus.h>

#include "model/catalogue.h"
#include "model/decision.h"
#include "model/whatif.h"

/* "verdict", "intended", "mode", "rule", "file", "line" and so on. Return: 0 or -ENOMEM. */
int od_answer_put(DBusMessageIter *dict, const struct od_decision *decision) OD_CHECK;
/* "messages" (a{ss}). Return: 0 or -ENOMEM. */
int od_answer_put_messages(DBusMessageIter *dict, const od_messages *messages) OD_CHECK;
/* "facts" (a(ssssss)): the six points of @messenger, NULL for none. Return: 0 or -ENOMEM. */
int od_answer_put_facts(DBusMessageIter *dict, const struct od_messenger *messenger) OD_CHECK;
/* "changes" (a(ssssu)): what would lead to another verdict. Return: 0 or -ENOMEM. */
int od_answer_put_changes(DBusMessageIter *dict, const od_whatifs *changes) OD_CHECK;

/*
 * Sentences come whole from the policy model (od_explain) and from the policy itself; here they are
 * only laid out: what happened, why, what the company says, whom to ask. A text that is absent leaves
 * no gap.
 */
#include "wording.h"

#include <stdio.h>
#include <string.h>

#include "base/translate.h"
#include "bus/wire.h"
#include "model/explain.h"

#define APPS_NAMED   5
#define MESSAGES_MAX 64

static const char *text_of(DBusMessageIter *what, const char *key)
{
	const char *text = od_wire_get_string(what, key);

	return text && *text ? text : NULL;
}

/* Adds @line on a line of its own; what does not fit is cut at a whole character. */
static void add_line(char *body, size_t size, const char *line)
{
	size_t used = strlen(body), room, length;

	if (!line || !*line || used + 2 >= size)
		return;
	if (used > 0)
		body[used++] = '\n';
	room = size - used - 1;
	length = strlen(line);
	if (length > room) {
		length = room;
		while (length > 0 && ((unsigned char) line[length] & 0xc0) == 0x80)
			length--;
	}
	memcpy(body + used, line, length);
	body[used + length] = '\0';
}

static void reason_read(DBusMessageIter *what, struct od_reason *ret)
{
	const char *rule = od_wire_get_string(what, "rule");

	*ret = (struct od_reason){
		.label = text_of(what, "label"),
		.messenger = text_of(what, "messenger"),
		.messenger_name = text_of(what, "messenger-name"),
		.service = text_of(what, "service"),
		.suggest = text_of(what, "suggest"),
		.detail = text_of(what, "detail"),
		.zone = text_of(what, "zone"),
	};
	if (!rule || !od_rule_from_string(rule, &ret->rule))
		ret->rule = OD_RULE_NONE;
}

/* The a{ss} of "messages", borrowed; the array is the caller's. */
static void messages_read(DBusMessageIter *what, od_messages *ret)
{
	DBusMessageIter dict, at, entry;

	if (!od_wire_find(what, "messages", &dict) ||
		dbus_message_iter_get_arg_type(&dict) != DBUS_TYPE_ARRAY ||
		dbus_message_iter_get_element_type(&dict) != DBUS_TYPE_DICT_ENTRY)
		return;
	dbus_message_iter_recurse(&dict, &at);
	for (size_t i = 0;
		i < MESSAGES_MAX && dbus_message_iter_get_arg_type(&at) == DBUS_TYPE_DICT_ENTRY;
		i++, dbus_message_iter_next(&at)) {
		const char *lang, *text;
		struct od_message *message;

		dbus_message_iter_recurse(&at, &entry);
		if (!od_wire_read_string(&entry, &lang) || !od_wire_read_string(&entry, &text))
			return;
		message = od_array_add(ret);
		if (!message)
			return;
		*message = (struct od_message){ (char *) lang, (char *) text };
	}
}

const char *od_wording_message(const od_messages *messages, const char *languages)
{
	const char *text = NULL;
	char lang[32];

	while (!text && *languages) {
		size_t n = strcspn(languages, ":");

		(void) snprintf(lang, sizeof(lang), "%.*s", (int) (n < 31 ? n : 31), languages);
		if (*lang)
			text = od_messages_find(messages, lang);
		languages += n + (languages[n] == ':');
	}
	if (!text)
		text = od_messages_find(messages, "en");
	return text || messages->n == 0 ? text : messages->items[0].text;
}

void od_wording_languages(char *languages, size_t size)
{
	const char *locale = setlocale(LC_MESSAGES, NULL), *list = getenv("LANGUAGE");

	if (!locale || strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0)
		(void) snprintf(languages, size, "en"); /* gettext, too, then ignores LANGUAGE */
	else
		(void) snprintf(languages, size, "%s%s%s", list ? list : "",
			list && *list ? ":" : "", locale);
}

static void alert_head(enum od_alert alert, const struct od_reason *reason, enum od_verdict verdict,
	const char *program, struct od_toast *ret)
{
	const char *name = reason->messenger_name ? reason->messenger_name
			   : program              ? program
						  : _("A messenger");

	switch (alert) {
	case OD_ALERT_BLOCKED:
		(void) snprintf(ret->summary, sizeof(ret->summary), _("%s was not started"), name);
		ret->icon = "dialog-error";
		break;
	case OD_ALERT_WARNED:
		(void) snprintf(
			ret->summary, sizeof(ret->summary), _("Think twice about %s"), name);
		ret->icon = "dialog-warning";
		break;
	case OD_ALERT_ENDING:
		(void) snprintf(
			ret->summary, sizeof(ret->summary), _("%s is about to be closed"), name);
		ret->icon = "dialog-warning";
		break;
	case OD_ALERT_SHARED:
		(void) snprintf(ret->summary, sizeof(ret->summary), "%s",
			verdict == OD_VERDICT_BLOCK ? _("This file was kept back")
						    : _("Take care with this file"));
		ret->icon = "dialog-warning";
		break;
	}
	ret->critical = verdict == OD_VERDICT_BLOCK;
}

static void alert_file(DBusMessageIter *what, const struct od_reason *reason, struct od_toast *ret)
{
	const char *name = text_of(what, "name"), *direction = text_of(what, "direction");
	const char *messenger = reason->messenger_name ? reason->messenger_name : _("A messenger");
	char line[512];

	if (!name)
		return;
	(void) snprintf(line, sizeof(line),
		/* name of a messenger, name of a file */
		direction && strcmp(direction, "receive") == 0 ? _("%1$s receives \"%2$s\".")
							       : _("%1$s opens \"%2$s\"."),
		messenger, name);
	add_line(ret->body, sizeof(ret->body), line);
}

static void alert_grace(DBusMessageIter *what, struct od_toast *ret)
{
	char line[256];
	int64_t grace_us = od_wire_get_int64(what, "grace", 0);
	unsigned seconds;

	if (grace_us <= 0)
		return;
	seconds = grace_us / 1000000 > 3600 ? 3600 : (unsigned) ((grace_us + 999999) / 1000000);
	(void) snprintf(line, sizeof(line),
		ngettext("Save your work: %u second is left.",
			"Save your work: %u seconds are left.", seconds),
		seconds);
	add_line(ret->body, sizeof(ret->body), line);
}

void od_wording_alert(
	enum od_alert alert, DBusMessageIter *what, const char *languages, struct od_toast *ret)
{
	static const char *const names[] = { "blocked", "warned", "shared", "ending" };
	enum od_verdict verdict = alert == OD_ALERT_BLOCKED || alert == OD_ALERT_ENDING
					  ? OD_VERDICT_BLOCK
					  : OD_VERDICT_WARN;
	const char *text = od_wire_get_string(what, "verdict"), *contact = text_of(what, "contact");
	od_messages messages = { 0 };
	struct od_reason reason;
	char line[512];

	memset(ret, 0, sizeof(*ret));
	if (text)
		(void) od_verdict_from_string(text, &verdict);
	reason_read(what, &reason);
	(void) snprintf(ret->key, sizeof(ret->key), "%s:%.50s:%.50s", names[alert],
		reason.messenger ? reason.messenger : "", reason.label ? reason.label : "");
	alert_head(alert, &reason, verdict, text_of(what, "program"), ret);
	if (alert == OD_ALERT_SHARED)
		alert_file(what, &reason, ret);
	if (alert == OD_ALERT_ENDING)
		alert_grace(what, ret);
	od_explain(&reason, verdict, od_translate, line, sizeof(line));
	add_line(ret->body, sizeof(ret->body), line);
	messages_read(what, &messages);
	add_line(ret->body, sizeof(ret->body), od_wording_message(&messages, languages));
	free(messages.items);
	if (contact) {
		(void) snprintf(line, sizeof(line), _("Questions: %s"), contact);
		add_line(ret->body, sizeof(ret->body), line);
	}
}

void od_wording_digest(
	unsigned count, const struct od_digest_app *apps, size_t n_apps, struct od_toast *ret)
{
	size_t used = 0, named = n_apps > APPS_NAMED + 1 ? APPS_NAMED : n_apps;
	unsigned others = 0;

	memset(ret, 0, sizeof(*ret));
	strcpy(ret->key, "digest");
	ret->icon = "appointment-soon";
	ret->stays = true;
	(void) snprintf(ret->summary, sizeof(ret->summary),
		ngettext("%u while you were off", "%u while you were off", count), count);
	for (size_t i = 0; i < named && used < sizeof(ret->body); i++)
		used += (size_t) snprintf(ret->body + used, sizeof(ret->body) - used, "%s%.100s %u",
			i ? ", " : "", apps[i].name, apps[i].count);
	for (size_t i = named; i < n_apps; i++)
		others += apps[i].count;
	if (others > 0 && used < sizeof(ret->body))
		(void) snprintf(ret->body + used, sizeof(ret->body) - used,
			ngettext(", %u other", ", %u others", others), others);
}

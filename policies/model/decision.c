#include "model/decision.h"

#include <stdlib.h>
#include <string.h>

static const char *const verdict_names[] = {
	[OD_VERDICT_ALLOW] = "allow",
	[OD_VERDICT_WARN] = "warn",
	[OD_VERDICT_ASK] = "ask",
	[OD_VERDICT_BLOCK] = "block",
};

static const char *const mode_names[] = {
	[OD_MODE_ENFORCE] = "enforce",
	[OD_MODE_WARN] = "warn",
	[OD_MODE_AUDIT] = "audit",
};

static const char *const rule_names[OD_RULE_MAX_] = {
	[OD_RULE_NONE] = "none",
	[OD_RULE_NOT_A_MESSENGER] = "not-a-messenger",
	[OD_RULE_EXEMPT] = "exempt",
	[OD_RULE_MESSENGER] = "messenger",
	[OD_RULE_BLOCKED] = "blocked",
	[OD_RULE_APPROVED] = "approved",
	[OD_RULE_REQUIRE] = "require",
	[OD_RULE_UNLISTED] = "unlisted",
	[OD_RULE_HOURS] = "hours",
	[OD_RULE_DATE] = "date",
	[OD_RULE_HOLIDAY] = "holiday",
	[OD_RULE_LEAVE] = "leave",
	[OD_RULE_ON_CALL] = "on-call",
	[OD_RULE_NO_SCHEDULE] = "no-schedule",
	[OD_RULE_LIFT] = "lift",
	[OD_RULE_REST] = "rest",
	[OD_RULE_CLOCK] = "clock",
	[OD_RULE_WORK] = "work",
	[OD_RULE_PRIVATE] = "private",
	[OD_RULE_OFF_DUTY] = "off-duty",
	[OD_RULE_BREAKTHROUGH] = "breakthrough",
	[OD_RULE_OWN] = "own",
	[OD_RULE_SHARING] = "sharing",
};

static const char *to_string(const char *const *names, size_t n, size_t value)
{
	return value < n ? names[value] : "unknown";
}

static bool from_string(const char *const *names, size_t n, const char *text, size_t *ret)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(names[i], text) == 0) {
			*ret = i;
			return true;
		}
	}
	return false;
}

const char *od_verdict_to_string(enum od_verdict verdict)
{
	return to_string(verdict_names, OD_ELEMENTS(verdict_names), (size_t) verdict);
}

bool od_verdict_from_string(const char *text, enum od_verdict *ret)
{
	size_t value;

	if (!from_string(verdict_names, OD_ELEMENTS(verdict_names), text, &value))
		return false;
	*ret = (enum od_verdict) value;
	return true;
}

const char *od_mode_to_string(enum od_mode mode)
{
	return to_string(mode_names, OD_ELEMENTS(mode_names), (size_t) mode);
}

bool od_mode_from_string(const char *text, enum od_mode *ret)
{
	size_t value;

	if (!from_string(mode_names, OD_ELEMENTS(mode_names), text, &value))
		return false;
	*ret = (enum od_mode) value;
	return true;
}

const char *od_rule_to_string(enum od_rule rule)
{
	return to_string(rule_names, OD_RULE_MAX_, (size_t) rule);
}

bool od_rule_from_string(const char *text, enum od_rule *ret)
{
	size_t value;

	if (!from_string(rule_names, OD_RULE_MAX_, text, &value))
		return false;
	*ret = (enum od_rule) value;
	return true;
}

enum od_verdict od_verdict_in_mode(enum od_verdict verdict, enum od_mode mode)
{
	switch (mode) {
	case OD_MODE_ENFORCE:
		return verdict;
	case OD_MODE_WARN:
		return verdict > OD_VERDICT_WARN ? OD_VERDICT_WARN : verdict;
	case OD_MODE_AUDIT:
		return OD_VERDICT_ALLOW;
	}
	return verdict;
}

void od_messages_done(od_messages *messages)
{
	od_array_foreach (message, messages) {
		free(message->lang);
		free(message->text);
	}
	free(messages->items);
	memset(messages, 0, sizeof(*messages));
}

static const char *find(const od_messages *messages, const char *lang, size_t length)
{
	od_array_foreach (message, messages) {
		if (strncmp(message->lang, lang, length) == 0 && message->lang[length] == '\0')
			return message->text;
	}
	return NULL;
}

/* "fr_CH.UTF-8@euro" is fr_CH for us: encoding and modifier say nothing about the words. */
const char *od_messages_find(const od_messages *messages, const char *lang)
{
	const char *text;

	if (!messages || !lang)
		return NULL;
	text = find(messages, lang, strcspn(lang, ".@"));
	return text ? text : find(messages, lang, strcspn(lang, "_.@"));
}

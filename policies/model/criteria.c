/*
 * Levels are ordered from worst to best as the fact sheet ranks them, so that one comparison
 * answers every "require". A fact nobody knows is below all of them, whatever "unknown" says.
 */
#include "model/criteria.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"

#define LEVELS_MAX 3

struct criterion_row {
	const char *name;
	const char *levels[LEVELS_MAX];
	const char *requirements[LEVELS_MAX + 1]; /* as an admin writes them; the first: any */
};

static const struct criterion_row rows[OD_CRITERION_MAX_] = {
	[OD_CRITERION_PRICE] = { "price", { "free", "freemium", "paid" },
		{ "price:*", "price:free", "price:freemium", "price:paid" } },
	[OD_CRITERION_E2EE] = { "e2ee", { "none", "optional", "default" },
		{ "e2ee:*", "e2ee:none", "e2ee:optional", "e2ee:default" } },
	[OD_CRITERION_CLIENT] = { "client", { "closed", "open" },
		{ "client:*", "client:closed", "client:open" } },
	[OD_CRITERION_SERVER] = { "server", { "closed", "open" },
		{ "server:*", "server:closed", "server:open" } },
	[OD_CRITERION_COLLECTS] = { "collects", { "content", "metadata", "minimal" },
		{ "collects:*", "collects:content", "collects:metadata", "collects:minimal" } },
	[OD_CRITERION_PRIVACY_POLICY] = { "privacy-policy", { "none", "known" },
		{ "privacy-policy:*", "privacy-policy:none", "privacy-policy:known" } },
	[OD_CRITERION_HOSTING] = { "hosting", { "inadequate", "mixed", "adequate" },
		{ "hosting:*", "hosting:inadequate", "hosting:mixed", "hosting:adequate" } },
};

/* Qualities of a name of their own; any other is CRITERION-LEVEL: "no better than that". */
static const struct {
	const char *name;
	enum od_criterion criterion;
	int level; /* what is missing */
} qualities[] = {
	{ "no-e2ee", OD_CRITERION_E2EE, 2 },
	{ "no-privacy-policy", OD_CRITERION_PRIVACY_POLICY, 1 },
};

const char *od_criterion_to_string(enum od_criterion criterion)
{
	return (unsigned) criterion < OD_CRITERION_MAX_ ? rows[criterion].name : "unknown";
}

bool od_criterion_from_string(const char *text, enum od_criterion *ret)
{
	for (int i = 0; i < OD_CRITERION_MAX_; i++) {
		if (strcmp(rows[i].name, text) == 0) {
			*ret = (enum od_criterion) i;
			return true;
		}
	}
	return false;
}

const char *od_level_to_string(enum od_criterion criterion, int level)
{
	if ((unsigned) criterion >= OD_CRITERION_MAX_ || level < 0 || level >= LEVELS_MAX ||
		!rows[criterion].levels[level])
		return "unknown";
	return rows[criterion].levels[level];
}

bool od_level_from_string(enum od_criterion criterion, const char *text, int *ret)
{
	if ((unsigned) criterion >= OD_CRITERION_MAX_)
		return false;
	if (strcmp(text, "unknown") == 0) {
		*ret = -1;
		return true;
	}
	for (int i = 0; i < LEVELS_MAX && rows[criterion].levels[i]; i++) {
		if (strcmp(rows[criterion].levels[i], text) == 0) {
			*ret = i;
			return true;
		}
	}
	return false;
}

const char *od_confidence_to_string(enum od_confidence confidence)
{
	switch (confidence) {
	case OD_CONFIDENCE_UNKNOWN:
		return "unknown";
	case OD_CONFIDENCE_RECALLED:
		return "recalled";
	case OD_CONFIDENCE_VERIFIED:
		return "verified";
	}
	return "unknown";
}

bool od_confidence_from_string(const char *text, enum od_confidence *ret)
{
	for (int i = OD_CONFIDENCE_UNKNOWN; i <= OD_CONFIDENCE_VERIFIED; i++) {
		if (strcmp(od_confidence_to_string((enum od_confidence) i), text) == 0) {
			*ret = (enum od_confidence) i;
			return true;
		}
	}
	return false;
}

const char *od_requirement_to_string(const struct od_requirement *requirement)
{
	const char *text = NULL;

	if ((unsigned) requirement->criterion < OD_CRITERION_MAX_ && requirement->level >= -1 &&
		requirement->level < LEVELS_MAX)
		text = rows[requirement->criterion].requirements[requirement->level + 1];
	return text ? text : "unknown";
}

int od_requirement_parse(const char *text, struct od_requirement *ret)
{
	const char *colon = strchr(text, ':');
	enum od_criterion criterion;
	char name[32];
	int level = -1;

	if (!colon || colon == text || colon[1] == '\0')
		return OD_E_SYNTAX;
	if ((size_t) snprintf(name, sizeof(name), "%.*s", (int) (colon - text), text) >=
			sizeof(name) ||
		!od_criterion_from_string(name, &criterion))
		return OD_E_UNKNOWN;
	if (strcmp(colon + 1, "*") != 0 &&
		(!od_level_from_string(criterion, colon + 1, &level) || level < 0))
		return OD_E_UNKNOWN;
	ret->criterion = criterion;
	ret->level = level;
	return 0;
}

bool od_requirement_met(const struct od_requirement *requirement,
	const struct od_messenger *messenger, enum od_unknown unknown)
{
	const struct od_fact *fact = &messenger->facts[requirement->criterion];

	if (fact->level < 0 || fact->confidence == OD_CONFIDENCE_UNKNOWN)
		return unknown == OD_UNKNOWN_PASS;
	if (fact->confidence == OD_CONFIDENCE_RECALLED && unknown == OD_UNKNOWN_FAIL)
		return false;
	return fact->level >= requirement->level;
}

/* "hosting-mixed" is what fails "hosting:adequate". */
static bool quality_parse(const char *quality, struct od_requirement *ret)
{
	for (size_t i = 0; i < OD_ELEMENTS(qualities); i++) {
		if (strcmp(qualities[i].name, quality) == 0) {
			ret->criterion = qualities[i].criterion;
			ret->level = qualities[i].level;
			return true;
		}
	}
	for (int i = 0; i < OD_CRITERION_MAX_; i++) {
		size_t length = strlen(rows[i].name);
		int level;

		if (strncmp(rows[i].name, quality, length) != 0 || quality[length] != '-' ||
			!od_level_from_string(
				(enum od_criterion) i, quality + length + 1, &level) ||
			level < 0 || level + 1 == LEVELS_MAX || !rows[i].levels[level + 1])
			continue;
		ret->criterion = (enum od_criterion) i;
		ret->level = level + 1;
		return true;
	}
	return false;
}

bool od_quality_known(const char *quality)
{
	struct od_requirement requirement;

	return quality_parse(quality, &requirement);
}

bool od_quality_holds(
	const char *quality, const struct od_messenger *messenger, enum od_unknown unknown)
{
	struct od_requirement requirement;

	return quality_parse(quality, &requirement) &&
	       !od_requirement_met(&requirement, messenger, unknown);
}

/*
 * The six points of the fact sheet as ordered levels.
 *
 * Source: "Messagerie instantanée - principaux risques et conseils pour les éviter" (the fact
 * sheet this project exists for), section "Les 6 points clés".
 */
#pragma once

#include "model/catalogue.h"

/* require = criterion:level. "price:*" is met by any known price. */
struct od_requirement {
	enum od_criterion criterion;
	int level; /* at least this one; -1: any, as long as it is known */
	struct od_origin origin;
};

const char *od_criterion_to_string(enum od_criterion criterion);
bool od_criterion_from_string(const char *text, enum od_criterion *ret);
/* Name of a level of that criterion ("default" for e2ee 2); "unknown" for -1. Never NULL. */
const char *od_level_to_string(enum od_criterion criterion, int level);
/* The reverse; also "unknown" (-1). False leaves *@ret untouched. */
bool od_level_from_string(enum od_criterion criterion, const char *text, int *ret);
const char *od_confidence_to_string(enum od_confidence confidence);
bool od_confidence_from_string(const char *text, enum od_confidence *ret);

/* "e2ee:default", "price:*"; static, never NULL. */
const char *od_requirement_to_string(const struct od_requirement *requirement);
/* Parse "e2ee:default". Return: 0, OD_E_SYNTAX (no colon), OD_E_UNKNOWN (criterion or level). */
int od_requirement_parse(const char *text, struct od_requirement *ret) OD_CHECK;

enum od_unknown { OD_UNKNOWN_FAIL, OD_UNKNOWN_PASS };

/* Whether @messenger meets @requirement. A fact that is unknown or only recalled does so only where
 * @unknown says pass. */
bool od_requirement_met(const struct od_requirement *requirement,
	const struct od_messenger *messenger, enum od_unknown unknown);

/*
 * quality:no-e2ee (not by default), quality:no-privacy-policy, or CRITERION-LEVEL ("client-closed",
 * "hosting-mixed"): no better than that, so the point is *not* met. A fact nobody knows, or only
 * recalled, holds where @unknown says fail. False for an unknown name; od_quality_known() tells the
 * two apart.
 */
bool od_quality_known(const char *quality);
bool od_quality_holds(
	const char *quality, const struct od_messenger *messenger, enum od_unknown unknown);

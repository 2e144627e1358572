/*
 * Which countries protect personal data well enough, by whose word, and what that makes of the
 * places a messenger keeps its data in.
 *
 * A country is ISO 3166-1 alpha-2 ("FR"). "EU" and "EEA" stand for any of their members, and
 * "elsewhere" for places nobody names: adequate only where a list says that very word.
 */
#pragma once

#include "base/array.h"
#include "model/origin.h"

/* One file of catalogue.d with [adequacy]: a list of countries. */
struct od_adequacy {
	char *id;        /* "adequacy-eu": the file's name without .ini */
	char *authority; /* who says so, and by which law */
	char *source;    /* where it was read; NULL: nowhere */
	char *as_of;     /* YYYY-MM-DD; NULL: unknown */
	od_strings countries;
	struct od_origin origin;
};

typedef OD_ARRAY(struct od_adequacy) od_adequacies;

void od_adequacy_done(struct od_adequacy *adequacy);

/* "FR", "EU", "EEA"; with @places also "elsewhere". */
bool od_adequacy_place_known(const char *text, bool places);
/* The word somebody may have meant ("GB" for "UK"), or NULL; static. */
const char *od_adequacy_place_meant(const char *text, bool places);

/* The first list that names @country; NULL: none does. */
const struct od_adequacy *od_adequacy_of(const od_adequacies *lists, const char *country);

/* Level of OD_CRITERION_HOSTING for data kept in these places: adequate (all are), mixed (some),
 * inadequate (none); -1 without any place. */
int od_adequacy_level(const od_adequacies *lists, const od_strings *places);

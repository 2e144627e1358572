/* A line each: requirement, quality, place, pattern. What is understood can be written back. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/blast_radius.h"
#include "model/criteria.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_requirement(const char *text)
{
	struct od_messenger messenger;
	struct od_requirement one = { 0 }, again = { 0 };

	if (od_requirement_parse(text, &one) != 0)
		return;
	if (strcmp(od_requirement_to_string(&one), text) != 0 ||
		od_requirement_parse(od_requirement_to_string(&one), &again) != 0 ||
		again.criterion != one.criterion || again.level != one.level)
		abort();
	od_messenger_init(&messenger);
	if (od_requirement_met(&one, &messenger, OD_UNKNOWN_FAIL) ||
		!od_requirement_met(&one, &messenger, OD_UNKNOWN_PASS))
		abort(); /* nothing is known of an empty messenger */
}

static void check_quality(const char *text)
{
	struct od_messenger messenger;

	od_messenger_init(&messenger);
	if (od_quality_holds(text, &messenger, OD_UNKNOWN_FAIL) != od_quality_known(text) ||
		od_quality_holds(text, &messenger, OD_UNKNOWN_PASS))
		abort();
}

static void check_place(const char *text)
{
	const od_adequacies none = { 0 };
	const char *meant = od_adequacy_place_meant(text, true);

	if (od_adequacy_place_known(text, false) && !od_adequacy_place_known(text, true))
		abort();
	if (meant && !od_adequacy_place_known(meant, true))
		abort();
	if (od_adequacy_of(&none, text))
		abort();
}

/* A star before or behind takes no less. */
static void check_pattern(const char *text)
{
	for (int kind = OD_BLAST_EXECUTABLE; kind <= OD_BLAST_ORIGIN; kind++)
		(void) od_blast_radius((enum od_blast_kind) kind, text);
	if (strcmp(text, "*") == 0 && !od_blast_radius(OD_BLAST_EXECUTABLE, text))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const checks[])(const char *text) = { check_requirement, check_quality,
		check_place, check_pattern };
	char *text = strndup((const char *) data, size), *at = text;

	for (size_t i = 0; at && i < OD_ELEMENTS(checks); i++) {
		char *line = strsep(&at, "\n");

		checks[i](line);
	}
	free(text);
	return 0;
}

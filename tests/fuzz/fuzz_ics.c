/* A feed from memory; what comes out must be a list that can be read again. */
#include <stdlib.h>
#include <string.h>

#include "calendar/ics.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int load(const char *name, void *userdata, struct od_zone **ret)
{
	(void) userdata;
	if (strcmp(name, "UTC") != 0 && strcmp(name, "Europe/Paris") != 0)
		return -1;
	*ret = od_zone_utc();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct od_ics_options options = {
		.load_zone = load, .from_us = 1767225600000000, .until_us = 1830297600000000
	};
	od_cleanup(od_leave_freep) struct od_leave *leave = NULL, *again = NULL;
	od_cleanup(od_freep) char *text = NULL;
	struct od_ics_error error = { 0 };
	unsigned line;
	int r;

	if (size > 65536)
		return 0;
	r = od_ics_convert((const char *) data, size, &options, &leave, &error);
	if (r > 0 && (error.line == 0 || !error.text))
		__builtin_trap();
	if (r == 0 && od_leave_format(leave, &text) == 0 &&
		od_leave_parse(text, strlen(text), &again, &line) != 0)
		__builtin_trap();
	return 0;
}

/* A plain list of instants, asked, written and read again. */
#include <stdlib.h>
#include <string.h>

#include "model/leave.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	od_cleanup(od_leave_freep) struct od_leave *leave = NULL, *again = NULL;
	od_cleanup(od_freep) char *text = NULL;
	int64_t at = 0, change;
	unsigned line;

	if (od_leave_parse((const char *) data, size, &leave, &line) != 0)
		return 0;
	for (unsigned i = 0; i < 50; i++) {
		bool away = od_leave_at(leave, od_zone_utc(), at, &change);
		int64_t next;

		if (change <= at)
			__builtin_trap();
		if (change == OD_NEVER)
			break;
		if (od_leave_at(leave, od_zone_utc(), change, &next) == away)
			__builtin_trap();
		at = change;
	}
	if (od_leave_format(leave, &text) == 0 &&
		od_leave_parse(text, strlen(text), &again, &line) != 0)
		__builtin_trap();
	return 0;
}

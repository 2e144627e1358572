/* "key = value" lines into a calendar, then two years of days. */
#include <stdlib.h>
#include <string.h>

#include "model/holidays.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	od_cleanup(od_calendar_freep) struct od_calendar *calendar = od_calendar_new("f", "fuzz");
	od_cleanup(od_freep) char *text = size < 2048 ? malloc(size + 1) : NULL;
	char *rest = text, *line;
	struct od_holiday holiday;

	if (!text || !calendar)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	while ((line = strsep(&rest, "\n")) != NULL) {
		char *equals = strstr(line, " = ");
		const char *expected = NULL;

		if (!equals)
			continue;
		*equals = '\0';
		if (od_calendar_add(
			    calendar, line, equals + 3, (struct od_origin){ 0 }, &expected) > 0 &&
			!expected)
			__builtin_trap();
	}
	for (int32_t day = 20088; day < 20088 + 731; day++)
		if (od_calendar_day(calendar, day, &holiday) && (!holiday.id || !holiday.name))
			__builtin_trap();
	(void) od_calendar_day(calendar, INT32_MIN + 20, &holiday);
	(void) od_calendar_day(calendar, INT32_MAX - 20, &holiday);
	return 0;
}

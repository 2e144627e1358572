/* "key = value" lines into a schedule, then state and next change at some instants. */
#include <stdlib.h>
#include <string.h>

#include "model/schedule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add_line(struct od_schedule *schedule, char *line)
{
	char *equals = strstr(line, " = ");
	struct od_origin origin = { "fuzz", 1 };
	const char *expected = "";
	int r;

	if (!equals)
		return;
	*equals = '\0';
	if (strcmp(line, "cycle") == 0)
		r = od_schedule_set_cycle(schedule, equals + 3, origin, &expected);
	else if (strcmp(line, "holidays-worked") == 0)
		r = od_schedule_add_worked(schedule, equals + 3);
	else
		r = od_schedule_add(schedule, line, equals + 3, origin, &expected);
	if (r > 0 && !expected)
		__builtin_trap();
}

static void ignore(struct od_origin origin, bool fault, const char *text, void *userdata)
{
	(void) origin;
	(void) fault;
	(void) text;
	(void) userdata;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int64_t instants[] = { 1774746000000000, 1761350400000000, 1582934400000000 };
	od_cleanup(od_schedule_freep) struct od_schedule *schedule = NULL;
	od_cleanup(od_freep) char *text = size < 4096 ? malloc(size + 1) : NULL;
	char *rest = text, *line;

	schedule = od_schedule_new("fuzz", (struct od_origin){ 0 });
	if (!text || !schedule)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	while ((line = strsep(&rest, "\n")) != NULL)
		add_line(schedule, line);
	od_schedule_check(schedule, ignore, NULL);
	for (size_t i = 0; i < OD_ELEMENTS(instants); i++) {
		struct od_span now, then;

		od_schedule_at(schedule, NULL, NULL, instants[i], &now);
		if (now.until_us <= instants[i])
			__builtin_trap();
		if (now.until_us == OD_NEVER)
			continue;
		od_schedule_at(schedule, NULL, NULL, now.until_us, &then);
		if (then.on == now.on)
			__builtin_trap();
	}
	return 0;
}

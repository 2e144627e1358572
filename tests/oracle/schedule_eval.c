/*
 * Schedules from stdin, answers on stdout: what the oracle compares with.
 *
 *     key = value        a line of [schedule test]; also "holiday = DATE" and
 *                        "leave = FROM UNTIL[ floating]" as in the plain list
 *     ? SECONDS          asks; the answer is "on|off SECONDS|never"
 *     --                 forgets everything: the next schedule
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/scan.h"
#include "model/schedule.h"

struct world {
	struct od_schedule *schedule;
	struct od_calendar *calendar;
	struct od_zone *zone;
	struct od_leave *leave;
	char *list; /* text of @leave */
	size_t list_size;
	int64_t before_us, after_us;
};

static void die(const char *what, const char *text)
{
	fprintf(stderr, "schedule_eval: %s: %s\n", what, text);
	exit(2);
}

static void world_done(struct world *world)
{
	od_schedule_free(world->schedule);
	od_calendar_free(world->calendar);
	od_zone_unref(world->zone);
	od_leave_free(world->leave);
	free(world->list);
	*world = (struct world){ 0 };
}

static void world_init(struct world *world)
{
	world->schedule = od_schedule_new("test", (struct od_origin){ 0 });
	world->calendar = od_calendar_new("test", "test");
	world->list = strdup("offduty-instants 1\n");
	if (!world->schedule || !world->calendar || !world->list ||
		od_schedule_add_calendar(world->schedule, world->calendar) != 0)
		die("memory", "none left");
	world->list_size = strlen(world->list);
}

static int set_zone(struct world *world, const char *name)
{
	static char bytes[1 << 20];
	char path[256];
	FILE *file;
	size_t size;
	int r;

	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);
	file = fopen(path, "rb");
	if (!file)
		return -1;
	size = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	r = od_zone_parse(name, bytes, size, &world->zone);
	od_schedule_set_zone(world->schedule, world->zone);
	return r;
}

static int add_leave(struct world *world, const char *span)
{
	size_t size = strlen(span) + 2;
	char *grown = realloc(world->list, world->list_size + size);

	if (!grown)
		return -1;
	world->list = grown;
	snprintf(grown + world->list_size, size, "%s\n", span);
	world->list_size += size - 1;
	return 0;
}

static void set(struct world *world, const char *key, const char *value)
{
	struct od_origin origin = { "test", 1 };
	const char *expected = "", *p = value;
	char extra[32];
	int r;

	if (strcmp(key, "timezone") == 0) {
		r = set_zone(world, value);
	} else if (strcmp(key, "cycle") == 0) {
		r = od_schedule_set_cycle(world->schedule, value, origin, &expected);
	} else if (strcmp(key, "before") == 0) {
		r = od_scan_duration(&p, &world->before_us);
	} else if (strcmp(key, "after") == 0) {
		r = od_scan_duration(&p, &world->after_us);
	} else if (strcmp(key, "holidays-worked") == 0) {
		r = od_schedule_add_worked(world->schedule, value);
	} else if (strcmp(key, "holiday") == 0) {
		snprintf(extra, sizeof(extra), "extra %s", value);
		r = od_calendar_add(world->calendar, extra, "Day", origin, &expected);
	} else if (strcmp(key, "leave") == 0) {
		r = add_leave(world, value);
	} else {
		r = od_schedule_add(world->schedule, key, value, origin, &expected);
	}
	if (r != 0)
		die(key, expected);
}

static void answer(struct world *world, const char *text)
{
	int64_t at = strtoll(text, NULL, 10) * OD_USEC_PER_SEC;
	struct od_span span;
	unsigned line = 0;

	if (!world->leave &&
		od_leave_parse(world->list, world->list_size, &world->leave, &line) != 0)
		die("leave", world->list);
	od_schedule_set_grace(world->schedule, world->before_us, world->after_us);
	od_schedule_at(world->schedule, NULL, world->leave, at, &span);
	if (span.until_us == OD_NEVER)
		printf("%s never\n", span.on ? "on" : "off");
	else
		printf("%s %lld\n", span.on ? "on" : "off",
			(long long) (span.until_us / OD_USEC_PER_SEC));
}

int main(void)
{
	struct world world = { 0 };
	char line[512];

	world_init(&world);
	while (fgets(line, sizeof(line), stdin)) {
		char *equals = strstr(line, " = ");

		line[strcspn(line, "\n")] = '\0';
		if (strcmp(line, "--") == 0) {
			fflush(stdout);
			world_done(&world);
			world_init(&world);
		} else if (line[0] == '?') {
			answer(&world, line + 1);
		} else if (equals) {
			*equals = '\0';
			set(&world, line, equals + 3);
		} else {
			die("line", line);
		}
	}
	world_done(&world);
	return 0;
}

/*
 * Time zones by name, from the bytes of the host's zoneinfo.
 *
 * Read once a policy and kept in it, so that a daemon's zones change only with a reload.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/nearest.h"
#include "ini/sections.h"

#define ZONE_BYTES_MAX ((size_t) 256 * 1024) /* the largest of tzdata has some 4 KB */

static bool name_ok(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_+-/";

	return *name && strlen(name) <= OD_NEAREST_MAX && name[strspn(name, letters)] == '\0' &&
	       name[0] != '/' && !strstr(name, "//") && name[strlen(name) - 1] != '/';
}

static int read_zone_file(const char *path, char **ret, size_t *ret_size)
{
	od_cleanup(od_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	od_cleanup(od_freep) char *bytes = NULL;
	size_t size = 0;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -ENOENT; /* a folder of zones is no zone */
	bytes = malloc(ZONE_BYTES_MAX);
	if (!bytes)
		return -ENOMEM;
	while (size < ZONE_BYTES_MAX) {
		ssize_t n = read(fd, bytes + size, ZONE_BYTES_MAX - size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		size += (size_t) n;
	}
	*ret = od_take(&bytes);
	*ret_size = size;
	return 0;
}

static int load_zone(const char *name, const char *path, struct od_zone **ret)
{
	od_cleanup(od_freep) char *bytes = NULL;
	size_t size = 0;
	int r = read_zone_file(path, &bytes, &size);

	return r < 0 ? r : od_zone_parse(name, bytes, size, ret);
}

/* zone.tab names every zone that has a country: country, coordinates, zone, remarks. */
static void suggest_zone(const struct od_value *value)
{
	struct od_nearest nearest = { .wanted = value->text };
	od_cleanup(od_freep) char *path = NULL;
	od_strings names = { 0 };
	char line[256];
	FILE *table = NULL;

	if (asprintf(&path, "%s/zone.tab", value->build->paths->zoneinfo) < 0)
		path = NULL;
	if (path)
		table = fopen(path, "re");
	while (table && fgets(line, sizeof(line), table)) {
		char *save = NULL, *field = line[0] == '#' ? NULL : strtok_r(line, "\t\n", &save);

		for (int i = 0; field && i < 2; i++)
			field = strtok_r(NULL, "\t\n", &save);
		if (field && od_strings_add(&names, field, (size_t) -1) < 0)
			break; /* only a hint */
	}
	if (table)
		fclose(table);
	od_nearest_offer(&nearest, "UTC");
	od_array_foreach (name, &names)
		od_nearest_offer(&nearest, *name);
	od_problem_suggest(value->build->problems, nearest.best);
	od_strings_done(&names);
}

static int add_zone(const struct od_value *value, struct od_zone **ret)
{
	od_cleanup(od_zone_unrefp) struct od_zone *zone = NULL;
	od_cleanup(od_freep) char *path = NULL;
	struct od_zone **slot;
	int r;

	if (asprintf(&path, "%s/%s", value->build->paths->zoneinfo, value->text) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	r = load_zone(value->text, path, &zone);
	if (r == -ENOMEM)
		return r;
	if (r != 0) {
		od_value_fault(value, 0, "unknown-zone",
			r > 0 ? N_("this host's data of the time zone \"%s\" cannot be read")
			      : N_("this host knows no time zone \"%s\""),
			value->text);
		if (r < 0)
			suggest_zone(value);
		return 0;
	}
	slot = od_array_add(&value->build->policy->zones);
	if (!slot)
		return -ENOMEM;
	*ret = *slot = od_take(&zone);
	return 0;
}

int od_zones_find(const struct od_value *value, struct od_zone **ret)
{
	if (!name_ok(value->text)) {
		od_value_fault(value, 0, "unknown-zone",
			N_("\"%s\" is no time zone; write for instance Europe/Monaco, or local"),
			value->text);
		return 0;
	}
	if (!value->build->paths)
		return 0;
	od_array_foreach (zone, &value->build->policy->zones)
		if (strcmp(od_zone_name(*zone), value->text) == 0) {
			*ret = *zone;
			return 0;
		}
	return add_zone(value, ret);
}

int od_ini_local_zone(const char *localtime_path, struct od_zone **ret)
{
	int r = load_zone("local", localtime_path, ret);

	if (r == -ENOENT) {
		struct od_zone *utc = od_zone_utc();

		if (!utc)
			return -ENOMEM;
		*ret = utc;
		return 0;
	}
	return r > 0 ? -EINVAL : r;
}

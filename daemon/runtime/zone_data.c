/*
 * Watches the folder of /etc/localtime and the top of the tz database (every update of tzdata writes
 * there: tzdata.zi, zone.tab, leapseconds). Much else happens in /etc; so what was seen last is kept
 * as a mark of the files, and nobody is woken for anything else.
 */
#include "zone_data.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "watch.h"

#define SETTLE_US 300000

struct mark {
	char target[PATH_MAX]; /* of /etc/localtime */
	struct timespec localtime, folder, list;
	ino_t ino;
	off_t size;
};

struct od_zone_data {
	struct od_watch *watch;
	char *folder, *localtime, *database;
	struct mark mark;
	void (*fn)(void *userdata);
	void *userdata;
};

static void take_mark(const struct od_zone_data *data, struct mark *ret)
{
	char path[PATH_MAX];
	struct stat st;

	memset(ret, 0, sizeof(*ret));
	if (!realpath(data->localtime, ret->target))
		ret->target[0] = '\0';
	if (stat(data->localtime, &st) == 0) {
		ret->localtime = st.st_mtim;
		ret->ino = st.st_ino;
		ret->size = st.st_size;
	}
	if (stat(data->database, &st) == 0)
		ret->folder = st.st_mtim;
	(void) snprintf(path, sizeof(path), "%s/tzdata.zi", data->database);
	if (stat(path, &st) == 0)
		ret->list = st.st_mtim;
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static void on_change(void *userdata)
{
	struct od_zone_data *data = userdata;
	struct mark mark;

	take_mark(data, &mark);
	if (strcmp(mark.target, data->mark.target) == 0 && mark.ino == data->mark.ino &&
		mark.size == data->mark.size && same_time(&mark.localtime, &data->mark.localtime) &&
		same_time(&mark.folder, &data->mark.folder) &&
		same_time(&mark.list, &data->mark.list))
		return;
	data->mark = mark;
	data->fn(data->userdata);
}

/* @path below @root where it exists there, else as it is; NULL without memory. */
static char *place(const char *root, const char *path)
{
	char *below = NULL;

	if (!root || !*root)
		return strdup(path);
	if (asprintf(&below, "%s%s", root, path) < 0)
		return NULL;
	if (access(below, F_OK) == 0)
		return below;
	free(below);
	return strdup(path);
}

int od_zone_data_new(struct sd_event *event, const char *root, void (*fn)(void *userdata),
	void *userdata, struct od_zone_data **ret)
{
	od_cleanup(od_zone_data_freep) struct od_zone_data *data = calloc(1, sizeof(*data));
	const char *paths[3] = { NULL };
	int r;

	if (!data)
		return -ENOMEM;
	data->fn = fn;
	data->userdata = userdata;
	data->localtime = place(root, "/etc/localtime");
	data->database = place(root, "/usr/share/zoneinfo");
	data->folder = data->localtime ? strdup(data->localtime) : NULL;
	if (!data->folder || !data->database)
		return -ENOMEM;
	*strrchr(data->folder, '/') = '\0';
	paths[0] = data->folder;
	paths[1] = data->database;
	r = od_watch_new(event, paths, SETTLE_US, on_change, data, &data->watch);
	if (r != 0)
		return r;
	take_mark(data, &data->mark); /* after the watch: what comes now is seen */
	*ret = od_take(&data);
	return 0;
}

void od_zone_data_free(struct od_zone_data *data)
{
	if (!data)
		return;
	od_watch_free(data->watch);
	free(data->folder);
	free(data->localtime);
	free(data->database);
	free(data);
}

const char *od_zone_data_localtime(const struct od_zone_data *data)
{
	return data->localtime;
}

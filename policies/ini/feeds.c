/* The lists of offduty-calendar are small files, put in place whole; they are read whole, bounded. */
#include "ini/feeds.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"

/* All of @fd, less than @size bytes. */
static int read_all(int fd, char *text, size_t size, size_t *ret)
{
	size_t n = 0;

	while (n < size) {
		ssize_t got = read(fd, text + n, size - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		n += (size_t) got;
		if (got == 0) {
			*ret = n;
			return 0;
		}
	}
	return OD_E_LIMIT;
}

int od_feed_load(const char *path, struct od_leave **ret, int64_t *ret_made_us)
{
	od_cleanup(od_closep) int fd =
		open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	od_cleanup(od_freep) char *text = NULL;
	struct stat st;
	unsigned line;
	size_t size = 0;
	int r;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? OD_E_NOT_FOUND : -errno;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || (uint64_t) st.st_size >= OD_FEED_MAX)
		return OD_E_LIMIT;
	text = malloc(OD_FEED_MAX);
	r = text ? read_all(fd, text, OD_FEED_MAX, &size) : -ENOMEM;
	if (r == 0)
		r = od_leave_parse(text, size, ret, &line);
	if (r == 0)
		*ret_made_us =
			(int64_t) st.st_mtim.tv_sec * OD_USEC_PER_SEC + st.st_mtim.tv_nsec / 1000;
	return r;
}

bool od_feed_name(const char *feed, char name[OD_FEED_NAME])
{
	const char *slash = strrchr(feed, '/'), *start = slash ? slash + 1 : feed;
	size_t n = strlen(start);

	if (n < 5 || strcmp(start + n - 4, ".ics") != 0 || n - 4 >= OD_FEED_NAME ||
		start[0] == '.' || strchr(start, '%'))
		return false;
	memcpy(name, start, n - 4);
	name[n - 4] = '\0';
	return true;
}

static bool wants_leave(const struct od_policy *policy, const struct od_person *person)
{
	od_array_foreach (schedule, &policy->schedules)
		if (schedule->leave && *schedule->leave &&
			od_who_rank(&schedule->who, person) != OD_RANK_NONE)
			return true;
	return false;
}

/* A user name that is no name of a file has no list. */
static bool plain(const char *name)
{
	return name && *name && *name != '.' && !strchr(name, '/');
}

static int load_leave(const char *folder, const char *name, struct od_feeds *feeds)
{
	char path[PATH_MAX];
	int r;

	if (!plain(name) ||
		snprintf(path, sizeof(path), "%s/leave/%s", folder, name) >= (int) sizeof(path))
		return 0;
	r = od_feed_load(path, &feeds->leave, &feeds->leave_made_us);
	return r == OD_E_NOT_FOUND ? 0 : r;
}

static int load_turns(const char *folder, const char *feed, struct od_feeds *feeds)
{
	od_cleanup(od_leave_freep) struct od_leave *list = NULL;
	od_cleanup(od_freep) char *copy = NULL;
	char path[PATH_MAX], name[OD_FEED_NAME];
	struct od_turns *slot;
	int64_t made = 0;
	int r;

	od_array_foreach (turns, &feeds->turns)
		if (strcmp(turns->feed, feed) == 0)
			return 0;
	if (!od_feed_name(feed, name) ||
		snprintf(path, sizeof(path), "%s/on-call/%s", folder, name) >= (int) sizeof(path))
		return 0;
	r = od_feed_load(path, &list, &made);
	if (r != 0)
		return r == OD_E_NOT_FOUND ? 0 : r;
	copy = strdup(feed);
	slot = copy ? od_array_add(&feeds->turns) : NULL;
	if (!slot)
		return -ENOMEM;
	*slot = (struct od_turns){ od_take(&copy), od_take(&list) };
	if (feeds->on_call_made_us == 0 || made < feeds->on_call_made_us)
		feeds->on_call_made_us = made;
	return 0;
}

int od_feeds_load(const struct od_policy *policy, const struct od_person *person,
	const char *folder, struct od_feeds *ret)
{
	int result = 0, r;

	*ret = (struct od_feeds){ 0 };
	if (wants_leave(policy, person))
		result = load_leave(folder, person->name, ret);
	od_array_foreach (entry, &policy->on_calls) {
		if (!entry->feed || !*entry->feed ||
			od_who_rank(&entry->who, person) == OD_RANK_NONE)
			continue;
		r = load_turns(folder, entry->feed, ret);
		result = result ? result : r;
	}
	return result;
}

void od_feeds_done(struct od_feeds *feeds)
{
	od_array_foreach (turns, &feeds->turns) {
		free((char *) turns->feed);
		od_leave_free((struct od_leave *) turns->list);
	}
	free(feeds->turns.items);
	od_leave_free(feeds->leave);
	*feeds = (struct od_feeds){ 0 };
}

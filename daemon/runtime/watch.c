/*
 * Folders watched with inotify, whole chains of them.
 *
 * For /etc/offduty/policy.d three things are of interest: what happens in it, whether "policy.d" in
 * /etc/offduty is replaced, and whether "offduty" in /etc is; and where one of them is a link, the same
 * for the folders it leads through. So each path is walked from the root, every folder on the way is
 * watched for the one name that matters in it, and the walk ends at the folder itself or at the last
 * part that exists. A folder is watched before its next part is looked up: what is made in between is
 * seen as an event.
 *
 * When a name on the way changes, a new inotify instance is built by a new walk and replaces the old
 * one. Events of the old one are lost, and nothing with them: the change is reported anyway.
 *
 * Limits: not recursive; a link inside a folder is watched as a name, not as what it leads to; a folder
 * we may not read is not watched (neither could its files be listed); a mount over a folder on the way
 * is not noticed.
 */
#include "watch.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <systemd/sd-event.h>
#include <time.h>

#include "base/array.h"

#define LINKS_MAX  40
#define ON_THE_WAY (IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR | IN_MASK_ADD)
#define INSIDE     (ON_THE_WAY | IN_CLOSE_WRITE | IN_ATTRIB)
#define ITSELF     (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT)

/* What counts in one watched folder. */
struct interest {
	int wd;
	char *name; /* NULL: everything, this is one of the folders asked for */
};

typedef OD_ARRAY(struct interest) interests;

struct od_watch {
	sd_event *event;
	od_strings paths;
	int fd;
	sd_event_source *source;
	interests interests;
	int64_t settle_us;
	sd_event_source *settle;
	bool stale; /* a new walk is due, the last one failed */
	void (*fn)(void *userdata);
	void *userdata;
};

static void interests_done(interests *all)
{
	od_array_foreach (interest, all)
		free(interest->name);
	free(all->items);
	memset(all, 0, sizeof(*all));
}

static int interest_add(interests *all, int fd, const char *folder, const char *name)
{
	struct interest *interest;
	char *copy = NULL;
	int wd = inotify_add_watch(fd, folder, (name ? ON_THE_WAY : INSIDE) | ITSELF);

	if (wd < 0) /* gone again, or not ours to read: the folders above it are watched */
		return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? 0 : -errno;
	if (name) {
		copy = strdup(name);
		if (!copy)
			return -ENOMEM;
	}
	interest = od_array_add(all);
	if (!interest) {
		free(copy);
		return -ENOMEM;
	}
	*interest = (struct interest){ .wd = wd, .name = copy };
	return 0;
}

/* The walk: @at is a real folder, @rest what is still to be walked from it. */
struct walk {
	char at[PATH_MAX], rest[PATH_MAX];
	unsigned links;
};

/* Cut the first part off @rest. False: nothing left. */
static bool next_part(struct walk *walk, char *part)
{
	char *start = walk->rest + strspn(walk->rest, "/");
	size_t length = strcspn(start, "/");

	if (length == 0 || length > NAME_MAX)
		return false;
	memcpy(part, start, length);
	part[length] = '\0';
	memmove(walk->rest, start + length, strlen(start + length) + 1);
	return true;
}

static void leave(char *at)
{
	char *slash = strrchr(at, '/');

	slash[slash == at] = '\0';
}

/* Follow a link: its text comes before what is left. False: too long, or too many. */
static bool follow(struct walk *walk, const char *link)
{
	char target[PATH_MAX], rest[PATH_MAX];
	ssize_t n = readlink(link, target, sizeof(target) - 1);

	if (n <= 0 || ++walk->links > LINKS_MAX)
		return false;
	target[n] = '\0';
	if (snprintf(rest, sizeof(rest), "%s/%s", target, walk->rest) >= (int) sizeof(rest))
		return false;
	memcpy(walk->rest, rest, sizeof(rest));
	if (target[0] == '/')
		strcpy(walk->at, "/");
	return true;
}

/* Enter @part of walk->at. False: the walk ends here. */
static bool enter(struct walk *walk, const char *part)
{
	char path[PATH_MAX];
	struct stat st;
	int n = snprintf(path, sizeof(path), "%s/%s", walk->at[1] ? walk->at : "", part);

	if (n >= (int) sizeof(path) || lstat(path, &st) < 0)
		return false;
	if (S_ISLNK(st.st_mode))
		return follow(walk, path);
	if (!S_ISDIR(st.st_mode))
		return false;
	memcpy(walk->at, path, sizeof(path));
	return true;
}

static int walk_path(interests *all, int fd, const char *path)
{
	struct walk walk = { .at = "/" };
	char part[NAME_MAX + 1];
	int r;

	(void) snprintf(walk.rest, sizeof(walk.rest), "%s", path);
	while (next_part(&walk, part)) {
		if (strcmp(part, ".") == 0)
			continue;
		if (strcmp(part, "..") == 0) {
			leave(walk.at);
			continue;
		}
		r = interest_add(all, fd, walk.at, part);
		if (r < 0)
			return r;
		if (!enter(&walk, part))
			return 0;
	}
	return interest_add(all, fd, walk.at, NULL);
}

static int on_events(sd_event_source *source, int fd, uint32_t revents, void *userdata);

static int rebuild(struct od_watch *watch)
{
	od_cleanup(interests_done) interests all = { 0 };
	od_cleanup(od_closep) int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	sd_event_source *source = NULL;
	int r = 0;

	watch->stale = true;
	if (fd < 0)
		return -errno;
	od_array_foreach (path, &watch->paths) {
		r = walk_path(&all, fd, *path);
		if (r < 0)
			return r;
	}
	r = sd_event_add_io(watch->event, &source, fd, EPOLLIN, on_events, watch);
	if (r < 0)
		return r;
	(void) sd_event_source_set_description(source, "watch");
	sd_event_source_disable_unref(watch->source);
	watch->source = source;
	od_closep(&watch->fd);
	watch->fd = od_take_fd(&fd);
	interests_done(&watch->interests);
	watch->interests = all;
	memset(&all, 0, sizeof(all));
	watch->stale = false;
	return 0;
}

enum weight { NOTHING, CHANGED, MOVED };

/* What an event means for us; MOVED: the chain itself changed. */
static enum weight weigh(const struct od_watch *watch, const struct inotify_event *event)
{
	enum weight weight = NOTHING;

	if (event->mask & IN_Q_OVERFLOW)
		return MOVED;
	od_array_foreach (interest, &watch->interests) {
		if (interest->wd != event->wd)
			continue;
		if (event->mask & (ITSELF | IN_IGNORED))
			return MOVED;
		if (interest->name && event->len > 0 && strcmp(interest->name, event->name) == 0)
			return MOVED;
		if (!interest->name)
			weight = CHANGED;
	}
	return weight;
}

static enum weight read_events(const struct od_watch *watch, int fd)
{
	char buffer[8192] __attribute__((aligned(__alignof__(struct inotify_event))));
	enum weight worst = NOTHING;
	ssize_t n;

	while ((n = read(fd, buffer, sizeof(buffer))) > 0)
		for (const char *p = buffer; p < buffer + n;) {
			const struct inotify_event *event = (const void *) p;
			enum weight weight = weigh(watch, event);

			worst = weight > worst ? weight : worst;
			p += sizeof(*event) + event->len;
		}
	return worst;
}

int od_watch_again(struct od_watch *watch)
{
	int r = sd_event_source_set_time_relative(watch->settle, (uint64_t) watch->settle_us);

	return r < 0 ? r : sd_event_source_set_enabled(watch->settle, SD_EVENT_ONESHOT);
}

static int on_events(
	OD_UNUSED sd_event_source *source, int fd, OD_UNUSED uint32_t revents, void *userdata)
{
	struct od_watch *watch = userdata;
	enum weight weight = read_events(watch, fd);

	if (weight == NOTHING)
		return 0;
	if (weight == MOVED)
		(void) rebuild(watch); /* tried again when settled */
	return od_watch_again(watch);
}

static int on_settled(OD_UNUSED sd_event_source *source, OD_UNUSED uint64_t usec, void *userdata)
{
	struct od_watch *watch = userdata;

	if (watch->stale)
		(void) rebuild(watch); /* out of descriptors or memory: the old watches stay */
	watch->fn(watch->userdata);
	return 0;
}

static int add_path(struct od_watch *watch, const char *path)
{
	od_cleanup(od_freep) char *absolute = NULL;
	od_cleanup(od_freep) char *here = NULL;

	if (*path == '/')
		return od_strings_add(&watch->paths, path, (size_t) -1);
	here = getcwd(NULL, 0);
	if (!here || asprintf(&absolute, "%s/%s", here, path) < 0)
		return -ENOMEM;
	return od_strings_add(&watch->paths, absolute, (size_t) -1);
}

static int watch_init(struct od_watch *watch, const char *const *paths)
{
	int r;

	for (; *paths; paths++) {
		r = add_path(watch, *paths);
		if (r < 0)
			return r;
	}
	r = sd_event_add_time(watch->event, &watch->settle, CLOCK_MONOTONIC, UINT64_MAX, 10000,
		on_settled, watch);
	if (r < 0)
		return r;
	(void) sd_event_source_set_description(watch->settle, "watch-settle");
	r = sd_event_source_set_enabled(watch->settle, SD_EVENT_OFF);
	return r < 0 ? r : rebuild(watch);
}

int od_watch_new(struct sd_event *event, const char *const *paths, int64_t settle_us,
	void (*fn)(void *userdata), void *userdata, struct od_watch **ret)
{
	od_cleanup(od_watch_freep) struct od_watch *watch = calloc(1, sizeof(*watch));
	int r;

	if (!watch)
		return -ENOMEM;
	watch->event = sd_event_ref(event);
	watch->fd = -1;
	watch->settle_us = settle_us;
	watch->fn = fn;
	watch->userdata = userdata;
	r = watch_init(watch, paths);
	if (r < 0)
		return r;
	*ret = od_take(&watch);
	return 0;
}

void od_watch_free(struct od_watch *watch)
{
	if (!watch)
		return;
	sd_event_source_disable_unref(watch->source);
	sd_event_source_disable_unref(watch->settle);
	od_closep(&watch->fd);
	interests_done(&watch->interests);
	od_strings_done(&watch->paths);
	sd_event_unref(watch->event);
	free(watch);
}

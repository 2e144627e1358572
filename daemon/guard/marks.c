/*
 * poll() on /proc/self/mountinfo says when mounts changed; then everything wanted is marked again
 * (marking twice does nothing) and what is no longer wanted is unmarked. Between mount() and the
 * mark lie about 0.1 ms; a program started within that time is not seen.
 *
 * Never marked: a path that is not itself a mount point of the filesystem meant. With
 * --only-filesystem=PATH a PATH that is no mount point would otherwise mark the whole machine.
 *
 * Limits: mounts that exist only in another mount namespace are not looked for. Filesystems of the
 * network and of user programs are left out: opening the event's file may wait for their server.
 */
#include "guard/marks.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/stat.h>
#include <time.h>

#include "base/error.h"
#include "base/i18n.h"
#include "guard/mountinfo.h"

#define MOUNTINFO_MAX ((size_t) 8 << 20)
#define PLAIN_MAX     256

struct marked {
	dev_t device;
	char *point;
};

struct od_marks {
	int fan, mounts, wake;
	uint64_t mask;
	pthread_t thread;
	bool started;

	pthread_mutex_t lock; /* of all below */
	pthread_cond_t settled_wake;
	bool stop, settled, active, limited;
	od_strings only; /* of the options: for good */
	od_strings filesystems;
	struct od_coverage coverage;
	dev_t plain[PLAIN_MAX];
	size_t n_plain;

	/* the thread's own */
	OD_ARRAY(struct marked) marked;
};

/* One round: a copy of what is wanted, and what comes of it. */
struct round {
	bool active, limited;
	od_strings only, filesystems;
	struct od_mounts mounts;
	struct od_coverage coverage;
	OD_ARRAY(struct marked) marked;
	dev_t plain[PLAIN_MAX];
	size_t n_plain;
};

void od_coverage_done(struct od_coverage *coverage)
{
	od_strings_done(&coverage->covered);
	od_array_foreach (entry, &coverage->uncovered)
		free(entry->point);
	free(coverage->uncovered.items);
	memset(coverage, 0, sizeof(*coverage));
}

static int copy_strings(const od_strings *from, od_strings *to)
{
	od_array_foreach (text, from) {
		int r = od_strings_add(to, *text, (size_t) -1);

		if (r < 0)
			return r;
	}
	return 0;
}

static void round_done(struct round *round)
{
	od_strings_done(&round->only);
	od_strings_done(&round->filesystems);
	od_mounts_done(&round->mounts);
	od_coverage_done(&round->coverage);
	od_array_foreach (entry, &round->marked)
		free(entry->point);
	free(round->marked.items);
}

static int read_mounts(int fd, struct od_mounts *ret)
{
	od_cleanup(od_freep) char *text = NULL;
	size_t room = 0, size = 0;
	ssize_t n;

	if (lseek(fd, 0, SEEK_SET) < 0)
		return -errno;
	do {
		if (size == room) {
			char *grown = room < MOUNTINFO_MAX ? realloc(text, room + 65536) : NULL;

			if (!grown)
				return -ENOMEM;
			text = grown;
			room += 65536;
		}
		n = read(fd, text + size, room - size);
		if (n < 0)
			return -errno;
		size += (size_t) n;
	} while (n > 0);
	return od_mountinfo_parse(text, size, ret);
}

static void uncovered(struct round *round, const char *point, const char *why)
{
	struct od_uncovered *entry;

	for (size_t i = 0; i < round->coverage.uncovered.n; i++)
		if (strcmp(round->coverage.uncovered.items[i].point, point) == 0)
			return;
	entry = od_array_add(&round->coverage.uncovered);
	if (!entry)
		return;
	entry->point = strdup(point);
	entry->why = why;
	if (!entry->point)
		round->coverage.uncovered.n--;
}

static bool same_point(const char *wanted, const char *point)
{
	size_t length = strlen(wanted);

	while (length > 1 && wanted[length - 1] == '/')
		length--;
	return strlen(point) == length && strncmp(wanted, point, length) == 0;
}

static bool listed(const od_strings *list, const char *point)
{
	od_array_foreach (text, list)
		if (same_point(*text, point))
			return true;
	return false;
}

/* NULL: to be marked; "": nobody needs to hear of it; else why not. */
static const char *why_not(const struct round *round, const struct od_mount *mount)
{
	enum od_fs_class class = od_fs_classify(mount->type);

	if (class == OD_FS_KERNEL)
		return "";
	if (round->limited && !listed(&round->only, mount->point))
		return N_("left out by --only-filesystem");
	if (round->filesystems.n && !listed(&round->filesystems, mount->point))
		return N_("left out by [enforcement] filesystems");
	if (class == OD_FS_NETWORK)
		return N_("a network filesystem: its server could keep every program waiting");
	if (class == OD_FS_FUSE)
		return N_(
			"a filesystem of another program, which could keep every program waiting");
	return NULL;
}

static const char *mark_error(int error)
{
	switch (error) {
	case EACCES:
	case EPERM:
		return N_("the guard may not read it");
	case EINVAL:
	case ENODEV:
	case EOPNOTSUPP:
		return N_("the kernel offers no permission events for it");
	case ENOSPC:
		return N_("the limit of marks is reached");
	default:
		return N_("it could not be marked");
	}
}

/* The path must lead to that very filesystem. btrfs gives each subvolume a number of its own, which
 * then differs from the mount's: there the path is believed. */
static bool leads_to(const struct od_mount *mount, const char *path)
{
	struct stat st;

	if (fstatat(AT_FDCWD, path, &st, AT_NO_AUTOMOUNT) < 0)
		return false;
	return st.st_dev == mount->device || strcmp(mount->type, "btrfs") == 0;
}

/* In the sandbox of a unit home folders lie below another mount (ProtectHome=): the mounts are known
 * here, but the way to them is that of process 1. @path, of PATH_MAX bytes, is set on true only. */
static bool find_way(const struct od_mount *mount, char *path)
{
	static const char *const roots[] = { "", "/proc/1/root" };

	for (size_t i = 0; i < OD_ELEMENTS(roots); i++) {
		int n = snprintf(path, PATH_MAX, "%s%s", roots[i], mount->point);

		if (n > 0 && n < PATH_MAX && leads_to(mount, path))
			return true;
	}
	return false;
}

static void remember(struct round *round, const struct od_mount *mount, const char *path)
{
	struct marked *entry = od_array_add(&round->marked);

	if (entry) {
		entry->device = mount->device;
		entry->point = strdup(path);
	}
	if (od_fs_classify(mount->type) == OD_FS_LOCAL && round->n_plain < PLAIN_MAX)
		round->plain[round->n_plain++] = mount->device;
	if (od_strings_add(&round->coverage.covered, mount->point, (size_t) -1) < 0)
		return; /* covered all the same; only the list of names is short of one */
}

static bool is_marked(const struct round *round, dev_t device)
{
	od_array_foreach (entry, &round->marked)
		if (entry->device == device)
			return true;
	return false;
}

static void mark_one(struct od_marks *marks, struct round *round, const struct od_mount *mount)
{
	const char *why = why_not(round, mount);
	char path[PATH_MAX];

	if (why && !*why)
		return;
	if (!why && is_marked(round, mount->device))
		return;
	if (why) {
		uncovered(round, mount->point, why);
		return;
	}
	if (!find_way(mount, path)) {
		uncovered(round, mount->point, N_("hidden below another mount"));
		return;
	}
	if (fanotify_mark(marks->fan, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, marks->mask, AT_FDCWD,
		    path) < 0)
		uncovered(round, mount->point, mark_error(errno));
	else
		remember(round, mount, path);
}

/* A mount point that is left out is still guarded where its filesystem is marked by another. */
static void drop_covered(struct round *round)
{
	size_t kept = 0;

	for (size_t i = 0; i < round->coverage.uncovered.n; i++) {
		struct od_uncovered *entry = &round->coverage.uncovered.items[i];
		bool covered = false;

		od_array_foreach (mount, &round->mounts.list)
			if (strcmp(mount->point, entry->point) == 0 &&
				is_marked(round, mount->device))
				covered = true;
		if (covered)
			free(entry->point);
		else
			round->coverage.uncovered.items[kept++] = *entry;
	}
	round->coverage.uncovered.n = kept;
}

static void report_missing(struct round *round, const od_strings *wanted)
{
	od_array_foreach (text, wanted) {
		bool found = false;

		od_array_foreach (mount, &round->mounts.list)
			if (same_point(*text, mount->point))
				found = true;
		if (!found)
			uncovered(round, *text, N_("not a mount point"));
	}
}

static void unmark_rest(struct od_marks *marks, const struct round *round)
{
	od_array_foreach (old, &marks->marked) {
		struct stat st;

		if (is_marked(round, old->device) || !old->point || stat(old->point, &st) < 0 ||
			st.st_dev != old->device)
			continue; /* an unmounted filesystem took its mark along */
		(void) fanotify_mark(marks->fan, FAN_MARK_REMOVE | FAN_MARK_FILESYSTEM, marks->mask,
			AT_FDCWD, old->point);
	}
}

static void publish(struct od_marks *marks, struct round *round)
{
	struct od_coverage old;

	(void) pthread_mutex_lock(&marks->lock);
	old = marks->coverage;
	marks->coverage = round->coverage;
	memcpy(marks->plain, round->plain, sizeof(marks->plain));
	marks->n_plain = round->n_plain;
	marks->settled = true;
	(void) pthread_cond_broadcast(&marks->settled_wake);
	(void) pthread_mutex_unlock(&marks->lock);
	round->coverage = old;
	/* The list of the last round goes away with this one's. */
	{
		__typeof__(marks->marked.items) items = marks->marked.items;
		size_t n = marks->marked.n, room = marks->marked.room;

		marks->marked.items = round->marked.items;
		marks->marked.n = round->marked.n;
		marks->marked.room = round->marked.room;
		round->marked.items = items;
		round->marked.n = n;
		round->marked.room = room;
	}
}

static void do_round(struct od_marks *marks)
{
	struct round round = { 0 };
	int r;

	(void) pthread_mutex_lock(&marks->lock);
	round.active = marks->active;
	round.limited = marks->limited;
	r = copy_strings(&marks->only, &round.only);
	if (r == 0)
		r = copy_strings(&marks->filesystems, &round.filesystems);
	(void) pthread_mutex_unlock(&marks->lock);
	if (r == 0)
		r = read_mounts(marks->mounts, &round.mounts);
	/* A list that cannot be read whole must not take marks away: next change, next try. */
	if (r == 0 || r == OD_E_LIMIT) {
		for (size_t i = 0; round.active && i < round.mounts.list.n; i++)
			mark_one(marks, &round, &round.mounts.list.items[i]);
		drop_covered(&round);
		report_missing(&round, &round.only);
		report_missing(&round, &round.filesystems);
		unmark_rest(marks, &round);
		publish(marks, &round);
	}
	round_done(&round);
}

static bool stopping(struct od_marks *marks)
{
	bool stop;

	(void) pthread_mutex_lock(&marks->lock);
	stop = marks->stop;
	(void) pthread_mutex_unlock(&marks->lock);
	return stop;
}

static void *work(void *userdata)
{
	struct od_marks *marks = userdata;
	struct pollfd fds[] = { { .fd = marks->wake, .events = POLLIN },
		{ .fd = marks->mounts, .events = POLLPRI } };

	while (!stopping(marks)) {
		uint64_t drained;

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			break;
		if (fds[0].revents && read(marks->wake, &drained, sizeof(drained)) < 0)
			continue;
		if (!stopping(marks))
			do_round(marks);
	}
	return NULL;
}

int od_marks_new(int fan, uint64_t mask, struct od_marks **ret)
{
	od_cleanup(od_marks_freep) struct od_marks *marks = calloc(1, sizeof(*marks));
	pthread_condattr_t attributes;
	int r;

	if (!marks)
		return -ENOMEM;
	marks->fan = fan;
	marks->mask = mask;
	(void) pthread_mutex_init(&marks->lock, NULL);
	(void) pthread_condattr_init(&attributes);
	(void) pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void) pthread_cond_init(&marks->settled_wake, &attributes);
	(void) pthread_condattr_destroy(&attributes);
	marks->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	marks->mounts = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	if (marks->wake < 0 || marks->mounts < 0)
		return -errno;
	r = pthread_create(&marks->thread, NULL, work, marks);
	if (r != 0)
		return -r;
	marks->started = true;
	*ret = od_take(&marks);
	return 0;
}

static void wake_up(struct od_marks *marks)
{
	static const uint64_t one = 1;

	if (write(marks->wake, &one, sizeof(one)) < 0)
		return; /* full: it is awake already */
}

void od_marks_free(struct od_marks *marks)
{
	if (!marks)
		return;
	if (marks->started) {
		(void) pthread_mutex_lock(&marks->lock);
		marks->stop = true;
		(void) pthread_mutex_unlock(&marks->lock);
		wake_up(marks);
		(void) pthread_join(marks->thread, NULL);
	}
	od_closep(&marks->wake);
	od_closep(&marks->mounts);
	od_strings_done(&marks->only);
	od_strings_done(&marks->filesystems);
	od_coverage_done(&marks->coverage);
	od_array_foreach (entry, &marks->marked)
		free(entry->point);
	free(marks->marked.items);
	(void) pthread_cond_destroy(&marks->settled_wake);
	(void) pthread_mutex_destroy(&marks->lock);
	free(marks);
}

int od_marks_set(struct od_marks *marks, const struct od_marks_want *want)
{
	od_strings filesystems = { 0 }, only = { 0 }, old_filesystems, old_only;
	int r = want->filesystems ? copy_strings(want->filesystems, &filesystems) : 0;

	for (const char *const *at = want->only; r == 0 && at && *at; at++)
		r = od_strings_add(&only, *at, (size_t) -1);
	if (r < 0) {
		od_strings_done(&filesystems);
		od_strings_done(&only);
		return r;
	}
	(void) pthread_mutex_lock(&marks->lock);
	old_filesystems = marks->filesystems;
	old_only = marks->only;
	marks->filesystems = filesystems;
	marks->only = only;
	marks->limited = want->only != NULL;
	marks->active = want->active;
	marks->settled = false;
	(void) pthread_mutex_unlock(&marks->lock);
	od_strings_done(&old_filesystems);
	od_strings_done(&old_only);
	wake_up(marks);
	return 0;
}

bool od_marks_settle(struct od_marks *marks, int timeout_ms)
{
	struct timespec limit;
	bool settled;

	(void) clock_gettime(CLOCK_MONOTONIC, &limit);
	limit.tv_sec += timeout_ms / 1000;
	(void) pthread_mutex_lock(&marks->lock);
	while (!marks->settled)
		if (pthread_cond_timedwait(&marks->settled_wake, &marks->lock, &limit) != 0)
			break;
	settled = marks->settled;
	(void) pthread_mutex_unlock(&marks->lock);
	return settled;
}

bool od_marks_is_plain(struct od_marks *marks, dev_t device)
{
	bool plain = false;

	(void) pthread_mutex_lock(&marks->lock);
	for (size_t i = 0; !plain && i < marks->n_plain; i++)
		plain = marks->plain[i] == device;
	(void) pthread_mutex_unlock(&marks->lock);
	return plain;
}

int od_marks_coverage(struct od_marks *marks, struct od_coverage *ret)
{
	int r;

	(void) pthread_mutex_lock(&marks->lock);
	r = copy_strings(&marks->coverage.covered, &ret->covered);
	for (size_t i = 0; r == 0 && i < marks->coverage.uncovered.n; i++) {
		struct od_uncovered *entry = od_array_add(&ret->uncovered);

		r = entry ? 0 : -ENOMEM;
		if (entry) {
			entry->why = marks->coverage.uncovered.items[i].why;
			entry->point = strdup(marks->coverage.uncovered.items[i].point);
			r = entry->point ? 0 : -ENOMEM;
		}
	}
	(void) pthread_mutex_unlock(&marks->lock);
	if (r < 0)
		od_coverage_done(ret);
	return r;
}

bool od_marks_covers(struct od_marks *marks, dev_t device)
{
	bool covered = false;

	(void) pthread_mutex_lock(&marks->lock);
	od_array_foreach (entry, &marks->marked)
		covered = covered || entry->device == device;
	(void) pthread_mutex_unlock(&marks->lock);
	return covered;
}

#include "guard/runners.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "guard/proc.h"

#define RUNNERS_MAX   512
#define ANCESTORS_MAX 12

struct entry {
	struct od_runner runner;
	struct od_runners *owner;
	sd_event_source *source; /* owns the pidfd */
};

struct od_runners {
	pthread_mutex_t lock; /* of the list; only the main thread changes it */
	sd_event *event;
	void (*changed)(void *userdata);
	void *userdata;
	OD_ARRAY(struct entry *) list;
};

static void entry_free(struct entry *entry)
{
	if (!entry)
		return;
	sd_event_source_disable_unref(entry->source);
	free(entry);
}
OD_DEFINE_CLEANUP(struct entry *, entry_free)

int od_runners_new(struct sd_event *event, void (*changed)(void *userdata), void *userdata,
	struct od_runners **ret)
{
	struct od_runners *runners = calloc(1, sizeof(*runners));

	if (!runners)
		return -ENOMEM;
	(void) pthread_mutex_init(&runners->lock, NULL);
	runners->event = sd_event_ref(event);
	runners->changed = changed;
	runners->userdata = userdata;
	*ret = runners;
	return 0;
}

void od_runners_free(struct od_runners *runners)
{
	if (!runners)
		return;
	for (size_t i = 0; i < runners->list.n; i++)
		entry_free(runners->list.items[i]);
	free(runners->list.items);
	sd_event_unref(runners->event);
	(void) pthread_mutex_destroy(&runners->lock);
	free(runners);
}

/* It ended: a pidfd is readable then, and only then. */
static int on_end(OD_UNUSED sd_event_source *source, OD_UNUSED int fd, OD_UNUSED uint32_t events,
	void *userdata)
{
	struct entry *entry = userdata;
	struct od_runners *runners = entry->owner;

	(void) pthread_mutex_lock(&runners->lock);
	for (size_t i = 0; i < runners->list.n; i++)
		if (runners->list.items[i] == entry) {
			runners->list.items[i] = runners->list.items[--runners->list.n];
			break;
		}
	(void) pthread_mutex_unlock(&runners->lock);
	entry_free(entry);
	if (runners->list.n == 0)
		runners->changed(runners->userdata);
	return 0;
}

static bool known(struct od_runners *runners, const struct od_runner *runner)
{
	for (size_t i = 0; i < runners->list.n; i++) {
		struct od_runner *old = &runners->list.items[i]->runner;

		if (old->pid == runner->pid && old->start == runner->start) {
			(void) pthread_mutex_lock(&runners->lock);
			*old = *runner; /* it became another program */
			(void) pthread_mutex_unlock(&runners->lock);
			return true;
		}
	}
	return false;
}

static bool person_is_new(const struct od_runners *runners, uid_t uid)
{
	for (size_t i = 0; i < runners->list.n; i++)
		if (runners->list.items[i]->runner.uid == uid)
			return false;
	return true;
}

int od_runners_add(struct od_runners *runners, const struct od_runner *runner)
{
	od_cleanup(entry_freep) struct entry *entry = NULL;
	od_cleanup(od_closep) int fd = -1;
	bool news = person_is_new(runners, runner->uid);
	uint64_t start;
	int r;

	if (runner->pid <= 0 || known(runners, runner))
		return 0;
	if (runners->list.n >= RUNNERS_MAX)
		return OD_E_LIMIT;
	fd = (int) syscall(SYS_pidfd_open, runner->pid, 0);
	if (fd < 0)
		return errno == ESRCH ? 0 : -errno;
	/* The number may have gone to another process since the event. */
	if (od_proc_start(runner->pid, &start) < 0 || start != runner->start)
		return 0;
	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return -ENOMEM;
	entry->runner = *runner;
	entry->owner = runners;
	r = sd_event_add_io(runners->event, &entry->source, fd, EPOLLIN, on_end, entry);
	if (r < 0)
		return r;
	r = sd_event_source_set_io_fd_own(entry->source, 1);
	if (r < 0)
		return r;
	(void) od_take_fd(&fd);
	(void) pthread_mutex_lock(&runners->lock);
	if (od_array_add(&runners->list))
		runners->list.items[runners->list.n - 1] = od_take(&entry);
	(void) pthread_mutex_unlock(&runners->lock);
	if (entry)
		return -ENOMEM;
	if (news)
		runners->changed(runners->userdata);
	return 0;
}

size_t od_runners_count(struct od_runners *runners)
{
	size_t n;

	(void) pthread_mutex_lock(&runners->lock);
	n = runners->list.n;
	(void) pthread_mutex_unlock(&runners->lock);
	return n;
}

const struct od_runner *od_runners_at(const struct od_runners *runners, size_t index)
{
	return &runners->list.items[index]->runner;
}

bool od_runners_own_cgroup(const char *path)
{
	const char *base = strrchr(path, '/');
	size_t length;

	base = base ? base + 1 : path;
	length = strlen(base);
	return strncmp(base, "app-", 4) == 0 &&
	       ((length > 6 && strcmp(base + length - 6, ".scope") == 0) ||
		       (length > 8 && strcmp(base + length - 8, ".service") == 0)) &&
	       strncmp(base, "app-org.gnome.Terminal", 22) != 0;
}

static bool by_pid(struct od_runners *runners, pid_t pid, struct od_runner *ret)
{
	bool found = false;

	(void) pthread_mutex_lock(&runners->lock);
	for (size_t i = 0; i < runners->list.n && !found; i++) {
		found = runners->list.items[i]->runner.pid == pid;
		if (found)
			*ret = runners->list.items[i]->runner;
	}
	(void) pthread_mutex_unlock(&runners->lock);
	return found;
}

static bool by_cgroup(struct od_runners *runners, pid_t pid, struct od_runner *ret)
{
	char cgroup[256];
	bool found = false;

	if (od_proc_cgroup(pid, cgroup, sizeof(cgroup)) < 0 || !od_runners_own_cgroup(cgroup))
		return false;
	(void) pthread_mutex_lock(&runners->lock);
	for (size_t i = 0; i < runners->list.n && !found; i++) {
		found = strcmp(runners->list.items[i]->runner.cgroup, cgroup) == 0;
		if (found)
			*ret = runners->list.items[i]->runner;
	}
	(void) pthread_mutex_unlock(&runners->lock);
	return found;
}

bool od_runners_find(struct od_runners *runners, pid_t pid, struct od_runner *ret)
{
	pid_t at = pid;

	if (od_runners_count(runners) == 0)
		return false;
	for (unsigned i = 0; i < ANCESTORS_MAX && at > 1; i++) {
		if (by_pid(runners, at, ret))
			return true;
		if (od_proc_parent(at, &at) < 0)
			break;
	}
	return by_cgroup(runners, pid, ret);
}

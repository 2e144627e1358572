/*
 * One poll() over the group and the questions that are open at the inspector. Everybody else's opens
 * in those folders are answered at once; a messenger's wait for HOLD_MS at most.
 *
 * Events carry thread ids (FAN_REPORT_TID): the flags of an open that is not done yet stand nowhere
 * but in its system call. A quiet look of a file dialog (O_NOATIME) is refused without a word, or the
 * dialog would raise a warning for each file it lists; it then tries again aloud.
 */
#include "guard/hold_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "guard/crash.h"
#include "guard/fan_event.h"
#include "guard/folders.h"
#include "guard/inspector.h"
#include "guard/proc.h"
#include "guard/share_case.h"

#define HELD_MAX 16
#define HOLD_NS  INT64_C(200000000)
#define STUCK_NS INT64_C(2000000000)

struct held {
	struct od_share_case *share; /* NULL: a free slot */
	int fd;                      /* of the event */
	int connection;              /* to the inspector */
	bool quiet;                  /* nobody is told */
	int64_t until_ns;
};

struct od_hold_guard {
	struct od_share_guard_parts parts;
	int fan, wake;
	pthread_t thread;
	bool started;
	_Atomic bool stop;
	_Atomic int64_t busy_since_ns;
	struct od_folders folders; /* the main thread's */
	struct held held[HELD_MAX];
	char buffer[1024] __attribute__((aligned(8)));
};

static int64_t monotonic_ns(void)
{
	struct timespec now;

	(void) clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail for this clock */
	return (int64_t) now.tv_sec * 1000000000 + now.tv_nsec;
}

static void answer(struct od_hold_guard *guard, int fd, bool allow)
{
	struct fanotify_response response = { .fd = fd, .response = allow ? FAN_ALLOW : FAN_DENY };

	if (write(guard->fan, &response, sizeof(response)) != (ssize_t) sizeof(response))
		od_count(guard->parts.counters, OD_COUNT_ERRORS);
	else if (!allow)
		od_count(guard->parts.counters, OD_COUNT_REFUSED);
	(void) close(fd);
}

/* Takes @share and @fd over: answer first, tell later. */
static void decide(struct od_hold_guard *guard, struct od_share_case *share, int fd, bool quiet,
	bool asked, const struct od_inspect_reply *reply)
{
	od_cleanup(od_share_case_freep) struct od_share_case *owned = share;
	const struct od_sharing *rule = NULL;
	struct od_decision decision;
	struct od_tell tell;
	bool allow;

	od_share_case_decide(owned, asked, reply, &decision, &rule);
	allow = !rule || decision.verdict != OD_VERDICT_BLOCK;
	answer(guard, fd, allow);
	if (allow || quiet)
		return;
	od_count(guard->parts.counters, OD_COUNT_SHARES);
	od_share_case_tell(owned, &decision, rule, od_judge_now(guard->parts.judge), &tell);
	if (!od_tells_put(guard->parts.tells, &tell)) {
		od_count(guard->parts.counters, OD_COUNT_LOST);
		od_ruling_done(&tell.ruling);
	}
}

static struct held *free_slot(struct od_hold_guard *guard)
{
	for (unsigned i = 0; i < HELD_MAX; i++)
		if (!guard->held[i].share)
			return &guard->held[i];
	return NULL;
}

/* Takes @share and @fd over. */
static void hold(struct od_hold_guard *guard, struct od_share_case *share, int fd, bool quiet)
{
	struct held *slot = free_slot(guard);
	int connection = slot ? od_inspector_connect(guard->parts.inspect_socket, fd) : -EBUSY;

	if (connection < 0) {
		od_count(guard->parts.counters, OD_COUNT_DEADLINES);
		decide(guard, share, fd, quiet, true, NULL);
		return;
	}
	*slot = (struct held){ .share = share,
		.fd = fd,
		.connection = connection,
		.quiet = quiet,
		.until_ns = monotonic_ns() + HOLD_NS };
}

static void settle(
	struct od_hold_guard *guard, struct held *held, const struct od_inspect_reply *reply)
{
	struct od_share_case *share = held->share;

	held->share = NULL;
	od_closep(&held->connection);
	if (!reply)
		od_count(guard->parts.counters, OD_COUNT_DEADLINES);
	decide(guard, share, held->fd, held->quiet, true, reply);
}

static void settle_ready(struct od_hold_guard *guard)
{
	int64_t now_ns = monotonic_ns();

	for (unsigned i = 0; i < HELD_MAX; i++) {
		struct held *held = &guard->held[i];
		struct od_inspect_reply reply;
		int r;

		if (!held->share)
			continue;
		r = od_inspector_read(held->connection, &reply);
		if (r == 0)
			settle(guard, held, &reply);
		else if (r != -EAGAIN || now_ns >= held->until_ns)
			settle(guard, held, NULL);
	}
}

/* Takes @fd over. */
static void handle(struct od_hold_guard *guard, int fd, pid_t thread)
{
	struct od_share_case *share = NULL;
	struct od_runner runner;
	uint64_t flags = 0;
	struct stat st;
	pid_t pid;

	if (od_runners_count(guard->parts.runners) == 0 || fstat(fd, &st) < 0 ||
		!S_ISREG(st.st_mode) || od_proc_group_of(thread, &pid) < 0 || pid == getpid() ||
		!od_runners_find(guard->parts.runners, pid, &runner)) {
		answer(guard, fd, true);
		return;
	}
	if (od_proc_open_flags(thread, &flags) != 0)
		flags = O_RDONLY; /* by another way (io_uring): taken for a real one */
	if ((flags & O_ACCMODE) == O_RDONLY || ((flags & O_ACCMODE) == O_RDWR && st.st_size > 0))
		share = od_share_case_new(guard->parts.judge, &runner, fd, &st, false);
	if (!share)
		answer(guard, fd, true);
	else if (od_share_case_needs_content(share))
		hold(guard, share, fd, flags & O_NOATIME);
	else
		decide(guard, share, fd, flags & O_NOATIME, false, NULL);
}

static void drain(struct od_hold_guard *guard)
{
	struct od_fan_event event;
	size_t offset = 0;
	ssize_t n = read(guard->fan, guard->buffer, sizeof(guard->buffer));

	if (n < 0) {
		if (errno != EAGAIN && errno != EINTR)
			od_count(guard->parts.counters, OD_COUNT_ERRORS);
		return;
	}
	while (od_fan_event_next(guard->buffer, (size_t) n, &offset, &event) == OD_FAN_EVENT) {
		if (event.overflow)
			od_count(guard->parts.counters, OD_COUNT_OVERFLOWS);
		if (event.fd < 0)
			continue;
		atomic_store(&guard->busy_since_ns, monotonic_ns());
		handle(guard, event.fd, event.pid);
	}
}

/* Milliseconds until the first question is too old; -1: none is open. */
static int next_deadline(const struct od_hold_guard *guard)
{
	int64_t first = INT64_MAX, left;

	for (unsigned i = 0; i < HELD_MAX; i++)
		if (guard->held[i].share && guard->held[i].until_ns < first)
			first = guard->held[i].until_ns;
	if (first == INT64_MAX)
		return -1;
	left = first - monotonic_ns();
	return left <= 0 ? 0 : (int) (left / 1000000) + 1;
}

static void *work(void *userdata)
{
	struct od_hold_guard *guard = userdata;

	while (!atomic_load(&guard->stop)) {
		struct pollfd fds[2 + HELD_MAX] = { { .fd = guard->fan, .events = POLLIN },
			{ .fd = guard->wake, .events = POLLIN } };

		for (unsigned i = 0; i < HELD_MAX; i++)
			fds[2 + i] = (struct pollfd){
				.fd = guard->held[i].share ? guard->held[i].connection : -1,
				.events = POLLIN
			};
		atomic_store(&guard->busy_since_ns, 0);
		if (poll(fds, OD_ELEMENTS(fds), next_deadline(guard)) < 0 && errno != EINTR)
			break;
		settle_ready(guard);
		if (fds[0].revents && !atomic_load(&guard->stop))
			drain(guard);
	}
	return NULL;
}

int od_hold_guard_new(const struct od_share_guard_parts *parts, struct od_hold_guard **ret)
{
	static const unsigned flags = FAN_CLASS_CONTENT | FAN_CLOEXEC | FAN_NONBLOCK |
				      FAN_UNLIMITED_QUEUE | FAN_UNLIMITED_MARKS | FAN_REPORT_TID;
	od_cleanup(od_hold_guard_freep) struct od_hold_guard *guard = calloc(1, sizeof(*guard));
	int r;

	if (!guard)
		return -ENOMEM;
	guard->parts = *parts;
	guard->wake = -1;
	guard->fan = fanotify_init(flags, O_RDONLY | O_LARGEFILE | O_CLOEXEC);
	if (guard->fan < 0)
		return errno == ENOSYS || errno == EINVAL || errno == EPERM ? OD_E_UNSUPPORTED
									    : -errno;
	od_crash_watch_fd(guard->fan);
	guard->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (guard->wake < 0)
		return -errno;
	guard->folders = (struct od_folders){ .fan = guard->fan,
		.mask = FAN_OPEN_PERM | FAN_EVENT_ON_CHILD,
		.only = parts->only,
		.counters = parts->counters };
	r = pthread_create(&guard->thread, NULL, work, guard);
	if (r != 0)
		return -r;
	guard->started = true;
	*ret = od_take(&guard);
	return 0;
}

void od_hold_guard_free(struct od_hold_guard *guard)
{
	static const uint64_t one = 1;

	if (!guard)
		return;
	atomic_store(&guard->stop, true);
	if (guard->started && write(guard->wake, &one, sizeof(one)) == (ssize_t) sizeof(one))
		(void) pthread_join(guard->thread, NULL);
	od_crash_forget_fd(guard->fan);
	od_closep(&guard->fan); /* lets go of those still held */
	for (unsigned i = 0; i < HELD_MAX; i++)
		if (guard->held[i].share) {
			od_share_case_free(guard->held[i].share);
			od_closep(&guard->held[i].connection);
			(void) close(guard->held[i].fd);
		}
	od_closep(&guard->wake);
	free(guard);
}

void od_hold_guard_watch(
	struct od_hold_guard *guard, const struct od_human *human, const struct od_sharing *rule)
{
	od_folders_mark_rule(&guard->folders, human, rule);
}

void od_hold_guard_mark(struct od_hold_guard *guard, int fd)
{
	od_folders_mark(&guard->folders, fd);
}

void od_hold_guard_clear(struct od_hold_guard *guard)
{
	od_folders_clear(&guard->folders);
}

bool od_hold_guard_alive(struct od_hold_guard *guard)
{
	int64_t since = atomic_load(&guard->busy_since_ns);

	return since == 0 || monotonic_ns() - since < STUCK_NS;
}

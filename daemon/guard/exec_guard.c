/*
 * The path of one event: fstat -> remembered? -> identity -> messenger? -> verdict -> answer -> tell.
 *
 * Whatever goes wrong on it answers "allow" and is counted: a blocklist fails open. Only the kernel
 * itself can deny in an error: where it has no descriptor left for the event (EMFILE), it answers
 * "deny" before we see it; hence the high RLIMIT_NOFILE, small reads and a close per event.
 *
 * Two memories keep ordinary starts cheap. Files that nobody but root can change and that no rule
 * could ever treat otherwise get an evictable ignore mark: the kernel stops asking until the file is
 * written. (A store through a shared mapping does not count as a write: hence root's only.) All
 * other plain files are found in the identity cache by device, inode, size and change time.
 */
#include "guard/exec_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "guard/crash.h"
#include "guard/fan_event.h"
#include "guard/id_cache.h"
#include "guard/identity.h"
#include "model/policy.h"

#define READ_SIZE 4096 /* about 170 events, and so descriptors, at a time */
#define STUCK_NS  INT64_C(2000000000)
#define KNOCKS    1000 /* a millisecond apart: until the watchdog minds as well */

static const unsigned ignore_flags[] = {
	FAN_MARK_IGNORE | FAN_MARK_EVICTABLE,       /* Linux 6.0 */
	FAN_MARK_IGNORED_MASK | FAN_MARK_EVICTABLE, /* 5.19 */
};

struct od_exec_guard {
	struct od_exec_guard_parts parts;
	struct od_marks *marks;
	int fan;
	pthread_t thread;
	bool started;
	_Atomic bool stop;
	_Atomic unsigned wanted, heard; /* knocks that are to be answered, and were */
	_Atomic int64_t busy_since_ns;  /* 0: waiting for events */

	/* the thread's own */
	pid_t self;
	unsigned generation;
	unsigned ignore_kind; /* into ignore_flags; past the end: not supported */
	bool trouble_told;
	struct od_host host;
	struct od_id_cache cache;
	struct od_identity identity;
	char buffer[READ_SIZE] __attribute__((aligned(8)));
};

/* One event on its way. */
struct event {
	int fd;
	pid_t pid;
	struct stat st;
	struct od_id_key key;
	uint32_t answer;
	bool has_tell;
	struct od_tell tell;
};

static int64_t monotonic_ns(void)
{
	struct timespec now;

	(void) clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail for this clock */
	return (int64_t) now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Change times are on the real clock, whatever clock policy goes by. */
static int64_t file_clock_s(void)
{
	struct timespec now;

	(void) clock_gettime(CLOCK_REALTIME_COARSE, &now);
	return now.tv_sec;
}

static void ignore_in_kernel(struct od_exec_guard *guard, int fd)
{
	while (guard->ignore_kind < OD_ELEMENTS(ignore_flags)) {
		if (fanotify_mark(guard->fan, FAN_MARK_ADD | ignore_flags[guard->ignore_kind],
			    FAN_OPEN_EXEC_PERM, fd, NULL) == 0) {
			od_count(guard->parts.counters, OD_COUNT_IGNORED);
			return;
		}
		if (errno != EINVAL)
			return;
		guard->ignore_kind++;
	}
}

/* Where "~" of an install path could be a home we have not looked up, nothing is certain yet. */
static bool owner_is_known(struct od_exec_guard *guard, const struct stat *st)
{
	od_cleanup(od_human_unrefp) struct od_human *owner = NULL;

	if (guard->identity.home[0] || st->st_uid < OD_UID_MIN)
		return true;
	owner = od_people_get(od_judge_people(guard->parts.judge), st->st_uid);
	return owner != NULL;
}

static void remember(struct od_exec_guard *guard, struct event *event)
{
	const struct od_identity *id = &guard->identity;

	if (!od_identity_is_lasting(id, &event->st, file_clock_s()) ||
		!od_marks_is_plain(guard->marks, event->st.st_dev) ||
		od_judge_knows_name(guard->parts.judge, id->base) ||
		!owner_is_known(guard, &event->st))
		return;
	if (od_identity_is_roots(id, &event->st))
		ignore_in_kernel(guard, event->fd);
	od_id_cache_keep(&guard->cache, &event->key, OD_FOUND_PLAIN);
}

/* Never told to the kernel: started by itself it is somebody's way around us. */
static void remember_loader(struct od_exec_guard *guard, struct event *event)
{
	if (od_identity_is_lasting_loader(&guard->identity, &event->st, file_clock_s()) &&
		od_marks_is_plain(guard->marks, event->st.st_dev))
		od_id_cache_keep(&guard->cache, &event->key, OD_FOUND_LOADER);
}

/* Whether nothing more need be asked about it. */
static bool is_remembered(struct od_exec_guard *guard, const struct event *event)
{
	switch (od_id_cache_find(&guard->cache, &event->key)) {
	case OD_FOUND_PLAIN:
		return true;
	case OD_FOUND_LOADER:
		return od_identity_is_interpreter(event->pid);
	case OD_FOUND_NOTHING:
		break;
	}
	return false;
}

static void prepare_tell(
	struct od_exec_guard *guard, struct event *event, struct od_ruling *ruling, uid_t uid)
{
	struct od_tell *tell = &event->tell;

	switch (ruling->decision.verdict) {
	case OD_VERDICT_BLOCK:
		tell->kind = OD_TELL_BLOCKED;
		break;
	case OD_VERDICT_WARN:
	case OD_VERDICT_ASK:
		tell->kind = OD_TELL_WARNED;
		break;
	case OD_VERDICT_ALLOW:
		tell->kind = OD_TELL_STARTED;
		break;
	}
	tell->uid = uid;
	tell->pid = event->pid;
	tell->start = 0;
	if (tell->kind != OD_TELL_BLOCKED && od_proc_start(event->pid, &tell->start) < 0)
		tell->start = 0;
	(void) snprintf(tell->name, sizeof(tell->name), "%s", guard->identity.base);
	tell->ruling = *ruling;
	event->has_tell = true;
}

/* A messenger: may this person start it now? */
static void judge_messenger(
	struct od_exec_guard *guard, struct event *event, struct od_ruling *ruling)
{
	struct od_judge *judge = guard->parts.judge;
	uid_t uid;

	if (event->pid <= 0 || od_proc_uid(event->pid, &uid) < 0) {
		od_count(guard->parts.counters, OD_COUNT_ERRORS);
		od_ruling_done(ruling);
		return;
	}
	if (!od_launch_governs(ruling->policy, uid)) {
		od_ruling_done(ruling);
		return;
	}
	od_judge_launch(judge, uid, od_judge_now(judge), ruling);
	if (ruling->unresolved)
		od_count(guard->parts.counters, OD_COUNT_UNRESOLVED);
	if (ruling->decision.verdict == OD_VERDICT_BLOCK)
		event->answer = FAN_DENY;
	else if (ruling->decision.verdict != OD_VERDICT_ALLOW)
		od_count(guard->parts.counters, OD_COUNT_WARNED);
	prepare_tell(guard, event, ruling, uid);
}

static void decide(struct od_exec_guard *guard, struct event *event)
{
	struct od_ruling ruling = { 0 };

	if (event->pid == guard->self)
		return;
	if (fstat(event->fd, &event->st) < 0) {
		od_count(guard->parts.counters, OD_COUNT_ERRORS);
		return;
	}
	od_id_key_from(&event->st, &event->key);
	if (is_remembered(guard, event)) {
		od_count(guard->parts.counters, OD_COUNT_CACHED);
		return;
	}
	if (od_identity_read(&guard->identity, &guard->host, od_judge_people(guard->parts.judge),
		    event->fd, event->pid) < 0) {
		od_count(guard->parts.counters, OD_COUNT_ERRORS);
		return;
	}
	if (guard->identity.nothing) {
		remember_loader(guard, event);
		return;
	}
	if (od_identity_match(&guard->identity, guard->parts.judge, &ruling))
		judge_messenger(guard, event, &ruling);
	else
		remember(guard, event);
}

static void answer(struct od_exec_guard *guard, const struct event *event)
{
	struct fanotify_response response = { .fd = event->fd, .response = event->answer };

	if (write(guard->fan, &response, sizeof(response)) != (ssize_t) sizeof(response))
		od_count(guard->parts.counters, OD_COUNT_ERRORS);
	else
		od_count(guard->parts.counters,
			event->answer == FAN_DENY ? OD_COUNT_DENIED : OD_COUNT_ALLOWED);
}

static void tell(struct od_exec_guard *guard, struct event *event)
{
	if (!event->has_tell || od_tells_put(guard->parts.tells, &event->tell))
		return;
	od_count(guard->parts.counters, OD_COUNT_LOST);
	od_ruling_done(&event->tell.ruling);
}

static void handle(struct od_exec_guard *guard, const struct od_fan_event *from)
{
	struct event event = { .fd = from->fd, .pid = from->pid, .answer = FAN_ALLOW };

	atomic_store(&guard->busy_since_ns, monotonic_ns());
	if (from->overflow)
		od_count(guard->parts.counters, OD_COUNT_OVERFLOWS);
	if (event.fd < 0) {
		if (!from->overflow)
			od_count(guard->parts.counters, OD_COUNT_ERRORS);
		return;
	}
	od_count(guard->parts.counters, OD_COUNT_EXECS);
	if (from->mask & FAN_OPEN_EXEC_PERM) {
		decide(guard, &event);
		answer(guard, &event);
	}
	(void) close(event.fd);
	tell(guard, &event);
}

/* Everything remembered hangs on the policy; all ignore marks were set by this thread, so none can
 * slip in behind the flush. */
static void catch_up(struct od_exec_guard *guard)
{
	unsigned generation = od_judge_generation(guard->parts.judge);

	if (generation == guard->generation)
		return;
	guard->generation = generation;
	od_id_cache_clear(&guard->cache);
	if (fanotify_mark(guard->fan, FAN_MARK_FLUSH, 0, AT_FDCWD, NULL) < 0)
		od_count(guard->parts.counters, OD_COUNT_ERRORS);
}

/* The kernel could not open a file for us, and has denied that start already. Said once. */
static void report_trouble(struct od_exec_guard *guard, int error)
{
	struct od_tell trouble = { .kind = OD_TELL_TROUBLE, .error = -error };

	od_count(guard->parts.counters, OD_COUNT_ERRORS);
	if (!guard->trouble_told)
		guard->trouble_told = od_tells_put(guard->parts.tells, &trouble);
}

static void drain(struct od_exec_guard *guard)
{
	struct od_fan_event event;
	enum od_fan_next next;
	size_t offset = 0;
	ssize_t n;

	n = read(guard->fan, guard->buffer, sizeof(guard->buffer));
	if (n < 0) {
		if (errno != EINTR)
			report_trouble(guard, errno);
		return;
	}
	while ((next = od_fan_event_next(guard->buffer, (size_t) n, &offset, &event)) ==
		OD_FAN_EVENT) {
		catch_up(guard);
		handle(guard, &event);
	}
	if (next == OD_FAN_BROKEN)
		report_trouble(guard, EPROTO);
}

static void on_knock(OD_UNUSED int number)
{
}

/* Waits in read() and nowhere else: a poll() before each would cost every start a microsecond. What
 * gets it out of there is a signal. */
static void let_knocks_in(void)
{
	struct sigaction action = { .sa_handler = on_knock }; /* no SA_RESTART */
	sigset_t set;

	(void) sigemptyset(&set);
	(void) sigaddset(&set, SIGRTMIN);
	if (sigaction(SIGRTMIN, &action, NULL) == 0)
		(void) pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static void *work(void *userdata)
{
	struct od_exec_guard *guard = userdata;

	let_knocks_in();
	while (!atomic_load(&guard->stop)) {
		unsigned wanted = atomic_load(&guard->wanted);

		catch_up(guard);
		atomic_store(&guard->heard, wanted);
		atomic_store(&guard->busy_since_ns, 0);
		drain(guard);
	}
	atomic_store(&guard->heard, atomic_load(&guard->wanted));
	return NULL;
}

static int open_group(void)
{
	static const unsigned flags =
		FAN_CLASS_CONTENT | FAN_CLOEXEC | FAN_UNLIMITED_QUEUE | FAN_UNLIMITED_MARKS;
	int fan = fanotify_init(flags, O_RDONLY | O_LARGEFILE | O_CLOEXEC);

	return fan < 0 ? -errno : fan;
}

int od_exec_guard_new(const struct od_exec_guard_parts *parts, struct od_exec_guard **ret)
{
	od_cleanup(od_exec_guard_freep) struct od_exec_guard *guard = calloc(1, sizeof(*guard));
	int r;

	if (!guard)
		return -ENOMEM;
	guard->parts = *parts;
	guard->self = getpid();
	od_host_init(&guard->host);
	guard->fan = open_group();
	if (guard->fan < 0) {
		r = guard->fan;
		return r == -ENOSYS || r == -EINVAL || r == -EPERM ? OD_E_UNSUPPORTED : r;
	}
	od_crash_watch_fd(guard->fan);
	r = od_marks_new(guard->fan, FAN_OPEN_EXEC_PERM, &guard->marks);
	if (r != 0)
		return r;
	*ret = od_take(&guard);
	return 0;
}

int od_exec_guard_start(struct od_exec_guard *guard)
{
	int r = pthread_create(&guard->thread, NULL, work, guard);

	guard->started = r == 0;
	return -r;
}

/* A knock between its last look and its read() goes unheard, hence again until it was heard. */
static void knock(struct od_exec_guard *guard)
{
	static const struct timespec pause = { .tv_nsec = 1000000 };
	unsigned wanted = atomic_fetch_add(&guard->wanted, 1) + 1;

	for (unsigned i = 0; i < KNOCKS; i++) {
		if ((int) (atomic_load(&guard->heard) - wanted) >= 0)
			return;
		if (pthread_kill(guard->thread, SIGRTMIN) != 0)
			return;
		(void) nanosleep(&pause, NULL);
	}
}

void od_exec_guard_forget(struct od_exec_guard *guard)
{
	if (guard->started)
		knock(guard);
}

void od_exec_guard_free(struct od_exec_guard *guard)
{
	if (!guard)
		return;
	/* Thread and marks first would leave programs waiting for them. A flag, a wake-up and the
	 * end of the thread take less than the answer it may be at. */
	atomic_store(&guard->stop, true);
	if (guard->started) {
		od_exec_guard_forget(guard);
		(void) pthread_join(guard->thread, NULL);
	}
	od_crash_forget_fd(guard->fan);
	if (guard->marks && guard->fan >= 0)
		(void) fanotify_mark(
			guard->fan, FAN_MARK_FLUSH | FAN_MARK_FILESYSTEM, 0, AT_FDCWD, NULL);
	od_closep(&guard->fan);
	od_marks_free(guard->marks);
	od_host_done(&guard->host);
	free(guard);
}

struct od_marks *od_exec_guard_marks(struct od_exec_guard *guard)
{
	return guard->marks;
}

bool od_exec_guard_alive(struct od_exec_guard *guard)
{
	int64_t since = atomic_load(&guard->busy_since_ns);

	return since == 0 || monotonic_ns() - since < STUCK_NS;
}

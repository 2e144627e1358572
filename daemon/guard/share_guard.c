/*
 * A notification group with a mark on each folder below the roots of the rules, for the people who
 * have a messenger running; flushed when the last one ends. Opens elsewhere cost nothing.
 *
 * A folder that is opened (a file dialog lists it, somebody makes it and looks) gets its own mark
 * then, which is how new subfolders come in. Not seen: a file in a folder nobody has opened yet, a
 * hard link outside, files passed by the document portal (the opener is the portal).
 *
 * Opens to write are no shares, and neither are the quiet looks of a file dialog (O_NOATIME).
 * Which it is can only be told while the program still holds the file; if it does not, it counts.
 */
#include "guard/share_guard.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/fanotify.h>
#include <sys/stat.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "base/error.h"
#include "guard/fan_event.h"
#include "guard/folders.h"
#include "guard/hold_guard.h"
#include "guard/inspector.h"
#include "guard/proc.h"
#include "guard/share_case.h"

#define DESCRIPTORS_MAX 1024 /* of one process, looked through for the mode of an open */
#define INSPECT_MS      3000 /* nobody waits; the inspector may have to be started first */
#define FOLDER_MASK     (FAN_OPEN | FAN_EVENT_ON_CHILD | FAN_ONDIR)

struct od_share_guard {
	struct od_share_guard_parts parts;
	int fan;
	sd_event_source *source;
	struct od_inspector *inspector;
	struct od_folders folders;
	struct od_hold_guard *hold; /* NULL: no rule blocks */
	bool weaker;
	char buffer[4096] __attribute__((aligned(8)));
};

/* A question on its way to the inspector. */
struct asked {
	struct od_share_guard *guard;
	struct od_share_case *share;
};

static void decide(struct od_share_guard *guard, struct od_share_case *share, bool asked,
	const struct od_inspect_reply *reply)
{
	const struct od_sharing *rule = NULL;
	struct od_decision decision;
	struct od_tell tell;

	od_share_case_decide(share, asked, reply, &decision, &rule);
	if (!rule)
		return;
	od_count(guard->parts.counters, OD_COUNT_SHARES);
	if (decision.verdict == OD_VERDICT_ALLOW)
		return;
	/* It has been opened by now: whatever the rule says, this is a warning. */
	decision.verdict = OD_VERDICT_WARN;
	od_share_case_tell(share, &decision, rule, od_judge_now(guard->parts.judge), &tell);
	if (!od_tells_put(guard->parts.tells, &tell)) {
		od_count(guard->parts.counters, OD_COUNT_LOST);
		od_ruling_done(&tell.ruling);
	}
}

static void on_content(void *userdata, const struct od_inspect_reply *reply)
{
	struct asked *asked = userdata;

	if (!reply)
		od_count(asked->guard->parts.counters, OD_COUNT_DEADLINES);
	decide(asked->guard, asked->share, true, reply);
	od_share_case_free(asked->share);
	free(asked);
}

static void ask(struct od_share_guard *guard, struct od_share_case *share, int fd)
{
	struct asked *asked = calloc(1, sizeof(*asked));

	if (!asked) {
		od_share_case_free(share);
		return;
	}
	asked->guard = guard;
	asked->share = share;
	if (od_inspector_ask(guard->inspector, fd, INSPECT_MS, on_content, asked) != 0)
		on_content(asked, NULL);
}

/* ---- one open */

/* How @pid holds the file open. False: not at all any more. */
static bool open_flags(pid_t pid, const struct stat *wanted, unsigned long *ret)
{
	char path[64], text[256];
	struct dirent *entry;
	unsigned looked = 0;
	bool found = false;
	DIR *folder;

	(void) snprintf(path, sizeof(path), "/proc/%d/fd", (int) pid);
	folder = opendir(path);
	while (folder && !found && looked++ < DESCRIPTORS_MAX &&
		(entry = readdir(folder)) != NULL) {
		struct stat st;
		const char *flags;

		if (entry->d_name[0] == '.' || fstatat(dirfd(folder), entry->d_name, &st, 0) < 0 ||
			st.st_dev != wanted->st_dev || st.st_ino != wanted->st_ino)
			continue;
		if (od_proc_fdinfo(pid, entry->d_name, text, sizeof(text)) < 0)
			continue;
		flags = strstr(text, "flags:");
		found = flags != NULL;
		if (found)
			*ret = strtoul(flags + strlen("flags:"), NULL, 8);
	}
	if (folder)
		(void) closedir(folder);
	return found;
}

static bool is_share(pid_t pid, const struct stat *st)
{
	unsigned long flags;

	if (!open_flags(pid, st, &flags))
		return true;
	if (flags & O_NOATIME)
		return false;
	return (flags & O_ACCMODE) == O_RDONLY ||
	       ((flags & O_ACCMODE) == O_RDWR && st->st_size > 0);
}

static void consider(struct od_share_guard *guard, const struct od_runner *runner,
	const struct od_fan_event *event, const struct stat *st)
{
	od_cleanup(od_share_case_freep) struct od_share_case *share = NULL;

	if (!is_share(event->pid, st))
		return;
	share = od_share_case_new(guard->parts.judge, runner, event->fd, st, true);
	if (share && od_share_case_needs_content(share))
		ask(guard, od_take(&share), event->fd);
	else if (share)
		decide(guard, share, false, NULL);
}

static void handle(struct od_share_guard *guard, const struct od_fan_event *event)
{
	struct od_runner runner;
	struct stat st;

	if (event->pid == getpid() || fstat(event->fd, &st) < 0)
		return;
	if (S_ISDIR(st.st_mode)) {
		od_folders_mark(&guard->folders, event->fd);
		if (guard->hold)
			od_hold_guard_mark(guard->hold, event->fd);
		return;
	}
	if (!S_ISREG(st.st_mode))
		return;
	od_count(guard->parts.counters, OD_COUNT_OPENS);
	if (od_runners_find(guard->parts.runners, event->pid, &runner))
		consider(guard, &runner, event, &st);
}

static int on_events(
	OD_UNUSED sd_event_source *source, int fd, OD_UNUSED uint32_t revents, void *userdata)
{
	struct od_share_guard *guard = userdata;
	struct od_fan_event event;
	size_t offset = 0;
	ssize_t n = read(fd, guard->buffer, sizeof(guard->buffer));

	if (n < 0) {
		if (errno != EAGAIN && errno != EINTR)
			od_count(guard->parts.counters, OD_COUNT_ERRORS);
		return 0;
	}
	while (od_fan_event_next(guard->buffer, (size_t) n, &offset, &event) == OD_FAN_EVENT) {
		if (event.overflow)
			od_count(guard->parts.counters, OD_COUNT_OVERFLOWS);
		if (event.fd < 0)
			continue;
		handle(guard, &event);
		(void) close(event.fd);
	}
	return 0;
}

/* ---- which folders */

static bool seen_before(struct od_runners *runners, size_t index)
{
	uid_t uid = od_runners_at(runners, index)->uid;

	for (size_t i = 0; i < index; i++)
		if (od_runners_at(runners, i)->uid == uid)
			return true;
	return false;
}

/* The most a rule can say, in its mode. */
static enum od_verdict most_of(const struct od_policy *policy, const struct od_sharing *rule)
{
	enum od_verdict most = rule->action;

	if (rule->encrypted > most)
		most = rule->encrypted;
	if (rule->unscannable > most)
		most = rule->unscannable;
	return od_verdict_in_mode(most, rule->has_mode ? rule->mode : policy->mode);
}

static void watch_person(
	struct od_share_guard *guard, const struct od_policy *policy, const struct od_human *human)
{
	od_array_foreach (rule, &policy->sharings) {
		od_folders_mark_rule(&guard->folders, human, rule);
		if (guard->hold && most_of(policy, rule) == OD_VERDICT_BLOCK)
			od_hold_guard_watch(guard->hold, human, rule);
	}
}

static void look_at_rules(struct od_share_guard *guard, const struct od_policy *policy)
{
	bool blocks = false;

	guard->weaker = false;
	for (size_t i = 0; policy && i < policy->sharings.n; i++) {
		enum od_verdict most = most_of(policy, &policy->sharings.items[i]);

		guard->weaker |= most == OD_VERDICT_ASK;
		blocks |= most == OD_VERDICT_BLOCK;
	}
	if (blocks && !guard->hold && od_hold_guard_new(&guard->parts, &guard->hold) != 0)
		od_count(guard->parts.counters, OD_COUNT_ERRORS);
	guard->weaker |= blocks && !guard->hold;
}

void od_share_guard_update(struct od_share_guard *guard)
{
	od_cleanup(od_policy_unrefp) struct od_policy *policy = od_judge_policy(guard->parts.judge);
	struct od_runners *runners = guard->parts.runners;
	size_t n = policy && policy->sharings.n > 0 ? od_runners_count(runners) : 0;

	look_at_rules(guard, policy);
	od_folders_clear(&guard->folders);
	if (guard->hold)
		od_hold_guard_clear(guard->hold);
	for (size_t i = 0; i < n; i++) {
		od_cleanup(od_human_unrefp) struct od_human *human = NULL;

		if (seen_before(runners, i))
			continue;
		human = od_people_get(
			od_judge_people(guard->parts.judge), od_runners_at(runners, i)->uid);
		if (human)
			watch_person(guard, policy, human);
	}
}

bool od_share_guard_alive(struct od_share_guard *guard)
{
	return !guard->hold || od_hold_guard_alive(guard->hold);
}

bool od_share_guard_weaker(const struct od_share_guard *guard)
{
	return guard->weaker;
}

/* ---- life */

int od_share_guard_new(const struct od_share_guard_parts *parts, struct od_share_guard **ret)
{
	od_cleanup(od_share_guard_freep) struct od_share_guard *guard = calloc(1, sizeof(*guard));
	int r;

	if (!guard)
		return -ENOMEM;
	guard->parts = *parts;
	guard->fan =
		fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK | FAN_UNLIMITED_MARKS,
			O_RDONLY | O_LARGEFILE | O_CLOEXEC);
	if (guard->fan < 0)
		return errno == ENOSYS || errno == EPERM ? OD_E_UNSUPPORTED : -errno;
	guard->folders = (struct od_folders){ .fan = guard->fan,
		.mask = FOLDER_MASK,
		.only = parts->only,
		.counters = parts->counters };
	guard->inspector = od_inspector_new(parts->event, parts->inspect_socket);
	if (!guard->inspector)
		return -ENOMEM;
	r = sd_event_add_io(parts->event, &guard->source, guard->fan, EPOLLIN, on_events, guard);
	if (r < 0)
		return r;
	*ret = od_take(&guard);
	return 0;
}

void od_share_guard_free(struct od_share_guard *guard)
{
	if (!guard)
		return;
	od_hold_guard_free(guard->hold);
	od_inspector_free(guard->inspector);
	sd_event_source_disable_unref(guard->source);
	od_closep(&guard->fan);
	free(guard);
}

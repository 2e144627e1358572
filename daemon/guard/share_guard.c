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
#include <grp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/fanotify.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "base/error.h"
#include "guard/fan_event.h"
#include "guard/inspector.h"
#include "guard/proc.h"
#include "model/duty.h"

#define FOLDERS_MAX     4096
#define DEPTH_MAX       16
#define DESCRIPTORS_MAX 1024 /* of one process, looked through for the mode of an open */
#define INSPECT_MS      3000 /* nobody waits; the inspector may have to be started first */
#define FOLDER_MASK     (FAN_OPEN | FAN_EVENT_ON_CHILD | FAN_ONDIR)

struct od_share_guard {
	struct od_share_guard_parts parts;
	int fan;
	sd_event_source *source;
	struct od_inspector *inspector;
	unsigned n_folders;
	bool watching, weaker;
	char buffer[4096] __attribute__((aligned(8)));
};

/* A file a messenger opened, until it is decided. */
struct share {
	struct od_share_guard *guard;
	struct od_policy *policy;
	struct od_human *human;
	const struct od_messenger *messenger; /* of .policy */
	uid_t uid;
	pid_t pid;
	struct stat st;
	char owner[64], group[64];
	char path[PATH_MAX];
};

static void share_free(struct share *share)
{
	if (!share)
		return;
	od_policy_unref(share->policy);
	od_human_unref(share->human);
	free(share);
}
OD_DEFINE_CLEANUP(struct share *, share_free)

/* ---- deciding */

static void cheap_facts(const struct share *share, struct od_file_facts *ret)
{
	*ret = (struct od_file_facts){ .path = share->path,
		.home = share->human->home,
		.xdg = (const char *const *) share->human->xdg,
		.owner = share->owner[0] ? share->owner : NULL,
		.group = share->group[0] ? share->group : NULL,
		.size = (uint64_t) share->st.st_size };
}

static void decide(struct share *share, const struct od_file_facts *facts)
{
	struct od_share_guard *guard = share->guard;
	const struct od_sharing *rule = NULL;
	struct od_tell tell = { .kind = OD_TELL_SHARED,
		.uid = share->uid,
		.pid = share->pid,
		.direction = OD_DIRECTION_SEND };
	const char *slash = strrchr(share->path, '/');

	od_share_decide(share->policy, &share->human->person, share->messenger, OD_DIRECTION_SEND,
		facts, &tell.ruling.decision, &rule);
	if (!rule)
		return;
	od_count(guard->parts.counters, OD_COUNT_SHARES);
	if (tell.ruling.decision.verdict == OD_VERDICT_ALLOW)
		return;
	/* It has been opened by now: whatever the rule says, this is a warning. */
	tell.ruling.decision.verdict = OD_VERDICT_WARN;
	tell.ruling.at_us = od_judge_now(guard->parts.judge);
	tell.thing = (uint64_t) share->st.st_dev * 1000003u ^ share->st.st_ino;
	tell.remember_us = rule->remember_us;
	(void) snprintf(tell.name, sizeof(tell.name), "%.255s", slash ? slash + 1 : share->path);
	tell.ruling.messenger = share->messenger;
	tell.ruling.policy = od_take(&share->policy);
	tell.ruling.human = od_take(&share->human);
	if (!od_tells_put(guard->parts.tells, &tell)) {
		od_count(guard->parts.counters, OD_COUNT_LOST);
		od_ruling_done(&tell.ruling);
	}
}

static void on_content(void *userdata, const struct od_inspect_reply *reply)
{
	od_cleanup(share_freep) struct share *share = userdata;
	const char *labels[OD_INSPECT_LABELS_MAX + 1] = { NULL };
	struct od_detected detected[OD_INSPECT_DETECTORS_MAX];
	struct od_file_facts facts;

	cheap_facts(share, &facts);
	facts.have_content = true;
	facts.unscannable = !reply || (reply->flags & OD_INSPECT_UNSCANNABLE);
	if (!reply)
		od_count(share->guard->parts.counters, OD_COUNT_DEADLINES);
	for (uint32_t i = 0; reply && i < reply->n_labels; i++)
		labels[i] = reply->labels[i];
	for (uint32_t i = 0; reply && i < reply->n_detected; i++)
		detected[i] =
			(struct od_detected){ reply->detected[i].name, reply->detected[i].count };
	if (reply) {
		facts.mime = reply->mime[0] ? reply->mime : NULL;
		facts.encrypted = reply->flags & OD_INSPECT_ENCRYPTED;
		facts.detected = detected;
		facts.n_detected = reply->n_detected;
	}
	facts.labels = labels;
	decide(share, &facts);
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

static bool asks_group(const struct od_policy *policy)
{
	od_array_foreach (rule, &policy->sharings)
		if (rule->groups_of_file.n > 0)
			return true;
	return false;
}

static void name_owner(struct share *share)
{
	od_cleanup(od_human_unrefp) struct od_human *owner =
		od_people_get(od_judge_people(share->guard->parts.judge), share->st.st_uid);
	struct group group, *found = NULL;
	char buffer[16384];

	if (owner)
		(void) snprintf(share->owner, sizeof(share->owner), "%s", owner->person.name);
	else if (share->st.st_uid == 0)
		(void) snprintf(share->owner, sizeof(share->owner), "root");
	/* The main thread may wait for the name service: starts are answered elsewhere. */
	if (asks_group(share->policy) &&
		getgrgid_r(share->st.st_gid, &group, buffer, sizeof(buffer), &found) == 0 && found)
		(void) snprintf(share->group, sizeof(share->group), "%s", found->gr_name);
}

static int read_path(int fd, char path[PATH_MAX])
{
	char link[64];
	ssize_t n;

	(void) snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, PATH_MAX - 1);
	if (n < 0)
		return -errno;
	path[n] = '\0';
	return 0;
}

static void consider(struct od_share_guard *guard, const struct od_runner *runner,
	const struct od_fan_event *event, const struct stat *st)
{
	od_cleanup(share_freep) struct share *share = calloc(1, sizeof(*share));
	struct od_file_facts facts;

	if (!share || read_path(event->fd, share->path) < 0 || !is_share(event->pid, st))
		return;
	share->guard = guard;
	share->st = *st;
	share->uid = runner->uid;
	share->pid = event->pid;
	share->policy = od_judge_policy(guard->parts.judge);
	share->human = od_people_get(od_judge_people(guard->parts.judge), runner->uid);
	if (!share->policy || !share->policy->catalogue || !share->human)
		return;
	share->messenger = od_catalogue_find(share->policy->catalogue, runner->messenger);
	if (!share->messenger)
		return;
	name_owner(share);
	cheap_facts(share, &facts);
	if (!od_share_needs_content(share->policy, &share->human->person, share->messenger,
		    OD_DIRECTION_SEND, &facts))
		decide(share, &facts);
	else if (od_inspector_ask(guard->inspector, event->fd, INSPECT_MS, on_content, share) == 0)
		(void) od_take(&share); /* on_content() has it now */
	else
		on_content(od_take(&share), NULL);
}

static void watch_folder(struct od_share_guard *guard, int fd);

static void handle(struct od_share_guard *guard, const struct od_fan_event *event)
{
	const struct od_runner *runner;
	struct stat st;

	if (event->pid == getpid() || fstat(event->fd, &st) < 0)
		return;
	if (S_ISDIR(st.st_mode)) {
		watch_folder(guard, event->fd);
		return;
	}
	if (!S_ISREG(st.st_mode))
		return;
	od_count(guard->parts.counters, OD_COUNT_OPENS);
	runner = od_runners_find(guard->parts.runners, event->pid);
	if (runner)
		consider(guard, runner, event, &st);
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

static bool on_wanted_filesystem(const struct od_share_guard *guard, dev_t device)
{
	struct stat st;

	if (!guard->parts.only)
		return true;
	for (const char *const *at = guard->parts.only; *at; at++)
		if (stat(*at, &st) == 0 && st.st_dev == device)
			return true;
	return false;
}

static void watch_folder(struct od_share_guard *guard, int fd)
{
	if (guard->n_folders >= FOLDERS_MAX)
		return;
	if (fanotify_mark(guard->fan, FAN_MARK_ADD, FOLDER_MASK, fd, NULL) == 0)
		guard->n_folders++;
	else
		od_count(guard->parts.counters, OD_COUNT_ERRORS);
}

/* Takes @fd over. */
static void watch_below(struct od_share_guard *guard, int fd, unsigned depth)
{
	struct dirent *entry;
	struct stat st;
	DIR *folder;

	if (fstat(fd, &st) < 0 || !on_wanted_filesystem(guard, st.st_dev)) {
		(void) close(fd);
		return;
	}
	watch_folder(guard, fd);
	folder = fdopendir(fd);
	if (!folder) {
		(void) close(fd);
		return;
	}
	while (depth < DEPTH_MAX && guard->n_folders < FOLDERS_MAX &&
		(entry = readdir(folder)) != NULL) {
		int child;

		if (entry->d_type != DT_DIR || strcmp(entry->d_name, ".") == 0 ||
			strcmp(entry->d_name, "..") == 0)
			continue;
		child = openat(dirfd(folder), entry->d_name,
			O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
		if (child >= 0)
			watch_below(guard, child, depth + 1);
	}
	(void) closedir(folder);
}

/* A rule without a folder of its own ("/" or none) is watched in the person's home. */
static void watch_root(struct od_share_guard *guard, const struct od_human *human, const char *root)
{
	/* In a unit's sandbox homes are only to be found the way process 1 sees them. */
	static const char *const ways[] = { "", "/proc/1/root" };
	char path[PATH_MAX];
	int fd = -1;

	if (strcmp(root, "/") == 0)
		root = human->home;
	for (size_t i = 0; root && fd < 0 && i < OD_ELEMENTS(ways); i++)
		if (snprintf(path, sizeof(path), "%s%s", ways[i], root) < PATH_MAX)
			fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0)
		watch_below(guard, fd, 0);
}

static void watch_rule(
	struct od_share_guard *guard, const struct od_human *human, const struct od_sharing *rule)
{
	const struct od_file_facts facts = { .home = human->home,
		.xdg = (const char *const *) human->xdg };
	char root[PATH_MAX];

	if (rule->direction != OD_DIRECTION_SEND ||
		od_who_rank(&rule->who, &human->person) == OD_RANK_NONE)
		return;
	od_array_foreach (pattern, &rule->paths) {
		if (od_share_path_root(*pattern, &facts, root, sizeof(root)) == 0)
			watch_root(guard, human, root);
	}
	if (rule->paths.n == 0)
		watch_root(guard, human, "/");
}

static bool seen_before(const struct od_runners *runners, size_t index)
{
	uid_t uid = od_runners_at(runners, index)->uid;

	for (size_t i = 0; i < index; i++)
		if (od_runners_at(runners, i)->uid == uid)
			return true;
	return false;
}

static bool rule_is_weaker(const struct od_policy *policy, const struct od_sharing *rule)
{
	enum od_mode mode = rule->has_mode ? rule->mode : policy->mode;
	enum od_verdict most = rule->action;

	if (rule->encrypted > most)
		most = rule->encrypted;
	if (rule->unscannable > most)
		most = rule->unscannable;
	return od_verdict_in_mode(most, mode) > OD_VERDICT_WARN;
}

void od_share_guard_update(struct od_share_guard *guard)
{
	od_cleanup(od_policy_unrefp) struct od_policy *policy = od_judge_policy(guard->parts.judge);
	const struct od_runners *runners = guard->parts.runners;

	guard->weaker = false;
	for (size_t i = 0; policy && i < policy->sharings.n; i++)
		guard->weaker |= rule_is_weaker(policy, &policy->sharings.items[i]);
	if (guard->watching && fanotify_mark(guard->fan, FAN_MARK_FLUSH, 0, AT_FDCWD, NULL) < 0)
		od_count(guard->parts.counters, OD_COUNT_ERRORS);
	guard->watching = policy && policy->sharings.n > 0 && od_runners_count(runners) > 0;
	guard->n_folders = 0;
	for (size_t i = 0; guard->watching && i < od_runners_count(runners); i++) {
		od_cleanup(od_human_unrefp) struct od_human *human = NULL;

		if (seen_before(runners, i))
			continue;
		human = od_people_get(
			od_judge_people(guard->parts.judge), od_runners_at(runners, i)->uid);
		od_array_foreach (rule, &policy->sharings) {
			if (human)
				watch_rule(guard, human, rule);
		}
	}
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
	od_inspector_free(guard->inspector);
	sd_event_source_disable_unref(guard->source);
	od_closep(&guard->fan);
	free(guard);
}

/*
 * One look through /proc, then a pidfd for each, compared by start time before it is used: a number
 * that went to another process in between is left alone. Processes of another uid are never touched.
 */
#include "guard/tree.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/array.h"
#include "guard/proc.h"

#define DEPTH_MAX 16

struct process {
	pid_t pid, parent;
	uint64_t start;
};
typedef OD_ARRAY(struct process) process_list;

/* ---- units --------------------------------------------------------------------------------------- */

/* "\x2d" is how the service manager writes what has a meaning in names of units. */
static void unescape(char *text)
{
	char *to = text;

	for (const char *at = text; *at; at++) {
		unsigned value;

		if (at[0] == '\\' && at[1] == 'x' && sscanf(at + 2, "%2x", &value) == 1 && value) {
			*to++ = (char) value;
			at += 3;
		} else {
			*to++ = *at;
		}
	}
	*to = '\0';
}

static bool among(const od_strings *list, const char *id)
{
	od_array_foreach (item, list)
		if (strcmp(*item, id) == 0)
			return true;
	return false;
}

static bool is_id_of(const char *id, const struct od_messenger *messenger)
{
	return among(&messenger->desktops, id) || among(&messenger->flatpaks, id);
}

/* app[-LAUNCHER]-ID-RANDOM.scope, app[-LAUNCHER]-ID[@RANDOM].service */
bool od_tree_is_own_unit(const char *cgroup, const struct od_messenger *messenger)
{
	const char *base = strrchr(cgroup, '/');
	char name[256], *end, *dash;

	base = base ? base + 1 : cgroup;
	if (strncmp(base, "app-", 4) != 0 ||
		snprintf(name, sizeof(name), "%s", base + 4) >= (int) sizeof(name))
		return false;
	end = strrchr(name, '.');
	if (!end)
		return false;
	*end++ = '\0';
	if (strcmp(end, "scope") == 0) {
		end = strrchr(name, '-');
		if (!end)
			return false;
		*end = '\0';
	} else if (strcmp(end, "service") == 0) {
		name[strcspn(name, "@")] = '\0';
	} else {
		return false;
	}
	dash = strchr(name, '-');
	if (dash) {
		char id[256];

		(void) snprintf(id, sizeof(id), "%s", dash + 1);
		unescape(id);
		if (is_id_of(id, messenger))
			return true;
	}
	unescape(name);
	return is_id_of(name, messenger);
}

/* ---- processes ----------------------------------------------------------------------------------- */

bool od_tree_is_part(const char *root_exe, const char *exe)
{
	static const char *const shared[] = { "/bin", "/sbin", "/usr/bin", "/usr/sbin",
		"/usr/games", "/usr/local/bin", "/usr/local/sbin", "" };
	const char *slash = strrchr(root_exe, '/');
	size_t length = slash ? (size_t) (slash - root_exe) : 0;

	if (strcmp(root_exe, exe) == 0)
		return true;
	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
		if (strlen(shared[i]) == length && strncmp(root_exe, shared[i], length) == 0)
			return false;
	return strncmp(exe, root_exe, length + 1) == 0 && !strchr(exe + length + 1, '/');
}

static bool read_exe(pid_t pid, char path[PATH_MAX])
{
	char link[64];
	ssize_t n;

	(void) snprintf(link, sizeof(link), "/proc/%d/exe", (int) pid);
	n = readlink(link, path, PATH_MAX - 1);
	if (n <= 0)
		return false;
	path[n] = '\0';
	return true;
}

static void list_processes(process_list *ret)
{
	struct dirent *entry;
	DIR *folder = opendir("/proc");

	while (folder && (entry = readdir(folder)) != NULL) {
		struct process process = { .pid = (pid_t) strtol(entry->d_name, NULL, 10) };
		struct process *slot;

		if (process.pid <= 1 || od_proc_parent(process.pid, &process.parent) < 0 ||
			od_proc_start(process.pid, &process.start) < 0)
			continue;
		slot = od_array_add(ret);
		if (slot)
			*slot = process;
	}
	if (folder)
		(void) closedir(folder);
}

static const struct process *find(const process_list *list, pid_t pid)
{
	od_array_foreach (process, list)
		if (process->pid == pid)
			return process;
	return NULL;
}

static bool is_below(const process_list *list, const struct process *process, pid_t root)
{
	for (unsigned i = 0; process && i < DEPTH_MAX; i++) {
		if (process->parent == root)
			return true;
		process = find(list, process->parent);
	}
	return false;
}

static bool signal_one(const struct process *process, uid_t uid, int number)
{
	od_cleanup(od_closep) int fd = (int) syscall(SYS_pidfd_open, process->pid, 0);
	uint64_t start;
	uid_t owner;

	return fd >= 0 && od_proc_start(process->pid, &start) == 0 && start == process->start &&
	       od_proc_uid(process->pid, &owner) == 0 && owner == uid &&
	       syscall(SYS_pidfd_send_signal, fd, number, NULL, 0) == 0;
}

static bool belongs(const process_list *list, const struct process *process,
	const struct od_runner *runner, const char *root_exe, const char *unit)
{
	char path[PATH_MAX];

	if (process->pid == runner->pid)
		return process->start == runner->start;
	if (unit && od_proc_cgroup(process->pid, path, sizeof(path)) == 0 &&
		strcmp(path, unit) == 0)
		return true;
	return *root_exe && is_below(list, process, runner->pid) && read_exe(process->pid, path) &&
	       od_tree_is_part(root_exe, path);
}

unsigned od_tree_signal(
	const struct od_runner *runner, const struct od_messenger *messenger, int number)
{
	const char *unit =
		runner->cgroup[0] && messenger && od_tree_is_own_unit(runner->cgroup, messenger)
			? runner->cgroup
			: NULL;
	char root_exe[PATH_MAX];
	process_list list = { 0 };
	unsigned sent = 0;

	list_processes(&list);
	if (!read_exe(runner->pid, root_exe))
		root_exe[0] = '\0';
	/* The root last: with it goes what tells its children from others. */
	od_array_foreach (process, &list)
		if (process->pid != runner->pid && process->pid != getpid() &&
			belongs(&list, process, runner, root_exe, unit))
			sent += signal_one(process, runner->uid, number);
	od_array_foreach (process, &list)
		if (process->pid == runner->pid && process->start == runner->start)
			sent += signal_one(process, runner->uid, number);
	free(list.items);
	return sent;
}

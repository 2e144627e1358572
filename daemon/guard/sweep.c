/*
 * After a restart of the guard nobody starts anew, so whoever runs is found by the name of its
 * executable, or by its sandbox. A messenger run by an interpreter is not found this way.
 */
#include "guard/sweep.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "guard/identity.h"
#include "guard/proc.h"

void od_sweep_note(
	struct od_runners *runners, pid_t pid, uint64_t start, uid_t uid, const char *messenger)
{
	struct od_runner runner = { .pid = pid, .start = start, .uid = uid };
	char cgroup[sizeof(runner.cgroup)];

	(void) snprintf(runner.messenger, sizeof(runner.messenger), "%s", messenger);
	if (od_proc_cgroup(pid, cgroup, sizeof(cgroup)) == 0 && od_runners_own_cgroup(cgroup))
		memcpy(runner.cgroup, cgroup, sizeof(cgroup));
	/* Full, or gone already: then its opens are not looked at. */
	if (od_runners_add(runners, &runner) != 0)
		return;
}

static bool read_exe(pid_t pid, char path[PATH_MAX])
{
	char link[64];
	ssize_t n;

	(void) snprintf(link, sizeof(link), "/proc/%d/exe", (int) pid);
	n = readlink(link, path, PATH_MAX - 1);
	if (n <= 0)
		return false; /* a thread of the kernel, or gone */
	path[n] = '\0';
	return true;
}

static bool look_at(
	struct od_judge *judge, struct od_runners *runners, const uint64_t hosts[2], pid_t pid)
{
	char path[PATH_MAX], home[PATH_MAX], flatpak[256], snap[128], cgroup[1024];
	struct od_program program = { .path = path };
	struct od_ruling ruling = { 0 };
	uint64_t namespace, start;
	uid_t uid;

	if (!read_exe(pid, path) || od_proc_uid(pid, &uid) < 0 || od_proc_start(pid, &start) < 0 ||
		od_proc_mount_namespace(pid, &namespace) < 0)
		return false;
	if (od_people_home_of(od_judge_people(judge), path, home, sizeof(home)))
		program.home = home;
	if (namespace != hosts[0] && namespace != hosts[1]) {
		if (od_proc_flatpak(pid, flatpak, sizeof(flatpak)) == 0)
			program.flatpak = flatpak;
		else if (od_proc_cgroup(pid, cgroup, sizeof(cgroup)) == 0 &&
			 od_proc_snap_of(cgroup, path, snap, sizeof(snap)))
			program.snap = snap;
	}
	if (!od_judge_match(judge, &program, &ruling))
		return false;
	if (od_launch_governs(ruling.policy, uid))
		od_sweep_note(runners, pid, start, uid, ruling.messenger->id);
	od_ruling_done(&ruling);
	return true;
}

static bool is_covered(struct od_marks *marks, pid_t pid)
{
	char link[64];
	struct statx stx;

	(void) snprintf(link, sizeof(link), "/proc/%d/exe", (int) pid);
	/* No server of a network or a user is asked for it. */
	return statx(AT_FDCWD, link, AT_STATX_DONT_SYNC, STATX_TYPE, &stx) == 0 &&
	       od_marks_covers(marks, makedev(stx.stx_dev_major, stx.stx_dev_minor));
}

unsigned od_sweep(struct od_judge *judge, struct od_runners *runners, struct od_marks *marks)
{
	struct dirent *entry;
	uint64_t hosts[2] = { 0, 0 }; /* mount namespaces of process 1 and of the guard */
	unsigned found = 0;
	DIR *folder = opendir("/proc");

	if (od_proc_mount_namespace(1, &hosts[0]) < 0 ||
		od_proc_mount_namespace(getpid(), &hosts[1]) < 0)
		hosts[0] = hosts[1]; /* each is then looked at for a sandbox */
	while (folder && (entry = readdir(folder)) != NULL) {
		pid_t pid = (pid_t) strtol(entry->d_name, NULL, 10);

		if (pid > 0 && (!marks || is_covered(marks, pid)))
			found += look_at(judge, runners, hosts, pid);
	}
	if (folder)
		(void) closedir(folder);
	return found;
}

/*
 * A file is known by its inode; its name only says what to compare it with. So a name counts for
 * remembering only where ordinary people cannot make it up: seen from the host's mount namespace,
 * with a single link, not below a sandbox's folder. A file bind-mounted under another name inside
 * somebody's own namespace is judged by that name, this once.
 */
#include "guard/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"

#ifndef STATX_MNT_ID
#define STATX_MNT_ID 0x1000u
#endif
#ifndef STATX_MNT_ID_UNIQUE
#define STATX_MNT_ID_UNIQUE 0x4000u
#endif

/* Change times before Linux 6.13 are as coarse as a tick; one that young may be the last of two. */
#define YOUNG_S 2

void od_host_init(struct od_host *host)
{
	memset(host, 0, sizeof(*host));
	host->descriptors = open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

void od_host_done(struct od_host *host)
{
	od_closep(&host->descriptors);
}

/* The open file keeps its mount, and so the mount's number, from going to another one meanwhile. */
static bool is_listed(int fd)
{
	struct statx stx;

	return statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &stx) == 0 &&
	       (stx.stx_mask & STATX_MNT_ID) &&
	       (od_proc_has_mount(1, stx.stx_mnt_id) ||
		       od_proc_has_mount(getpid(), stx.stx_mnt_id));
}

/*
 * Not asked by the process's namespace: through /proc/PID/root anybody reaches the mounts of a
 * namespace of their own, and names in it are of their making.
 */
static bool is_host(struct od_host *host, int fd)
{
	struct statx stx;
	size_t at;

	/* Before Linux 6.8 the numbers are given out again: looked up each time. */
	if (statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID_UNIQUE, &stx) < 0 ||
		!(stx.stx_mask & STATX_MNT_ID_UNIQUE) || stx.stx_mnt_id == 0)
		return is_listed(fd);
	at = stx.stx_mnt_id % OD_HOST_MOUNTS;
	if (host->mounts[at].id != stx.stx_mnt_id) {
		host->mounts[at].host = is_listed(fd);
		host->mounts[at].id = stx.stx_mnt_id;
	}
	return host->mounts[at].host;
}

static int read_path(const struct od_host *host, int fd, struct od_identity *id)
{
	char link[16];
	ssize_t n;
	char *slash;

	(void) snprintf(link, sizeof(link), "%d", fd);
	n = readlinkat(host->descriptors, link, id->path, sizeof(id->path) - 1);
	if (n < 0)
		return -errno;
	id->path[n] = '\0';
	slash = strrchr(id->path, '/');
	id->base = slash ? slash + 1 : id->path;
	return 0;
}

/* Which sandbox a process of another mount namespace lives in. */
static void read_sandbox(struct od_identity *id, pid_t pid)
{
	char cgroup[1024];

	if (od_proc_flatpak(pid, id->flatpak, sizeof(id->flatpak)) != 0)
		id->flatpak[0] = '\0';
	if (id->flatpak[0])
		return;
	if (od_proc_cgroup(pid, cgroup, sizeof(cgroup)) < 0)
		cgroup[0] = '\0';
	if (!od_proc_snap_of(cgroup, id->path, id->snap, sizeof(id->snap)))
		id->snap[0] = '\0';
}

static bool is_started(const void *userdata, const char *file)
{
	return od_launcher_is_started(*(const enum od_launcher *) userdata, file);
}

bool od_identity_is_interpreter(pid_t pid)
{
	char file[256];

	/* Another name than a loader's was given to execve(), so another program came first. */
	return pid > 0 && od_proc_exec_file(pid, file, sizeof(file)) == 0 && file[0] &&
	       !od_launcher_is_started(OD_LAUNCHER_LOADER, file);
}

int od_identity_read(
	struct od_identity *id, struct od_host *host, struct od_people *people, int fd, pid_t pid)
{
	int r = read_path(host, fd, id);

	if (r < 0)
		return r;
	id->host = is_host(host, fd);
	id->launcher = od_launcher_of(id->base);
	id->direct = id->launcher != OD_LAUNCHER_NONE && pid > 0 &&
		     od_proc_exec_args(pid, is_started, &id->launcher, &id->args) == 0 &&
		     od_launcher_read(id->launcher, id->args.file, id->args.argv, &id->launched);
	/* Every dynamic program brings its loader in: that is no program of its own. */
	id->nothing = id->launcher == OD_LAUNCHER_LOADER && !id->direct;
	if (id->nothing)
		return 0;
	id->flatpak[0] = id->snap[0] = '\0';
	if (!id->host && pid > 0)
		read_sandbox(id, pid);
	if (!od_people_home_of(people, id->path, id->home, sizeof(id->home)))
		id->home[0] = '\0';
	return 0;
}

static const char *filled(const char *text)
{
	return text[0] ? text : NULL;
}

bool od_identity_match(const struct od_identity *id, struct od_judge *judge, struct od_ruling *ret)
{
	struct od_program program = { .path = id->path,
		.home = filled(id->home),
		.flatpak = filled(id->flatpak),
		.snap = filled(id->snap) };
	const char *one[] = { id->launched.program, NULL };

	if (od_judge_match(judge, &program, ret))
		return true;
	if (!id->direct)
		return false;
	/* What the launcher was told to run: by its arguments' own patterns, then by name. */
	program.argv = id->launcher == OD_LAUNCHER_JAVA ? id->args.argv : one;
	program.flatpak = filled(id->launched.flatpak);
	program.snap = filled(id->launched.snap);
	if (od_judge_match(judge, &program, ret))
		return true;
	program.argv = NULL;
	program.path = id->launched.program;
	return program.path && od_judge_match(judge, &program, ret);
}

/* Below these, the same file is another program to those outside and inside of a sandbox. */
static bool in_bundle(const char *path)
{
	return strstr(path, "/flatpak/") || strncmp(path, "/snap/", 6) == 0 ||
	       strncmp(path, "/var/lib/snapd/", 15) == 0;
}

static bool deleted(const char *path)
{
	size_t length = strlen(path);

	return length >= 10 && strcmp(path + length - 10, " (deleted)") == 0;
}

static bool has_one_name(const struct od_identity *id, const struct stat *st, int64_t now_s)
{
	int64_t age = now_s - st->st_ctim.tv_sec;

	return id->host && S_ISREG(st->st_mode) && st->st_nlink == 1 && !in_bundle(id->path) &&
	       !deleted(id->path) && age >= YOUNG_S;
}

bool od_identity_is_lasting(const struct od_identity *id, const struct stat *st, int64_t now_s)
{
	return id->launcher == OD_LAUNCHER_NONE && has_one_name(id, st, now_s);
}

bool od_identity_is_lasting_loader(
	const struct od_identity *id, const struct stat *st, int64_t now_s)
{
	return id->launcher == OD_LAUNCHER_LOADER && has_one_name(id, st, now_s);
}

bool od_identity_is_roots(const struct od_identity *id, const struct stat *st)
{
	return st->st_uid == 0 && (st->st_mode & (S_IWGRP | S_IWOTH)) == 0 && !id->home[0];
}

/*
 * What is about to run: from the event's descriptor and /proc of the process that waits, nothing
 * else. No path is opened on a guarded filesystem.
 */
#pragma once

#include <limits.h>
#include <sys/stat.h>

#include "guard/judge.h"
#include "guard/launcher.h"
#include "guard/proc.h"

struct od_identity {
	char path[PATH_MAX]; /* as the kernel names it: a hint */
	const char *base;    /* within .path */
	bool host;           /* seen through a mount of the host: nobody but root made that path */
	enum od_launcher launcher;
	bool nothing; /* a loader on a program's behalf: nothing else is filled in */
	bool direct;  /* the launcher itself was started, and .launched says for what */
	struct od_launched launched;
	char flatpak[256], snap[128]; /* "": none */
	char home[PATH_MAX];          /* of the person in whose home it lies; "": nobody's */
	struct od_exec_args args;
};

/* Mounts of the host (of process 1 or of the guard), and not of somebody's own namespace. One thread
 * uses it. */
#define OD_HOST_MOUNTS 64

struct od_host {
	int descriptors; /* /proc/self/fd; -1: none */
	struct {
		uint64_t id; /* never given to another mount; 0: free */
		bool host;
	} mounts[OD_HOST_MOUNTS];
};
void od_host_init(struct od_host *host);
void od_host_done(struct od_host *host);

/* Return: 0, -errno (the file's name could not be read). Everything else that cannot be read is
 * left empty. */
int od_identity_read(struct od_identity *id, struct od_host *host, struct od_people *people, int fd,
	pid_t pid) OD_CHECK;
/* Whether @pid, of which the loader in @fd is asked about, does not run that loader itself but brings
 * it in for a program that was asked about already. */
bool od_identity_is_interpreter(pid_t pid);

/* Whether it is a messenger; fills in policy and messenger of @ret. */
bool od_identity_match(const struct od_identity *id, struct od_judge *judge, struct od_ruling *ret);

/* May "no messenger" be remembered for the inode, whoever runs it next and with whatever
 * arguments? @st of the file, @now_s: CLOCK_REALTIME, the clock of change times. */
bool od_identity_is_lasting(const struct od_identity *id, const struct stat *st, int64_t now_s);
/* The same of "a loader": whatever name it is seen under elsewhere. */
bool od_identity_is_lasting_loader(
	const struct od_identity *id, const struct stat *st, int64_t now_s);
/* May the kernel even be told not to ask again? Only for what nobody but root can change. */
bool od_identity_is_roots(const struct od_identity *id, const struct stat *st);

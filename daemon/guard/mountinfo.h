/* /proc/PID/mountinfo as a list, and which filesystems can be guarded. Pure. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "base/array.h"

struct od_mount {
	char *point; /* where it is mounted, escapes undone */
	char *type;  /* "ext4", "fuse.sshfs" */
	char *root;  /* what of the filesystem is mounted */
	dev_t device;
	unsigned id;
};

struct od_mounts {
	OD_ARRAY(struct od_mount) list;
	unsigned faulty; /* lines that made no sense, left out */
};

#define OD_MOUNTS_MAX 20000

/* Adds to @ret. Return: 0, OD_E_LIMIT (the first OD_MOUNTS_MAX are in @ret), -ENOMEM. */
int od_mountinfo_parse(const char *text, size_t size, struct od_mounts *ret) OD_CHECK;
void od_mounts_done(struct od_mounts *mounts);

enum od_fs_class {
	OD_FS_LOCAL,   /* an inode stands for a file: may be remembered */
	OD_FS_OVERLAY, /* guarded, never remembered */
	OD_FS_NETWORK, /* the server could keep the guard waiting */
	OD_FS_FUSE,    /* the same, and the server is a user's program */
	OD_FS_KERNEL,  /* no programs in there */
};

enum od_fs_class od_fs_classify(const char *type);

/*
 * What /proc tells of a process that waits in execve() for the guard: bounded reads, no name service.
 *
 * The image is still the old one then; the new arguments are only in the system call's own.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/cleanup.h"

/* Real uid. Return: 0, -errno (gone). */
int od_proc_uid(pid_t pid, uid_t *ret) OD_CHECK;
/* The process a thread belongs to. Return: 0, -errno. */
int od_proc_group_of(pid_t thread, pid_t *ret) OD_CHECK;
/* Parent. Return: 0, -errno. */
int od_proc_parent(pid_t pid, pid_t *ret) OD_CHECK;
/* Start time in clock ticks since boot: with the pid, a process. Return: 0, -errno. */
int od_proc_start(pid_t pid, uint64_t *ret) OD_CHECK;
/* Identity of its mount namespace. Return: 0, -errno. */
int od_proc_mount_namespace(pid_t pid, uint64_t *ret) OD_CHECK;
/* Whether mount @id is one of its mount namespace now. */
bool od_proc_has_mount(pid_t pid, uint64_t id);
/* The line of the unified hierarchy ("/user.slice/..."). Return: 0, -errno. */
int od_proc_cgroup(pid_t pid, char *path, size_t size) OD_CHECK;
/* /proc/PID/fdinfo/@name, at most @size - 1 bytes. Return: 0, -errno. */
int od_proc_fdinfo(pid_t pid, const char *name, char *text, size_t size) OD_CHECK;
/* Application id of /.flatpak-info in its root. Return: 0, OD_E_NOT_FOUND, -errno. */
int od_proc_flatpak(pid_t pid, char *id, size_t size) OD_CHECK;

#define OD_EXEC_ARGS_MAX 64
#define OD_EXEC_TEXT_MAX 8192

struct od_exec_args {
	const char *file;                       /* as given to execve(); "" by descriptor */
	const char *argv[OD_EXEC_ARGS_MAX + 1]; /* NULL-terminated; what was cut off is missing */
	size_t n;
	char text[OD_EXEC_TEXT_MAX];
};

/*
 * od_proc_exec_args() - the arguments of the execve() @pid is in
 * @wanted: whether those of an execve() of @file are worth reading; NULL: always
 *
 * Another thread of that program may change them while they are read, so they are a hint.
 *
 * Return: 0, OD_E_NOT_FOUND (not in execve, or not wanted), -errno.
 */
typedef bool (*od_exec_wanted_fn)(const void *userdata, const char *file);
int od_proc_exec_args(pid_t pid, od_exec_wanted_fn wanted, const void *userdata,
	struct od_exec_args *ret) OD_CHECK;

/* The file's name alone, cut at @size - 1. Return: 0, OD_E_NOT_FOUND (not in execve, or the name is not
 * in memory), -errno. */
int od_proc_exec_file(pid_t pid, char *file, size_t size) OD_CHECK;

/* Flags of the open() family call @thread is in. Return: 0, OD_E_NOT_FOUND (another call), -errno. */
int od_proc_open_flags(pid_t thread, uint64_t *ret) OD_CHECK;

/* Pure parts, for tests. */
int od_proc_parse_status_uid(const char *text, uid_t *ret) OD_CHECK;
int od_proc_parse_stat(const char *text, pid_t *ret_parent, uint64_t *ret_start) OD_CHECK;
int od_proc_parse_flatpak_info(const char *text, size_t size, char *id, size_t room) OD_CHECK;
/* "59 0xADDRESS 0xADDRESS ...": number and first arguments of a system call. */
int od_proc_parse_syscall(const char *text, long *ret_number, uint64_t ret_args[4]) OD_CHECK;
/* Whether "offduty.disable" is a word of the kernel's command line. */
bool od_proc_is_disabled(const char *command_line);
/* Name of the snap in a cgroup path or a path of a program below /snap; false: none. */
bool od_proc_snap_of(const char *cgroup, const char *path, char *name, size_t size);

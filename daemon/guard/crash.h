/*
 * Let go of every program that waits for a verdict, on whatever way this process ends.
 *
 * Closing the fanotify group answers "allow" to all of them. A core dump takes seconds and may need
 * an exec itself, so the group is closed in the signal handler, before the dump.
 */
#pragma once

/* Handlers for SIGSEGV and its like: close, then die of the same signal. */
void od_crash_install(void);
/* @fd is closed on a crash. At most four; -1 does nothing. */
void od_crash_watch_fd(int fd);
/* @fd was closed otherwise. */
void od_crash_forget_fd(int fd);

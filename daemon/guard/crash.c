/*
 * The descriptors are the one global of the guard: a signal handler gets no argument, and only
 * lock-free atomics and async-signal-safe calls are allowed in it.
 */
#include "guard/crash.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

static _Atomic int watched[4] = { -1, -1, -1, -1 };

static void let_go(int signal_number)
{
	for (int i = 0; i < 4; i++) {
		int fd = atomic_exchange(&watched[i], -1);

		if (fd >= 0)
			(void) close(fd);
	}
	(void) raise(signal_number); /* SA_RESETHAND: the default action now */
}

void od_crash_install(void)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGSYS, SIGTRAP };
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = let_go;
	action.sa_flags = (int) (SA_RESETHAND | SA_NODEFER);
	(void) sigemptyset(&action.sa_mask);
	for (unsigned i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		(void) sigaction(signals[i], &action, NULL);
}

static void swap(int from, int to)
{
	for (int i = 0; i < 4; i++) {
		int expected = from;

		if (atomic_compare_exchange_strong(&watched[i], &expected, to))
			return;
	}
}

void od_crash_watch_fd(int fd)
{
	if (fd >= 0)
		swap(-1, fd);
}

void od_crash_forget_fd(int fd)
{
	if (fd >= 0)
		swap(fd, -1);
}

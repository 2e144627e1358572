/*
 * The child is known by a pidfd, so that the process that is ended is always our own child, never
 * one that got its number later. A failed exec is told through a pipe that exec closes.
 */
#include "gate/shim_child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <systemd/sd-event.h>

#include "runtime/log.h"

#define STOP_MS 5000

static int exit_code(const siginfo_t *info)
{
	return info->si_code == CLD_EXITED ? info->si_status : 128 + info->si_status;
}

static int on_exit_seen(struct sd_event_source *source OD_UNUSED, int fd OD_UNUSED,
	uint32_t revents OD_UNUSED, void *userdata)
{
	struct od_shim_child *child = userdata;
	siginfo_t info = { 0 };

	if (waitid(P_PID, (id_t) child->pid, &info, WEXITED | WNOHANG) < 0 || info.si_pid == 0)
		return 0;
	child->pid = 0;
	child->source = sd_event_source_unref(child->source);
	od_log(OD_LOG_NOTICE, "the notification server ended with status %d", exit_code(&info));
	return sd_event_exit(child->event, exit_code(&info));
}

/* In the child, between fork and exec: only what is safe there. */
static void become(char *const *argv, int error_fd, pid_t parent)
{
	sigset_t none;
	int error;

	for (int i = 1; i < SIGRTMIN; i++)
		(void) signal(i, SIG_DFL); /* fails for SIGKILL and SIGSTOP, as it should */
	sigemptyset(&none);
	(void) sigprocmask(SIG_SETMASK, &none, NULL);
	(void) prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() == parent)
		(void) execvp(argv[0], argv);
	error = errno;
	if (write(error_fd, &error, sizeof(error)) < 0)
		_exit(126);
	_exit(127);
}

/* Return: 0 where the exec worked (the pipe closed without a word), else its -errno. */
static int exec_result(int fd)
{
	int error = 0;
	ssize_t n;

	do
		n = read(fd, &error, sizeof(error));
	while (n < 0 && errno == EINTR);
	return n == (ssize_t) sizeof(error) ? -error : 0;
}

static int watch(struct od_shim_child *child, struct sd_event *event)
{
	int r;

	child->event = event;
	child->pidfd = (int) syscall(SYS_pidfd_open, child->pid, 0);
	if (child->pidfd < 0)
		return -errno;
	r = sd_event_add_io(event, &child->source, child->pidfd, EPOLLIN, on_exit_seen, child);
	return r < 0 ? r : 0;
}

int od_shim_child_start(
	struct od_shim_child *child, struct sd_event *event, char *const *argv, const char *address)
{
	od_cleanup(od_closep) int from = -1, to = -1;
	pid_t self = getpid(), pid;
	int ends[2], r;

	child->pidfd = -1;
	if (setenv("DBUS_SESSION_BUS_ADDRESS", address, 1) < 0 || pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	from = ends[0];
	to = ends[1];
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		(void) unsetenv("NOTIFY_SOCKET");
		(void) unsetenv("WATCHDOG_USEC");
		(void) unsetenv("WATCHDOG_PID");
		become(argv, to, self);
	}
	od_closep(&to);
	child->pid = pid;
	r = exec_result(from);
	return r != 0 ? r : watch(child, event);
}

void od_shim_child_stop(struct od_shim_child *child)
{
	struct pollfd ended = { .fd = child->pidfd, .events = POLLIN };

	child->source = sd_event_source_unref(child->source);
	if (child->pid > 0 && kill(child->pid, SIGTERM) == 0) {
		if (child->pidfd < 0 || poll(&ended, 1, STOP_MS) <= 0)
			(void) kill(child->pid, SIGKILL);
		(void) waitpid(child->pid, NULL, 0);
	}
	child->pid = 0;
	od_closep(&child->pidfd);
}

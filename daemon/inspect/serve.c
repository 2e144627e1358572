/*
 * Each question is answered by a child of its own, which has an alarm set: a file that brings down or
 * holds up what reads it takes one answer along, not the next one. At most CHILDREN_MAX at a time.
 */
#include "inspect/serve.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "base/error.h"

#define ANSWER_NS    INT64_C(180000000) /* the asker waits 200 ms */
#define ALARM_S      2
#define CHILDREN_MAX 6 /* the unit allows eight tasks */

static bool may_ask(int connection)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	return getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
	       (peer.uid == 0 || peer.uid == getuid());
}

/* Exactly one descriptor; any other is closed. */
static int take_descriptor(struct msghdr *message)
{
	int taken = -1;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
		size_t n;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < n; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
			if (taken < 0)
				taken = fd;
			else
				(void) close(fd);
		}
	}
	return taken;
}

static int receive(int connection, int *ret_fd)
{
	char bytes[sizeof(struct od_inspect_request) + 1];
	struct iovec part = { bytes, sizeof(bytes) };
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr message = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(connection, &message, MSG_CMSG_CLOEXEC);
	od_cleanup(od_closep) int fd = -1;
	int r;

	if (n < 0)
		return -errno;
	fd = take_descriptor(&message);
	r = od_inspect_request_check(bytes, (size_t) n);
	if (r != 0)
		return r;
	if (fd < 0)
		return OD_E_SYNTAX;
	*ret_fd = od_take_fd(&fd);
	return 0;
}

int od_serve_one(struct od_content *content, int connection)
{
	int64_t deadline_ns = od_content_now_ns() + ANSWER_NS;
	od_cleanup(od_closep) int fd = -1;
	struct od_inspect_reply reply;
	int r;

	if (!may_ask(connection))
		return OD_E_ACCESS;
	r = receive(connection, &fd);
	if (r != 0)
		return r;
	od_inspect_reply_init(&reply);
	od_content_look(content, fd, deadline_ns, &reply);
	return send(connection, &reply, sizeof(reply), MSG_NOSIGNAL) < 0 ? -errno : 0;
}

static void reap(unsigned *children, bool wait_for_one)
{
	while (*children > 0 && waitpid(-1, NULL, wait_for_one ? 0 : WNOHANG) > 0) {
		(*children)--;
		wait_for_one = false;
	}
}

static void answer_in_child(struct od_content *content, int connection, unsigned *children)
{
	pid_t child = fork();

	if (child == 0) {
		struct timeval limit = { .tv_sec = 1 };

		(void) alarm(ALARM_S);
		(void) setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
		_exit(od_serve_one(content, connection) == 0 ? 0 : 1);
	}
	if (child > 0)
		(*children)++;
}

int od_serve(struct od_content *content, int listener, int idle_ms)
{
	unsigned children = 0;

	for (;;) {
		struct pollfd waiting = { .fd = listener, .events = POLLIN };
		/* While children run somebody must collect them; that short wait is no idleness. */
		bool collecting = children > 0;
		int n = poll(&waiting, 1, collecting ? 200 : idle_ms);
		od_cleanup(od_closep) int connection = -1;

		reap(&children, children >= CHILDREN_MAX);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0 && !collecting && idle_ms >= 0)
			return 0;
		if (n <= 0)
			continue;
		connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (connection >= 0)
			answer_in_child(content, connection, &children);
		else if (errno != EINTR && errno != ECONNABORTED && errno != EAGAIN)
			return -errno;
	}
}

int od_serve_listen(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	od_cleanup(od_closep) int fd = -1;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	(void) unlink(path); /* one left by a trial before this */
	if (bind(fd, (const struct sockaddr *) &address, sizeof(address)) < 0 ||
		chmod(path, 0600) < 0 || listen(fd, 16) < 0)
		return -errno;
	return od_take_fd(&fd);
}

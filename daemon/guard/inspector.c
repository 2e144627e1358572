/*
 * A connection a question: what goes wrong with one touches no other, and an inspector that was
 * started anew by its socket needs no re-connecting.
 */
#include "guard/inspector.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-event.h>

#include "base/error.h"

#define OPEN_MAX_QUESTIONS 32

struct question {
	struct od_inspector *owner;
	struct question *next;
	sd_event_source *io, *timer; /* io owns the socket */
	od_inspector_fn fn;
	void *userdata;
};

struct od_inspector {
	sd_event *event;
	const char *socket;
	struct question *questions;
	unsigned n;
};

static void question_free(struct question *question)
{
	if (!question)
		return;
	sd_event_source_disable_unref(question->io);
	sd_event_source_disable_unref(question->timer);
	free(question);
}
OD_DEFINE_CLEANUP(struct question *, question_free)

/* Take it off the list, tell, and free it. */
static void finish(struct question *question, const struct od_inspect_reply *reply)
{
	struct od_inspector *inspector = question->owner;

	for (struct question **at = &inspector->questions; *at; at = &(*at)->next)
		if (*at == question) {
			*at = question->next;
			break;
		}
	inspector->n--;
	question->fn(question->userdata, reply);
	question_free(question);
}

int od_inspector_read(int connection, struct od_inspect_reply *ret)
{
	char buffer[sizeof(struct od_inspect_reply) + 1];
	ssize_t n = recv(connection, buffer, sizeof(buffer), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return -EAGAIN;
	return n > 0 && od_inspect_reply_check(buffer, (size_t) n, ret) == 0 ? 0 : OD_E_FAILED;
}

static int on_reply(
	OD_UNUSED sd_event_source *source, int fd, OD_UNUSED uint32_t events, void *userdata)
{
	struct od_inspect_reply reply;
	int r = od_inspector_read(fd, &reply);

	if (r != -EAGAIN)
		finish(userdata, r == 0 ? &reply : NULL);
	return 0;
}

static int on_late(OD_UNUSED sd_event_source *source, OD_UNUSED uint64_t usec, void *userdata)
{
	finish(userdata, NULL);
	return 0;
}

struct od_inspector *od_inspector_new(struct sd_event *event, const char *socket)
{
	struct od_inspector *inspector = calloc(1, sizeof(*inspector));

	if (!inspector)
		return NULL;
	inspector->event = sd_event_ref(event);
	inspector->socket = socket;
	return inspector;
}

void od_inspector_free(struct od_inspector *inspector)
{
	if (!inspector)
		return;
	while (inspector->questions)
		finish(inspector->questions, NULL);
	sd_event_unref(inspector->event);
	free(inspector);
}

static int open_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *) &address, sizeof(address)) < 0) {
		(void) close(fd);
		return -ECONNREFUSED; /* whatever the reason: nobody answers now */
	}
	return fd;
}

static int send_question(int socket, int fd)
{
	struct od_inspect_request request;
	struct iovec part = { &request, sizeof(request) };
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr message = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control.bytes) };
	struct cmsghdr *rights;

	memset(&control, 0, sizeof(control));
	od_inspect_request_init(&request);
	rights = CMSG_FIRSTHDR(&message);
	rights->cmsg_level = SOL_SOCKET;
	rights->cmsg_type = SCM_RIGHTS;
	rights->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(rights), &fd, sizeof(fd));
	return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -errno : 0;
}

int od_inspector_connect(const char *path, int fd)
{
	od_cleanup(od_closep) int socket = open_socket(path);
	int r;

	if (socket < 0)
		return socket;
	r = send_question(socket, fd);
	return r < 0 ? r : od_take_fd(&socket);
}

int od_inspector_ask(struct od_inspector *inspector, int fd, unsigned timeout_ms,
	od_inspector_fn fn, void *userdata)
{
	od_cleanup(question_freep) struct question *question = NULL;
	od_cleanup(od_closep) int socket = -1;
	int r;

	if (inspector->n >= OPEN_MAX_QUESTIONS)
		return OD_E_UNAVAILABLE;
	socket = od_inspector_connect(inspector->socket, fd);
	if (socket < 0)
		return OD_E_UNAVAILABLE;
	question = calloc(1, sizeof(*question));
	if (!question)
		return -ENOMEM;
	question->owner = inspector;
	question->fn = fn;
	question->userdata = userdata;
	r = sd_event_add_io(inspector->event, &question->io, socket, EPOLLIN, on_reply, question);
	if (r < 0)
		return r;
	r = sd_event_source_set_io_fd_own(question->io, 1);
	if (r < 0)
		return r;
	(void) od_take_fd(&socket);
	r = sd_event_add_time_relative(inspector->event, &question->timer, CLOCK_MONOTONIC,
		(uint64_t) timeout_ms * 1000, 0, on_late, question);
	if (r < 0)
		return r;
	question->next = inspector->questions;
	inspector->questions = od_take(&question);
	inspector->n++;
	return 0;
}

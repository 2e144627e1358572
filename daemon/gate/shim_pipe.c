/*
 * Two sockets and two streams (shim_stream) between them.
 *
 * Descriptors: the kernel hands them over with a stretch of bytes, the receiver expects them with
 * the first byte of their message. They are queued in the order they come, and sent on with the
 * message whose header counts them; what goes before is sent apart, because sd-bus and GDBus take
 * every descriptor that comes with a read to belong to the message they are reading.
 */
#include "gate/shim_pipe.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <systemd/sd-event.h>

#include "base/error.h"

#define CHUNK     32768
#define FDS_READ  253 /* SCM_MAX_FD: the most one message of the kernel carries */
#define FDS_QUEUE 512
#define OUT_MAX   (CHUNK + OD_SHIM_HEADER_MAX + OD_SHIM_BODY_MAX)

struct mark { /* a message with descriptors begins at out[at] */
	size_t at;
	unsigned n;
};

struct way { /* from one side to the other */
	struct od_shim_stream stream;
	uint8_t out[OUT_MAX];
	size_t out_n, out_at;
	int fds[FDS_QUEUE];
	unsigned n_fds, claimed; /* in the queue; of these, spoken for by a mark */
	struct mark marks[FDS_QUEUE];
	unsigned n_marks;
};

struct side {
	int fd;
	struct sd_event_source *io;
};

struct od_shim_pipe {
	struct od_shim_pipe_hooks hooks;
	struct od_shim_talk talk;
	bool told;
	struct side side[2]; /* 0: the server, 1: the bus */
	struct way way[2];   /* by enum od_shim_direction: way[i] reads side[i], writes side[!i] */
};

static int on_bytes(void *userdata, const uint8_t *bytes, size_t n)
{
	struct way *way = userdata;

	if (n > sizeof(way->out) - way->out_n)
		return -ENOBUFS;
	memcpy(way->out + way->out_n, bytes, n);
	way->out_n += n;
	return 0;
}

static int on_fds(void *userdata, uint32_t n)
{
	struct way *way = userdata;
	unsigned free_fds = way->n_fds - way->claimed;

	if (n == OD_SHIM_FDS_ALL)
		n = free_fds;
	if (n > free_fds || n > FDS_READ)
		return OD_E_SYNTAX; /* counts descriptors that never came */
	if (n == 0)
		return 0;
	way->marks[way->n_marks++] = (struct mark){ .at = way->out_n, .n = n };
	way->claimed += n;
	return 0;
}

static int queue_fds(struct way *way, struct msghdr *message)
{
	int r = message->msg_flags & MSG_CTRUNC ? -EMFILE : 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
		size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < n; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
			if (r == 0 && way->n_fds < FDS_QUEUE)
				way->fds[way->n_fds++] = fd;
			else
				r = -EMFILE;
			if (r != 0)
				od_closep(&fd);
		}
	}
	return r;
}

/* Return: 0, -EAGAIN (nothing there), -ECONNRESET (the end), or another error: close. */
static int way_read(struct way *way, int fd)
{
	static uint8_t chunk[CHUNK]; /* one loop, one thread: used up before the next read */
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(FDS_READ * sizeof(int))];
	} control;
	struct iovec iov = { .iov_base = chunk, .iov_len = sizeof(chunk) };
	struct msghdr message = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control) };
	const struct od_shim_sink sink = { .bytes = on_bytes, .fds = on_fds, .userdata = way };
	ssize_t n = recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	int r;

	if (n < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	r = queue_fds(way, &message);
	if (r != 0)
		return r;
	return n == 0 ? -ECONNRESET : od_shim_stream_feed(&way->stream, &sink, chunk, (size_t) n);
}

static void forget_fds(struct way *way, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		od_closep(&way->fds[i]);
	memmove(way->fds, way->fds + n, (way->n_fds - n) * sizeof(int));
	way->n_fds -= n;
	way->claimed -= n;
	memmove(way->marks, way->marks + 1, --way->n_marks * sizeof(way->marks[0]));
}

static ssize_t send_piece(const struct way *way, int fd, size_t n, unsigned n_fds)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(FDS_READ * sizeof(int))];
	} control;
	struct iovec iov = { .iov_base = (void *) (way->out + way->out_at), .iov_len = n };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (n_fds) {
		struct cmsghdr *c;

		memset(&control, 0, sizeof(control));
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		c = CMSG_FIRSTHDR(&message);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(c), way->fds, n_fds * sizeof(int));
	}
	return sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* Return: 0 (all written), -EAGAIN (some is left), or another error: close. */
static int way_write(struct way *way, int fd)
{
	while (way->out_at < way->out_n) {
		unsigned here = way->n_marks && way->marks[0].at == way->out_at ? 1 : 0;
		size_t end = way->n_marks > here ? way->marks[here].at : way->out_n;
		ssize_t n = send_piece(way, fd, end - way->out_at, here ? way->marks[0].n : 0);

		if (n < 0)
			return errno == EINTR ? -EAGAIN : -errno;
		if (here)
			forget_fds(way, way->marks[0].n);
		way->out_at += (size_t) n;
	}
	way->out_at = way->out_n = 0;
	return 0;
}

/* Reads while what is read can be written at once, at most a few times: others wait too. */
static int way_pump(struct way *way, int from, int to)
{
	int r = way_write(way, to);

	for (int i = 0; r == 0 && i < 8; i++) {
		r = way_read(way, from);
		if (r == 0)
			r = way_write(way, to);
	}
	return r == -EAGAIN ? 0 : r;
}

static int wish(struct od_shim_pipe *pipe)
{
	for (int i = 0; i < 2; i++) {
		uint32_t events = 0;
		int r;

		if (pipe->way[i].out_n == 0)
			events |= EPOLLIN;
		if (pipe->way[!i].out_n != 0)
			events |= EPOLLOUT;
		r = sd_event_source_set_io_events(pipe->side[i].io, events);
		if (r < 0)
			return r;
	}
	return 0;
}

static int on_io(struct sd_event_source *source OD_UNUSED, int fd OD_UNUSED, uint32_t revents,
	void *userdata)
{
	struct od_shim_pipe *pipe = userdata;
	int r = way_pump(&pipe->way[0], pipe->side[0].fd, pipe->side[1].fd);

	if (r == 0)
		r = way_pump(&pipe->way[1], pipe->side[1].fd, pipe->side[0].fd);
	if (pipe->talk.asked && !pipe->told) {
		pipe->told = true;
		pipe->hooks.asked(pipe->hooks.userdata);
	}
	if (r == 0 && (revents & (EPOLLHUP | EPOLLERR)))
		r = -ECONNRESET; /* dead, and the other side does not read: nothing to wait for */
	if (r == 0)
		r = wish(pipe);
	if (r != 0)
		pipe->hooks.closed(pipe->hooks.userdata, pipe);
	return 0;
}

int od_shim_pipe_new(struct sd_event *event, int server_fd, int bus_fd,
	const struct od_shim_pipe_hooks *hooks, struct od_shim_pipe **ret)
{
	od_cleanup(od_closep) int first = server_fd, second = bus_fd;
	od_cleanup(od_shim_pipe_freep) struct od_shim_pipe *pipe = calloc(1, sizeof(*pipe));
	int r;

	if (!pipe)
		return -ENOMEM;
	pipe->hooks = *hooks;
	pipe->side[0].fd = od_take_fd(&first);
	pipe->side[1].fd = od_take_fd(&second);
	od_shim_stream_init(&pipe->way[0].stream, OD_SHIM_TO_BUS, &pipe->talk);
	od_shim_stream_init(&pipe->way[1].stream, OD_SHIM_TO_SERVER, &pipe->talk);
	for (int i = 0; i < 2; i++) {
		r = sd_event_add_io(
			event, &pipe->side[i].io, pipe->side[i].fd, EPOLLIN, on_io, pipe);
		if (r < 0)
			return r;
	}
	*ret = od_take(&pipe);
	return 0;
}

void od_shim_pipe_free(struct od_shim_pipe *pipe)
{
	if (!pipe)
		return;
	for (int i = 0; i < 2; i++) {
		sd_event_source_unref(pipe->side[i].io);
		if (pipe->side[i].fd >= 0)
			od_closep(&pipe->side[i].fd);
		for (unsigned k = 0; k < pipe->way[i].n_fds; k++)
			od_closep(&pipe->way[i].fds[k]);
	}
	free(pipe);
}

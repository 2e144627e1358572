/*
 * The socket the server takes for its session bus.
 *
 * The folder is 0700 and ours, the socket is a path in it (an abstract name could be connected to
 * by anybody), and the peer's uid is asked for besides. Sockets of shims that were killed are swept
 * away by the pid in their name.
 */
#include "gate/shim_relay.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-event.h>

#include "base/error.h"
#include "gate/shim_address.h"
#include "gate/shim_pipe.h"
#include "runtime/log.h"

#define PIPES_MAX 16
#define PREFIX    "shim."

struct od_shim_relay {
	struct sd_event *event;
	struct sd_event_source *io;
	int fd;
	char *bus;               /* address of the session bus */
	struct sockaddr_un name; /* sun_path empty: nothing to remove */
	char address[3 * sizeof(((struct sockaddr_un *) 0)->sun_path) + 16];
	struct od_shim_pipe *pipes[PIPES_MAX];
	bool told;
	void (*on_asked)(void *userdata);
	void *userdata;
};

static void on_asked(void *userdata)
{
	struct od_shim_relay *relay = userdata;

	if (relay->told)
		return;
	relay->told = true;
	relay->on_asked(relay->userdata);
}

static void on_closed(void *userdata, struct od_shim_pipe *pipe)
{
	struct od_shim_relay *relay = userdata;

	for (size_t i = 0; i < PIPES_MAX; i++) {
		if (relay->pipes[i] == pipe)
			relay->pipes[i] = NULL;
	}
	od_shim_pipe_free(pipe);
}

static int add_pipe(struct od_shim_relay *relay, int *fd)
{
	const struct od_shim_pipe_hooks hooks = {
		.asked = on_asked, .closed = on_closed, .userdata = relay
	};
	struct ucred peer;
	socklen_t length = sizeof(peer);
	int bus;

	if (getsockopt(*fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0 || peer.uid != geteuid())
		return OD_E_ACCESS;
	for (size_t i = 0; i < PIPES_MAX; i++) {
		if (relay->pipes[i])
			continue;
		bus = od_shim_address_connect(relay->bus);
		if (bus < 0)
			return bus;
		return od_shim_pipe_new(
			relay->event, od_take_fd(fd), bus, &hooks, &relay->pipes[i]);
	}
	return OD_E_LIMIT;
}

static int on_listen(struct sd_event_source *source OD_UNUSED, int fd, uint32_t revents OD_UNUSED,
	void *userdata)
{
	struct od_shim_relay *relay = userdata;
	od_cleanup(od_closep) int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
	int r;

	if (peer < 0)
		return 0;
	r = add_pipe(relay, &peer);
	if (r != 0)
		(void) od_log_result(OD_LOG_WARNING, r, "cannot relay a connection of the server");
	return 0;
}

/* Removes sockets of shims that no longer run. */
static void sweep(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		char *end;
		long pid;

		if (strncmp(entry->d_name, PREFIX, sizeof(PREFIX) - 1) != 0)
			continue;
		pid = strtol(entry->d_name + sizeof(PREFIX) - 1, &end, 10);
		if (*end == '\0' && pid > 0 && kill((pid_t) pid, 0) < 0 && errno == ESRCH)
			(void) unlinkat(dirfd(dir), entry->d_name, 0);
	}
	closedir(dir);
}

static int own_folder(const char *folder)
{
	struct stat st;

	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		return -errno;
	if (lstat(folder, &st) < 0)
		return -errno;
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077) != 0)
		return OD_E_ACCESS;
	return 0;
}

static int start_listening(struct od_shim_relay *relay, const char *folder)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int n = snprintf(
		name.sun_path, sizeof(name.sun_path), "%s/" PREFIX "%ld", folder, (long) getpid());
	int r;

	if (n < 0 || (size_t) n >= sizeof(name.sun_path))
		return -ENAMETOOLONG;
	r = od_shim_address_format(name.sun_path, relay->address, sizeof(relay->address));
	if (r < 0)
		return r;
	relay->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (relay->fd < 0)
		return -errno;
	(void) unlink(name.sun_path); /* of an earlier process with our pid */
	if (bind(relay->fd, (struct sockaddr *) &name, sizeof(name)) < 0)
		return -errno;
	relay->name = name;
	if (listen(relay->fd, PIPES_MAX) < 0)
		return -errno;
	r = sd_event_add_io(relay->event, &relay->io, relay->fd, EPOLLIN, on_listen, relay);
	return r < 0 ? r : 0;
}

int od_shim_relay_new(struct sd_event *event, const char *folder, const char *address,
	void (*asked)(void *userdata), void *userdata, struct od_shim_relay **ret)
{
	od_cleanup(od_shim_relay_freep) struct od_shim_relay *relay = calloc(1, sizeof(*relay));
	int r;

	if (!relay)
		return -ENOMEM;
	relay->fd = -1;
	relay->event = sd_event_ref(event);
	relay->on_asked = asked;
	relay->userdata = userdata;
	relay->bus = strdup(address);
	if (!relay->bus)
		return -ENOMEM;
	r = own_folder(folder);
	if (r != 0)
		return r;
	sweep(folder);
	r = start_listening(relay, folder);
	if (r != 0)
		return r;
	*ret = od_take(&relay);
	return 0;
}

void od_shim_relay_free(struct od_shim_relay *relay)
{
	if (!relay)
		return;
	for (size_t i = 0; i < PIPES_MAX; i++)
		od_shim_pipe_free(relay->pipes[i]);
	sd_event_source_unref(relay->io);
	od_closep(&relay->fd);
	if (relay->name.sun_path[0])
		(void) unlink(relay->name.sun_path);
	sd_event_unref(relay->event);
	free(relay->bus);
	free(relay);
}

const char *od_shim_relay_address(const struct od_shim_relay *relay)
{
	return relay->address;
}

/*
 * A private dbus-broker without systemd: dbus-broker's own launcher needs the journal and a service
 * manager, so this is the least launcher there can be. It hands the broker one listening socket and
 * one policy, which allows everybody everything.
 *
 * usage: broker SOCKET-PATH. Ends the broker, and itself, on SIGTERM, or when the broker ends.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include "base/cleanup.h"

#define BATCH  "(bta(btbs)a(btssssuutt)a(btssssuutt))"
#define POLICY "(a(u" BATCH ")a(buu" BATCH ")a(ss)bs)"
/* allowed, priority, of any name, path, interface, member, type, broadcast or not, any number of fds */
#define ANY 1, 1, UINT64_C(1), "", "", "", "", 0u, 0u, UINT64_C(0), UINT64_MAX

static volatile pid_t broker_pid;

static void on_terminate(int signal)
{
	kill(broker_pid, signal);
}

static void give_up(const char *what, int r)
{
	fprintf(stderr, "%s: %s\n", what, strerror(-r));
	if (broker_pid > 0)
		kill(broker_pid, SIGTERM);
	exit(1);
}

static int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	(void) snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd < 0 || bind(fd, (struct sockaddr *) &address, sizeof(address)) < 0 ||
		chmod(path, 0666) < 0 || listen(fd, SOMAXCONN) < 0)
		give_up(path, -errno);
	return fd;
}

static int start_broker(void)
{
	int fds[2];
	char number[16];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) < 0)
		give_up("socketpair", -errno);
	broker_pid = fork();
	if (broker_pid == 0) {
		close(fds[0]);
		(void) prctl(PR_SET_PDEATHSIG, SIGTERM);
		(void) snprintf(number, sizeof(number), "%d", fds[1]);
		execlp("dbus-broker", "dbus-broker", "--controller", number, "--machine-id",
			"0123456789abcdef0123456789abcdef", NULL);
		_exit(127);
	}
	close(fds[1]);
	return fds[0];
}

static void add_listener(sd_bus *bus, int fd)
{
	sd_bus_message *call = NULL;
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int r = sd_bus_message_new_method_call(
		bus, &call, NULL, "/org/bus1/DBus/Broker", "org.bus1.DBus.Broker", "AddListener");

	if (r >= 0)
		r = sd_bus_message_append(call, "ohv", "/org/bus1/DBus/Listener/0", fd, POLICY,
			/* everybody: may connect, may own, may send, may receive */
			1, UINT32_MAX, 1, UINT64_C(1), 1, 1, UINT64_C(1), 1, "", ANY, ANY,
			/* nobody in particular; no labels; the kind of bus */
			0, 0, 0, "session");
	if (r >= 0)
		r = sd_bus_call(bus, call, 0, &error, NULL);
	if (r < 0)
		give_up(error.message ? error.message : "AddListener", r);
	sd_bus_message_unref(call);
}

int main(int argc, char **argv)
{
	sd_bus *bus = NULL;
	int controller, status, fd, r;

	if (argc != 2)
		return 2;
	signal(SIGTERM, on_terminate);
	fd = listen_at(argv[1]);
	controller = start_broker();
	r = sd_bus_new(&bus);
	if (r >= 0)
		r = sd_bus_set_fd(bus, controller, controller);
	if (r >= 0)
		r = sd_bus_start(bus);
	if (r < 0)
		give_up("controller", r);
	add_listener(bus, fd);
	while (waitpid(broker_pid, &status, 0) < 0 && errno == EINTR)
		;
	sd_bus_unref(bus);
	return 0;
}

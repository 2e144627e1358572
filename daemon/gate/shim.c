/*
 * offduty-shim: one notification server, standing in the bus's queue behind the gate.
 *
 *     offduty-shim -- /usr/bin/dunst -conf FILE
 *     offduty-shim --server=dunst
 *     offduty-shim --auto
 *
 * The server is started with a socket of ours as its session bus. What it says is relayed; only how
 * it asks for org.freedesktop.Notifications is changed (shim_stream.h). It then believes to own the
 * name, and does own it as soon as no gate runs: the bus promotes it, without a word from anybody.
 *
 * The shim is a process of its own and knows nothing: no policy, no state, not even whether there is
 * a gate. It ends with the server's status, and ends the server when it is told to stop.
 */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-event.h>

#include "base/error.h"
#include "base/i18n.h"
#include "gate/servers/servers.h"
#include "gate/shim_child.h"
#include "gate/shim_relay.h"
#include "runtime/log.h"
#include "runtime/options.h"
#include "runtime/service.h"

#define EXIT_NO_SERVER 69 /* EX_UNAVAILABLE */

static const char *opt_server, *opt_auto, *opt_bus, *opt_verbose;

static const struct od_option options[] = {
	{ "server", "NAME", N_("start this server: dunst, xfce4-notifyd, mako ..."), &opt_server },
	{ "auto", NULL, N_("start the server that is right for this session"), &opt_auto },
	{ "bus", "ADDRESS", N_("the session bus, if not the usual one"), &opt_bus },
	{ "verbose", NULL, N_("say more"), &opt_verbose },
	{ NULL, NULL, NULL, NULL },
};

/* Finds the program of --server or --auto. */
static int find_server(char **ret)
{
	const struct od_servers_session session = { .desktop = getenv("XDG_CURRENT_DESKTOP"),
		.wayland = getenv("WAYLAND_DISPLAY") };
	const struct od_server *server = NULL;
	int r;

	if (opt_auto)
		return od_servers_pick(&session, &server, ret);
	server = od_servers_find(opt_server);
	if (!server)
		return OD_E_UNKNOWN;
	r = od_servers_program(server, NULL, ret);
	return r;
}

static int private_folder(char *path, size_t size)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	int n;

	if (!runtime || *runtime != '/')
		return OD_E_UNAVAILABLE;
	n = snprintf(path, size, "%s/offduty", runtime);
	return n < 0 || (size_t) n >= size ? -ENAMETOOLONG : 0;
}

/* The bus the server would have used: --bus, the environment, or the usual place. */
static const char *bus_address(char *buffer, size_t size)
{
	const char *from_environment = getenv("DBUS_SESSION_BUS_ADDRESS");

	if (opt_bus && *opt_bus)
		return opt_bus;
	if (from_environment && *from_environment)
		return from_environment;
	(void) snprintf(buffer, size, "unix:path=/run/user/%u/bus", (unsigned) getuid());
	return buffer;
}

static void on_asked(void *userdata)
{
	struct od_service *service = userdata;

	od_service_ready(service, "the server has asked for its name");
}

static int run(struct od_service *service, char *const *argv)
{
	od_cleanup(od_shim_relay_freep) struct od_shim_relay *relay = NULL;
	struct od_shim_child child = { .pidfd = -1 };
	char folder[108], usual[64];
	int r = private_folder(folder, sizeof(folder));

	if (r != 0)
		return od_log_result(OD_LOG_ERROR, r, "XDG_RUNTIME_DIR");
	r = od_shim_relay_new(od_service_event(service), folder, bus_address(usual, sizeof(usual)),
		on_asked, service, &relay);
	if (r != 0)
		return od_log_result(OD_LOG_ERROR, r, "cannot listen in %s", folder);
	r = od_shim_child_start(
		&child, od_service_event(service), argv, od_shim_relay_address(relay));
	if (r == 0)
		r = od_service_run(service);
	else
		(void) od_log_result(OD_LOG_ERROR, r, "cannot start %s", argv[0]);
	od_shim_relay_free(od_take(&relay)); /* or the server waits for answers while it ends */
	od_shim_child_stop(&child);
	return r;
}

int main(int argc, char **argv)
{
	const struct od_service_hooks hooks = { 0 };
	od_cleanup(od_service_freep) struct od_service *service = NULL;
	od_cleanup(od_freep) char *program = NULL;
	char *found[2] = { NULL, NULL }, **rest = NULL;
	int r = od_options_parse(argc, argv, options,
		N_("Start a notification server that stands behind offduty-gate."), &rest);

	if (r != 0)
		return r == 1 ? 0 : od_error_exit_code(r);
	od_log_open("offduty-shim", opt_verbose ? OD_LOG_DEBUG : OD_LOG_INFO);
	if ((rest && rest[0] ? 1 : 0) + !!opt_server + !!opt_auto != 1) {
		(void) fprintf(stderr, "offduty-shim: name one server: --server=NAME, --auto or "
				       "-- PROGRAM ARGUMENT...\n");
		return od_error_exit_code(OD_E_USAGE);
	}
	if (!rest || !rest[0]) {
		r = find_server(&program);
		if (r != 0) {
			(void) od_log_result(OD_LOG_ERROR, r, "no notification server");
			return EXIT_NO_SERVER;
		}
		found[0] = program;
		rest = found;
	}
	r = od_service_new(&hooks, &service);
	if (r < 0)
		return od_error_exit_code(od_log_result(OD_LOG_ERROR, r, "cannot start"));
	r = run(service, rest);
	return r < 0 ? 1 : r;
}

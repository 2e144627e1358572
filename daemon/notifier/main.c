/*
 * offduty-notifier: tells the employee what the guard refused and what waits, through libnotify.
 *
 * It decides nothing. It is a process of its own because libnotify waits for the answer of
 * org.freedesktop.Notifications, which the gate owns, and because a fault in a toolkit must not take
 * the gate down.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "alerts.h"
#include "base/error.h"
#include "base/translate.h"
#include "digest.h"
#include "loop.h"
#include "runtime/log.h"
#include "runtime/options.h"
#include "runtime/service.h"
#include "toast.h"

static const char *session = "session", *guard_bus = "system", *verbose;

static const struct od_option options[] = {
	{ "bus", "ADDRESS", N_("session bus: where the gate and the notification server are"),
		&session },
	{ "system-bus", "ADDRESS", N_("system bus: where the guard is"), &guard_bus },
	{ "verbose", NULL, N_("say more in the journal"), &verbose },
	{ NULL, NULL, NULL, NULL },
};

static int run(void)
{
	static const struct od_service_hooks hooks = { 0 };
	od_cleanup(od_service_freep) struct od_service *service = NULL;
	od_cleanup(od_toasts_freep) struct od_toasts *toasts = NULL;
	od_cleanup(od_digest_freep) struct od_digest *digest = NULL;
	od_cleanup(od_alerts_freep) struct od_alerts *alerts = NULL;
	int r = od_service_new(&hooks, &service);

	if (r == 0)
		r = od_toasts_new(od_service_event(service), &toasts);
	if (r == 0)
		r = od_digest_new(od_service_event(service), session, toasts, &digest);
	if (r == 0)
		r = od_alerts_new(od_service_event(service), guard_bus, toasts, &alerts);
	if (r != 0)
		return od_log_result(OD_LOG_ERROR, r, "cannot start");
	od_service_ready(service, "ready");
	return od_loop_run(od_service_event(service)) == 0 ? 0 : OD_E_FAILED;
}

int main(int argc, char **argv)
{
	int r;

	/* The guard trusts this executable; nobody of the same uid may look into it or steer it. */
	(void) prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	od_translate_init(OFFDUTY_LOCALE_DIR);
	r = od_options_parse(argc, argv, options, N_("speaks with the employee for Offduty"), NULL);
	if (r != 0)
		return r == 1 ? EXIT_SUCCESS : od_error_exit_code(r);
	od_log_open("offduty-notifier", verbose ? OD_LOG_DEBUG : OD_LOG_NOTICE);
	/* libnotify finds the session bus by itself, so it is told the same way as everybody. */
	if (strcmp(session, "session") != 0 && setenv("DBUS_SESSION_BUS_ADDRESS", session, 1) < 0)
		return EXIT_FAILURE;
	return od_error_exit_code(run());
}

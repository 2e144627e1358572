/*
 * Signals are blocked before anything else and read through the loop, so that a handler never runs in
 * the middle of something. A daemon that starts other programs must unblock them in the child.
 *
 * The watchdog is the only thing that wakes a daemon at rest: half as often as the service manager
 * would end it for, but at most once in five seconds where that leaves a margin.
 */
#include "service.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>
#include <time.h>

#define PING_MIN_US UINT64_C(5000000)

struct od_service {
	sd_event *event;
	struct od_service_hooks hooks;
	sd_event_source *watchdog;
	uint64_t ping_us;
	bool ready;
};

static int on_stop(sd_event_source *source, OD_UNUSED const struct signalfd_siginfo *info,
	OD_UNUSED void *userdata)
{
	(void) sd_notify(0, "STOPPING=1"); /* nobody may be listening; that is no fault */
	return sd_event_exit(sd_event_source_get_event(source), 0);
}

static int on_reload(OD_UNUSED sd_event_source *source,
	OD_UNUSED const struct signalfd_siginfo *info, void *userdata)
{
	struct od_service *service = userdata;

	if (!service->hooks.reload)
		return 0;
	if (service->ready)
		(void) sd_notify(0, "RELOADING=1");
	service->hooks.reload(service->hooks.userdata);
	if (service->ready)
		(void) sd_notify(0, "READY=1");
	return 0;
}

static int on_watchdog(sd_event_source *source, OD_UNUSED uint64_t usec, void *userdata)
{
	struct od_service *service = userdata;
	int r;

	if (!service->hooks.alive || service->hooks.alive(service->hooks.userdata))
		(void) sd_notify(0, "WATCHDOG=1");
	r = sd_event_source_set_time_relative(source, service->ping_us);
	return r < 0 ? r : sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static int add_signal(struct od_service *service, int signal, sd_event_signal_handler_t handler)
{
	/* A floating source: it lives as long as the loop. */
	return sd_event_add_signal(service->event, NULL, signal, handler, service);
}

static int add_watchdog(struct od_service *service)
{
	uint64_t limit_us = 0;
	int r = sd_watchdog_enabled(0, &limit_us);

	if (r <= 0)
		return r;
	service->ping_us = limit_us / 2;
	if (service->ping_us < PING_MIN_US && PING_MIN_US <= limit_us / 4 * 3)
		service->ping_us = PING_MIN_US;
	r = sd_event_add_time_relative(service->event, &service->watchdog, CLOCK_MONOTONIC, 0,
		service->ping_us / 8, on_watchdog, service);
	if (r < 0)
		return r;
	return sd_event_source_set_description(service->watchdog, "watchdog");
}

static int service_init(struct od_service *service)
{
	sigset_t blocked;
	int r;

	(void) sigemptyset(&blocked);
	(void) sigaddset(&blocked, SIGTERM);
	(void) sigaddset(&blocked, SIGINT);
	(void) sigaddset(&blocked, SIGHUP);
	r = pthread_sigmask(SIG_BLOCK, &blocked, NULL);
	if (r != 0)
		return -r;
	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return -errno;
	r = sd_event_default(&service->event);
	if (r >= 0)
		r = add_signal(service, SIGTERM, on_stop);
	if (r >= 0)
		r = add_signal(service, SIGINT, on_stop);
	if (r >= 0)
		r = add_signal(service, SIGHUP, on_reload);
	return r < 0 ? r : add_watchdog(service);
}

int od_service_new(const struct od_service_hooks *hooks, struct od_service **ret)
{
	od_cleanup(od_service_freep) struct od_service *service = calloc(1, sizeof(*service));
	int r;

	if (!service)
		return -ENOMEM;
	if (hooks)
		service->hooks = *hooks;
	r = service_init(service);
	if (r < 0)
		return r;
	*ret = od_take(&service);
	return 0;
}

void od_service_free(struct od_service *service)
{
	if (!service)
		return;
	sd_event_source_disable_unref(service->watchdog);
	sd_event_unref(service->event);
	free(service);
}

struct sd_event *od_service_event(struct od_service *service)
{
	return service->event;
}

void od_service_ready(struct od_service *service, const char *status)
{
	service->ready = true;
	(void) sd_notifyf(0, "READY=1\nSTATUS=%s", status);
}

void od_service_status(OD_UNUSED struct od_service *service, const char *status)
{
	(void) sd_notifyf(0, "STATUS=%s", status);
}

int od_service_run(struct od_service *service)
{
	return sd_event_loop(service->event);
}

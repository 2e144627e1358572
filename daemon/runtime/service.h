/*
 * The life of a daemon: loop, signals, watchdog, readiness.
 */
#pragma once

#include <stdbool.h>

#include "base/cleanup.h"

struct sd_event;
struct od_service;

struct od_service_hooks {
	/* SIGHUP, and "systemctl reload": read everything again. NULL: ignored. */
	void (*reload)(void *userdata);
	/* Asked before each watchdog ping; false: do not ping, this program has stopped making
	 * progress. NULL: always alive. */
	bool (*alive)(void *userdata);
	void *userdata;
};

/* SIGTERM and SIGINT end the loop; SIGPIPE is ignored. Return: 0 or -errno. */
int od_service_new(const struct od_service_hooks *hooks, struct od_service **ret) OD_CHECK;
void od_service_free(struct od_service *service);
OD_DEFINE_CLEANUP(struct od_service *, od_service_free)

struct sd_event *od_service_event(struct od_service *service);
/* READY=1, then STATUS=@status. Call when names are owned and marks are set. */
void od_service_ready(struct od_service *service, const char *status);
void od_service_status(struct od_service *service, const char *status);
/* Run until told to stop. Return: 0, or the exit code given to sd_event_exit(). */
int od_service_run(struct od_service *service);

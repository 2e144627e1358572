/*
 * libdbus asks its host for three things: look after my descriptors (watches), wake me later
 * (timeouts), and call dbus_connection_dispatch() when messages wait.
 *
 * - libdbus makes one watch for reading and one for writing of the same descriptor, and epoll takes a
 *   descriptor once. So there is one event source a descriptor, with the union of what its enabled
 *   watches want, and none enabled when none wants anything (a hang-up would be reported for ever).
 * - The callbacks of libdbus run under the lock of the connection. They only arm sources.
 * - Dispatch happens in a defer source, one message a turn, armed again while messages remain, so that
 *   a flood of messages does not keep other sources of the same loop waiting.
 * - A timeout of libdbus repeats until it is removed.
 *
 * Limit: one thread. The connection must not be used from another one.
 */
#include "loop.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <systemd/sd-event.h>
#include <time.h>

#include "base/array.h"

/* libdbus makes two watches a transport; a transport has one descriptor. */
#define WATCHES_MAX 4

struct descriptor {
	struct descriptor *next;
	int fd;
	sd_event_source *source;
	DBusWatch *watches[WATCHES_MAX];
};

struct od_bus_loop {
	sd_event *event;
	DBusConnection *connection;
	sd_event_source *dispatch;
	struct descriptor *descriptors;
	void (*after)(void *userdata);
	void *userdata;
};

static uint32_t watch_mask(DBusWatch *watch)
{
	unsigned flags = dbus_watch_get_flags(watch);
	uint32_t mask = 0;

	if (!dbus_watch_get_enabled(watch))
		return 0;
	if (flags & DBUS_WATCH_READABLE)
		mask |= EPOLLIN;
	if (flags & DBUS_WATCH_WRITABLE)
		mask |= EPOLLOUT;
	return mask;
}

static int descriptor_update(struct descriptor *descriptor)
{
	uint32_t mask = 0;
	int r;

	for (size_t i = 0; i < WATCHES_MAX; i++)
		if (descriptor->watches[i])
			mask |= watch_mask(descriptor->watches[i]);
	if (mask == 0)
		return sd_event_source_set_enabled(descriptor->source, SD_EVENT_OFF);
	r = sd_event_source_set_io_events(descriptor->source, mask);
	return r < 0 ? r : sd_event_source_set_enabled(descriptor->source, SD_EVENT_ON);
}

static bool descriptor_has(const struct descriptor *descriptor, const DBusWatch *watch)
{
	for (size_t i = 0; i < WATCHES_MAX; i++)
		if (descriptor->watches[i] == watch)
			return true;
	return false;
}

static unsigned watch_flags(uint32_t revents)
{
	unsigned flags = 0;

	if (revents & EPOLLIN)
		flags |= DBUS_WATCH_READABLE;
	if (revents & EPOLLOUT)
		flags |= DBUS_WATCH_WRITABLE;
	if (revents & EPOLLHUP)
		flags |= DBUS_WATCH_HANGUP;
	if (revents & EPOLLERR)
		flags |= DBUS_WATCH_ERROR;
	return flags;
}

static struct descriptor *loop_find(struct od_bus_loop *loop, int fd)
{
	for (struct descriptor *d = loop->descriptors; d; d = d->next)
		if (d->fd == fd)
			return d;
	return NULL;
}

/* A handled watch may be removed, with its sibling and the descriptor: look each up afresh. */
static int on_io(OD_UNUSED sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct od_bus_loop *loop = userdata;
	struct descriptor *descriptor = loop_find(loop, fd);
	DBusWatch *watches[WATCHES_MAX];

	if (!descriptor)
		return 0;
	memcpy(watches, descriptor->watches, sizeof(watches));
	for (size_t i = 0; i < WATCHES_MAX; i++) {
		descriptor = loop_find(loop, fd);
		if (!descriptor)
			break;
		if (!watches[i] || !descriptor_has(descriptor, watches[i]) ||
			!dbus_watch_get_enabled(watches[i]))
			continue;
		/* FALSE is "no memory": the descriptor stays ready, so it is tried again. */
		(void) dbus_watch_handle(watches[i],
			watch_flags(revents & (watch_mask(watches[i]) | EPOLLHUP | EPOLLERR)));
	}
	return 0;
}

static struct descriptor *descriptor_new(struct od_bus_loop *loop, int fd)
{
	struct descriptor *descriptor = calloc(1, sizeof(*descriptor));

	if (!descriptor)
		return NULL;
	descriptor->fd = fd;
	if (sd_event_add_io(loop->event, &descriptor->source, fd, EPOLLIN, on_io, loop) < 0) {
		free(descriptor);
		return NULL;
	}
	(void) sd_event_source_set_description(descriptor->source, "bus-io");
	descriptor->next = loop->descriptors;
	loop->descriptors = descriptor;
	return descriptor;
}

static void descriptor_free(struct od_bus_loop *loop, struct descriptor *descriptor)
{
	struct descriptor **at = &loop->descriptors;

	while (*at && *at != descriptor)
		at = &(*at)->next;
	if (*at)
		*at = descriptor->next;
	sd_event_source_disable_unref(descriptor->source);
	free(descriptor);
}

static dbus_bool_t add_watch(DBusWatch *watch, void *userdata)
{
	struct od_bus_loop *loop = userdata;
	int fd = dbus_watch_get_unix_fd(watch);
	struct descriptor *descriptor = loop_find(loop, fd);

	if (!descriptor)
		descriptor = descriptor_new(loop, fd);
	if (!descriptor)
		return FALSE;
	for (size_t i = 0; i < WATCHES_MAX; i++)
		if (!descriptor->watches[i]) {
			descriptor->watches[i] = watch;
			return descriptor_update(descriptor) >= 0;
		}
	return FALSE;
}

static void remove_watch(DBusWatch *watch, void *userdata)
{
	struct od_bus_loop *loop = userdata;
	struct descriptor *descriptor = loop->descriptors;
	bool used = false;

	while (descriptor && !descriptor_has(descriptor, watch))
		descriptor = descriptor->next;
	if (!descriptor)
		return;
	for (size_t i = 0; i < WATCHES_MAX; i++) {
		if (descriptor->watches[i] == watch)
			descriptor->watches[i] = NULL;
		used = used || descriptor->watches[i];
	}
	if (used)
		(void) descriptor_update(descriptor); /* wanting less cannot fail for memory */
	else
		descriptor_free(loop, descriptor);
}

static void toggle_watch(DBusWatch *watch, void *userdata)
{
	struct od_bus_loop *loop = userdata;

	for (struct descriptor *d = loop->descriptors; d; d = d->next)
		if (descriptor_has(d, watch))
			(void) descriptor_update(d); /* libdbus takes no answer here */
}

static int timeout_arm(sd_event_source *source, DBusTimeout *timeout)
{
	int r;

	if (!dbus_timeout_get_enabled(timeout))
		return sd_event_source_set_enabled(source, SD_EVENT_OFF);
	r = sd_event_source_set_time_relative(
		source, (uint64_t) dbus_timeout_get_interval(timeout) * 1000);
	return r < 0 ? r : sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

/* Armed again first: handling may remove the timeout, and then neither may be touched. */
static int on_time(sd_event_source *source, OD_UNUSED uint64_t usec, void *userdata)
{
	DBusTimeout *timeout = userdata;

	(void) timeout_arm(source, timeout);
	(void) dbus_timeout_handle(timeout); /* FALSE is "no memory": it is armed again */
	return 0;
}

static dbus_bool_t add_timeout(DBusTimeout *timeout, void *userdata)
{
	struct od_bus_loop *loop = userdata;
	sd_event_source *source = NULL;

	if (sd_event_add_time(
		    loop->event, &source, CLOCK_MONOTONIC, UINT64_MAX, 0, on_time, timeout) < 0)
		return FALSE;
	(void) sd_event_source_set_description(source, "bus-timeout");
	if (timeout_arm(source, timeout) < 0) {
		sd_event_source_disable_unref(source);
		return FALSE;
	}
	dbus_timeout_set_data(timeout, source, NULL);
	return TRUE;
}

static void remove_timeout(DBusTimeout *timeout, OD_UNUSED void *userdata)
{
	sd_event_source *source = dbus_timeout_get_data(timeout);

	dbus_timeout_set_data(timeout, NULL, NULL);
	sd_event_source_disable_unref(source);
}

static void toggle_timeout(DBusTimeout *timeout, OD_UNUSED void *userdata)
{
	sd_event_source *source = dbus_timeout_get_data(timeout);

	if (source)
		(void) timeout_arm(source, timeout);
}

static void on_status(
	OD_UNUSED DBusConnection *connection, DBusDispatchStatus status, void *userdata)
{
	struct od_bus_loop *loop = userdata;

	if (status != DBUS_DISPATCH_COMPLETE)
		(void) sd_event_source_set_enabled(loop->dispatch, SD_EVENT_ONESHOT);
}

static int on_dispatch(OD_UNUSED sd_event_source *source, void *userdata)
{
	struct od_bus_loop *loop = userdata;

	if (dbus_connection_dispatch(loop->connection) != DBUS_DISPATCH_COMPLETE)
		(void) sd_event_source_set_enabled(loop->dispatch, SD_EVENT_ONESHOT);
	loop->after(loop->userdata);
	return 0;
}

static int loop_attach(struct od_bus_loop *loop)
{
	DBusConnection *connection = loop->connection;
	int r;

	r = sd_event_add_defer(loop->event, &loop->dispatch, on_dispatch, loop);
	if (r < 0)
		return r;
	(void) sd_event_source_set_description(loop->dispatch, "bus-dispatch");
	if (!dbus_connection_set_watch_functions(
		    connection, add_watch, remove_watch, toggle_watch, loop, NULL) ||
		!dbus_connection_set_timeout_functions(
			connection, add_timeout, remove_timeout, toggle_timeout, loop, NULL))
		return -ENOMEM;
	dbus_connection_set_dispatch_status_function(connection, on_status, loop, NULL);
	/* What came while the connection was made waits already: the defer source begins enabled. */
	return 0;
}

int od_bus_loop_new(struct sd_event *event, DBusConnection *connection,
	void (*after)(void *userdata), void *userdata, struct od_bus_loop **ret)
{
	od_cleanup(od_bus_loop_freep) struct od_bus_loop *loop = calloc(1, sizeof(*loop));
	int r;

	if (!loop)
		return -ENOMEM;
	loop->event = sd_event_ref(event);
	loop->connection = dbus_connection_ref(connection);
	loop->after = after;
	loop->userdata = userdata;
	r = loop_attach(loop);
	if (r < 0)
		return r;
	*ret = od_take(&loop);
	return 0;
}

void od_bus_loop_free(struct od_bus_loop *loop)
{
	if (!loop)
		return;
	dbus_connection_set_dispatch_status_function(loop->connection, NULL, NULL, NULL);
	/* Without functions libdbus removes all it had added; that allocates nothing. */
	(void) dbus_connection_set_watch_functions(loop->connection, NULL, NULL, NULL, NULL, NULL);
	(void) dbus_connection_set_timeout_functions(
		loop->connection, NULL, NULL, NULL, NULL, NULL);
	while (loop->descriptors)
		descriptor_free(loop, loop->descriptors);
	sd_event_source_disable_unref(loop->dispatch);
	dbus_connection_unref(loop->connection);
	sd_event_unref(loop->event);
	free(loop);
}

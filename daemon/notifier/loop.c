/*
 * GLib may call prepare() again without check() or dispatch() in between (a source of higher priority
 * was ready), while sd-event insists on its own order. So each step first looks at the state sd-event
 * is in. ARMED in prepare() means it was prepared before: since then a GLib callback may have set a
 * timer or a deferred call, which sd-event only notices when it is prepared anew. So it is taken
 * through an empty wait first; without that, the timer would sleep until something else happened.
 */
#include "loop.h"

#include <errno.h>
#include <glib.h>
#include <systemd/sd-event.h>

struct bridge {
	GSource source;
	struct sd_event *event;
	GMainLoop *loop;
};

static gboolean bridge_prepare(GSource *source, gint *timeout)
{
	struct bridge *bridge = (struct bridge *) source;

	*timeout = -1; /* sd-event keeps its timers in the descriptor it polls */
	switch (sd_event_get_state(bridge->event)) {
	case SD_EVENT_ARMED:
		if (sd_event_wait(bridge->event, 0) > 0)
			return TRUE;
		return sd_event_prepare(bridge->event) > 0;
	case SD_EVENT_INITIAL:
		return sd_event_prepare(bridge->event) > 0;
	case SD_EVENT_PENDING:
		return TRUE;
	case SD_EVENT_FINISHED:
		g_main_loop_quit(bridge->loop);
		return FALSE;
	default:
		return FALSE;
	}
}

static gboolean bridge_check(GSource *source)
{
	struct bridge *bridge = (struct bridge *) source;

	switch (sd_event_get_state(bridge->event)) {
	case SD_EVENT_ARMED:
		return sd_event_wait(bridge->event, 0) > 0;
	case SD_EVENT_PENDING:
		return TRUE;
	default:
		return FALSE;
	}
}

static gboolean bridge_dispatch(
	GSource *source, OD_UNUSED GSourceFunc callback, OD_UNUSED gpointer userdata)
{
	struct bridge *bridge = (struct bridge *) source;

	if (sd_event_dispatch(bridge->event) <= 0) {
		g_main_loop_quit(bridge->loop);
		return G_SOURCE_REMOVE;
	}
	return G_SOURCE_CONTINUE;
}

int od_loop_run(struct sd_event *event)
{
	static GSourceFuncs functions = {
		.prepare = bridge_prepare, .check = bridge_check, .dispatch = bridge_dispatch
	};
	GSource *source = g_source_new(&functions, sizeof(struct bridge));
	struct bridge *bridge = (struct bridge *) source;
	int code = 0;

	bridge->event = event;
	bridge->loop = g_main_loop_new(NULL, FALSE);
	(void) g_source_add_unix_fd(source, sd_event_get_fd(event), G_IO_IN | G_IO_HUP | G_IO_ERR);
	(void) g_source_attach(source, NULL);
	g_main_loop_run(bridge->loop);
	g_main_loop_unref(bridge->loop);
	g_source_destroy(source);
	g_source_unref(source);
	return sd_event_get_exit_code(event, &code) < 0 ? 0 : code;
}

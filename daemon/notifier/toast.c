/*
 * A small board of slots, one a key, and one timer that shows what is due, one at a time.
 *
 * Three bounds meet in that timer: a bucket of tokens for all (a loop that starts a refused program a
 * thousand times is one notification that counts), a pause a slot, and a backoff while the server
 * refuses. libnotify asks the server and waits; so nothing here is called from inside a D-Bus answer
 * of our own connections, only from the timer.
 */
#include "toast.h"

#include <errno.h>
#include <libnotify/notify.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-event.h>
#include <time.h>

#include "base/error.h"
#include "base/translate.h"
#include "runtime/log.h"

#define SLOTS         16
#define SECOND        UINT64_C(1000000)
#define TOKENS_MAX    5
#define TOKEN_EVERY   (6 * SECOND)
#define PAUSE         SECOND /* between two of one key */
#define TRIES_MAX     9      /* 1 + 2 + 4 ... s, at most a minute each: about four minutes */
#define BACKOFF_MAX   (60 * SECOND)
#define ACCURACY      (50 * 1000)
#define DESKTOP_ENTRY "offduty-notifier"

struct slot {
	struct od_toast toast;
	NotifyNotification *shown;
	bool due;
	unsigned times; /* shown or asked to be, while it stood */
	unsigned tries;
	uint64_t not_before; /* CLOCK_MONOTONIC */
	uint64_t posted;
};

struct od_toasts {
	struct sd_event *event;
	struct sd_event_source *timer;
	struct slot slots[SLOTS];
	unsigned tokens;
	uint64_t token_at; /* when the last one was added */
};

/* What the server that is there now can do. */
struct server {
	bool markup, actions;
};

static uint64_t now(struct od_toasts *toasts)
{
	uint64_t us = 0;

	(void) sd_event_now(toasts->event, CLOCK_MONOTONIC, &us);
	return us;
}

static void slot_forget(struct slot *slot)
{
	if (slot->shown) {
		g_signal_handlers_disconnect_by_data(slot->shown, slot);
		g_object_unref(slot->shown);
	}
	slot->shown = NULL;
	slot->times = 0;
}

static void on_closed(OD_UNUSED NotifyNotification *notification, gpointer userdata)
{
	struct slot *slot = userdata;

	slot_forget(slot);
}

static void on_action(OD_UNUSED NotifyNotification *notification, char *action, gpointer userdata)
{
	struct slot *slot = userdata;

	if (slot->toast.on_action)
		slot->toast.on_action(slot->toast.userdata, action);
}

static bool server_ask(struct server *ret)
{
	GList *capabilities = notify_get_server_caps();

	*ret = (struct server){ 0 };
	for (GList *at = capabilities; at; at = at->next) {
		ret->markup = ret->markup || strcmp(at->data, "body-markup") == 0;
		ret->actions = ret->actions || strcmp(at->data, "actions") == 0;
	}
	g_list_free_full(capabilities, g_free);
	return capabilities;
}

static char *body_make(const struct slot *slot, const struct server *server)
{
	char times[128] = "";
	char *plain, *escaped;

	if (slot->times > 1)
		(void) snprintf(times, sizeof(times),
			ngettext("\n(%u time)", "\n(%u times)", slot->times), slot->times);
	plain = g_strconcat(slot->toast.body, times, NULL);
	if (!server->markup)
		return plain;
	escaped = g_markup_escape_text(plain, -1);
	g_free(plain);
	return escaped;
}

static void shown_dress(struct slot *slot, const struct server *server)
{
	const struct od_toast *toast = &slot->toast;
	NotifyNotification *n = slot->shown;

	notify_notification_set_app_name(n, "Offduty");
	notify_notification_set_hint(n, "desktop-entry", g_variant_new_string(DESKTOP_ENTRY));
	notify_notification_set_urgency(
		n, toast->critical ? NOTIFY_URGENCY_CRITICAL : NOTIFY_URGENCY_NORMAL);
	notify_notification_set_timeout(
		n, toast->stays ? NOTIFY_EXPIRES_NEVER : NOTIFY_EXPIRES_DEFAULT);
	notify_notification_clear_actions(n);
	if (!toast->on_action || !server->actions)
		return;
	for (const struct od_toast_action *a = toast->actions; a->id; a++)
		notify_notification_add_action(n, a->id, a->label, on_action, slot, NULL);
}

/* Return: whether the server took it. */
static bool slot_show(struct slot *slot)
{
	struct server server;
	GError *error = NULL;
	char *body;

	if (!server_ask(&server))
		return false;
	body = body_make(slot, &server);
	if (slot->shown) {
		(void) notify_notification_update(
			slot->shown, slot->toast.summary, body, slot->toast.icon);
	} else {
		slot->shown = notify_notification_new(slot->toast.summary, body, slot->toast.icon);
		(void) g_signal_connect(slot->shown, "closed", G_CALLBACK(on_closed), slot);
	}
	g_free(body);
	shown_dress(slot, &server);
	if (!notify_notification_show(slot->shown, &error)) {
		g_error_free(error);
		return false;
	}
	if (slot->toast.on_action && !server.actions)
		slot->toast.on_action(slot->toast.userdata, slot->toast.actions[0].id);
	return true;
}

static void slot_try(struct slot *slot, uint64_t at)
{
	uint64_t pause = SECOND << (slot->tries < 6 ? slot->tries : 6);

	slot->due = !slot_show(slot);
	if (!slot->due) {
		slot->tries = 0;
		slot->not_before = at + PAUSE;
		return;
	}
	slot->not_before = at + (pause < BACKOFF_MAX ? pause : BACKOFF_MAX);
	if (++slot->tries < TRIES_MAX)
		return;
	od_log(OD_LOG_WARNING, "no notification server took a notification; it is dropped");
	slot->due = false;
	slot->tries = 0;
	slot_forget(slot);
}

static void tokens_refill(struct od_toasts *toasts, uint64_t at)
{
	uint64_t n = (at - toasts->token_at) / TOKEN_EVERY;

	toasts->token_at += n * TOKEN_EVERY;
	if (toasts->tokens + n < TOKENS_MAX)
		toasts->tokens += (unsigned) n;
	else
		toasts->tokens = TOKENS_MAX;
}

/* The due slot that waits longest, or NULL. */
static struct slot *slot_next(struct od_toasts *toasts)
{
	struct slot *next = NULL;

	for (struct slot *slot = toasts->slots; slot < toasts->slots + SLOTS; slot++)
		if (slot->due && (!next || slot->not_before < next->not_before))
			next = slot;
	return next;
}

static void timer_arm(struct od_toasts *toasts)
{
	struct slot *next = slot_next(toasts);
	uint64_t at;

	if (!next) {
		(void) sd_event_source_set_enabled(toasts->timer, SD_EVENT_OFF);
		return;
	}
	at = next->not_before;
	if (toasts->tokens == 0 && at < toasts->token_at + TOKEN_EVERY)
		at = toasts->token_at + TOKEN_EVERY;
	(void) sd_event_source_set_time(toasts->timer, at);
	(void) sd_event_source_set_enabled(toasts->timer, SD_EVENT_ONESHOT);
}

static int on_timer(OD_UNUSED struct sd_event_source *source, uint64_t at, void *userdata)
{
	struct od_toasts *toasts = userdata;
	struct slot *slot = slot_next(toasts);

	at = now(toasts);
	tokens_refill(toasts, at);
	if (slot && slot->not_before <= at && toasts->tokens > 0) {
		toasts->tokens--;
		slot_try(slot, at);
	}
	timer_arm(toasts);
	return 0;
}

/* The slot of @key, else an empty one, else the one that was shown longest ago. */
static struct slot *slot_find(struct od_toasts *toasts, const char *key)
{
	struct slot *best = NULL;

	for (struct slot *slot = toasts->slots; slot < toasts->slots + SLOTS; slot++) {
		if ((slot->due || slot->shown) && strcmp(slot->toast.key, key) == 0)
			return slot;
		if (slot->due)
			continue;
		if (!best || (best->shown && (!slot->shown || slot->posted < best->posted)))
			best = slot;
	}
	if (best && best->shown)
		slot_forget(best); /* it stays on the screen; only nothing replaces it any more */
	return best;
}

int od_toasts_post(struct od_toasts *toasts, const struct od_toast *toast)
{
	struct slot *slot = slot_find(toasts, toast->key);
	uint64_t at = now(toasts);

	if (!slot)
		return OD_E_LIMIT;
	slot->toast = *toast;
	slot->times++;
	slot->posted = at;
	if (!slot->due && slot->not_before < at)
		slot->not_before = at;
	slot->due = true;
	tokens_refill(toasts, at);
	timer_arm(toasts);
	return 0;
}

int od_toasts_new(struct sd_event *event, struct od_toasts **ret)
{
	od_cleanup(od_toasts_freep) struct od_toasts *toasts = calloc(1, sizeof(*toasts));
	int r;

	if (!toasts)
		return -ENOMEM;
	toasts->event = sd_event_ref(event);
	toasts->tokens = TOKENS_MAX;
	toasts->token_at = now(toasts);
	r = sd_event_add_time(
		event, &toasts->timer, CLOCK_MONOTONIC, 0, ACCURACY, on_timer, toasts);
	if (r < 0)
		return r;
	(void) sd_event_source_set_enabled(toasts->timer, SD_EVENT_OFF);
	/* After the D-Bus connections: what came in one burst is one notification. */
	(void) sd_event_source_set_priority(toasts->timer, SD_EVENT_PRIORITY_IDLE);
	if (!notify_init("Offduty"))
		return -EIO;
	*ret = od_take(&toasts);
	return 0;
}

void od_toasts_free(struct od_toasts *toasts)
{
	if (!toasts)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		slot_forget(&toasts->slots[i]);
	(void) sd_event_source_disable_unref(toasts->timer);
	(void) sd_event_unref(toasts->event);
	if (notify_is_initted())
		notify_uninit();
	free(toasts);
}

/*
 * What the notifier shows, through libnotify.
 *
 * One notification a key: what is shown again under the same key replaces what still stands there, and
 * says how often. Never more than a few in a row; a missing or refusing server is tried again for
 * some minutes, then given up with a line in the journal.
 */
#pragma once

#include <stdbool.h>

#include "base/cleanup.h"

struct sd_event;
struct od_toasts;

struct od_toast_action {
	const char *id, *label; /* label in the reader's language; borrowed for good */
};

struct od_toast {
	char key[128];
	char summary[256];
	char body[2048];  /* plain text; markup is escaped where the server reads it */
	const char *icon; /* a name of the icon naming specification; static */
	bool critical;
	bool stays; /* until it is answered */
	/* NULL: no actions. Where the server has no buttons, called at once with the first one. */
	void (*on_action)(void *userdata, const char *action);
	void *userdata;
	const struct od_toast_action *actions; /* up to one without an id; static */
};

/* Return: 0, -errno. */
int od_toasts_new(struct sd_event *event, struct od_toasts **ret) OD_CHECK;
void od_toasts_free(struct od_toasts *toasts);
OD_DEFINE_CLEANUP(struct od_toasts *, od_toasts_free)

/* Show a copy of @toast soon. Return: 0 or OD_E_LIMIT (too much waits already: dropped). */
int od_toasts_post(struct od_toasts *toasts, const struct od_toast *toast);

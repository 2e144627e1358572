/* What the guard and the gate tell, in words for the person in front of the screen. */
#pragma once

#include <dbus/dbus.h>

#include "model/decision.h"
#include "toast.h"

enum od_alert { OD_ALERT_BLOCKED, OD_ALERT_WARNED, OD_ALERT_SHARED, OD_ALERT_ENDING };

/* From the a{sv} of a Guard signal (iterator at the array). @languages: as od_wording_languages()
 * gives them. Fills in the whole of *@ret but actions. */
void od_wording_alert(
	enum od_alert alert, DBusMessageIter *what, const char *languages, struct od_toast *ret);

struct od_digest_app {
	const char *name;
	unsigned count;
};

/* "14 while you were off", "Slack 9, Teams 5". @apps: most first; not all are named. */
void od_wording_digest(
	unsigned count, const struct od_digest_app *apps, size_t n_apps, struct od_toast *ret);

/* Languages the person reads, best first, ":" between ("fr_MC:fr:en"), from setlocale() and LANGUAGE. */
void od_wording_languages(char *languages, size_t size);
/* The best of the policy's own messages, else the English one, else the first; NULL: none. */
const char *od_wording_message(const od_messages *messages, const char *languages);

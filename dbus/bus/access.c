/*
 * Who may call what: the word in the method's row, and no default.
 *
 * A polkit action is asked of the authority on the same bus, without waiting. Root is not asked: it
 * could become anybody. Where nobody answers for polkit the answer is no. The caller is named by its
 * unique name, so that polkit itself finds out who it is; whether a password may be asked for is the
 * caller's choice (a flag of the message).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "private.h"
#include "wire.h"

#define POLKIT_NAME        "org.freedesktop.PolicyKit1"
#define POLKIT_PATH        "/org/freedesktop/PolicyKit1/Authority"
#define POLKIT_INTERFACE   "org.freedesktop.PolicyKit1.Authority"
#define POLKIT_INTERACTIVE 1u
/* A person may be typing a password. */
#define POLKIT_TIMEOUT_MS (5 * 60 * 1000)
#define POLKIT_AT_ONCE_MS (25 * 1000)

static bool put_subject(DBusMessageIter *iter, const char *sender)
{
	const char *kind = "system-bus-name";
	DBusMessageIter subject, details;

	return dbus_message_iter_open_container(iter, DBUS_TYPE_STRUCT, NULL, &subject) &&
	       dbus_message_iter_append_basic(&subject, DBUS_TYPE_STRING, &kind) &&
	       od_wire_dict_open(&subject, &details) == 0 &&
	       od_wire_put_string(&details, "name", sender) == 0 &&
	       od_wire_dict_close(&subject, &details) == 0 &&
	       dbus_message_iter_close_container(iter, &subject);
}

static bool put_question(DBusMessage *call, const char *action, DBusMessage *message)
{
	DBusMessageIter iter, details;
	const char *cancellation = "";
	dbus_uint32_t flags =
		dbus_message_get_allow_interactive_authorization(message) ? POLKIT_INTERACTIVE : 0;

	dbus_message_iter_init_append(call, &iter);
	return put_subject(&iter, dbus_message_get_sender(message)) &&
	       dbus_message_iter_append_basic(&iter, DBUS_TYPE_STRING, &action) &&
	       dbus_message_iter_open_container(&iter, DBUS_TYPE_ARRAY, "{ss}", &details) &&
	       dbus_message_iter_close_container(&iter, &details) &&
	       dbus_message_iter_append_basic(&iter, DBUS_TYPE_UINT32, &flags) &&
	       dbus_message_iter_append_basic(&iter, DBUS_TYPE_STRING, &cancellation);
}

static enum od_bus_answer read_answer(DBusMessage *reply)
{
	DBusMessageIter iter, result;
	dbus_bool_t allowed, challenge;

	if (dbus_message_get_type(reply) != DBUS_MESSAGE_TYPE_METHOD_RETURN ||
		!dbus_message_has_signature(reply, "(bba{ss})"))
		return OD_BUS_REFUSED;
	dbus_message_iter_init(reply, &iter);
	dbus_message_iter_recurse(&iter, &result);
	dbus_message_iter_get_basic(&result, &allowed);
	dbus_message_iter_next(&result);
	dbus_message_iter_get_basic(&result, &challenge);
	if (allowed)
		return OD_BUS_ALLOWED;
	return challenge ? OD_BUS_CHALLENGE : OD_BUS_REFUSED;
}

static void on_polkit(void *userdata, DBusMessage *reply)
{
	struct od_bus_question *question = userdata;

	question->fn(question->userdata, read_answer(reply));
}

static int ask_polkit(struct od_bus *bus, const char *action, DBusMessage *message,
	struct od_bus_question *question)
{
	int timeout_ms = dbus_message_get_allow_interactive_authorization(message)
				 ? POLKIT_TIMEOUT_MS
				 : POLKIT_AT_ONCE_MS;
	DBusMessage *call = dbus_message_new_method_call(
		POLKIT_NAME, POLKIT_PATH, POLKIT_INTERFACE, "CheckAuthorization");
	int r = -ENOMEM;

	if (!call)
		return -ENOMEM;
	if (put_question(call, action, message))
		r = od_bus_call(bus, call, timeout_ms, on_polkit, question, NULL);
	dbus_message_unref(call);
	return r;
}

/* Whether @pid keeps its executable from being looked at, as the notifier does (PR_SET_DUMPABLE). */
static bool is_closed(pid_t pid)
{
	char link[64];
	struct stat st;

	(void) snprintf(link, sizeof(link), "/proc/%d/exe", (int) pid);
	return stat(link, &st) < 0 && errno == EACCES;
}

/*
 * On the system bus the guard (root) serves every user's notifier. On a session bus only its owner's:
 * there the gate, of the same uid, may not look at a process that is not dumpable, and takes that for
 * the notifier. Nothing is lost by it: whoever has this uid can read what the gate keeps anyway.
 */
static bool is_notifier(const char *notifier, const struct od_bus_peer *peer)
{
	if (!notifier || (geteuid() != 0 && peer->uid != geteuid()))
		return false;
	return od_bus_peer_runs(peer->pid, notifier) || (geteuid() != 0 && is_closed(peer->pid));
}

int od_bus_access(struct od_bus *bus, const char *access, const char *notifier,
	DBusMessage *message, const struct od_bus_peer *peer, struct od_bus_question *question)
{
	bool allowed;

	if (strcmp(access, "any") == 0)
		allowed = true;
	else if (strcmp(access, "own-session") == 0)
		allowed = peer->uid == geteuid();
	else if (strcmp(access, "notifier") == 0)
		allowed = is_notifier(notifier, peer);
	else if (strncmp(access, OD_BUS_NAME ".", strlen(OD_BUS_NAME ".")) != 0)
		allowed = false;
	else if (peer->uid == 0)
		allowed = true;
	else
		return ask_polkit(bus, access, message, question);
	question->fn(question->userdata, allowed ? OD_BUS_ALLOWED : OD_BUS_REFUSED);
	return 0;
}

/*
 * One notification: who sent it, is it work, does it pass now?
 *
 * The first call of a sender waits for the bus to name its process; that is one round trip, once.
 * How many wait is bounded; beyond, a call is judged by what it says of itself alone.
 *
 * replaces_id, for a sender who means one it sent before:
 *     held, and held again       new content, same place in the hold, same id
 *     held, and passes now       leaves the hold; shown as a new one under the id its sender knows
 *     shown, and passes          takes its place on the screen
 *     shown, and is held         stays on the screen as it is; the new content is held under the
 *                                same id and takes its place when it is delivered
 */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "gate/gate.h"
#include "gate/notify_call.h"
#include "model/notice.h"
#include "runtime/log.h"

#define PARKED_MAX 256

struct parked {
	struct od_gate *gate;
	DBusMessage *call;
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool filled(const char *text)
{
	return text && *text;
}

/* What a person would call the sender. */
static const char *title(const struct od_notify_call *notify, const struct od_identity *identity,
	const struct od_messenger *messenger)
{
	if (messenger && filled(messenger->name))
		return messenger->name;
	if (filled(notify->app_name))
		return notify->app_name;
	if (filled(notify->desktop_entry))
		return notify->desktop_entry;
	if (*identity->flatpak)
		return identity->flatpak;
	if (*identity->unit_app)
		return identity->unit_app;
	return *identity->exe ? base_name(identity->exe) : "?";
}

static void pass(struct od_gate *gate, DBusMessage *call, const struct od_notify_call *notify)
{
	uint32_t replaces = notify->replaces_id, server = replaces, client = 0;
	const struct od_id *id = replaces ? od_ids_by_client(&gate->ids, replaces) : NULL;
	char instance[OD_GATE_INSTANCE_MAX];

	od_gate_instance(gate, instance, sizeof(instance));
	if (replaces && gate->hold)
		(void) od_hold_withdraw(gate->hold, call, replaces, instance, false);
	if (id)
		server = id->server;
	else if (replaces >= OD_IDS_FIRST)
		server = 0; /* was held, or shown by a server that is gone */
	if (server != replaces)
		client = replaces;
	od_forward_notify(gate->forward, call, server, client);
}

void od_judge_pass(struct od_gate *gate, DBusMessage *call)
{
	struct od_notify_call notify;

	if (od_notify_call_parse(call, &notify) == 0)
		pass(gate, call, &notify);
	else
		od_forward_pass(gate->forward, call);
}

static bool breakthrough_left(const struct od_breakthrough *rule, void *userdata)
{
	const struct od_gate *gate = userdata;

	return od_breakthroughs_left(&gate->breakthroughs, rule, od_state_now(gate->state));
}

static void hold(struct od_gate *gate, DBusMessage *call, const struct od_notify_call *notify,
	const struct od_identity *identity, const struct od_messenger *messenger)
{
	char instance[OD_GATE_INSTANCE_MAX];
	const struct od_hold_about about = {
		.notify = notify,
		.app = title(notify, identity, messenger),
		.messenger = messenger ? messenger->id : NULL,
		.instance = instance,
		.now_us = od_state_now(gate->state),
	};

	od_gate_instance(gate, instance, sizeof(instance));
	od_hold_keep(gate->hold, call, &about);
}

static void judge(struct od_gate *gate, DBusMessage *call, const struct od_identity *identity)
{
	const struct od_policy *policy = od_state_policy(gate->state);
	struct od_notice_verdict verdict = { .action = OD_NOTICE_PASS };
	struct od_notify_call notify;
	char host[256] = "";

	if (od_notify_call_parse(call, &notify) != 0) {
		od_forward_pass(gate->forward, call); /* the server says what is wrong with it */
		return;
	}
	if (policy && !filled(notify.origin_name))
		(void) od_notice_host_from_body(notify.body, host, sizeof(host));
	const struct od_notice notice = {
		.app_name = notify.app_name,
		.desktop_entry = notify.desktop_entry,
		.flatpak = *identity->flatpak ? identity->flatpak : NULL,
		.unit_app = *identity->unit_app ? identity->unit_app : NULL,
		.exe = *identity->exe ? identity->exe : NULL,
		.host = filled(notify.origin_name) ? notify.origin_name
			: *host                    ? host
						   : NULL,
		.summary = notify.summary,
		.body = notify.body,
		.urgency = notify.urgency,
		.own = identity->own,
	};

	if (policy)
		od_notice_decide(policy, &notice, od_state_duty(gate->state), breakthrough_left,
			gate, &verdict);
	if (verdict.action == OD_NOTICE_HOLD && gate->hold) {
		hold(gate, call, &notify, identity, verdict.messenger);
		return;
	}
	if (verdict.action == OD_NOTICE_PASS && verdict.breakthrough &&
		verdict.reason.rule == OD_RULE_BREAKTHROUGH)
		(void) od_breakthroughs_record(
			&gate->breakthroughs, verdict.breakthrough, od_state_now(gate->state));
	pass(gate, call, &notify);
}

static void on_peer(void *userdata, const struct od_bus_peer *peer)
{
	struct parked *parked = userdata;
	struct od_gate *gate = parked->gate;
	const char *sender = dbus_message_get_sender(parked->call);
	struct od_identity fresh, *kept = od_identities_add(gate->identities, sender);

	gate->parked--;
	od_identity_read(peer->known ? peer->pid : 0, gate->notifier, &fresh);
	if (kept)
		*kept = fresh;
	judge(gate, parked->call, &fresh);
	dbus_message_unref(parked->call);
	free(parked);
}

/* Return: 0 (judged, now or later) or an error: nobody says who it is. */
static int learn_and_judge(struct od_gate *gate, DBusMessage *call)
{
	struct parked *parked;
	int r;

	if (gate->parked >= PARKED_MAX || od_message_size(call) > (1u << 20))
		return OD_E_LIMIT;
	parked = malloc(sizeof(*parked));
	if (!parked)
		return -ENOMEM;
	*parked = (struct parked){ .gate = gate, .call = dbus_message_ref(call) };
	gate->parked++;
	r = od_bus_peer(gate->bus, dbus_message_get_sender(call), on_peer, parked);
	if (r == 0)
		return 0;
	gate->parked--;
	dbus_message_unref(parked->call);
	free(parked);
	return r;
}

void od_judge_notify(struct od_gate *gate, DBusMessage *call)
{
	static const struct od_identity nobody;
	const char *sender = dbus_message_get_sender(call);
	const struct od_identity *known = od_identities_find(gate->identities, sender);

	if (known)
		judge(gate, call, known);
	else if (learn_and_judge(gate, call) != 0)
		judge(gate, call, &nobody);
}

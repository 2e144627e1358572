/*
 * The gate, put together and taken apart.
 *
 * It owns org.freedesktop.Notifications; the server waits behind it in the bus's queue. If the gate
 * dies the bus makes the server the owner, and a gate that comes back asks with REPLACE_EXISTING and
 * has the name again; the shim made sure the server allows it. A server that was started without
 * the shim keeps the name, and the gate waits in the queue until it ends.
 *
 * Everything is asynchronous once the loop runs. The one thing waited for is the commit of the held
 * store, because that is the promise given with the answer.
 */
#include "gate/gate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-event.h>
#include <systemd/sd-id128.h>

#include "base/error.h"
#include "bus/object.h"
#include "gate/notify_call.h"
#include "runtime/clock.h"
#include "runtime/log.h"
#include "runtime/service.h"

#include "Duty.bus.h"
#include "Held.bus.h"
#include "Settings.bus.h"

#define LAG_MAX_US ((uint64_t) 5 * 1000000) /* an answer that waits longer: the disk hangs */

static const char *const duty_properties[] = { "State", "Until", "Reason", "Choice", "ChoiceUntil",
	"PolicyHash", "PolicyGeneration", "LeaveMade", "OnCallMade", NULL };
static const char *const server_properties[] = { "Server", "Gated", NULL };
static const char *const held_properties[] = { "Count", NULL };

static void on_expiry(void *userdata);

static int64_t hold_limit(const struct od_gate *gate)
{
	const struct od_policy *policy = od_state_policy(gate->state);

	return policy ? policy->notifications.hold_limit_us : 35 * 24 * 3600 * OD_USEC_PER_SEC;
}

static void arm_expiry(struct od_gate *gate)
{
	int64_t oldest = OD_NEVER, when = OD_NEVER;
	int r = od_store_oldest(gate->store, &oldest);

	if (oldest != OD_NEVER && __builtin_add_overflow(oldest, hold_limit(gate), &when))
		when = OD_NEVER;
	if (r == 0)
		r = od_timer_set(gate->expiry, when);
	if (r != 0)
		(void) od_log_result(OD_LOG_WARNING, r, "cannot wait for the hold limit");
}

static void on_held_changed(void *userdata)
{
	struct od_gate *gate = userdata;

	/* Without memory for a signal, clients see it at the next change. */
	(void) od_bus_announce(gate->bus, OD_BUS_PATH, "org.offduty1.Held", "Changed");
	(void) od_bus_invalidate(gate->bus, OD_BUS_PATH, "org.offduty1.Held", held_properties);
	if (gate->expiry)
		arm_expiry(gate);
}

static void on_expiry(void *userdata)
{
	struct od_gate *gate = userdata;
	unsigned n = 0;
	int r = od_store_expire(gate->store, od_state_now(gate->state) - hold_limit(gate) + 1, &n);

	if (r == 0)
		r = od_hold_commit(gate->hold);
	if (r != 0)
		(void) od_log_result(OD_LOG_WARNING, r, "cannot let go of what is held too long");
	else if (n > 0)
		od_store_scrub(gate->store);
	arm_expiry(gate);
}

static void on_state_changed(void *userdata)
{
	struct od_gate *gate = userdata;
	const struct od_policy *policy = od_state_policy(gate->state);

	if (policy && gate->store)
		od_store_set_bounds(gate->store, policy->notifications.hold_items,
			policy->notifications.hold_size);
	if (gate->expiry)
		arm_expiry(gate);
	(void) od_bus_invalidate(gate->bus, OD_BUS_PATH, "org.offduty1.Duty", duty_properties);
	od_digest_evaluate(gate);
}

static void on_not_kept(void *userdata, DBusMessage *call)
{
	od_judge_pass(userdata, call);
}

static void on_server_found(void *userdata)
{
	struct od_gate *gate = userdata;

	od_forward_on_found(gate->forward);
	if (gate->deliver)
		od_delivery_on_found(gate->deliver);
	(void) od_bus_invalidate(gate->bus, OD_BUS_PATH, "org.offduty1.Duty", server_properties);
}

static void on_server_lost(void *userdata)
{
	struct od_gate *gate = userdata;

	od_forward_on_lost(gate->forward);
	(void) od_bus_invalidate(gate->bus, OD_BUS_PATH, "org.offduty1.Duty", server_properties);
}

static void on_reload(void *userdata)
{
	struct od_gate *gate = userdata;

	od_state_reload(gate->state);
}

/* No ping while the disk keeps a sender waiting: systemd ends us and the bus promotes the server. */
static bool is_alive(void *userdata)
{
	const struct od_gate *gate = userdata;

	return !gate->hold || od_hold_lag_us(gate->hold) < LAG_MAX_US;
}

void od_gate_instance(const struct od_gate *gate, char *text, size_t size)
{
	const char *server = gate->upstream ? od_upstream_name(gate->upstream) : NULL;

	(void) snprintf(text, size, "%s/%s", gate->bus_id, server ? server : "");
}

static int open_store(struct od_gate *gate, const char *folder)
{
	char id[SD_ID128_STRING_MAX] = "unknown";
	sd_id128_t machine;
	int r;

	if (sd_id128_get_machine(&machine) >= 0)
		(void) sd_id128_to_string(machine, id);
	r = od_store_open(folder, id, &gate->store);
	if (r == 0)
		return od_timer_new(gate->clock, on_expiry, gate, &gate->expiry);
	gate->store = NULL;
	(void) od_log_result(
		OD_LOG_ERROR, r, "the held store cannot be used: every notification is shown");
	return 0;
}

static int start_holding(struct od_gate *gate)
{
	const struct od_hold_hooks hooks = {
		.changed = on_held_changed, .failed = on_not_kept, .userdata = gate
	};
	struct od_delivery_options options = {
		.event = gate->event,
		.bus = gate->bus,
		.store = gate->store,
		.upstream = gate->upstream,
		.ids = &gate->ids,
		.instance = gate->bus_id,
	};
	int r;

	if (!gate->store)
		return 0;
	r = od_hold_new(gate->event, gate->bus, gate->store, &hooks, &gate->hold);
	options.hold = gate->hold;
	return r == 0 ? od_delivery_new(&options, &gate->deliver) : r;
}

static int open_bus(struct od_gate *gate, const char *address)
{
	char *id;
	int r = od_bus_open(gate->event, address && *address ? address : "session", &gate->bus);

	if (r != 0)
		return r;
	id = dbus_connection_get_server_id(od_bus_connection(gate->bus));
	gate->bus_id = strdup(id ? id : "bus");
	dbus_free(id);
	od_bus_set_filter(gate->bus, od_dispatch_message, gate);
	return gate->bus_id ? 0 : -ENOMEM;
}

static int start_passing(struct od_gate *gate)
{
	const struct od_upstream_hooks hooks = {
		.found = on_server_found, .lost = on_server_lost, .userdata = gate
	};
	int r = od_upstream_new(gate->event, gate->bus, &hooks, &gate->upstream);

	if (r == 0)
		r = od_forward_new(
			gate->event, gate->bus, gate->upstream, &gate->ids, &gate->forward);
	gate->identities = od_identities_new();
	return r == 0 && !gate->identities ? -ENOMEM : r;
}

/* Our own name first: it tells whether another gate runs. */
static int take_names(struct od_gate *gate)
{
	const struct od_bus_export exports[] = {
		{ &od_bus_interface_duty, gate },
		{ &od_bus_interface_held, gate },
		{ &od_bus_interface_settings, gate },
		{ NULL, NULL },
	};
	int r = od_bus_serve(gate->bus, OD_BUS_PATH, exports, gate->notifier);

	if (r == 0)
		r = od_bus_request_name(gate->bus, OD_BUS_NAME, DBUS_NAME_FLAG_DO_NOT_QUEUE);
	if (r != 0)
		return r;
	r = od_bus_request_name(gate->bus, OD_NOTIFY_NAME, DBUS_NAME_FLAG_REPLACE_EXISTING);
	if (r == OD_E_BUSY) {
		od_log(OD_LOG_WARNING, "a notification server that was not started by offduty-shim "
				       "has the name: notifications are not held until it ends");
		r = 0;
	}
	return r;
}

static int start(struct od_gate *gate, const struct od_gate_options *options)
{
	char settings[4096];
	const struct od_service_hooks hooks = {
		.reload = on_reload, .alive = is_alive, .userdata = gate
	};
	struct od_state_options state = { .root = options->root,
		.settings = settings,
		.changed = on_state_changed,
		.userdata = gate };
	int r = od_service_new(&hooks, &gate->service);

	if (r != 0)
		return r;
	(void) snprintf(settings, sizeof(settings), "%s/settings", options->state_dir);
	gate->notifier = options->notifier;
	state.event = gate->event = od_service_event(gate->service);
	r = od_clock_new(gate->event, options->clock, &gate->clock);
	state.clock = gate->clock;
	if (r == 0)
		r = open_store(gate, options->state_dir);
	if (r == 0)
		r = open_bus(gate, options->bus);
	if (r == 0)
		r = od_state_new(&state, &gate->state);
	if (r == 0)
		r = start_passing(gate);
	if (r == 0)
		r = start_holding(gate);
	return r == 0 ? take_names(gate) : r;
}

int od_gate_new(const struct od_gate_options *options, struct od_gate **ret)
{
	od_cleanup(od_gate_freep) struct od_gate *gate = calloc(1, sizeof(*gate));
	int r = gate ? start(gate, options) : -ENOMEM;

	if (r != 0)
		return od_log_result(OD_LOG_ERROR, r, "cannot start");
	*ret = od_take(&gate);
	return 0;
}

int od_gate_run(struct od_gate *gate)
{
	on_state_changed(gate); /* what was held by an earlier gate is due now, if on duty */
	od_service_ready(gate->service, od_state_policy(gate->state)
						? "stands before the notification server"
						: "no policy: every notification passes");
	return od_service_run(gate->service);
}

void od_gate_free(struct od_gate *gate)
{
	if (!gate)
		return;
	od_digest_done(gate);
	od_delivery_free(gate->deliver);
	od_hold_free(gate->hold);
	od_forward_free(gate->forward);
	od_upstream_free(gate->upstream);
	od_timer_free(gate->expiry);
	od_state_free(gate->state);
	od_bus_free(gate->bus);
	od_store_free(gate->store);
	od_clock_free(gate->clock);
	od_service_free(gate->service);
	od_ids_clear(&gate->ids);
	od_identities_free(gate->identities);
	od_breakthroughs_done(&gate->breakthroughs);
	free(gate->bus_id);
	free(gate);
}

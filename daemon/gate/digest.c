/*
 * When duty begins and something is held.
 *
 * A state, not an edge: "on duty, something held, and not yet announced since duty began". The
 * notifier has five seconds to ask for the digest; from then on it is the person who decides. Where
 * nobody asks, the held ones come by themselves, paced.
 */
#include <systemd/sd-event.h>
#include <time.h>

#include "gate/gate.h"
#include "runtime/log.h"

#include "bus/object.h"

#define WAIT_US ((uint64_t) 5 * 1000000)

static int on_nobody_asked(
	struct sd_event_source *source OD_UNUSED, uint64_t usec OD_UNUSED, void *userdata)
{
	struct od_gate *gate = userdata;

	od_log(OD_LOG_NOTICE, "nobody shows the digest: what is held is delivered");
	(void) od_delivery_all(gate->deliver, false); /* without memory: at the next change */
	return 0;
}

static void wait_for_notifier(struct od_gate *gate)
{
	int r = 0;

	if (!gate->digest_wait)
		r = sd_event_add_time_relative(gate->event, &gate->digest_wait, CLOCK_MONOTONIC,
			WAIT_US, 100000, on_nobody_asked, gate);
	else if ((r = sd_event_source_set_time_relative(gate->digest_wait, WAIT_US)) >= 0)
		r = sd_event_source_set_enabled(gate->digest_wait, SD_EVENT_ONESHOT);
	if (r < 0)
		(void) on_nobody_asked(NULL, 0, gate);
}

static void stop_waiting(struct od_gate *gate)
{
	if (gate->digest_wait)
		(void) sd_event_source_set_enabled(gate->digest_wait, SD_EVENT_OFF);
}

static void begin(struct od_gate *gate)
{
	switch (od_state_deliver(gate->state, NULL)) {
	case OD_DELIVER_DIGEST:
		(void) od_bus_announce(gate->bus, OD_BUS_PATH, "org.offduty1.Held", "DigestReady");
		wait_for_notifier(gate);
		break;
	case OD_DELIVER_REPLAY:
		(void) od_delivery_all(gate->deliver, false);
		break;
	case OD_DELIVER_QUIETLY:
		(void) od_delivery_all(gate->deliver, true);
		break;
	}
}

void od_digest_evaluate(struct od_gate *gate)
{
	if (!gate->hold)
		return;
	if (!od_state_duty(gate->state)->on) {
		gate->announced = false;
		stop_waiting(gate);
		od_delivery_stop(gate->deliver);
		return;
	}
	if (gate->announced || od_store_count(gate->store) == 0)
		return;
	gate->announced = true;
	begin(gate);
}

void od_digest_taken(struct od_gate *gate)
{
	stop_waiting(gate);
}

void od_digest_done(struct od_gate *gate)
{
	gate->digest_wait = sd_event_source_unref(gate->digest_wait);
}

/* A small service, made of od::bus and od::runtime as a daemon is, for tests to talk to. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-event.h>

#include "Trial.bus.h"
#include "base/error.h"
#include "base/i18n.h"
#include "bus/wire.h"
#include "runtime/clock.h"
#include "runtime/log.h"
#include "runtime/options.h"
#include "runtime/service.h"

#define LATER_MAX 64

struct later {
	struct trial *trial;
	DBusMessage *call;
	struct od_timer *timer;
	uint32_t ms;
};

struct trial {
	struct od_bus *bus;
	struct od_clock *clock;
	struct later later[LATER_MAX];
	unsigned count, reloads;
};

int od_trial_get_version(OD_UNUSED void *userdata, DBusMessageIter *value)
{
	return od_wire_uint32(value, 1);
}

int od_trial_get_motto(OD_UNUSED void *userdata, DBusMessageIter *value)
{
	return od_wire_string(value, "caf\xc3\xa9, not caf\xe9");
}

int od_trial_get_members(OD_UNUSED void *userdata, DBusMessageIter *value)
{
	DBusMessageIter dict;

	if (od_wire_dict_open(value, &dict) != 0 || od_wire_put_string(&dict, "text", "t") != 0 ||
		od_wire_put_string(&dict, "absent", NULL) != 0 ||
		od_wire_put_int64(&dict, "instant", INT64_MAX) != 0)
		return -ENOMEM;
	return od_wire_dict_close(value, &dict);
}

int od_trial_get_broken(OD_UNUSED void *userdata, OD_UNUSED DBusMessageIter *value)
{
	return OD_E_FAILED;
}

int od_trial_get_mistyped(OD_UNUSED void *userdata, DBusMessageIter *value)
{
	return od_wire_string(value, "not a number");
}

int od_trial_method_echo(OD_UNUSED void *userdata, struct od_bus_call *call)
{
	return od_wire_copy(&call->in, &call->out);
}

int od_trial_method_count(void *userdata, struct od_bus_call *call)
{
	struct trial *trial = userdata;

	return od_wire_uint32(&call->out, trial->count++);
}

int od_trial_method_mine(OD_UNUSED void *userdata, struct od_bus_call *call)
{
	return od_wire_uint32(&call->out, call->peer.uid);
}

int od_trial_method_subscribe(OD_UNUSED void *userdata, OD_UNUSED struct od_bus_call *call)
{
	return 0;
}

int od_trial_method_reload(void *userdata, struct od_bus_call *call)
{
	struct trial *trial = userdata;

	return od_wire_uint32(&call->out, ++trial->reloads);
}

int od_trial_method_explain(OD_UNUSED void *userdata, struct od_bus_call *call)
{
	const char *user = NULL;
	int r = 0;

	if (!od_wire_read_string(&call->in, &user))
		return OD_E_SYNTAX;
	if (*user)
		r = od_bus_call_require(call, "org.offduty1.policy.explain-others");
	return r != 0 ? r : od_wire_string(&call->out, *user ? user : "yourself");
}

static void on_later(void *userdata)
{
	struct later *later = userdata;
	DBusMessage *reply = dbus_message_new_method_return(later->call);
	DBusMessageIter iter;

	dbus_message_iter_init_append(reply, &iter);
	if (od_wire_uint32(&iter, later->ms) != 0 ||
		od_bus_answer(later->trial->bus, later->call, reply) != 0)
		od_log(OD_LOG_ERROR, "no memory");
	later->call = NULL;
}

int od_trial_method_later(void *userdata, struct od_bus_call *call)
{
	struct trial *trial = userdata;
	struct later *later = trial->later;
	int r = 0;

	while (later < trial->later + LATER_MAX && later->call)
		later++;
	if (later == trial->later + LATER_MAX)
		return OD_E_LIMIT;
	if (!od_wire_read_uint32(&call->in, &later->ms))
		return OD_E_SYNTAX;
	if (!later->timer)
		r = od_timer_new(trial->clock, on_later, later, &later->timer);
	if (r == 0)
		r = od_timer_set(
			later->timer, od_clock_now(trial->clock) + later->ms * INT64_C(1000));
	if (r != 0)
		return r;
	later->trial = trial;
	later->call = od_bus_call_defer(call);
	return 0;
}

int od_trial_method_fail(OD_UNUSED void *userdata, struct od_bus_call *call)
{
	const char *words = NULL;
	dbus_int32_t code;

	dbus_message_iter_get_basic(&call->in, &code);
	dbus_message_iter_next(&call->in);
	(void) od_wire_read_string(&call->in, &words);
	return *words ? od_bus_call_error(call, code, "%s", words) : code;
}

int od_trial_method_forget(OD_UNUSED void *userdata, OD_UNUSED struct od_bus_call *call)
{
	return 0;
}

int od_trial_method_announce(OD_UNUSED void *userdata, struct od_bus_call *call)
{
	static const char *const names[] = { "Motto", "Members", NULL };
	int r = od_bus_announce(call->bus, OD_BUS_PATH, OD_BUS_TRIAL, "Changed");

	return r != 0 ? r : od_bus_invalidate(call->bus, OD_BUS_PATH, OD_BUS_TRIAL, names);
}

/* Stay, to show that a loop without a bus is quiet. */
static void on_disconnect(OD_UNUSED void *userdata)
{
	od_log(OD_LOG_NOTICE, "the bus is gone");
}

static int serve(
	struct trial *trial, struct sd_event *event, const char *address, const char *notifier)
{
	const struct od_bus_export exports[] = { { &od_bus_interface_trial, trial }, { 0 } };
	int r = od_bus_open(event, address, &trial->bus);

	if (r != 0)
		return od_log_result(OD_LOG_ERROR, r, "%s", address);
	od_bus_on_disconnect(trial->bus, on_disconnect, trial);
	r = od_bus_serve(trial->bus, OD_BUS_PATH, exports, notifier);
	if (r == 0)
		r = od_bus_request_name(trial->bus, OD_BUS_NAME, DBUS_NAME_FLAG_DO_NOT_QUEUE);
	return r == 0 ? 0 : od_log_result(OD_LOG_ERROR, r, OD_BUS_NAME);
}

static void trial_done(struct trial *trial)
{
	for (size_t i = 0; i < LATER_MAX; i++) {
		od_timer_free(trial->later[i].timer);
		if (trial->later[i].call)
			dbus_message_unref(trial->later[i].call);
	}
	od_bus_free(trial->bus);
	od_clock_free(trial->clock);
}

int main(int argc, char **argv)
{
	static const char *bus = "session", *clock, *notifier;
	static const struct od_option options[] = {
		{ "bus", "ADDRESS", N_("bus to serve on"), &bus },
		{ "clock", "SPEC", N_("shift the time"), &clock },
		{ "notifier", "PATH", N_("program that may subscribe"), &notifier },
		{ 0 },
	};
	od_cleanup(od_service_freep) struct od_service *service = NULL;
	od_cleanup(trial_done) struct trial trial = { 0 };
	int r = od_options_parse(argc, argv, options, N_("A service for tests."), NULL);

	if (r != 0)
		return r == 1 ? 0 : od_error_exit_code(r);
	od_log_open("trial", OD_LOG_DEBUG);
	r = od_service_new(NULL, &service);
	if (r == 0)
		r = od_clock_new(od_service_event(service), clock, &trial.clock);
	if (r == 0)
		r = serve(&trial, od_service_event(service), bus, notifier);
	if (r == 0) {
		od_service_ready(service, "serving");
		r = od_service_run(service);
	}
	return r < 0 ? 1 : r;
}

/* org.offduty1.Duty: the state of duty, and the employee's lift and rest. */
#include "base/error.h"
#include "base/i18n.h"
#include "bus/object.h"
#include "bus/wire.h"
#include "gate/gate.h"

#include "Duty.bus.h"

static const struct od_gate *gate_of(void *userdata)
{
	return userdata;
}

int od_duty_get_version(OD_UNUSED void *userdata, DBusMessageIter *value)
{
	return od_wire_uint32(value, 1);
}

int od_duty_get_state(void *userdata, DBusMessageIter *value)
{
	return od_wire_string(value, od_state_duty(gate_of(userdata)->state)->on ? "on" : "off");
}

int od_duty_get_until(void *userdata, DBusMessageIter *value)
{
	return od_wire_int64(value, od_state_duty(gate_of(userdata)->state)->until_us);
}

int od_duty_get_reason(void *userdata, DBusMessageIter *value)
{
	const struct od_reason *reason = &od_state_duty(gate_of(userdata)->state)->reason;
	DBusMessageIter dict;

	if (od_wire_dict_open(value, &dict) < 0 ||
		od_wire_put_string(&dict, "rule", od_rule_to_string(reason->rule)) < 0 ||
		od_wire_put_string(&dict, "file", reason->origin.file) < 0 ||
		(reason->origin.line != 0 &&
			od_wire_put_uint32(&dict, "line", reason->origin.line) < 0) ||
		od_wire_put_string(&dict, "label", reason->label) < 0 ||
		od_wire_put_string(&dict, "detail", reason->detail) < 0 ||
		od_wire_put_string(&dict, "zone", reason->zone) < 0)
		return -1;
	return od_wire_dict_close(value, &dict);
}

int od_duty_get_choice(void *userdata, DBusMessageIter *value)
{
	return od_wire_string(
		value, od_choice_to_string(od_state_choice(gate_of(userdata)->state).kind));
}

int od_duty_get_choice_until(void *userdata, DBusMessageIter *value)
{
	return od_wire_int64(value, od_state_choice(gate_of(userdata)->state).until_us);
}

int od_duty_get_legal_rest(void *userdata, DBusMessageIter *value)
{
	DBusMessageIter dict;
	struct od_rest rest;

	if (od_wire_dict_open(value, &dict) < 0)
		return -1;
	if (od_state_rest(gate_of(userdata)->state, &rest) &&
		(od_wire_put_string(&dict, "law", rest.law->id) < 0 ||
			od_wire_put_bool(&dict, "weekly", rest.weekly) < 0 ||
			od_wire_put_int64(&dict, "since", rest.since_us) < 0 ||
			od_wire_put_int64(&dict, "resume", rest.resume_us) < 0 ||
			od_wire_put_int64(&dict, "next", rest.next_us) < 0 ||
			od_wire_put_int64(&dict, "taken", rest.taken_us) < 0 ||
			od_wire_put_int64(&dict, "required", rest.required_us) < 0))
		return -1;
	return od_wire_dict_close(value, &dict);
}

int od_duty_get_leave_made(void *userdata, DBusMessageIter *value)
{
	int64_t leave, on_call;

	od_state_lists(gate_of(userdata)->state, &leave, &on_call);
	return od_wire_int64(value, leave);
}

int od_duty_get_on_call_made(void *userdata, DBusMessageIter *value)
{
	int64_t leave, on_call;

	od_state_lists(gate_of(userdata)->state, &leave, &on_call);
	return od_wire_int64(value, on_call);
}

int od_duty_get_now(void *userdata, DBusMessageIter *value)
{
	return od_wire_int64(value, od_state_now(gate_of(userdata)->state));
}

int od_duty_get_server(void *userdata, DBusMessageIter *value)
{
	return od_wire_string(value, od_upstream_title(gate_of(userdata)->upstream));
}

int od_duty_get_gated(void *userdata, DBusMessageIter *value)
{
	return od_wire_bool(value, od_upstream_owned(gate_of(userdata)->upstream));
}

int od_duty_get_policy_hash(void *userdata, DBusMessageIter *value)
{
	const struct od_policy *policy = od_state_policy(gate_of(userdata)->state);

	return od_wire_string(value, policy ? policy->sha256 : "");
}

int od_duty_get_policy_generation(void *userdata, DBusMessageIter *value)
{
	return od_wire_uint32(value, od_state_generation(gate_of(userdata)->state));
}

static int choose(
	void *userdata, struct od_bus_call *call, enum od_choice_kind kind, int64_t until_us)
{
	struct od_gate *gate = userdata;
	int r = until_us < 0 ? OD_E_RANGE : od_state_choose(gate->state, kind, until_us);

	if (r == OD_E_ACCESS)
		return od_bus_call_error(
			call, r, N_("The policy does not leave you the choice to lift it."));
	if (r == OD_E_RANGE)
		return od_bus_call_error(
			call, r, N_("That instant is past, or more than a year away."));
	return r;
}

int od_duty_method_lift(void *userdata, struct od_bus_call *call)
{
	int64_t until;

	return od_wire_read_int64(&call->in, &until) ? choose(userdata, call, OD_CHOICE_LIFT, until)
						     : OD_E_SYNTAX;
}

int od_duty_method_rest(void *userdata, struct od_bus_call *call)
{
	int64_t until;

	return od_wire_read_int64(&call->in, &until) ? choose(userdata, call, OD_CHOICE_REST, until)
						     : OD_E_SYNTAX;
}

int od_duty_method_resume(void *userdata, struct od_bus_call *call)
{
	return choose(userdata, call, OD_CHOICE_NONE, 0);
}

int od_duty_method_worked(void *userdata, struct od_bus_call *call)
{
	struct od_gate *gate = userdata;
	int64_t from, until;
	int r;

	if (!od_wire_read_int64(&call->in, &from) || !od_wire_read_int64(&call->in, &until))
		return OD_E_SYNTAX;
	r = od_state_worked(gate->state, from, until);
	if (r == OD_E_RANGE)
		return od_bus_call_error(
			call, r, N_("Say when you worked: in the past week, and up to now."));
	if (r == OD_E_NOT_FOUND)
		return od_bus_call_error(call, r,
			N_("There is no legal rest that this could have cut short: you were on "
			   "duty, or your schedule names no law."));
	return r;
}

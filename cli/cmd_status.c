/*
 * Everything at a glance: this session (gate), this machine (guard), the policy. Each part says by
 * itself when its daemon does not answer. Exit code 5 where one of them ought to run and does not.
 */
#include <dbus/dbus.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/translate.h"
#include "bus/wire.h"
#include "cli.h"
#include "commands.h"
#include "hours.h"
#include "output.h"
#include "when.h"

struct status {
	struct od_daemon gate_daemon, guard_daemon;
	struct od_duty_view duty;
	struct od_properties held, guard, policy;
	int gate_result, guard_result; /* 0: the members above are there */
};

static void status_done(struct status *status)
{
	od_properties_done(&status->policy);
	od_properties_done(&status->guard);
	od_properties_done(&status->held);
	od_duty_view_done(&status->duty);
	od_daemon_done(&status->guard_daemon);
	od_daemon_done(&status->gate_daemon);
}

static void status_read(const struct od_cli *cli, struct status *ret)
{
	od_daemon_gate(cli, &ret->gate_daemon);
	ret->gate_result = ret->gate_daemon.result;
	if (ret->gate_result == 0)
		ret->gate_result = od_duty_view_read(&ret->gate_daemon, &ret->duty);
	if (ret->gate_result == 0)
		ret->gate_result = od_daemon_read(&ret->gate_daemon, "Held", &ret->held);

	od_daemon_guard(cli, &ret->guard_daemon);
	ret->guard_result = ret->guard_daemon.result;
	if (ret->guard_result == 0)
		ret->guard_result = od_daemon_read(&ret->guard_daemon, "Policy", &ret->policy);
	if (ret->guard_result == 0)
		ret->guard_result = od_daemon_read(&ret->guard_daemon, "Guard", &ret->guard);
}

/* Both answer, and decide by different policies. */
static bool differ(struct status *status)
{
	return status->gate_result == 0 && status->guard_result == 0 &&
	       strcmp(od_member_string(&status->duty.properties.dict, "PolicyHash"),
		       od_member_string(&status->guard.dict, "PolicyHash")) != 0;
}

/* Elements of an array property: false at the end. */
static bool elements(DBusMessageIter *dict, const char *key, DBusMessageIter *ret)
{
	DBusMessageIter array;

	if (!od_wire_find(dict, key, &array) ||
		dbus_message_iter_get_arg_type(&array) != DBUS_TYPE_ARRAY)
		return false;
	dbus_message_iter_recurse(&array, ret);
	return dbus_message_iter_get_arg_type(ret) != DBUS_TYPE_INVALID;
}

static const char *as_string(DBusMessageIter *at)
{
	const char *text = "";

	if (dbus_message_iter_get_arg_type(at) == DBUS_TYPE_STRING)
		dbus_message_iter_get_basic(at, &text);
	return text;
}

static struct json_object *json_texts(DBusMessageIter *dict, const char *key)
{
	struct json_object *array = json_object_new_array();
	DBusMessageIter at;

	for (bool more = elements(dict, key, &at); more; more = dbus_message_iter_next(&at))
		(void) json_object_array_add(array, json_object_new_string(as_string(&at)));
	return array;
}

static struct json_object *json_uncovered(DBusMessageIter *dict)
{
	struct json_object *array = json_object_new_array();
	DBusMessageIter at, pair;

	for (bool more = elements(dict, "Uncovered", &at); more;
		more = dbus_message_iter_next(&at)) {
		struct json_object *item = json_object_new_object();

		dbus_message_iter_recurse(&at, &pair);
		od_json_string(item, "mount", as_string(&pair));
		dbus_message_iter_next(&pair);
		od_json_string(item, "why", as_string(&pair));
		(void) json_object_array_add(array, item);
	}
	return array;
}

static struct json_object *json_counters(DBusMessageIter *dict)
{
	struct json_object *object = json_object_new_object();
	DBusMessageIter at, entry, value;

	for (bool more = elements(dict, "Counters", &at); more;
		more = dbus_message_iter_next(&at)) {
		dbus_message_iter_recurse(&at, &entry);
		value = entry;
		dbus_message_iter_next(&value);
		od_json_int(object, as_string(&entry), (int64_t) od_value_unsigned(&value));
	}
	return object;
}

static struct json_object *json_trouble(const struct od_daemon *daemon)
{
	struct json_object *object = json_object_new_object();
	char text[512], hint[256];

	od_daemon_trouble(daemon, text, sizeof(text), hint, sizeof(hint));
	od_json_bool(object, "running", false);
	od_json_string(object, "text", text);
	return object;
}

static void json_made(struct json_object *object, const char *key, int64_t made_us)
{
	od_json_instant(object, key, made_us ? made_us : OD_NEVER);
}

static struct json_object *json_gate(struct status *status)
{
	struct od_rest_view rest;
	struct od_duty_view *duty = &status->duty;
	DBusMessageIter *dict = &duty->properties.dict;
	struct json_object *object = json_object_new_object();

	od_json_bool(object, "running", true);
	od_json_string(object, "state", duty->on ? "on" : "off");
	od_json_instant(object, "until", duty->until_us);
	od_json_string(object, "rule", od_rule_to_string(duty->reason.rule));
	od_json_string(object, "file", duty->reason.origin.file);
	od_json_int(object, "line", duty->reason.origin.line);
	od_json_string(object, "label", duty->reason.label);
	od_json_string(object, "zone", duty->reason.zone);
	od_json_string(object, "choice", duty->choice);
	od_json_instant(object, "choice-until", duty->choice_until_us);
	od_json_instant(object, "now", duty->now_us);
	od_rest_view_read(&duty->properties, &rest);
	od_rest_json(object, &rest);
	json_made(object, "leave-made", od_wire_get_int64(dict, "LeaveMade", 0));
	json_made(object, "on-call-made", od_wire_get_int64(dict, "OnCallMade", 0));
	od_json_int(object, "held", od_wire_get_uint32(&status->held.dict, "Count", 0));
	od_json_string(object, "server", od_wire_get_string(dict, "Server"));
	od_json_bool(object, "gated", od_member_bool(dict, "Gated"));
	od_json_string(object, "policy-hash", od_wire_get_string(dict, "PolicyHash"));
	return object;
}

static struct json_object *json_guard(struct status *status)
{
	DBusMessageIter *dict = &status->guard.dict;
	struct json_object *object = json_object_new_object();

	od_json_bool(object, "running", true);
	od_json_string(object, "state", od_wire_get_string(dict, "State"));
	(void) json_object_object_add(object, "covered", json_texts(dict, "Covered"));
	(void) json_object_object_add(object, "uncovered", json_uncovered(dict));
	(void) json_object_object_add(object, "counters", json_counters(dict));
	od_json_string(object, "policy-hash", od_wire_get_string(dict, "PolicyHash"));
	return object;
}

static struct json_object *json_policy(struct status *status)
{
	DBusMessageIter *dict = &status->policy.dict;
	struct json_object *object = json_object_new_object();

	od_json_string(object, "company", od_wire_get_string(dict, "Company"));
	od_json_string(object, "contact", od_wire_get_string(dict, "Contact"));
	od_json_string(object, "hash", od_wire_get_string(dict, "Hash"));
	od_json_int(object, "generation", od_wire_get_uint32(dict, "Generation", 0));
	od_json_int(object, "faults", od_wire_get_uint32(dict, "Faults", 0));
	od_json_bool(object, "same-everywhere", !differ(status));
	(void) json_object_object_add(object, "files", json_texts(dict, "Files"));
	return object;
}

static void print_json(struct status *status)
{
	struct json_object *answer = json_object_new_object();
	bool gate = status->gate_result == 0, guard = status->guard_result == 0;

	(void) json_object_object_add(
		answer, "gate", gate ? json_gate(status) : json_trouble(&status->gate_daemon));
	(void) json_object_object_add(
		answer, "guard", guard ? json_guard(status) : json_trouble(&status->guard_daemon));
	(void) json_object_object_add(answer, "policy", guard ? json_policy(status) : NULL);
	od_json_print(answer);
}

/* The table grows row by row; the first failure (no memory) ends it. */
struct rows {
	struct od_table table;
	int result;
};

static void row(struct rows *rows, const char *name, const char *value)
{
	if (rows->result == 0 && value && (*value || !*name))
		rows->result = od_table_row(&rows->table, (const char *[]){ name, value });
}

static void rows_trouble(struct rows *rows, const char *name, const struct od_daemon *daemon)
{
	char text[512], hint[256];

	od_daemon_trouble(daemon, text, sizeof(text), hint, sizeof(hint));
	row(rows, name, text);
	if (*hint)
		row(rows, "", hint);
}

/* A list that is old may be one whose feed has become faulty: the last good one is kept. */
static void row_made(
	struct rows *rows, const char *name, struct od_duty_view *duty, const char *property)
{
	int64_t made = od_wire_get_int64(&duty->properties.dict, property, 0);
	char when[OD_WHEN_TEXT], text[160];

	if (made == 0)
		return;
	/* "Mon 2026-11-23 06:00" */
	(void) snprintf(text, sizeof(text), _("list of %s"), od_when_short(made, duty->zone, when));
	row(rows, name, text);
}

static void rows_gate(struct rows *rows, struct status *status)
{
	DBusMessageIter *dict = &status->duty.properties.dict;
	const char *server = od_member_string(dict, "Server");
	unsigned held = od_wire_get_uint32(&status->held.dict, "Count", 0);
	struct od_rest_view rest;
	char text[512], place[512];

	row(rows, _("Duty"), od_duty_sentence(&status->duty, text, sizeof(text)));
	row(rows, "",
		od_reason_sentence(&status->duty.reason,
			status->duty.on ? OD_VERDICT_ALLOW : OD_VERDICT_BLOCK, text, sizeof(text)));
	if (*od_reason_place(&status->duty.reason, place, sizeof(place)))
		row(rows, "", place);
	od_rest_view_read(&status->duty.properties, &rest);
	row(rows, _("Rest"), od_rest_sentence(&rest, status->duty.zone, text, sizeof(text)));
	row_made(rows, _("Leave"), &status->duty, "LeaveMade");
	row_made(rows, _("On call"), &status->duty, "OnCallMade");
	(void) snprintf(text, sizeof(text),
		ngettext("%u work notification", "%u work notifications", held), held);
	row(rows, _("Held"), text);
	if (od_member_bool(dict, "Gated"))
		(void) snprintf(text, sizeof(text), _("stands before %s"),
			strcmp(server, "none") == 0 ? _("no notification server yet") : server);
	else
		(void) snprintf(text, sizeof(text), "%s",
			_("runs, but another program answers notifications: nothing is held"));
	row(rows, _("Gate"), text);
}

static const char *state_words(const char *state)
{
	static const struct {
		const char *state, *words;
	} all[] = {
		{ "enforcing", N_("enforces the policy") },
		{ "warning", N_("warns only, as the policy says") },
		{ "auditing", N_("only counts, as the policy says") },
		{ "no-policy", N_("has no policy to go by: everything starts") },
		{ "disabled", N_("switched off on the kernel command line (offduty.disable)") },
		{ "unsupported", N_("this kernel cannot ask before a program starts") },
	};

	for (size_t i = 0; i < OD_ELEMENTS(all); i++)
		if (strcmp(all[i].state, state) == 0)
			return _(all[i].words);
	return state;
}

static uint64_t counter(DBusMessageIter *dict, const char *name)
{
	DBusMessageIter at, entry;

	for (bool more = elements(dict, "Counters", &at); more;
		more = dbus_message_iter_next(&at)) {
		dbus_message_iter_recurse(&at, &entry);
		if (strcmp(as_string(&entry), name) != 0)
			continue;
		dbus_message_iter_next(&entry);
		return od_value_unsigned(&entry);
	}
	return 0;
}

static void rows_guard(struct rows *rows, struct status *status)
{
	DBusMessageIter *dict = &status->guard.dict, at, pair;
	char text[1024];

	row(rows, _("Guard"), state_words(od_member_string(dict, "State")));
	(void) snprintf(text, sizeof(text),
		/* programs started, refused, advised against */
		_("%1$" PRIu64 " starts looked at, %2$" PRIu64 " refused, %3$" PRIu64
		  " advised against"),
		counter(dict, "execs"), counter(dict, "denied"), counter(dict, "warned"));
	row(rows, "", text);
	for (bool more = elements(dict, "Covered", &at); more; more = dbus_message_iter_next(&at))
		row(rows, _("  covers"), as_string(&at));
	for (bool more = elements(dict, "Uncovered", &at); more;
		more = dbus_message_iter_next(&at)) {
		const char *mount;

		dbus_message_iter_recurse(&at, &pair);
		mount = as_string(&pair);
		dbus_message_iter_next(&pair);
		/* The guard's reasons are msgids; we speak the language of whoever asks. */
		(void) snprintf(
			text, sizeof(text), "%s (%s)", mount, od_translate(as_string(&pair)));
		row(rows, _("  not"), text);
	}
}

static void rows_policy(struct rows *rows, struct status *status)
{
	DBusMessageIter *dict = &status->policy.dict, at;
	const char *hash = od_member_string(dict, "Hash");
	unsigned faults = od_wire_get_uint32(dict, "Faults", 0);
	char text[512];

	if (*hash)
		/* company, first digits of a hash, a number */
		(void) snprintf(text, sizeof(text), _("%1$s (%2$.12s, generation %3$u)"),
			od_member_string(dict, "Company"), hash,
			od_wire_get_uint32(dict, "Generation", 0));
	else
		(void) snprintf(text, sizeof(text), "%s", _("none"));
	row(rows, _("Policy"), text);
	for (bool more = elements(dict, "Files", &at); more; more = dbus_message_iter_next(&at))
		if (!strstr(as_string(&at), "/catalogue.d/") &&
			!strstr(as_string(&at), "/holidays.d/"))
			row(rows, "", as_string(&at));
	row(rows, _("Contact"), od_member_string(dict, "Contact"));
	if (faults > 0) {
		(void) snprintf(text, sizeof(text),
			ngettext("%u fault in the newest files, so an older policy is in force; "
				 "see: offduty policy check",
				"%u faults in the newest files, so an older policy is in force; "
				"see: offduty policy check",
				faults),
			faults);
		row(rows, _("Faults"), text);
	}
	if (differ(status))
		row(rows, _("Mismatch"),
			_("the gate of this session goes by another policy than the guard; if that "
			  "lasts: systemctl --user restart offduty-gate.service"));
}

static int print_text(struct status *status)
{
	struct rows rows = { .table = { .columns = 2, .wrap = true } };

	if (status->gate_result == 0)
		rows_gate(&rows, status);
	else
		rows_trouble(&rows, _("Gate"), &status->gate_daemon);
	if (status->guard_result == 0) {
		rows_guard(&rows, status);
		rows_policy(&rows, status);
	} else {
		rows_trouble(&rows, _("Guard"), &status->guard_daemon);
	}
	if (rows.result == 0)
		od_table_print(&rows.table, stdout);
	od_table_done(&rows.table);
	return rows.result;
}

int od_cmd_status(struct od_cli *cli)
{
	od_cleanup(status_done) struct status status = { 0 };
	int r = 0;

	status_read(cli, &status);
	if (cli->json)
		print_json(&status);
	else
		r = print_text(&status);
	if (r == 0)
		r = status.guard_result;
	if (r == 0 && !status.gate_daemon.no_bus) /* without a session there is nothing to gate */
		r = status.gate_result;
	return r;
}

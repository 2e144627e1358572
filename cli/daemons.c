/*
 * Two daemons, two buses: the gate on the session bus, the guard on the system bus. Either may be
 * missing; a verb says which one it needs, and the other one's absence never stops it.
 */
#include "daemons.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/translate.h"
#include "bus/wire.h"
#include "cli.h"
#include "model/explain.h"
#include "when.h"

#define ZONEINFO "/usr/share/zoneinfo"

static void daemon_open(
	const struct od_cli *cli, const char *flag, const char *bus, struct od_daemon *ret)
{
	const char *address = od_cli_flag(cli, flag);

	ret->result = od_client_open(address ? address : bus, &ret->client);
	ret->no_bus = ret->result != 0;
}

void od_daemon_gate(const struct od_cli *cli, struct od_daemon *ret)
{
	*ret = (struct od_daemon){ .program = OD_DAEMON_GATE };
	daemon_open(cli, "bus", "session", ret);
}

void od_daemon_guard(const struct od_cli *cli, struct od_daemon *ret)
{
	*ret = (struct od_daemon){ .program = OD_DAEMON_GUARD };
	daemon_open(cli, "system-bus", "system", ret);
}

void od_daemon_done(struct od_daemon *daemon)
{
	od_client_free(daemon->client);
	daemon->client = NULL;
}

static void interface_name(const char *last, char *name, size_t size)
{
	(void) snprintf(name, size, "org.offduty1.%s", last);
}

int od_daemon_read(struct od_daemon *daemon, const char *interface, struct od_properties *ret)
{
	char name[64];

	ret->reply = NULL;
	if (!daemon->client)
		return daemon->result;
	interface_name(interface, name, sizeof(name));
	daemon->error[0] = '\0';
	daemon->result = od_client_properties(daemon->client, name, &ret->reply, &ret->dict,
		daemon->error, sizeof(daemon->error));
	return daemon->result;
}

DBusMessage *od_daemon_method(const char *interface, const char *method)
{
	char name[64];

	interface_name(interface, name, sizeof(name));
	return od_client_method(name, method);
}

int od_daemon_call(struct od_daemon *daemon, DBusMessage *call, DBusMessage **ret_reply)
{
	od_cleanup(od_message_unrefp) DBusMessage *owned = call, *reply = NULL;

	if (!daemon->client)
		return daemon->result;
	daemon->error[0] = '\0';
	if (!owned)
		return daemon->result = -ENOMEM;
	daemon->result =
		od_client_call(daemon->client, owned, &reply, daemon->error, sizeof(daemon->error));
	if (daemon->result == 0 && ret_reply)
		*ret_reply = od_take(&reply);
	return daemon->result;
}

void od_properties_done(struct od_properties *properties)
{
	od_message_unrefp(&properties->reply);
}

void od_message_unrefp(DBusMessage **message)
{
	if (*message)
		dbus_message_unref(*message);
	*message = NULL;
}

void od_daemon_trouble(
	const struct od_daemon *daemon, char *text, size_t size, char *hint, size_t hint_size)
{
	bool gate = strcmp(daemon->program, OD_DAEMON_GATE) == 0;

	*text = *hint = '\0';
	if (daemon->result == 0)
		return;
	if (daemon->no_bus && gate) {
		(void) snprintf(text, size, "%s",
			_("there is no desktop session here, so no notifications to hold"));
	} else if (daemon->no_bus) {
		(void) snprintf(text, size, "%s", _("the system bus cannot be reached"));
	} else if (daemon->result == OD_E_UNAVAILABLE && gate) {
		(void) snprintf(text, size, "%s",
			_("offduty-gate is not running: notifications are shown as they come"));
		(void) snprintf(hint, hint_size, _("Start it with: %s"),
			"systemctl --user start offduty-gate.service");
	} else if (daemon->result == OD_E_UNAVAILABLE) {
		(void) snprintf(
			text, size, "%s", _("offdutyd is not running: messengers start unchecked"));
		(void) snprintf(hint, hint_size, _("An administrator starts it with: %s"),
			"systemctl start offdutyd.service");
	} else if (daemon->result == OD_E_TIMEOUT) {
		(void) snprintf(text, size, _("%s does not answer"), daemon->program);
	} else if (daemon->error[0]) {
		(void) snprintf(text, size, "%s", daemon->error);
	} else {
		(void) snprintf(text, size, "%s",
			daemon->result < 0 ? strerror(-daemon->result)
					   : _(od_error_text(daemon->result)));
	}
}

int od_daemon_fail(const struct od_cli *cli, const struct od_daemon *daemon)
{
	char text[512], hint[256];

	od_daemon_trouble(daemon, text, sizeof(text), hint, sizeof(hint));
	return od_cli_fail(cli, daemon->result, *hint ? "%s.\n%s" : "%s%s", text, hint);
}

const char *od_member_string(DBusMessageIter *dict, const char *key)
{
	const char *text = od_wire_get_string(dict, key);

	return text ? text : "";
}

bool od_member_bool(DBusMessageIter *dict, const char *key)
{
	DBusMessageIter value;
	dbus_bool_t flag = FALSE;

	if (od_wire_find(dict, key, &value) &&
		dbus_message_iter_get_arg_type(&value) == DBUS_TYPE_BOOLEAN)
		dbus_message_iter_get_basic(&value, &flag);
	return flag;
}

uint64_t od_value_unsigned(DBusMessageIter *value)
{
	DBusBasicValue basic = { 0 };

	switch (dbus_message_iter_get_arg_type(value)) {
	case DBUS_TYPE_BYTE:
		dbus_message_iter_get_basic(value, &basic);
		return basic.byt;
	case DBUS_TYPE_UINT16:
		dbus_message_iter_get_basic(value, &basic);
		return basic.u16;
	case DBUS_TYPE_UINT32:
		dbus_message_iter_get_basic(value, &basic);
		return basic.u32;
	case DBUS_TYPE_UINT64:
		dbus_message_iter_get_basic(value, &basic);
		return basic.u64;
	default:
		return 0;
	}
}

static const char *or_null(const char *text)
{
	return text && *text ? text : NULL;
}

void od_member_reason(DBusMessageIter *dict, struct od_reason *ret)
{
	const char *rule = od_wire_get_string(dict, "rule");

	*ret = (struct od_reason){
		.origin.file = or_null(od_wire_get_string(dict, "file")),
		.origin.line = od_wire_get_uint32(dict, "line", 0),
		.label = or_null(od_wire_get_string(dict, "label")),
		.messenger = or_null(od_wire_get_string(dict, "messenger")),
		.messenger_name = or_null(od_wire_get_string(dict, "messenger-name")),
		.service = or_null(od_wire_get_string(dict, "service")),
		.suggest = or_null(od_wire_get_string(dict, "suggest")),
		.detail = or_null(od_wire_get_string(dict, "detail")),
		.zone = or_null(od_wire_get_string(dict, "zone")),
	};
	if (!rule || !od_rule_from_string(rule, &ret->rule))
		ret->rule = OD_RULE_NONE; /* a newer daemon: worded without it */
}

const char *od_reason_sentence(
	const struct od_reason *reason, enum od_verdict verdict, char *text, size_t size)
{
	od_explain(reason, verdict, od_translate, text, size);
	return text;
}

const char *od_reason_place(const struct od_reason *reason, char *text, size_t size)
{
	if (!reason->origin.file)
		*text = '\0';
	else if (reason->origin.line)
		(void) snprintf(text, size, "%s:%u", reason->origin.file, reason->origin.line);
	else
		(void) snprintf(text, size, "%s", reason->origin.file);
	return text;
}

int od_duty_view_read(struct od_daemon *gate, struct od_duty_view *ret)
{
	DBusMessageIter *dict = &ret->properties.dict, reason;
	int r;

	memset(ret, 0, sizeof(*ret));
	r = od_daemon_read(gate, "Duty", &ret->properties);
	if (r != 0)
		return r;
	ret->on = strcmp(od_member_string(dict, "State"), "off") != 0;
	ret->until_us = od_wire_get_int64(dict, "Until", OD_NEVER);
	ret->now_us = od_wire_get_int64(dict, "Now", 0);
	ret->choice = od_member_string(dict, "Choice");
	ret->choice_until_us = od_wire_get_int64(dict, "ChoiceUntil", OD_NEVER);
	if (od_wire_find(dict, "Reason", &reason))
		od_member_reason(&reason, &ret->reason);
	if (od_when_zone(ZONEINFO, ret->reason.zone, &ret->zone) != 0)
		ret->zone = od_zone_utc();
	if (!ret->zone) {
		od_duty_view_done(ret);
		return gate->result = -ENOMEM;
	}
	return 0;
}

void od_duty_view_done(struct od_duty_view *view)
{
	od_properties_done(&view->properties);
	od_zone_unref(view->zone);
	view->zone = NULL;
}

/* The name a person knows the zone by; the host's own has none worth saying twice. */
static const char *zone_name(const struct od_duty_view *view)
{
	const char *name = view->reason.zone ? view->reason.zone : od_zone_name(view->zone);

	return strcmp(name, "local") == 0 ? od_zone_abbreviation(view->zone, view->now_us) : name;
}

const char *od_duty_sentence(const struct od_duty_view *view, char *text, size_t size)
{
	char until[OD_WHEN_TEXT];
	const char *state;

	od_when_until(view->until_us, view->now_us, view->zone, until);
	if (!*until) {
		(void) snprintf(text, size, "%s",
			view->reason.rule == OD_RULE_NO_SCHEDULE
				? _("On duty: no working hours are set for you.")
			: view->on ? _("On duty, with no end in sight.")
				   : _("Off duty, with no end in sight."));
		return text;
	}
	switch (view->reason.rule) {
	case OD_RULE_LIFT:
		/* %1$s: "until 21:00", %2$s: name of a time zone; so in all of these */
		state = _("By your own choice, work notifications are shown %1$s (%2$s).");
		break;
	case OD_RULE_REST:
		state = _("Resting by your own choice %1$s (%2$s).");
		break;
	default:
		state = view->on ? _("On duty %1$s (%2$s).") : _("Off duty %1$s (%2$s).");
	}
	(void) snprintf(text, size, state, until, zone_name(view));
	return text;
}

#include "guard_reload.h"

#include <dbus/dbus.h>
#include <stdio.h>

#include "base/error.h"
#include "bus/wire.h"

/* Policy.Problems: a(sssuus). */
static int problems_read(struct od_daemon *guard, struct od_problems *problems)
{
	od_cleanup(od_message_unrefp) DBusMessage *reply = NULL;
	DBusMessageIter list, row;

	if (od_daemon_call(guard, od_daemon_method("Policy", "Problems"), &reply) != 0)
		return guard->result;
	if (!dbus_message_has_signature(reply, "a(sssuus)"))
		return OD_E_FAILED;
	dbus_message_iter_init(reply, &list);
	dbus_message_iter_recurse(&list, &row);
	for (; dbus_message_iter_get_arg_type(&row) == DBUS_TYPE_STRUCT;
		dbus_message_iter_next(&row)) {
		const char *severity, *code, *file, *text;
		uint32_t line, column;
		DBusMessageIter at;

		dbus_message_iter_recurse(&row, &at);
		if (!od_wire_read_string(&at, &severity) || !od_wire_read_string(&at, &code) ||
			!od_wire_read_string(&at, &file) || !od_wire_read_uint32(&at, &line) ||
			!od_wire_read_uint32(&at, &column) || !od_wire_read_string(&at, &text))
			return OD_E_FAILED;
		od_problem_add(problems,
			severity[0] == 'e' ? OD_SEVERITY_ERROR : OD_SEVERITY_WARNING, code, file,
			line, column, "%s", text);
	}
	return 0;
}

int od_guard_reload(struct od_daemon *guard, struct od_problems *problems, struct od_in_force *ret)
{
	od_cleanup(od_message_unrefp) DBusMessage *reply = NULL;
	od_cleanup(od_properties_done) struct od_properties properties = { 0 };
	DBusMessage *call = od_daemon_method("Policy", "Reload");
	DBusMessageIter at;
	int r;

	*ret = (struct od_in_force){ 0 };
	if (call)
		dbus_message_set_allow_interactive_authorization(call, TRUE);
	r = od_daemon_call(guard, call, &reply);
	if (r == OD_E_POLICY && problems_read(guard, problems) != 0)
		return guard->result;
	if (r == OD_E_POLICY)
		guard->result = OD_E_POLICY;
	if (r != 0)
		return r;
	if (!dbus_message_iter_init(reply, &at) || !od_wire_read_uint32(&at, &ret->generation))
		return guard->result = OD_E_FAILED;
	if (od_daemon_read(guard, "Policy", &properties) == 0)
		(void) snprintf(ret->hash, sizeof(ret->hash), "%s",
			od_member_string(&properties.dict, "Hash"));
	return guard->result;
}

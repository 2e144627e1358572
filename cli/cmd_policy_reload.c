#include <dbus/dbus.h>
#include <json-c/json.h>
#include <stdio.h>

#include "base/error.h"
#include "base/translate.h"
#include "bus/wire.h"
#include "cli.h"
#include "commands.h"
#include "daemons.h"
#include "ini/problem.h"
#include "output.h"
#include "problems.h"

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

int od_cmd_policy_reload(struct od_cli *cli)
{
	od_cleanup(od_daemon_done) struct od_daemon guard;
	od_cleanup(od_message_unrefp) DBusMessage *call = NULL, *reply = NULL;
	od_cleanup(od_problems_done) struct od_problems problems = { 0 };
	struct json_object *answer;
	DBusMessageIter at;
	uint32_t generation = 0;

	od_daemon_guard(cli, &guard);
	call = od_daemon_method("Policy", "Reload");
	if (call)
		dbus_message_set_allow_interactive_authorization(call, TRUE);
	if (guard.result != 0 || od_daemon_call(&guard, od_take(&call), &reply) != 0) {
		int r = guard.result;

		if (r != OD_E_POLICY || problems_read(&guard, &problems) != 0)
			return od_daemon_fail(cli, &guard);
		od_problems_show(cli, &problems, NULL);
		if (!cli->json)
			puts(_("Nothing changed: the policy before it stays in force."));
		return r;
	}
	if (!dbus_message_iter_init(reply, &at) || !od_wire_read_uint32(&at, &generation))
		return od_cli_fail(cli, OD_E_FAILED, NULL);
	if (!cli->json) {
		printf(_("The policy was read again; generation %u is in force.\n"), generation);
		return 0;
	}
	answer = json_object_new_object();
	od_json_int(answer, "generation", generation);
	od_json_print(answer);
	return 0;
}

#include <json-c/json.h>
#include <stdio.h>

#include "base/error.h"
#include "base/translate.h"
#include "cli.h"
#include "commands.h"
#include "guard_reload.h"
#include "output.h"
#include "problems.h"

int od_cmd_policy_reload(struct od_cli *cli)
{
	od_cleanup(od_daemon_done) struct od_daemon guard;
	od_cleanup(od_problems_done) struct od_problems problems = { 0 };
	struct od_in_force in_force;
	struct json_object *answer;

	od_daemon_guard(cli, &guard);
	if (guard.result != 0 || od_guard_reload(&guard, &problems, &in_force) != 0) {
		int r = guard.result;

		if (r != OD_E_POLICY)
			return od_daemon_fail(cli, &guard);
		od_problems_show(cli, &problems, NULL);
		if (!cli->json)
			puts(_("Nothing changed: the policy before it stays in force."));
		return r;
	}
	if (!cli->json) {
		printf(_("The policy was read again; generation %u is in force.\n"),
			in_force.generation);
		printf("%s\n", in_force.hash);
		return 0;
	}
	answer = json_object_new_object();
	od_json_int(answer, "generation", in_force.generation);
	od_json_string(answer, "hash", in_force.hash);
	od_json_print(answer);
	return 0;
}

/*
 * A policy checked without any daemon, by the parser the daemons use.
 *
 * Whom a policy names is compared with this host only where the policy is this host's: a checkout is
 * for other machines, which know other people, and must give the same answer on all of them.
 */
#include "base/error.h"
#include "base/translate.h"
#include "cli.h"
#include "commands.h"
#include "hours_lint.h"
#include "offline.h"
#include "places.h"
#include "problems.h"
#include "resolve.h"

int od_cmd_policy_check(struct od_cli *cli)
{
	od_cleanup(od_problems_done) struct od_problems problems = { .translate = od_translate };
	od_cleanup(od_policy_unrefp) struct od_policy *policy = NULL;
	od_cleanup(od_places_done) struct od_places places = { 0 };
	int r = od_places_find(cli, cli->arguments, cli->n_arguments, &places);

	if (r == 0)
		r = od_places_load(cli, &places, &problems, &policy);
	if (r != 0 && r != OD_E_POLICY)
		return r;
	if (policy && (places.installed || od_cli_flag(cli, "resolve")))
		od_resolve_check(policy, &problems);
	if (policy)
		od_hours_lint(policy, od_offline_now(), &problems);
	od_problems_show(cli, &problems, policy);
	return r == 0 && od_cli_flag(cli, "strict") && problems.list.n > 0 ? OD_E_POLICY : r;
}

/* The verbs, one cmd_*.c a family. All return as struct od_verb says. */
#pragma once

struct od_cli;

int od_cmd_summary(struct od_cli *cli);
int od_cmd_status(struct od_cli *cli);
int od_cmd_held_list(struct od_cli *cli);
int od_cmd_held_show(struct od_cli *cli);
int od_cmd_held_deliver(struct od_cli *cli);
int od_cmd_held_discard(struct od_cli *cli);
int od_cmd_explain(struct od_cli *cli);
int od_cmd_messengers(struct od_cli *cli);
int od_cmd_policy_check(struct od_cli *cli);
int od_cmd_policy_show(struct od_cli *cli);
int od_cmd_policy_diff(struct od_cli *cli);
int od_cmd_policy_apply(struct od_cli *cli);
int od_cmd_policy_reload(struct od_cli *cli);
int od_cmd_next(struct od_cli *cli);
int od_cmd_week(struct od_cli *cli);
int od_cmd_why(struct od_cli *cli);
int od_cmd_lift(struct od_cli *cli);
int od_cmd_rest(struct od_cli *cli);
int od_cmd_resume(struct od_cli *cli);
int od_cmd_records(struct od_cli *cli);

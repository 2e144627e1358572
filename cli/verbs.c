/*
 * The one table of verbs: dispatch, --help and the shell completions all come from here.
 */
#include "cli.h"

#include <stdint.h>

#include "base/i18n.h"
#include "commands.h"

const struct od_flag od_common_flags[] = {
	{ "json", NULL, N_("answer in JSON, times in UTC") },
	{ "bus", "ADDRESS", N_("session bus to use (for trials)") },
	{ "system-bus", "ADDRESS", N_("system bus to use (for trials)") },
	{ "help", NULL, N_("say what there is") },
	{ "version", NULL, N_("say which version this is") },
	{ "list-verbs", NULL, NULL }, /* for the shell completions */
	{ NULL, NULL, NULL },
};

static const struct od_flag all_flags[] = {
	{ "all", NULL, N_("all that are held") },
	{ NULL, NULL, NULL },
};

static const struct od_flag explain_flags[] = {
	{ "at", "WHEN", N_("as if it were that time") },
	{ "as", "USER", N_("for somebody else (the guard asks for permission)") },
	{ "policy", "DIR", N_("by that policy instead of the one in force, without any daemon") },
	{ "root", "DIR", N_("the installed places below that folder (for trials)") },
	{ "catalogue", "DIR", N_("read the messengers from there") },
	{ "holidays", "DIR", N_("read the holidays from there") },
	{ NULL, NULL, NULL },
};

static const struct od_flag check_flags[] = {
	{ "strict", NULL, N_("a warning counts as a fault") },
	{ "resolve", NULL, N_("also ask this host whether it knows the people and groups") },
	{ "root", "DIR", N_("the installed places below that folder (for trials)") },
	{ "catalogue", "DIR", N_("read the messengers from there") },
	{ "holidays", "DIR", N_("read the holidays from there") },
	{ NULL, NULL, NULL },
};

static const struct od_flag place_flags[] = {
	{ "root", "DIR", N_("the installed places below that folder (for trials)") },
	{ "catalogue", "DIR", N_("read the messengers from there") },
	{ "holidays", "DIR", N_("read the holidays from there") },
	{ NULL, NULL, NULL },
};

static const struct od_flag apply_flags[] = {
	{ "strict", NULL, N_("a warning counts as a fault") },
	{ "root", "DIR", N_("the installed places below that folder (for trials)") },
	{ "catalogue", "DIR", N_("read the messengers from there") },
	{ "holidays", "DIR", N_("read the holidays from there") },
	{ NULL, NULL, NULL },
};

static const struct od_flag diff_flags[] = {
	{ "at", "WHEN", N_("as if it were that time") },
	{ "root", "DIR", N_("the installed places below that folder (for trials)") },
	{ "catalogue", "DIR", N_("read the messengers from there") },
	{ "holidays", "DIR", N_("read the holidays from there") },
	{ NULL, NULL, NULL },
};

static const struct od_flag messengers_flags[] = {
	{ "six-points", NULL, N_("the six points of the fact sheet, written out") },
	{ "at", "WHEN", N_("as if it were that time") },
	{ "as", "USER", N_("the verdict for that person") },
	{ "policy", "DIR", N_("by that policy instead of the one in force, without any daemon") },
	{ "root", "DIR", N_("the installed places below that folder (for trials)") },
	{ "catalogue", "DIR", N_("read the messengers from there") },
	{ "holidays", "DIR", N_("read the holidays from there") },
	{ NULL, NULL, NULL },
};

/* Whose hours, by which policy; in every verb that speaks of hours. */
#define HOURS_FLAGS                                                                                \
	{ "policy", "DIR", N_("by that policy, without any daemon") },                             \
		{ "groups", "LIST", N_("the hours of somebody in these groups") },                 \
		{ "user", "NAME", N_("for somebody else") },                                       \
		{ "at", "WHEN", N_("as if it were that time") },                                   \
		{ "root", "DIR", N_("the installed places below that folder (for trials)") },      \
		{ "catalogue", "DIR", N_("read the messengers from there") },                      \
	{                                                                                          \
		"holidays", "DIR", N_("read the holidays from there")                              \
	}

static const struct od_flag hours_flags[] = {
	HOURS_FLAGS,
	{ NULL, NULL, NULL },
};

static const struct od_flag next_flags[] = {
	{ "number", "N", N_("how many changes (also -n N); otherwise 10") },
	HOURS_FLAGS,
	{ NULL, NULL, NULL },
};

static const struct od_flag week_flags[] = {
	{ "svg", "FILE", N_("draw the picture into that file") },
	HOURS_FLAGS,
	{ NULL, NULL, NULL },
};

static const struct od_flag rest_flags[] = {
	{ "after", "TIME", N_("you worked until then, or FROM-UNTIL: rest anew from its end") },
	{ NULL, NULL, NULL },
};

static const struct od_flag records_flags[] = {
	{ "since", "WHEN", N_("only what is newer") },
	{ NULL, NULL, NULL },
};

const struct od_verb od_verbs[] = {
	{ "", NULL, od_cmd_summary, "", N_("whether you are on duty, in one sentence"), hours_flags,
		0, 0 },
	{ "next", NULL, od_cmd_next, "", N_("when duty begins and ends next"), next_flags, 0, 0 },
	{ "week", NULL, od_cmd_week, "[DATE]", N_("a picture of a week of your hours"), week_flags,
		0, 4 },
	{ "why", NULL, od_cmd_why, "", N_("which line says that you are on or off duty"),
		hours_flags, 0, 0 },
	{ "status", NULL, od_cmd_status, "",
		N_("everything Offduty does here, and by which policy"), NULL, 0, 0 },
	{ "held", NULL, od_cmd_held_list, "", N_("the same as held list"), NULL, 0, 0 },
	{ "held", "list", od_cmd_held_list, "", N_("what is held back for you"), NULL, 0, 0 },
	{ "held", "show", od_cmd_held_show, "ID", N_("one held notification, whole"), NULL, 1, 1 },
	{ "held", "deliver", od_cmd_held_deliver, "[ID...]", N_("show held notifications now"),
		all_flags, 0, SIZE_MAX },
	{ "held", "discard", od_cmd_held_discard, "[ID...]", N_("forget held notifications"),
		all_flags, 0, SIZE_MAX },
	{ "explain", NULL, od_cmd_explain, "PROGRAM|MESSENGER|URL",
		N_("whether a messenger may be used, which line says so, what would change it"),
		explain_flags, 1, 1 },
	{ "messengers", NULL, od_cmd_messengers, "[NAME...]",
		N_("what is known of the messengers, on the six points of the fact sheet"),
		messengers_flags, 0, SIZE_MAX },
	{ "policy", "check", od_cmd_policy_check, "[DIR|FILE...]",
		N_("look for faults in a policy, without any daemon"), check_flags, 0, SIZE_MAX },
	{ "policy", "show", od_cmd_policy_show, "[DIR|FILE...]",
		N_("the policy in one piece, each value with its file and line"), place_flags, 0,
		SIZE_MAX },
	{ "policy", "diff", od_cmd_policy_diff, "[OLD] DIR",
		N_("what would change if DIR were pushed, and what of it runs here now"),
		diff_flags, 1, 2 },
	{ "policy", "apply", od_cmd_policy_apply, "DIR",
		N_("check a policy and put it in place by one rename (root only)"), apply_flags, 1,
		1 },
	{ "policy", "reload", od_cmd_policy_reload, "",
		N_("have the policy read again (asks for permission)"), NULL, 0, 0 },
	{ "lift", NULL, od_cmd_lift, "[WHEN]",
		N_("receive work notifications now, until WHEN or until duty begins"), NULL, 0, 8 },
	{ "rest", NULL, od_cmd_rest, "[WHEN]",
		N_("more quiet than your schedule gives, until WHEN or the next working day"),
		rest_flags, 0, 8 },
	{ "resume", NULL, od_cmd_resume, "", N_("back to your schedule"), NULL, 0, 0 },
	{ "records", NULL, od_cmd_records, "", N_("what was recorded about you"), records_flags, 0,
		0 },
	{ NULL, NULL, NULL, NULL, NULL, NULL, 0, 0 },
};

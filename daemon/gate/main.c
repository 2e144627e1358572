/*
 * offduty-gate: stands before the notification server of one session.
 *
 * Passes, holds, delivers; tells the session its duty state. See README.md beside this file.
 */
#include <errno.h>
#include <stdio.h>

#include "base/error.h"
#include "base/folder.h"
#include "base/i18n.h"
#include "gate/gate.h"
#include "runtime/log.h"
#include "runtime/options.h"

static const char *opt_root, *opt_clock, *opt_bus, *opt_state_dir, *opt_notifier, *opt_verbose;

static const struct od_option options[] = {
	{ "root", "DIR", N_("read the policy below DIR, for trials"), &opt_root },
	{ "clock", "SPEC", N_("another time than the real one, for trials"), &opt_clock },
	{ "bus", "ADDRESS", N_("the session bus, if not the usual one"), &opt_bus },
	{ "state-dir", "DIR", N_("where held notifications and settings are kept"),
		&opt_state_dir },
	{ "notifier", "FILE", N_("the program whose notifications are never held"), &opt_notifier },
	{ "verbose", NULL, N_("say more"), &opt_verbose },
	{ NULL, NULL, NULL, NULL },
};

/* $XDG_STATE_HOME/offduty or ~/.local/state/offduty. Return: 0, OD_E_UNAVAILABLE, -ENAMETOOLONG. */
static int state_dir(char *path, size_t size)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	int n;

	if (opt_state_dir && *opt_state_dir)
		n = snprintf(path, size, "%s", opt_state_dir);
	else if (state && *state == '/')
		n = snprintf(path, size, "%s/offduty", state);
	else if (home && *home == '/')
		n = snprintf(path, size, "%s/.local/state/offduty", home);
	else
		return OD_E_UNAVAILABLE;
	return n < 0 || (size_t) n >= size ? -ENAMETOOLONG : 0;
}

int main(int argc, char **argv)
{
	od_cleanup(od_gate_freep) struct od_gate *gate = NULL;
	char folder[3072];
	int r = od_options_parse(argc, argv, options,
		N_("Hold work notifications while off duty, deliver them when duty begins."), NULL);

	if (r != 0)
		return r == 1 ? 0 : od_error_exit_code(r);
	od_log_open("offduty-gate", opt_verbose ? OD_LOG_DEBUG : OD_LOG_INFO);
	r = state_dir(folder, sizeof(folder));
	if (r != 0)
		return od_error_exit_code(
			od_log_result(OD_LOG_ERROR, r, "no place to keep notifications"));
	if (od_folder_make(folder, 0700) < 0)
		od_log(OD_LOG_DEBUG, "cannot make %s", folder); /* shows when it is used */
	const struct od_gate_options gate_options = {
		.root = opt_root,
		.clock = opt_clock,
		.bus = opt_bus,
		.state_dir = folder,
		.notifier = opt_notifier ? opt_notifier : OFFDUTY_LIBEXEC_DIR "/offduty-notifier",
	};

	r = od_gate_new(&gate_options, &gate);
	if (r != 0)
		return od_error_exit_code(r);
	r = od_gate_run(gate);
	return r < 0 ? 1 : r;
}

/* offdutyd: the guard. See README.md beside this file. */
#include "base/i18n.h"
#include "guard/manager.h"
#include "runtime/log.h"
#include "runtime/options.h"

static struct od_manager_options options;
static const char *verbose;

static const struct od_option table[] = {
	{ "root", N_("DIR"), N_("look for policy and state below DIR (trials)"), &options.root },
	{ "clock", N_("SPEC"), N_("shift the time that schedules go by (trials)"), &options.clock },
	{ "bus", N_("ADDRESS"), N_("serve this bus instead of the system bus"), &options.bus },
	{ "state-dir", N_("DIR"), N_("keep state here"), &options.state_dir },
	{ "only-filesystem", N_("PATH"),
		N_("guard only this mount point (or several, with commas)"), &options.only },
	{ "notifier", N_("PATH"), N_("the program that may subscribe"), &options.notifier },
	{ "inspect", N_("PATH"), N_("socket of offduty-inspect"), &options.inspect },
	{ "kernel-command-line", N_("FILE"), N_("read this instead of /proc/cmdline (trials)"),
		&options.kernel_command_line },
	{ "verbose", NULL, N_("log more"), &verbose },
	{ NULL, NULL, NULL, NULL },
};

int main(int argc, char **argv)
{
	struct od_manager *manager = NULL;
	int r = od_options_parse(argc, argv, table,
		N_("Refuse unapproved messengers and warn of risky shares."), NULL);

	if (r != 0)
		return r == 1 ? 0 : 2;
	od_log_open("offdutyd", verbose ? OD_LOG_DEBUG : OD_LOG_INFO);
	r = od_manager_new(&options, &manager);
	if (r == 0)
		r = od_manager_run(manager);
	od_manager_free(manager);
	return r == 0 ? 0 : 1;
}

/*
 * offduty: asks the daemons, checks policies offline, and says the answer.
 */
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/translate.h"
#include "cli.h"

static int run(int argc, char **argv)
{
	od_cleanup(od_cli_done) struct od_cli cli;
	int r = od_cli_parse(argc, argv, &cli);

	if (r != 0)
		return r;
	if (od_cli_flag(&cli, "version"))
		puts("offduty " OFFDUTY_VERSION);
	else if (od_cli_flag(&cli, "list-verbs"))
		od_cli_list_verbs();
	else if (cli.help)
		od_cli_help(&cli);
	else
		return cli.verb->run(&cli);
	return 0;
}

/* Names and texts are UTF-8 wherever they come from, and go out as such; a locale without it ("C", over
 * ssh and from cron) would make blanks of every letter beyond ASCII. */
static void speak(const char *locale_dir)
{
	od_translate_init(locale_dir);
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		(void) setlocale(LC_CTYPE, "C.UTF-8");
}

int main(int argc, char **argv)
{
	/* A source tree has its translations elsewhere. Only here: the notifier, which the guard
	 * trusts by its executable, takes its texts from the installed place alone. */
	const char *locale_dir = secure_getenv("OFFDUTY_LOCALEDIR");
	int r;

	speak(locale_dir ? locale_dir : OFFDUTY_LOCALE_DIR);
	r = run(argc, argv);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("offduty");
		r = r ? r : OD_E_FAILED;
	}
	return od_error_exit_code(r);
}

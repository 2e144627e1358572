/*
 * What --help says, made from the table of verbs.
 */
#include "cli.h"

#include <stdio.h>
#include <string.h>

#include "base/translate.h"
#include "output.h"

static const char *synopsis(const struct od_verb *verb, char *text, size_t size)
{
	(void) snprintf(text, size, "offduty%s%s%s%s%s%s", *verb->name ? " " : "", verb->name,
		verb->subverb ? " " : "", verb->subverb ? verb->subverb : "",
		*verb->synopsis ? " " : "", verb->synopsis);
	return text;
}

static int add_flags(struct od_table *table, const struct od_flag *flags)
{
	char text[64];
	int r = 0;

	for (; r == 0 && flags && flags->name; flags++) {
		if (!flags->help)
			continue;
		(void) snprintf(text, sizeof(text), "  --%s%s%s", flags->name,
			flags->argument ? "=" : "", flags->argument ? flags->argument : "");
		r = od_table_row(table, (const char *[]){ text, _(flags->help) });
	}
	return r;
}

static bool shown(const struct od_cli *cli, const struct od_verb *verb)
{
	return cli->verb ? verb == cli->verb : !*cli->help || strcmp(verb->name, cli->help) == 0;
}

void od_cli_help(const struct od_cli *cli)
{
	od_cleanup(od_table_done) struct od_table table = { .columns = 2 };
	bool overall = !*cli->help;
	char text[128];
	int r = 0;

	for (const struct od_verb *v = od_verbs; r == 0 && v->name; v++) {
		if (!overall && !shown(cli, v))
			continue;
		r = od_table_row(
			&table, (const char *[]){ synopsis(v, text, sizeof(text)), _(v->help) });
		if (r == 0 && !overall)
			r = add_flags(&table, v->flags);
	}
	if (r == 0)
		r = od_table_row(&table, (const char *[]){ "", "" });
	if (r == 0)
		r = add_flags(&table, od_common_flags);
	if (r != 0)
		return; /* no memory: nothing to print it with either */
	if (overall)
		puts(_("Offduty: work notifications wait until work begins.\n"));
	od_table_print(&table, stdout);
	if (!overall)
		return;
	putchar('\n');
	puts(_("WHEN is a time (21:00, monday 08:30, 2026-12-24, tomorrow) or how long (2h, "
	       "90m)."));
	puts(_("The whole manual: man offduty"));
}

void od_cli_list_verbs(void)
{
	for (const struct od_verb *v = od_verbs; v->name; v++) {
		printf("verb\t%s\t%s\t%s\t%s\n", v->name, v->subverb ? v->subverb : "", v->synopsis,
			_(v->help));
		for (const struct od_flag *f = v->flags; f && f->name; f++)
			printf("flag\t%s\t%s\t--%s%s\t%s\n", v->name, v->subverb ? v->subverb : "",
				f->name, f->argument ? "=" : "", _(f->help));
	}
	for (const struct od_flag *f = od_common_flags; f->name; f++)
		if (f->help)
			printf("flag\t*\t\t--%s%s\t%s\n", f->name, f->argument ? "=" : "",
				_(f->help));
}

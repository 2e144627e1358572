/*
 * Long options by table. Names are taken in full, "--clock=SPEC" and "--clock SPEC" are the same, and
 * what is not in the table is said and refused: a daemon that starts with half of what was asked is
 * worse than one that does not.
 */
#include "options.h"

#include <errno.h>
#include <libintl.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"

#define WIDTH_MAX 40

static const char *tr(const char *text)
{
	return dgettext(OD_TEXT_DOMAIN, text);
}

/* Only now a language is needed; daemons otherwise stay in the C locale. */
static void speak(void)
{
	(void) setlocale(LC_CTYPE, "");
	(void) setlocale(LC_MESSAGES, "");
	(void) bindtextdomain(OD_TEXT_DOMAIN, OFFDUTY_LOCALE_DIR);
}

static int fault(const char *text, const char *what)
{
	speak();
	fprintf(stderr, "%s: ", program_invocation_short_name);
	fprintf(stderr, tr(text), what);
	fprintf(stderr, "\n");
	fprintf(stderr, tr(N_("Try '%s --help'.")), program_invocation_short_name);
	fprintf(stderr, "\n");
	return OD_E_USAGE;
}

static int left_column(const struct od_option *option, char *buffer, size_t size)
{
	return snprintf(buffer, size, "--%s%s%s", option->name, option->argument ? "=" : "",
		option->argument ? option->argument : "");
}

static void print_help(const struct od_option *options, const char *summary)
{
	static const struct od_option own[] = {
		{ "help", NULL, N_("show this text"), NULL },
		{ "version", NULL, N_("show the version"), NULL },
		{ 0 },
	};
	const struct od_option *const tables[] = { options, own };
	char left[256];
	int width = 0;

	speak();
	for (size_t i = 0; i < OD_ELEMENTS(tables); i++)
		for (const struct od_option *o = tables[i]; o->name; o++) {
			int n = left_column(o, left, sizeof(left));

			width = n > width && n <= WIDTH_MAX ? n : width;
		}
	printf(tr(N_("Usage: %s [OPTION...]")), program_invocation_short_name);
	printf("\n\n%s\n\n", tr(summary));
	for (size_t i = 0; i < OD_ELEMENTS(tables); i++)
		for (const struct od_option *o = tables[i]; o->name; o++) {
			(void) left_column(o, left, sizeof(left));
			printf("  %-*s  %s\n", width, left, tr(o->help));
		}
}

static const struct od_option *find(const struct od_option *options, const char *name, size_t n)
{
	for (; options->name; options++)
		if (strlen(options->name) == n && strncmp(options->name, name, n) == 0)
			return options;
	return NULL;
}

/* The option at argv[*at]; *at is moved behind what it takes. */
static int take(int argc, char **argv, int *at, const struct od_option *options)
{
	const char *word = argv[(*at)++];
	const char *name = word + 2;
	size_t length = strcspn(name, "=");
	const struct od_option *option = find(options, name, length);

	if (!option)
		return fault(N_("there is no option '%s'"), word);
	if (!option->argument) {
		if (name[length] == '=')
			return fault(N_("option '%s' takes no value"), word);
		*option->value = "";
		return 0;
	}
	if (name[length] == '=') {
		*option->value = name + length + 1;
		return 0;
	}
	if (*at >= argc)
		return fault(N_("option '%s' needs a value"), word);
	*option->value = argv[(*at)++];
	return 0;
}

int od_options_parse(int argc, char **argv, const struct od_option *options, const char *summary,
	char ***ret_rest)
{
	int at = 1, r;

	while (at < argc && argv[at][0] == '-' && argv[at][1] != '\0') {
		if (strcmp(argv[at], "--") == 0) {
			at++;
			break;
		}
		if (strcmp(argv[at], "--help") == 0) {
			print_help(options, summary);
			return 1;
		}
		if (strcmp(argv[at], "--version") == 0) {
			printf("%s %s\n", program_invocation_short_name, OFFDUTY_VERSION);
			return 1;
		}
		if (strncmp(argv[at], "--", 2) != 0)
			return fault(N_("there is no option '%s'"), argv[at]);
		r = take(argc, argv, &at, options);
		if (r != 0)
			return r;
	}
	if (ret_rest)
		*ret_rest = argv + at;
	else if (at < argc)
		return fault(N_("unexpected word '%s'"), argv[at]);
	return 0;
}

/*
 * The command line: what main.c hands to a verb.
 *
 * A verb asks the daemons, or the parser, and says what they answered; it decides nothing itself.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"

struct json_object;
struct od_cli;

struct od_flag {
	const char *name; /* "strict"; NULL ends a list. One name means one thing in every verb. */
	const char *argument; /* "DIR"; NULL: takes none */
	const char *help;     /* one line, N_() */
};

struct od_verb {
	const char *name;    /* "held"; "": no verb at all */
	const char *subverb; /* "list"; NULL: none */
	/* Return: as everywhere (0, od_error, -errno); od_cli_fail() has said why. */
	int (*run)(struct od_cli *cli);
	const char *synopsis;        /* of its arguments: "ID..."; "" */
	const char *help;            /* one line, N_() */
	const struct od_flag *flags; /* beside the common ones; NULL: none */
	size_t least, most;          /* how many arguments it takes */
};

extern const struct od_verb od_verbs[]; /* up to one without a name */
extern const struct od_flag od_common_flags[];

#define OD_CLI_FLAGS_MAX 16

struct od_cli {
	const struct od_verb *verb; /* NULL: --version or --list-verbs, or help on several */
	const char *help; /* with --help: the verb's name, "" for all; NULL: no help asked */
	char **arguments; /* after the verb, up to NULL; owned array of borrowed words */
	size_t n_arguments;
	struct {
		const struct od_flag *flag;
		const char *value; /* "" where it takes none */
	} given[OD_CLI_FLAGS_MAX];
	size_t n_given;
	bool json;
};

/*
 * od_cli_parse() - understand a command line
 *
 * With --help the verb may be incomplete ("offduty policy --help"): ret->help says of which name.
 *
 * Return: 0, OD_E_USAGE (said on standard error, with the nearest name), -ENOMEM.
 */
int od_cli_parse(int argc, char **argv, struct od_cli *ret) OD_CHECK;
void od_cli_done(struct od_cli *cli);

/* Value of a flag, "" for one without argument, NULL where it was not given. */
const char *od_cli_flag(const struct od_cli *cli, const char *name);
/* All arguments as one text, with a blank between; NULL without memory. The caller's. */
char *od_cli_words(const struct od_cli *cli);

/* What --help prints: overall, for one verb, or for all rows of one name. */
void od_cli_help(const struct od_cli *cli);
/* One line a row and a flag, for the shell completions: "held deliver<TAB>ID...<TAB>help". */
void od_cli_list_verbs(void);

/*
 * od_cli_fail() - say what went wrong, with @format (already translated), or od_error_text for NULL
 *
 * Text on standard error, or with --json an object on standard output. Returns @result.
 */
int od_cli_fail(const struct od_cli *cli, int result, const char *format, ...) OD_PRINTF(3, 4);

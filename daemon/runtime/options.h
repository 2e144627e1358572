/*
 * Command line of a daemon: a table of long options, --help and --version made from it.
 */
#pragma once

#include "base/cleanup.h"

struct od_option {
	const char *name;     /* "clock"; NULL ends the table */
	const char *argument; /* "SPEC"; NULL: takes none */
	const char *help;     /* one line, marked with N_() */
	const char **value;   /* where the argument goes ("" for an option without one) */
};

/* Return: 0 (go on), 1 (--help or --version was answered: exit 0), OD_E_USAGE (said on stderr).
 * Everything after "--" or the first plain word is left: *@ret_rest, NULL allowed. */
int od_options_parse(int argc, char **argv, const struct od_option *options, const char *summary,
	char ***ret_rest) OD_CHECK;

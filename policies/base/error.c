#include "base/error.h"

#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/i18n.h"

struct error_row {
	const char *name;
	const char *text;
	int exit_code;
};

static const struct error_row rows[] = {
	[OD_E_FAILED] = { "Failed", N_("it failed"), 1 },
	[OD_E_SYNTAX] = { "Syntax", N_("this is not of the form asked for"), 2 },
	[OD_E_RANGE] = { "Range", N_("this value is out of range"), 2 },
	[OD_E_UNKNOWN] = { "Unknown", N_("nobody knows this name"), 4 },
	[OD_E_POLICY] = { "Policy", N_("the policy has faults"), 3 },
	[OD_E_NOT_FOUND] = { "NotFound", N_("there is nothing by that name"), 4 },
	[OD_E_ACCESS] = { "Access", N_("you are not allowed to do this"), 6 },
	[OD_E_BUSY] = { "Busy", N_("somebody else is doing this already"), 7 },
	[OD_E_LIMIT] = { "Limit", N_("a limit was reached"), 7 },
	[OD_E_UNSUPPORTED] = { "Unsupported", N_("this machine cannot do that"), 8 },
	[OD_E_UNAVAILABLE] = { "Unavailable", N_("the daemon is not running"), 5 },
	[OD_E_TIMEOUT] = { "Timeout", N_("no answer came in time"), 5 },
	[OD_E_USAGE] = { "Usage", N_("the command line is wrong"), 2 },
	[OD_E_CHANGES] = { "Changes", N_("something would change"), 10 },
};

static const struct error_row *row(int error)
{
	if (error < OD_E_FAILED || error >= OD_E_MAX_)
		error = OD_E_FAILED;
	return &rows[error];
}

const char *od_error_name(int error)
{
	return row(error)->name;
}

int od_error_from_name(const char *name)
{
	for (int i = OD_E_FAILED; i < OD_E_MAX_; i++)
		if (strcmp(rows[i].name, name) == 0)
			return i;
	return OD_E_FAILED;
}

const char *od_error_text(int error)
{
	return row(error)->text;
}

int od_error_exit_code(int result)
{
	if (result == 0)
		return 0;
	return result < 0 ? 1 : row(result)->exit_code;
}

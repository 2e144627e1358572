/*
 * The one list of outcomes.
 *
 * An int result is 0 (done), < 0 (-errno: the environment failed, pass it up unchanged) or > 0
 * (an enum od_error: an outcome the header names and the caller handles). Each value has one name
 * on D-Bus (org.offduty1.Error.NAME) and one exit code of the command line.
 */
#pragma once

enum od_error {
	OD_E_FAILED = 1, /* nothing more exact can be said */
	OD_E_SYNTAX,     /* text that is not of the form asked for */
	OD_E_RANGE,      /* of the right form, but outside what is allowed */
	OD_E_UNKNOWN,    /* a name nobody knows */
	OD_E_POLICY,     /* a policy set with at least one fault; the list of problems says which */
	OD_E_NOT_FOUND,  /* nothing there by that id */
	OD_E_ACCESS,     /* this caller may not */
	OD_E_BUSY,       /* somebody else is doing it already */
	OD_E_LIMIT,      /* a bound was reached */
	OD_E_UNSUPPORTED, /* this host cannot do it */
	OD_E_UNAVAILABLE, /* the daemon that would answer does not run */
	OD_E_TIMEOUT,     /* no answer in time */
	OD_E_USAGE,       /* the command line is wrong */
	OD_E_CHANGES,     /* two things that were compared are not the same */
	OD_E_MAX_,
};

/* "Syntax", "Range" ...; also for an unknown value ("Failed"). Never NULL. */
const char *od_error_name(int error);

/* The error whose name is @name, or OD_E_FAILED. */
int od_error_from_name(const char *name);

/* A plain English sentence for a person; marked for translation, not translated. */
const char *od_error_text(int error);

/* Exit code of the command line for a result: 0 for 0, 1 for < 0, else the error's own. */
int od_error_exit_code(int result);

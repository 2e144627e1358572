/*
 * The catalogue: what is known of each messenger, and which one a thing belongs to.
 *
 * Built once from data (ini/), sealed, then read only. Every match goes through a hash of exact
 * keys, so that its cost does not grow with the catalogue; globs run only after such a hit fails
 * and a prefilter (suffix, first letter) lets them.
 */
#pragma once

#include "base/array.h"
#include "model/adequacy.h"
#include "model/origin.h"

enum od_confidence { OD_CONFIDENCE_UNKNOWN, OD_CONFIDENCE_RECALLED, OD_CONFIDENCE_VERIFIED };

/* The six points of the fact sheet; open source counts twice (client, server). */
enum od_criterion {
	OD_CRITERION_PRICE,          /* price:    free freemium paid */
	OD_CRITERION_E2EE,           /* e2ee:     none optional default */
	OD_CRITERION_CLIENT,         /* client:   closed open */
	OD_CRITERION_SERVER,         /* server:   closed open */
	OD_CRITERION_COLLECTS,       /* collects: content metadata minimal */
	OD_CRITERION_PRIVACY_POLICY, /* privacy-policy: none known */
	OD_CRITERION_HOSTING,        /* hosting:  inadequate mixed adequate */
	OD_CRITERION_MAX_,
};

/* One fact: an ordered level (0 = worst, names in criteria.h), and how sure we are. */
struct od_fact {
	int level; /* -1: unknown */
	enum od_confidence confidence;
	char *text;   /* as the catalogue words it ("AGPL-3.0-only"); NULL: none */
	char *source; /* where it was read; NULL: nowhere */
	char *as_of;  /* YYYY-MM-DD of that source; NULL: unknown */
	struct od_origin origin;
};

struct od_messenger {
	char *id;   /* "signal": the file's name without .ini */
	char *name; /* "Signal Desktop" */
	char *vendor;
	char *service; /* "signal": id of the network */
	char *role; /* official third-party-client wrapper protocol-client multi-messenger web-only retired */
	char *kind;   /* personal work both */
	char *status; /* active at-risk unmaintained retired */
	char *as_of;  /* YYYY-MM-DD */

	od_strings executables; /* base names, exact */
	od_strings
		paths; /* globs of install paths, "~" = home; one must match with @second_signal */
	bool second_signal; /* a bare executable name is too common to decide alone (session, line) */
	od_strings flatpaks;
	od_strings snaps;
	od_strings appimages; /* globs of base names */
	od_strings asars;     /* "name" in the package.json of an Electron app */
	od_strings
		argv; /* globs of the base name of an interpreter's argument (script, jar, .exe) */
	od_strings desktops;  /* desktop file ids without ".desktop" */
	od_strings app_names; /* of its notifications */
	od_strings entries;   /* desktop-entry hints of its notifications */
	od_strings
		origins; /* web hosts, "*." = its subdomains, "*" = any, with an optional /path */

	struct od_fact facts[OD_CRITERION_MAX_];
	od_strings hosting_countries;     /* where its data lie: places of adequacy.h */
	od_strings hosting_jurisdictions; /* whose law its operator obeys: countries */
	bool hosting_stated; /* the level of hosting was written, not to be derived from the places */
	struct od_origin origin;
	size_t serial; /* of its adding; the catalogue's own */
};

struct od_catalogue;

struct od_catalogue *od_catalogue_new(void); /* NULL without memory */
/* Takes over what @messenger holds (and empties it) on success only. Return: 0, OD_E_SYNTAX (no id
 * or service), -ENOMEM. A second one of the same id replaces the first (that is how an admin
 * corrects a shipped fact). */
int od_catalogue_add(struct od_catalogue *catalogue, struct od_messenger *messenger) OD_CHECK;
/* A list of countries, taken over the same way. Return: 0 or -ENOMEM. */
int od_catalogue_add_adequacy(
	struct od_catalogue *catalogue, struct od_adequacy *adequacy) OD_CHECK;
/* Drops what was replaced, derives the level of hosting from the places where none was stated, and
 * builds the look-ups. Nothing may be added afterwards. Return: 0 or -ENOMEM. */
int od_catalogue_seal(struct od_catalogue *catalogue) OD_CHECK;
void od_catalogue_free(struct od_catalogue *catalogue);
OD_DEFINE_CLEANUP(struct od_catalogue *, od_catalogue_free)
/* Empty, with every fact unknown; what holds nothing any more. */
void od_messenger_init(struct od_messenger *messenger);
void od_messenger_done(struct od_messenger *messenger);

size_t od_catalogue_size(const struct od_catalogue *catalogue);
const struct od_messenger *od_catalogue_at(
	const struct od_catalogue *catalogue, size_t index); /* by id */
const struct od_messenger *od_catalogue_find(const struct od_catalogue *catalogue, const char *id);
bool od_catalogue_has_service(const struct od_catalogue *catalogue, const char *service);
/* The clients of a service by id, one after the other: the first with @after NULL; NULL: no more. */
const struct od_messenger *od_catalogue_of_service(const struct od_catalogue *catalogue,
	const char *service, const struct od_messenger *after);
/* Every list of countries, by name of its file. */
const od_adequacies *od_catalogue_adequacies(const struct od_catalogue *catalogue);
/* The known id or service nearest to @name for a "did you mean", or NULL. */
const char *od_catalogue_nearest(const struct od_catalogue *catalogue, const char *name);

/* What is known of a program about to run. Any member may be NULL; nothing is opened. */
struct od_program {
	const char *path;    /* as the kernel names the file; a hint, never proof */
	const char *home;    /* home directory of the person, for "~" */
	const char *flatpak; /* application id */
	const char *snap;
	const char *asar;        /* package.json name */
	const char *const *argv; /* NULL-terminated */
};

/* How it was recognised, for the reason; in order of strength. */
enum od_match {
	OD_MATCH_NONE,
	OD_MATCH_FLATPAK,
	OD_MATCH_SNAP,
	OD_MATCH_ASAR,
	OD_MATCH_APPIMAGE,
	OD_MATCH_EXECUTABLE,
	OD_MATCH_ARGV
};

const struct od_messenger *od_catalogue_match_program(const struct od_catalogue *catalogue,
	const struct od_program *program, enum od_match *ret_match);

/* The messenger whose notification names these; NULL: none of them is in the catalogue. */
const struct od_messenger *od_catalogue_match_notice(
	const struct od_catalogue *catalogue, const char *app_name, const char *desktop_entry);

/* The messenger served at a web origin; @path may be NULL, which no origin with a path fits. */
const struct od_messenger *od_catalogue_match_site(
	const struct od_catalogue *catalogue, const char *host, const char *path);

/*
 * What somebody asks about, in the words they use: a program, a name of the catalogue, a web address.
 */
#pragma once

#include "model/catalogue.h"

enum od_asked_kind { OD_ASKED_PROGRAM, OD_ASKED_MESSENGER, OD_ASKED_SITE };

struct od_asked {
	enum od_asked_kind kind;
	const struct od_messenger *messenger; /* NULL: a program or site that is none */
};

/*
 * od_asked_find() - "/usr/bin/x", "https://web.example/path", "site:web.example", "messenger:X",
 *                   "service:X", or X: the messenger of that name, else the first of that service
 * @home: of the person, for "~" in the catalogue; NULL: unknown
 *
 * A service stands for its vendor's own client where there is one. Only names can be unknown: any
 * program or site is something.
 *
 * Return: true, or false (nobody knows that name, or it is no address at all).
 */
bool od_asked_find(const struct od_catalogue *catalogue, const char *what, const char *home,
	struct od_asked *ret);
/* Whether @what is a web address, so that nobody looks for a file of that name. */
bool od_asked_is_site(const char *what);
const char *od_asked_kind_to_string(enum od_asked_kind kind); /* "program", "messenger", "site" */

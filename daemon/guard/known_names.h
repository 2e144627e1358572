/*
 * Base names the catalogue speaks of. A file of such a name is asked about each time: its verdict
 * may hang on its folder, on who runs it, on the hour. Built once a policy, read only.
 */
#pragma once

#include "model/catalogue.h"

struct od_known_names {
	OD_ARRAY(const char *) exact; /* sorted; borrowed from the catalogue */
	OD_ARRAY(const char *) globs;
};

/* Return: 0 or -ENOMEM. */
int od_known_names_build(const struct od_catalogue *catalogue, struct od_known_names *ret) OD_CHECK;
bool od_known_names_has(const struct od_known_names *names, const char *base);
void od_known_names_done(struct od_known_names *names);

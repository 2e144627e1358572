/* iniparser over bytes already checked: the only place that knows it. */
#pragma once

#include <stddef.h>

#include "base/cleanup.h"

struct od_dictionary;

/*
 * od_dictionary_new() - let iniparser read @size bytes from a sealed memory file
 *
 * Return: 0, OD_E_SYNTAX (iniparser refuses the text), or -errno.
 */
int od_dictionary_new(const char *text, size_t size, struct od_dictionary **ret) OD_CHECK;
void od_dictionary_free(struct od_dictionary *dictionary);
OD_DEFINE_CLEANUP(struct od_dictionary *, od_dictionary_free)

/* Value of @key in [@section], borrowed; NULL: iniparser knows no such key. */
const char *od_dictionary_get(
	const struct od_dictionary *dictionary, const char *section, const char *key);

/* The next value in the order of the text; @cursor begins at 0. NULL: no more. @ret_name: as
 * iniparser has it, "section:key" in small letters; borrowed, untouched without a value. */
const char *od_dictionary_next(
	const struct od_dictionary *dictionary, size_t *cursor, const char **ret_name);

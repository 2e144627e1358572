/*
 * "Did you mean": the known word that is fewest slips of the keyboard away.
 *
 * A slip is a letter missing, added, wrong, or swapped with its neighbour (Damerau-Levenshtein,
 * each pair swapped at most once). Case does not count. Bounded: words beyond OD_NEAREST_MAX bytes
 * are near nothing.
 */
#pragma once

#include <stddef.h>

#define OD_NEAREST_MAX 64

/* Slips between @a and @b, or @limit + 1 when there are more than @limit. */
unsigned od_nearest_distance(const char *a, const char *b, unsigned limit);

/* For a search word by word: start with best = NULL, offer each known word, read .best. */
struct od_nearest {
	const char *wanted;
	const char *best;  /* borrowed from what was offered; NULL: nothing near enough */
	unsigned distance; /* of .best */
};

/* More than a third of the letters wrong is no slip, but another word. */
void od_nearest_offer(struct od_nearest *nearest, const char *known);

/* The same over @n words; NULL: nothing near enough. */
const char *od_nearest_of(const char *wanted, const char *const *known, size_t n);

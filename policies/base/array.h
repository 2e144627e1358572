/*
 * Growable arrays and string lists.
 *
 * OD_ARRAY(type) declares { type *items; size_t n, room; }; zero is the empty array.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"

#define OD_ARRAY(type)                                                                             \
	struct {                                                                                   \
		type *items;                                                                       \
		size_t n, room;                                                                    \
	}

/* @items with room for one more than @n, possibly moved; NULL without memory (then @items stays). */
void *od_array_room(void *items, size_t n, size_t *room, size_t size) OD_CHECK;

/* Yields a zeroed new last item, or NULL without memory. */
#define od_array_add(array)                                                                        \
	__extension__({                                                                            \
		__typeof__(array) od_array_at_ = (array);                                          \
		void *od_grown_ = od_array_room(od_array_at_->items, od_array_at_->n,              \
			&od_array_at_->room, sizeof(*od_array_at_->items));                        \
		if (od_grown_)                                                                     \
			od_array_at_->items = od_grown_;                                           \
		od_grown_ ? (__typeof__(od_array_at_->items)) memset(                              \
				    &od_array_at_->items[od_array_at_->n++], 0,                    \
				    sizeof(*od_array_at_->items))                                  \
			  : NULL;                                                                  \
	})

#define od_array_foreach(item, array)                                                              \
	for (__typeof__(*(array)->items) *item = (array)->items;                                   \
		item && item < (array)->items + (array)->n; item++)

/* Owned strings, never NULL in between. */
/* (A typedef, as an anonymous array type has no other name.) */
typedef OD_ARRAY(char *) od_strings;

/* Copies @text (@length bytes, or all with (size_t) -1). Return: 0 or -ENOMEM. */
int od_strings_add(od_strings *strings, const char *text, size_t length) OD_CHECK;
void od_strings_done(od_strings *strings);
bool od_strings_contains(const od_strings *strings, const char *text);
int od_strings_compare(const void *a, const void *b); /* for qsort() and bsearch() of char * */

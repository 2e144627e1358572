/*
 * How answers look: aligned columns, colour, JSON.
 *
 * Texts that come from elsewhere (notifications, policies) lose their control characters before
 * they reach a terminal, so that nobody can write to it through a message.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/array.h"

struct json_object;

/* Columns a text takes on a terminal; a byte that is no character counts as one. */
size_t od_out_width(const char *text);
/* Copy of @text fit for a terminal: control characters and direction overrides become a blank, cut
 * with "…" where it is wider than @width (0: never). NULL without memory. The caller's. */
char *od_out_clean(const char *text, size_t width);
/* Columns of the terminal, 0 where standard output is none. */
size_t od_out_columns(void);

enum od_colour {
	OD_COLOUR_NONE,
	OD_COLOUR_GOOD,
	OD_COLOUR_WARNING,
	OD_COLOUR_BAD,
	OD_COLOUR_STRONG,
	OD_COLOUR_FAINT
};
/* The sequences around a text; "" where @out is no terminal, or NO_COLOR is set. */
const char *od_out_colour(enum od_colour colour, FILE *out);
const char *od_out_plain(FILE *out);

/* Rows of the same number of columns; the last one is cut at the edge of the terminal, or wrapped
 * below itself with @wrap. Zero with .columns set is an empty table. */
struct od_table {
	size_t columns;
	bool wrap;
	od_strings cells;
};
/* Copies (and cleans) @cells, NULL standing for "". Return: 0 or -ENOMEM. */
int od_table_row(struct od_table *table, const char *const *cells) OD_CHECK;
void od_table_print(const struct od_table *table, FILE *out);
void od_table_done(struct od_table *table);

/* JSON objects: NULL texts become null. Bytes that are not UTF-8 become U+FFFD. Without memory a
 * member is left out. */
void od_json_string(struct json_object *object, const char *key, const char *value);
void od_json_int(struct json_object *object, const char *key, int64_t value);
void od_json_bool(struct json_object *object, const char *key, bool value);
/* An instant as RFC 3339 in UTC; OD_NEVER is null. */
void od_json_instant(struct json_object *object, const char *key, int64_t instant_us);
void od_json_strings(struct json_object *object, const char *key, const od_strings *strings);
/* Prints @object and a newline on standard output, and releases it. */
void od_json_print(struct json_object *object);

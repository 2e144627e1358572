/*
 * Columns by what a terminal shows (wcwidth in the reader's locale), not by bytes. Widths are found
 * over all rows before the first is printed, so a table is kept whole: answers here are short.
 */
#include "output.h"

#include <errno.h>
#include <json-c/json.h>
#include <string.h>
#include <sys/ioctl.h>
#include <wchar.h>

#include "when.h"

#define GAP 2 /* blanks between columns */

/* One character: its bytes and its columns. @bad: no character, or one a terminal must not get. */
static size_t next_character(
	const char *text, size_t left, mbstate_t *state, int *ret_columns, bool *ret_bad)
{
	wchar_t c = 0;
	size_t n = mbrtowc(&c, text, left, state);

	*ret_bad = n == (size_t) -1 || n == (size_t) -2 || n == 0;
	if (*ret_bad) {
		memset(state, 0, sizeof(*state));
		*ret_columns = 1;
		return 1;
	}
	*ret_columns = wcwidth(c);
	*ret_bad = *ret_columns < 0 || (c >= 0x80 && c < 0xa0) || c == 0x61c ||
		   (c >= 0x200e && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
		   (c >= 0x2066 && c <= 0x2069);
	if (*ret_bad)
		*ret_columns = 1;
	return n;
}

size_t od_out_width(const char *text)
{
	mbstate_t state = { 0 };
	size_t left = strlen(text), width = 0;

	while (left > 0) {
		bool bad;
		int columns;
		size_t n = next_character(text, left, &state, &columns, &bad);

		width += (size_t) columns;
		text += n;
		left -= n;
	}
	return width;
}

char *od_out_clean(const char *text, size_t width)
{
	size_t left = strlen(text), used = 0, at = 0, cut_at = 0;
	char *clean = malloc(left + sizeof("…"));
	mbstate_t state = { 0 };

	if (!clean)
		return NULL;
	while (left > 0) {
		bool bad;
		int columns;
		size_t n = next_character(text, left, &state, &columns, &bad);

		if (width && used + (size_t) columns > width) {
			memcpy(clean + cut_at, "…", sizeof("…"));
			return clean;
		}
		if (bad)
			clean[at] = ' ';
		else
			memcpy(clean + at, text, n);
		at += bad ? 1 : n;
		used += (size_t) columns;
		if (used < width)
			cut_at = at; /* here the "…" still fits behind */
		text += n;
		left -= n;
	}
	clean[at] = '\0';
	return clean;
}

size_t od_out_columns(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0)
		return 0;
	return size.ws_col;
}

static bool coloured(FILE *out)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no && *no) && term && strcmp(term, "dumb") != 0 && isatty(fileno(out));
}

const char *od_out_colour(enum od_colour colour, FILE *out)
{
	if (!coloured(out))
		return "";
	switch (colour) {
	case OD_COLOUR_NONE:
		return "";
	case OD_COLOUR_GOOD:
		return "\033[32m";
	case OD_COLOUR_WARNING:
		return "\033[33m";
	case OD_COLOUR_BAD:
		return "\033[31m";
	case OD_COLOUR_STRONG:
		return "\033[1m";
	case OD_COLOUR_FAINT:
		return "\033[2m";
	}
	return "";
}

const char *od_out_plain(FILE *out)
{
	return coloured(out) ? "\033[0m" : "";
}

int od_table_row(struct od_table *table, const char *const *cells)
{
	for (size_t i = 0; i < table->columns; i++) {
		od_cleanup(od_freep) char *clean = od_out_clean(cells[i] ? cells[i] : "", 0);

		if (!clean || od_strings_add(&table->cells, clean, (size_t) -1) != 0)
			return -ENOMEM;
	}
	return 0;
}

/* Where to break @text so that at most @room columns stay on the line; its length if all fits. */
static size_t break_at(const char *text, size_t room)
{
	size_t length = strlen(text), last = 0;

	for (size_t i = 0; i <= length; i++) {
		if (text[i] != ' ' && text[i] != '\0')
			continue;
		od_cleanup(od_freep) char *head = strndup(text, i);

		if (!head || (od_out_width(head) > room && last > 0))
			return last ? last : length;
		last = i;
	}
	return length;
}

static void print_last(const struct od_table *table, const char *text, size_t indent, FILE *out)
{
	size_t columns = od_out_columns();
	size_t room = columns > indent + 16 ? columns - indent : 0;

	if (!table->wrap && room) {
		od_cleanup(od_freep) char *cut = od_out_clean(text, room);

		fputs(cut ? cut : text, out);
		return;
	}
	while (room && od_out_width(text) > room) {
		size_t n = break_at(text, room);

		if (text[n] == '\0')
			break;
		fprintf(out, "%.*s\n%*s", (int) n, text, (int) indent, "");
		text += n + 1;
	}
	fputs(text, out);
}

static bool all_empty(char *const *cells, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (*cells[i])
			return false;
	return true;
}

void od_table_print(const struct od_table *table, FILE *out)
{
	size_t columns = table->columns, indent = 0;
	od_cleanup(od_freep) size_t *widths = calloc(columns, sizeof(*widths));

	if (!widths)
		return;
	for (size_t i = 0; i < table->cells.n; i++) {
		size_t width = od_out_width(table->cells.items[i]);

		if (width > widths[i % columns])
			widths[i % columns] = width;
	}
	for (size_t i = 0; i + 1 < columns; i++)
		indent += widths[i] + GAP;
	for (size_t i = 0; i < table->cells.n; i++) {
		const char *cell = table->cells.items[i];
		size_t column = i % columns, width = widths[column];

		if (column + 1 == columns) {
			print_last(table, cell, indent, out);
			fputc('\n', out);
			continue;
		}
		fputs(cell, out);
		if (!all_empty(&table->cells.items[i + 1], columns - column - 1))
			fprintf(out, "%*s", (int) (width - od_out_width(cell) + GAP), "");
	}
}

void od_table_done(struct od_table *table)
{
	od_strings_done(&table->cells);
}

static void json_add(struct json_object *object, const char *key, struct json_object *value)
{
	if (json_object_object_add(object, key, value) < 0)
		(void) json_object_put(value); /* no memory: the member is left out */
}

void od_json_string(struct json_object *object, const char *key, const char *value)
{
	json_add(object, key, value ? json_object_new_string(value) : NULL);
}

void od_json_int(struct json_object *object, const char *key, int64_t value)
{
	json_add(object, key, json_object_new_int64(value));
}

void od_json_bool(struct json_object *object, const char *key, bool value)
{
	json_add(object, key, json_object_new_boolean(value));
}

void od_json_instant(struct json_object *object, const char *key, int64_t instant_us)
{
	char text[OD_WHEN_TEXT];

	od_json_string(
		object, key, instant_us == OD_NEVER ? NULL : od_when_rfc3339(instant_us, text));
}

void od_json_strings(struct json_object *object, const char *key, const od_strings *strings)
{
	struct json_object *array = json_object_new_array();

	od_array_foreach (text, strings)
		(void) json_object_array_add(array, json_object_new_string(*text));
	json_add(object, key, array);
}

void od_json_print(struct json_object *object)
{
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY |
							    JSON_C_TO_STRING_SPACED |
							    JSON_C_TO_STRING_NOSLASHESCAPE));
	(void) json_object_put(object);
}

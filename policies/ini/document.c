/*
 * One INI file as lines.
 *
 * iniparser 4.1 loses much in silence: text behind a closing quote, lines behind a trailing
 * backslash, all but the last of a repeated key, everything behind ";" and "#", the case of names.
 * So the bytes are scanned first (scanner.c), with a fault for each of these; only faultless lines
 * go on to iniparser. What it then reads must be what was scanned, byte by byte, or the line is a
 * fault too: whatever else it might lose cannot pass unseen.
 */
#include "ini/document.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "ini/dictionary.h"
#include "ini/scanner.h"

/* ---- repeated keys, and iniparser ----------------------------------------------------------- */

/* Twins to iniparser, which does not know small from capital letters. */
static bool twins(const struct od_document_line *x, const struct od_document_line *y)
{
	return x->section == y->section && strcasecmp(x->key, y->key) == 0;
}

static size_t hash_key(const struct od_document_line *line)
{
	size_t h = 14695981039346656037u ^ line->section;

	for (const char *at = line->key; *at; at++)
		h = (h ^ (unsigned char) (*at | 0x20)) * 1099511628211u;
	return h ^ h >> 32;
}

/* Whether a line before this one has its key; @slots: 1 + index of each line seen, by hash. */
static bool is_repeated(
	struct od_scanner *s, struct od_document_line *line, uint32_t *slots, size_t mask)
{
	struct od_document_line *lines = s->document->lines.items;
	size_t at = hash_key(line) & mask;

	for (; slots[at]; at = (at + 1) & mask) {
		const struct od_document_line *first = &lines[slots[at] - 1];

		if (!twins(first, line))
			continue;
		od_problem_add(s->problems, OD_SEVERITY_ERROR, "duplicate-key", s->document->file,
			line->line, line->column,
			N_("\"%s\" stands in this section twice; the other is in line %u"),
			line->key, first->line);
		return true;
	}
	slots[at] = (uint32_t) (line - lines) + 1;
	return false;
}

static int drop_repeated(struct od_scanner *s)
{
	size_t n = s->document->lines.n, kept = 0, room = 16;
	od_cleanup(od_freep) uint32_t *slots = NULL;
	struct od_document_line *lines = s->document->lines.items;

	while (room < n * 2)
		room *= 2;
	slots = calloc(room, sizeof(*slots));
	if (!slots)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		struct od_document_line line = lines[i];

		lines[kept] = line;
		if (is_repeated(s, &lines[kept], slots, room - 1))
			continue;
		s->rests.items[kept++] = s->rests.items[i];
	}
	s->document->lines.n = kept;
	return 0;
}

static char *put(char *at, const char *text, size_t length)
{
	memcpy(at, text, length);
	return at + length;
}

static size_t header_size(const struct od_document_section *section)
{
	return strlen(section->name) + (section->label ? strlen(section->label) + 1 : 0) + 3;
}

static char *put_header(char *at, const struct od_document_section *section)
{
	*at++ = '[';
	at = put(at, section->name, strlen(section->name));
	if (section->label) {
		*at++ = ' ';
		at = put(at, section->label, strlen(section->label));
	}
	return put(at, "]\n", 2);
}

/* The kept lines as a text for iniparser. */
static int clean_text(const struct od_scanner *s, char **ret, size_t *ret_size)
{
	const struct od_document *document = s->document;
	size_t section = OD_SCANNER_NO_SECTION, size = 1;
	char *text, *at;

	for (size_t i = 0; i < document->lines.n; i++) {
		const struct od_document_line *line = &document->lines.items[i];
		const struct od_slice *rest = &s->rests.items[i];

		if (line->section != section)
			size += header_size(&document->sections.items[line->section]);
		section = line->section;
		size += strlen(line->key) + (size_t) (rest->to - rest->from) + 1;
	}
	at = text = malloc(size);
	if (!text)
		return -ENOMEM;
	section = OD_SCANNER_NO_SECTION;
	for (size_t i = 0; i < document->lines.n; i++) {
		const struct od_document_line *line = &document->lines.items[i];
		const struct od_slice *rest = &s->rests.items[i];

		if (line->section != section)
			at = put_header(at, &document->sections.items[line->section]);
		section = line->section;
		at = put(at, line->key, strlen(line->key));
		at = put(at, rest->from, (size_t) (rest->to - rest->from));
		*at++ = '\n';
	}
	*ret = text;
	*ret_size = (size_t) (at - text);
	return 0;
}

/* Whether iniparser's "section label:key" is this line's. */
static bool is_name_of(const char *name, const struct od_document_section *section,
	const struct od_document_line *line)
{
	size_t n = strlen(section->name);

	if (strncmp(name, section->name, n) != 0)
		return false;
	name += n;
	if (section->label) {
		n = strlen(section->label);
		if (*name++ != ' ' || strncmp(name, section->label, n) != 0)
			return false;
		name += n;
	}
	return *name == ':' && strcasecmp(name + 1, line->key) == 0;
}

/* iniparser keeps the order of the lines; where it does not, the key is looked up. */
static const char *value_by_iniparser(const struct od_dictionary *dictionary,
	const struct od_document *document, const struct od_document_line *line, size_t *cursor)
{
	const struct od_document_section *section = &document->sections.items[line->section];
	const char *next = NULL, *value = od_dictionary_next(dictionary, cursor, &next);
	char name[2 * OD_SCANNER_NAME_MAX + 2];

	if (value && is_name_of(next, section, line))
		return value;
	snprintf(name, sizeof(name), "%s%s%s", section->name, section->label ? " " : "",
		section->label ? section->label : "");
	return od_dictionary_get(dictionary, name, line->key);
}

static int check_against_iniparser(struct od_scanner *s)
{
	od_cleanup(od_dictionary_freep) struct od_dictionary *dictionary = NULL;
	od_cleanup(od_freep) char *text = NULL;
	size_t size = 0, cursor = 0;
	int r = clean_text(s, &text, &size);

	if (r == 0)
		r = od_dictionary_new(text, size, &dictionary);
	if (r == OD_E_SYNTAX) {
		od_problem_add(s->problems, OD_SEVERITY_ERROR, "unclear", s->document->file, 0, 0,
			N_("iniparser cannot read this file"));
		return 0;
	}
	if (r != 0)
		return r;
	od_array_foreach (line, &s->document->lines) {
		const char *value = value_by_iniparser(dictionary, s->document, line, &cursor);

		if (value && strcmp(value, line->value) == 0)
			continue;
		od_problem_add(s->problems, OD_SEVERITY_ERROR, "unclear", s->document->file,
			line->line, line->column,
			N_("iniparser reads this line as \"%s\"; write it more simply"),
			value ? value : "");
	}
	return 0;
}

int od_document_parse(const char *file, const char *bytes, size_t size,
	struct od_problems *problems, struct od_document **ret)
{
	od_cleanup(od_document_freep) struct od_document *document = calloc(1, sizeof(*document));
	struct od_scanner s = {
		.document = document, .problems = problems, .section = OD_SCANNER_NO_SECTION
	};
	int r;

	if (!document)
		return -ENOMEM;
	document->file = file;
	if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
		bytes += 3;
		size -= 3;
	}
	r = od_scanner_run(&s, bytes, size);
	if (r == 0)
		r = drop_repeated(&s);
	if (r == 0 && document->lines.n > 0)
		r = check_against_iniparser(&s);
	free(s.rests.items);
	if (r != 0)
		return r;
	*ret = od_take(&document);
	return 0;
}

void od_document_free(struct od_document *document)
{
	if (!document)
		return;
	od_array_foreach (section, &document->sections) {
		free(section->name);
		free(section->label);
	}
	free(document->text);
	free(document->sections.items);
	free(document->lines.items);
	free(document);
}

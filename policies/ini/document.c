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
		s->document->rests.items[kept++] = s->document->rests.items[i];
	}
	s->document->lines.n = kept;
	return 0;
}

/* ---- iniparser ------------------------------------------------------------------------------ */

#define GROUP_KEYS 250 /* iniparser looks each new key up among all before it */
#define PREFIX_MAX 24

/* Files that iniparser reads together, their sections told apart by a number before the name. */
struct group {
	struct od_document *const *documents;
	size_t n;
};

static size_t put_prefix(const struct group *group, size_t index, char prefix[PREFIX_MAX])
{
	return group->n == 1 ? (prefix[0] = '\0', 0)
			     : (size_t) snprintf(prefix, PREFIX_MAX, "%zu ", index);
}

static char *put(char *at, const char *text, size_t length)
{
	memcpy(at, text, length);
	return at + length;
}

static char *put_header(
	char *at, const char *prefix, size_t length, const struct od_document_section *section)
{
	*at++ = '[';
	at = put(at, prefix, length);
	at = put(at, section->name, strlen(section->name));
	if (section->label) {
		*at++ = ' ';
		at = put(at, section->label, strlen(section->label));
	}
	return put(at, "]\n", 2);
}

static char *put_document(char *at, const struct group *group, size_t index)
{
	const struct od_document *document = group->documents[index];
	size_t section = OD_SCANNER_NO_SECTION;
	char prefix[PREFIX_MAX];
	size_t length = put_prefix(group, index, prefix);

	for (size_t i = 0; i < document->lines.n; i++) {
		const struct od_document_line *line = &document->lines.items[i];
		const struct od_slice *rest = &document->rests.items[i];

		if (line->section != section)
			at = put_header(
				at, prefix, length, &document->sections.items[line->section]);
		section = line->section;
		at = put(at, line->key, strlen(line->key));
		at = put(at, rest->from, (size_t) (rest->to - rest->from));
		*at++ = '\n';
	}
	return at;
}

/* Nothing is longer than it was, but for the prefixes and a last newline. */
static size_t most_text(const struct od_document *document)
{
	return document->size + document->sections.n * PREFIX_MAX + 1;
}

/* The kept lines, read by iniparser. */
static int read_group(const struct group *group, struct od_dictionary **ret)
{
	od_cleanup(od_freep) char *text = NULL;
	size_t size = 1;
	char *at;

	for (size_t i = 0; i < group->n; i++)
		size += most_text(group->documents[i]);
	at = text = malloc(size);
	if (!text)
		return -ENOMEM;
	for (size_t i = 0; i < group->n; i++)
		at = put_document(at, group, i);
	return od_dictionary_new(text, (size_t) (at - text), ret);
}

/* Whether iniparser's "section label:key" is this line's. */
static bool is_name_of(
	const char *name, const char *section, size_t n, const struct od_document_line *line)
{
	return strncmp(name, section, n) == 0 && name[n] == ':' &&
	       strcasecmp(name + n + 1, line->key) == 0;
}

/* iniparser keeps the order of the lines; where it does not, the key is looked up. */
static const char *value_by_iniparser(const struct od_dictionary *dictionary, const char *section,
	size_t length, const struct od_document_line *line, size_t *cursor)
{
	const char *next = NULL, *value = od_dictionary_next(dictionary, cursor, &next);

	return value && is_name_of(next, section, length, line)
		       ? value
		       : od_dictionary_get(dictionary, section, line->key);
}

/* False where iniparser reads a line of the file differently; with @problems that is a fault. */
static bool compare_document(const struct od_dictionary *dictionary, const struct group *group,
	size_t index, size_t *cursor, struct od_problems *problems)
{
	const struct od_document *document = group->documents[index];
	char prefix[PREFIX_MAX], name[2 * OD_SCANNER_NAME_MAX + PREFIX_MAX + 2] = "";
	size_t section = OD_SCANNER_NO_SECTION, length = 0;
	bool same = true;

	(void) put_prefix(group, index, prefix);
	od_array_foreach (line, &document->lines) {
		const struct od_document_section *now = &document->sections.items[line->section];
		const char *value;

		if (line->section != section)
			length = (size_t) snprintf(name, sizeof(name), "%s%s%s%s", prefix,
				now->name, now->label ? " " : "", now->label ? now->label : "");
		section = line->section;
		value = value_by_iniparser(dictionary, name, length, line, cursor);
		if (value && strcmp(value, line->value) == 0)
			continue;
		same = false;
		if (problems)
			od_problem_add(problems, OD_SEVERITY_ERROR, "unclear", document->file,
				line->line, line->column,
				N_("iniparser reads this line as \"%s\"; write it more simply"),
				value ? value : "");
	}
	return same;
}

/* *@ret_same: iniparser reads all of it alike; faults are added for a group of one only. */
static int check_group(const struct group *group, struct od_problems *problems, bool *ret_same)
{
	od_cleanup(od_dictionary_freep) struct od_dictionary *dictionary = NULL;
	size_t cursor = 0;
	int r = read_group(group, &dictionary);

	*ret_same = r == 0;
	if (r == OD_E_SYNTAX && group->n == 1)
		od_problem_add(problems, OD_SEVERITY_ERROR, "unclear", group->documents[0]->file, 0,
			0, N_("iniparser cannot read this file"));
	if (r != 0)
		return r == OD_E_SYNTAX ? 0 : r;
	for (size_t i = 0; i < group->n; i++)
		if (!compare_document(
			    dictionary, group, i, &cursor, group->n == 1 ? problems : NULL))
			*ret_same = false;
	return 0;
}

/* Together, and where that shows anything, each alone: a file is judged by itself. */
static int check_files(const struct group *group, struct od_problems *problems)
{
	bool same = false;
	int r = check_group(group, problems, &same);

	for (size_t i = 0; r == 0 && !same && group->n > 1 && i < group->n; i++) {
		const struct group one = { &group->documents[i], 1 };
		bool ignored;

		r = check_group(&one, problems, &ignored);
	}
	return r;
}

static size_t keys_of(const struct od_document *document)
{
	return document->lines.n ? document->lines.n + document->sections.n : 0;
}

int od_documents_check(struct od_document *const *documents, size_t n, struct od_problems *problems)
{
	int r = 0;

	for (size_t at = 0; r == 0 && at < n;) {
		struct group group = { &documents[at], 1 };
		size_t keys = keys_of(documents[at]);

		while (at + group.n < n && keys + keys_of(documents[at + group.n]) <= GROUP_KEYS)
			keys += keys_of(documents[at + group.n++]);
		at += group.n;
		if (keys > 0)
			r = check_files(&group, problems);
	}
	return r;
}

int od_document_scan(const char *file, const char *bytes, size_t size, struct od_problems *problems,
	struct od_document **ret)
{
	od_cleanup(od_document_freep) struct od_document *document = calloc(1, sizeof(*document));
	struct od_scanner s = {
		.document = document, .problems = problems, .section = OD_SCANNER_NO_SECTION
	};
	int r;

	if (!document)
		return -ENOMEM;
	document->file = file;
	document->size = size;
	if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
		bytes += 3;
		size -= 3;
	}
	r = od_scanner_run(&s, bytes, size);
	if (r == 0)
		r = drop_repeated(&s);
	if (r != 0)
		return r;
	*ret = od_take(&document);
	return 0;
}

int od_document_parse(const char *file, const char *bytes, size_t size,
	struct od_problems *problems, struct od_document **ret)
{
	od_cleanup(od_document_freep) struct od_document *document = NULL;
	int r = od_document_scan(file, bytes, size, problems, &document);

	if (r == 0)
		r = od_documents_check(&document, 1, problems);
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
	free(document->rests.items);
	free(document);
}

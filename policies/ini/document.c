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
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "ini/dictionary.h"
#include "ini/scanner.h"

/* ---- repeated keys, and iniparser ----------------------------------------------------------- */

static int compare_keys(const void *a, const void *b)
{
	const struct od_document_line *x = *(struct od_document_line *const *) a;
	const struct od_document_line *y = *(struct od_document_line *const *) b;
	int order = (x->section > y->section) - (x->section < y->section);

	if (order == 0)
		order = strcasecmp(x->key, y->key); /* twins to iniparser */
	return order ? order : (x->line > y->line) - (x->line < y->line);
}

static void report_repeated(struct od_scanner *s, struct od_document_line **sorted, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		const struct od_document_line *first = sorted[i - 1];
		struct od_document_line *again = sorted[i];

		if (first->section != again->section || strcasecmp(first->key, again->key) != 0)
			continue;
		od_problem_add(s->problems, OD_SEVERITY_ERROR, "duplicate-key", s->document->file,
			again->line, again->column,
			N_("\"%s\" stands in this section twice; the other is in line %u"),
			again->key, first->line);
		again->line = first->line; /* the next twin names the first */
		free(again->value);
		again->value = NULL; /* dropped below */
	}
}

static int drop_repeated(struct od_scanner *s)
{
	size_t n = s->document->lines.n, kept = 0;
	od_cleanup(od_freep) struct od_document_line **sorted = calloc(n + 1, sizeof(*sorted));

	if (!sorted)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		sorted[i] = &s->document->lines.items[i];
	qsort(sorted, n, sizeof(*sorted), compare_keys);
	report_repeated(s, sorted, n);
	for (size_t i = 0; i < n; i++) {
		struct od_document_line *line = &s->document->lines.items[i];

		if (!line->value) {
			free(line->key);
			continue;
		}
		s->rests.items[kept] = s->rests.items[i];
		s->document->lines.items[kept++] = *line;
	}
	s->document->lines.n = kept;
	return 0;
}

/* The kept lines as a text for iniparser. */
static int clean_text(const struct od_scanner *s, char **ret, size_t *ret_size)
{
	size_t section = OD_SCANNER_NO_SECTION;
	char *text = NULL;
	FILE *out = open_memstream(&text, ret_size);

	if (!out)
		return -errno;
	for (size_t i = 0; i < s->document->lines.n; i++) {
		const struct od_document_line *line = &s->document->lines.items[i];
		const struct od_slice *rest = &s->rests.items[i];
		const struct od_document_section *now = &s->document->sections.items[line->section];

		if (line->section != section)
			fprintf(out, "[%s%s%s]\n", now->name, now->label ? " " : "",
				now->label ? now->label : "");
		section = line->section;
		fprintf(out, "%s%.*s\n", line->key, (int) (rest->to - rest->from), rest->from);
	}
	if (fclose(out) != 0) {
		free(text);
		return -ENOMEM;
	}
	*ret = text;
	return 0;
}

static const char *value_by_iniparser(const struct od_dictionary *dictionary,
	const struct od_document *document, const struct od_document_line *line)
{
	const struct od_document_section *section = &document->sections.items[line->section];
	char name[2 * OD_SCANNER_NAME_MAX + 2];

	snprintf(name, sizeof(name), "%s%s%s", section->name, section->label ? " " : "",
		section->label ? section->label : "");
	return od_dictionary_get(dictionary, name, line->key);
}

static int check_against_iniparser(struct od_scanner *s)
{
	od_cleanup(od_dictionary_freep) struct od_dictionary *dictionary = NULL;
	od_cleanup(od_freep) char *text = NULL;
	size_t size = 0;
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
		const char *value = value_by_iniparser(dictionary, s->document, line);

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
	od_array_foreach (line, &document->lines) {
		free(line->key);
		free(line->value);
	}
	free(document->sections.items);
	free(document->lines.items);
	free(document);
}

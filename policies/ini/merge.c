/*
 * Documents laid over each other, key by key.
 *
 * A later file's "key = ..." replaces the key with all its numbered parts, "key += ..." adds to
 * it, "key.2 = ..." replaces that part alone. Within one file the plain and the numbered keys of a
 * list add up. Unknown sections and keys, and quotes where none belong, are found here, file by
 * file, so that a fault in a line that a later file overrides is still a fault.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/nearest.h"
#include "base/scan.h"
#include "ini/table.h"

#define NUMBER_MAX 9999

/* One line of a document and where it goes. */
struct place {
	const struct od_build *build;
	const struct od_document *document;
	const struct od_document_line *line;
	const struct od_table_section *section;
	const struct od_table_key *row;
	const char *tail;
	uint64_t number;
	size_t before; /* keys of the section that lower files gave */
};

#define fault_at(place, at_column, code, ...)                                                      \
	od_problem_add((place)->build->problems, OD_SEVERITY_ERROR, code, (place)->document->file, \
		(place)->line->line, at_column, __VA_ARGS__)

static bool is_list(const struct od_table_key *row)
{
	return row->kind == OD_KIND_LIST || row->kind == OD_KIND_NAMES;
}

static bool is_numbered(const struct od_table_key *row)
{
	return row->numbered || is_list(row);
}

/* ---- which row ------------------------------------------------------------------------------- */

static bool row_matches(const struct od_table_key *row, struct place *place)
{
	const char *key = place->line->key;
	size_t n;

	place->tail = NULL;
	place->number = 0;
	if (row->name[0] != key[0] && row->name[0] != '*')
		return false;
	n = strlen(row->name);
	if (strcmp(row->name, key) == 0 && row->name[n - 1] != '*')
		return true;
	if (row->name[n - 1] == '*') {
		place->tail = key + n - 1;
		return strncmp(row->name, key, n - 1) == 0 && *place->tail;
	}
	if (!is_numbered(row) || strncmp(row->name, key, n) != 0 || key[n] != '.')
		return false;
	place->tail = key + n + 1;
	return true;
}

static const struct od_table_key *find_row(struct place *place)
{
	for (size_t i = 0; i < place->section->n; i++)
		if (row_matches(&place->section->keys[i], place))
			return &place->section->keys[i];
	return NULL;
}

/* The section a key would belong to, for somebody who lost a header. */
static const char *section_with(const struct od_build *build, const char *key)
{
	for (size_t i = 0; i < build->table->n; i++)
		for (size_t k = 0; k < build->table->sections[i]->n; k++)
			if (strcmp(build->table->sections[i]->keys[k].name, key) == 0)
				return build->table->sections[i]->name;
	return NULL;
}

static void report_unknown_key(const struct place *place)
{
	const char *elsewhere = section_with(place->build, place->line->key);
	struct od_nearest nearest = { .wanted = place->line->key };

	for (size_t i = 0; i < place->section->n; i++)
		if (!strchr(place->section->keys[i].name, '*'))
			od_nearest_offer(&nearest, place->section->keys[i].name);
	if (!nearest.best && elsewhere) {
		fault_at(place, place->line->column, "unknown-key",
			N_("[%s] has no key \"%s\"; it belongs to [%s]"), place->section->name,
			place->line->key, elsewhere);
		return;
	}
	fault_at(place, place->line->column, "unknown-key", N_("[%s] has no key \"%s\""),
		place->section->name, place->line->key);
	od_problem_suggest(place->build->problems, nearest.best);
}

/* ---- is the line of the row's form? ------------------------------------------------------------ */

static bool number_ok(struct place *place)
{
	const char *at = place->tail;

	if (place->row->name[strlen(place->row->name) - 1] == '*' || !at)
		return true;
	if (od_scan_unsigned(&at, NUMBER_MAX, &place->number) == 0 && *at == '\0' &&
		place->number > 0)
		return true;
	fault_at(place, place->line->column, "bad-number", N_("numbered keys are %s.1 to %s.%d"),
		place->row->name, place->row->name, NUMBER_MAX);
	return false;
}

static bool quotes_ok(const struct place *place)
{
	const struct od_document_line *line = place->line;

	if (place->row->kind == OD_KIND_TEXT) {
		if (!line->comment || line->quoted)
			return true;
		fault_at(place, line->comment, "comment-in-text",
			N_("\";\" would cut the text here; put the whole text into double quotes"));
		return false;
	}
	if (!line->quoted || (place->number > 0 && is_list(place->row)))
		return true;
	fault_at(place, line->value_column, "quoted-value",
		is_list(place->row)
			? N_("a list is written without quotes; an item that needs them goes into "
			     "a numbered key (%s.1 = \"...\")")
			: N_("only texts are quoted; write the value of \"%s\" without quotes"),
		place->row->name);
	return false;
}

static bool form_ok(struct place *place)
{
	const struct od_document_line *line = place->line;

	if (!number_ok(place) || !quotes_ok(place))
		return false;
	if (line->append && (!is_list(place->row) || place->number)) {
		fault_at(place, line->column, "append-to-single",
			N_("\"+=\" adds to a list; \"%s\" holds one value"), line->key);
		return false;
	}
	if (!*line->value && place->row->kind != OD_KIND_TEXT && !is_list(place->row)) {
		fault_at(place, line->value_column, "empty-value",
			N_("\"%s\" needs a value; delete the line for the default"), line->key);
		return false;
	}
	return true;
}

/* ---- laying over ------------------------------------------------------------------------------- */

static size_t hash_section(const struct od_table_section *table, const char *label)
{
	size_t h = 14695981039346656037u ^ (size_t) (uintptr_t) table;

	for (; label && *label; label++)
		h = (h ^ (unsigned char) *label) * 1099511628211u;
	return h ^ h >> 32;
}

/* Where the section is, or would be put; a free slot holds 0. */
static uint32_t *slot_of(
	const struct od_merged *merged, const struct od_table_section *table, const char *label)
{
	size_t mask = merged->n_slots - 1, at = hash_section(table, label) & mask;

	for (; merged->slots[at]; at = (at + 1) & mask) {
		const struct od_merged_section *section =
			&merged->sections.items[merged->slots[at] - 1];

		if (section->table == table && (!label || strcmp(section->label, label) == 0))
			break;
	}
	return &merged->slots[at];
}

static int grow_slots(struct od_merged *merged)
{
	size_t n = merged->n_slots ? merged->n_slots * 2 : 16;
	uint32_t *slots = calloc(n, sizeof(*slots));

	if (!slots)
		return -ENOMEM;
	free(merged->slots);
	merged->slots = slots;
	merged->n_slots = n;
	for (size_t i = 0; i < merged->sections.n; i++) {
		const struct od_merged_section *section = &merged->sections.items[i];

		*slot_of(merged, section->table, section->label) = (uint32_t) i + 1;
	}
	return 0;
}

static int merged_section(struct od_merged *merged, const struct place *place,
	const struct od_document_section *from, struct od_merged_section **ret)
{
	struct od_merged_section *section;
	uint32_t *slot;

	if (merged->sections.n * 2 >= merged->n_slots && grow_slots(merged) < 0)
		return -ENOMEM;
	slot = slot_of(merged, place->section, from->label);
	if (*slot) {
		*ret = &merged->sections.items[*slot - 1];
		return 0;
	}
	section = od_array_add(&merged->sections);
	if (!section)
		return -ENOMEM;
	section->table = place->section;
	section->label = from->label;
	section->origin.file = place->document->file;
	section->origin.line = from->line;
	*slot = (uint32_t) merged->sections.n;
	*ret = section;
	return 0;
}

static int merged_key(
	struct od_merged_section *section, const struct place *place, struct od_merged_key **ret)
{
	bool starred = place->row->name[strlen(place->row->name) - 1] == '*';
	/* In one file only the parts of a list meet in one key. */
	size_t n = starred ? place->before : section->keys.n;

	for (size_t i = 0; i < n; i++) {
		struct od_merged_key *key = &section->keys.items[i];

		if (key->row == place->row && (!starred || strcmp(key->tail, place->tail) == 0)) {
			*ret = key;
			return 0;
		}
	}
	*ret = od_array_add(&section->keys);
	if (!*ret)
		return -ENOMEM;
	(*ret)->row = place->row;
	(*ret)->name = place->line->key;
	(*ret)->tail = starred ? place->tail : NULL;
	return 0;
}

/* Drop what @place replaces in @key: everything of lower files, or the part of that number. */
static void drop_replaced(struct od_merged_key *key, const struct place *place)
{
	size_t kept = 0;

	if (place->line->append)
		return;
	for (size_t i = 0; i < key->lines.n; i++) {
		const struct od_merged_line *line = &key->lines.items[i];
		bool same_file = line->origin.file == place->document->file;
		bool replaced = place->number ? line->number == place->number : !same_file;

		if (!replaced)
			key->lines.items[kept++] = *line;
	}
	key->lines.n = kept;
}

static int lay_over(struct od_merged_section *section, const struct place *place)
{
	struct od_merged_key *key = NULL;
	struct od_merged_line *line;
	int r = merged_key(section, place, &key);

	if (r != 0)
		return r;
	drop_replaced(key, place);
	line = od_array_add(&key->lines);
	if (!line)
		return -ENOMEM;
	line->text = place->line->value;
	line->origin.file = place->document->file;
	line->origin.line = place->line->line;
	line->column = place->line->value_column;
	line->key_column = place->line->column;
	line->number = (unsigned) place->number;
	return 0;
}

static const struct od_table_section *find_section(
	const struct od_build *build, const struct od_document_section *from)
{
	for (size_t i = 0; i < build->table->n; i++)
		if (strcmp(build->table->sections[i]->name, from->name) == 0)
			return build->table->sections[i];
	return NULL;
}

static const struct od_table_section *section_ok(const struct od_build *build,
	const struct od_document *document, const struct od_document_section *from)
{
	const struct od_table_section *section = find_section(build, from);
	struct od_nearest nearest = { .wanted = from->name };

	if (!section) {
		for (size_t i = 0; i < build->table->n; i++)
			od_nearest_offer(&nearest, build->table->sections[i]->name);
		od_problem_add(build->problems, OD_SEVERITY_ERROR, "unknown-section",
			document->file, from->line, 0, N_("there is no section [%s]"), from->name);
		od_problem_suggest(build->problems, nearest.best);
		return NULL;
	}
	if (section->labelled == (from->label != NULL))
		return section;
	od_problem_add(build->problems, OD_SEVERITY_ERROR,
		from->label ? "label-not-allowed" : "label-missing", document->file, from->line, 0,
		from->label ? N_("[%s] has no label") : N_("a label is missing, as in [%s office]"),
		from->name);
	return NULL;
}

static int add_section(struct od_merged *merged, const struct od_document *document, size_t index,
	const struct od_build *build)
{
	const struct od_document_section *from = &document->sections.items[index];
	struct place place = { .build = build, .document = document };
	struct od_merged_section *section = NULL;
	int r;

	place.section = section_ok(build, document, from);
	if (!place.section)
		return 0;
	r = merged_section(merged, &place, from, &section);
	place.before = r == 0 ? section->keys.n : 0;
	od_array_foreach (line, &document->lines) {
		if (r != 0)
			break;
		if (line->section != index)
			continue;
		place.line = line;
		place.row = find_row(&place);
		if (!place.row)
			report_unknown_key(&place);
		else if (form_ok(&place))
			r = lay_over(section, &place);
	}
	return r;
}

int od_merged_add(
	struct od_merged *merged, const struct od_document *document, const struct od_build *build)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < document->sections.n; i++)
		r = add_section(merged, document, i, build);
	return r;
}

void od_merged_done(struct od_merged *merged)
{
	od_array_foreach (section, &merged->sections) {
		od_array_foreach (key, &section->keys)
			free(key->lines.items);
		free(section->keys.items);
	}
	free(merged->sections.items);
	free(merged->slots);
	memset(merged, 0, sizeof(*merged));
}

const struct od_merged_key *od_merged_find(
	const struct od_merged_section *section, const char *name)
{
	od_array_foreach (key, &section->keys)
		if (strcmp(key->name, name) == 0)
			return key;
	return NULL;
}

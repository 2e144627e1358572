/*
 * The merged documents of a set, copied out, and the defaults of whatever nobody wrote.
 *
 * A default is not a second list to keep: a fresh object of each section is asked for what it holds
 * before any row was applied (.open), and the value is written back by the kind of its row. Only rows
 * that hide their place behind a setter say it themselves (.usual).
 */
#include "ini/effective.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ini/layers.h"
#include "ini/sections.h"

struct documents {
	OD_ARRAY(struct od_document *) list;
};

static void documents_done(struct documents *documents)
{
	od_array_foreach (document, &documents->list)
		od_document_free(*document);
	free(documents->list.items);
}

static bool is_list(const struct od_table_key *row)
{
	return row->kind == OD_KIND_LIST || row->kind == OD_KIND_NAMES || row->numbered;
}

/* ---- what was written ---------------------------------------------------------------------------- */

/* The same with a name that lives as long as what is handed out. */
static struct od_origin kept(const struct od_effective *effective, struct od_origin origin)
{
	od_array_foreach (file, &effective->files)
		if (origin.file && strcmp(*file, origin.file) == 0)
			return (struct od_origin){ *file, origin.line };
	return (struct od_origin){ 0 };
}

static int add_value(struct od_effective_key *key, const char *text, size_t length,
	struct od_origin origin, unsigned number)
{
	struct od_effective_value *value = od_array_add(&key->values);

	if (!value)
		return -ENOMEM;
	value->text = strndup(text, length);
	value->origin = origin;
	value->number = number;
	return value->text ? 0 : -ENOMEM;
}

/* "a, b" of one line is two items. */
static int add_items(struct od_effective_key *key, const char *text, struct od_origin origin)
{
	int r = 0;

	while (r == 0 && *text) {
		size_t length;

		text += strspn(text, " \t,");
		length = strcspn(text, ",");
		while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
			length--;
		if (length > 0)
			r = add_value(key, text, length, origin, 0);
		text += strcspn(text, ",");
	}
	return r;
}

/* By number, those without one first, in the order they were laid over. */
static void sort_values(struct od_effective_key *key)
{
	for (size_t i = 1; i < key->values.n; i++) {
		struct od_effective_value value = key->values.items[i];
		size_t at = i;

		for (; at > 0 && key->values.items[at - 1].number > value.number; at--)
			key->values.items[at] = key->values.items[at - 1];
		key->values.items[at] = value;
	}
}

static int copy_key(const struct od_effective *effective, const struct od_merged_key *from,
	struct od_effective_section *section)
{
	struct od_effective_key *key = od_array_add(&section->keys);
	int r = 0;

	if (!key)
		return -ENOMEM;
	key->list = is_list(from->row);
	key->text = from->row->kind == OD_KIND_TEXT;
	/* "paths.1" is a part of "paths"; of "message.fr" the name is all of it */
	key->name = strdup(key->list ? from->row->name : from->name);
	if (!key->name)
		return -ENOMEM;
	od_array_foreach (line, &from->lines) {
		struct od_origin origin = kept(effective, line->origin);

		if (r == 0 && key->list && !line->number && from->row->kind != OD_KIND_PLAIN)
			r = add_items(key, line->text, origin);
		else if (r == 0)
			r = add_value(key, line->text, strlen(line->text), origin, line->number);
	}
	sort_values(key);
	return r;
}

/* ---- what nobody wrote --------------------------------------------------------------------------- */

static void duration_text(int64_t us, char *text, size_t size)
{
	static const struct {
		int64_t seconds;
		char unit;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
	int64_t seconds = us / OD_USEC_PER_SEC;
	size_t i = 0;

	while (i + 1 < OD_ELEMENTS(units) && (seconds == 0 || seconds % units[i].seconds != 0))
		i++;
	(void) snprintf(
		text, size, "%lld%c", (long long) (seconds / units[i].seconds), units[i].unit);
}

static void size_text(uint64_t n, char *text, size_t size)
{
	static const char units[] = "\0KMG";
	unsigned unit = 0;

	while (unit < 3 && n != 0 && n % 1024 == 0) {
		n /= 1024;
		unit++;
	}
	(void) snprintf(text, size, unit ? "%llu%c" : "%llu", (unsigned long long) n, units[unit]);
}

static void word_text(const struct od_word *words, int value, char *text, size_t size)
{
	for (; words && words->text; words++)
		if (words->value == value)
			(void) snprintf(text, size, "%s", words->text);
}

/* What stands at the row's place of a fresh object; "": nothing worth showing. */
static void usual_text(const struct od_table_key *row, const void *object, char *text, size_t size)
{
	const char *place = (const char *) object + row->offset;

	*text = '\0';
	if (row->usual) {
		(void) snprintf(text, size, "%s", row->usual);
		return;
	}
	if (row->set || row->given)
		return;
	switch (row->kind) {
	case OD_KIND_BOOL:
		(void) snprintf(text, size, "%s", *(const bool *) place ? "yes" : "no");
		return;
	case OD_KIND_DURATION:
		duration_text(*(const int64_t *) (const void *) place, text, size);
		return;
	case OD_KIND_SIZE:
		size_text(*(const uint64_t *) (const void *) place, text, size);
		return;
	case OD_KIND_NUMBER:
		(void) snprintf(text, size, "%llu",
			(unsigned long long) *(const uint64_t *) (const void *) place);
		return;
	case OD_KIND_WORD:
		word_text(row->words, *(const int *) (const void *) place, text, size);
		return;
	case OD_KIND_TEXT:
	case OD_KIND_PLAIN:
	case OD_KIND_LIST:
	case OD_KIND_NAMES:
		return;
	}
}

static int add_usual(
	struct od_effective_section *section, const struct od_table_key *row, const void *object)
{
	struct od_effective_key *key;
	char text[64];

	usual_text(row, object, text, sizeof(text));
	if (!*text)
		return 0;
	key = od_array_add(&section->keys);
	if (!key)
		return -ENOMEM;
	key->list = is_list(row);
	key->text = row->kind == OD_KIND_TEXT;
	key->usual = true;
	key->name = strdup(row->name);
	if (!key->name)
		return -ENOMEM;
	return key->list ? add_items(key, text, (struct od_origin){ 0 })
			 : add_value(key, text, strlen(text), (struct od_origin){ 0 }, 0);
}

/* ---- sections -------------------------------------------------------------------------------------- */

/* The rows of a section in the order of its table: what was written, else what is usual. */
static int fill_section(struct od_effective *effective, const struct od_merged_section *from,
	const void *fresh, struct od_effective_section *section)
{
	const struct od_table_section *table = from->table;
	int r = 0;

	for (size_t i = 0; r == 0 && i < table->n; i++) {
		bool written = false;

		od_array_foreach (key, &from->keys)
			if (r == 0 && key->row == &table->keys[i]) {
				written = true;
				r = copy_key(effective, key, section);
			}
		if (r == 0 && !written && fresh)
			r = add_usual(section, &table->keys[i], fresh);
	}
	return r;
}

static int add_section(struct od_effective *effective, const struct od_merged_section *from)
{
	od_cleanup(od_policy_unrefp) struct od_policy *scratch = od_policy_new();
	od_cleanup(od_problems_done) struct od_problems problems = { 0 };
	struct od_build build = { .problems = &problems, .policy = scratch, .partial = true };
	const struct od_merged_section bare = {
		.table = from->table, .label = from->label, .origin = from->origin
	};
	struct od_effective_section *section = od_array_add(&effective->sections);
	void *fresh = NULL;
	int r;

	if (!scratch || !section)
		return -ENOMEM;
	section->name = from->table->name;
	section->origin = kept(effective, from->origin);
	if (from->label) {
		section->label = strdup(from->label);
		if (!section->label)
			return -ENOMEM;
	}
	r = from->table->open(&build, &bare, &fresh);
	return r == 0 ? fill_section(effective, from, fresh, section) : r;
}

static int add_sections(struct od_effective *effective, const struct od_merged *merged)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < od_table_policy.n; i++) {
		const struct od_table_section *table = od_table_policy.sections[i];
		const struct od_merged_section nobody = { .table = table };
		bool written = false;

		od_array_foreach (section, &merged->sections)
			if (r == 0 && section->table == table) {
				written = true;
				r = add_section(effective, section);
			}
		if (r == 0 && !written && !table->labelled)
			r = add_section(effective, &nobody);
	}
	return r;
}

/* ---- reading ---------------------------------------------------------------------------------------- */

static int read_files(const struct od_ini_paths *paths, const char *const *files,
	struct od_problems *problems, struct od_files *ret)
{
	int r = 0;

	if (!files)
		return od_layers_read(paths->policy, paths, problems, ret);
	for (; r == 0 && *files; files++)
		r = od_layers_read_file(*files, paths, problems, ret);
	return r;
}

static int merge(
	const struct od_files *files, struct od_effective *effective, struct od_problems *problems)
{
	od_cleanup(documents_done) struct documents documents = { 0 };
	od_cleanup(od_merged_done) struct od_merged merged = { 0 };
	struct od_build build = { .problems = problems, .table = &od_table_policy };
	int r = 0;

	od_array_foreach (file, &files->list) {
		struct od_document **slot = od_array_add(&documents.list);

		if (!slot)
			return -ENOMEM;
		if (r == 0)
			r = od_strings_add(&effective->files, file->path, (size_t) -1);
		if (r == 0)
			r = od_document_parse(file->path, file->bytes, file->size, problems, slot);
		if (r == 0)
			r = od_merged_add(&merged, *slot, &build);
		if (r != 0)
			return r;
	}
	return add_sections(effective, &merged);
}

int od_effective_read(
	const struct od_ini_paths *paths, const char *const *files, struct od_effective **ret)
{
	od_cleanup(od_effective_freep) struct od_effective *effective =
		calloc(1, sizeof(*effective));
	od_cleanup(od_problems_done) struct od_problems problems = { 0 };
	od_cleanup(od_files_done) struct od_files all = { 0 };
	int r = effective ? read_files(paths, files, &problems, &all) : -ENOMEM;

	if (r == 0)
		r = merge(&all, effective, &problems);
	if (r == 0)
		*ret = od_take(&effective);
	return r;
}

void od_effective_free(struct od_effective *effective)
{
	if (!effective)
		return;
	od_array_foreach (section, &effective->sections) {
		od_array_foreach (key, &section->keys) {
			od_array_foreach (value, &key->values)
				free(value->text);
			free(key->values.items);
			free(key->name);
		}
		free(section->keys.items);
		free(section->label);
	}
	free(effective->sections.items);
	od_strings_done(&effective->files);
	free(effective);
}

const struct od_effective_section *od_effective_find(
	const struct od_effective *effective, const char *name, const char *label)
{
	od_array_foreach (section, &effective->sections)
		if (strcmp(section->name, name) == 0 &&
			(label ? section->label && strcmp(section->label, label) == 0
			       : !section->label))
			return section;
	return NULL;
}

char *od_effective_text(const struct od_effective_key *key)
{
	size_t size = 1, at = 0;
	char *text;

	od_array_foreach (value, &key->values)
		size += strlen(value->text) + 2;
	text = malloc(size);
	if (!text)
		return NULL;
	*text = '\0';
	od_array_foreach (value, &key->values)
		at += (size_t) sprintf(text + at, "%s%s", at ? ", " : "", value->text);
	return text;
}

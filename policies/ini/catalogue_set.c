/*
 * The catalogue's files, together.
 *
 * A file is one messenger, unless its [messenger] section says "extends = ID": then it is laid over
 * the file of that name key by key, so that an admin corrects one fact in three lines. Where several
 * extend one, they follow in the order of their names. Each is also read alone first, so that a
 * fault in a line that another overrides is still a fault.
 *
 * Files are parsed a few at a time and let go at once; only those that extend another are kept.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "ini/build.h"
#include "ini/sections.h"

#define TOGETHER 32

struct entry {
	const struct od_file *file;
	char *id;
	const char *name;                       /* of the file, for origins */
	struct od_document *document;           /* NULL: not parsed yet, or let go */
	const struct od_document_line *extends; /* NULL: a messenger of its own */
	size_t base;                            /* index of what it extends; itself: none such */
};

struct entries {
	OD_ARRAY(struct entry) list;
};

static void entries_done(struct entries *entries)
{
	od_array_foreach (entry, &entries->list) {
		free(entry->id);
		od_document_free(entry->document);
	}
	free(entries->list.items);
}

static int parse(struct od_build *build, struct entry *entry)
{
	int r;

	if (entry->document)
		return 0;
	r = od_build_parse(build, entry->file, &entry->document);
	if (r == 0)
		entry->name = build->file;
	return r;
}

static const struct od_document_line *find_extends(const struct od_document *document)
{
	od_array_foreach (line, &document->lines)
		if (strcmp(line->key, "extends") == 0 &&
			strcmp(document->sections.items[line->section].name, "messenger") == 0)
			return line;
	return NULL;
}

static int add_entry(struct od_build *build, const struct od_file *file, struct entries *entries)
{
	struct entry *entry = od_array_add(&entries->list);
	int r = 0;

	if (!entry)
		return -ENOMEM;
	entry->file = file;
	entry->base = entries->list.n - 1;
	entry->id = strndup(file->name, strlen(file->name) - strlen(".ini"));
	if (!entry->id)
		return -ENOMEM;
	if (memmem(file->bytes, file->size, "extends", strlen("extends"))) {
		r = parse(build, entry);
		if (r == 0)
			entry->extends = find_extends(entry->document);
	}
	return r;
}

/* ---- what extends what ------------------------------------------------------------------------ */

static void report_base(const struct od_build *build, const struct entries *entries,
	const struct entry *entry, const struct entry *base)
{
	struct od_nearest nearest = { .wanted = entry->extends->value };

	if (base) {
		od_problem_add(build->problems, OD_SEVERITY_ERROR, "bad-extends", entry->name,
			entry->extends->line, entry->extends->value_column,
			N_("\"%s\" only extends another itself; name the messenger it extends"),
			entry->extends->value);
		return;
	}
	od_problem_add(build->problems, OD_SEVERITY_ERROR, "unknown-messenger", entry->name,
		entry->extends->line, entry->extends->value_column,
		N_("the catalogue has no messenger \"%s\""), entry->extends->value);
	od_array_foreach (other, &entries->list)
		if (!other->extends)
			od_nearest_offer(&nearest, other->id);
	od_problem_suggest(build->problems, nearest.best);
}

/* ---- one messenger ----------------------------------------------------------------------------- */

/* For its faults only; what is missing may stand in the others. */
static int try_alone(const struct od_build *build, const struct entry *entry)
{
	od_cleanup(od_merged_done) struct od_merged merged = { 0 };
	struct od_build alone = *build;
	int r;

	alone.partial = true;
	alone.file = entry->name;
	alone.file_id = entry->id;
	r = od_merged_add(&merged, entry->document, &alone);
	return r == 0 ? od_catalogue_load(&alone, &merged) : r;
}

static int find_base(
	const struct od_build *build, const struct entries *entries, struct entry *entry)
{
	const struct entry *base = NULL;

	if (!od_build_id_ok(build, entry->id, entry->name))
		return 0;
	od_array_foreach (other, &entries->list)
		if (strcmp(other->id, entry->extends->value) == 0)
			base = other;
	if (base && !base->extends) {
		entry->base = (size_t) (base - entries->list.items);
		return 0;
	}
	report_base(build, entries, entry, base);
	return try_alone(build, entry);
}

static bool extends_it(const struct entry *entry, size_t base)
{
	return entry->extends && entry->base == base;
}

static int try_all(const struct od_build *build, const struct entries *entries, size_t base)
{
	bool extended = false;
	int r = 0;

	for (size_t i = 0; r == 0 && i < entries->list.n; i++)
		if (extends_it(&entries->list.items[i], base)) {
			extended = true;
			r = try_alone(build, &entries->list.items[i]);
		}
	return r == 0 && extended ? try_alone(build, &entries->list.items[base]) : r;
}

static int load_entry(
	struct od_build *build, const struct entries *entries, size_t base, bool any_extends)
{
	od_cleanup(od_merged_done) struct od_merged merged = { 0 };
	const struct entry *entry = &entries->list.items[base];
	unsigned errors = build->problems->errors;
	int r = 0;

	build->file_id = entry->id;
	build->file = entry->name;
	if (any_extends)
		r = try_all(build, entries, base);
	if (r == 0 && build->problems->errors == errors) {
		r = od_merged_add(&merged, entry->document, build);
		for (size_t i = 0; any_extends && r == 0 && i < entries->list.n; i++)
			if (extends_it(&entries->list.items[i], base))
				r = od_merged_add(&merged, entries->list.items[i].document, build);
		/* Where a line was lost, what seems to be missing may have stood there. */
		build->partial = build->problems->errors > errors;
		if (r == 0)
			r = od_catalogue_load(build, &merged);
		build->partial = false;
	}
	build->file_id = NULL;
	return r;
}

/* Parse entries @from to @until that are not yet, all at once. */
static int parse_some(struct od_build *build, struct entries *entries, size_t from, size_t until)
{
	struct od_document *documents[TOGETHER];
	size_t n = 0;

	for (size_t i = from; i < until; i++) {
		struct entry *entry = &entries->list.items[i];
		int r = entry->document ? 0 : od_build_scan(build, entry->file, &entry->document);

		if (r != 0)
			return r;
		if (entry->name)
			continue;
		entry->name = build->file;
		documents[n++] = entry->document;
	}
	return od_documents_check(documents, n, build->problems);
}

static int load_some(struct od_build *build, struct entries *entries, size_t from, size_t until,
	bool any_extends)
{
	int r = 0;

	for (size_t i = from; r == 0 && i < until; i++) {
		struct entry *entry = &entries->list.items[i];

		if (entry->extends)
			continue;
		if (od_build_id_ok(build, entry->id, entry->name))
			r = load_entry(build, entries, i, any_extends);
		od_document_free(entry->document);
		entry->document = NULL;
	}
	return r;
}

static int load_entries(struct od_build *build, struct entries *entries, bool any_extends)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < entries->list.n; i += TOGETHER) {
		size_t until = i + TOGETHER < entries->list.n ? i + TOGETHER : entries->list.n;

		r = parse_some(build, entries, i, until);
		if (r == 0)
			r = load_some(build, entries, i, until, any_extends);
	}
	return r;
}

int od_catalogue_load_all(struct od_build *build, const struct od_files *files)
{
	od_cleanup(entries_done) struct entries entries = { 0 };
	bool any_extends = false;
	int r = 0;

	build->table = &od_table_catalogue;
	od_array_foreach (file, &files->list)
		if (r == 0)
			r = add_entry(build, file, &entries);
	if (r != 0)
		return r;
	od_array_foreach (entry, &entries.list)
		if (entry->extends) {
			any_extends = true;
			if (r == 0)
				r = find_base(build, &entries, entry);
		}
	return r == 0 ? load_entries(build, &entries, any_extends) : r;
}

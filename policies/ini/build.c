/*
 * From the bytes of a set to a policy.
 *
 * Catalogue and holidays come first, since policy names them. Policy files that share a section are
 * read twice: each alone, so that a fault in a line that a later file overrides is found, then all
 * laid over each other, which is the policy.
 */
#include "ini/build.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "ini/sections.h"

static const struct od_table_section *const sections[] = { &od_section_company,
	&od_section_enforcement, &od_section_messengers, &od_section_messenger,
	&od_section_schedule, &od_section_on_call, &od_section_notifications,
	&od_section_breakthrough, &od_section_sharing, &od_section_browsers, &od_section_employee,
	&od_section_privacy };
const struct od_table od_table_policy = { sections, OD_ELEMENTS(sections) };

/* The policy files as documents. */
struct documents {
	OD_ARRAY(struct od_document *) list;
};

static void documents_done(struct documents *documents)
{
	od_array_foreach (document, &documents->list)
		od_document_free(*document);
	free(documents->list.items);
}

/* The file's name, kept as long as the policy whose origins point at it. */
static int keep_name(struct od_build *build, const char *path, const char **ret)
{
	int r = od_strings_add(&build->policy->files, path, (size_t) -1);

	if (r == 0)
		*ret = build->policy->files.items[build->policy->files.n - 1];
	return r;
}

int od_build_scan(struct od_build *build, const struct od_file *file, struct od_document **ret)
{
	int r = keep_name(build, file->path, &build->file);

	return r < 0 ? r
		     : od_document_scan(build->file, file->bytes, file->size, build->problems, ret);
}

int od_build_parse(struct od_build *build, const struct od_file *file, struct od_document **ret)
{
	int r = keep_name(build, file->path, &build->file);

	return r < 0 ? r
		     : od_document_parse(
			       build->file, file->bytes, file->size, build->problems, ret);
}

/* ---- holidays: a file is one calendar, its name the id ----------------------------------------- */

bool od_build_id_ok(const struct od_build *build, const char *id, const char *path)
{
	if (od_document_label_ok(id))
		return true;
	od_problem_add(build->problems, OD_SEVERITY_ERROR, "bad-file-name", path, 0, 0,
		N_("the name of this file is the id, and must be one word of a-z, 0-9, "
		   "\".\", \"_\" and \"-\""));
	return false;
}

static int load_calendar(struct od_build *build, const struct od_file *file)
{
	od_cleanup(od_document_freep) struct od_document *document = NULL;
	od_cleanup(od_merged_done) struct od_merged merged = { 0 };
	od_cleanup(od_freep) char *id = strndup(file->name, strlen(file->name) - strlen(".ini"));
	int r = id ? od_build_parse(build, file, &document) : -ENOMEM;

	if (r < 0)
		return r;
	build->file_id = id;
	if (od_build_id_ok(build, id, build->file)) {
		r = od_merged_add(&merged, document, build);
		if (r == 0)
			r = od_calendar_load(build, &merged);
	}
	build->file_id = NULL;
	return r;
}

static int load_calendars(struct od_build *build, const struct od_files *files)
{
	int r = 0;

	build->table = &od_table_holidays;
	od_array_foreach (file, &files->list)
		if (r == 0)
			r = load_calendar(build, file);
	return r;
}

/* ---- policy ---------------------------------------------------------------------------------- */

static int parse_policy(
	struct od_build *build, const struct od_files *files, struct documents *documents)
{
	int r = 0;

	od_array_foreach (file, &files->list) {
		struct od_document **slot = od_array_add(&documents->list);

		if (!slot)
			return -ENOMEM;
		r = od_build_scan(build, file, slot);
		if (r < 0)
			return r;
	}
	return od_documents_check(documents->list.items, documents->list.n, build->problems);
}

/* One file alone, into a policy that is thrown away. */
static int try_alone(const struct od_build *build, const struct od_document *document)
{
	od_cleanup(od_merged_done) struct od_merged merged = { 0 };
	od_cleanup(od_policy_unrefp) struct od_policy *scratch = od_policy_new();
	struct od_build alone = *build;
	int r;

	if (!scratch)
		return -ENOMEM;
	alone.policy = scratch;
	alone.partial = true;
	scratch->catalogue = build->policy->catalogue; /* lent, and taken back below */
	scratch->calendars.items = build->policy->calendars.items;
	scratch->calendars.n = build->policy->calendars.n;
	r = od_merged_add(&merged, document, &alone);
	if (r == 0)
		r = od_table_apply(&alone, &merged);
	scratch->catalogue = NULL;
	scratch->calendars.items = NULL;
	scratch->calendars.n = 0;
	return r;
}

/* A section and the file it stands in. */
struct place {
	const struct od_document_section *section;
	size_t document;
};

static int compare_places(const void *a, const void *b)
{
	const struct od_document_section *x = ((const struct place *) a)->section;
	const struct od_document_section *y = ((const struct place *) b)->section;
	int order = strcmp(x->name, y->name);

	return order ? order : strcmp(x->label ? x->label : "", y->label ? y->label : "");
}

/* Mark the files with a section that another has as well: only there can a line override one. */
static int find_shared(const struct documents *documents, bool *shared)
{
	od_cleanup(od_freep) struct place *places = NULL;
	size_t n = 0, room = 1;

	od_array_foreach (document, &documents->list)
		room += (*document)->sections.n;
	places = calloc(room, sizeof(*places));
	if (!places)
		return -ENOMEM;
	for (size_t i = 0; i < documents->list.n; i++)
		od_array_foreach (section, &documents->list.items[i]->sections)
			places[n++] = (struct place){ section, i };
	qsort(places, n, sizeof(*places), compare_places);
	for (size_t i = 1; i < n; i++)
		if (compare_places(&places[i - 1], &places[i]) == 0)
			shared[places[i - 1].document] = shared[places[i].document] = true;
	return 0;
}

/* Those of the files that are (not) shared, each alone. */
static int try_some(
	struct od_build *build, const struct documents *documents, const bool *shared, bool which)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < documents->list.n; i++)
		if (shared[i] == which)
			r = try_alone(build, documents->list.items[i]);
	return r;
}

static int apply_policy(struct od_build *build, const struct documents *documents)
{
	od_cleanup(od_merged_done) struct od_merged merged = { 0 };
	od_cleanup(od_freep) bool *shared = calloc(documents->list.n + 1, sizeof(*shared));
	unsigned errors = build->problems->errors;
	int r = shared ? find_shared(documents, shared) : -ENOMEM;

	if (r == 0)
		r = try_some(build, documents, shared, true);
	if (r == 0 && build->problems->errors > errors) /* all together would say the same again */
		return try_some(build, documents, shared, false);
	if (r != 0)
		return r;
	for (size_t i = 0; r == 0 && i < documents->list.n; i++)
		r = od_merged_add(&merged, documents->list.items[i], build);
	if (r == 0)
		r = od_table_apply(build, &merged);
	if (r == 0 && build->problems->errors == errors && build->paths)
		od_check_policy(build->policy, build->problems);
	return r;
}

static int load_policy(struct od_build *build, const struct od_files *files)
{
	od_cleanup(documents_done) struct documents documents = { 0 };
	int r;

	build->table = &od_table_policy;
	r = parse_policy(build, files, &documents);
	return r < 0 ? r : apply_policy(build, &documents);
}

int od_policy_build(const struct od_set *set, const struct od_ini_paths *paths,
	struct od_problems *problems, struct od_policy **ret)
{
	od_cleanup(od_policy_unrefp) struct od_policy *policy = od_policy_new();
	struct od_build build = { .problems = problems, .paths = paths, .policy = policy };
	unsigned errors = problems->errors;
	int r;

	if (!policy)
		return -ENOMEM;
	policy->catalogue = od_catalogue_new();
	if (!policy->catalogue)
		return -ENOMEM;
	r = od_catalogue_load_all(&build, &set->catalogue);
	if (r == 0)
		r = od_catalogue_seal(policy->catalogue);
	if (r == 0)
		r = load_calendars(&build, &set->holidays);
	if (r == 0)
		r = load_policy(&build, &set->policy);
	if (r != 0)
		return r;
	if (problems->errors > errors)
		return OD_E_POLICY;
	od_set_hash(set, policy->sha256);
	*ret = od_take(&policy);
	return 0;
}

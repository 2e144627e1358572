/* policies/catalogue/ID.ini: what is known of one messenger, or a list of countries. */
#include "model/catalogue.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/error.h"
#include "base/nearest.h"
#include "ini/sections.h"
#include "model/blast_radius.h"

static int open_messenger(
	struct od_build *build, const struct od_merged_section *section OD_UNUSED, void **ret)
{
	*ret = build->messenger;
	return 0;
}

/* ---- [messenger] -------------------------------------------------------------------------------- */

static const struct od_word roles[] = { { "official", 0 }, { "third-party-client", 0 },
	{ "wrapper", 0 }, { "protocol-client", 0 }, { "multi-messenger", 0 }, { "web-only", 0 },
	{ "retired", 0 }, { NULL, 0 } };
static const struct od_word kinds[] = { { "personal", 0 }, { "work", 0 }, { "both", 0 },
	{ NULL, 0 } };
static const struct od_word statuses[] = { { "active", 0 }, { "at-risk", 0 }, { "unmaintained", 0 },
	{ "retired", 0 }, { NULL, 0 } };

#define PLACE(member) offsetof(struct od_messenger, member)

static int set_service(const struct od_value *value, void *object)
{
	if (od_document_label_ok(value->text))
		return od_value_keep_text(value, object);
	od_value_fault(value, 0, "bad-id",
		N_("\"%s\" is no id; write one word of a-z, 0-9, \".\", \"_\" and \"-\""),
		value->text);
	return 0;
}

static int set_extends(const struct od_value *value OD_UNUSED, void *object OD_UNUSED)
{
	return 0; /* followed before the tables are (catalogue_set.c) */
}

static const struct od_table_key messenger_keys[] = {
	{ .name = "extends", .kind = OD_KIND_PLAIN, .set = set_extends },
	{ .name = "name", .kind = OD_KIND_TEXT, .offset = PLACE(name) },
	{ .name = "vendor", .kind = OD_KIND_TEXT, .offset = PLACE(vendor) },
	{ .name = "service", .kind = OD_KIND_PLAIN, .offset = PLACE(service), .set = set_service },
	{ .name = "role",
		.kind = OD_KIND_PLAIN,
		.offset = PLACE(role),
		.words = roles,
		.set = od_table_set_choice },
	{ .name = "kind",
		.kind = OD_KIND_PLAIN,
		.offset = PLACE(kind),
		.words = kinds,
		.set = od_table_set_choice },
	{ .name = "status",
		.kind = OD_KIND_PLAIN,
		.offset = PLACE(status),
		.words = statuses,
		.set = od_table_set_choice },
	{ .name = "as-of",
		.kind = OD_KIND_PLAIN,
		.offset = PLACE(as_of),
		.set = od_table_set_date },
};

static const struct od_table_section section_messenger = {
	.name = "messenger",
	.keys = messenger_keys,
	.n = OD_ELEMENTS(messenger_keys),
	.open = open_messenger,
};

/* ---- [identity] --------------------------------------------------------------------------------- */

static int set_recalled(const struct od_value *value, void *object);

static int set_source(const struct od_value *value OD_UNUSED, void *object OD_UNUSED)
{
	return 0; /* for the reader of the file; no program shows it */
}

/* A list that says which programs are this messenger; the row's .least is what it is matched to. */
static int set_identity(const struct od_value *value, void *object)
{
	od_strings *list = (od_strings *) ((char *) object + value->key->offset);
	const char *taken = od_blast_radius((enum od_blast_kind) value->key->least, value->text);

	if (!taken)
		return od_strings_add(list, value->text, (size_t) -1);
	if (strcmp(taken, "*") == 0)
		od_value_fault(value, 0, "blast-radius",
			N_("\"%s\" would take everything for this messenger"), value->text);
	else
		od_value_fault(value, 0, "blast-radius",
			N_("\"%s\" would take %s for this messenger; the machine and its people "
			   "need that"),
			value->text, taken);
	return 0;
}

/* clang-format off */
#define IDENTITY(key, member, blast) \
	{ .name = key, .kind = OD_KIND_LIST, .offset = PLACE(member), .least = blast, .set = set_identity }

static const struct od_table_key identity_keys[] = {
	IDENTITY("executables", executables, OD_BLAST_EXECUTABLE),
	IDENTITY("paths", paths, OD_BLAST_PATH),
	{ .name = "second-signal", .kind = OD_KIND_BOOL, .offset = PLACE(second_signal) },
	IDENTITY("flatpak", flatpaks, OD_BLAST_FLATPAK),
	IDENTITY("snap", snaps, OD_BLAST_SNAP),
	IDENTITY("appimage", appimages, OD_BLAST_APPIMAGE),
	IDENTITY("asar", asars, OD_BLAST_ASAR),
	IDENTITY("argv", argv, OD_BLAST_ARGUMENT),
	IDENTITY("desktop", desktops, OD_BLAST_NOTICE),
	IDENTITY("app-names", app_names, OD_BLAST_NOTICE),
	IDENTITY("entries", entries, OD_BLAST_NOTICE),
	IDENTITY("origins", origins, OD_BLAST_ORIGIN),
	{ .name = "recalled", .kind = OD_KIND_LIST, .set = set_recalled },
	{ .name = "sources", .kind = OD_KIND_LIST, .set = set_source },
};
/* clang-format on */

/* Which of the lists above nobody has looked up: the reader's business, but no typing mistakes. */
static int set_recalled(const struct od_value *value, void *object OD_UNUSED)
{
	struct od_nearest nearest = { .wanted = value->text };

	for (size_t i = 0; i < OD_ELEMENTS(identity_keys); i++)
		if (strcmp(identity_keys[i].name, value->text) == 0)
			return 0;
	for (size_t i = 0; i < OD_ELEMENTS(identity_keys); i++)
		od_nearest_offer(&nearest, identity_keys[i].name);
	od_value_fault(value, 0, "unknown-key", N_("[identity] has no key \"%s\""), value->text);
	od_problem_suggest(value->build->problems, nearest.best);
	return 0;
}

static const struct od_table_section section_identity = {
	.name = "identity",
	.keys = identity_keys,
	.n = OD_ELEMENTS(identity_keys),
	.open = open_messenger,
};

/* ---- [criteria] --------------------------------------------------------------------------------- */

static int replace_text(char **text, const char *with)
{
	char *copy = *with ? strdup(with) : NULL;

	if (*with && !copy)
		return -ENOMEM;
	free(*text);
	*text = copy;
	return 0;
}

static int set_level(
	const struct od_value *value, enum od_criterion criterion, struct od_fact *fact)
{
	struct od_nearest nearest = { .wanted = value->text };

	fact->origin = value->origin;
	if (criterion == OD_CRITERION_HOSTING)
		value->build->messenger->hosting_stated = true;
	if (od_level_from_string(criterion, value->text, &fact->level))
		return 0;
	od_value_fault(value, 0, "bad-level", N_("\"%s\" is no level of \"%s\""), value->text,
		od_criterion_to_string(criterion));
	for (int level = 0; strcmp(od_level_to_string(criterion, level), "unknown") != 0; level++)
		od_nearest_offer(&nearest, od_level_to_string(criterion, level));
	od_problem_suggest(value->build->problems, nearest.best);
	return 0;
}

static int set_confidence(const struct od_value *value, struct od_fact *fact)
{
	if (!od_confidence_from_string(value->text, &fact->confidence))
		od_value_fault(value, 0, "bad-word",
			N_("\"%s\" is not one of: verified, recalled, unknown"), value->text);
	return 0;
}

static int report_criterion(const struct od_value *value, const char *name, bool known)
{
	static const char *const endings[] = { "confidence", "text", "source", "as-of" };
	const char *ending = value->name + strcspn(value->name, ".");
	struct od_nearest nearest = { .wanted = name };

	od_problem_add(value->build->problems, OD_SEVERITY_ERROR, "unknown-key", value->origin.file,
		value->origin.line, value->key_column, N_("[criteria] has no key \"%s\""),
		value->name);
	for (int c = 0; !known && c < OD_CRITERION_MAX_; c++)
		od_nearest_offer(&nearest, od_criterion_to_string((enum od_criterion) c));
	if (known && *ending)
		nearest.best = od_nearest_of(ending + 1, endings, OD_ELEMENTS(endings));
	od_problem_suggest(value->build->problems, nearest.best);
	return 0;
}

/* "e2ee", "e2ee.confidence", "e2ee.text", "e2ee.source", "e2ee.as-of" */
static int set_fact(const struct od_value *value, void *object)
{
	struct od_messenger *messenger = object;
	size_t n = strcspn(value->name, ".");
	enum od_criterion criterion;
	struct od_fact *fact;
	char name[32];

	if (n >= sizeof(name))
		return report_criterion(value, value->name, false);
	memcpy(name, value->name, n);
	name[n] = '\0';
	if (!od_criterion_from_string(name, &criterion))
		return report_criterion(value, name, false);
	fact = &messenger->facts[criterion];
	if (value->name[n] == '\0')
		return set_level(value, criterion, fact);
	if (strcmp(value->name + n, ".confidence") == 0)
		return set_confidence(value, fact);
	if (strcmp(value->name + n, ".text") == 0)
		return replace_text(&fact->text, value->text);
	if (strcmp(value->name + n, ".source") == 0)
		return replace_text(&fact->source, value->text);
	if (strcmp(value->name + n, ".as-of") == 0) {
		struct od_table_key row = { .offset = offsetof(struct od_fact, as_of) };
		struct od_value date = *value;

		date.key = &row;
		return od_table_set_date(&date, fact);
	}
	return report_criterion(value, name, true);
}

static void report_place(const struct od_value *value)
{
	od_value_fault(value, 0, "bad-country",
		N_("\"%s\" is no country; write two capital letters as ISO 3166 has them (FR), "
		   "EU or EEA"),
		value->text);
	od_problem_suggest(
		value->build->problems, od_adequacy_place_meant(value->text, value->key->least));
}

static int set_country(const struct od_value *value, void *object)
{
	bool places = value->key->least; /* also "elsewhere" */

	if (od_adequacy_place_known(value->text, places))
		return od_strings_add((od_strings *) ((char *) object + value->key->offset),
			value->text, (size_t) -1);
	report_place(value);
	return 0;
}

static int set_hosting_country(const struct od_value *value, void *object)
{
	struct od_messenger *messenger = object;

	messenger->facts[OD_CRITERION_HOSTING].origin = value->origin;
	return set_country(value, object);
}

static const struct od_table_key criteria_keys[] = {
	{ .name = "hosting.countries",
		.kind = OD_KIND_LIST,
		.offset = PLACE(hosting_countries),
		.least = true,
		.set = set_hosting_country },
	{ .name = "hosting.jurisdiction",
		.kind = OD_KIND_LIST,
		.offset = PLACE(hosting_jurisdictions),
		.set = set_country },
	{ .name = "*", .kind = OD_KIND_TEXT, .set = set_fact },
};

static const struct od_table_section section_criteria = {
	.name = "criteria",
	.keys = criteria_keys,
	.n = OD_ELEMENTS(criteria_keys),
	.open = open_messenger,
};

/* ---- [adequacy] --------------------------------------------------------------------------------- */

static int open_adequacy(
	struct od_build *build, const struct od_merged_section *section OD_UNUSED, void **ret)
{
	*ret = build->adequacy;
	return 0;
}

static const struct od_table_key adequacy_keys[] = {
	{ .name = "authority",
		.kind = OD_KIND_TEXT,
		.offset = offsetof(struct od_adequacy, authority) },
	{ .name = "source", .kind = OD_KIND_TEXT, .offset = offsetof(struct od_adequacy, source) },
	{ .name = "as-of",
		.kind = OD_KIND_PLAIN,
		.offset = offsetof(struct od_adequacy, as_of),
		.set = od_table_set_date },
	{ .name = "countries",
		.kind = OD_KIND_LIST,
		.offset = offsetof(struct od_adequacy, countries),
		.set = set_country },
};

static const struct od_table_section section_adequacy = {
	.name = "adequacy",
	.keys = adequacy_keys,
	.n = OD_ELEMENTS(adequacy_keys),
	.open = open_adequacy,
};

static const struct od_table_section *const sections[] = { &section_messenger, &section_identity,
	&section_criteria, &section_adequacy };
const struct od_table od_table_catalogue = { sections, OD_ELEMENTS(sections) };

/* ---- the file ----------------------------------------------------------------------------------- */

static bool has_keys(const struct od_build *build, const char *section, const char *const *keys,
	const char *const *values, size_t n)
{
	bool all = true;

	for (size_t i = 0; i < n; i++) {
		if (values[i])
			continue;
		od_problem_add(build->problems, OD_SEVERITY_ERROR, "missing-key", build->file, 0, 0,
			N_("[%s] needs the key \"%s\""), section, keys[i]);
		all = false;
	}
	return all;
}

static int keep_messenger(struct od_build *build, struct od_messenger *messenger)
{
	static const char *const keys[] = { "name", "service" };
	const char *const values[] = { messenger->name, messenger->service };

	if (!has_keys(build, "messenger", keys, values, OD_ELEMENTS(keys)))
		return 0;
	return od_catalogue_add(build->policy->catalogue, messenger);
}

static int keep_adequacy(struct od_build *build, struct od_adequacy *adequacy)
{
	static const char *const keys[] = { "authority", "source", "as-of" };
	const char *const values[] = { adequacy->authority, adequacy->source, adequacy->as_of };

	if (!has_keys(build, "adequacy", keys, values, OD_ELEMENTS(keys)))
		return 0;
	return od_catalogue_add_adequacy(build->policy->catalogue, adequacy);
}

/* Whether the file is a list of countries; a file is one thing. */
static bool is_adequacy(const struct od_build *build, const struct od_merged *merged)
{
	const struct od_merged_section *adequacy = NULL;

	od_array_foreach (section, &merged->sections)
		if (section->table == &section_adequacy)
			adequacy = section;
	if (adequacy && merged->sections.n > 1)
		od_problem_add(build->problems, OD_SEVERITY_ERROR, "not-together",
			adequacy->origin.file, adequacy->origin.line, 0,
			N_("[adequacy] stands alone in a file"));
	return adequacy;
}

int od_catalogue_load(struct od_build *build, const struct od_merged *merged)
{
	od_cleanup(od_messenger_done) struct od_messenger messenger;
	od_cleanup(od_adequacy_done) struct od_adequacy adequacy = { 0 };
	unsigned errors = build->problems->errors;
	int r;

	od_messenger_init(&messenger);
	messenger.origin.file = adequacy.origin.file = build->file;
	messenger.id = strdup(build->file_id);
	adequacy.id = strdup(build->file_id);
	if (!messenger.id || !adequacy.id)
		return -ENOMEM;
	build->messenger = &messenger;
	build->adequacy = &adequacy;
	r = od_table_apply(build, merged);
	build->messenger = NULL;
	build->adequacy = NULL;
	if (r != 0)
		return r;
	if (is_adequacy(build, merged))
		return build->partial || build->problems->errors > errors
			       ? 0
			       : keep_adequacy(build, &adequacy);
	return build->partial || build->problems->errors > errors
		       ? 0
		       : keep_messenger(build, &messenger);
}

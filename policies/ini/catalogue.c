/* policies/catalogue/ID.ini: what is known of one messenger. */
#include "model/catalogue.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/error.h"
#include "base/nearest.h"
#include "ini/sections.h"

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

static const struct od_table_key messenger_keys[] = {
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

static const struct od_table_key identity_keys[] = {
	{ .name = "executables", .kind = OD_KIND_LIST, .offset = PLACE(executables) },
	{ .name = "paths", .kind = OD_KIND_LIST, .offset = PLACE(paths) },
	{ .name = "second-signal", .kind = OD_KIND_BOOL, .offset = PLACE(second_signal) },
	{ .name = "flatpak", .kind = OD_KIND_LIST, .offset = PLACE(flatpaks) },
	{ .name = "snap", .kind = OD_KIND_LIST, .offset = PLACE(snaps) },
	{ .name = "appimage", .kind = OD_KIND_LIST, .offset = PLACE(appimages) },
	{ .name = "asar", .kind = OD_KIND_LIST, .offset = PLACE(asars) },
	{ .name = "argv", .kind = OD_KIND_LIST, .offset = PLACE(argv) },
	{ .name = "desktop", .kind = OD_KIND_LIST, .offset = PLACE(desktops) },
	{ .name = "app-names", .kind = OD_KIND_LIST, .offset = PLACE(app_names) },
	{ .name = "entries", .kind = OD_KIND_LIST, .offset = PLACE(entries) },
	{ .name = "origins", .kind = OD_KIND_LIST, .offset = PLACE(origins) },
	{ .name = "recalled", .kind = OD_KIND_LIST, .set = set_recalled },
	{ .name = "sources", .kind = OD_KIND_LIST, .set = set_source },
};

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

	snprintf(name, sizeof(name), "%.*s", (int) n, value->name);
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

static const struct od_table_key criteria_keys[] = {
	{ .name = "*", .kind = OD_KIND_TEXT, .set = set_fact },
};

static const struct od_table_section section_criteria = {
	.name = "criteria",
	.keys = criteria_keys,
	.n = OD_ELEMENTS(criteria_keys),
	.open = open_messenger,
};

static const struct od_table_section *const sections[] = { &section_messenger, &section_identity,
	&section_criteria };
const struct od_table od_table_catalogue = { sections, OD_ELEMENTS(sections) };

/* ---- the file ----------------------------------------------------------------------------------- */

static bool whole(
	const struct od_build *build, const struct od_messenger *messenger, const char *file)
{
	const struct {
		const char *key, *value;
	} needed[] = { { "name", messenger->name }, { "service", messenger->service } };
	bool all = true;

	for (size_t i = 0; i < OD_ELEMENTS(needed); i++) {
		if (needed[i].value)
			continue;
		od_problem_add(build->problems, OD_SEVERITY_ERROR, "missing-key", file, 0, 0,
			N_("[messenger] needs the key \"%s\""), needed[i].key);
		all = false;
	}
	return all;
}

int od_catalogue_load(struct od_build *build, const struct od_merged *merged)
{
	od_cleanup(od_messenger_done) struct od_messenger messenger;
	unsigned errors = build->problems->errors;
	int r;

	od_messenger_init(&messenger);
	messenger.origin.file = build->file;
	messenger.id = strdup(build->file_id);
	if (!messenger.id)
		return -ENOMEM;
	build->messenger = &messenger;
	r = od_table_apply(build, merged);
	build->messenger = NULL;
	if (r != 0 || build->problems->errors > errors || !whole(build, &messenger, build->file))
		return r;
	return od_catalogue_add(build->policy->catalogue, &messenger);
}

/* [messengers] and [messenger X]: which may start. */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/error.h"
#include "base/nearest.h"
#include "ini/names.h"
#include "ini/sections.h"

static struct od_origin origin_of(const struct od_merged_section *section, const char *name)
{
	const struct od_merged_key *key = od_merged_find(section, name);

	return key && key->lines.n ? key->lines.items[key->lines.n - 1].origin : section->origin;
}

/* ---- [messengers] ------------------------------------------------------------------------------- */

static int open_messengers(
	struct od_build *build, const struct od_merged_section *section OD_UNUSED, void **ret)
{
	*ret = build->policy;
	return 0;
}

static void report_requirement(const struct od_value *value)
{
	struct od_nearest nearest = { .wanted = value->text };
	char known[OD_CRITERION_MAX_ * 4][48];
	size_t n = 0;

	for (int c = 0; c < OD_CRITERION_MAX_; c++)
		for (int level = 0; level < 4; level++) {
			const char *text = od_level_to_string((enum od_criterion) c, level);

			if (strcmp(text, "unknown") == 0)
				break;
			snprintf(known[n], sizeof(known[n]), "%s:%s",
				od_criterion_to_string((enum od_criterion) c), text);
			od_nearest_offer(&nearest, known[n++]);
		}
	od_value_fault(value, 0, "bad-requirement",
		N_("\"%s\" is no requirement; write criterion:level, as in e2ee:default or "
		   "client:open"),
		value->text);
	od_problem_suggest(value->build->problems, nearest.best);
}

static int set_requirement(const struct od_value *value, void *object)
{
	struct od_policy *policy = object;
	struct od_requirement requirement = { .origin = value->origin }, *added;

	if (od_requirement_parse(value->text, &requirement) != 0) {
		report_requirement(value);
		return 0;
	}
	added = od_array_add(&policy->require);
	if (!added)
		return -ENOMEM;
	*added = requirement;
	added->origin = value->origin;
	return 0;
}

static int close_messengers(
	struct od_build *build, const struct od_merged_section *section, void *object OD_UNUSED)
{
	build->policy->unlisted_origin = origin_of(section, "unlisted");
	return 0;
}

static const struct od_word verdict_words[] = { { "allow", OD_VERDICT_ALLOW },
	{ "warn", OD_VERDICT_WARN }, { "block", OD_VERDICT_BLOCK }, { NULL, 0 } };
static const struct od_word unknown_words[] = { { "fail", OD_UNKNOWN_FAIL },
	{ "pass", OD_UNKNOWN_PASS }, { NULL, 0 } };

static const struct od_table_key messengers_keys[] = {
	{ .name = "approved",
		.kind = OD_KIND_NAMES,
		.offset = offsetof(struct od_policy, approved),
		.names = OD_NAMES_MESSENGER },
	{ .name = "blocked",
		.kind = OD_KIND_NAMES,
		.offset = offsetof(struct od_policy, blocked),
		.names = OD_NAMES_SERVICE },
	{ .name = "suggest",
		.kind = OD_KIND_NAMES,
		.offset = offsetof(struct od_policy, suggest),
		.names = OD_NAMES_MESSENGER },
	{ .name = "require", .kind = OD_KIND_LIST, .set = set_requirement },
	{ .name = "unlisted",
		.kind = OD_KIND_WORD,
		.offset = offsetof(struct od_policy, unlisted),
		.words = verdict_words },
	{ .name = "unknown",
		.kind = OD_KIND_WORD,
		.offset = offsetof(struct od_policy, unknown),
		.words = unknown_words },
};

const struct od_table_section od_section_messengers = {
	.name = "messengers",
	.keys = messengers_keys,
	.n = OD_ELEMENTS(messengers_keys),
	.open = open_messengers,
	.close = close_messengers,
};

/* ---- [messenger X] ------------------------------------------------------------------------------ */

static bool label_known(const struct od_build *build, const struct od_merged_section *section)
{
	const struct od_catalogue *catalogue = build->policy->catalogue;
	const char *id = section->label;

	if (!build->paths || od_catalogue_find(catalogue, id))
		return true;
	od_problem_add(build->problems, OD_SEVERITY_ERROR,
		od_catalogue_has_service(catalogue, id) ? "service-not-messenger"
							: "unknown-messenger",
		section->origin.file, section->origin.line, 0,
		od_catalogue_has_service(catalogue, id)
			? N_("\"%s\" is a service; [messenger X] names one messenger, and "
			     "\"blocked\" a whole service")
			: N_("no messenger is called \"%s\""),
		id);
	if (!od_catalogue_has_service(catalogue, id))
		od_problem_suggest(build->problems, od_catalogue_nearest(catalogue, id));
	return false;
}

static int open_messenger(
	struct od_build *build, const struct od_merged_section *section, void **ret)
{
	struct od_messenger_rule *rule;

	if (!label_known(build, section))
		return 0;
	rule = od_array_add(&build->policy->messengers);
	if (!rule)
		return -ENOMEM;
	rule->origin = origin_of(section, "verdict");
	rule->id = strdup(section->label);
	*ret = rule;
	return rule->id ? 0 : -ENOMEM;
}

static const struct od_word when_words[] = { { "always", OD_WHEN_ALWAYS },
	{ "on-duty", OD_WHEN_ON_DUTY }, { "off-duty", OD_WHEN_OFF_DUTY }, { NULL, 0 } };

static const struct od_table_key messenger_keys[] = {
	{ .name = "verdict",
		.kind = OD_KIND_WORD,
		.offset = offsetof(struct od_messenger_rule, verdict),
		.given = offsetof(struct od_messenger_rule, has_verdict),
		.words = verdict_words },
	OD_ROW_WHO(struct od_messenger_rule),
	{ .name = "when",
		.kind = OD_KIND_WORD,
		.offset = offsetof(struct od_messenger_rule, when),
		.words = when_words },
	OD_ROW_MODE(struct od_messenger_rule),
	OD_ROW_MESSAGES(struct od_messenger_rule),
};

const struct od_table_section od_section_messenger = {
	.name = "messenger",
	.labelled = true,
	.keys = messenger_keys,
	.n = OD_ELEMENTS(messenger_keys),
	.open = open_messenger,
};

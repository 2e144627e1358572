/* [sharing X]: which files must not leave, or come in, through which messenger. */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/error.h"
#include "base/nearest.h"
#include "base/scan.h"
#include "ini/names.h"
#include "ini/sections.h"

#define SECONDS   OD_USEC_PER_SEC
#define DAYS      (86400 * SECONDS)
#define COUNT_MAX 1000000

/* What offduty-inspect can count in a file. A detector it does not have would never match. */
const char *const od_section_detectors[] = { "iban", "card", "nir", "emails", "pem", "cloud-key",
	NULL };

static int open_sharing(struct od_build *build, const struct od_merged_section *section, void **ret)
{
	const struct od_merged_key *action = od_merged_find(section, "action");
	struct od_sharing *rule = od_array_add(&build->policy->sharings);

	if (!rule)
		return -ENOMEM;
	od_sharing_init(rule);
	rule->origin = action && action->lines.n ? action->lines.items[action->lines.n - 1].origin
						 : section->origin;
	rule->label = strdup(section->label);
	*ret = rule;
	return rule->label ? 0 : -ENOMEM;
}

static int keep(const struct od_value *value, void *object)
{
	return od_strings_add((od_strings *) (void *) ((char *) object + value->key->offset),
		value->text, (size_t) -1);
}

static bool xdg_ok(const char *path)
{
	static const char *const names[] = { "desktop", "documents", "download", "music",
		"pictures", "publicshare", "templates", "videos" };
	size_t n = strcspn(path, "/");

	for (size_t i = 0; i < OD_ELEMENTS(names); i++)
		if (strlen(names[i]) == n && memcmp(names[i], path, n) == 0)
			return path[n] == '/' || path[n] == '\0';
	return false;
}

static int set_path(const struct od_value *value, void *object)
{
	const char *path = value->text;

	if (strncmp(path, "xdg:", 4) == 0 && !xdg_ok(path + 4)) {
		od_value_fault(value, 4, "unknown-xdg",
			N_("there is no such folder; the names are desktop, documents, download, "
			   "music, pictures, publicshare, templates, videos"));
		return 0;
	}
	if (*path != '/' && strncmp(path, "~/", 2) != 0 && strncmp(path, "xdg:", 4) != 0) {
		od_value_fault(value, 0, "bad-path",
			N_("\"%s\" would match nothing; a path begins with \"/\", \"~/\" or "
			   "\"xdg:documents/\""),
			path);
		return 0;
	}
	return keep(value, object);
}

static int set_mime(const struct od_value *value, void *object)
{
	const char *slash = strchr(value->text, '/');

	if (slash && slash > value->text && slash[1] && !strpbrk(value->text, " \t"))
		return keep(value, object);
	od_value_fault(value, 0, "bad-mime",
		N_("\"%s\" is no type; write application/pdf or image/*"), value->text);
	return 0;
}

static int set_extension(const struct od_value *value, void *object)
{
	if (!strpbrk(value->text, "/* \t"))
		return keep(value, object);
	od_value_fault(value, 0, "bad-extension",
		N_("\"%s\" is no extension; write docx, or tar.gz"), value->text);
	return 0;
}

static bool detector_known(const char *name)
{
	for (const char *const *known = od_section_detectors; *known; known++)
		if (strcmp(*known, name) == 0)
			return true;
	return false;
}

static int set_detect(const struct od_value *value, void *object)
{
	struct od_sharing *rule = object;
	const char *at = value->text + strcspn(value->text, "> \t");
	od_cleanup(od_freep) char *name = strndup(value->text, (size_t) (at - value->text));
	uint64_t at_least = 1;
	struct od_detect *detect;

	if (!name)
		return -ENOMEM;
	if (!detector_known(name)) {
		od_value_fault(
			value, 0, "unknown-detector", N_("no detector is called \"%s\""), name);
		od_problem_suggest(
			value->build->problems, od_nearest_of(name, od_section_detectors,
							OD_ELEMENTS(od_section_detectors) - 1));
		return 0;
	}
	od_scan_blanks(&at);
	if (od_scan_word(&at, ">=")) {
		od_scan_blanks(&at);
		if (od_scan_unsigned(&at, COUNT_MAX, &at_least) != 0)
			at_least = 0;
	}
	if (at_least == 0 || !od_scan_end(at)) {
		od_value_fault(value, at - value->text, "bad-detect",
			N_("write the detector and how often at least: %s>=2"), name);
		return 0;
	}
	detect = od_array_add(&rule->detect);
	if (!detect)
		return -ENOMEM;
	detect->detector = od_take(&name);
	detect->at_least = (unsigned) at_least;
	return 0;
}

static const struct od_word directions[] = { { "send", OD_DIRECTION_SEND },
	{ "receive", OD_DIRECTION_RECEIVE }, { NULL, 0 } };
static const struct od_word actions[] = { { "audit", OD_VERDICT_ALLOW },
	{ "warn", OD_VERDICT_WARN }, { "ask", OD_VERDICT_ASK }, { "block", OD_VERDICT_BLOCK },
	{ NULL, 0 } };
static const struct od_word verdicts[] = { { "allow", OD_VERDICT_ALLOW },
	{ "warn", OD_VERDICT_WARN }, { "ask", OD_VERDICT_ASK }, { "block", OD_VERDICT_BLOCK },
	{ NULL, 0 } };
static const struct od_word timeouts[] = { { "allow", OD_VERDICT_ALLOW },
	{ "block", OD_VERDICT_BLOCK }, { NULL, 0 } };
static const struct od_word overrides[] = { { "none", OD_OVERRIDE_NONE },
	{ "acknowledge", OD_OVERRIDE_ACKNOWLEDGE }, { "code", OD_OVERRIDE_CODE }, { NULL, 0 } };

#define PLACE(member) offsetof(struct od_sharing, member)

static const struct od_table_key sharing_keys[] = {
	{ .name = "direction",
		.kind = OD_KIND_WORD,
		.offset = PLACE(direction),
		.words = directions },
	{ .name = "paths", .kind = OD_KIND_LIST, .offset = PLACE(paths), .set = set_path },
	{ .name = "owner",
		.kind = OD_KIND_LIST,
		.offset = PLACE(owners),
		.set = od_table_set_person },
	{ .name = "group",
		.kind = OD_KIND_LIST,
		.offset = PLACE(groups_of_file),
		.set = od_table_set_person },
	{ .name = "mime", .kind = OD_KIND_LIST, .offset = PLACE(mimes), .set = set_mime },
	{ .name = "label", .kind = OD_KIND_LIST, .offset = PLACE(labels) },
	{ .name = "detect", .kind = OD_KIND_LIST, .set = set_detect },
	{ .name = "extensions",
		.kind = OD_KIND_LIST,
		.offset = PLACE(extensions),
		.set = set_extension },
	{ .name = "size-over",
		.kind = OD_KIND_SIZE,
		.offset = PLACE(size_over),
		.given = PLACE(has_size_over),
		.most = INT64_MAX },
	{ .name = "messengers",
		.kind = OD_KIND_NAMES,
		.offset = PLACE(messengers),
		.names = OD_NAMES_SERVICE | OD_NAMES_SHARING },
	OD_ROW_WHO(struct od_sharing),
	{ .name = "action", .kind = OD_KIND_WORD, .offset = PLACE(action), .words = actions },
	{ .name = "hold",
		.kind = OD_KIND_DURATION,
		.offset = PLACE(hold_us),
		.least = SECONDS,
		.most = 300 * SECONDS },
	{ .name = "on-timeout",
		.kind = OD_KIND_WORD,
		.offset = PLACE(on_timeout),
		.words = timeouts },
	{ .name = "remember",
		.kind = OD_KIND_DURATION,
		.offset = PLACE(remember_us),
		.most = 30 * DAYS },
	{ .name = "encrypted",
		.kind = OD_KIND_WORD,
		.offset = PLACE(encrypted),
		.words = verdicts },
	{ .name = "unscannable",
		.kind = OD_KIND_WORD,
		.offset = PLACE(unscannable),
		.words = verdicts },
	{ .name = "override", .kind = OD_KIND_WORD, .offset = PLACE(override), .words = overrides },
	OD_ROW_MODE(struct od_sharing),
	OD_ROW_MESSAGES(struct od_sharing),
	{ .name = "details", .kind = OD_KIND_TEXT, .offset = PLACE(details) },
};

const struct od_table_section od_section_sharing = {
	.name = "sharing",
	.labelled = true,
	.keys = sharing_keys,
	.n = OD_ELEMENTS(sharing_keys),
	.open = open_sharing,
};

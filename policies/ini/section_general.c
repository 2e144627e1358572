/* [company], [enforcement], [browsers], [employee], [privacy]: they write into the policy itself. */
#include <stddef.h>
#include <string.h>

#include "ini/sections.h"

#define SECONDS OD_USEC_PER_SEC
#define DAYS    (86400 * SECONDS)

static int open_policy(
	struct od_build *build, const struct od_merged_section *section OD_UNUSED, void **ret)
{
	*ret = build->policy;
	return 0;
}

/* ---- [company] --------------------------------------------------------------------------------- */

static const struct od_table_key company_keys[] = {
	{ .name = "name", .kind = OD_KIND_TEXT, .offset = offsetof(struct od_policy, company) },
	{ .name = "contact", .kind = OD_KIND_TEXT, .offset = offsetof(struct od_policy, contact) },
	{ .name = "charter", .kind = OD_KIND_TEXT, .offset = offsetof(struct od_policy, charter) },
};

const struct od_table_section od_section_company = {
	.name = "company",
	.keys = company_keys,
	.n = OD_ELEMENTS(company_keys),
	.open = open_policy,
};

/* ---- [enforcement] ------------------------------------------------------------------------------ */

static bool is_mount_point(const char *path)
{
	size_t n = strlen(path);

	return path[0] == '/' && (n == 1 || path[n - 1] != '/') && !strstr(path, "//") &&
	       !strstr(path, "/./") && !strstr(path, "/../") &&
	       !(n >= 2 && strcmp(path + n - 2, "/.") == 0) &&
	       !(n >= 3 && strcmp(path + n - 3, "/..") == 0);
}

static int set_filesystem(const struct od_value *value, void *object)
{
	struct od_policy *policy = object;

	if (strcmp(value->text, "all") == 0)
		return 0; /* an empty list; "all" beside others is found when the section ends */
	if (!is_mount_point(value->text)) {
		od_value_fault(value, 0, "bad-path",
			N_("\"%s\" is no mount point; write \"all\", or absolute paths such as "
			   "/home"),
			value->text);
		return 0;
	}
	return od_strings_add(&policy->filesystems, value->text, (size_t) -1);
}

static int close_enforcement(
	struct od_build *build, const struct od_merged_section *section, void *object)
{
	const struct od_merged_key *key = od_merged_find(section, "filesystems");
	struct od_policy *policy = object;

	if (!key || policy->filesystems.n == 0)
		return 0;
	od_array_foreach (line, &key->lines)
		for (const char *at = line->text; (at = strstr(at, "all")) != NULL; at++) {
			bool begins = at == line->text || at[-1] == ',' || at[-1] == ' ';

			if (begins && (at[3] == '\0' || at[3] == ',' || at[3] == ' '))
				od_problem_add(build->problems, OD_SEVERITY_ERROR, "all-and-some",
					line->origin.file, line->origin.line,
					line->column + (unsigned) (at - line->text),
					N_("\"all\" stands alone, or is left out for some"));
		}
	return 0;
}

static const struct od_table_key enforcement_keys[] = {
	{ .name = "mode",
		.kind = OD_KIND_WORD,
		.offset = offsetof(struct od_policy, mode),
		.words = od_table_modes },
	{ .name = "grace",
		.kind = OD_KIND_DURATION,
		.offset = offsetof(struct od_policy, grace_us),
		.least = 0,
		.most = DAYS },
	{ .name = "filesystems", .kind = OD_KIND_LIST, .usual = "all", .set = set_filesystem },
	{ .name = "system-users",
		.kind = OD_KIND_BOOL,
		.offset = offsetof(struct od_policy, system_users) },
};

const struct od_table_section od_section_enforcement = {
	.name = "enforcement",
	.keys = enforcement_keys,
	.n = OD_ELEMENTS(enforcement_keys),
	.open = open_policy,
	.close = close_enforcement,
};

/* ---- [browsers] --------------------------------------------------------------------------------- */

static const struct od_word browsers_words[] = { { "write", OD_BROWSERS_WRITE },
	{ "print", OD_BROWSERS_PRINT }, { "off", OD_BROWSERS_OFF }, { NULL, 0 } };

static const struct od_table_key browsers_keys[] = {
	{ .name = "manage",
		.kind = OD_KIND_WORD,
		.offset = offsetof(struct od_policy, browsers),
		.words = browsers_words },
	{ .name = "close-site-permission",
		.kind = OD_KIND_BOOL,
		.offset = offsetof(struct od_policy, close_site_permission) },
};

const struct od_table_section od_section_browsers = {
	.name = "browsers",
	.keys = browsers_keys,
	.n = OD_ELEMENTS(browsers_keys),
	.open = open_policy,
};

/* ---- [employee] --------------------------------------------------------------------------------- */

static const struct od_word may_words[] = { { "lift", OD_MAY_LIFT }, { "rest", OD_MAY_REST },
	{ "choose-delivery", OD_MAY_CHOOSE_DELIVERY }, { NULL, 0 } };

static int set_may(const struct od_value *value, void *object)
{
	struct od_policy *policy = object;
	int bit = 0;

	if (od_value_word(value, &bit))
		policy->may |= (unsigned) bit;
	return 0;
}

static int open_employee(
	struct od_build *build, const struct od_merged_section *section, void **ret)
{
	if (od_merged_find(section, "may"))
		build->policy->may = OD_MAY_REST; /* more quiet is nobody's to take away */
	return open_policy(build, section, ret);
}

static const struct od_table_key employee_keys[] = {
	{ .name = "may",
		.kind = OD_KIND_LIST,
		.words = may_words,
		.usual = "lift, rest, choose-delivery",
		.set = set_may },
};

const struct od_table_section od_section_employee = {
	.name = "employee",
	.keys = employee_keys,
	.n = OD_ELEMENTS(employee_keys),
	.open = open_employee,
};

/* ---- [privacy] ---------------------------------------------------------------------------------- */

static const struct od_table_key privacy_keys[] = {
	{ .name = "retention",
		.kind = OD_KIND_DURATION,
		.offset = offsetof(struct od_policy, retention_us),
		.least = DAYS,
		.most = 365 * DAYS },
};

const struct od_table_section od_section_privacy = {
	.name = "privacy",
	.keys = privacy_keys,
	.n = OD_ELEMENTS(privacy_keys),
	.open = open_policy,
};

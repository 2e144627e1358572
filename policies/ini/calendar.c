/* policies/holidays/ID.ini: the public holidays of one place. */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "ini/sections.h"

static int open_calendar(
	struct od_build *build, const struct od_merged_section *section OD_UNUSED, void **ret)
{
	*ret = build->calendar;
	return 0;
}

static int set_nothing(const struct od_value *value OD_UNUSED, void *object OD_UNUSED)
{
	return 0; /* for the reader of the file, or used before the rows (name) */
}

static int check_date(const struct od_value *value, void *object OD_UNUSED)
{
	struct od_table_key row = { .offset = 0 };
	struct od_value date = *value;
	char *text = NULL;
	int r;

	date.key = &row;
	r = od_table_set_date(&date, &text);
	free(text);
	return r;
}

static const struct od_table_key calendar_keys[] = {
	{ .name = "name", .kind = OD_KIND_TEXT, .set = set_nothing },
	{ .name = "law", .kind = OD_KIND_TEXT, .set = set_nothing },
	{ .name = "as-of", .kind = OD_KIND_PLAIN, .set = check_date },
};

static const struct od_table_section section_calendar = {
	.name = "calendar",
	.keys = calendar_keys,
	.n = OD_ELEMENTS(calendar_keys),
	.open = open_calendar,
};

static int set_holiday(const struct od_value *value, void *object)
{
	const char *expected = NULL;
	int r = od_calendar_add(object, value->name, value->text, value->origin, &expected);

	if (r <= 0)
		return r;
	od_value_fault(value, 0, "bad-holiday", N_("\"%s = %s\" is not understood; expected: %s"),
		value->name, value->text,
		expected ? od_problem_word(value->build->problems, expected)
			 : "12-25 = \"Christmas; sunday->monday\"");
	return 0;
}

static const struct od_table_key holidays_keys[] = {
	{ .name = "*", .kind = OD_KIND_TEXT, .set = set_holiday },
};

static const struct od_table_section section_holidays = {
	.name = "holidays",
	.keys = holidays_keys,
	.n = OD_ELEMENTS(holidays_keys),
	.open = open_calendar,
};

static const struct od_table_section *const sections[] = { &section_calendar, &section_holidays };
const struct od_table od_table_holidays = { sections, OD_ELEMENTS(sections) };

/* What [calendar] calls it; NULL: nothing. */
static const char *name_of(const struct od_merged *merged)
{
	od_array_foreach (section, &merged->sections) {
		const struct od_merged_key *key = od_merged_find(section, "name");

		if (section->table == &section_calendar && key && key->lines.n &&
			*key->lines.items[0].text)
			return key->lines.items[0].text;
	}
	return NULL;
}

int od_calendar_load(struct od_build *build, const struct od_merged *merged)
{
	od_cleanup(od_calendar_freep) struct od_calendar *calendar = NULL;
	unsigned errors = build->problems->errors;
	const char *name = name_of(merged);
	struct od_calendar **slot;
	int r;

	if (!name)
		od_problem_add(build->problems, OD_SEVERITY_ERROR, "missing-key", build->file, 0, 0,
			N_("[calendar] needs the key \"name\""));
	calendar = od_calendar_new(build->file_id, name ? name : build->file_id);
	if (!calendar)
		return -ENOMEM;
	build->calendar = calendar;
	r = od_table_apply(build, merged);
	build->calendar = NULL;
	if (r != 0 || build->problems->errors > errors)
		return r;
	slot = od_array_add(&build->policy->calendars);
	if (!slot)
		return -ENOMEM;
	*slot = od_take(&calendar);
	return 0;
}

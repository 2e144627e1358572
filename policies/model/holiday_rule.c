#include "model/holiday_rule.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/scan.h"

#define EASTER_REACH 200 /* days; further and it would leave the year */

#define EXPECTED_KEY                                                                               \
	N_("a day such as 01-01, easter+60, orthodox-easter+1, monday 1 september, monday -1 "     \
	   "may, "                                                                                 \
	   "monday before 05-25, extra 2015-01-07 or except 2024-12-08")
#define EXPECTED_OPTION                                                                            \
	N_("after the name one of sunday->monday, weekend->monday, saturday->friday, "             \
	   "next-working-day, since YEAR, until YEAR, id=NAME")

/* -- the day ------------------------------------------------------------------------------- */

static int scan_full_date(const char **p, int32_t *ret)
{
	int year, month, day, r;

	od_scan_blanks(p);
	r = od_scan_date(p, &year, &month, &day);
	if (r == 0)
		*ret = od_day_from_civil(year, month, day);
	return r;
}

static int scan_offset(const char **p, int *ret)
{
	bool minus = **p == '-';
	uint64_t number = 0;
	int r = 0;

	*ret = 0;
	if (**p == '+' || **p == '-') {
		++*p;
		r = od_scan_unsigned(p, EASTER_REACH, &number);
		*ret = minus ? -(int) number : (int) number;
	}
	return r;
}

static int scan_weekday_rule(const char **p, struct od_holiday_rule *rule)
{
	int r;

	od_scan_blanks(p);
	if (od_scan_word(p, "before "))
		rule->kind = OD_HOLIDAY_BEFORE;
	else if (od_scan_word(p, "after "))
		rule->kind = OD_HOLIDAY_AFTER;
	else
		rule->kind = OD_HOLIDAY_NTH;
	od_scan_blanks(p);
	if (rule->kind != OD_HOLIDAY_NTH)
		return od_scan_month_day(p, &rule->month, &rule->day_of_month);
	r = od_day_rule_scan_nth(p, &rule->nth);
	od_scan_blanks(p);
	if (r == 0 && !od_day_rule_scan_month(p, &rule->month))
		r = OD_E_SYNTAX;
	return r;
}

static int scan_day(const char *p, struct od_holiday_rule *rule)
{
	int r;

	if (od_scan_word(&p, "easter")) {
		rule->kind = OD_HOLIDAY_EASTER;
		r = scan_offset(&p, &rule->offset);
	} else if (od_scan_word(&p, "orthodox-easter")) {
		rule->kind = OD_HOLIDAY_ORTHODOX_EASTER;
		r = scan_offset(&p, &rule->offset);
	} else if (od_scan_word(&p, "extra ")) {
		rule->kind = OD_HOLIDAY_EXTRA;
		r = scan_full_date(&p, &rule->day);
	} else if (od_scan_word(&p, "except ")) {
		rule->kind = OD_HOLIDAY_EXCEPT;
		r = scan_full_date(&p, &rule->day);
	} else if (od_day_rule_scan_weekday(&p, &rule->weekday)) {
		r = scan_weekday_rule(&p, rule);
	} else {
		rule->kind = OD_HOLIDAY_FIXED;
		r = od_scan_month_day(&p, &rule->month, &rule->day_of_month);
	}
	return r == 0 && !od_scan_end(p) ? OD_E_SYNTAX : r;
}

/* -- name and options ---------------------------------------------------------------------- */

static int scan_year(const char *p, int *ret)
{
	unsigned year;

	od_scan_blanks(&p);
	if (od_scan_digits(&p, 4, &year) != 0 || !od_scan_end(p))
		return OD_E_SYNTAX;
	*ret = (int) year;
	return year < 1583 ? OD_E_RANGE : 0;
}

static int read_option(const char *text, struct od_holiday_rule *rule)
{
	static const struct {
		const char *name;
		unsigned bit;
	} substitutes[] = {
		{ "sunday->monday", OD_HOLIDAY_SUNDAY_TO_MONDAY },
		{ "weekend->monday", OD_HOLIDAY_WEEKEND_TO_MONDAY },
		{ "saturday->friday", OD_HOLIDAY_SATURDAY_TO_FRIDAY },
		{ "next-working-day", OD_HOLIDAY_NEXT_WORKING_DAY },
	};
	const char *p = text;

	for (size_t i = 0; i < OD_ELEMENTS(substitutes); i++)
		if (strcmp(text, substitutes[i].name) == 0) {
			rule->substitute |= substitutes[i].bit;
			return 0;
		}
	if (od_scan_word(&p, "since "))
		return scan_year(p, &rule->since);
	if (od_scan_word(&p, "until "))
		return scan_year(p, &rule->until);
	if (!od_scan_word(&p, "id=") || *p == '\0' || rule->id)
		return OD_E_SYNTAX;
	rule->id = strdup(p);
	return rule->id ? 0 : -ENOMEM;
}

/* The next part before ";" without the blanks around it, NUL-terminated in place. */
static char *next_part(char **rest)
{
	char *part = *rest, *end = strchr(part, ';');

	*rest = end ? end + 1 : NULL;
	if (!end)
		end = part + strlen(part);
	while (*part == ' ' || *part == '\t')
		part++;
	while (end > part && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
	return part;
}

static int read_value(const char *value, struct od_holiday_rule *rule)
{
	od_cleanup(od_freep) char *copy = strdup(value);
	char *rest = copy, *part;
	int r = 0;

	if (!copy)
		return -ENOMEM;
	part = next_part(&rest);
	if (*part == '\0')
		return OD_E_SYNTAX;
	rule->name = strdup(part);
	if (!rule->name)
		return -ENOMEM;
	while (rest && r == 0)
		r = read_option(next_part(&rest), rule);
	if (r == 0 && rule->since > rule->until)
		r = OD_E_RANGE;
	return r;
}

int od_holiday_rule_parse(const char *key, const char *value, struct od_holiday_rule *ret,
	const char **reterr_expected)
{
	int r = scan_day(key, ret);

	if (r != 0) {
		*reterr_expected = EXPECTED_KEY;
		return r;
	}
	ret->until = OD_HOLIDAY_YEAR_MAX;
	r = read_value(value, ret);
	if (r > 0)
		*reterr_expected = ret->name ? EXPECTED_OPTION : N_("the name of the holiday");
	if (r == 0 && !ret->id) {
		ret->id = strdup(key);
		r = ret->id ? 0 : -ENOMEM;
	}
	return r;
}

void od_holiday_rule_done(struct od_holiday_rule *rule)
{
	free(rule->id);
	free(rule->name);
	*rule = (struct od_holiday_rule){ 0 };
}

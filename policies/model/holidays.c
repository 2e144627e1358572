/*
 * Public holidays: from a civil day to the rule that makes it one.
 *
 * Nothing is laid out beforehand; each rule is asked whether it falls on the day, which costs a few
 * nanoseconds, needs no cache and is right in every year. Days taken instead ("sunday->monday") are
 * found backwards: is there a rule that falls on the day this one would stand for? A day that fell
 * on a Sunday stays a holiday beside the one taken for it, as the laws with such a rule have it.
 *
 * Limits: the days off a substitution looks at are Saturday and Sunday, not those of a company
 * ("holidays-worked" and extra lines of a calendar of its own correct that).
 */
#include "model/holidays.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "model/holiday_rule.h"
#include "model/zone.h"

#define SATURDAY 5
#define SUNDAY   6
#define NO_DAY   INT32_MIN

struct od_calendar {
	char *id;
	char *name;
	OD_ARRAY(struct od_holiday_rule) rules;
	bool next_working_day; /* some rule asks for it */
	int32_t last_day;
};

/* A day taken apart once for all rules. */
struct day {
	int32_t number;
	int year, month, of_month, weekday;
};

struct od_calendar *od_calendar_new(const char *id, const char *name)
{
	struct od_calendar *calendar = calloc(1, sizeof(*calendar));

	if (!calendar)
		return NULL;
	calendar->last_day = NO_DAY;
	calendar->id = strdup(id);
	calendar->name = strdup(name);
	if (!calendar->id || !calendar->name) {
		od_calendar_free(calendar);
		return NULL;
	}
	return calendar;
}

void od_calendar_free(struct od_calendar *calendar)
{
	if (!calendar)
		return;
	od_array_foreach (rule, &calendar->rules)
		od_holiday_rule_done(rule);
	free(calendar->rules.items);
	free(calendar->id);
	free(calendar->name);
	free(calendar);
}

const char *od_calendar_id(const struct od_calendar *calendar)
{
	return calendar->id;
}

int32_t od_calendar_last_day(const struct od_calendar *calendar)
{
	return calendar->last_day;
}

static void note_last_day(struct od_calendar *calendar, const struct od_holiday_rule *rule)
{
	int32_t last = NO_DAY;

	if (rule->kind == OD_HOLIDAY_EXTRA || rule->kind == OD_HOLIDAY_EXCEPT)
		last = rule->day;
	else if (rule->until < OD_HOLIDAY_YEAR_MAX)
		last = od_day_from_civil(rule->until + 1, 1, 1);
	else if (rule->since > 0)
		last = od_day_from_civil(rule->since + 1, 1, 1);
	if (last > calendar->last_day)
		calendar->last_day = last;
}

int od_calendar_add(struct od_calendar *calendar, const char *key, const char *value,
	struct od_origin origin, const char **reterr_expected)
{
	struct od_holiday_rule rule = { .origin = origin }, *slot;
	int r = od_holiday_rule_parse(key, value, &rule, reterr_expected);

	slot = r == 0 ? od_array_add(&calendar->rules) : NULL;
	if (!slot) {
		od_holiday_rule_done(&rule);
		return r == 0 ? -ENOMEM : r;
	}
	*slot = rule;
	note_last_day(calendar, &rule);
	if (rule.substitute & OD_HOLIDAY_NEXT_WORKING_DAY)
		calendar->next_working_day = true;
	return 0;
}

static struct day take_apart(int32_t number)
{
	struct day day = { .number = number, .weekday = od_day_weekday(number) };

	od_day_to_civil(number, &day.year, &day.month, &day.of_month);
	return day;
}

static bool falls_near(const struct od_holiday_rule *rule, const struct day *day)
{
	int distance = day->number - od_day_from_civil(day->year, rule->month, rule->day_of_month);

	/* "before 01-03" can fall into the year before, "after 12-30" into the year after */
	if (distance > 7)
		distance = day->number -
			   od_day_from_civil(day->year + 1, rule->month, rule->day_of_month);
	else if (distance < -7)
		distance = day->number -
			   od_day_from_civil(day->year - 1, rule->month, rule->day_of_month);
	if (day->weekday != rule->weekday)
		return false;
	return rule->kind == OD_HOLIDAY_BEFORE ? distance < 0 && distance >= -7
					       : distance > 0 && distance <= 7;
}

static bool falls_on(const struct od_holiday_rule *rule, const struct day *day)
{
	int32_t nth;

	if (day->year < rule->since || day->year > rule->until)
		return false;
	switch (rule->kind) {
	case OD_HOLIDAY_FIXED:
		return day->month == rule->month && day->of_month == rule->day_of_month;
	case OD_HOLIDAY_EASTER:
		return day->number == od_easter(day->year) + rule->offset;
	case OD_HOLIDAY_ORTHODOX_EASTER:
		return day->number == od_orthodox_easter(day->year) + rule->offset;
	case OD_HOLIDAY_NTH:
		return day->weekday == rule->weekday && day->month == rule->month &&
		       od_day_rule_nth(day->year, rule->month, rule->weekday, rule->nth, &nth) &&
		       nth == day->number;
	case OD_HOLIDAY_BEFORE:
	case OD_HOLIDAY_AFTER:
		return falls_near(rule, day);
	case OD_HOLIDAY_EXTRA:
		return day->number == rule->day;
	case OD_HOLIDAY_EXCEPT:
		break;
	}
	return false;
}

static bool excepted(const struct od_calendar *calendar, int32_t day)
{
	od_array_foreach (rule, &calendar->rules) {
		if (rule->kind == OD_HOLIDAY_EXCEPT && rule->day == day)
			return true;
	}
	return false;
}

/* The rule that falls on @day itself. */
static const struct od_holiday_rule *proper(
	const struct od_calendar *calendar, const struct day *day)
{
	od_array_foreach (rule, &calendar->rules) {
		if (falls_on(rule, day))
			return excepted(calendar, day->number) ? NULL : rule;
	}
	return NULL;
}

/* The rule, with one of @wanted substitutions, that falls @distance days from @day. */
static const struct od_holiday_rule *stands_for(
	const struct od_calendar *calendar, const struct day *day, int distance, unsigned wanted)
{
	struct day other = take_apart(day->number + distance);

	od_array_foreach (rule, &calendar->rules) {
		if ((rule->substitute & wanted) && falls_on(rule, &other))
			return excepted(calendar, other.number) ? NULL : rule;
	}
	return NULL;
}

static const struct od_holiday_rule *fixed_substitute(
	const struct od_calendar *calendar, const struct day *day)
{
	const struct od_holiday_rule *rule = NULL;

	if (day->weekday == 0) {
		rule = stands_for(calendar, day, -1,
			OD_HOLIDAY_SUNDAY_TO_MONDAY | OD_HOLIDAY_WEEKEND_TO_MONDAY);
		if (!rule)
			rule = stands_for(calendar, day, -2, OD_HOLIDAY_WEEKEND_TO_MONDAY);
	} else if (day->weekday == SATURDAY - 1) {
		rule = stands_for(calendar, day, 1, OD_HOLIDAY_SATURDAY_TO_FRIDAY);
	}
	return rule;
}

/*
 * Goes from the Saturday before @day to @day. Each rule that falls on the weekend waits for the
 * next working day that is free; whoever waits longest takes it.
 */
static const struct od_holiday_rule *next_working_day(
	const struct od_calendar *calendar, const struct day *day)
{
	const struct od_holiday_rule *waiting[8];
	size_t n = 0, first = 0;

	if (day->weekday >= SATURDAY)
		return NULL;
	for (int32_t number = day->number - day->weekday - 2; number <= day->number; number++) {
		struct day other = take_apart(number);

		if (other.weekday >= SATURDAY) {
			od_array_foreach (rule, &calendar->rules) {
				if ((rule->substitute & OD_HOLIDAY_NEXT_WORKING_DAY) &&
					n < OD_ELEMENTS(waiting) && falls_on(rule, &other) &&
					!excepted(calendar, number))
					waiting[n++] = rule;
			}
			continue;
		}
		if (first == n)
			return NULL;
		if (proper(calendar, &other) || fixed_substitute(calendar, &other))
			continue;
		if (number == day->number)
			return waiting[first];
		first++;
	}
	return NULL;
}

bool od_calendar_day(const struct od_calendar *calendar, int32_t number, struct od_holiday *ret)
{
	struct day day = take_apart(number);
	const struct od_holiday_rule *rule = proper(calendar, &day);
	bool substitute = !rule;

	if (!rule)
		rule = fixed_substitute(calendar, &day);
	if (!rule && calendar->next_working_day)
		rule = next_working_day(calendar, &day);
	if (!rule || excepted(calendar, number))
		return false;
	*ret = (struct od_holiday){ rule->id, rule->name, substitute, rule->origin };
	return true;
}

int32_t od_easter(int year)
{
	int a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4;
	int g = (8 * b + 13) / 25, h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4;
	int l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 19 * l) / 433;
	int month = (h + l - 7 * m + 90) / 25, day = (h + l - 7 * m + 33 * month + 19) % 32;

	return od_day_from_civil(year, month, day);
}

int32_t od_orthodox_easter(int year)
{
	int d = (19 * (year % 19) + 15) % 30;
	int e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7;
	int lag = year / 100 - year / 400 - 2; /* of the Julian calendar; 13 days in our century */
	int month = (d + e + 114) / 31, day = (d + e + 114) % 31 + 1;

	return od_day_from_civil(year, month, day) + lag;
}

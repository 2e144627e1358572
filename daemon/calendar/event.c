/*
 * A VEVENT through libical into our own terms.
 *
 * libical parses properties, parameters and rules. It is never asked what instant a civil time is
 * (at the end of summer time it answers with the second occurrence): times keep their own clock and
 * their zone, a struct od_zone, until od_time_value().
 *
 * What counts as an absence: not STATUS:CANCELLED, and X-MICROSOFT-CDO-BUSYSTATUS:OOF where there is
 * one, else not TRANSP:TRANSPARENT. Outlook marks absences OOF and meetings BUSY, and leaves all-day
 * absences transparent; feeds of leave systems know neither and mean every entry.
 */
#include "calendar/event.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/scan.h"

#define DAY_USEC      (86400 * OD_USEC_PER_SEC)
#define YEAR_MIN      1900
#define YEAR_MAX      9998
#define DATES_MAX     10000
#define RULES_MAX     10
#define LENGTH_DAYS   3660 /* an absence of more than ten years is none */
#define BUSY_PROPERTY "X-MICROSOFT-CDO-BUSYSTATUS"

/* What od_event_parse() hands from step to step. */
struct reading {
	icalcomponent *component;
	const struct od_event_options *options;
	struct od_tzids *tzids;
	struct od_event *event;
	const char *property, *text; /* the fault */
};

static int fault(struct reading *reading, int result, const char *property, const char *text)
{
	reading->property = property;
	reading->text = text;
	return result;
}

static void component_freep(icalcomponent **component)
{
	if (*component)
		icalcomponent_free(*component);
}

/* -- times --------------------------------------------------------------------------------- */

static bool is_time(const struct icaltimetype *t)
{
	return t->year >= YEAR_MIN && t->year <= YEAR_MAX && t->month >= 1 && t->month <= 12 &&
	       t->day >= 1 && t->day <= od_scan_month_length(t->year, t->month) &&
	       (t->is_date || (t->hour >= 0 && t->hour <= 23 && t->minute >= 0 && t->minute <= 59 &&
				      t->second >= 0 && t->second <= 60));
}

static int64_t civil(const struct icaltimetype *t)
{
	int64_t seconds =
		t->is_date
			? 0
			: t->hour * 3600 + t->minute * 60 +
				  (t->second > 59 ? 59
						  : t->second); /* a leap second is the one before */

	return od_day_from_civil(t->year, t->month, t->day) * DAY_USEC + seconds * OD_USEC_PER_SEC;
}

static const struct od_zone *zone_of(struct reading *reading, icalproperty *property)
{
	icalparameter *parameter = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
	const char *tzid = parameter ? icalparameter_get_tzid(parameter) : NULL;
	const struct od_zone *zone = NULL;
	const struct od_event_options *options = reading->options;

	if (!tzid)
		return options->zone;
	if (od_tzids_find(reading->tzids, tzid, &zone) == 0)
		return zone;
	if (options->warn)
		options->warn(reading->event->line,
			N_("unknown time zone; its times are read in the schedule's"), tzid,
			options->userdata);
	return options->zone;
}

static int read_time(struct reading *reading, icalproperty *property, const char *name,
	struct icaltimetype t, struct od_time *ret)
{
	if (icaltime_is_null_time(t) || !is_time(&t))
		return fault(reading, OD_E_SYNTAX, name, N_("a date or time that does not exist"));
	*ret = (struct od_time){ .kind = OD_TIME_DATE, .civil_us = civil(&t) };
	if (t.is_date)
		return 0;
	ret->kind = OD_TIME_ZONED;
	ret->zone = icaltime_is_utc(t) ? od_zone_utc() : zone_of(reading, property);
	if (!ret->zone)
		ret->kind = OD_TIME_FLOATING;
	return 0;
}

static int64_t resolve(const struct od_time *time, int32_t days)
{
	int64_t us = time->civil_us + days * DAY_USEC;
	int64_t day = us / DAY_USEC - (us % DAY_USEC < 0);

	if (time->kind != OD_TIME_ZONED)
		return us;
	return od_zone_instant(time->zone, (int32_t) day, (us - day * DAY_USEC) / OD_USEC_PER_SEC);
}

int64_t od_time_value(const struct od_time *time, const struct od_length *length)
{
	return length ? resolve(time, length->days) + length->us : resolve(time, 0);
}

bool od_time_same(const struct od_time *a, const struct od_time *b)
{
	if (a->kind == OD_TIME_DATE || b->kind == OD_TIME_DATE) {
		int64_t x = a->civil_us, y = b->civil_us;

		return x / DAY_USEC - (x % DAY_USEC < 0) == y / DAY_USEC - (y % DAY_USEC < 0);
	}
	if (a->kind != b->kind)
		return a->civil_us == b->civil_us;
	return od_time_value(a, NULL) == od_time_value(b, NULL);
}

/* -- length -------------------------------------------------------------------------------- */

static int length_from_end(struct reading *reading, icalproperty *property)
{
	struct od_event *event = reading->event;
	struct od_time end;
	int64_t us;
	int r = read_time(reading, property, "DTEND", icalproperty_get_dtend(property), &end);

	if (r != 0)
		return r;
	if ((end.kind == OD_TIME_DATE) != (event->start.kind == OD_TIME_DATE))
		return fault(reading, OD_E_SYNTAX, "DTEND",
			N_("a date where the start has a time, or the other way round"));
	/* an unknown zone on one side only: compare the clocks as they stand */
	us = end.kind == event->start.kind
		     ? od_time_value(&end, NULL) - od_time_value(&event->start, NULL)
		     : end.civil_us - event->start.civil_us;
	if (event->start.kind == OD_TIME_DATE)
		event->length.days = us == 0 ? 1 : (int32_t) (us / DAY_USEC);
	else
		event->length.us = us;
	return us < 0 ? fault(reading, OD_E_RANGE, "DTEND", N_("an end before the start")) : 0;
}

static int length_from_duration(struct reading *reading, icalproperty *property)
{
	struct icaldurationtype d = icalproperty_get_duration(property);
	struct od_length *length = &reading->event->length;

	if (icaldurationtype_is_bad_duration(d) || d.is_neg || d.weeks > LENGTH_DAYS / 7 ||
		d.days > LENGTH_DAYS || d.hours > LENGTH_DAYS * 24 ||
		d.minutes > LENGTH_DAYS * 1440 || d.seconds > (unsigned) LENGTH_DAYS * 86400)
		return fault(reading, OD_E_RANGE, "DURATION",
			N_("a duration that is negative or longer than ten years"));
	length->days = (int32_t) (d.weeks * 7 + d.days);
	length->us =
		((int64_t) d.hours * 3600 + (int64_t) d.minutes * 60 + d.seconds) * OD_USEC_PER_SEC;
	return 0;
}

static int read_length(struct reading *reading)
{
	icalproperty *end, *duration;
	struct od_length *length = &reading->event->length;
	int r = 0;

	end = icalcomponent_get_first_property(reading->component, ICAL_DTEND_PROPERTY);
	duration = icalcomponent_get_first_property(reading->component, ICAL_DURATION_PROPERTY);
	if (end)
		r = length_from_end(reading, end);
	else if (duration)
		r = length_from_duration(reading, duration);
	else if (reading->event->start.kind == OD_TIME_DATE)
		length->days = 1;
	if (r == 0 && length->days * DAY_USEC + length->us > LENGTH_DAYS * DAY_USEC)
		r = fault(reading, OD_E_RANGE, end ? "DTEND" : "DURATION",
			N_("an event of more than ten years"));
	return r;
}

/* -- recurrence ---------------------------------------------------------------------------- */

/* UNTIL in UTC is put on the clock of the start, so that the rule can be run without zones. */
static void settle_until(const struct od_time *start, struct icaltimetype *until)
{
	int32_t day, seconds;
	int year, month, of_month;

	if (icaltime_is_null_time(*until))
		return;
	if (until->is_date && start->kind != OD_TIME_DATE) {
		until->is_date = 0;
		until->hour = 23;
		until->minute = until->second = 59;
	} else if (icaltime_is_utc(*until) && start->kind == OD_TIME_ZONED) {
		od_zone_civil(start->zone, civil(until), &day, &seconds);
		od_day_to_civil(day, &year, &month, &of_month);
		until->year = year;
		until->month = month;
		until->day = of_month;
		until->hour = seconds / 3600;
		until->minute = seconds / 60 % 60;
		until->second = seconds % 60;
	}
	if (start->kind == OD_TIME_DATE)
		until->is_date = 1;
	until->zone = NULL;
}

static int check_rule(struct reading *reading, const struct icalrecurrencetype *rule)
{
	if (rule->freq == ICAL_NO_RECURRENCE)
		return fault(reading, OD_E_SYNTAX, "RRULE", N_("not a recurrence rule"));
	if (rule->freq < ICAL_DAILY_RECURRENCE)
		return fault(reading, OD_E_RANGE, "RRULE",
			N_("a rule that repeats more often than daily is refused"));
	if (rule->rscale && strcasecmp(rule->rscale, "GREGORIAN") != 0)
		return fault(reading, OD_E_RANGE, "RRULE",
			N_("a calendar other than the Gregorian is refused"));
	if (!icaltime_is_null_time(rule->until) && !is_time(&rule->until))
		return fault(reading, OD_E_SYNTAX, "RRULE", N_("an UNTIL that does not exist"));
	if (reading->event->rules.n == RULES_MAX)
		return fault(reading, OD_E_LIMIT, "RRULE", N_("too many rules in one event"));
	return 0;
}

static int read_rules(struct reading *reading)
{
	struct od_event *event = reading->event;
	icalproperty *property =
		icalcomponent_get_first_property(reading->component, ICAL_RRULE_PROPERTY);

	for (; property; property = icalcomponent_get_next_property(
				 reading->component, ICAL_RRULE_PROPERTY)) {
		struct icalrecurrencetype rule = icalproperty_get_rrule(property), **slot;
		int r = check_rule(reading, &rule);

		if (r != 0)
			return r;
		settle_until(&event->start, &rule.until);
		rule.rscale = NULL; /* belongs to the property */
		slot = od_array_add(&event->rules);
		if (!slot)
			return -ENOMEM;
		*slot = malloc(sizeof(rule));
		if (!*slot)
			return -ENOMEM;
		**slot = rule;
	}
	return 0;
}

static int read_dates(struct reading *reading, icalproperty_kind kind, const char *name)
{
	icalproperty *property = icalcomponent_get_first_property(reading->component, kind);

	for (; property; property = icalcomponent_get_next_property(reading->component, kind)) {
		struct icaltimetype t;
		struct od_time *slot;
		size_t n = reading->event->more.n + reading->event->except.n;
		int r;

		if (n >= DATES_MAX)
			return fault(reading, OD_E_LIMIT, name, N_("too many dates in one event"));
		if (kind == ICAL_RDATE_PROPERTY) {
			struct icaldatetimeperiodtype rdate = icalproperty_get_rdate(property);

			t = icaltime_is_null_time(rdate.time) ? rdate.period.start : rdate.time;
			slot = od_array_add(&reading->event->more);
		} else {
			t = icalproperty_get_exdate(property);
			slot = od_array_add(&reading->event->except);
		}
		if (!slot)
			return -ENOMEM;
		r = read_time(reading, property, name, t, slot);
		if (r != 0)
			return r;
	}
	return 0;
}

/* -- whether it counts --------------------------------------------------------------------- */

static const char *busy_status(icalcomponent *component)
{
	icalproperty *property = icalcomponent_get_first_property(component, ICAL_X_PROPERTY);

	for (; property; property = icalcomponent_get_next_property(component, ICAL_X_PROPERTY)) {
		const char *name = icalproperty_get_x_name(property);

		if (name && strcasecmp(name, BUSY_PROPERTY) == 0)
			return icalproperty_get_value_as_string(property);
	}
	return NULL;
}

static bool has_category(icalcomponent *component, const od_strings *wanted)
{
	icalproperty *property =
		icalcomponent_get_first_property(component, ICAL_CATEGORIES_PROPERTY);

	if (!wanted || wanted->n == 0)
		return true;
	for (; property;
		property = icalcomponent_get_next_property(component, ICAL_CATEGORIES_PROPERTY)) {
		const char *name = icalproperty_get_categories(property);

		od_array_foreach (category, wanted) {
			if (name && strcasecmp(name, *category) == 0)
				return true;
		}
	}
	return false;
}

static void read_status(struct reading *reading)
{
	icalcomponent *component = reading->component;
	const char *busy = busy_status(component);
	icalproperty *transp = icalcomponent_get_first_property(component, ICAL_TRANSP_PROPERTY);
	bool transparent = transp && (icalproperty_get_transp(transp) == ICAL_TRANSP_TRANSPARENT ||
					     icalproperty_get_transp(transp) ==
						     ICAL_TRANSP_TRANSPARENTNOCONFLICT);
	bool counts = !transparent;

	reading->event->cancelled = icalcomponent_get_status(component) == ICAL_STATUS_CANCELLED;
	if (busy && reading->options->turns)
		counts = strcasecmp(busy, "FREE") != 0;
	else if (busy)
		counts = strcasecmp(busy, "OOF") == 0;
	reading->event->counts = counts && !reading->event->cancelled &&
				 has_category(component, reading->options->categories);
}

/* -- the whole ----------------------------------------------------------------------------- */

/* libical keeps what it could not read as properties of its own. */
static int check_errors(struct reading *reading)
{
	icalproperty *property =
		icalcomponent_get_first_property(reading->component, ICAL_XLICERROR_PROPERTY);
	static const char *const names[] = { "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE",
		"EXDATE", "RECURRENCE-ID" };

	for (; property; property = icalcomponent_get_next_property(
				 reading->component, ICAL_XLICERROR_PROPERTY)) {
		const char *text = icalproperty_get_xlicerror(property);

		for (size_t i = 0; i < OD_ELEMENTS(names); i++)
			if (text && strstr(text, names[i]))
				return fault(reading, OD_E_SYNTAX, names[i],
					N_("a value that cannot be read"));
	}
	return 0;
}

static int read_start(struct reading *reading)
{
	icalproperty *start =
		icalcomponent_get_first_property(reading->component, ICAL_DTSTART_PROPERTY);
	icalproperty *replaces =
		icalcomponent_get_first_property(reading->component, ICAL_RECURRENCEID_PROPERTY);
	struct od_event *event = reading->event;
	int r;

	if (!start)
		return fault(reading, OD_E_SYNTAX, "DTSTART", N_("an event without a start"));
	r = read_time(reading, start, "DTSTART", icalproperty_get_dtstart(start), &event->start);
	if (r != 0 || !replaces)
		return r;
	event->is_override = true;
	return read_time(reading, replaces, "RECURRENCE-ID",
		icalproperty_get_recurrenceid(replaces), &event->replaces);
}

static int read_event(struct reading *reading)
{
	const char *uid = icalcomponent_get_uid(reading->component);
	int r = check_errors(reading);

	reading->event->uid = strdup(uid ? uid : "");
	if (!reading->event->uid)
		return -ENOMEM;
	reading->event->sequence = icalcomponent_get_sequence(reading->component);
	read_status(reading);
	if (r == 0)
		r = read_start(reading);
	if (r == 0)
		r = read_length(reading);
	if (r == 0)
		r = read_rules(reading);
	if (r == 0)
		r = read_dates(reading, ICAL_RDATE_PROPERTY, "RDATE");
	if (r == 0)
		r = read_dates(reading, ICAL_EXDATE_PROPERTY, "EXDATE");
	return r;
}

int od_event_parse(const char *text, unsigned line, const struct od_event_options *options,
	struct od_tzids *tzids, struct od_event *ret, const char **reterr_property,
	const char **reterr_text)
{
	od_cleanup(component_freep) icalcomponent *component = icalparser_parse_string(text);
	struct od_event event = { .line = line };
	struct reading reading = { component, options, tzids, &event, "VEVENT",
		N_("this is not an event") };
	int r = OD_E_SYNTAX;

	if (component && icalcomponent_isa(component) == ICAL_VEVENT_COMPONENT)
		r = read_event(&reading);
	if (r == 0) {
		*ret = event;
		return 0;
	}
	od_event_done(&event);
	*reterr_property = reading.property;
	*reterr_text = reading.text;
	return r;
}

void od_event_done(struct od_event *event)
{
	free(event->uid);
	od_array_foreach (rule, &event->rules)
		free(*rule);
	free(event->rules.items);
	free(event->more.items);
	free(event->except.items);
	*event = (struct od_event){ 0 };
}

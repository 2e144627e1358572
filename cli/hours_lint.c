#include "hours_lint.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "hours.h"
#include "model/policy.h"
#include "model/rest_lint.h"
#include "when.h"

#define MINUTE (60 * OD_USEC_PER_SEC)

/* "Tuesday 22:00", "2026-12-24 22:00". */
static const char *moment(const struct od_rest_moment *moment, char text[64])
{
	int year, month, day;

	if (moment->day == OD_REST_ANY_DAY) {
		(void) snprintf(text, 64, "%s %02d:%02d", od_when_weekday(moment->weekday),
			moment->minute / 60, moment->minute % 60);
		return text;
	}
	od_day_to_civil(moment->day, &year, &month, &day);
	(void) snprintf(text, 64, "%04d-%02d-%02d %02d:%02d", year, month, day, moment->minute / 60,
		moment->minute % 60);
	return text;
}

static void warn_rest(struct od_problems *problems, const struct od_rest_finding *found)
{
	char from[64], until[64], length[32];

	moment(&found->from, from);
	moment(&found->until, until);
	od_hours_length(found->minutes * MINUTE, length);
	if (found->fault == OD_REST_FAULT_DAILY)
		od_problem_add(problems, OD_SEVERITY_WARNING, "short-rest", found->origin.file,
			found->origin.line, 0, N_("%s to %s leaves %s; %s asks %d h"), from, until,
			length, found->law->id, found->asked_hours);
	else if (found->week)
		od_problem_add(problems, OD_SEVERITY_WARNING, "short-weekly-rest",
			found->origin.file, found->origin.line, 0,
			N_("the longest rest of week %u, %s to %s, is %s; %s asks %d h in each "
			   "week"),
			found->week, from, until, length, found->law->id, found->asked_hours);
	else
		od_problem_add(problems, OD_SEVERITY_WARNING, "short-weekly-rest",
			found->origin.file, found->origin.line, 0,
			N_("the longest rest of a week, %s to %s, is %s; %s asks %d h"), from,
			until, length, found->law->id, found->asked_hours);
}

static void warn_window(struct od_problems *problems, const struct od_rest_finding *found)
{
	int from = found->from.minute, until = found->until.minute;
	char day[64];

	moment(&(struct od_rest_moment){ found->from.day, found->from.weekday, 0 }, day);
	day[10] = '\0'; /* of "2027-03-28 00:00" the date */
	if (found->fault == OD_REST_FAULT_GAP)
		od_problem_add(problems, OD_SEVERITY_WARNING, "lost-window", found->origin.file,
			found->origin.line, 0,
			N_("%02d:%02d-%02d:%02d does not exist on %s: the clocks go forward (%s)"),
			from / 60, from % 60, until / 60, until % 60, day, found->zone);
	else
		od_problem_add(problems, OD_SEVERITY_WARNING, "closed-break", found->origin.file,
			found->origin.line, 0,
			N_("the break %02d:%02d-%02d:%02d is no rest: before and after close it"),
			from / 60, from % 60, until / 60, until % 60);
}

static void warn(const struct od_rest_finding *found, void *userdata)
{
	struct od_problems *problems = userdata;

	switch (found->fault) {
	case OD_REST_FAULT_DAILY:
	case OD_REST_FAULT_WEEKLY:
		warn_rest(problems, found);
		break;
	case OD_REST_FAULT_NONE:
		od_problem_add(problems, OD_SEVERITY_WARNING, "short-rest", found->origin.file,
			found->origin.line, 0, N_("these hours leave no rest at all; %s asks %d h"),
			found->law->id, found->asked_hours);
		break;
	case OD_REST_FAULT_GRACE:
	case OD_REST_FAULT_GAP:
		warn_window(problems, found);
		break;
	}
}

/* A feed offduty-calendar never looks at is silently none. */
static void check_feeds(const struct od_policy *policy, struct od_problems *problems)
{
	static const char on_call[] = OFFDUTY_STATE_DIR "/on-call/";
	char name[OD_FEED_NAME];

	od_array_foreach (entry, &policy->schedules)
		if (entry->leave && *entry->leave &&
			strcmp(entry->leave, OFFDUTY_STATE_DIR "/leave/%u.ics") != 0)
			od_problem_add(problems, OD_SEVERITY_WARNING, "feed-elsewhere",
				entry->origin.file, entry->origin.line, 0,
				N_("leave is read from %s only, not from \"%s\""),
				OFFDUTY_STATE_DIR "/leave/%u.ics", entry->leave);
	od_array_foreach (entry, &policy->on_calls)
		if (entry->feed && *entry->feed &&
			(strncmp(entry->feed, on_call, strlen(on_call)) != 0 ||
				strchr(entry->feed + strlen(on_call), '/') ||
				!od_feed_name(entry->feed, name)))
			od_problem_add(problems, OD_SEVERITY_WARNING, "feed-elsewhere",
				entry->origin.file, entry->origin.line, 0,
				N_("on-call turns are read from %s only, not from \"%s\""),
				OFFDUTY_STATE_DIR "/on-call/NAME.ics", entry->feed);
}

void od_hours_lint(const struct od_policy *policy, int64_t now_us, struct od_problems *problems)
{
	check_feeds(policy, problems);
	od_array_foreach (entry, &policy->schedules)
		od_rest_lint(entry->schedule, od_rest_law(entry->law), now_us, warn, problems);
}

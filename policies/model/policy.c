/*
 * The whole policy: its defaults (policy language, "Sections and keys") and how it is let go.
 *
 * Counted atomically: the guard decides in one thread while another puts a new policy in force.
 */
#include "model/policy.h"

#include <string.h>

#define SECONDS  OD_USEC_PER_SEC
#define MINUTES  (60 * SECONDS)
#define DAYS     (24 * 60 * MINUTES)
#define MEBIBYTE ((uint64_t) 1024 * 1024)

struct od_policy *od_policy_new(void)
{
	struct od_policy *policy = calloc(1, sizeof(*policy));

	if (!policy)
		return NULL;
	policy->refs = 1;
	policy->mode = OD_MODE_ENFORCE;
	policy->grace_us = 60 * SECONDS;
	policy->unlisted = OD_VERDICT_WARN;
	policy->unknown = OD_UNKNOWN_FAIL;
	policy->notifications.off_duty = OD_OFF_DUTY_HOLD;
	policy->notifications.deliver = OD_DELIVER_DIGEST;
	policy->notifications.hold_limit_us = 35 * DAYS;
	policy->notifications.hold_items = 50000;
	policy->notifications.hold_size = 256 * MEBIBYTE;
	policy->browsers = OD_BROWSERS_PRINT;
	policy->may = OD_MAY_LIFT | OD_MAY_REST | OD_MAY_CHOOSE_DELIVERY;
	policy->retention_us = 180 * DAYS;
	return policy;
}

struct od_policy *od_policy_ref(struct od_policy *policy)
{
	if (policy)
		__atomic_add_fetch(&policy->refs, 1, __ATOMIC_RELAXED);
	return policy;
}

void od_messenger_rule_done(struct od_messenger_rule *rule)
{
	free(rule->id);
	od_who_done(&rule->who);
	od_messages_done(&rule->messages);
	memset(rule, 0, sizeof(*rule));
}

void od_policy_schedule_done(struct od_policy_schedule *schedule)
{
	if (schedule->schedule)
		od_schedule_free(schedule->schedule);
	od_who_done(&schedule->who);
	free(schedule->leave);
	free(schedule->law);
	memset(schedule, 0, sizeof(*schedule));
}

void od_on_call_done(struct od_on_call *on_call)
{
	free(on_call->label);
	od_who_done(&on_call->who);
	od_names_done(&on_call->work);
	free(on_call->windows.items);
	free(on_call->feed);
	memset(on_call, 0, sizeof(*on_call));
}

void od_breakthrough_init(struct od_breakthrough *rule)
{
	memset(rule, 0, sizeof(*rule));
	rule->urgency = OD_URGENCY_LOW;
	rule->limit = 6;
	rule->limit_period_us = 60 * MINUTES;
}

void od_breakthrough_done(struct od_breakthrough *rule)
{
	free(rule->label);
	od_names_done(&rule->work);
	od_strings_done(&rule->senders);
	od_strings_done(&rule->keywords);
	memset(rule, 0, sizeof(*rule));
}

void od_sharing_init(struct od_sharing *rule)
{
	memset(rule, 0, sizeof(*rule));
	rule->direction = OD_DIRECTION_SEND;
	rule->action = OD_VERDICT_WARN;
	rule->hold_us = 20 * SECONDS;
	rule->remember_us = 10 * MINUTES;
	rule->on_timeout = OD_VERDICT_ALLOW;
	rule->encrypted = OD_VERDICT_ALLOW;
	rule->unscannable = OD_VERDICT_ALLOW;
	rule->override = OD_OVERRIDE_ACKNOWLEDGE;
}

void od_sharing_done(struct od_sharing *rule)
{
	free(rule->label);
	od_strings_done(&rule->paths);
	od_strings_done(&rule->owners);
	od_strings_done(&rule->groups_of_file);
	od_strings_done(&rule->mimes);
	od_strings_done(&rule->labels);
	od_strings_done(&rule->extensions);
	od_array_foreach (detect, &rule->detect)
		free(detect->detector);
	free(rule->detect.items);
	od_names_done(&rule->messengers);
	od_who_done(&rule->who);
	od_messages_done(&rule->messages);
	free(rule->details);
	memset(rule, 0, sizeof(*rule));
}

static void free_messengers(struct od_policy *policy)
{
	od_names_done(&policy->approved);
	od_names_done(&policy->blocked);
	od_names_done(&policy->suggest);
	free(policy->require.items);
	od_array_foreach (rule, &policy->messengers)
		od_messenger_rule_done(rule);
	free(policy->messengers.items);
}

/* Schedules borrow calendars and hold zones: they go first. */
static void free_time(struct od_policy *policy)
{
	od_array_foreach (schedule, &policy->schedules)
		od_policy_schedule_done(schedule);
	free(policy->schedules.items);
	od_array_foreach (on_call, &policy->on_calls)
		od_on_call_done(on_call);
	free(policy->on_calls.items);
	od_array_foreach (calendar, &policy->calendars)
		od_calendar_free(*calendar);
	free(policy->calendars.items);
	od_array_foreach (zone, &policy->zones)
		od_zone_unref(*zone);
	free(policy->zones.items);
}

static void free_notifications(struct od_policy *policy)
{
	od_names_done(&policy->notifications.work);
	od_array_foreach (rule, &policy->breakthroughs)
		od_breakthrough_done(rule);
	free(policy->breakthroughs.items);
}

static void free_sharing(struct od_policy *policy)
{
	od_array_foreach (rule, &policy->sharings)
		od_sharing_done(rule);
	free(policy->sharings.items);
}

void od_policy_unref(struct od_policy *policy)
{
	if (!policy || __atomic_sub_fetch(&policy->refs, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	free_messengers(policy);
	free_time(policy);
	free_notifications(policy);
	free_sharing(policy);
	free(policy->company);
	free(policy->contact);
	free(policy->charter);
	od_strings_done(&policy->filesystems);
	od_catalogue_free(policy->catalogue);
	od_strings_done(&policy->files);
	free(policy);
}

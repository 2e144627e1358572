/* [notifications] and [breakthrough X]: what is work, and what passes all the same. */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/error.h"
#include "base/scan.h"
#include "ini/names.h"
#include "ini/sections.h"

#define HOURS (3600 * OD_USEC_PER_SEC)

/* ---- [notifications] ---------------------------------------------------------------------------- */

static int open_notifications(
	struct od_build *build, const struct od_merged_section *section, void **ret)
{
	build->policy->notifications.origin = section->origin;
	*ret = &build->policy->notifications;
	return 0;
}

static const struct od_word off_duty_words[] = { { "hold", OD_OFF_DUTY_HOLD },
	{ "pass", OD_OFF_DUTY_PASS }, { NULL, 0 } };
static const struct od_word deliver_words[] = { { "digest", OD_DELIVER_DIGEST },
	{ "replay", OD_DELIVER_REPLAY }, { "quietly", OD_DELIVER_QUIETLY }, { NULL, 0 } };

static const struct od_table_key notifications_keys[] = {
	{ .name = "work",
		.kind = OD_KIND_NAMES,
		.offset = offsetof(struct od_notifications, work),
		.names = OD_NAMES_SERVICE | OD_NAMES_WORK },
	{ .name = "off-duty",
		.kind = OD_KIND_WORD,
		.offset = offsetof(struct od_notifications, off_duty),
		.words = off_duty_words },
	{ .name = "deliver",
		.kind = OD_KIND_WORD,
		.offset = offsetof(struct od_notifications, deliver),
		.words = deliver_words },
	{ .name = "hold-limit",
		.kind = OD_KIND_DURATION,
		.offset = offsetof(struct od_notifications, hold_limit_us),
		.least = HOURS,
		.most = 366 * 24 * HOURS },
	{ .name = "hold-items",
		.kind = OD_KIND_NUMBER,
		.offset = offsetof(struct od_notifications, hold_items),
		.least = 1,
		.most = 1000000 },
	{ .name = "hold-size",
		.kind = OD_KIND_SIZE,
		.offset = offsetof(struct od_notifications, hold_size),
		.least = 1 << 20,
		.most = (int64_t) 64 << 30 },
};

const struct od_table_section od_section_notifications = {
	.name = "notifications",
	.keys = notifications_keys,
	.n = OD_ELEMENTS(notifications_keys),
	.open = open_notifications,
};

/* ---- [breakthrough X] --------------------------------------------------------------------------- */

static int open_breakthrough(
	struct od_build *build, const struct od_merged_section *section, void **ret)
{
	struct od_breakthrough *rule = od_array_add(&build->policy->breakthroughs);

	if (!rule)
		return -ENOMEM;
	od_breakthrough_init(rule);
	rule->origin = section->origin;
	rule->label = strdup(section->label);
	*ret = rule;
	return rule->label ? 0 : -ENOMEM;
}

static int set_limit(const struct od_value *value, void *object)
{
	struct od_breakthrough *rule = object;
	const char *at = value->text;
	unsigned count;
	int64_t period;
	int r = od_scan_rate(&at, &count, &period);

	if (r != 0 || !od_scan_end(at)) {
		od_value_fault(value, 0, r == OD_E_RANGE ? "out-of-range" : "bad-limit",
			N_("\"%s\" is no limit; write 3/h or 20/d, at least 1"), value->text);
		return 0;
	}
	rule->limit = count;
	rule->limit_period_us = period;
	return 0;
}

static const struct od_word urgency_words[] = { { "any", OD_URGENCY_LOW },
	{ "normal", OD_URGENCY_NORMAL }, { "critical", OD_URGENCY_CRITICAL }, { NULL, 0 } };

static const struct od_table_key breakthrough_keys[] = {
	{ .name = "work",
		.kind = OD_KIND_NAMES,
		.offset = offsetof(struct od_breakthrough, work),
		.names = OD_NAMES_SERVICE | OD_NAMES_WORK },
	{ .name = "sender",
		.kind = OD_KIND_LIST,
		.offset = offsetof(struct od_breakthrough, senders) },
	{ .name = "keywords",
		.kind = OD_KIND_LIST,
		.offset = offsetof(struct od_breakthrough, keywords) },
	{ .name = "urgency",
		.kind = OD_KIND_WORD,
		.offset = offsetof(struct od_breakthrough, urgency),
		.words = urgency_words },
	{ .name = "limit", .kind = OD_KIND_PLAIN, .usual = "6/h", .set = set_limit },
};

const struct od_table_section od_section_breakthrough = {
	.name = "breakthrough",
	.labelled = true,
	.keys = breakthrough_keys,
	.n = OD_ELEMENTS(breakthrough_keys),
	.open = open_breakthrough,
};

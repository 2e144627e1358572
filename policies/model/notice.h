/*
 * Is this notification work, and does it pass now?
 *
 * Work if *any* identity names work, so that no claim hides it. Withheld only while off duty and
 * work; breakthrough and on-call let pass; the employee's rest beats both, their lift beats the
 * schedule.
 */
#pragma once

#include "model/policy.h"

/* What is known of one Notify call. Any string may be NULL. */
struct od_notice {
	const char *app_name;
	const char *desktop_entry;
	const char *flatpak;        /* from /.flatpak-info of the sender */
	const char *unit_app;       /* application id of the sender's app-*.scope */
	const char *exe;            /* path of the sender's executable */
	const char *host;           /* web origin, lower case */
	const char *host_path;      /* of that origin; mostly NULL */
	const char *summary, *body; /* only compared with senders and keywords, never kept */
	enum od_urgency urgency;
	bool own; /* sent by Offduty itself, known by process */
};

enum od_notice_action { OD_NOTICE_PASS, OD_NOTICE_HOLD };

struct od_notice_verdict {
	enum od_notice_action action;
	bool work;
	const struct od_messenger *messenger; /* NULL: not in the catalogue */
	const struct od_breakthrough
		*breakthrough; /* would let it through; the caller keeps the rate */
	struct od_reason reason;
};

/*
 * @breakthrough_left: says whether a rule's rate limit still lets one pass; NULL: always
 *
 * ret->reason is always filled: the rule that let it pass, or why the person is off duty. Where it is
 * held although a breakthrough matches (its rate is used up), ret->breakthrough names that rule; the
 * caller counts only what passes.
 *
 * A "site:HOST/path" of the policy also means HOST where the path is not known (browsers hardly ever
 * tell it): what is held in doubt comes later, what is shown in doubt cannot be taken back.
 */
void od_notice_decide(const struct od_policy *policy, const struct od_notice *notice,
	const struct od_duty *duty,
	bool (*breakthrough_left)(const struct od_breakthrough *rule, void *userdata),
	void *userdata, struct od_notice_verdict *ret);

/* Pull the web origin out of Chromium's body ("<a href=\"https://HOST/..\">" or a first line that
 * is a bare host). Writes at most @size bytes, lower case; false where there is none. */
bool od_notice_host_from_body(const char *body, char *host, size_t size);

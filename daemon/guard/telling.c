/*
 * One program is many execs (helpers, a shell script before it, a second click), and one folder of a
 * file dialog many opens. A person is told once in a while: TOLD_*_US apart for the same thing.
 *
 * Records are for the person's own reading and stop at the end of duty: what somebody starts in the
 * evening is told to them, and written nowhere.
 */
#include "guard/telling.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bus/wire.h"
#include "guard/answer.h"
#include "guard/ending.h"
#include "guard/manager.h"
#include "guard/records.h"
#include "guard/sweep.h"
#include "runtime/log.h"

#define TOLD_BLOCKED_US (3 * OD_USEC_PER_SEC)
#define TOLD_WARNED_US  (60 * OD_USEC_PER_SEC)

static int64_t pause_of(const struct od_tell *tell)
{
	switch (tell->kind) {
	case OD_TELL_BLOCKED:
		return TOLD_BLOCKED_US;
	case OD_TELL_SHARED:
		return tell->remember_us > TOLD_WARNED_US ? tell->remember_us : TOLD_WARNED_US;
	case OD_TELL_WARNED:
	case OD_TELL_STARTED:
	case OD_TELL_ENDING:
	case OD_TELL_TROUBLE:
		break;
	}
	return TOLD_WARNED_US;
}

/* Whether that person heard the same a moment ago; if not, they are hearing it now. */
static bool just_told(struct od_manager *manager, const struct od_tell *tell)
{
	struct od_told *slot = &manager->told[manager->next_told];
	char what[sizeof(slot->what)];

	(void) snprintf(what, sizeof(what), "%s %s %016llx", tell->ruling.messenger->id,
		tell->ruling.decision.reason.label ? tell->ruling.decision.reason.label : "",
		(unsigned long long) tell->thing);
	for (size_t i = 0; i < OD_TOLD_MAX; i++) {
		const struct od_told *old = &manager->told[i];

		if (old->what[0] && old->uid == tell->uid && old->kind == tell->kind &&
			strcmp(old->what, what) == 0 && tell->ruling.at_us >= old->at_us &&
			tell->ruling.at_us - old->at_us < pause_of(tell))
			return true;
	}
	slot->uid = tell->uid;
	slot->kind = tell->kind;
	slot->at_us = tell->ruling.at_us;
	(void) snprintf(slot->what, sizeof(slot->what), "%s", what);
	manager->next_told = (manager->next_told + 1) % OD_TOLD_MAX;
	return false;
}

static int put_members(DBusMessageIter *dict, const struct od_tell *tell)
{
	const struct od_ruling *ruling = &tell->ruling;
	bool shared = tell->kind == OD_TELL_SHARED;
	int r = od_answer_put(dict, &ruling->decision);

	if (r == 0)
		r = od_answer_put_messages(dict, ruling->decision.messages);
	if (r == 0)
		r = od_wire_put_string(dict, "contact", ruling->policy->contact);
	if (r == 0)
		r = od_wire_put_string(dict, shared ? "name" : "program", tell->name);
	if (r == 0 && tell->kind == OD_TELL_ENDING)
		r = od_wire_put_int64(dict, "grace", tell->grace_us);
	if (r == 0 && shared)
		r = od_wire_put_string(dict, "direction",
			tell->direction == OD_DIRECTION_RECEIVE ? "receive" : "send");
	return r;
}

static const char *signal_name(enum od_tell_kind kind)
{
	switch (kind) {
	case OD_TELL_BLOCKED:
		return "Blocked";
	case OD_TELL_WARNED:
		return "Warned";
	case OD_TELL_SHARED:
		return "Shared";
	case OD_TELL_ENDING:
		return "Ending";
	case OD_TELL_STARTED:
	case OD_TELL_TROUBLE:
		break;
	}
	return NULL;
}

static void send_signal(struct od_manager *manager, const struct od_tell *tell)
{
	DBusMessage *signal =
		dbus_message_new_signal(OD_BUS_PATH, OD_BUS_NAME ".Guard", signal_name(tell->kind));
	DBusMessageIter iter, dict;
	int r = -ENOMEM;

	if (signal) {
		dbus_message_iter_init_append(signal, &iter);
		r = od_wire_dict_open(&iter, &dict);
		if (r == 0)
			r = put_members(&dict, tell);
		if (r == 0)
			r = od_wire_dict_close(&iter, &dict);
	}
	if (r == 0)
		(void) od_subscribers_send(manager->subscribers, tell->uid, signal);
	else
		od_count(&manager->counters, OD_COUNT_LOST);
	if (signal)
		dbus_message_unref(signal);
}

static void copy_name(char *to, size_t size, const char *from)
{
	(void) snprintf(to, size, "%s", from ? from : "");
}

static void record(struct od_manager *manager, const struct od_tell *tell)
{
	const struct od_decision *decision = &tell->ruling.decision;
	struct od_record entry = { .minute_us = od_record_minute(tell->ruling.at_us) };
	int r;

	if (!tell->ruling.human || !od_judge_on_duty(manager->judge, tell->ruling.policy,
					   tell->ruling.human, tell->ruling.at_us))
		return;
	entry.what = tell->kind == OD_TELL_BLOCKED || tell->kind == OD_TELL_ENDING
			     ? OD_RECORD_BLOCKED
		     : tell->kind == OD_TELL_SHARED ? OD_RECORD_SHARED
						    : OD_RECORD_WARNED;
	copy_name(entry.verdict, sizeof(entry.verdict), od_verdict_to_string(decision->verdict));
	copy_name(entry.messenger, sizeof(entry.messenger), decision->reason.messenger);
	copy_name(entry.rule, sizeof(entry.rule), od_rule_to_string(decision->reason.rule));
	copy_name(entry.label, sizeof(entry.label), decision->reason.label);
	r = od_records_add(manager->records_dir, tell->uid, &entry, od_manager_oldest_us(manager));
	if (r < 0)
		(void) od_log_result(OD_LOG_WARNING, r, "a record could not be written");
}

static void note_runner(struct od_manager *manager, const struct od_tell *tell)
{
	if (tell->start == 0)
		return;
	od_sweep_note(
		manager->runners, tell->pid, tell->start, tell->uid, tell->ruling.messenger->id);
	/* Its person's hours may end. */
	if (manager->endings)
		od_endings_review(manager->endings);
}

void od_telling_tell(struct od_manager *manager, struct od_tell *tell)
{
	switch (tell->kind) {
	case OD_TELL_TROUBLE:
		(void) od_log_result(OD_LOG_ERROR, tell->error,
			"the kernel could not hand out a program start; it was refused");
		return;
	case OD_TELL_STARTED:
		note_runner(manager, tell);
		break;
	case OD_TELL_WARNED:
		note_runner(manager, tell);
		if (!just_told(manager, tell)) {
			send_signal(manager, tell);
			record(manager, tell);
		}
		break;
	case OD_TELL_BLOCKED:
	case OD_TELL_ENDING:
	case OD_TELL_SHARED:
		if (!just_told(manager, tell)) {
			send_signal(manager, tell);
			record(manager, tell);
		}
		break;
	}
	od_ruling_done(&tell->ruling);
}

void od_telling_drain(struct od_manager *manager)
{
	struct od_tell tell;

	while (od_tells_take(manager->tells, &tell))
		od_telling_tell(manager, &tell);
}

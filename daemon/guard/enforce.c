/*
 * A policy comes into force in one step: the judge's pointer is swapped, the marks follow, and the
 * answering thread forgets what it had remembered. A faulty set changes nothing but what Problems
 * says. Without any policy nothing is marked.
 */
#include "guard/enforce.h"

#include "base/error.h"
#include "guard/ending.h"
#include "guard/manager.h"
#include "guard/sweep.h"
#include "runtime/log.h"

#define PROBLEMS_LOG 20

static void log_problems(const struct od_problems *problems)
{
	size_t logged = 0;

	od_array_foreach (problem, &problems->list) {
		if (problem->severity != OD_SEVERITY_ERROR)
			continue;
		if (logged++ < PROBLEMS_LOG)
			od_log(OD_LOG_ERROR, "%s:%u: %s", problem->file ? problem->file : "policy",
				problem->line, problem->text ? problem->text : "");
	}
}

static void tell_bus(struct od_manager *manager)
{
	static const char *const policy[] = { "Generation", "Hash", "Company", "Contact", "Files",
		"Faults", NULL };
	static const char *const guard[] = { "State", "Covered", "Uncovered", "PolicyHash", NULL };

	if (!manager->name_owned)
		return;
	/* Without memory for it nobody hears; they will ask again. */
	(void) od_bus_invalidate(manager->bus, OD_BUS_PATH, OD_BUS_NAME ".Policy", policy);
	(void) od_bus_invalidate(manager->bus, OD_BUS_PATH, OD_BUS_NAME ".Guard", guard);
	od_service_status(manager->service, od_guard_state_to_string(od_manager_state(manager)));
}

int od_enforce_set_marks(struct od_manager *manager)
{
	const struct od_policy *policy = manager->source.policy;
	struct od_marks_want want = { .only = manager->only_list,
		.filesystems = policy ? &policy->filesystems : NULL,
		.active = policy != NULL };

	if (!manager->exec_guard)
		return 0;
	return od_marks_set(od_exec_guard_marks(manager->exec_guard), &want);
}

void od_enforce_on_running(struct od_manager *manager)
{
	if (!manager->endings)
		return; /* not started yet, or nothing is guarded */
	/* A trial on one filesystem is no reason to meddle with what runs from others. */
	(void) od_sweep(manager->judge, manager->runners,
		manager->only_list ? od_exec_guard_marks(manager->exec_guard) : NULL);
	if (manager->share_guard)
		od_share_guard_update(manager->share_guard);
	od_endings_review(manager->endings);
}

int od_enforce(struct od_manager *manager)
{
	od_cleanup(od_zone_unrefp) struct od_zone *local = NULL;
	int r = od_ini_local_zone(
		manager->zone_data ? od_zone_data_localtime(manager->zone_data) : "/etc/localtime",
		&local);

	if (r != 0)
		(void) od_log_result(OD_LOG_WARNING, r, "the local time zone cannot be read");
	r = od_judge_set_policy(manager->judge, manager->source.policy, local);
	if (r < 0)
		return r;
	if (manager->exec_guard) {
		od_exec_guard_forget(manager->exec_guard);
		r = od_enforce_set_marks(manager);
	}
	if (manager->share_guard) {
		od_share_guard_update(manager->share_guard);
		if (od_share_guard_weaker(manager->share_guard))
			od_log(OD_LOG_WARNING, "sharing rules that ask only warn in this version");
	}
	od_people_refresh(manager->people);
	if (manager->endings)
		od_endings_expect_news(manager->endings);
	od_enforce_on_running(manager);
	return r;
}

int od_manager_reload(struct od_manager *manager)
{
	unsigned before = manager->source.generation;
	int r = od_source_reload(&manager->source), in_force = 0;

	if (manager->source.generation != before) {
		in_force = od_enforce(manager);
		od_log(OD_LOG_NOTICE, "policy %.12s is in force%s", manager->source.policy->sha256,
			manager->source.from_last_good ? " (the last good one)" : "");
	}
	if (r == OD_E_POLICY) {
		od_log(OD_LOG_ERROR, "the new policy has faults: %s",
			manager->source.policy ? "the last good one stays in force"
					       : "there is none in force");
		log_problems(&manager->source.problems);
	} else if (r == OD_E_BUSY) {
		od_log(OD_LOG_NOTICE, "the policy changes while it is read: once more, later");
		if (od_watch_again(manager->watch) < 0)
			od_log(OD_LOG_ERROR, "out of memory");
	} else if (r != 0) {
		(void) od_log_result(OD_LOG_ERROR, r, "the policy cannot be read");
	}
	tell_bus(manager);
	return r != 0 ? r : in_force;
}

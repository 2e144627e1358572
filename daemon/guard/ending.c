/*
 * State, not edges: each review judges all running messengers anew, and a timer asks for the next one
 * when somebody's hours change. The grace time is measured on a clock nobody steps.
 *
 * First SIGTERM, as a desktop does at logout; SIGKILL for what is still there a while later. A person
 * not looked up yet is decided about at a later review.
 */
#include "guard/ending.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-event.h>
#include <time.h>

#include "base/error.h"
#include "guard/manager.h"
#include "guard/telling.h"
#include "guard/tree.h"
#include "runtime/log.h"

#define KILL_AFTER_US (5 * OD_USEC_PER_SEC)
#define LOOK_UP_US    (2 * OD_USEC_PER_SEC)

struct ending {
	struct od_runner runner;
	uint64_t due_us; /* CLOCK_MONOTONIC */
	bool asked;      /* SIGTERM was sent */
	bool seen;       /* by the review under way */
};

struct od_endings {
	struct od_manager *manager;
	sd_event_source *due;
	struct od_timer *hours;
	int64_t news_us; /* on the policy's clock; 0: none expected */
	OD_ARRAY(struct ending) list;
};

static uint64_t now_us(void)
{
	struct timespec now;

	(void) clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail for this clock */
	return (uint64_t) now.tv_sec * 1000000 + (uint64_t) now.tv_nsec / 1000;
}

static struct ending *find(struct od_endings *endings, const struct od_runner *runner)
{
	od_array_foreach (ending, &endings->list)
		if (ending->runner.pid == runner->pid && ending->runner.start == runner->start &&
			strcmp(ending->runner.messenger, runner->messenger) == 0)
			return ending;
	return NULL;
}

static bool still_runs(struct od_endings *endings, const struct od_runner *runner)
{
	struct od_runners *runners = endings->manager->runners;

	for (size_t i = 0; i < od_runners_count(runners); i++) {
		const struct od_runner *other = od_runners_at(runners, i);

		if (other->pid == runner->pid && other->start == runner->start)
			return true;
	}
	return false;
}

static void arm(struct od_endings *endings)
{
	uint64_t first = UINT64_MAX;

	od_array_foreach (ending, &endings->list)
		if (ending->due_us < first)
			first = ending->due_us;
	if (first == UINT64_MAX) {
		(void) sd_event_source_set_enabled(endings->due, SD_EVENT_OFF);
		return;
	}
	(void) sd_event_source_set_time(endings->due, first);
	(void) sd_event_source_set_enabled(endings->due, SD_EVENT_ONESHOT);
}

/* ---- ending -------------------------------------------------------------------------------------- */

static void drop(struct od_endings *endings, struct ending *ending)
{
	*ending = endings->list.items[--endings->list.n];
}

static void end(struct od_endings *endings, struct ending *ending, int number)
{
	struct od_policy *policy = od_judge_policy(endings->manager->judge);
	const struct od_messenger *messenger =
		policy && policy->catalogue
			? od_catalogue_find(policy->catalogue, ending->runner.messenger)
			: NULL;

	(void) od_tree_signal(&ending->runner, messenger, number);
	od_policy_unref(policy);
}

static int on_due(OD_UNUSED sd_event_source *source, OD_UNUSED uint64_t at, void *userdata)
{
	struct od_endings *endings = userdata;
	uint64_t now = now_us();

	/* What was decided before may be decided otherwise by now. */
	od_endings_review(endings);
	for (size_t i = endings->list.n; i-- > 0;) {
		struct ending *ending = &endings->list.items[i];

		if (ending->due_us > now)
			continue;
		end(endings, ending, ending->asked ? SIGKILL : SIGTERM);
		if (!ending->asked)
			od_count(&endings->manager->counters, OD_COUNT_ENDED);
		ending->asked = true;
		ending->due_us = now + KILL_AFTER_US;
	}
	arm(endings);
	return 0;
}

/* ---- reviewing ----------------------------------------------------------------------------------- */

static void warn(struct od_endings *endings, const struct od_runner *runner,
	struct od_ruling *ruling, int64_t grace_us)
{
	struct od_tell tell = { .kind = OD_TELL_ENDING,
		.ruling = *ruling,
		.uid = runner->uid,
		.pid = runner->pid,
		.grace_us = grace_us };

	memset(ruling, 0, sizeof(*ruling)); /* the tell has it now */
	od_telling_tell(endings->manager, &tell);
}

static void condemn(
	struct od_endings *endings, const struct od_runner *runner, struct od_ruling *ruling)
{
	struct ending *ending = find(endings, runner);
	int64_t grace_us = ruling->policy->grace_us;

	if (!ending) {
		ending = od_array_add(&endings->list);
		if (!ending)
			return; /* the next review tries again */
		*ending = (struct ending){ .runner = *runner,
			.due_us = now_us() + (uint64_t) grace_us };
		warn(endings, runner, ruling, grace_us);
	}
	ending->seen = true;
}

/* Return: the next instant at which it may be decided otherwise. */
static int64_t review_one(struct od_endings *endings, const struct od_runner *runner, int64_t now)
{
	struct od_judge *judge = endings->manager->judge;
	struct od_ruling ruling = { .policy = od_judge_policy(judge) };
	int64_t until = OD_NEVER;

	if (ruling.policy && ruling.policy->catalogue)
		ruling.messenger = od_catalogue_find(ruling.policy->catalogue, runner->messenger);
	if (ruling.messenger && od_launch_governs(ruling.policy, runner->uid)) {
		od_judge_launch(judge, runner->uid, now, &ruling);
		if (!ruling.human)
			until = now + LOOK_UP_US;
		else if (ruling.decision.depends_on_time)
			until = od_judge_duty_until(judge, ruling.policy, ruling.human, now);
		if (ruling.decision.verdict == OD_VERDICT_BLOCK)
			condemn(endings, runner, &ruling);
	}
	od_ruling_done(&ruling);
	return until;
}

void od_endings_review(struct od_endings *endings)
{
	struct od_runners *runners = endings->manager->runners;
	int64_t now = od_judge_now(endings->manager->judge), next = OD_NEVER;

	od_array_foreach (ending, &endings->list)
		ending->seen = false;
	for (size_t i = 0; i < od_runners_count(runners); i++) {
		struct od_runner runner = *od_runners_at(runners, i);
		int64_t until = review_one(endings, &runner, now);

		next = until < next ? until : next;
	}
	for (size_t i = endings->list.n; i-- > 0;) {
		struct ending *ending = &endings->list.items[i];

		if (!ending->seen || !still_runs(endings, &ending->runner))
			drop(endings, ending);
	}
	if (endings->news_us > now)
		next = endings->news_us < next ? endings->news_us : next;
	else
		endings->news_us = 0;
	if (od_timer_set(endings->hours, next) != 0)
		od_log(OD_LOG_WARNING, "no timer: a change of hours may go unnoticed");
	arm(endings);
}

void od_endings_expect_news(struct od_endings *endings)
{
	endings->news_us = od_judge_now(endings->manager->judge) + LOOK_UP_US;
}

static void on_hours(void *userdata)
{
	od_endings_review(userdata);
}

int od_endings_new(struct od_manager *manager, struct od_endings **ret)
{
	od_cleanup(od_endings_freep) struct od_endings *endings = calloc(1, sizeof(*endings));
	int r;

	if (!endings)
		return -ENOMEM;
	endings->manager = manager;
	r = sd_event_add_time(od_service_event(manager->service), &endings->due, CLOCK_MONOTONIC,
		UINT64_MAX, 100000, on_due, endings);
	if (r < 0)
		return r;
	(void) sd_event_source_set_enabled(endings->due, SD_EVENT_OFF);
	r = od_timer_new(manager->clock, on_hours, endings, &endings->hours);
	if (r != 0)
		return r;
	*ret = od_take(&endings);
	return 0;
}

void od_endings_free(struct od_endings *endings)
{
	if (!endings)
		return;
	sd_event_source_disable_unref(endings->due);
	od_timer_free(endings->hours);
	free(endings->list.items);
	free(endings);
}

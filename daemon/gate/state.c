/*
 * Policy, person, zone, leave, choice and clock; out of them, duty.
 *
 * The policy is the newest good set; where the live one is faulty at the start, the last good one
 * the guard keeps. A timer stands at the instant duty changes next; a stepped clock, a resume, other
 * zone data, lists of absences or turns, and a changed policy each evaluate at once. Nothing is
 * evaluated by the way.
 */
#include "gate/state.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "gate/person.h"
#include "ini/feeds.h"
#include "ini/source.h"
#include "runtime/clock.h"
#include "runtime/log.h"
#include "runtime/watch.h"
#include "runtime/zone_data.h"

#define SETTLE_US   300000
#define WATCHED_MAX 16
#define SPANS_MAX   2000 /* looked at to find when duty begins; years of ordinary hours */
#define YEAR_US     (366 * 24 * 3600 * OD_USEC_PER_SEC)
#define WORKED_US   (7 * 24 * 3600 * OD_USEC_PER_SEC) /* further back nobody asks for rest */
#define RETRY_US    (60 * OD_USEC_PER_SEC)

struct od_state {
	struct od_clock *clock; /* borrowed */
	struct od_timer *timer;
	struct od_watch *policy_watch, *feeds_watch;
	struct od_zone_data *zone_data;
	struct od_ini_paths *paths;
	char *last_good, *settings_path, *instants_folder;
	struct od_source source;
	struct od_whoami who;
	struct od_zone *local;
	struct od_feeds feeds;
	struct od_settings settings;
	struct od_duty duty;
	void (*changed)(void *userdata);
	void *userdata;
};

static struct od_choice choice_in_force(const struct od_state *state)
{
	struct od_choice none = { OD_CHOICE_NONE, 0 };
	const struct od_choice *choice = &state->settings.choice;

	if (choice->kind == OD_CHOICE_NONE || od_clock_now(state->clock) >= choice->until_us)
		return none;
	if (choice->kind == OD_CHOICE_LIFT && state->source.policy &&
		!(state->source.policy->may & OD_MAY_LIFT))
		return none; /* was allowed when it was chosen */
	return *choice;
}

static struct od_duty_input duty_input(const struct od_state *state, struct od_choice choice)
{
	return (struct od_duty_input){
		.policy = state->source.policy,
		.person = &state->who.person,
		.local = state->local,
		.leave = state->feeds.leave,
		.turns = state->feeds.turns.items,
		.n_turns = state->feeds.turns.n,
		.choice = choice,
	};
}

static void duty_at(
	const struct od_state *state, struct od_choice choice, int64_t at_us, struct od_duty *ret)
{
	const struct od_duty_input input = duty_input(state, choice);

	if (state->source.policy)
		od_duty_at(&input, at_us, ret);
	else
		*ret = (struct od_duty){ .on = true, .scheduled_on = true, .until_us = OD_NEVER };
}

static void evaluate(struct od_state *state)
{
	int64_t now = od_clock_now(state->clock), next;
	struct od_choice choice = choice_in_force(state);
	int r;

	duty_at(state, choice, now, &state->duty);
	next = state->duty.until_us;
	if (choice.kind != OD_CHOICE_NONE && choice.until_us < next)
		next = choice.until_us;
	if (next <= now)
		next = now + RETRY_US; /* cannot be; but never a busy loop */
	r = od_timer_set(state->timer, next);
	if (r != 0)
		(void) od_log_result(OD_LOG_ERROR, r, "cannot wait for the next change of duty");
}

static int save(struct od_state *state)
{
	int r = od_settings_save(state->settings_path, &state->settings);

	return r == 0 ? 0 : od_log_result(OD_LOG_ERROR, r, "cannot keep the settings");
}

/* Once duty has begun again, what was worked before it is of no use any more. */
static void forget_work(struct od_state *state)
{
	int64_t *until = &state->settings.worked_until_us;

	if (*until == 0 || !state->duty.scheduled_on || od_clock_now(state->clock) < *until)
		return;
	*until = 0;
	(void) save(state); /* logged there; it is forgotten all the same */
}

static void evaluate_and_tell(void *userdata)
{
	struct od_state *state = userdata;

	evaluate(state);
	forget_work(state);
	state->changed(state->userdata);
}

static void load_zone(struct od_state *state)
{
	const char *path = od_zone_data_localtime(state->zone_data);
	struct od_zone *local = NULL;
	int r = od_ini_local_zone(path, &local);

	if (r != 0)
		(void) od_log_result(OD_LOG_WARNING, r, "%s", path);
	if (!local)
		local = state->local ? od_zone_ref(state->local) : od_zone_utc();
	od_zone_unref(state->local);
	state->local = local;
}

static void load_feeds(struct od_state *state)
{
	int r = 0;

	od_feeds_done(&state->feeds);
	if (state->source.policy)
		r = od_feeds_load(state->source.policy, &state->who.person, state->instants_folder,
			&state->feeds);
	if (r != 0)
		(void) od_log_result(
			OD_LOG_WARNING, r, "a list of absences or on-call turns is not used");
}

static void load_policy(struct od_state *state)
{
	struct od_whoami who;
	int r = od_source_reload(&state->source);

	if (r == OD_E_POLICY)
		od_log(OD_LOG_WARNING, "the policy has faults; %s (see: offduty policy check)",
			state->source.policy ? "the last good one stays in force"
					     : "none is in force");
	else if (r == OD_E_BUSY && state->policy_watch)
		r = od_watch_again(state->policy_watch); /* it changes while it is read */
	if (r != 0 && r != OD_E_POLICY)
		(void) od_log_result(OD_LOG_ERROR, r, "cannot read the policy");
	if (od_whoami_load(&who) != 0)
		return; /* who they were */
	od_whoami_done(&state->who);
	state->who = who;
}

void od_state_reload(struct od_state *state)
{
	load_policy(state);
	load_feeds(state);
	evaluate_and_tell(state);
}

static void on_policy_change(void *userdata)
{
	od_state_reload(userdata);
}

/* The zones of the policy are read with it: the same files, and yet another policy. */
static void on_zone_change(void *userdata)
{
	struct od_state *state = userdata;

	load_zone(state);
	state->source.renew = true;
	od_state_reload(state);
}

static void on_feeds_change(void *userdata)
{
	struct od_state *state = userdata;

	load_feeds(state);
	evaluate_and_tell(state);
}

static int watch_policy(struct od_state *state, struct sd_event *event)
{
	const char *const *kinds[] = { state->paths->policy, state->paths->catalogue,
		state->paths->holidays };
	const char *paths[WATCHED_MAX + 1] = { NULL };
	size_t n = 0;

	for (size_t k = 0; k < OD_ELEMENTS(kinds); k++) {
		for (size_t i = 0; kinds[k] && kinds[k][i] && n < WATCHED_MAX; i++)
			paths[n++] = kinds[k][i];
	}
	return od_watch_new(event, paths, SETTLE_US, on_policy_change, state, &state->policy_watch);
}

static int watch_feeds(struct od_state *state, struct sd_event *event)
{
	char leave[PATH_MAX], on_call[PATH_MAX];
	const char *paths[] = { leave, on_call, NULL };

	if (snprintf(leave, sizeof(leave), "%s/leave", state->instants_folder) >= PATH_MAX ||
		snprintf(on_call, sizeof(on_call), "%s/on-call", state->instants_folder) >=
			PATH_MAX)
		return -ENAMETOOLONG;
	return od_watch_new(event, paths, SETTLE_US, on_feeds_change, state, &state->feeds_watch);
}

static int watch_all(struct od_state *state, struct sd_event *event, const char *root)
{
	int r = od_timer_new(state->clock, evaluate_and_tell, state, &state->timer);

	if (r == 0)
		r = od_clock_on_step(state->clock, evaluate_and_tell, state);
	if (r == 0)
		r = watch_policy(state, event);
	if (r == 0)
		r = watch_feeds(state, event);
	if (r == 0)
		r = od_zone_data_new(event, root, on_zone_change, state, &state->zone_data);
	return r;
}

static void load_settings(struct od_state *state)
{
	int r = od_settings_load(state->settings_path, &state->settings);

	if (r != 0)
		(void) od_log_result(OD_LOG_WARNING, r, "the settings file is not used");
}

static int name_places(struct od_state *state, const char *root, const char *settings)
{
	state->settings_path = strdup(settings);
	if (asprintf(&state->last_good, "%s" OFFDUTY_STATE_DIR "/last-good", root) < 0)
		state->last_good = NULL;
	if (asprintf(&state->instants_folder, "%s" OFFDUTY_INSTANTS_DIR, root) < 0)
		state->instants_folder = NULL;
	return state->settings_path && state->last_good && state->instants_folder ? 0 : -ENOMEM;
}

int od_state_new(const struct od_state_options *options, struct od_state **ret)
{
	od_cleanup(od_state_freep) struct od_state *state = calloc(1, sizeof(*state));
	const char *root = options->root ? options->root : "";
	int r;

	if (!state)
		return -ENOMEM;
	state->clock = options->clock;
	state->changed = options->changed;
	state->userdata = options->userdata;
	r = name_places(state, root, options->settings);
	if (r != 0)
		return r;
	r = od_ini_paths_new(root, &state->paths);
	if (r != 0)
		return r;
	state->source.paths = *state->paths;
	state->source.last_good_dir = state->last_good;
	load_settings(state);
	/* Watch first, then read: a change in between is seen. */
	r = watch_all(state, options->event, root);
	if (r != 0)
		return r;
	load_zone(state);
	load_policy(state);
	load_feeds(state);
	evaluate(state);
	*ret = od_take(&state);
	return 0;
}

void od_state_free(struct od_state *state)
{
	if (!state)
		return;
	od_watch_free(state->policy_watch);
	od_watch_free(state->feeds_watch);
	od_zone_data_free(state->zone_data);
	od_timer_free(state->timer);
	od_source_done(&state->source);
	od_ini_paths_free(state->paths);
	od_whoami_done(&state->who);
	od_zone_unref(state->local);
	od_feeds_done(&state->feeds);
	free(state->instants_folder);
	free(state->last_good);
	free(state->settings_path);
	free(state);
}

int64_t od_state_now(const struct od_state *state)
{
	return od_clock_now(state->clock);
}

const struct od_policy *od_state_policy(const struct od_state *state)
{
	return state->source.policy;
}

unsigned od_state_generation(const struct od_state *state)
{
	return state->source.generation;
}

const struct od_duty *od_state_duty(const struct od_state *state)
{
	return &state->duty;
}

struct od_choice od_state_choice(const struct od_state *state)
{
	return choice_in_force(state);
}

/* The first instant after @from at which duty begins, on another day than @from where @other_day;
 * by the schedule alone. OD_NEVER: it does not. */
static int64_t next_begin(const struct od_state *state, int64_t from, bool other_day)
{
	const struct od_choice none = { OD_CHOICE_NONE, 0 };
	int32_t today, day, seconds;
	struct od_duty duty;
	int64_t at = from;
	bool was_on;

	od_zone_civil(state->local, from, &today, &seconds);
	duty_at(state, none, at, &duty);
	for (int i = 0; i < SPANS_MAX; i++) {
		was_on = duty.on;
		if (duty.until_us == OD_NEVER || duty.until_us <= at)
			return OD_NEVER;
		at = duty.until_us;
		duty_at(state, none, at, &duty);
		if (was_on || !duty.on)
			continue;
		od_zone_civil(state->local, at, &day, &seconds);
		if (!other_day || day != today)
			return at;
	}
	return OD_NEVER;
}

int od_state_choose(struct od_state *state, enum od_choice_kind kind, int64_t until_us)
{
	int64_t now = od_clock_now(state->clock);
	struct od_choice choice = { kind, until_us };
	int r;

	if (kind == OD_CHOICE_LIFT && state->source.policy &&
		!(state->source.policy->may & OD_MAY_LIFT))
		return OD_E_ACCESS;
	if (kind == OD_CHOICE_NONE)
		choice.until_us = 0;
	else if (until_us == 0)
		choice.until_us = next_begin(state, now, kind == OD_CHOICE_REST);
	else if (until_us <= now || until_us > now + YEAR_US)
		return OD_E_RANGE;
	state->settings.choice = choice;
	r = save(state);
	evaluate_and_tell(state);
	return r;
}

enum od_deliver od_state_deliver(const struct od_state *state, bool *ret_own)
{
	const struct od_policy *policy = state->source.policy;
	bool own =
		state->settings.has_deliver && (!policy || (policy->may & OD_MAY_CHOOSE_DELIVERY));

	if (ret_own)
		*ret_own = own;
	if (own)
		return state->settings.deliver;
	return policy ? policy->notifications.deliver : OD_DELIVER_DIGEST;
}

int od_state_set_deliver(struct od_state *state, const enum od_deliver *deliver)
{
	if (deliver && state->source.policy &&
		!(state->source.policy->may & OD_MAY_CHOOSE_DELIVERY))
		return OD_E_ACCESS;
	state->settings.has_deliver = deliver != NULL;
	state->settings.deliver = deliver ? *deliver : OD_DELIVER_DIGEST;
	return save(state);
}

bool od_state_rest(const struct od_state *state, struct od_rest *ret)
{
	const struct od_choice none = { OD_CHOICE_NONE, 0 };
	const struct od_duty_input input = duty_input(state, none);
	int64_t worked = state->settings.worked_until_us;

	return state->source.policy &&
	       od_rest_at(&input, worked ? worked : INT64_MIN, od_clock_now(state->clock), ret);
}

int od_state_worked(struct od_state *state, int64_t from_us, int64_t until_us)
{
	int64_t now = od_clock_now(state->clock);
	struct od_rest rest;
	int r = 0;

	if (from_us > until_us || until_us > now || until_us < now - WORKED_US)
		return OD_E_RANGE;
	if (!od_state_rest(state, &rest) || until_us <= rest.since_us)
		return OD_E_NOT_FOUND;
	if (od_rest_restarts(&rest, from_us)) {
		state->settings.worked_until_us = until_us;
		r = save(state);
	}
	evaluate_and_tell(state);
	return r;
}

void od_state_lists(const struct od_state *state, int64_t *ret_leave_us, int64_t *ret_on_call_us)
{
	*ret_leave_us = state->feeds.leave_made_us;
	*ret_on_call_us = state->feeds.on_call_made_us;
}

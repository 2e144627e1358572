/*
 * What would change if a policy were pushed: decided by both policies for everybody and for every
 * group and person they name (model/compare), held against what runs here now, and the lines that
 * differ. Nothing is asked of a daemon: it may have neither of the two in force.
 */
#include <errno.h>
#include <json-c/json.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/translate.h"
#include "cli.h"
#include "commands.h"
#include "diff.h"
#include "output.h"
#include "places.h"

#define DAYS (86400 * OD_USEC_PER_SEC)
#define SPAN (14 * DAYS)

/* ---- whom it is about ---------------------------------------------------------------------------- */

static int add_name(od_strings *names, const char *name)
{
	return od_strings_contains(names, name) ? 0 : od_strings_add(names, name, (size_t) -1);
}

static int add_who(const struct od_who *who, od_strings *groups, od_strings *people)
{
	int r = 0;

	od_array_foreach (name, &who->groups)
		r = r ? r : add_name(groups, *name);
	od_array_foreach (name, &who->people)
		r = r ? r : add_name(people, *name);
	return r;
}

/* Everybody named where verdicts and hours are decided. */
static int collect(const struct od_policy *policy, od_strings *groups, od_strings *people)
{
	int r = 0;

	od_array_foreach (rule, &policy->messengers)
		r = r ? r : add_who(&rule->who, groups, people);
	od_array_foreach (schedule, &policy->schedules)
		r = r ? r : add_who(&schedule->who, groups, people);
	return r;
}

static int add_subject(struct od_diff *diff, enum od_subject_kind kind, const char *name)
{
	struct od_subject *subject = od_array_add(&diff->subjects);

	if (!subject)
		return -ENOMEM;
	subject->kind = kind;
	return kind == OD_SUBJECT_GROUP    ? od_offline_member(name, &subject->who)
	       : kind == OD_SUBJECT_PERSON ? od_offline_person(name, &subject->who)
					   : 0;
}

static int add_subjects(struct od_diff *diff)
{
	od_cleanup(od_strings_done) od_strings groups = { 0 }, people = { 0 };
	int r = collect(diff->before, &groups, &people);

	if (r == 0)
		r = collect(diff->after, &groups, &people);
	if (r == 0)
		r = add_subject(diff, OD_SUBJECT_EVERYBODY, NULL);
	od_array_foreach (name, &groups)
		r = r ? r : add_subject(diff, OD_SUBJECT_GROUP, *name);
	od_array_foreach (name, &people)
		r = r ? r : add_subject(diff, OD_SUBJECT_PERSON, *name);
	return r;
}

/* ---- the comparison ------------------------------------------------------------------------------ */

static int compare(struct od_diff *diff)
{
	od_cleanup(od_freep) const struct od_person **list =
		calloc(diff->subjects.n, sizeof(*list));

	if (!list)
		return -ENOMEM;
	for (size_t i = 1; i < diff->subjects.n; i++)
		list[i] = &diff->subjects.items[i].who.person;
	return od_compare(diff->before, diff->after, list, diff->subjects.n, diff->local,
		diff->now_us, diff->now_us + SPAN, &diff->compared);
}

static enum od_verdict verdict_of(const struct od_diff *diff, const struct od_policy *policy,
	const struct od_known_person *who, const char *id)
{
	const struct od_duty_input input = {
		.policy = policy, .person = &who->person, .local = diff->local
	};
	const struct od_messenger *messenger = od_catalogue_find(policy->catalogue, id);
	struct od_decision decision;
	struct od_duty duty;

	od_duty_at(&input, diff->now_us, &duty);
	od_launch_decide(policy, &who->person, messenger, duty.on, &decision);
	return decision.verdict;
}

/* Of what runs, that which is judged otherwise by the new policy. */
static int find_running(struct od_diff *diff)
{
	od_runnings all = { 0 };
	int r = od_running_find(diff->after->catalogue, &all);

	od_array_foreach (running, &all) {
		od_cleanup(od_known_person_done) struct od_known_person who = { 0 };
		struct od_diff_running *one;

		if (r == 0)
			r = od_offline_uid(running->uid, &who);
		if (r != 0)
			break;
		one = od_array_add(&diff->running);
		if (!one)
			r = -ENOMEM;
		else
			*one = (struct od_diff_running){ *running,
				verdict_of(diff, diff->before, &who, running->messenger->id),
				verdict_of(diff, diff->after, &who, running->messenger->id) };
		if (one && one->before == one->after)
			diff->running.n--;
	}
	free(all.items);
	return r;
}

static int read_settings(
	struct od_diff *diff, const struct od_places *before, const struct od_places *after)
{
	int r = od_effective_read(&before->paths, before->files, &diff->written_before);

	if (r == 0)
		r = od_effective_read(&after->paths, after->files, &diff->written_after);
	return r == 0 ? od_settings_compare(
				diff->written_before, diff->written_after, &diff->settings)
		      : r;
}

static void diff_done(struct od_diff *diff)
{
	od_array_foreach (subject, &diff->subjects)
		od_known_person_done(&subject->who);
	free(diff->subjects.items);
	od_compared_done(&diff->compared);
	free(diff->running.items);
	free(diff->settings.items);
	od_effective_free(diff->written_before);
	od_effective_free(diff->written_after);
	od_policy_unref(diff->before);
	od_policy_unref(diff->after);
	od_zone_unref(diff->local);
}

static bool has_changes(const struct od_diff *diff)
{
	return diff->compared.launches.n + diff->compared.hours.n + diff->settings.n > 0;
}

/* One folder: what is installed, and the same with that folder as the admin's; two: one and the
 * other. */
static int find_places(const struct od_cli *cli, struct od_places *before, struct od_places *after)
{
	int r = od_places_find(cli, cli->arguments, cli->n_arguments - 1, before);

	if (r == 0 && cli->n_arguments == 2)
		r = od_places_find(cli, cli->arguments + 1, 1, after);
	else if (r == 0)
		r = od_places_pushed(cli, cli->arguments[0], after);
	return r;
}

/* What is installed may be faulty, and the push its cure: then the last good set is in force. */
static int load_before(const struct od_cli *cli, struct od_places *places, struct od_policy **ret)
{
	od_cleanup(od_problems_done) struct od_problems problems = { 0 };
	int r;

	if (!places->installed || od_ini_load(&places->paths, &problems, ret) != OD_E_POLICY)
		return *ret ? 0 : od_places_require(cli, places, true, ret);
	od_places_done(places);
	*places = (struct od_places){ 0 };
	r = od_places_last_good(cli, places);
	if (r != 0)
		return r;
	fprintf(stderr, "offduty: %s\n",
		_("the installed policy has faults; compared with the last good one."));
	return od_places_require(cli, places, true, ret);
}

int od_cmd_policy_diff(struct od_cli *cli)
{
	od_cleanup(od_places_done) struct od_places before = { 0 }, after = { 0 };
	od_cleanup(diff_done) struct od_diff diff = { .local = od_offline_zone() };
	int r = find_places(cli, &before, &after);

	if (r == 0)
		r = load_before(cli, &before, &diff.before);
	if (r == 0)
		r = od_places_require(cli, &after, false, &diff.after);
	if (r == 0)
		r = od_offline_at(cli, diff.local, &diff.now_us);
	if (r != 0)
		return r;
	r = add_subjects(&diff);
	if (r == 0)
		r = compare(&diff);
	if (r == 0)
		r = find_running(&diff);
	if (r == 0)
		r = read_settings(&diff, &before, &after);
	if (r != 0)
		return od_cli_fail(cli, r, NULL);
	if (cli->json)
		od_diff_json(&diff);
	else
		od_diff_text(&diff);
	return has_changes(&diff) ? OD_E_CHANGES : 0;
}

#include "hours.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/translate.h"
#include "bus/wire.h"
#include "cli.h"
#include "output.h"
#include "places.h"
#include "problems.h"
#include "when.h"

#define MINUTE (60 * OD_USEC_PER_SEC)

bool od_hours_are_offline(const struct od_cli *cli)
{
	return od_cli_flag(cli, "policy") || od_cli_flag(cli, "groups") ||
	       od_cli_flag(cli, "user") || od_cli_flag(cli, "at");
}

/* -- who ----------------------------------------------------------------------------------- */

static int take_groups(const char *list, struct od_known_person *who)
{
	int r = 0;

	od_strings_done(&who->groups);
	who->groups = (od_strings){ 0 };
	while (r == 0 && *list) {
		size_t n = strcspn(list, ",");

		if (n > 0)
			r = od_strings_add(&who->groups, list, n);
		list += n + (list[n] == ',');
	}
	who->person.groups = (const char *const *) who->groups.items;
	who->person.n_groups = who->groups.n;
	return r;
}

static int find_person(const struct od_cli *cli, struct od_hours *hours)
{
	const char *user = od_cli_flag(cli, "user"), *groups = od_cli_flag(cli, "groups");
	int r;

	if (user)
		r = od_offline_person(user, &hours->who);
	else if (groups)
		r = od_offline_member("", &hours->who);
	else
		r = od_offline_uid(getuid(), &hours->who);
	if (r == 0 && groups)
		r = take_groups(groups, &hours->who);
	return r == 0 ? 0 : od_cli_fail(cli, r, NULL);
}

/* -- policy -------------------------------------------------------------------------------- */

static int load_offline(const struct od_cli *cli, struct od_hours *hours)
{
	od_cleanup(od_places_done) struct od_places places = { 0 };
	const char *said = od_cli_flag(cli, "policy");
	od_cleanup(od_freep) char *folder = said ? strdup(said) : NULL;
	int r;

	if (said && !folder)
		return od_cli_fail(cli, -ENOMEM, NULL);
	r = od_places_find(cli, &folder, said ? 1 : 0, &places);
	if (r == 0)
		r = od_places_require(cli, &places, false, &hours->policy);
	hours->input.policy = hours->policy;
	return r;
}

/* The installed one as the gate reads it: where it is faulty, the last good one. */
static int load_installed(const struct od_cli *cli, struct od_hours *hours)
{
	const char *root = od_places_root(cli);
	int r = od_ini_paths_new(root, &hours->paths);

	if (r == 0 && asprintf(&hours->last_good, "%s" OFFDUTY_STATE_DIR "/last-good", root) < 0) {
		hours->last_good = NULL;
		r = -ENOMEM;
	}
	if (r != 0)
		return od_cli_fail(cli, r, NULL);
	hours->source.paths = *hours->paths;
	hours->source.last_good_dir = hours->last_good;
	hours->source.problems.translate = od_translate;
	r = od_source_reload(&hours->source);
	hours->input.policy = hours->source.policy;
	if (hours->source.policy)
		return 0;
	if (r == OD_E_POLICY)
		od_problems_show(cli, &hours->source.problems, NULL);
	return r == OD_E_POLICY ? r : od_cli_fail(cli, r, NULL);
}

/* Lists of this host are about its own policy; of another one only below a --root said by hand. */
static void load_feeds(const struct od_cli *cli, struct od_hours *hours)
{
	const char *root = od_places_root(cli);
	char folder[512];

	if ((od_cli_flag(cli, "policy") && !*root) ||
		snprintf(folder, sizeof(folder), "%s" OFFDUTY_INSTANTS_DIR, root) >=
			(int) sizeof(folder))
		return;
	if (od_feeds_load(hours->input.policy, &hours->who.person, folder, &hours->feeds) != 0)
		fprintf(stderr, "offduty: %s\n",
			_("a list of absences or on-call turns cannot be read; it is left out."));
	hours->input.leave = hours->feeds.leave;
	hours->input.turns = hours->feeds.turns.items;
	hours->input.n_turns = hours->feeds.turns.n;
}

/* -- time and choice ----------------------------------------------------------------------- */

static int ask_gate(const struct od_cli *cli, struct od_hours *hours)
{
	od_cleanup(od_daemon_done) struct od_daemon gate;
	od_cleanup(od_duty_view_done) struct od_duty_view duty = { 0 };
	od_cleanup(od_properties_done) struct od_properties held = { 0 };

	od_daemon_gate(cli, &gate);
	if (gate.result != 0 || od_duty_view_read(&gate, &duty) != 0 ||
		od_daemon_read(&gate, "Held", &held) != 0)
		return od_daemon_fail(cli, &gate);
	hours->at_us = duty.now_us;
	od_rest_view_read(&duty.properties, &hours->rest);
	hours->held = od_wire_get_uint32(&held.dict, "Count", 0);
	hours->input.choice.until_us = duty.choice_until_us;
	if (!od_choice_from_string(duty.choice, &hours->input.choice.kind))
		hours->input.choice.kind = OD_CHOICE_NONE;
	if (strcmp(od_member_string(&duty.properties.dict, "PolicyHash"),
		    hours->input.policy->sha256) != 0)
		fprintf(stderr, "offduty: %s\n",
			_("the gate goes by another policy than these files; see: offduty status"));
	return 0;
}

static void rest_offline(const struct od_hours *hours, struct od_rest_view *ret)
{
	struct od_rest rest;

	*ret = (struct od_rest_view){ 0 };
	if (!od_rest_at(&hours->input, INT64_MIN, hours->at_us, &rest))
		return;
	*ret = (struct od_rest_view){ .known = true,
		.weekly = rest.weekly,
		.since_us = rest.since_us,
		.taken_us = rest.taken_us,
		.required_us = rest.required_us,
		.resume_us = rest.resume_us,
		.next_us = rest.next_us };
	(void) snprintf(ret->law, sizeof(ret->law), "%s", rest.law->id);
}

int od_hours_open(const struct od_cli *cli, struct od_hours *ret)
{
	int r;

	*ret = (struct od_hours){ .offline = od_hours_are_offline(cli) };
	ret->local = od_offline_zone();
	r = find_person(cli, ret);
	if (r == 0)
		r = ret->offline ? load_offline(cli, ret) : load_installed(cli, ret);
	if (r != 0)
		return r;
	ret->input.person = &ret->who.person;
	ret->input.local = ret->local;
	load_feeds(cli, ret);
	ret->zone = od_duty_zone(&ret->input);
	if (!ret->offline)
		return ask_gate(cli, ret);
	r = od_offline_at(cli, ret->zone, &ret->at_us);
	if (r == 0)
		rest_offline(ret, &ret->rest);
	return r;
}

void od_hours_done(struct od_hours *hours)
{
	od_feeds_done(&hours->feeds);
	od_policy_unref(hours->policy);
	od_source_done(&hours->source);
	od_ini_paths_free(hours->paths);
	od_known_person_done(&hours->who);
	od_zone_unref(hours->local);
	free(hours->last_good);
	*hours = (struct od_hours){ 0 };
}

int od_hours_view(const struct od_hours *hours, int64_t at_us, struct od_duty_view *ret)
{
	struct od_duty duty;

	od_duty_state(&hours->input, at_us, &duty);
	*ret = (struct od_duty_view){ .on = duty.on,
		.until_us = duty.until_us,
		.now_us = at_us,
		.choice = od_choice_to_string(hours->input.choice.kind),
		.choice_until_us = hours->input.choice.until_us,
		.reason = duty.reason,
		.zone = od_zone_ref((struct od_zone *) hours->zone) };
	return 0;
}

/* -- rest ---------------------------------------------------------------------------------- */

void od_rest_view_read(struct od_properties *duty, struct od_rest_view *ret)
{
	DBusMessageIter dict;
	const char *law;

	*ret = (struct od_rest_view){ 0 };
	if (!od_wire_find(&duty->dict, "LegalRest", &dict) ||
		(law = od_wire_get_string(&dict, "law")) == NULL)
		return;
	*ret = (struct od_rest_view){ .known = true,
		.weekly = od_member_bool(&dict, "weekly"),
		.since_us = od_wire_get_int64(&dict, "since", 0),
		.taken_us = od_wire_get_int64(&dict, "taken", 0),
		.required_us = od_wire_get_int64(&dict, "required", 0),
		.resume_us = od_wire_get_int64(&dict, "resume", 0),
		.next_us = od_wire_get_int64(&dict, "next", OD_NEVER) };
	(void) snprintf(ret->law, sizeof(ret->law), "%s", law);
}

const char *od_hours_length(int64_t length_us, char text[32])
{
	int64_t minutes = length_us / MINUTE;
	int hours = (int) (minutes / 60);

	if (hours == 0)
		(void) snprintf(text, 32, _("%d min"), (int) minutes);
	else if (minutes % 60 == 0)
		(void) snprintf(text, 32, _("%d h"), hours);
	else
		/* hours, minutes */
		(void) snprintf(text, 32, _("%1$d h %2$02d"), hours, (int) (minutes % 60));
	return text;
}

const char *od_rest_sentence(
	const struct od_rest_view *rest, const struct od_zone *zone, char *text, size_t size)
{
	char taken[32], required[32], resume[OD_WHEN_TEXT];
	size_t n;

	*text = '\0';
	if (!rest->known)
		return text;
	od_hours_length(rest->taken_us, taken);
	od_hours_length(rest->required_us, required);
	if (rest->taken_us >= rest->required_us)
		/* %s: "11 h" */
		(void) snprintf(text, size, _("The legal rest of %s is taken."), required);
	else
		/* "9 h 10", "11 h" */
		(void) snprintf(text, size, _("Rest so far %1$s of %2$s."), taken, required);
	n = strlen(text);
	if (rest->resume_us > rest->next_us && n + 1 < size)
		/* "Wed 2026-11-25 15:00", "fr" */
		(void) snprintf(text + n, size - n, _(" By law (%2$s) work may resume %1$s."),
			od_when_short(rest->resume_us, zone, resume), rest->law);
	return text;
}

void od_rest_json(struct json_object *object, const struct od_rest_view *rest)
{
	struct json_object *item = rest->known ? json_object_new_object() : NULL;

	if (item) {
		od_json_string(item, "law", rest->law);
		od_json_bool(item, "weekly", rest->weekly);
		od_json_instant(item, "since", rest->since_us);
		od_json_int(item, "taken-seconds", rest->taken_us / OD_USEC_PER_SEC);
		od_json_int(item, "required-seconds", rest->required_us / OD_USEC_PER_SEC);
		od_json_instant(item, "resume", rest->resume_us);
	}
	(void) json_object_object_add(object, "rest", item);
}

#include "diff.h"

#include <json-c/json.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "base/translate.h"
#include "explained.h"
#include "output.h"
#include "when.h"

#define MINUTE (60 * OD_USEC_PER_SEC)

static const char *subject_name(const struct od_subject *subject)
{
	return subject->kind == OD_SUBJECT_GROUP    ? subject->who.groups.items[0]
	       : subject->kind == OD_SUBJECT_PERSON ? subject->who.name
						    : NULL;
}

static const char *subject_text(const struct od_diff *diff, size_t index, char *text, size_t size)
{
	const struct od_subject *subject = &diff->subjects.items[index];

	switch (subject->kind) {
	case OD_SUBJECT_EVERYBODY:
		return _("everybody");
	case OD_SUBJECT_GROUP:
		(void) snprintf(text, size, _("group %s"), subject_name(subject));
		return text;
	case OD_SUBJECT_PERSON:
		return subject_name(subject);
	}
	return "";
}

static const char *user_name(uid_t uid, char *text, size_t size)
{
	const struct passwd *entry = getpwuid(uid);

	if (entry)
		return entry->pw_name;
	(void) snprintf(text, size, "%u", (unsigned) uid);
	return text;
}

static const char *messenger_name(const struct od_messenger *messenger)
{
	return messenger->name ? messenger->name : messenger->id;
}

static const char *place(const struct od_origin *origin, char *text, size_t size)
{
	*text = '\0';
	if (origin->file)
		(void) snprintf(text, size, "%s:%u", origin->file, origin->line);
	return text;
}

/* ---- text ---------------------------------------------------------------------------------------- */

static void heading(const char *text)
{
	printf("%s%s%s\n", od_out_colour(OD_COLOUR_STRONG, stdout), text, od_out_plain(stdout));
}

/* "blocked", or "blocked off duty, else allowed". */
static const char *verdicts_text(const enum od_verdict verdicts[2], char *text, size_t size)
{
	if (verdicts[false] == verdicts[true])
		return od_verdict_word(verdicts[true]);
	(void) snprintf(text, size, _("%1$s on duty, %2$s off duty"),
		od_verdict_word(verdicts[true]), od_verdict_word(verdicts[false]));
	return text;
}

static const char *effect(const struct od_compared_launch *launch)
{
	bool stops = od_compared_stops(launch), starts = od_compared_starts(launch);

	if (memcmp(launch->before, launch->after, sizeof(launch->before)) == 0)
		return _("stays as it is");
	return stops && !starts   ? _("would stop starting")
	       : starts && !stops ? _("would start")
				  : _("is judged otherwise");
}

static void print_launches(const struct od_diff *diff)
{
	od_cleanup(od_table_done) struct od_table table = { .columns = 5, .wrap = true };
	char who[128], before[128], after[128], verdicts[300], where[4200];

	if (diff->compared.launches.n == 0)
		return;
	heading(_("Messengers"));
	od_array_foreach (launch, &diff->compared.launches) {
		(void) snprintf(verdicts, sizeof(verdicts), _("%1$s, then %2$s"),
			verdicts_text(launch->before, before, sizeof(before)),
			verdicts_text(launch->after, after, sizeof(after)));
		if (od_table_row(&table,
			    (const char *[]){ messenger_name(launch->messenger),
				    subject_text(diff, launch->subject, who, sizeof(who)),
				    effect(launch), verdicts,
				    place(&launch->reason.origin, where, sizeof(where)) }) != 0)
			return;
	}
	od_table_print(&table, stdout);
}

static void print_running(const struct od_diff *diff)
{
	od_cleanup(od_table_done) struct od_table table = { .columns = 4 };
	char pid[32], user[32], verdicts[200];

	if (diff->running.n == 0)
		return;
	heading(_("Running here now"));
	od_array_foreach (one, &diff->running) {
		(void) snprintf(pid, sizeof(pid), "%d", (int) one->running.pid);
		(void) snprintf(verdicts, sizeof(verdicts), _("%1$s, then %2$s"),
			od_verdict_word(one->before), od_verdict_word(one->after));
		if (od_table_row(&table,
			    (const char *[]){ messenger_name(one->running.messenger), pid,
				    user_name(one->running.uid, user, sizeof(user)), verdicts }) !=
			0)
			return;
	}
	od_table_print(&table, stdout);
}

/* "2 h 30 min" of time on duty, more or less. */
static void hours_text(int64_t us, char *text, size_t size)
{
	int64_t minutes = us / MINUTE;

	(void) snprintf(text, size, _("%lld h %02lld min"), (long long) (minutes / 60),
		(long long) (minutes % 60));
}

/* Times are told in the zone of the schedule that decides. */
static struct od_zone *zone_of(const struct od_diff *diff, const struct od_reason *reason)
{
	struct od_zone *zone = NULL;

	return reason->zone && od_when_zone("/usr/share/zoneinfo", reason->zone, &zone) == 0
		       ? zone
		       : od_zone_ref(diff->local);
}

static void print_hours(const struct od_diff *diff)
{
	od_cleanup(od_table_done) struct od_table table = { .columns = 4, .wrap = true };
	char who[128], first[OD_WHEN_TEXT], more[48], less[48], first_text[200], sum[160];

	if (diff->compared.hours.n == 0)
		return;
	heading(_("Hours, over the next 14 days"));
	od_array_foreach (hours, &diff->compared.hours) {
		od_cleanup(od_zone_unrefp) struct od_zone *zone = zone_of(diff, &hours->reason);
		char where[4200];

		if (hours->more_us + hours->less_us == 0) {
			(void) snprintf(
				first_text, sizeof(first_text), "%s", _("stay as they are"));
			*sum = '\0';
		} else {
			(void) snprintf(first_text, sizeof(first_text),
				hours->before ? _("first %s: off duty instead of on duty")
					      : _("first %s: on duty instead of off duty"),
				od_when_short(hours->first_us, zone, first));
			hours_text(hours->more_us, more, sizeof(more));
			hours_text(hours->less_us, less, sizeof(less));
			(void) snprintf(sum, sizeof(sum), _("+%1$s, -%2$s on duty"), more, less);
		}
		if (od_table_row(&table,
			    (const char *[]){ subject_text(diff, hours->subject, who, sizeof(who)),
				    first_text, sum,
				    place(&hours->reason.origin, where, sizeof(where)) }) != 0)
			return;
	}
	od_table_print(&table, stdout);
}

static char *value_text(const struct od_effective_key *key)
{
	return key ? od_effective_text(key) : strdup("");
}

/* "+" and "-" for the items of a list, "old -> new" for a value. */
static char *change_text(const struct od_setting_change *change)
{
	od_cleanup(od_freep) char *before = value_text(change->before);
	od_cleanup(od_freep) char *after = value_text(change->after);
	bool list = (change->after ? change->after : change->before)->list;
	char *text = NULL;
	size_t size = 0;
	FILE *out;

	if (!before || !after)
		return NULL;
	if (!list)
		return asprintf(&text, "%s -> %s", *before ? before : _("default"),
			       *after ? after : _("default")) < 0
			       ? NULL
			       : text;
	out = open_memstream(&text, &size);
	if (!out)
		return NULL;
	if (change->before)
		od_array_foreach (value, &change->before->values)
			if (!od_setting_has(change->after, value->text))
				fprintf(out, "%s-%s", ftell(out) ? " " : "", value->text);
	if (change->after)
		od_array_foreach (value, &change->after->values)
			if (!od_setting_has(change->before, value->text))
				fprintf(out, "%s+%s", ftell(out) ? " " : "", value->text);
	if (ftell(out) == 0)
		fputs(_("another order"), out);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

static void print_settings(const struct od_diff *diff)
{
	od_cleanup(od_table_done) struct od_table table = { .columns = 4 };

	if (diff->settings.n == 0)
		return;
	heading(_("Settings"));
	od_array_foreach (change, &diff->settings) {
		od_cleanup(od_freep) char *text = change->key ? change_text(change) : NULL;
		char section[200], where[4200];

		(void) snprintf(section, sizeof(section), "[%s%s%s]", change->section,
			change->label ? " " : "", change->label ? change->label : "");
		if (od_table_row(&table, (const char *[]){ section, change->key,
						 change->key     ? text
						 : change->after ? _("new section")
								 : _("section gone"),
						 place(&change->origin, where, sizeof(where)) }) !=
			0)
			return;
	}
	od_table_print(&table, stdout);
}

void od_diff_text(const struct od_diff *diff)
{
	if (diff->compared.launches.n + diff->compared.hours.n + diff->settings.n == 0) {
		puts(_("Nothing would change."));
		return;
	}
	print_launches(diff);
	print_running(diff);
	print_hours(diff);
	print_settings(diff);
}

/* ---- JSON ---------------------------------------------------------------------------------------- */

static void add(struct json_object *object, const char *key, struct json_object *value)
{
	(void) json_object_object_add(object, key, value);
}

static struct json_object *subject_json(const struct od_subject *subject)
{
	static const char *const kinds[] = { "everybody", "group", "person" };
	struct json_object *object = json_object_new_object();

	od_json_string(object, "kind", kinds[subject->kind]);
	od_json_string(object, "name", subject_name(subject));
	return object;
}

static struct json_object *verdicts_json(const enum od_verdict verdicts[2])
{
	struct json_object *object = json_object_new_object();

	od_json_string(object, "on-duty", od_verdict_to_string(verdicts[true]));
	od_json_string(object, "off-duty", od_verdict_to_string(verdicts[false]));
	return object;
}

static void origin_json(struct json_object *object, const struct od_origin *origin)
{
	od_json_string(object, "file", origin->file);
	od_json_int(object, "line", origin->line);
}

static struct json_object *launches_json(const struct od_diff *diff)
{
	struct json_object *list = json_object_new_array();

	od_array_foreach (launch, &diff->compared.launches) {
		struct json_object *one = json_object_new_object();

		od_json_string(one, "messenger", launch->messenger->id);
		od_json_string(one, "name", launch->messenger->name);
		add(one, "subject", subject_json(&diff->subjects.items[launch->subject]));
		add(one, "before", verdicts_json(launch->before));
		add(one, "after", verdicts_json(launch->after));
		od_json_bool(one, "stops", od_compared_stops(launch));
		od_json_bool(one, "starts", od_compared_starts(launch));
		od_json_string(one, "rule", od_rule_to_string(launch->reason.rule));
		origin_json(one, &launch->reason.origin);
		(void) json_object_array_add(list, one);
	}
	return list;
}

static struct json_object *running_json(const struct od_diff *diff)
{
	struct json_object *list = json_object_new_array();

	od_array_foreach (running, &diff->running) {
		struct json_object *one = json_object_new_object();
		char user[32];

		od_json_string(one, "messenger", running->running.messenger->id);
		od_json_string(one, "name", running->running.messenger->name);
		od_json_int(one, "pid", running->running.pid);
		od_json_string(one, "user", user_name(running->running.uid, user, sizeof(user)));
		od_json_string(one, "before", od_verdict_to_string(running->before));
		od_json_string(one, "after", od_verdict_to_string(running->after));
		(void) json_object_array_add(list, one);
	}
	return list;
}

static struct json_object *hours_json(const struct od_diff *diff)
{
	struct json_object *list = json_object_new_array();

	od_array_foreach (hours, &diff->compared.hours) {
		struct json_object *one = json_object_new_object();
		bool differs = hours->more_us + hours->less_us > 0;

		add(one, "subject", subject_json(&diff->subjects.items[hours->subject]));
		od_json_instant(one, "first", differs ? hours->first_us : OD_NEVER);
		od_json_instant(one, "until", differs ? hours->until_us : OD_NEVER);
		od_json_bool(one, "on-duty-before", hours->before);
		od_json_int(one, "minutes-more", hours->more_us / MINUTE);
		od_json_int(one, "minutes-less", hours->less_us / MINUTE);
		origin_json(one, &hours->reason.origin);
		(void) json_object_array_add(list, one);
	}
	return list;
}

static struct json_object *values_json(const struct od_effective_key *key)
{
	struct json_object *list = json_object_new_array();

	if (key)
		od_array_foreach (value, &key->values)
			(void) json_object_array_add(list, json_object_new_string(value->text));
	return list;
}

static struct json_object *settings_json(const struct od_diff *diff)
{
	struct json_object *list = json_object_new_array();

	od_array_foreach (change, &diff->settings) {
		struct json_object *one = json_object_new_object();

		od_json_string(one, "section", change->section);
		od_json_string(one, "label", change->label);
		od_json_string(one, "key", change->key);
		od_json_string(one, "change",
			!change->before  ? "added"
			: !change->after ? "removed"
					 : "changed");
		add(one, "before", values_json(change->before));
		add(one, "after", values_json(change->after));
		origin_json(one, &change->origin);
		(void) json_object_array_add(list, one);
	}
	return list;
}

void od_diff_json(const struct od_diff *diff)
{
	struct json_object *answer = json_object_new_object();

	od_json_bool(answer, "changes",
		diff->compared.launches.n + diff->compared.hours.n + diff->settings.n > 0);
	od_json_string(answer, "hash-before", diff->before->sha256);
	od_json_string(answer, "hash-after", diff->after->sha256);
	add(answer, "messengers", launches_json(diff));
	add(answer, "running", running_json(diff));
	add(answer, "hours", hours_json(diff));
	add(answer, "settings", settings_json(diff));
	od_json_print(answer);
}

/*
 * The catalogue as the data-protection fact sheet would print it: the six points of each messenger, and
 * what the policy that lies here makes of it for somebody no rule names (or --as USER).
 *
 * The points have a column each where the terminal is wide enough, in one letter or word; --six-points
 * writes them out, with sources and dates. What is only recalled carries a "?" everywhere.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/translate.h"
#include "cli.h"
#include "commands.h"
#include "daemons.h"
#include "explained.h"
#include "model/launch.h"
#include "offline.h"
#include "output.h"
#include "places.h"

struct list {
	const struct od_cli *cli;
	struct od_policy *policy;
	bool have_policy; /* there is a policy, not a catalogue alone */
	bool on_duty;
	struct od_known_person who;
	const struct od_person *person; /* NULL: nobody in particular */
};

static void list_done(struct list *list)
{
	od_policy_unref(list->policy);
	od_known_person_done(&list->who);
}

/* ---- which messengers -------------------------------------------------------------------------------- */

/* A bare name is the messenger where there is one, else all clients of that service. */
static bool wanted(const struct list *list, const struct od_messenger *messenger, const char *name)
{
	if (strncmp(name, "service:", 8) == 0)
		return strcmp(messenger->service, name + 8) == 0;
	if (od_catalogue_find(list->policy->catalogue, name))
		return strcmp(messenger->id, name) == 0;
	return strcmp(messenger->service, name) == 0;
}

static bool is_shown(const struct list *list, const struct od_messenger *messenger)
{
	for (size_t i = 0; i < list->cli->n_arguments; i++)
		if (wanted(list, messenger, list->cli->arguments[i]))
			return true;
	return list->cli->n_arguments == 0;
}

/* Every name must be one: an id or a service. */
static int check_names(const struct list *list)
{
	const struct od_catalogue *catalogue = list->policy->catalogue;

	for (size_t i = 0; i < list->cli->n_arguments; i++) {
		const char *name = list->cli->arguments[i], *near;

		if (strncmp(name, "service:", 8) == 0)
			name += 8;
		else if (od_catalogue_find(catalogue, name))
			continue;
		if (od_catalogue_has_service(catalogue, name))
			continue;
		near = od_catalogue_nearest(catalogue, name);
		return near ? od_cli_fail(list->cli, OD_E_UNKNOWN,
				      _("nobody knows \"%s\"; did you mean \"%s\"?"), name, near)
			    : od_cli_fail(list->cli, OD_E_UNKNOWN, _("nobody knows \"%s\"."), name);
	}
	return 0;
}

static void decide(
	const struct list *list, const struct od_messenger *messenger, struct od_decision *ret)
{
	od_launch_decide(list->policy, list->person, messenger, list->on_duty, ret);
}

/* ---- text -------------------------------------------------------------------------------------------- */

/* Short words of a column; the long ones are those of explain. */
static const char *short_word(const char *level)
{
	static const struct {
		const char *level, *word;
	} words[] = {
		{ "free", N_("free") },
		{ "freemium", N_("free+") },
		{ "paid", N_("paid") },
		{ "none", N_("no") },
		{ "optional", N_("optional") },
		{ "default", N_("yes") },
		{ "closed", N_("closed") },
		{ "open", N_("open") },
		{ "content", N_("contents") },
		{ "metadata", N_("metadata") },
		{ "minimal", N_("little") },
		{ "known", N_("yes") },
		{ "inadequate", N_("no") },
		{ "mixed", N_("partly") },
		{ "adequate", N_("yes") },
	};

	for (size_t i = 0; i < OD_ELEMENTS(words); i++)
		if (strcmp(words[i].level, level) == 0)
			return _(words[i].word);
	return "-";
}

static int add_row(const struct list *list, const struct od_messenger *messenger, bool points,
	struct od_table *table)
{
	char cells[OD_CRITERION_MAX_][32];
	const char *row[OD_CRITERION_MAX_ + 3];
	struct od_decision decision;
	size_t n = 0;

	row[n++] = messenger->id;
	for (int i = 0; points && i < OD_CRITERION_MAX_; i++) {
		const struct od_fact *fact = &messenger->facts[i];
		bool recalled = fact->confidence == OD_CONFIDENCE_RECALLED;

		(void) snprintf(cells[i], sizeof(cells[i]), "%s%s",
			short_word(od_level_to_string((enum od_criterion) i, fact->level)),
			recalled && fact->level >= 0 ? "?" : "");
		row[n++] = cells[i];
	}
	if (list->have_policy) {
		decide(list, messenger, &decision);
		row[n++] = od_verdict_word(decision.verdict);
	}
	row[n] = messenger->name;
	return od_table_row(table, row);
}

static int add_head(const struct list *list, bool points, struct od_table *table)
{
	const char *row[OD_CRITERION_MAX_ + 3];
	size_t n = 0;

	row[n++] = _("messenger");
	if (points) {
		row[n++] = _("price");
		row[n++] = _("e2ee");
		row[n++] = _("client");
		row[n++] = _("server");
		row[n++] = _("collects");
		row[n++] = _("privacy");
		row[n++] = _("hosting");
	}
	if (list->have_policy)
		row[n++] = _("verdict");
	row[n] = _("name");
	return od_table_row(table, row);
}

/* A table of all; the points only where a terminal has the room, or where there is no terminal. */
static int print_table(const struct list *list)
{
	size_t width = od_out_columns();
	bool points = width == 0 || width >= 100;
	od_cleanup(od_table_done) struct od_table table = {
		.columns = 2 + (points ? OD_CRITERION_MAX_ : 0) + list->have_policy
	};
	const struct od_catalogue *catalogue = list->policy->catalogue;
	int r = add_head(list, points, &table);

	for (size_t i = 0; r == 0 && i < od_catalogue_size(catalogue); i++)
		if (is_shown(list, od_catalogue_at(catalogue, i)))
			r = add_row(list, od_catalogue_at(catalogue, i), points, &table);
	if (r != 0)
		return r;
	od_table_print(&table, stdout);
	puts(_("\"?\": nobody has verified it; \"-\": not known. In full: --six-points NAME"));
	return 0;
}

static void print_verdict(const struct list *list, const struct od_messenger *messenger)
{
	struct od_decision decision;
	char sentence[512];

	if (!list->have_policy)
		return;
	decide(list, messenger, &decision);
	od_reason_sentence(&decision.reason, decision.verdict, sentence, sizeof(sentence));
	printf("%s: %s\n", od_verdict_word(decision.verdict), sentence);
}

static int print_card(const struct list *list, const struct od_messenger *messenger)
{
	od_cleanup(od_table_done) struct od_table table = { .columns = 2, .wrap = true };
	od_fact_views facts;
	int r = od_facts_of(messenger, &facts);

	printf("%s%s%s (%s; %s: %s%s%s)\n", od_out_colour(OD_COLOUR_STRONG, stdout),
		messenger->name ? messenger->name : messenger->id, od_out_plain(stdout),
		messenger->id, _("service"), messenger->service, messenger->vendor ? "; " : "",
		messenger->vendor ? messenger->vendor : "");
	print_verdict(list, messenger);
	/* sources only of those somebody names: all of them are a book */
	if (r == 0)
		r = od_facts_rows(&facts, list->cli->n_arguments > 0, &table);
	if (r == 0)
		od_table_print(&table, stdout);
	free(facts.items);
	putchar('\n');
	return r;
}

static int print_cards(const struct list *list)
{
	const struct od_catalogue *catalogue = list->policy->catalogue;
	int r = 0;

	for (size_t i = 0; r == 0 && i < od_catalogue_size(catalogue); i++)
		if (is_shown(list, od_catalogue_at(catalogue, i)))
			r = print_card(list, od_catalogue_at(catalogue, i));
	return r;
}

/* ---- JSON -------------------------------------------------------------------------------------------- */

static struct json_object *messenger_json(
	const struct list *list, const struct od_messenger *messenger)
{
	const struct {
		const char *key, *value;
	} texts[] = {
		{ "id", messenger->id },
		{ "name", messenger->name },
		{ "vendor", messenger->vendor },
		{ "service", messenger->service },
		{ "role", messenger->role },
		{ "kind", messenger->kind },
		{ "status", messenger->status },
		{ "as-of", messenger->as_of },
		{ "file", messenger->origin.file },
	};
	struct json_object *object = json_object_new_object();
	struct od_decision decision;
	od_fact_views facts;

	for (size_t i = 0; i < OD_ELEMENTS(texts); i++)
		od_json_string(object, texts[i].key, texts[i].value);
	decide(list, messenger, &decision);
	od_json_string(object, "verdict",
		list->have_policy ? od_verdict_to_string(decision.verdict) : NULL);
	if (od_facts_of(messenger, &facts) == 0)
		(void) json_object_object_add(object, "facts", od_facts_json(&facts));
	free(facts.items);
	return object;
}

static void print_json(const struct list *list)
{
	const struct od_catalogue *catalogue = list->policy->catalogue;
	struct json_object *answer = json_object_new_object(), *all = json_object_new_array();

	od_json_string(answer, "hash", list->policy->sha256);
	od_json_bool(answer, "policy", list->have_policy);
	for (size_t i = 0; i < od_catalogue_size(catalogue); i++)
		if (is_shown(list, od_catalogue_at(catalogue, i)))
			(void) json_object_array_add(
				all, messenger_json(list, od_catalogue_at(catalogue, i)));
	(void) json_object_object_add(answer, "messengers", all);
	od_json_print(answer);
}

/* ---- reading ----------------------------------------------------------------------------------------- */

static int find_places(const struct od_cli *cli, char **said, struct od_places *ret)
{
	const char *folder = od_cli_flag(cli, "policy");

	*said = folder ? strdup(folder) : NULL;
	if (folder && !*said)
		return od_cli_fail(cli, -ENOMEM, NULL);
	return od_places_find(cli, said, *said ? 1 : 0, ret);
}

/* The last good policy, where what is installed has faults. False: there is none either. */
static bool load_last_good(struct list *list)
{
	od_cleanup(od_problems_done) struct od_problems problems = { 0 };
	od_cleanup(od_places_done) struct od_places places = { 0 };

	if (od_cli_flag(list->cli, "policy") || od_places_last_good(list->cli, &places) != 0 ||
		od_ini_load(&places.paths, &problems, &list->policy) != 0)
		return false;
	list->have_policy = od_places_has_policy(&places, list->policy);
	return true;
}

/* The policy that lies here; one with faults, or none, leaves the catalogue alone. */
static int load(struct list *list)
{
	od_cleanup(od_problems_done) struct od_problems problems = { .translate = od_translate };
	od_cleanup(od_places_done) struct od_places places = { 0 };
	od_cleanup(od_freep) char *said = NULL;
	static const char *const none[] = { NULL };
	int r = find_places(list->cli, &said, &places);

	if (r != 0)
		return r;
	r = od_ini_load(&places.paths, &problems, &list->policy);
	list->have_policy = r == 0 && od_places_has_policy(&places, list->policy);
	if (r == OD_E_POLICY) {
		bool last_good = load_last_good(list) && list->have_policy;

		if (!list->cli->json)
			fprintf(stderr, "offduty: %s\n",
				last_good ? _("the policy has faults (see: offduty policy check); "
					      "verdicts are those of the last good one.")
					  : _("the policy has faults (see: offduty policy check); "
					      "verdicts are left out."));
		if (last_good)
			return 0;
		od_policy_unref(list->policy);
		list->policy = NULL;
		places.paths.policy = none;
		od_problems_done(&problems);
		r = od_ini_load(&places.paths, &problems, &list->policy);
	}
	return r == 0 ? 0 : od_cli_fail(list->cli, r, NULL);
}

static int find_person(struct list *list)
{
	od_cleanup(od_zone_unrefp) struct od_zone *local = od_offline_zone();
	struct od_duty_input input = { .policy = list->policy, .local = local };
	const char *name = od_cli_flag(list->cli, "as");
	struct od_duty duty;
	int64_t at_us;
	int r = name ? od_offline_person(name, &list->who) : 0;

	if (r != 0)
		return od_cli_fail(list->cli, r, NULL);
	list->person = name ? &list->who.person : NULL;
	input.person = list->person;
	r = od_offline_at(list->cli, local, &at_us);
	if (r != 0)
		return r;
	od_duty_at(&input, at_us, &duty);
	list->on_duty = duty.on;
	return 0;
}

int od_cmd_messengers(struct od_cli *cli)
{
	od_cleanup(list_done) struct list list = { .cli = cli };
	int r = load(&list);

	if (r == 0)
		r = check_names(&list);
	if (r == 0)
		r = find_person(&list);
	if (r != 0)
		return r;
	if (cli->json) {
		print_json(&list);
		return 0;
	}
	r = od_cli_flag(cli, "six-points") ? print_cards(&list) : print_table(&list);
	return r != 0 ? od_cli_fail(cli, r, NULL) : 0;
}

#include "explained.h"

#include <errno.h>
#include <json-c/json.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/translate.h"
#include "bus/wire.h"
#include "cli.h"
#include "daemons.h"
#include "model/launch.h"
#include "output.h"

/* ---- from the guard ------------------------------------------------------------------------------ */

/* A row of a(ssssu). */
static bool change_read(DBusMessageIter *at, struct od_explained_change *ret, bool *ret_known)
{
	const char *change, *verdict, *file;
	DBusMessageIter row;
	uint32_t line;

	if (dbus_message_iter_get_arg_type(at) != DBUS_TYPE_STRUCT)
		return false;
	dbus_message_iter_recurse(at, &row);
	if (!od_wire_read_string(&row, &change) || !od_wire_read_string(&row, &verdict) ||
		!od_wire_read_string(&row, &ret->detail) || !od_wire_read_string(&row, &file) ||
		!od_wire_read_uint32(&row, &line))
		return false;
	ret->origin = (struct od_origin){ *file ? file : NULL, line };
	*ret_known = od_change_from_string(change, &ret->change) &&
		     od_verdict_from_string(verdict, &ret->verdict);
	return true;
}

static int changes_read(DBusMessageIter *answer, struct od_explained *ret)
{
	struct od_explained_change change;
	DBusMessageIter array, at;
	bool known;

	if (!od_wire_find(answer, "changes", &array) ||
		dbus_message_iter_get_arg_type(&array) != DBUS_TYPE_ARRAY)
		return 0;
	dbus_message_iter_recurse(&array, &at);
	for (; change_read(&at, &change, &known); dbus_message_iter_next(&at)) {
		struct od_explained_change *added =
			known ? od_array_add(&ret->changes) : &(struct od_explained_change){ 0 };

		if (!added)
			return -ENOMEM;
		*added = change;
	}
	return 0;
}

int od_explained_read(DBusMessageIter *answer, struct od_explained *ret)
{
	int r;

	*ret = (struct od_explained){ .kind = od_member_string(answer, "kind") };
	(void) od_verdict_from_string(od_member_string(answer, "verdict"), &ret->verdict);
	(void) od_verdict_from_string(od_member_string(answer, "intended"), &ret->intended);
	(void) od_mode_from_string(od_member_string(answer, "mode"), &ret->mode);
	ret->on_duty = od_member_bool(answer, "on-duty");
	od_member_reason(answer, &ret->reason);
	r = od_facts_read(answer, &ret->facts);
	return r == 0 ? changes_read(answer, ret) : r;
}

/* ---- decided here --------------------------------------------------------------------------------- */

static int changes_of(const od_whatifs *whatifs, struct od_explained *ret)
{
	od_array_foreach (whatif, whatifs) {
		struct od_explained_change *added = od_array_add(&ret->changes);

		if (!added)
			return -ENOMEM;
		*added = (struct od_explained_change){ whatif->change, whatif->verdict,
			whatif->detail ? whatif->detail : "", whatif->origin };
	}
	return 0;
}

int od_explained_decide(const struct od_policy *policy, const struct od_person *person,
	const struct od_messenger *messenger, bool on_duty, struct od_explained *ret)
{
	struct od_decision decision;
	od_whatifs whatifs = { 0 };
	int r = 0;

	od_launch_decide(policy, person, messenger, on_duty, &decision);
	*ret = (struct od_explained){ .kind = "messenger",
		.verdict = decision.verdict,
		.intended = decision.intended,
		.mode = decision.mode,
		.on_duty = on_duty,
		.reason = decision.reason };
	if (messenger)
		r = od_whatif_launch(policy, person, messenger, on_duty, &whatifs);
	if (r == 0)
		r = od_facts_of(messenger, &ret->facts);
	if (r == 0)
		r = changes_of(&whatifs, ret);
	free(whatifs.items);
	return r;
}

void od_explained_done(struct od_explained *explained)
{
	free(explained->facts.items);
	free(explained->changes.items);
	explained->facts = (od_fact_views){ 0 };
	explained->changes.items = NULL;
	explained->changes.n = explained->changes.room = 0;
}

/* ---- words ------------------------------------------------------------------------------------------ */

const char *od_verdict_word(enum od_verdict verdict)
{
	switch (verdict) {
	case OD_VERDICT_ALLOW:
		return _("allowed");
	case OD_VERDICT_WARN:
		return _("advised against");
	case OD_VERDICT_ASK:
		return _("asked about");
	case OD_VERDICT_BLOCK:
		return _("blocked");
	}
	return "";
}

static enum od_colour verdict_colour(enum od_verdict verdict)
{
	return verdict == OD_VERDICT_ALLOW   ? OD_COLOUR_GOOD
	       : verdict == OD_VERDICT_BLOCK ? OD_COLOUR_BAD
					     : OD_COLOUR_WARNING;
}

/* What is known on the point of "e2ee:default"; NULL: nothing was said of it. */
static const struct od_fact_view *fact_for(
	const struct od_explained *explained, const char *requirement)
{
	size_t length = strcspn(requirement, ":");

	od_array_foreach (fact, &explained->facts)
		if (strlen(fact->criterion) == length &&
			strncmp(fact->criterion, requirement, length) == 0)
			return fact;
	return NULL;
}

static void facts_text(const struct od_explained *explained,
	const struct od_explained_change *change, bool first, char *text, size_t size)
{
	const struct od_fact_view *fact = fact_for(explained, change->detail);
	const char *known = fact ? od_facts_word(fact->level) : _("not known");
	bool recalled = fact && strcmp(fact->confidence, "recalled") == 0;

	/* %1$s: a requirement such as e2ee:default; %2$s: what is known, in words */
	(void) snprintf(text, size,
		first      ? recalled ? _("if it met %1$s (what is known was not verified: %2$s)")
				      : _("if it met %1$s (what is known: %2$s)")
		     : recalled ? _("and %1$s (what is known was not verified: %2$s)")
			   : _("and %1$s (what is known: %2$s)"),
		change->detail, known);
}

static void change_text(const struct od_explained *explained,
	const struct od_explained_change *change, bool first, char *text, size_t size)
{
	const char *words = "";

	switch (change->change) {
	case OD_CHANGE_APPROVE:
		words = _("if [messengers] approved named it");
		break;
	case OD_CHANGE_UNAPPROVE:
		words = _("if [messengers] approved named it no longer");
		break;
	case OD_CHANGE_UNBLOCK:
		words = _("if [messengers] blocked named neither it nor its service");
		break;
	case OD_CHANGE_SECTION:
		words = _("without the section of its own");
		break;
	case OD_CHANGE_PEOPLE:
		words = _("for the people its section names");
		break;
	case OD_CHANGE_GROUP:
		(void) snprintf(text, size, _("for members of the group %s"), change->detail);
		return;
	case OD_CHANGE_ON_DUTY:
		words = _("on duty");
		break;
	case OD_CHANGE_OFF_DUTY:
		words = _("off duty");
		break;
	case OD_CHANGE_FACTS:
		facts_text(explained, change, first, text, size);
		return;
	case OD_CHANGE_UNKNOWN:
		words = _("if what is unknown or not verified counted as met (unknown = pass)");
		break;
	case OD_CHANGE_MAX_:
		break;
	}
	(void) snprintf(text, size, "%s", words);
}

/* ---- text ------------------------------------------------------------------------------------------- */

static int print_facts(const struct od_explained *explained)
{
	od_cleanup(od_table_done) struct od_table table = { .columns = 2, .wrap = true };
	const struct od_reason *reason = &explained->reason;
	char place[PATH_MAX + 16];
	const struct {
		const char *name, *value;
	} facts[] = {
		{ _("Decided by"), od_reason_place(reason, place, sizeof(place)) },
		{ _("Rule"), od_rule_to_string(reason->rule) },
		{ _("Service"), reason->service },
		{ _("Instead"), reason->suggest },
		{ _("Mode"), explained->intended == explained->verdict
				     ? NULL
				     : od_mode_to_string(explained->mode) },
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < OD_ELEMENTS(facts); i++)
		if (facts[i].value && *facts[i].value)
			r = od_table_row(&table, (const char *[]){ facts[i].name, facts[i].value });
	if (r == 0)
		r = od_facts_rows(&explained->facts, true, &table);
	if (r == 0)
		od_table_print(&table, stdout);
	return r;
}

static int print_changes(const struct od_explained *explained)
{
	od_cleanup(od_table_done) struct od_table table = { .columns = 2, .wrap = true };
	bool first_fact = true;
	int r = 0;

	if (explained->changes.n == 0 && explained->verdict != OD_VERDICT_ALLOW)
		puts(_("No single change would lead to another verdict."));
	if (explained->changes.n == 0)
		return 0;
	printf("%s%s%s\n", od_out_colour(OD_COLOUR_STRONG, stdout), _("It would be"),
		od_out_plain(stdout));
	od_array_foreach (change, &explained->changes) {
		bool goes_on = change->change == OD_CHANGE_FACTS && !first_fact;
		char words[512], line[PATH_MAX + 600], place[PATH_MAX + 16];
		const struct od_reason at = { .origin = change->origin };

		change_text(explained, change, !goes_on, words, sizeof(words));
		od_reason_place(&at, place, sizeof(place));
		(void) snprintf(line, sizeof(line), *place ? "%s  [%s]" : "%s", words, place);
		if (r == 0)
			r = od_table_row(&table,
				(const char *[]){
					goes_on ? "" : od_verdict_word(change->verdict), line });
		first_fact = first_fact && change->change != OD_CHANGE_FACTS;
	}
	if (r == 0)
		od_table_print(&table, stdout);
	return r;
}

/* ---- JSON -------------------------------------------------------------------------------------------- */

static struct json_object *changes_json(const struct od_explained *explained)
{
	struct json_object *list = json_object_new_array();

	od_array_foreach (change, &explained->changes) {
		struct json_object *one = json_object_new_object();

		od_json_string(one, "change", od_change_to_string(change->change));
		od_json_string(one, "verdict", od_verdict_to_string(change->verdict));
		od_json_string(one, "detail", *change->detail ? change->detail : NULL);
		od_json_string(one, "file", change->origin.file);
		od_json_int(one, "line", change->origin.line);
		(void) json_object_array_add(list, one);
	}
	return list;
}

static void print_json(const struct od_explained *e, const char *what, const char *sentence)
{
	const struct {
		const char *key, *value;
	} texts[] = {
		{ "what", what },
		{ "verdict", od_verdict_to_string(e->verdict) },
		{ "intended", od_verdict_to_string(e->intended) },
		{ "mode", od_mode_to_string(e->mode) },
		{ "kind", e->kind },
		{ "rule", od_rule_to_string(e->reason.rule) },
		{ "label", e->reason.label },
		{ "messenger", e->reason.messenger },
		{ "messenger-name", e->reason.messenger_name },
		{ "service", e->reason.service },
		{ "suggest", e->reason.suggest },
		{ "detail", e->reason.detail },
		{ "file", e->reason.origin.file },
	};
	struct json_object *object = json_object_new_object();

	for (size_t i = 0; i < OD_ELEMENTS(texts); i++)
		od_json_string(object, texts[i].key,
			texts[i].value && *texts[i].value ? texts[i].value : NULL);
	od_json_int(object, "line", e->reason.origin.line);
	od_json_bool(object, "on-duty", e->on_duty);
	od_json_string(object, "sentence", sentence);
	(void) json_object_object_add(object, "facts", od_facts_json(&e->facts));
	(void) json_object_object_add(object, "changes", changes_json(e));
	od_json_print(object);
}

int od_explained_show(
	const struct od_cli *cli, const char *what, const struct od_explained *explained)
{
	const struct od_reason *reason = &explained->reason;
	const char *name =
		reason->messenger_name && *reason->messenger_name ? reason->messenger_name : what;
	char sentence[512];
	int r;

	od_reason_sentence(reason, explained->verdict, sentence, sizeof(sentence));
	if (reason->rule == OD_RULE_NOT_A_MESSENGER && strcmp(explained->kind, "site") == 0)
		(void) snprintf(sentence, sizeof(sentence), "%s",
			_("This address is no messenger's, so the messaging policy does not "
			  "concern it."));
	if (cli->json) {
		print_json(explained, what, sentence);
		return 0;
	}
	printf("%s%s%s: %s%s%s\n%s\n", od_out_colour(OD_COLOUR_STRONG, stdout), name,
		od_out_plain(stdout), od_out_colour(verdict_colour(explained->verdict), stdout),
		od_verdict_word(explained->verdict), od_out_plain(stdout), sentence);
	r = print_facts(explained);
	if (r == 0)
		r = print_changes(explained);
	return r != 0 ? od_cli_fail(cli, r, NULL) : 0;
}

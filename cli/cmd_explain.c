/*
 * Whether a messenger may be used, as the guard itself decides it, and which line says so.
 */
#include <dbus/dbus.h>
#include <errno.h>
#include <json-c/json.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/translate.h"
#include "bus/wire.h"
#include "cli.h"
#include "commands.h"
#include "daemons.h"
#include "facts.h"
#include "output.h"
#include "when.h"

struct question {
	char what[PATH_MAX]; /* absolute path, or a name */
	const char *user;    /* NULL: the caller */
	int64_t at_us;       /* 0: now */
};

/* The program a shell would start for that name; false where there is none. */
static bool find_program(const char *name, char path[PATH_MAX])
{
	const char *folder = getenv("PATH");

	while (folder && *folder) {
		size_t n = strcspn(folder, ":");
		char candidate[PATH_MAX];

		if (n > 0 && folder[0] == '/' &&
			(size_t) snprintf(candidate, sizeof(candidate), "%.*s/%s", (int) n, folder,
				name) < sizeof(candidate) &&
			access(candidate, X_OK) == 0 && realpath(candidate, path))
			return true;
		folder += n + (folder[n] == ':');
	}
	return false;
}

static int read_at(const struct od_cli *cli, int64_t *ret)
{
	const char *text = od_cli_flag(cli, "at");
	od_cleanup(od_daemon_done) struct od_daemon gate = { 0 };
	od_cleanup(od_duty_view_done) struct od_duty_view duty = { 0 };
	od_cleanup(od_zone_unrefp) struct od_zone *zone = NULL;
	int r;

	*ret = 0;
	if (!text)
		return 0;
	od_daemon_gate(cli, &gate);
	if (gate.result == 0 && od_duty_view_read(&gate, &duty) == 0)
		zone = od_zone_ref(duty.zone);
	else if (od_when_is_relative(text))
		return od_daemon_fail(cli, &gate); /* only the gate knows what time it is here */
	else if (od_when_zone("", NULL, &zone) != 0)
		zone = od_zone_utc();
	if (!zone)
		return od_cli_fail(cli, -ENOMEM, NULL);
	r = od_when_parse(text, duty.now_us, zone, ret);
	return r != 0 ? od_cli_fail(cli, r, _("\"%s\" is no time."), text) : 0;
}

static DBusMessage *question_message(const struct question *question)
{
	od_cleanup(od_message_unrefp) DBusMessage *call = od_daemon_method("Policy", "Explain");
	DBusMessageIter arguments, options;
	int r;

	if (!call)
		return NULL;
	dbus_message_set_allow_interactive_authorization(call, TRUE);
	dbus_message_iter_init_append(call, &arguments);
	r = od_wire_string(&arguments, question->what);
	if (r == 0)
		r = od_wire_dict_open(&arguments, &options);
	if (r == 0 && question->at_us)
		r = od_wire_put_int64(&options, "at", question->at_us);
	if (r == 0)
		r = od_wire_put_string(&options, "user", question->user);
	if (r == 0)
		r = od_wire_dict_close(&arguments, &options);
	return r == 0 ? od_take(&call) : NULL;
}

static const char *verdict_word(enum od_verdict verdict)
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

static void print_json(DBusMessageIter *answer, const char *what, const char *sentence)
{
	static const char *const texts[] = { "verdict", "intended", "mode", "kind", "rule", "label",
		"messenger", "messenger-name", "service", "suggest", "detail", "file" };
	struct json_object *object = json_object_new_object();

	od_json_string(object, "what", what);
	for (size_t i = 0; i < OD_ELEMENTS(texts); i++)
		od_json_string(object, texts[i], od_wire_get_string(answer, texts[i]));
	od_json_int(object, "line", od_wire_get_uint32(answer, "line", 0));
	od_json_string(object, "sentence", sentence);
	(void) json_object_object_add(object, "facts", od_facts_json(answer));
	od_json_print(object);
}

static int print_facts(DBusMessageIter *answer, const struct od_reason *reason)
{
	od_cleanup(od_table_done) struct od_table table = { .columns = 2, .wrap = true };
	const char *mode = od_member_string(answer, "mode");
	const char *intended = od_member_string(answer, "intended");
	char place[PATH_MAX + 16];
	const struct {
		const char *name, *value;
	} facts[] = {
		{ _("Decided by"), od_reason_place(reason, place, sizeof(place)) },
		{ _("Rule"), od_rule_to_string(reason->rule) },
		{ _("Service"), reason->service },
		{ _("Instead"), reason->suggest },
		{ _("Mode"),
			strcmp(intended, od_member_string(answer, "verdict")) == 0 ? NULL : mode },
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < OD_ELEMENTS(facts); i++)
		if (facts[i].value && *facts[i].value)
			r = od_table_row(&table, (const char *[]){ facts[i].name, facts[i].value });
	if (r == 0)
		r = od_facts_rows(answer, &table);
	if (r == 0)
		od_table_print(&table, stdout);
	return r;
}

static int print_answer(const struct od_cli *cli, const char *what, DBusMessage *reply)
{
	enum od_verdict verdict = OD_VERDICT_ALLOW;
	struct od_reason reason;
	DBusMessageIter answer;
	char sentence[512], title[192], word[128];
	const char *name;

	if (!dbus_message_has_signature(reply, "a{sv}"))
		return od_cli_fail(cli, OD_E_FAILED, NULL);
	dbus_message_iter_init(reply, &answer);
	(void) od_verdict_from_string(od_member_string(&answer, "verdict"), &verdict);
	od_member_reason(&answer, &reason);
	od_reason_sentence(&reason, verdict, sentence, sizeof(sentence));
	if (cli->json) {
		print_json(&answer, what, sentence);
		return 0;
	}
	name = reason.messenger_name ? reason.messenger_name : what;
	(void) snprintf(title, sizeof(title), "%s%.128s%s", od_out_colour(OD_COLOUR_STRONG, stdout),
		name, od_out_plain(stdout));
	(void) snprintf(word, sizeof(word), "%s%s%s",
		od_out_colour(verdict_colour(verdict), stdout), verdict_word(verdict),
		od_out_plain(stdout));
	printf(_("%1$s: %2$s"), title, word);
	printf("\n%s\n", sentence);
	return print_facts(&answer, &reason);
}

int od_cmd_explain(struct od_cli *cli)
{
	od_cleanup(od_daemon_done) struct od_daemon guard;
	od_cleanup(od_message_unrefp) DBusMessage *reply = NULL;
	struct question question = { .user = od_cli_flag(cli, "user") };
	const char *what = cli->arguments[0];
	int r;

	od_daemon_guard(cli, &guard);
	if (guard.result != 0)
		return od_daemon_fail(cli, &guard);
	r = read_at(cli, &question.at_us);
	if (r != 0)
		return r;
	if (strchr(what, '/') ? !realpath(what, question.what)
			      : snprintf(question.what, sizeof(question.what), "%s", what) >=
					(int) sizeof(question.what))
		return od_cli_fail(cli, OD_E_NOT_FOUND, "%s: %s", what, strerror(errno));
	r = od_daemon_call(&guard, question_message(&question), &reply);
	if (r == OD_E_UNKNOWN && !strchr(what, '/') && find_program(what, question.what))
		r = od_daemon_call(&guard, question_message(&question), &reply);
	return r != 0 ? od_daemon_fail(cli, &guard) : print_answer(cli, what, reply);
}

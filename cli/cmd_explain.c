/*
 * Whether a messenger may be used, which line says so, and what would change it: as the guard itself
 * decides it; or, with --policy, by the same rules from a policy that is not in force (leave is not
 * known then).
 */
#include <dbus/dbus.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/translate.h"
#include "bus/wire.h"
#include "cli.h"
#include "commands.h"
#include "daemons.h"
#include "explained.h"
#include "model/asked.h"
#include "model/duty.h"
#include "offline.h"
#include "places.h"
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

/* ---- without a daemon ------------------------------------------------------------------------------ */

/* Who asks is of no account: a checkout gives the same answer on every machine. */
static int read_person(const struct od_cli *cli, struct od_known_person *ret)
{
	const char *name = od_cli_flag(cli, "as");
	int r = name ? od_offline_person(name, ret) : 0;

	return r != 0 ? od_cli_fail(cli, r, NULL) : 0;
}

static bool on_duty_at(const struct od_policy *policy, const struct od_person *person,
	const struct od_zone *local, int64_t at_us)
{
	const struct od_duty_input input = { .policy = policy, .person = person, .local = local };
	struct od_duty duty;

	od_duty_at(&input, at_us, &duty);
	return duty.on;
}

static int unknown(const struct od_cli *cli, const struct od_policy *policy, const char *what)
{
	const char *near = policy->catalogue ? od_catalogue_nearest(policy->catalogue, what) : NULL;

	return near ? od_cli_fail(cli, OD_E_UNKNOWN, _("nobody knows \"%s\"; did you mean \"%s\"?"),
			      what, near)
		    : od_cli_fail(cli, OD_E_UNKNOWN, _("nobody knows \"%s\"."), what);
}

static int explain_by(
	const struct od_cli *cli, const struct od_policy *policy, const struct question *question)
{
	od_cleanup(od_known_person_done) struct od_known_person who = { 0 };
	od_cleanup(od_zone_unrefp) struct od_zone *local = od_offline_zone();
	od_cleanup(od_explained_done) struct od_explained explained = { 0 };
	const char *what = cli->arguments[0];
	char program[PATH_MAX];
	const struct od_person *person = od_cli_flag(cli, "as") ? &who.person : NULL;
	struct od_asked asked;
	int64_t at_us;
	int r = read_person(cli, &who);

	if (r == 0)
		r = od_offline_at(cli, local, &at_us);
	if (r != 0)
		return r;
	if (!od_asked_find(policy->catalogue, question->what, who.home, &asked) &&
		(!find_program(what, program) ||
			!od_asked_find(policy->catalogue, program, who.home, &asked)))
		return unknown(cli, policy, what);
	r = od_explained_decide(policy, person, asked.messenger,
		on_duty_at(policy, person, local, at_us), &explained);
	if (r != 0)
		return od_cli_fail(cli, r, NULL);
	explained.kind = od_asked_kind_to_string(asked.kind);
	return od_explained_show(cli, what, &explained);
}

static int explain_offline(const struct od_cli *cli, const struct question *question)
{
	od_cleanup(od_policy_unrefp) struct od_policy *policy = NULL;
	od_cleanup(od_places_done) struct od_places places = { 0 };
	od_cleanup(od_freep) char *said =
		od_cli_flag(cli, "policy") ? strdup(od_cli_flag(cli, "policy")) : NULL;
	int r;

	if (od_cli_flag(cli, "policy") && !said)
		return od_cli_fail(cli, -ENOMEM, NULL);
	r = od_places_find(cli, &said, said ? 1 : 0, &places);
	if (r == 0)
		r = od_places_require(cli, &places, false, &policy);
	return r == 0 ? explain_by(cli, policy, question) : r;
}

/* ---- by the guard ---------------------------------------------------------------------------------- */

static int print_answer(const struct od_cli *cli, const char *what, DBusMessage *reply)
{
	od_cleanup(od_explained_done) struct od_explained explained = { 0 };
	DBusMessageIter answer;
	int r;

	if (!dbus_message_has_signature(reply, "a{sv}"))
		return od_cli_fail(cli, OD_E_FAILED, NULL);
	dbus_message_iter_init(reply, &answer);
	r = od_explained_read(&answer, &explained);
	return r != 0 ? od_cli_fail(cli, r, NULL) : od_explained_show(cli, what, &explained);
}

static int explain_by_guard(const struct od_cli *cli, struct question *question)
{
	od_cleanup(od_daemon_done) struct od_daemon guard;
	od_cleanup(od_message_unrefp) DBusMessage *reply = NULL;
	const char *what = cli->arguments[0];
	int r;

	od_daemon_guard(cli, &guard);
	if (guard.result != 0)
		return od_daemon_fail(cli, &guard);
	r = read_at(cli, &question->at_us);
	if (r != 0)
		return r;
	r = od_daemon_call(&guard, question_message(question), &reply);
	if (r == OD_E_UNKNOWN && !strchr(what, '/') && find_program(what, question->what))
		r = od_daemon_call(&guard, question_message(question), &reply);
	return r != 0 ? od_daemon_fail(cli, &guard) : print_answer(cli, what, reply);
}

int od_cmd_explain(struct od_cli *cli)
{
	struct question question = { .user = od_cli_flag(cli, "as") };
	const char *what = cli->arguments[0];
	bool is_path = strchr(what, '/') && !od_asked_is_site(what);

	if (is_path ? !realpath(what, question.what)
		    : snprintf(question.what, sizeof(question.what), "%s", what) >=
				(int) sizeof(question.what))
		return od_cli_fail(cli, OD_E_NOT_FOUND, "%s: %s", what, strerror(errno));
	return od_cli_flag(cli, "policy") || od_cli_flag(cli, "root")
		       ? explain_offline(cli, &question)
		       : explain_by_guard(cli, &question);
}

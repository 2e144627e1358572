/* org.offduty1.Policy. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "Policy.bus.h"
#include "base/error.h"
#include "bus/wire.h"
#include "guard/answer.h"
#include "guard/manager.h"
#include "model/asked.h"
#include "model/whatif.h"

int od_policy_get_version(void *userdata, DBusMessageIter *value)
{
	(void) userdata;
	return od_wire_uint32(value, 1);
}

int od_policy_get_generation(void *userdata, DBusMessageIter *value)
{
	struct od_manager *manager = userdata;

	return od_wire_uint32(value, manager->source.generation);
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

int od_policy_get_hash(void *userdata, DBusMessageIter *value)
{
	struct od_manager *manager = userdata;

	return od_wire_string(value, manager->source.policy ? manager->source.policy->sha256 : "");
}

int od_policy_get_company(void *userdata, DBusMessageIter *value)
{
	struct od_manager *manager = userdata;
	const struct od_policy *policy = manager->source.policy;

	return od_wire_string(value, policy ? or_empty(policy->company) : "");
}

int od_policy_get_contact(void *userdata, DBusMessageIter *value)
{
	struct od_manager *manager = userdata;
	const struct od_policy *policy = manager->source.policy;

	return od_wire_string(value, policy ? or_empty(policy->contact) : "");
}

int od_policy_get_files(void *userdata, DBusMessageIter *value)
{
	struct od_manager *manager = userdata;
	const struct od_policy *policy = manager->source.policy;
	DBusMessageIter array;

	if (!dbus_message_iter_open_container(value, DBUS_TYPE_ARRAY, "s", &array))
		return -ENOMEM;
	for (size_t i = 0; policy && i < policy->files.n; i++)
		if (od_wire_string(&array, policy->files.items[i]) < 0)
			return -ENOMEM;
	return dbus_message_iter_close_container(value, &array) ? 0 : -ENOMEM;
}

int od_policy_get_faults(void *userdata, DBusMessageIter *value)
{
	struct od_manager *manager = userdata;

	return od_wire_uint32(
		value, (uint32_t) od_problems_count(&manager->source.problems, OD_SEVERITY_ERROR));
}

int od_policy_method_reload(void *userdata, struct od_bus_call *call)
{
	struct od_manager *manager = userdata;
	int r = od_manager_reload(manager);

	if (r == OD_E_POLICY)
		return od_bus_call_error(call, r, "%zu faults; the policy in force is unchanged",
			od_problems_count(&manager->source.problems, OD_SEVERITY_ERROR));
	return r != 0 ? r : od_wire_uint32(&call->out, manager->source.generation);
}

static int put_problem(DBusMessageIter *array, const struct od_problem *problem)
{
	const char *severity = problem->severity == OD_SEVERITY_ERROR ? "error" : "warning";
	DBusMessageIter entry;

	if (!dbus_message_iter_open_container(array, DBUS_TYPE_STRUCT, NULL, &entry) ||
		od_wire_string(&entry, severity) < 0 ||
		od_wire_string(&entry, or_empty(problem->code)) < 0 ||
		od_wire_string(&entry, or_empty(problem->file)) < 0 ||
		od_wire_uint32(&entry, problem->line) < 0 ||
		od_wire_uint32(&entry, problem->column) < 0 ||
		od_wire_string(&entry, or_empty(problem->text)) < 0 ||
		!dbus_message_iter_close_container(array, &entry))
		return -ENOMEM;
	return 0;
}

int od_policy_method_problems(void *userdata, struct od_bus_call *call)
{
	struct od_manager *manager = userdata;
	DBusMessageIter array;

	if (!dbus_message_iter_open_container(&call->out, DBUS_TYPE_ARRAY, "(sssuus)", &array))
		return -ENOMEM;
	od_array_foreach (problem, &manager->source.problems.list) {
		if (put_problem(&array, problem) < 0)
			return -ENOMEM;
	}
	return dbus_message_iter_close_container(&call->out, &array) ? 0 : -ENOMEM;
}

/* Whose verdict is asked for; another's needs polkit. */
static int read_user(
	struct od_manager *manager, struct od_bus_call *call, DBusMessageIter *options, uid_t *ret)
{
	const char *user = od_wire_get_string(options, "user");
	int r;

	*ret = call->peer.uid;
	if (!user || !*user)
		return 0;
	if (!od_people_find_name(manager->people, user, ret))
		return od_bus_call_error(call, OD_E_UNKNOWN, "no \"%s\" is known here", user);
	if (*ret == call->peer.uid)
		return 0;
	r = od_bus_call_require(call, "org.offduty1.policy.explain-others");
	return r;
}

struct answer {
	const struct od_asked *asked;
	const struct od_decision *decision;
	bool on_duty;
	od_whatifs changes;
};

static int put_answer(struct od_bus_call *call, const struct answer *answer)
{
	DBusMessageIter dict;
	int r = od_wire_dict_open(&call->out, &dict);

	if (r == 0)
		r = od_answer_put(&dict, answer->decision);
	if (r == 0)
		r = od_answer_put_messages(&dict, answer->decision->messages);
	if (r == 0)
		r = od_answer_put_facts(&dict, answer->asked->messenger);
	if (r == 0)
		r = od_answer_put_changes(&dict, &answer->changes);
	if (r == 0)
		r = od_wire_put_bool(&dict, "on-duty", answer->on_duty);
	if (r == 0)
		r = od_wire_put_string(&dict, "kind", od_asked_kind_to_string(answer->asked->kind));
	return r == 0 ? od_wire_dict_close(&call->out, &dict) : r;
}

/* The verdict as it is given, and what would lead to another. */
static int explain(struct od_manager *manager, struct od_bus_call *call, uid_t uid, int64_t at_us,
	const struct od_asked *asked)
{
	od_cleanup(od_ruling_done) struct od_ruling ruling = { .messenger = asked->messenger };
	struct od_person nobody = { .name = "", .uid = uid };
	struct answer answer = { .asked = asked, .decision = &ruling.decision, .on_duty = true };
	const struct od_policy *policy = manager->source.policy;
	int r = 0;

	ruling.policy = od_policy_ref(manager->source.policy);
	od_judge_launch(manager->judge, uid, at_us, &ruling);
	if (ruling.human)
		answer.on_duty = od_judge_on_duty(manager->judge, policy, ruling.human, at_us);
	if (asked->messenger)
		r = od_whatif_launch(policy, ruling.human ? &ruling.human->person : &nobody,
			asked->messenger, answer.on_duty, &answer.changes);
	if (r == 0)
		r = put_answer(call, &answer);
	free(answer.changes.items);
	return r;
}

int od_policy_method_explain(void *userdata, struct od_bus_call *call)
{
	struct od_manager *manager = userdata;
	od_cleanup(od_human_unrefp) struct od_human *human = NULL;
	const struct od_policy *policy = manager->source.policy;
	struct od_asked asked;
	DBusMessageIter options;
	const char *what;
	uid_t uid;
	int r;

	if (!od_wire_read_string(&call->in, &what))
		return OD_E_SYNTAX;
	options = call->in;
	r = read_user(manager, call, &options, &uid);
	if (r != 0)
		return r;
	if (!policy)
		return od_bus_call_error(call, OD_E_POLICY, "no policy is in force");
	human = od_people_get(manager->people, uid);
	if (!od_asked_find(policy->catalogue, what, human ? human->home : NULL, &asked)) {
		const char *near =
			policy->catalogue ? od_catalogue_nearest(policy->catalogue, what) : NULL;

		return near ? od_bus_call_error(call, OD_E_UNKNOWN,
				      "nobody knows \"%s\"; did you mean \"%s\"?", what, near)
			    : od_bus_call_error(call, OD_E_UNKNOWN, "nobody knows \"%s\"", what);
	}
	return explain(manager, call, uid,
		od_wire_get_int64(&options, "at", od_clock_now(manager->clock)), &asked);
}

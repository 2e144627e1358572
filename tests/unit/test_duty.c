#include "time_support.h"

#include "base/array.h"
#include "model/policy.h"

#define OFFICE                                                                                     \
	"timezone = Europe/Monaco\n"                                                               \
	"monday-friday = 08:30-12:30, 13:30-17:30\n"

/* A policy of its own for each test; whom a schedule is for: "", "people:alice", "groups:net". */
struct world {
	struct od_policy *policy;
	struct bench benches[4];
	size_t n;
	struct od_duty_input input;
};

static const char *const groups[] = { "staff", "net" };
static const struct od_person alice = { "alice", 1000, groups, 2 };
static const struct od_person bob = { "bob", 1001, NULL, 0 };

static struct world world_new(const struct od_person *person)
{
	struct world world = { .policy = od_policy_new() };

	assert_non_null(world.policy);
	world.input = (struct od_duty_input){ .policy = world.policy, .person = person };
	return world;
}

static void name_who(struct od_who *who, const char *text)
{
	if (strncmp(text, "people:", 7) == 0)
		assert_int_equal(od_strings_add(&who->people, text + 7, (size_t) -1), 0);
	else if (strncmp(text, "groups:", 7) == 0)
		assert_int_equal(od_strings_add(&who->groups, text + 7, (size_t) -1), 0);
}

/* The policy owns what it is given; the bench keeps zone and calendar. */
static void add_schedule(struct world *world, const char *who, const char *text)
{
	struct bench *bench = &world->benches[world->n++];
	struct od_policy_schedule *slot = od_array_add(&world->policy->schedules);

	*bench = build(text);
	slot->schedule = od_take(&bench->schedule);
	name_who(&slot->who, who);
}

static void add_on_call(struct world *world, const char *who, const char *from, const char *until)
{
	struct od_on_call *entry = od_array_add(&world->policy->on_calls);

	entry->label = strdup("netops");
	name_who(&entry->who, who);
	if (from) {
		struct od_on_call_window *window = od_array_add(&entry->windows);

		*window = (struct od_on_call_window){ at(NULL, from), at(NULL, until), true };
	} else {
		entry->feed = strdup("/srv/rota.ics");
	}
}

static void world_done(struct world *world)
{
	od_policy_unref(world->policy);
	for (size_t i = 0; i < world->n; i++)
		bench_done(&world->benches[i]);
}

static struct od_duty check(const struct world *world, const char *when, bool on, const char *until)
{
	struct od_duty duty;
	int64_t wanted = strcmp(until, "never") == 0 ? OD_NEVER : at(NULL, until);

	od_duty_at(&world->input, at(NULL, when), &duty);
	if (duty.on != on || duty.until_us != wanted)
		fail_msg("%s: %s until %s", when, duty.on ? "on" : "off", show(duty.until_us));
	return duty;
}

static void test_without_a_schedule_one_is_always_on_duty(void **state)
{
	struct world w = world_new(&alice);
	struct od_duty duty;

	(void) state;
	duty = check(&w, "2026-11-23 03:00", true, "never");
	assert_int_equal(duty.reason.rule, OD_RULE_NO_SCHEDULE);
	add_schedule(&w, "people:bob", OFFICE);
	check(&w, "2026-11-23 03:00", true, "never");
	world_done(&w);
}

static void test_people_beat_groups_beat_everybody(void **state)
{
	struct world w = world_new(&alice);

	(void) state;
	add_schedule(&w, "", OFFICE);
	check(&w, "2026-11-23 10:00", true, "2026-11-23 11:30");
	add_schedule(&w, "groups:net", "timezone = UTC\nmonday = 09:00-10:30\n");
	check(&w, "2026-11-23 10:00", true, "2026-11-23 10:30");
	add_schedule(&w, "people:alice", "timezone = UTC\nmonday = 09:00-10:15\n");
	check(&w, "2026-11-23 10:00", true, "2026-11-23 10:15");
	w.input.person = &bob;
	check(&w, "2026-11-23 10:00", true, "2026-11-23 11:30");
	world_done(&w);
}

static void test_of_one_rank_all_must_say_on(void **state)
{
	struct world w = world_new(&alice);
	struct od_duty duty;

	(void) state;
	add_schedule(&w, "groups:net", "timezone = UTC\nmonday = 08:00-12:00\n");
	add_schedule(&w, "groups:staff", "timezone = UTC\nmonday = 10:00-14:00\n# x\n");
	check(&w, "2026-11-23 08:30", false, "2026-11-23 10:00");
	check(&w, "2026-11-23 10:00", true, "2026-11-23 12:00");
	duty = check(&w, "2026-11-23 12:30", false, "2026-11-30 10:00");
	assert_int_equal(duty.reason.rule, OD_RULE_HOURS);
	world_done(&w);
}

static void test_schedules_that_never_agree_are_never_on(void **state)
{
	struct world w = world_new(&alice);

	(void) state;
	add_schedule(&w, "", "timezone = UTC\nmonday-friday = 08:00-12:00\n");
	add_schedule(&w, "", "timezone = UTC\nmonday-friday = 12:00-16:00\n");
	check(&w, "2026-11-23 08:30", false, "never");
	world_done(&w);
}

static void test_on_call_is_in_force_beside_the_schedule(void **state)
{
	struct world w = world_new(&alice);
	struct od_duty duty;

	(void) state;
	add_schedule(&w, "", OFFICE);
	add_on_call(&w, "people:alice", "2026-11-27 18:00", "2026-12-04 08:00");
	/* civil times of Monaco: 17:00Z to 07:00Z */
	duty = check(&w, "2026-11-27 16:45", false, "2026-11-27 17:00");
	assert_null(duty.on_call);
	duty = check(&w, "2026-11-27 17:00", false, "2026-11-30 07:30");
	assert_non_null(duty.on_call);
	assert_string_equal(duty.on_call->label, "netops");
	duty = check(&w, "2026-11-30 07:30", true, "2026-11-30 11:30");
	assert_non_null(duty.on_call);
	duty = check(&w, "2026-12-03 22:00", false, "2026-12-04 07:00");
	assert_non_null(duty.on_call);
	duty = check(&w, "2026-12-04 07:00", false, "2026-12-04 07:30");
	assert_null(duty.on_call);
	w.input.person = &bob;
	duty = check(&w, "2026-11-27 17:00", false, "2026-11-30 07:30");
	assert_null(duty.on_call);
	world_done(&w);
}

static void test_on_call_from_a_feed(void **state)
{
	struct world w = world_new(&alice);
	struct od_leave *turns = leave_of("2026-11-28T08:00Z 2026-11-28T20:00Z\n");
	struct od_duty duty;

	(void) state;
	add_schedule(&w, "", OFFICE);
	add_on_call(&w, "groups:net", NULL, NULL);
	w.input.turns = (const struct od_turns[]){ { "/srv/rota.ics", turns } };
	w.input.n_turns = 1;
	duty = check(&w, "2026-11-28 07:00", false, "2026-11-28 08:00");
	assert_null(duty.on_call);
	duty = check(&w, "2026-11-28 08:00", false, "2026-11-28 20:00");
	assert_non_null(duty.on_call);
	od_leave_free(turns);
	world_done(&w);
}

static void test_leave(void **state)
{
	struct world w = world_new(&alice);
	struct od_leave *leave = leave_of("2026-11-23T00:00 2026-11-24T00:00 floating\n");
	struct od_duty duty;

	(void) state;
	add_schedule(&w, "", OFFICE);
	w.input.leave = leave;
	duty = check(&w, "2026-11-23 10:00", false, "2026-11-24 07:30");
	assert_int_equal(duty.reason.rule, OD_RULE_LEAVE);
	od_leave_free(leave);
	world_done(&w);
}

static void test_rest_makes_it_quiet_and_ends_by_itself(void **state)
{
	struct world w = world_new(&alice);
	struct od_duty duty;

	(void) state;
	add_schedule(&w, "", OFFICE);
	add_on_call(&w, "", "2026-11-23 00:00", "2026-11-24 00:00");
	w.policy->may = OD_MAY_LIFT; /* resting cannot be taken away */
	w.input.choice = (struct od_choice){ OD_CHOICE_REST, at(NULL, "2026-11-23 11:00") };
	duty = check(&w, "2026-11-23 10:00", false, "2026-11-23 11:00");
	assert_int_equal(duty.reason.rule, OD_RULE_REST);
	assert_null(duty.on_call);
	assert_true(duty.scheduled_on);
	duty = check(&w, "2026-11-23 11:00", true, "2026-11-23 11:30");
	assert_int_equal(duty.reason.rule, OD_RULE_HOURS);
	assert_non_null(duty.on_call);
	/* over the lunch break: nothing changes in between */
	w.input.choice.until_us = at(NULL, "2026-11-23 12:00");
	duty = check(&w, "2026-11-23 10:00", false, "2026-11-23 12:00");
	assert_null(duty.on_call);
	world_done(&w);
}

static void test_lift_opens_where_the_policy_lets_it(void **state)
{
	struct world w = world_new(&alice);
	struct od_duty duty;

	(void) state;
	add_schedule(&w, "", OFFICE);
	w.input.choice = (struct od_choice){ OD_CHOICE_LIFT, at(NULL, "2026-11-23 20:00") };
	w.policy->may = OD_MAY_LIFT | OD_MAY_REST;
	duty = check(&w, "2026-11-23 18:00", true, "2026-11-23 20:00");
	assert_int_equal(duty.reason.rule, OD_RULE_LIFT);
	assert_false(duty.scheduled_on);
	duty = check(&w, "2026-11-23 10:00", true, "2026-11-23 20:00"); /* lunch is open too */
	assert_int_equal(duty.reason.rule, OD_RULE_HOURS);
	duty = check(&w, "2026-11-23 20:00", false, "2026-11-24 07:30");
	assert_int_equal(duty.reason.rule, OD_RULE_HOURS);
	w.policy->may = OD_MAY_REST;
	duty = check(&w, "2026-11-23 18:00", false, "2026-11-24 07:30");
	assert_int_equal(duty.reason.rule, OD_RULE_HOURS);
	world_done(&w);
}

static void test_a_clock_that_was_never_set_makes_nobody_quiet(void **state)
{
	struct world w = world_new(&alice);
	struct od_duty duty;

	(void) state;
	add_schedule(&w, "", OFFICE);
	duty = check(&w, "1970-01-03 00:01", true, "2020-01-01 00:00");
	assert_int_equal(duty.reason.rule, OD_RULE_CLOCK);
	check(&w, "2020-01-01 00:00", false, "2020-01-01 07:30");
	/* Their own rest is theirs all the same. */
	w.input.choice = (struct od_choice){ OD_CHOICE_REST, at(NULL, "1970-01-03 08:00") };
	duty = check(&w, "1970-01-03 00:01", false, "1970-01-03 08:00");
	assert_int_equal(duty.reason.rule, OD_RULE_REST);
	world_done(&w);
}

static void test_choices_are_named(void **state)
{
	enum od_choice_kind kind;

	(void) state;
	for (int i = OD_CHOICE_NONE; i <= OD_CHOICE_REST; i++) {
		assert_true(
			od_choice_from_string(od_choice_to_string((enum od_choice_kind) i), &kind));
		assert_int_equal(kind, i);
	}
	assert_false(od_choice_from_string("sleep", &kind));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_a_schedule_one_is_always_on_duty),
		cmocka_unit_test(test_people_beat_groups_beat_everybody),
		cmocka_unit_test(test_of_one_rank_all_must_say_on),
		cmocka_unit_test(test_schedules_that_never_agree_are_never_on),
		cmocka_unit_test(test_on_call_is_in_force_beside_the_schedule),
		cmocka_unit_test(test_on_call_from_a_feed),
		cmocka_unit_test(test_leave),
		cmocka_unit_test(test_rest_makes_it_quiet_and_ends_by_itself),
		cmocka_unit_test(test_lift_opens_where_the_policy_lets_it),
		cmocka_unit_test(test_a_clock_that_was_never_set_makes_nobody_quiet),
		cmocka_unit_test(test_choices_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

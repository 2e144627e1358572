/* Legal rest: the vectors of the law, and what the lint finds. */
#include "time_support.h"

#include "model/policy.h"
#include "model/rest_lint.h"

#define NINE_TO_SIX "timezone = Europe/Paris\nmonday-friday = 09:00-18:00\n"

struct world {
	struct od_policy *policy;
	struct bench bench;
	struct od_duty_input input;
};

static const struct od_person alice = { "alice", 1000, NULL, 0 };

static struct world world_new(const char *law, const char *text)
{
	struct world world = { .policy = od_policy_new(), .bench = build(text) };
	struct od_policy_schedule *slot = od_array_add(&world.policy->schedules);

	slot->schedule = od_take(&world.bench.schedule);
	slot->law = strdup(law);
	world.input = (struct od_duty_input){ .policy = world.policy, .person = &alice };
	return world;
}

static void world_done(struct world *world)
{
	od_policy_unref(world->policy);
	bench_done(&world->bench);
}

/* The rest at a civil time, after an intervention; *@ret of before it. */
static struct od_rest after_work(
	const struct world *world, const char *from, const char *until, const char *when)
{
	struct od_rest rest;
	int64_t begun = at(world->bench.zone, from), ended = at(world->bench.zone, until);

	assert_true(od_rest_at(&world->input, INT64_MIN, begun, &rest));
	if (!od_rest_restarts(&rest, begun))
		ended = INT64_MIN;
	assert_true(od_rest_at(&world->input, ended, at(world->bench.zone, when), &rest));
	return rest;
}

static void test_an_intervention_restarts_the_daily_rest(void **state OD_UNUSED)
{
	static const struct {
		const char *law, *resume;
	} rows[] = { { "fr", "2026-11-25 15:00" }, { "eu", "2026-11-25 15:00" },
		{ "mc", "2026-11-25 14:00" }, { "es", "2026-11-25 16:00" } };

	for (size_t i = 0; i < OD_ELEMENTS(rows); i++) {
		struct world world = world_new(rows[i].law, NINE_TO_SIX);
		struct od_rest rest = after_work(
			&world, "2026-11-25 03:00", "2026-11-25 04:00", "2026-11-25 05:30");

		assert_false(rest.weekly);
		assert_instant(rest.resume_us, at(world.bench.zone, rows[i].resume));
		assert_int_equal(rest.taken_us, 90 * 60 * OD_USEC_PER_SEC);
		world_done(&world);
	}
}

static void test_an_intervention_restarts_the_weekly_rest(void **state OD_UNUSED)
{
	struct world world = world_new("fr", NINE_TO_SIX);
	struct od_rest rest =
		after_work(&world, "2026-11-29 01:00", "2026-11-29 02:00", "2026-11-29 12:00");

	assert_true(rest.weekly);
	assert_instant(rest.resume_us, at(world.bench.zone, "2026-11-30 13:00"));
	world_done(&world);
}

static void test_rest_already_taken_is_not_taken_back(void **state OD_UNUSED)
{
	struct world world = world_new("fr", NINE_TO_SIX);
	struct od_rest rest =
		after_work(&world, "2026-11-25 06:00", "2026-11-25 07:00", "2026-11-25 08:00");

	assert_instant(rest.since_us, at(world.bench.zone, "2026-11-24 18:00"));
	assert_instant(rest.resume_us, at(world.bench.zone, "2026-11-25 05:00"));
	world_done(&world);
}

static void test_rest_is_elapsed_time(void **state OD_UNUSED)
{
	struct world world = world_new("fr", "timezone = Europe/Paris\n"
					     "monday-sunday = 08:00-22:00\n");
	struct od_rest rest;

	/* 28 March 2026, 22:00, to 08:00: nine hours, not ten. */
	assert_true(od_rest_at(
		&world.input, INT64_MIN, at(world.bench.zone, "2026-03-29 07:00"), &rest));
	assert_int_equal(rest.taken_us, 8 * 3600 * OD_USEC_PER_SEC);
	assert_instant(rest.resume_us, at(world.bench.zone, "2026-03-29 10:00"));
	world_done(&world);
}

static void test_of_two_long_rests_the_longest_is_the_weekly_one(void **state OD_UNUSED)
{
	struct world world = world_new("fr", NINE_TO_SIX "holidays = fr\n");
	struct od_rest rest;

	/* Ascension, Thursday 14 May 2026, and the weekend after it. */
	assert_true(od_rest_at(
		&world.input, INT64_MIN, at(world.bench.zone, "2026-05-14 12:00"), &rest));
	assert_false(rest.weekly);
	assert_true(od_rest_at(
		&world.input, INT64_MIN, at(world.bench.zone, "2026-05-16 12:00"), &rest));
	assert_true(rest.weekly);
	assert_int_equal(rest.required_us, 35 * 3600 * OD_USEC_PER_SEC);
	world_done(&world);
}

static void test_there_is_nothing_to_say(void **state OD_UNUSED)
{
	struct world world = world_new("fr", "timezone = Europe/Paris\n"
					     "monday-friday = 08:30-12:30, 13:30-17:30\n");
	struct world lawless = world_new("none", NINE_TO_SIX);
	struct world never = world_new("fr", "timezone = Europe/Paris\nmonday = off\n");
	int64_t lunch = at(world.bench.zone, "2026-11-25 13:00");
	int64_t night = at(world.bench.zone, "2026-11-25 23:00");
	struct od_rest rest;

	assert_false(od_rest_at(&world.input, INT64_MIN, lunch, &rest));
	assert_false(od_rest_at(&world.input, INT64_MIN, lunch + 3600 * OD_USEC_PER_SEC, &rest));
	assert_true(od_rest_at(&world.input, INT64_MIN, night, &rest));
	assert_false(od_rest_at(&lawless.input, INT64_MIN, night, &rest));
	assert_false(od_rest_at(&never.input, INT64_MIN, night, &rest));
	world_done(&world);
	world_done(&lawless);
	world_done(&never);
}

static void test_the_laws(void **state OD_UNUSED)
{
	static const struct od_rest_law wanted[] = { { "eu", 11, 35 }, { "fr", 11, 35 },
		{ "mc", 10, 24 }, { "be", 11, 35 }, { "es", 12, 36 }, { "pt", 11, 35 },
		{ "it", 11, 35 }, { "lu", 11, 44 }, { "ie", 11, 35 }, { "gr", 11, 24 },
		{ "ca-on", 11, 24 } };

	for (size_t i = 0; i < OD_ELEMENTS(wanted); i++) {
		const struct od_rest_law *law = od_rest_law(wanted[i].id);

		assert_non_null(law);
		assert_int_equal(law->daily_hours, wanted[i].daily_hours);
		assert_int_equal(law->weekly_hours, wanted[i].weekly_hours);
	}
	assert_null(od_rest_law("none"));
	assert_null(od_rest_law(NULL));
}

/* -- lint ---------------------------------------------------------------------------------- */

struct found {
	struct od_rest_finding list[16];
	size_t n;
};

static void keep(const struct od_rest_finding *finding, void *userdata)
{
	struct found *found = userdata;

	assert_true(found->n < OD_ELEMENTS(found->list));
	found->list[found->n++] = *finding;
}

static struct found lint(const char *law, const char *text)
{
	struct bench bench = build(text);
	struct found found = { 0 };

	od_rest_lint(bench.schedule, od_rest_law(law), at(NULL, "2026-11-23 00:00"), keep, &found);
	for (size_t i = 0; i < found.n; i++)
		found.list[i].origin.file = found.list[i].zone = NULL; /* gone with the bench */
	bench_done(&bench);
	return found;
}

static void test_lint_of_a_short_night(void **state OD_UNUSED)
{
	static const char text[] = "monday = 13:00-22:00\ntuesday = 08:00-17:00\n";
	static const char *const warned[] = { "fr", "be", "pt", "lu", "es", "eu" };

	assert_int_equal(lint("mc", text).n, 0);
	assert_int_equal(lint("none", text).n, 0);
	for (size_t i = 0; i < OD_ELEMENTS(warned); i++) {
		struct found found = lint(warned[i], text);

		assert_int_equal(found.n, 1);
		assert_int_equal(found.list[0].fault, OD_REST_FAULT_DAILY);
		assert_int_equal(found.list[0].origin.line, 1);
		assert_int_equal(found.list[0].from.weekday, 0);
		assert_int_equal(found.list[0].from.minute, 22 * 60);
		assert_int_equal(found.list[0].until.weekday, 1);
		assert_int_equal(found.list[0].until.minute, 8 * 60);
		assert_int_equal(found.list[0].minutes, 600);
	}
}

static void test_lint_of_a_short_weekend(void **state OD_UNUSED)
{
	static const char text[] = "monday-saturday = 06:00-18:00\n"; /* Saturday 18 to Monday 06 */
	struct found found = lint("lu", text);

	assert_int_equal(lint("fr", text).n, 0);
	assert_int_equal(lint("es", text).n, 0);
	assert_int_equal(found.n, 1);
	assert_int_equal(found.list[0].fault, OD_REST_FAULT_WEEKLY);
	assert_int_equal(found.list[0].minutes, 36 * 60);
	assert_int_equal(found.list[0].asked_hours, 44);
}

static void test_lint_of_a_rota(void **state OD_UNUSED)
{
	/* The second week ends late and the first begins early: only round the cycle is it seen. */
	struct found found = lint("fr", "cycle = 2w from 2026-01-05\n"
					"week1.monday = 05:00-13:00\n"
					"week1.tuesday = 09:00-17:00\n"
					"week2.sunday = 12:00-20:00\n");

	assert_int_equal(found.n, 1);
	assert_int_equal(found.list[0].fault, OD_REST_FAULT_DAILY);
	assert_int_equal(found.list[0].week, 2);
	assert_int_equal(found.list[0].minutes, 9 * 60);
	/* Six days of work, then one more week's worth: week 2 has no rest of 35 h. */
	found = lint("fr", "cycle = 2w from 2026-01-05\n"
			   "week1.monday-friday = 09:00-17:00\n"
			   "week2.monday-sunday = 09:00-17:00\n");
	assert_int_equal(found.n, 1);
	assert_int_equal(found.list[0].fault, OD_REST_FAULT_WEEKLY);
	assert_int_equal(found.list[0].week, 2);
}

static void test_lint_of_a_full_date(void **state OD_UNUSED)
{
	struct found found = lint("fr", "monday-friday = 09:00-17:00\n"
					"2026-12-03 = 14:00-23:00\n");

	assert_int_equal(found.n, 1);
	assert_int_equal(found.list[0].fault, OD_REST_FAULT_DAILY);
	assert_int_equal(found.list[0].origin.line, 2);
	assert_int_equal(found.list[0].from.day, day_of("2026-12-03"));
	assert_int_equal(found.list[0].minutes, 600);
}

static void test_lint_without_any_rest(void **state OD_UNUSED)
{
	struct found found = lint("mc", "monday-sunday = 00:00-24:00\n");

	assert_int_equal(found.n, 1);
	assert_int_equal(found.list[0].fault, OD_REST_FAULT_NONE);
	assert_int_equal(lint("none", "monday-sunday = 00:00-24:00\n").n, 0);
}

static void test_lint_of_a_break_closed_by_grace(void **state OD_UNUSED)
{
	struct found found =
		lint("fr", "before = 30m\nafter = 30m\nmonday-friday = 08:30-12:30, 13:30-17:30\n");

	assert_int_equal(found.n, 1);
	assert_int_equal(found.list[0].fault, OD_REST_FAULT_GRACE);
	assert_int_equal(found.list[0].from.minute, 12 * 60 + 30);
	assert_int_equal(found.list[0].minutes, 60);
	assert_int_equal(
		lint("fr", "before = 30m\nafter = 15m\nmonday = 08:30-12:30, 13:30-17:30\n").n, 0);
}

static void test_lint_of_a_window_that_vanishes(void **state OD_UNUSED)
{
	struct found found = lint("none", "timezone = Europe/Monaco\nsunday = 02:00-03:00\n");

	assert_int_equal(found.n, 1);
	assert_int_equal(found.list[0].fault, OD_REST_FAULT_GAP);
	assert_int_equal(found.list[0].from.day, day_of("2027-03-28"));
	assert_int_equal(lint("none", "timezone = Europe/Monaco\nsunday = 01:00-04:00\n").n, 0);
	assert_int_equal(lint("none", "timezone = UTC\nsunday = 02:00-03:00\n").n, 0);
	/* Half an hour, at 02:00. */
	found = lint("none", "timezone = Australia/Lord_Howe\nsunday = 02:00-02:30\n");
	assert_int_equal(found.n, 1);
	assert_int_equal(found.list[0].from.day, day_of("2027-10-03"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_intervention_restarts_the_daily_rest),
		cmocka_unit_test(test_an_intervention_restarts_the_weekly_rest),
		cmocka_unit_test(test_rest_already_taken_is_not_taken_back),
		cmocka_unit_test(test_rest_is_elapsed_time),
		cmocka_unit_test(test_of_two_long_rests_the_longest_is_the_weekly_one),
		cmocka_unit_test(test_there_is_nothing_to_say),
		cmocka_unit_test(test_the_laws),
		cmocka_unit_test(test_lint_of_a_short_night),
		cmocka_unit_test(test_lint_of_a_short_weekend),
		cmocka_unit_test(test_lint_of_a_rota),
		cmocka_unit_test(test_lint_of_a_full_date),
		cmocka_unit_test(test_lint_without_any_rest),
		cmocka_unit_test(test_lint_of_a_break_closed_by_grace),
		cmocka_unit_test(test_lint_of_a_window_that_vanishes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

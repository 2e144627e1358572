/*
 * The cases a schedule has to get right, by number, with the answer worked out by hand. "until" is
 * UTC where it ends in Z, else on the clock of the schedule.
 */
#include "time_support.h"

#include <time.h>

#define W      "monday-friday = 08:30-12:30, 13:30-17:30\n"
#define MONACO "timezone = Europe/Monaco\n"
#define MC     MONACO "holidays = mc\n"
#define FR     "timezone = Europe/Paris\nholidays = fr\n"

static const struct golden {
	const char *number, *text, *leave, *at;
	bool on;
	const char *until;
} cases[] = {
	{ "E1 on until lunch", FR W, NULL, "2026-05-07 12:00", true, "2026-05-07 12:30" },
	{ "E1 lunch", FR W, NULL, "2026-05-07 12:30", false, "2026-05-07 13:30" },
	{ "E1 on until the evening", FR W, NULL, "2026-05-07 13:30", true, "2026-05-07 17:30" },
	{ "E1 8 May is a holiday in France", FR W, NULL, "2026-05-07 17:30", false,
		"2026-05-11 08:30" },
	{ "E1 and a working day in Monaco", MC W, NULL, "2026-05-07 17:30", false,
		"2026-05-08 08:30" },
	{ "E2 begins", MONACO W, NULL, "2026-11-25 08:30", true, "2026-11-25 12:30" },
	{ "E2 not before", MONACO W, NULL, "2026-11-25 08:29:59", false, "2026-11-25 08:30" },
	{ "E2 ends", MONACO W, NULL, "2026-11-25 12:30", false, "2026-11-25 13:30" },
	{ "E3 weekend of the fall", MONACO W, NULL, "2026-10-23 18:00", false,
		"2026-10-26 07:30Z" },
	{ "E4 night over a gap begins", MONACO "saturday = 22:00-06:00\n", NULL,
		"2026-03-28 20:00Z", false, "2026-03-28 21:00Z" },
	{ "E4 seven hours", MONACO "saturday = 22:00-06:00\n", NULL, "2026-03-28 21:00Z", true,
		"2026-03-29 04:00Z" },
	{ "E5 nine hours", MONACO "saturday = 22:00-06:00\n", NULL, "2026-10-24 20:00Z", true,
		"2026-10-25 05:00Z" },
	{ "E9 empty in the gap", MONACO "sunday = 02:00-03:00\n", NULL, "2026-03-28 12:00", false,
		"2026-04-05 02:00" },
	{ "E9 two hours in the overlap", MONACO "sunday = 02:00-03:00\n", NULL, "2026-10-25 00:00Z",
		true, "2026-10-25 02:00Z" },
	{ "E11 always", MONACO "monday-sunday = 00:00-24:00\n", NULL, "2026-03-29 02:30", true,
		"never" },
	{ "E12 never", MONACO "monday-sunday = off\n", NULL, "2026-03-29 02:30", false, "never" },
	{ "E13 a whole day", MONACO "monday = 00:00-24:00\n", NULL, "2026-11-23 00:00", true,
		"2026-11-24 00:00" },
	{ "E14 the tail of a holiday is gone", FR "friday = 22:00-06:00\n", NULL,
		"2026-05-08 21:00", false, "2026-05-15 22:00" },
	{ "E16 a full date", MC W "2026-12-24 = 08:30-12:00\n", NULL, "2026-12-24 09:00", true,
		"2026-12-24 12:00" },
	{ "E16 opens a holiday", MC W "2026-12-25 = 09:00-12:00\n", NULL, "2026-12-25 09:00", true,
		"2026-12-25 12:00" },
	{ "E16 29 February is a Tuesday", MONACO W "02-29 = off\n", NULL, "2028-02-28 17:30", false,
		"2028-03-01 08:30" },
	{ "E16 and not in 2027", MONACO W "02-29 = off\n", NULL, "2027-02-26 17:30", false,
		"2027-03-01 08:30" },
	{ "E16 nor in 2100", MONACO W "02-29 = off\n", NULL, "2100-02-26 17:30", false,
		"2100-03-01 08:30" },
	{ "E17 overlapping is one", MONACO "monday = 08:00-12:00, 11:00-13:00\n", NULL,
		"2026-11-23 08:00", true, "2026-11-23 13:00" },
	{ "E26 the second before midnight", MONACO "monday = 00:00-24:00\n", NULL,
		"2026-11-23 23:59:59", true, "2026-11-24 00:00" },
	{ "E28 after 2038", MONACO W, NULL, "2045-07-05 09:00", true, "2045-07-05 12:30" },
	{ "E29 days of leave", MONACO W, "2026-12-23T00:00 2026-12-26T00:00 floating\n",
		"2026-12-22 17:30", false, "2026-12-28 08:30" },
	{ "E30 an afternoon of leave", MONACO W, "2026-11-25T13:00:00Z 2026-11-25T17:00:00Z\n",
		"2026-11-25 13:30", true, "2026-11-25 14:00" },
	{ "E30 and on again", MONACO "wednesday = 08:30-20:00\n",
		"2026-11-25T13:00:00Z 2026-11-25T17:00:00Z\n", "2026-11-25 14:00", false,
		"2026-11-25 18:00" },
	{ "E41 grace widens", MONACO W "before = 30m\nafter = 30m\n", NULL, "2026-11-25 08:00",
		true, "2026-11-25 18:00" },
	{ "E45 the first of 2027",
		MONACO "cycle = 2w from 2026-01-05\nweek1.monday = 08:00-09:00\n"
		       "week2.monday = 10:00-11:00\n",
		NULL, "2026-12-28 12:00", false, "2027-01-04 08:00" },
	{ "E45 28 December is of the other week",
		MONACO "cycle = 2w from 2026-01-05\nweek1.monday = 08:00-09:00\n"
		       "week2.monday = 10:00-11:00\n",
		NULL, "2026-12-28 00:00", false, "2026-12-28 10:00" },
};

static void test_golden_cases(void **state OD_UNUSED)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct golden *c = &cases[i];
		struct bench bench = build(c->text);
		struct od_leave *leave = c->leave ? leave_of(c->leave) : NULL;

		print_message("%s\n", c->number);
		check_at(&bench, leave, c->at, c->on, c->until);
		od_leave_free(leave);
		bench_done(&bench);
	}
}

/* E3, D8: 62.5 hours of the clock on the wall are 63.5 hours. */
static void test_a_weekend_is_as_long_as_it_lasts(void **state OD_UNUSED)
{
	struct bench bench = build(MONACO W);
	struct od_span span;
	int64_t from = at(bench.zone, "2026-10-23 18:00");

	od_schedule_at(bench.schedule, NULL, NULL, from, &span);
	assert_int_equal(span.until_us - from, (int64_t) (63.5 * 3600) * OD_USEC_PER_SEC);
	bench_done(&bench);
}

/* E27: an instant does not fit into 32 bits; none is ever one. */
static void test_instants_are_wide(void **state OD_UNUSED)
{
	_Static_assert(sizeof(time_t) == 8, "a 32-bit time_t ends in 2038");
	assert_int_equal(sizeof(((struct od_span *) NULL)->until_us), 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden_cases),
		cmocka_unit_test(test_a_weekend_is_as_long_as_it_lasts),
		cmocka_unit_test(test_instants_are_wide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

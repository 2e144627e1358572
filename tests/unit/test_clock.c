#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-event.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "runtime/clock.h"

#define SECOND    INT64_C(1000000)
#define FRIDAY    "2026-11-27T18:45:00+01:00"
#define FRIDAY_US (INT64_C(1795801500) * SECOND)
#define PATIENCE  (5 * SECOND)
#define SLACK     (2 * SECOND) /* between asking for the time and comparing it, on a busy machine */

static void free_event(sd_event **event)
{
	sd_event_unref(*event);
}

static sd_event *new_event(void)
{
	sd_event *event = NULL;

	assert_true(sd_event_new(&event) >= 0);
	return event;
}

static void count(void *userdata)
{
	++*(unsigned *) userdata;
}

/* Run the loop until *@counter is @wanted; false: it did not come in @patience_us. */
static bool run_until(
	sd_event *event, const unsigned *counter, unsigned wanted, int64_t patience_us)
{
	uint64_t start, now;

	assert_true(sd_event_now(event, CLOCK_MONOTONIC, &start) >= 0);
	for (now = start; *counter < wanted && now - start < (uint64_t) patience_us;) {
		assert_true(sd_event_run(event, 20000) >= 0);
		assert_true(sd_event_now(event, CLOCK_MONOTONIC, &now) >= 0);
	}
	return *counter >= wanted;
}

static void assert_near(int64_t us, int64_t wanted)
{
	if (us < wanted - SLACK || us > wanted + SLACK)
		fail_msg("%lld is not about %lld", (long long) us, (long long) wanted);
}

static void test_no_spec_is_the_real_time(void **state)
{
	od_cleanup(free_event) sd_event *event = new_event();
	od_cleanup(od_clock_freep) struct od_clock *real = NULL;
	od_cleanup(od_clock_freep) struct od_clock *empty = NULL;

	(void) state;
	assert_int_equal(od_clock_new(event, NULL, &real), 0);
	assert_int_equal(od_clock_new(event, "", &empty), 0);
	assert_near(od_clock_now(real), (int64_t) time(NULL) * SECOND);
	assert_near(od_clock_now(empty), (int64_t) time(NULL) * SECOND);
}

static void test_seconds_are_added(void **state)
{
	od_cleanup(free_event) sd_event *event = new_event();
	od_cleanup(od_clock_freep) struct od_clock *later = NULL;
	od_cleanup(od_clock_freep) struct od_clock *earlier = NULL;

	(void) state;
	assert_int_equal(od_clock_new(event, "+3600", &later), 0);
	assert_int_equal(od_clock_new(event, "-3600", &earlier), 0);
	assert_near(od_clock_now(later) - od_clock_now(earlier), 7200 * SECOND);
}

static void test_an_instant_is_when_the_program_starts(void **state)
{
	od_cleanup(free_event) sd_event *event = new_event();
	od_cleanup(od_clock_freep) struct od_clock *clock = NULL;

	(void) state;
	assert_int_equal(od_clock_new(event, FRIDAY, &clock), 0);
	assert_true(od_clock_now(clock) >= FRIDAY_US);
	assert_near(od_clock_now(clock), FRIDAY_US);
}

static void test_a_faulty_spec_makes_no_clock(void **state)
{
	static const char *const faulty[] = { "90", "+", "+ 9", "+9s", "--9", "+0x10", "friday",
		"+99999999999999999999", "+99999999999", "2026-02-30T00:00:00Z" };
	od_cleanup(free_event) sd_event *event = new_event();

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(faulty); i++) {
		struct od_clock *clock = NULL;

		if (od_clock_new(event, faulty[i], &clock) != OD_E_SYNTAX || clock)
			fail_msg("'%s' was taken", faulty[i]);
	}
}

static void test_a_timer_fires_once_and_not_early(void **state)
{
	od_cleanup(free_event) sd_event *event = new_event();
	od_cleanup(od_clock_freep) struct od_clock *clock = NULL;
	od_cleanup(od_timer_freep) struct od_timer *timer = NULL;
	unsigned fired = 0;
	int64_t at;

	(void) state;
	assert_int_equal(od_clock_new(event, FRIDAY, &clock), 0);
	assert_int_equal(od_timer_new(clock, count, &fired, &timer), 0);
	at = od_clock_now(clock) + SECOND / 5;
	assert_int_equal(od_timer_set(timer, at), 0);
	assert_true(run_until(event, &fired, 1, PATIENCE));
	assert_true(od_clock_now(clock) >= at);
	assert_false(run_until(event, &fired, 2, SECOND / 2));
}

static void test_a_timer_in_the_past_fires_at_once(void **state)
{
	od_cleanup(free_event) sd_event *event = new_event();
	od_cleanup(od_clock_freep) struct od_clock *clock = NULL;
	od_cleanup(od_timer_freep) struct od_timer *past = NULL;
	od_cleanup(od_timer_freep) struct od_timer *never = NULL;
	unsigned fired = 0, never_fired = 0;

	(void) state;
	assert_int_equal(od_clock_new(event, "-100000", &clock), 0);
	assert_int_equal(od_timer_new(clock, count, &fired, &past), 0);
	assert_int_equal(od_timer_new(clock, count, &never_fired, &never), 0);
	assert_int_equal(od_timer_set(never, 0), 0);
	assert_int_equal(od_timer_set(never, OD_NEVER), 0);
	assert_int_equal(od_timer_set(past, INT64_MIN), 0);
	assert_true(run_until(event, &fired, 1, PATIENCE));
	assert_int_equal(never_fired, 0);
}

static void test_timers_share_one_descriptor(void **state)
{
	od_cleanup(free_event) sd_event *event = new_event();
	od_cleanup(od_clock_freep) struct od_clock *clock = NULL;
	struct od_timer *timers[50];
	unsigned fired = 0;
	int before = dup(0), after;

	(void) state;
	close(before);
	assert_int_equal(od_clock_new(event, NULL, &clock), 0);
	for (size_t i = 0; i < OD_ELEMENTS(timers); i++) {
		assert_int_equal(od_timer_new(clock, count, &fired, &timers[i]), 0);
		assert_int_equal(
			od_timer_set(timers[i], od_clock_now(clock) + (int64_t) i * 1000), 0);
	}
	after = dup(0);
	close(after);
	assert_int_equal(after - before, 1);
	assert_true(run_until(event, &fired, OD_ELEMENTS(timers), PATIENCE));
	for (size_t i = 0; i < OD_ELEMENTS(timers); i++)
		od_timer_free(timers[i]);
}

struct again {
	struct od_timer *timer;
	unsigned fired;
};

static void set_into_the_past(void *userdata)
{
	struct again *again = userdata;

	again->fired++;
	assert_int_equal(od_timer_set(again->timer, 0), 0);
}

static void test_a_timer_that_sets_itself_does_not_starve_the_loop(void **state)
{
	od_cleanup(free_event) sd_event *event = new_event();
	od_cleanup(od_clock_freep) struct od_clock *clock = NULL;
	struct again again = { 0 };

	(void) state;
	assert_int_equal(od_clock_new(event, NULL, &clock), 0);
	assert_int_equal(od_timer_new(clock, set_into_the_past, &again, &again.timer), 0);
	assert_int_equal(od_timer_set(again.timer, 0), 0);
	/* Each turn of the loop returns, and each fires it anew. */
	assert_true(run_until(event, &again.fired, 5, PATIENCE));
	od_timer_free(again.timer);
}

static void free_itself(void *userdata)
{
	struct again *again = userdata;

	again->fired++;
	od_timer_free(again->timer);
}

static void test_a_timer_may_free_itself(void **state)
{
	od_cleanup(free_event) sd_event *event = new_event();
	od_cleanup(od_clock_freep) struct od_clock *clock = NULL;
	struct again again = { 0 };

	(void) state;
	assert_int_equal(od_clock_new(event, NULL, &clock), 0);
	assert_int_equal(od_timer_new(clock, free_itself, &again, &again.timer), 0);
	assert_int_equal(od_timer_set(again.timer, 0), 0);
	assert_true(run_until(event, &again.fired, 1, PATIENCE));
}

/* A folder with a trial file in it. */
struct trial {
	char folder[64], file[96], spec[112];
};

static void trial_write(const struct trial *trial, const char *text)
{
	char draft[128];
	FILE *file;

	/* By rename, as an editor does. */
	(void) snprintf(draft, sizeof(draft), "%s.new", trial->file);
	file = fopen(draft, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(rename(draft, trial->file), 0);
}

static void trial_init(struct trial *trial, const char *text)
{
	strcpy(trial->folder, "/tmp/offduty-clock-XXXXXX");
	assert_non_null(mkdtemp(trial->folder));
	(void) snprintf(trial->file, sizeof(trial->file), "%s/now", trial->folder);
	(void) snprintf(trial->spec, sizeof(trial->spec), "@%s", trial->file);
	if (text)
		trial_write(trial, text);
}

static void trial_done(struct trial *trial)
{
	unlink(trial->file);
	rmdir(trial->folder);
}

static void test_a_changed_file_is_a_step_and_timers_follow(void **state)
{
	od_cleanup(trial_done) struct trial trial = { 0 };
	od_cleanup(free_event) sd_event *event = new_event();
	od_cleanup(od_clock_freep) struct od_clock *clock = NULL;
	od_cleanup(od_timer_freep) struct od_timer *timer = NULL;
	unsigned steps = 0, also = 0, fired = 0;

	(void) state;
	trial_init(&trial, FRIDAY "\n");
	assert_int_equal(od_clock_new(event, trial.spec, &clock), 0);
	assert_near(od_clock_now(clock), FRIDAY_US);
	assert_int_equal(od_clock_on_step(clock, count, &steps), 0);
	assert_int_equal(od_clock_on_step(clock, count, &also), 0);
	assert_int_equal(od_timer_new(clock, count, &fired, &timer), 0);
	assert_int_equal(od_timer_set(timer, FRIDAY_US + 3600 * SECOND), 0);
	assert_false(run_until(event, &fired, 1, SECOND / 5));
	assert_int_equal(steps, 0);

	trial_write(&trial, "2026-11-30T08:30:00+01:00");
	assert_true(run_until(event, &fired, 1, PATIENCE));
	assert_int_equal(steps, 1);
	assert_int_equal(also, 1);
	assert_near(od_clock_now(clock), FRIDAY_US + (int64_t) (61 * 60 + 45) * 60 * SECOND);
}

static void test_two_clocks_on_one_file_agree(void **state)
{
	od_cleanup(trial_done) struct trial trial = { 0 };
	od_cleanup(free_event) sd_event *event = new_event();
	od_cleanup(od_clock_freep) struct od_clock *first = NULL;
	od_cleanup(od_clock_freep) struct od_clock *second = NULL;
	int64_t one, other;

	(void) state;
	trial_init(&trial, FRIDAY);
	assert_int_equal(od_clock_new(event, trial.spec, &first), 0);
	usleep(100000);
	assert_int_equal(od_clock_new(event, trial.spec, &second), 0);
	one = od_clock_now(first);
	other = od_clock_now(second);
	assert_true(other >= one && other - one < 50000);
}

static void test_a_faulty_file_leaves_the_last_good_time(void **state)
{
	od_cleanup(trial_done) struct trial trial = { 0 };
	od_cleanup(free_event) sd_event *event = new_event();
	od_cleanup(od_clock_freep) struct od_clock *clock = NULL;
	struct od_clock *none = NULL;
	unsigned steps = 0;

	(void) state;
	trial_init(&trial, NULL);
	assert_int_equal(od_clock_new(event, trial.spec, &none), -ENOENT);
	trial_write(&trial, "soon");
	assert_int_equal(od_clock_new(event, trial.spec, &none), OD_E_SYNTAX);
	assert_null(none);
	trial_write(&trial, "+3600");
	assert_int_equal(od_clock_new(event, trial.spec, &clock), 0);
	assert_int_equal(od_clock_on_step(clock, count, &steps), 0);
	trial_write(&trial, "soon");
	assert_int_equal(unlink(trial.file), 0);
	assert_false(run_until(event, &steps, 1, SECOND / 5));
	assert_near(od_clock_now(clock), ((int64_t) time(NULL) + 3600) * SECOND);
	trial_write(&trial, "+7200");
	assert_true(run_until(event, &steps, 1, PATIENCE));
	assert_near(od_clock_now(clock), ((int64_t) time(NULL) + 7200) * SECOND);
}

/* The linker puts this before read(); it says once that the timer was cancelled. */
ssize_t __real_read(int fd, void *buffer, size_t size);
ssize_t __wrap_read(int fd, void *buffer, size_t size);
static bool cancelled;

ssize_t __wrap_read(int fd, void *buffer, size_t size)
{
	if (!cancelled || size != sizeof(uint64_t))
		return __real_read(fd, buffer, size);
	cancelled = false;
	errno = ECANCELED;
	return -1;
}

static void test_a_cancelled_timer_is_a_step(void **state)
{
	od_cleanup(free_event) sd_event *event = new_event();
	od_cleanup(od_clock_freep) struct od_clock *clock = NULL;
	od_cleanup(od_timer_freep) struct od_timer *timer = NULL;
	unsigned steps = 0, fired = 0;

	(void) state;
	assert_int_equal(od_clock_new(event, NULL, &clock), 0);
	assert_int_equal(od_clock_on_step(clock, count, &steps), 0);
	assert_int_equal(od_timer_new(clock, count, &fired, &timer), 0);
	cancelled = true;
	assert_int_equal(od_timer_set(timer, od_clock_now(clock) + SECOND / 20), 0);
	assert_true(run_until(event, &steps, 1, PATIENCE));
	assert_false(cancelled);
	assert_true(run_until(event, &fired, 1, PATIENCE));
	assert_int_equal(fired, 1);
}

/*
 * The same with the real thing: setting the clock to what it says is a step like any other, and moves it
 * by some microseconds. But the clock is the whole machine's, so it is only done where that is wanted.
 */
static void test_setting_the_system_clock_is_a_step(void **state)
{
	od_cleanup(free_event) sd_event *event = NULL;
	od_cleanup(od_clock_freep) struct od_clock *clock = NULL;
	struct timespec now;
	unsigned steps = 0;

	(void) state;
	if (!getenv("OFFDUTY_TEST_SETS_CLOCK"))
		skip(); /* leaves by longjmp: nothing may be owned yet */
	event = new_event();
	assert_int_equal(od_clock_new(event, NULL, &clock), 0);
	assert_int_equal(od_clock_on_step(clock, count, &steps), 0);
	clock_gettime(CLOCK_REALTIME, &now);
	assert_int_equal(clock_settime(CLOCK_REALTIME, &now), 0);
	assert_true(run_until(event, &steps, 1, PATIENCE));
}

static void test_nothing_happens_at_rest(void **state)
{
	od_cleanup(trial_done) struct trial trial = { 0 };
	od_cleanup(free_event) sd_event *event = new_event();
	od_cleanup(od_clock_freep) struct od_clock *clock = NULL;
	od_cleanup(od_timer_freep) struct od_timer *timer = NULL;
	unsigned calls = 0;
	uint64_t turns = 0;

	(void) state;
	trial_init(&trial, "+0");
	assert_int_equal(od_clock_new(event, trial.spec, &clock), 0);
	assert_int_equal(od_clock_on_step(clock, count, &calls), 0);
	assert_int_equal(od_timer_new(clock, count, &calls, &timer), 0);
	assert_int_equal(od_timer_set(timer, od_clock_now(clock) + 3600 * SECOND), 0);
	for (int i = 0; i < 10; i++)
		turns += sd_event_run(event, 50000) > 0;
	assert_int_equal(turns, 0);
	assert_int_equal(calls, 0);
}

static void test_freeing_nothing_is_allowed(void **state)
{
	(void) state;
	od_clock_free(NULL);
	od_timer_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_spec_is_the_real_time),
		cmocka_unit_test(test_seconds_are_added),
		cmocka_unit_test(test_an_instant_is_when_the_program_starts),
		cmocka_unit_test(test_a_faulty_spec_makes_no_clock),
		cmocka_unit_test(test_a_timer_fires_once_and_not_early),
		cmocka_unit_test(test_a_timer_in_the_past_fires_at_once),
		cmocka_unit_test(test_timers_share_one_descriptor),
		cmocka_unit_test(test_a_timer_that_sets_itself_does_not_starve_the_loop),
		cmocka_unit_test(test_a_timer_may_free_itself),
		cmocka_unit_test(test_a_changed_file_is_a_step_and_timers_follow),
		cmocka_unit_test(test_two_clocks_on_one_file_agree),
		cmocka_unit_test(test_a_faulty_file_leaves_the_last_good_time),
		cmocka_unit_test(test_a_cancelled_timer_is_a_step),
		cmocka_unit_test(test_setting_the_system_clock_is_a_step),
		cmocka_unit_test(test_nothing_happens_at_rest),
		cmocka_unit_test(test_freeing_nothing_is_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

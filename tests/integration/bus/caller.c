/*
 * The calling side of od::bus, against the trial service on a real bus.
 *
 * usage: caller ADDRESS [alone]   alone: nobody owns org.offduty1 on that bus
 */
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
#include "bus/bus.h"
#include "bus/client.h"
#include "bus/wire.h"

#define TRIAL    "org.offduty1.Trial"
#define MS       UINT64_C(1000)
#define PATIENCE (10000 * MS)

static const char *address;

struct side {
	sd_event *event;
	struct od_bus *bus;
};

static int set_up(void **state)
{
	struct side *side = calloc(1, sizeof(*side));

	assert_true(sd_event_new(&side->event) >= 0);
	assert_int_equal(od_bus_open(side->event, address, &side->bus), 0);
	*state = side;
	return 0;
}

static int tear_down(void **state)
{
	struct side *side = *state;

	od_bus_free(side->bus);
	sd_event_unref(side->event);
	free(side);
	return 0;
}

static bool run_until(
	struct side *side, const unsigned *counter, unsigned wanted, uint64_t patience)
{
	uint64_t start, now;

	assert_true(sd_event_now(side->event, CLOCK_MONOTONIC, &start) >= 0);
	for (now = start; *counter < wanted && now - start < patience;) {
		assert_true(sd_event_run(side->event, 20 * MS) >= 0);
		assert_true(sd_event_now(side->event, CLOCK_MONOTONIC, &now) >= 0);
	}
	return *counter >= wanted;
}

struct answers {
	unsigned n, errors;
	uint32_t last;
	char error[128];
};

static void on_answer(void *userdata, DBusMessage *reply)
{
	struct answers *answers = userdata;
	DBusMessageIter iter;

	answers->n++;
	if (dbus_message_get_type(reply) == DBUS_MESSAGE_TYPE_ERROR) {
		answers->errors++;
		(void) snprintf(answers->error, sizeof(answers->error), "%s",
			dbus_message_get_error_name(reply));
	} else if (dbus_message_iter_init(reply, &iter)) {
		(void) od_wire_read_uint32(&iter, &answers->last);
	}
}

static void later(struct side *side, uint32_t ms, int timeout_ms, struct answers *answers,
	struct od_bus_pending **pending)
{
	DBusMessage *call = od_client_method(TRIAL, "Later");

	assert_true(dbus_message_append_args(call, DBUS_TYPE_UINT32, &ms, DBUS_TYPE_INVALID));
	assert_int_equal(od_bus_call(side->bus, call, timeout_ms, on_answer, answers, pending), 0);
	dbus_message_unref(call);
}

static void test_every_call_is_answered_once(void **state)
{
	struct side *side = *state;
	struct answers answers = { 0 };

	for (uint32_t ms = 0; ms < 40; ms++)
		later(side, ms, -1, &answers, NULL);
	assert_int_equal(answers.n, 0);
	assert_true(run_until(side, &answers.n, 40, PATIENCE));
	assert_int_equal(answers.errors, 0);
	assert_false(run_until(side, &answers.n, 41, 100 * MS));
}

static void test_a_time_out_is_an_answer_and_the_only_one(void **state)
{
	struct side *side = *state;
	struct answers answers = { 0 };

	later(side, 500, 50, &answers, NULL);
	assert_true(run_until(side, &answers.n, 1, 450 * MS));
	assert_string_equal(answers.error, DBUS_ERROR_NO_REPLY);
	assert_false(run_until(side, &answers.n, 2, 800 * MS));
}

static void test_a_cancelled_call_is_not_heard_of(void **state)
{
	struct side *side = *state;
	struct answers answers = { 0 };
	struct od_bus_pending *pending = NULL;

	later(side, 50, -1, &answers, &pending);
	od_bus_cancel(pending);
	od_bus_cancel(NULL);
	later(side, 50, -1, &answers, &pending); /* this one goes with the bus */
	assert_non_null(pending);
	od_bus_free(side->bus);
	side->bus = NULL;
	assert_false(run_until(side, &answers.n, 1, 200 * MS));
}

static void echo(struct side *side, struct answers *answers, size_t size)
{
	DBusMessage *call = od_client_method(TRIAL, "Echo");
	char *text = malloc(size + 1);
	DBusMessageIter iter, variant;

	memset(text, 'x', size);
	text[size] = '\0';
	dbus_message_iter_init_append(call, &iter);
	assert_true(dbus_message_iter_open_container(&iter, DBUS_TYPE_VARIANT, "s", &variant));
	assert_int_equal(od_wire_string(&variant, text), 0);
	assert_true(dbus_message_iter_close_container(&iter, &variant));
	assert_int_equal(od_bus_call(side->bus, call, -1, on_answer, answers, NULL), 0);
	dbus_message_unref(call);
	free(text);
}

static void test_a_large_call_is_refused_and_holds_nothing_up(void **state)
{
	struct side *side = *state;
	struct answers large = { 0 }, small = { 0 };

	for (int i = 0; i < 4; i++)
		echo(side, &large, (size_t) 25 << 20);
	echo(side, &small, 100000);
	assert_true(run_until(side, &small.n, 1, PATIENCE));
	assert_int_equal(large.n, 4);
	assert_int_equal(large.errors, 4);
	assert_string_equal(large.error, OD_BUS_ERROR("Limit"));
	assert_int_equal(small.errors, 0);
}

static void test_unwanted_descriptors_are_refused(void **state)
{
	struct side *side = *state;
	struct answers answers = { 0 };
	DBusMessage *call = od_client_method(TRIAL, "Count");
	int fd = STDIN_FILENO;

	assert_true(dbus_message_append_args(call, DBUS_TYPE_UNIX_FD, &fd, DBUS_TYPE_INVALID));
	assert_int_equal(od_bus_call(side->bus, call, -1, on_answer, &answers, NULL), 0);
	dbus_message_unref(call);
	assert_true(run_until(side, &answers.n, 1, PATIENCE));
	assert_string_equal(answers.error, DBUS_ERROR_INVALID_ARGS);
}

struct peers {
	unsigned n;
	struct od_bus_peer last;
};

static void on_peer(void *userdata, const struct od_bus_peer *peer)
{
	struct peers *peers = userdata;

	peers->n++;
	peers->last = *peer;
}

static void test_a_peer_is_asked_once_and_kept(void **state)
{
	struct side *side = *state;
	const char *name = od_bus_unique_name(side->bus);
	struct peers peers = { 0 };

	assert_null(od_bus_peer_cached(side->bus, name));
	assert_int_equal(od_bus_peer(side->bus, name, on_peer, &peers), 0);
	assert_int_equal(od_bus_peer(side->bus, name, on_peer, &peers), 0);
	assert_int_equal(peers.n, 0);
	assert_null(od_bus_peer_cached(side->bus, name));
	assert_true(run_until(side, &peers.n, 2, PATIENCE));
	assert_true(peers.last.known);
	assert_int_equal(peers.last.pid, getpid());
	assert_int_equal(peers.last.uid, getuid());
	assert_non_null(od_bus_peer_cached(side->bus, name));
	assert_int_equal(od_bus_peer(side->bus, name, on_peer, &peers), 0);
	assert_int_equal(peers.n, 3); /* at once */
}

static void test_a_peer_that_is_gone_is_not_known(void **state)
{
	struct side *side = *state;
	struct peers peers = { .last.known = true };

	assert_int_equal(od_bus_peer(side->bus, "org.offduty1", on_peer, &peers), -EINVAL);
	assert_int_equal(od_bus_peer(side->bus, "", on_peer, &peers), -EINVAL);
	assert_int_equal(od_bus_peer(side->bus, ":1.4000000", on_peer, &peers), 0);
	assert_true(run_until(side, &peers.n, 1, PATIENCE));
	assert_false(peers.last.known);
	assert_null(od_bus_peer_cached(side->bus, ":1.4000000"));
}

static void test_the_peers_kept_are_bounded_and_the_used_stay(void **state)
{
	struct side *side = *state;
	char mine[64];
	struct peers peers = { 0 };
	unsigned asked = 0;

	(void) snprintf(mine, sizeof(mine), "%s", od_bus_unique_name(side->bus));
	assert_int_equal(od_bus_peer(side->bus, mine, on_peer, &peers), 0);
	assert_true(run_until(side, &peers.n, ++asked, PATIENCE));
	for (int i = 0; i < 300; i++) {
		DBusConnection *other = dbus_connection_open_private(address, NULL);

		assert_true(other && dbus_bus_register(other, NULL));
		assert_int_equal(
			od_bus_peer(side->bus, dbus_bus_get_unique_name(other), on_peer, &peers),
			0);
		assert_true(run_until(side, &peers.n, ++asked, PATIENCE));
		assert_true(peers.last.known);
		assert_non_null(od_bus_peer_cached(side->bus, mine)); /* used: stays */
		dbus_connection_close(other);
		dbus_connection_unref(other);
	}
	assert_non_null(od_bus_peer_cached(side->bus, mine));
}

static void test_more_peers_at_once_than_fit_are_refused(void **state)
{
	struct side *side = *state;
	struct peers peers = { 0 };
	unsigned accepted = 0;
	char name[32];

	for (unsigned i = 0; i < 400; i++) {
		int r;

		(void) snprintf(name, sizeof(name), ":9.%u", i);
		r = od_bus_peer(side->bus, name, on_peer, &peers);
		assert_true(r == 0 || r == OD_E_LIMIT);
		accepted += r == 0;
	}
	assert_int_equal(accepted, 256);
	assert_true(run_until(side, &peers.n, accepted, PATIENCE));
	assert_int_equal(od_bus_peer(side->bus, ":9.1", on_peer, &peers), 0);
	assert_true(run_until(side, &peers.n, accepted + 1, PATIENCE));
}

static void test_a_program_is_its_file(void **state)
{
	(void) state;
	assert_true(od_bus_peer_runs(getpid(), "/proc/self/exe"));
	assert_false(od_bus_peer_runs(getpid(), "/bin/sh"));
	assert_false(od_bus_peer_runs(getpid(), "/nonexistent"));
	assert_false(od_bus_peer_runs(0, "/proc/self/exe"));
	assert_false(od_bus_peer_runs(-1, "/proc/self/exe"));
}

static unsigned seen;

static bool see(void *userdata, DBusMessage *message)
{
	(void) userdata;
	if (!dbus_message_is_signal(message, TRIAL, "Changed"))
		return false;
	seen++;
	return true;
}

static void test_a_match_and_a_filter_see_a_signal(void **state)
{
	struct side *side = *state;
	struct answers answers = { 0 };
	DBusMessage *call = od_client_method(TRIAL, "Announce");

	seen = 0;
	od_bus_set_filter(side->bus, see, NULL);
	assert_int_equal(od_bus_match(side->bus, "type='signal',interface='" TRIAL "'"), 0);
	assert_int_equal(od_bus_match(side->bus, "this is no rule"), 0); /* not heard of */
	assert_int_equal(od_bus_call(side->bus, call, -1, on_answer, &answers, NULL), 0);
	dbus_message_unref(call);
	assert_true(run_until(side, &seen, 1, PATIENCE));
	assert_true(run_until(side, &answers.n, 1, PATIENCE));
	assert_int_equal(seen, 1);
}

static void test_a_name_that_is_owned_is_busy(void **state)
{
	struct side *side = *state;

	assert_int_equal(od_bus_request_name(side->bus, OD_BUS_NAME, DBUS_NAME_FLAG_DO_NOT_QUEUE),
		OD_E_BUSY);
	assert_int_equal(od_bus_request_name(side->bus, OD_BUS_NAME, 0), OD_E_BUSY);
}

static void test_no_bus_is_said_so(void **state)
{
	static const char *const addresses[] = { "unix:path=/nonexistent/bus", "no address", "" };
	struct side *side = *state;

	for (size_t i = 0; i < OD_ELEMENTS(addresses); i++) {
		struct od_bus *bus = NULL;
		struct od_client *client = NULL;

		assert_int_equal(od_bus_open(side->event, addresses[i], &bus), OD_E_UNAVAILABLE);
		assert_null(bus);
		assert_int_equal(od_client_open(addresses[i], &client), OD_E_UNAVAILABLE);
		assert_null(client);
	}
}

static void test_without_a_session_no_bus_is_started(void **state)
{
	struct side *side = *state;
	struct od_bus *bus = NULL;

	unsetenv("DBUS_SESSION_BUS_ADDRESS");
	unsetenv("XDG_RUNTIME_DIR");
	setenv("DISPLAY", ":99", 1);
	assert_int_equal(od_bus_open(side->event, "session", &bus), OD_E_UNAVAILABLE);
	setenv("DBUS_SESSION_BUS_ADDRESS", address, 1);
	assert_int_equal(od_bus_open(side->event, "session", &bus), 0);
	od_bus_free(bus);
}

static void free_the_bus(void *userdata)
{
	struct side *side = userdata;

	od_bus_free(side->bus);
	side->bus = NULL;
	seen++;
}

static void test_the_loss_of_the_bus_answers_all_calls_and_may_free_it(void **state)
{
	struct side *side = *state;
	struct answers answers = { 0 };
	DBusMessage *call = od_client_method(TRIAL, "Count");

	seen = 0;
	for (int i = 0; i < 5; i++)
		later(side, 60000, -1, &answers, NULL);
	od_bus_on_disconnect(side->bus, free_the_bus, side);
	dbus_connection_close(od_bus_connection(side->bus));
	assert_int_equal(od_bus_call(side->bus, call, -1, on_answer, &answers, NULL), -ENOTCONN);
	dbus_message_unref(call);
	assert_true(run_until(side, &seen, 1, PATIENCE));
	assert_null(side->bus);
	assert_int_equal(answers.n, 5);
	assert_int_equal(answers.errors, 5);
	assert_false(run_until(side, &seen, 2, 100 * MS));
}

static void test_the_loss_of_the_bus_ends_the_loop_unless_told_otherwise(void **state)
{
	struct side *side = *state;

	dbus_connection_close(od_bus_connection(side->bus));
	assert_int_equal(sd_event_loop(side->event), EXIT_FAILURE);
}

static int ask_client(const char *method, int32_t code, const char *words, char *text, size_t size)
{
	struct od_client *client = NULL;
	DBusMessage *call = od_client_method(TRIAL, method), *reply = NULL;
	int r;

	assert_int_equal(od_client_open(address, &client), 0);
	if (words)
		assert_true(dbus_message_append_args(
			call, DBUS_TYPE_INT32, &code, DBUS_TYPE_STRING, &words, DBUS_TYPE_INVALID));
	r = od_client_call(client, call, &reply, text, size);
	dbus_message_unref(call);
	assert_true((r == 0) == (reply != NULL));
	if (reply)
		dbus_message_unref(reply);
	od_client_free(client);
	return r;
}

static void test_a_client_gets_the_error_the_daemon_named(void **state)
{
	char text[8];

	(void) state;
	for (int error = OD_E_FAILED; error < OD_E_MAX_; error++)
		assert_int_equal(ask_client("Fail", error, "w", text, sizeof(text)), error);
	assert_string_equal(text, "w");
	assert_int_equal(ask_client("Fail", -ENOENT, "w", text, sizeof(text)), OD_E_FAILED);
	assert_int_equal(ask_client("Fail", 0, "", text, sizeof(text)), 0);
	assert_int_equal(
		ask_client("Fail", OD_E_RANGE, "caf\xc3\xa9 caf\xc3\xa9", text, sizeof(text)),
		OD_E_RANGE);
	assert_string_equal(text, "caf\xc3\xa9 c"); /* cut, and terminated */
	assert_int_equal(
		ask_client("Fail", OD_E_RANGE, "cafaf\xc3\xa9\xc3\xa9", text, 7), OD_E_RANGE);
	assert_string_equal(text, "cafaf?"); /* cut inside a character */
	assert_int_equal(ask_client("None", 0, NULL, text, sizeof(text)), OD_E_UNSUPPORTED);
	assert_int_equal(ask_client("Fail", 0, NULL, NULL, 0), OD_E_FAILED); /* wrong arguments */
}

static void test_a_client_reads_all_properties(void **state)
{
	struct od_client *client = NULL;
	DBusMessage *reply = NULL;
	DBusMessageIter dict;
	char text[256];

	(void) state;
	assert_int_equal(od_client_open(address, &client), 0);
	assert_int_equal(od_client_properties(client, TRIAL, &reply, &dict, text, sizeof(text)), 0);
	assert_int_equal(od_wire_get_uint32(&dict, "Version", 0), 1);
	assert_string_equal(od_wire_get_string(&dict, "Motto"), "caf\xc3\xa9, not caf?");
	dbus_message_unref(reply);
	assert_int_equal(od_client_properties(
				 client, "org.offduty1.None", &reply, &dict, text, sizeof(text)),
		OD_E_UNSUPPORTED);
	assert_int_equal(od_client_properties(client, "org.freedesktop.DBus.Peer", &reply, &dict,
				 text, sizeof(text)),
		0);
	dbus_message_unref(reply);
	od_client_free(client);
}

static void test_alone_a_client_hears_that_nobody_is_there(void **state)
{
	char text[256] = "";

	(void) state;
	assert_int_equal(ask_client("Count", 0, NULL, text, sizeof(text)), OD_E_UNAVAILABLE);
	assert_true(text[0] != '\0');
}

static void test_freeing_nothing_is_allowed(void **state)
{
	(void) state;
	od_bus_free(NULL);
	od_client_free(NULL);
}

static int run_alone(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alone_a_client_hears_that_nobody_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define OD_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		OD_TEST(test_every_call_is_answered_once),
		OD_TEST(test_a_time_out_is_an_answer_and_the_only_one),
		OD_TEST(test_a_cancelled_call_is_not_heard_of),
		OD_TEST(test_a_large_call_is_refused_and_holds_nothing_up),
		OD_TEST(test_unwanted_descriptors_are_refused),
		OD_TEST(test_a_peer_is_asked_once_and_kept),
		OD_TEST(test_a_peer_that_is_gone_is_not_known),
		OD_TEST(test_the_peers_kept_are_bounded_and_the_used_stay),
		OD_TEST(test_more_peers_at_once_than_fit_are_refused),
		OD_TEST(test_a_program_is_its_file),
		OD_TEST(test_a_match_and_a_filter_see_a_signal),
		OD_TEST(test_a_name_that_is_owned_is_busy),
		OD_TEST(test_no_bus_is_said_so),
		OD_TEST(test_without_a_session_no_bus_is_started),
		OD_TEST(test_the_loss_of_the_bus_answers_all_calls_and_may_free_it),
		OD_TEST(test_the_loss_of_the_bus_ends_the_loop_unless_told_otherwise),
		OD_TEST(test_a_client_gets_the_error_the_daemon_named),
		OD_TEST(test_a_client_reads_all_properties),
		OD_TEST(test_freeing_nothing_is_allowed),
	};

	if (argc < 2)
		return 2;
	address = argv[1];
	if (argc == 3)
		return run_alone();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

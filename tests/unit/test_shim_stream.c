#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dbus/dbus.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "gate/shim_stream.h"

#define OUT_MAX (1 << 20)

struct sink {
	uint8_t out[OUT_MAX];
	size_t n;
	size_t fds_at[16];
	uint32_t fds[16];
	size_t n_fds;
};

static int on_bytes(void *userdata, const uint8_t *bytes, size_t n)
{
	struct sink *sink = userdata;

	assert_true(n <= sizeof(sink->out) - sink->n);
	memcpy(sink->out + sink->n, bytes, n);
	sink->n += n;
	return 0;
}

static int on_fds(void *userdata, uint32_t n)
{
	struct sink *sink = userdata;

	sink->fds_at[sink->n_fds] = sink->n;
	sink->fds[sink->n_fds++] = n;
	return 0;
}

struct bytes {
	uint8_t data[1 << 16];
	size_t n;
};

static void add_message(struct bytes *bytes, DBusMessage *message, uint32_t serial)
{
	char *data;
	int n;

	dbus_message_set_serial(message, serial);
	assert_true(dbus_message_marshal(message, &data, &n));
	assert_true((size_t) n <= sizeof(bytes->data) - bytes->n);
	memcpy(bytes->data + bytes->n, data, (size_t) n);
	bytes->n += (size_t) n;
	dbus_free(data);
	dbus_message_unref(message);
}

static DBusMessage *request(const char *name, uint32_t flags)
{
	DBusMessage *m = dbus_message_new_method_call(
		DBUS_SERVICE_DBUS, DBUS_PATH_DBUS, DBUS_INTERFACE_DBUS, "RequestName");

	dbus_message_append_args(
		m, DBUS_TYPE_STRING, &name, DBUS_TYPE_UINT32, &flags, DBUS_TYPE_INVALID);
	return m;
}

static DBusMessage *reply(uint32_t to, uint32_t value)
{
	DBusMessage *m = dbus_message_new(DBUS_MESSAGE_TYPE_METHOD_RETURN);

	dbus_message_set_sender(m, DBUS_SERVICE_DBUS);
	dbus_message_set_reply_serial(m, to);
	dbus_message_append_args(m, DBUS_TYPE_UINT32, &value, DBUS_TYPE_INVALID);
	return m;
}

static DBusMessage *name_signal(const char *member, const char *name)
{
	DBusMessage *m = dbus_message_new_signal(DBUS_PATH_DBUS, DBUS_INTERFACE_DBUS, member);

	dbus_message_set_sender(m, DBUS_SERVICE_DBUS);
	dbus_message_append_args(m, DBUS_TYPE_STRING, &name, DBUS_TYPE_INVALID);
	return m;
}

/* Feeds in pieces of @step bytes. */
static int feed(struct od_shim_stream *stream, struct sink *sink, const uint8_t *data, size_t n,
	size_t step)
{
	const struct od_shim_sink to = { .bytes = on_bytes, .fds = on_fds, .userdata = sink };
	int r = 0;

	for (size_t at = 0; at < n && r == 0; at += step)
		r = od_shim_stream_feed(stream, &to, data + at, n - at < step ? n - at : step);
	return r;
}

static const char auth[] = "\0AUTH EXTERNAL 30\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\n";
#define AUTH_N (sizeof(auth) - 1)

/* Whether @message, the only one after authentication, comes through in @step pieces as @expected
 * (NULL: not at all). */
static void assert_through(enum od_shim_direction direction, struct od_shim_talk *talk,
	const struct bytes *in, const struct bytes *expected)
{
	for (size_t step = 1; step < in->n + 2; step += step < 40 ? 1 : 7) {
		struct od_shim_talk own = *talk;
		struct od_shim_stream *stream = malloc(sizeof(*stream));
		struct sink *sink = calloc(1, sizeof(*sink));

		od_shim_stream_init(stream, direction, &own);
		stream->state = OD_SHIM_HEADER;
		assert_int_equal(feed(stream, sink, in->data, in->n, step), 0);
		assert_int_equal(sink->n, expected->n);
		assert_memory_equal(sink->out, expected->data, expected->n);
		free(stream);
		free(sink);
	}
}

static void test_request_flags_become_allow_replacement(void **state OD_UNUSED)
{
	for (uint32_t flags = 0; flags < 8; flags++) {
		struct od_shim_talk talk = { .begun = true };
		struct bytes in = { .n = 0 }, expected = { .n = 0 };

		add_message(&in, request(OD_SHIM_NAME, flags), 5);
		add_message(&expected, request(OD_SHIM_NAME, 1), 5);
		assert_through(OD_SHIM_TO_BUS, &talk, &in, &expected);
	}
}

static void test_other_names_are_asked_for_unchanged(void **state OD_UNUSED)
{
	struct od_shim_talk talk = { .begun = true };
	struct bytes in = { .n = 0 };

	add_message(&in, request("org.freedesktop.Notifications2", 4), 5);
	add_message(&in, request("org.dunstproject.cmd0", 2), 6);
	assert_through(OD_SHIM_TO_BUS, &talk, &in, &in);
}

static void test_in_queue_becomes_owner_for_that_call_only(void **state OD_UNUSED)
{
	struct od_shim_talk talk = { .begun = true, .serials = { 7 } };
	struct bytes in = { .n = 0 }, expected = { .n = 0 };

	add_message(&in, reply(6, 2), 1);
	add_message(&in, reply(7, 2), 2);
	add_message(&in, reply(7, 2), 3); /* answered already: somebody else's */
	add_message(&expected, reply(6, 2), 1);
	add_message(&expected, reply(7, 1), 2);
	add_message(&expected, reply(7, 2), 3);
	assert_through(OD_SHIM_TO_SERVER, &talk, &in, &expected);
}

static void test_a_peer_cannot_forge_the_answer_of_the_bus(void **state OD_UNUSED)
{
	struct od_shim_talk talk = { .begun = true, .serials = { 7 } };
	struct bytes in = { .n = 0 };
	DBusMessage *forged = reply(7, 2);

	dbus_message_set_sender(forged, ":1.9");
	add_message(&in, forged, 1);
	assert_through(OD_SHIM_TO_SERVER, &talk, &in, &in);
}

static void test_loss_and_gain_of_the_name_are_hidden(void **state OD_UNUSED)
{
	struct od_shim_talk talk = { .begun = true };
	struct bytes in = { .n = 0 }, expected = { .n = 0 };

	add_message(&in, name_signal("NameLost", OD_SHIM_NAME), 1);
	add_message(&in, name_signal("NameAcquired", OD_SHIM_NAME), 2);
	add_message(&in, name_signal("NameAcquired", ":1.5"), 3);
	add_message(&in, name_signal("NameLost", "org.freedesktop.Notifications.x"), 4);
	add_message(&expected, name_signal("NameAcquired", ":1.5"), 3);
	add_message(&expected, name_signal("NameLost", "org.freedesktop.Notifications.x"), 4);
	assert_through(OD_SHIM_TO_SERVER, &talk, &in, &expected);
}

static void put_be32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t) (v >> (24 - 8 * i));
}

static size_t put_field(uint8_t *p, size_t n, uint8_t code, char type, const char *text)
{
	n = (n + 7) / 8 * 8;
	p[n++] = code;
	p[n++] = 1;
	p[n++] = (uint8_t) type;
	p[n++] = 0;
	if (type == 'g') {
		p[n++] = (uint8_t) strlen(text);
	} else {
		put_be32(p + n, (uint32_t) strlen(text));
		n += 4;
	}
	memcpy(p + n, text, strlen(text) + 1);
	return n + strlen(text) + 1;
}

/* A RequestName as a big-endian machine would write it. */
static size_t big_request(uint8_t *p, uint32_t flags)
{
	const uint32_t length = sizeof(OD_SHIM_NAME) - 1;
	uint32_t body = (4 + length + 1 + 3) / 4 * 4 + 4;
	size_t n = 16;

	memset(p, 0, 512);
	memcpy(p, "B\1\0\1", 4);
	put_be32(p + 4, body);
	put_be32(p + 8, 9);
	n = put_field(p, n, 1, 'o', DBUS_PATH_DBUS);
	n = put_field(p, n, 6, 's', DBUS_SERVICE_DBUS);
	n = put_field(p, n, 2, 's', DBUS_INTERFACE_DBUS);
	n = put_field(p, n, 3, 's', "RequestName");
	n = put_field(p, n, 8, 'g', "su");
	put_be32(p + 12, (uint32_t) n - 16);
	n = (n + 7) / 8 * 8;
	put_be32(p + n, length);
	memcpy(p + n + 4, OD_SHIM_NAME, length);
	put_be32(p + n + body - 4, flags);
	return n + body;
}

static void test_big_endian_is_read_and_written_as_such(void **state OD_UNUSED)
{
	struct od_shim_talk talk = { .begun = true };
	struct bytes in, expected;

	in.n = big_request(in.data, 6);
	expected.n = big_request(expected.data, 1);
	assert_through(OD_SHIM_TO_BUS, &talk, &in, &expected);
}

static void test_serial_is_remembered_unless_no_reply_is_wanted(void **state OD_UNUSED)
{
	struct od_shim_talk talk = { .begun = true };
	struct od_shim_stream stream;
	struct sink *sink = calloc(1, sizeof(*sink));
	struct bytes in = { .n = 0 };
	DBusMessage *quiet = request(OD_SHIM_NAME, 4);

	dbus_message_set_no_reply(quiet, TRUE);
	add_message(&in, quiet, 8);
	add_message(&in, request(OD_SHIM_NAME, 4), 9);
	od_shim_stream_init(&stream, OD_SHIM_TO_BUS, &talk);
	stream.state = OD_SHIM_HEADER;
	assert_int_equal(feed(&stream, sink, in.data, in.n, 4096), 0);
	assert_true(talk.asked);
	assert_int_equal(talk.serials[0], 9);
	assert_int_equal(talk.serials[1], 0);
	free(sink);
}

static void test_pipelined_authentication_goes_over_to_messages(void **state OD_UNUSED)
{
	struct bytes in = { .n = AUTH_N }, expected = { .n = AUTH_N };

	memcpy(in.data, auth, AUTH_N);
	memcpy(expected.data, auth, AUTH_N);
	add_message(&in, request(OD_SHIM_NAME, 4), 2);
	add_message(&expected, request(OD_SHIM_NAME, 1), 2);
	for (size_t step = 1; step < in.n + 1; step++) {
		struct od_shim_talk talk = { 0 };
		struct od_shim_stream *stream = malloc(sizeof(*stream));
		struct sink *sink = calloc(1, sizeof(*sink));

		od_shim_stream_init(stream, OD_SHIM_TO_BUS, &talk);
		assert_int_equal(feed(stream, sink, in.data, in.n, step), 0);
		assert_true(talk.begun);
		assert_int_equal(sink->n, expected.n);
		assert_memory_equal(sink->out, expected.data, expected.n);
		free(stream);
		free(sink);
	}
}

static void test_answers_to_authentication_end_where_messages_begin(void **state OD_UNUSED)
{
	static const char lines[] = "DATA\r\nOK 1234deadbeef\r\nAGREE_UNIX_FD\r\n";
	struct bytes in = { .n = sizeof(lines) - 1 }, expected = in;

	memcpy(in.data, lines, in.n);
	memcpy(expected.data, lines, in.n);
	add_message(&in, name_signal("NameLost", OD_SHIM_NAME), 1);
	add_message(&in, reply(7, 2), 2);
	add_message(&expected, reply(7, 1), 2);
	for (size_t step = 1; step < in.n + 1; step++) {
		struct od_shim_talk talk = { .begun = true, .serials = { 7 } };
		struct od_shim_stream *stream = malloc(sizeof(*stream));
		struct sink *sink = calloc(1, sizeof(*sink));

		od_shim_stream_init(stream, OD_SHIM_TO_SERVER, &talk);
		assert_int_equal(feed(stream, sink, in.data, in.n, step), 0);
		assert_int_equal(sink->n, expected.n);
		assert_memory_equal(sink->out, expected.data, expected.n);
		free(stream);
		free(sink);
	}
}

static void test_long_bodies_and_headers_pass_unkept(void **state OD_UNUSED)
{
	struct od_shim_talk talk = { .begun = true };
	struct bytes in = { .n = 0 };
	char text[30000], path[9001];
	const char *p = text;
	DBusMessage *m;

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	memset(path, 'p', sizeof(path));
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	m = dbus_message_new_method_call("a.b", path, "a.b", "Long");
	dbus_message_append_args(m, DBUS_TYPE_STRING, &p, DBUS_TYPE_INVALID);
	add_message(&in, m, 1);
	add_message(&in, name_signal("NameAcquired", "a.b"), 2);
	for (size_t step = 1; step < 20000; step = step * 3 + 1) {
		struct od_shim_stream *stream = malloc(sizeof(*stream));
		struct sink *sink = calloc(1, sizeof(*sink));

		od_shim_stream_init(stream, OD_SHIM_TO_SERVER, &talk);
		stream->state = OD_SHIM_HEADER;
		assert_int_equal(feed(stream, sink, in.data, in.n, step), 0);
		assert_int_equal(sink->n, in.n);
		assert_memory_equal(sink->out, in.data, in.n);
		free(stream);
		free(sink);
	}
}

static void test_what_is_no_message_ends_the_connection(void **state OD_UNUSED)
{
	static const struct {
		uint8_t bytes[16];
		int expected;
	} faulty[] = {
		{ "x\1\0\1\0\0\0\0\1\0\0\0\0\0\0", OD_E_SYNTAX },    /* byte order */
		{ "l\0\0\1\0\0\0\0\1\0\0\0\0\0\0", OD_E_SYNTAX },    /* type */
		{ "l\1\0\2\0\0\0\0\1\0\0\0\0\0\0", OD_E_SYNTAX },    /* version */
		{ "l\1\0\1\0\0\0\0\1\0\0\0\0\0\0\x7f", OD_E_LIMIT }, /* fields */
		{ "l\1\0\1\0\0\0\x7f\1\0\0\0\0\0\0", OD_E_LIMIT },   /* body */
	};

	for (size_t i = 0; i < OD_ELEMENTS(faulty); i++) {
		struct od_shim_talk talk = { .begun = true };
		struct od_shim_stream stream;
		struct sink *sink = calloc(1, sizeof(*sink));

		od_shim_stream_init(&stream, OD_SHIM_TO_BUS, &talk);
		stream.state = OD_SHIM_HEADER;
		assert_int_equal(feed(&stream, sink, faulty[i].bytes, 16, 16), faulty[i].expected);
		assert_int_equal(sink->n, 0);
		free(sink);
	}
}

static void test_endless_line_of_authentication_is_refused(void **state OD_UNUSED)
{
	struct od_shim_talk talk = { 0 };
	struct od_shim_stream stream;
	struct sink *sink = calloc(1, sizeof(*sink));
	uint8_t *line = calloc(1, 20000);

	memset(line, 'A', 20000);
	od_shim_stream_init(&stream, OD_SHIM_TO_BUS, &talk);
	assert_int_equal(feed(&stream, sink, line, 20000, 1000), OD_E_LIMIT);
	free(line);
	free(sink);
}

static void test_descriptors_are_announced_at_their_message(void **state OD_UNUSED)
{
	struct od_shim_talk talk = { .begun = true };
	struct od_shim_stream stream;
	struct sink *sink = calloc(1, sizeof(*sink));
	struct bytes in = { .n = 0 };
	DBusMessage *m = dbus_message_new_method_call("a.b", "/", "a.b", "Fd");
	size_t first;
	int fd = 0;

	add_message(&in, name_signal("NameAcquired", "a.b"), 1);
	first = in.n;
	dbus_message_append_args(
		m, DBUS_TYPE_UNIX_FD, &fd, DBUS_TYPE_UNIX_FD, &fd, DBUS_TYPE_INVALID);
	add_message(&in, m, 2);
	od_shim_stream_init(&stream, OD_SHIM_TO_SERVER, &talk);
	stream.state = OD_SHIM_HEADER;
	assert_int_equal(feed(&stream, sink, in.data, in.n, 3), 0);
	assert_int_equal(sink->n_fds, 1);
	assert_int_equal(sink->fds_at[0], first);
	assert_int_equal(sink->fds[0], 2);
	free(sink);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request_flags_become_allow_replacement),
		cmocka_unit_test(test_other_names_are_asked_for_unchanged),
		cmocka_unit_test(test_in_queue_becomes_owner_for_that_call_only),
		cmocka_unit_test(test_a_peer_cannot_forge_the_answer_of_the_bus),
		cmocka_unit_test(test_loss_and_gain_of_the_name_are_hidden),
		cmocka_unit_test(test_big_endian_is_read_and_written_as_such),
		cmocka_unit_test(test_serial_is_remembered_unless_no_reply_is_wanted),
		cmocka_unit_test(test_pipelined_authentication_goes_over_to_messages),
		cmocka_unit_test(test_answers_to_authentication_end_where_messages_begin),
		cmocka_unit_test(test_long_bodies_and_headers_pass_unkept),
		cmocka_unit_test(test_what_is_no_message_ends_the_connection),
		cmocka_unit_test(test_endless_line_of_authentication_is_refused),
		cmocka_unit_test(test_descriptors_are_announced_at_their_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

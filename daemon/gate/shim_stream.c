/*
 * The bytes between one notification server and the bus.
 *
 * A connection begins with lines of authentication and goes over to messages: after the server's
 * "BEGIN", and on the way back at the first line that starts with a byte-order mark ('l' or 'B'; no
 * answer of the bus to authentication starts so). Lines may come in one piece with what follows.
 *
 * A message is kept only up to the end of its header; a body is kept only when the header says it
 * is one of the few we change, and those are short. Everything else goes through as it comes.
 * What cannot be D-Bus ends the connection rather than being guessed at.
 *
 * Not covered: a server that asks for the name under another spelling of the call (a header beyond
 * 8 KiB) would pass unread and find the name taken, exactly as without the shim.
 */
#include "gate/shim_stream.h"

#include <string.h>

#include "base/error.h"

#define BUS            "org.freedesktop.DBus"
#define FIXED          16u
#define LINE_MAX_BYTES 16384u
#define FIELDS_MAX     (64u << 20) /* longest array of the D-Bus specification */

enum { TYPE_CALL = 1, TYPE_RETURN = 2, TYPE_ERROR = 3, TYPE_SIGNAL = 4 };
enum { FLAG_NO_REPLY = 1 };
enum { ALLOW_REPLACEMENT = 1, REPLY_OWNER = 1, REPLY_IN_QUEUE = 2 };

void od_shim_stream_init(
	struct od_shim_stream *stream, enum od_shim_direction direction, struct od_shim_talk *talk)
{
	memset(stream, 0, sizeof(*stream));
	stream->direction = direction;
	stream->talk = talk;
	stream->past_nul = direction == OD_SHIM_TO_SERVER;
}

static uint32_t get_u32(const uint8_t *p, bool big)
{
	return big ? (uint32_t) p[0] << 24 | (uint32_t) p[1] << 16 | (uint32_t) p[2] << 8 | p[3]
		   : (uint32_t) p[3] << 24 | (uint32_t) p[2] << 16 | (uint32_t) p[1] << 8 | p[0];
}

static void put_u32(uint8_t *p, bool big, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t) (value >> (big ? 24 - 8 * i : 8 * i));
}

static bool is(struct od_shim_slice slice, const char *text)
{
	return slice.text && slice.length == strlen(text) &&
	       memcmp(slice.text, text, slice.length) == 0;
}

/* Room for a serial to remember, or where it is remembered. */
static uint32_t *serial_slot(struct od_shim_talk *talk, uint32_t serial)
{
	for (size_t i = 0; i < OD_SHIM_ASKED_MAX; i++) {
		if (talk->serials[i] == serial)
			return &talk->serials[i];
	}
	return NULL;
}

/* Whether the body has to be seen to decide. */
static bool concerns_us(const struct od_shim_stream *stream, const struct od_shim_header *h)
{
	if (h->body > OD_SHIM_BODY_MAX)
		return false;
	if (stream->direction == OD_SHIM_TO_BUS)
		return h->type == TYPE_CALL && is(h->member, "RequestName") &&
		       is(h->destination, BUS) && (!h->interface.text || is(h->interface, BUS)) &&
		       is(h->signature, "su");
	if (!is(h->sender, BUS))
		return false;
	if (h->type == TYPE_RETURN || h->type == TYPE_ERROR)
		return h->reply_serial != 0 && serial_slot(stream->talk, h->reply_serial);
	return h->type == TYPE_SIGNAL && is(h->interface, BUS) && is(h->signature, "s") &&
	       (is(h->member, "NameLost") || is(h->member, "NameAcquired"));
}

/* Whether @body begins with the string that is our name. */
static bool body_names_it(const uint8_t *body, uint32_t n, bool big)
{
	const uint32_t length = sizeof(OD_SHIM_NAME) - 1;

	return n >= 4 + length + 1 && get_u32(body, big) == length &&
	       memcmp(body + 4, OD_SHIM_NAME, length + 1) == 0;
}

static void edit_request(struct od_shim_talk *talk, const struct od_shim_header *h, uint8_t *body)
{
	const size_t flags_at = (4 + sizeof(OD_SHIM_NAME) + 3) / 4 * 4;
	uint32_t *slot = serial_slot(talk, 0);

	if (h->body != flags_at + 4 || !body_names_it(body, h->body, h->big))
		return;
	put_u32(body + flags_at, h->big, ALLOW_REPLACEMENT);
	talk->asked = true;
	if (slot && !(h->flags & FLAG_NO_REPLY))
		*slot = h->serial;
}

static void edit_reply(struct od_shim_talk *talk, const struct od_shim_header *h, uint8_t *body)
{
	uint32_t *slot = serial_slot(talk, h->reply_serial);

	if (slot)
		*slot = 0;
	if (h->type == TYPE_RETURN && h->body == 4 && is(h->signature, "u") &&
		get_u32(body, h->big) == REPLY_IN_QUEUE)
		put_u32(body, h->big, REPLY_OWNER);
}

/* The whole message is in @kept: change it, leave it out, or let it pass. */
static int finish_edit(struct od_shim_stream *stream, const struct od_shim_sink *sink)
{
	struct od_shim_header h;
	uint8_t *body;
	int r = od_shim_header_parse(stream->kept, stream->n, &h);
	size_t n = stream->n;

	if (r != 0)
		return r;
	stream->state = OD_SHIM_HEADER;
	stream->n = 0;
	body = stream->kept + n - h.body;
	if (h.type == TYPE_SIGNAL && body_names_it(body, h.body, h.big))
		return 0;
	if (h.type == TYPE_CALL)
		edit_request(stream->talk, &h, body);
	else if (h.type != TYPE_SIGNAL)
		edit_reply(stream->talk, &h, body);
	return sink->bytes(sink->userdata, stream->kept, n);
}

static int pass_kept(
	struct od_shim_stream *stream, const struct od_shim_sink *sink, uint32_t fds, uint64_t rest)
{
	size_t n = stream->n;
	int r = fds ? sink->fds(sink->userdata, fds) : 0;

	stream->n = 0;
	stream->rest = rest;
	stream->state = rest ? OD_SHIM_BODY : OD_SHIM_HEADER;
	return r != 0 ? r : sink->bytes(sink->userdata, stream->kept, n);
}

/* A whole header is in @kept. */
static int finish_header(struct od_shim_stream *stream, const struct od_shim_sink *sink)
{
	struct od_shim_header h;
	int r = od_shim_header_parse(stream->kept, stream->n, &h);

	if (r != 0)
		return r;
	if (!concerns_us(stream, &h))
		return pass_kept(stream, sink, h.unix_fds, h.body);
	stream->state = OD_SHIM_EDIT;
	stream->need = stream->n + h.body;
	return h.body == 0 ? finish_edit(stream, sink) : 0;
}

/* The fixed part is in @kept: how long is the rest? */
static int measure(struct od_shim_stream *stream, const struct od_shim_sink *sink)
{
	const uint8_t *p = stream->kept;
	bool big = p[0] == 'B';
	uint32_t body, fields;
	uint64_t header;

	if ((p[0] != 'l' && !big) || p[1] == 0 || p[3] != 1)
		return OD_E_SYNTAX;
	body = get_u32(p + 4, big);
	fields = get_u32(p + 12, big);
	header = FIXED + ((uint64_t) fields + 7) / 8 * 8;
	if (fields > FIELDS_MAX || header + body > OD_SHIM_MESSAGE_MAX)
		return OD_E_LIMIT;
	if (header > OD_SHIM_HEADER_MAX)
		return pass_kept(stream, sink, OD_SHIM_FDS_ALL, header - FIXED + body);
	stream->need = (size_t) header;
	return header == FIXED ? finish_header(stream, sink) : 0;
}

static int feed_message(struct od_shim_stream *stream, const struct od_shim_sink *sink,
	const uint8_t *bytes, size_t n, size_t *ret_used)
{
	size_t want;

	if (stream->n == 0)
		stream->need = FIXED;
	want = stream->need - stream->n;
	*ret_used = n < want ? n : want;
	memcpy(stream->kept + stream->n, bytes, *ret_used);
	stream->n += *ret_used;
	if (stream->n < stream->need)
		return 0;
	if (stream->state == OD_SHIM_EDIT)
		return finish_edit(stream, sink);
	return stream->need == FIXED ? measure(stream, sink) : finish_header(stream, sink);
}

static int feed_body(struct od_shim_stream *stream, const struct od_shim_sink *sink,
	const uint8_t *bytes, size_t n, size_t *ret_used)
{
	*ret_used = n < stream->rest ? n : (size_t) stream->rest;
	stream->rest -= *ret_used;
	if (stream->rest == 0)
		stream->state = OD_SHIM_HEADER;
	return sink->bytes(sink->userdata, bytes, *ret_used);
}

/* Takes one byte of a line; true once the line "BEGIN" is whole. */
static bool auth_byte(struct od_shim_stream *stream, uint8_t byte)
{
	bool begin;

	if (!stream->past_nul && byte == '\0' && stream->line_n == 0) {
		stream->past_nul = true;
		return false;
	}
	if (byte != '\n' || !stream->line_cr) {
		if (stream->line_n < sizeof(stream->line))
			stream->line[stream->line_n] = byte;
		stream->line_n++;
		stream->line_cr = byte == '\r';
		return false;
	}
	begin = stream->line_n == 6 && memcmp(stream->line, "BEGIN\r", 6) == 0;
	stream->line_n = 0;
	stream->line_cr = false;
	return begin && stream->direction == OD_SHIM_TO_BUS;
}

static int feed_auth(struct od_shim_stream *stream, const struct od_shim_sink *sink,
	const uint8_t *bytes, size_t n, size_t *ret_used)
{
	size_t used = 0;

	while (used < n && stream->state == OD_SHIM_AUTH) {
		if (stream->direction == OD_SHIM_TO_SERVER && stream->line_n == 0 &&
			stream->talk->begun && (bytes[used] == 'l' || bytes[used] == 'B')) {
			stream->state = OD_SHIM_HEADER;
			break;
		}
		if (auth_byte(stream, bytes[used++])) {
			stream->talk->begun = true;
			stream->state = OD_SHIM_HEADER;
		}
		if (stream->line_n > LINE_MAX_BYTES)
			return OD_E_LIMIT;
	}
	*ret_used = used;
	return used ? sink->bytes(sink->userdata, bytes, used) : 0;
}

int od_shim_stream_feed(struct od_shim_stream *stream, const struct od_shim_sink *sink,
	const uint8_t *bytes, size_t n)
{
	while (n > 0) {
		size_t used = 0;
		int r = 0;

		switch (stream->state) {
		case OD_SHIM_AUTH:
			r = feed_auth(stream, sink, bytes, n, &used);
			break;
		case OD_SHIM_HEADER:
		case OD_SHIM_EDIT:
			r = feed_message(stream, sink, bytes, n, &used);
			break;
		case OD_SHIM_BODY:
			r = feed_body(stream, sink, bytes, n, &used);
			break;
		}
		if (r != 0)
			return r;
		bytes += used;
		n -= used;
	}
	return 0;
}

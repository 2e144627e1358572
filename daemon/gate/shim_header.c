/*
 * Reading the header of a D-Bus message.
 *
 * Every offset is checked against the header's own length, which the caller has bounded. Types a
 * header field never has (containers) end the reading there: such a field is not one of ours, and
 * the message passes as it is.
 */
#include "gate/shim_stream.h"

#include <string.h>

#include "base/error.h"

enum {
	FIELD_INTERFACE = 2,
	FIELD_MEMBER = 3,
	FIELD_REPLY_SERIAL = 5,
	FIELD_DESTINATION = 6,
	FIELD_SENDER = 7,
	FIELD_SIGNATURE = 8,
	FIELD_UNIX_FDS = 9
};

struct reader {
	const uint8_t *bytes;
	size_t n, at;
	bool big;
};

static bool align(struct reader *r, size_t to)
{
	r->at = (r->at + to - 1) / to * to;
	return r->at <= r->n;
}

static bool take_u8(struct reader *r, uint8_t *ret)
{
	if (r->at >= r->n)
		return false;
	*ret = r->bytes[r->at++];
	return true;
}

static bool take_u32(struct reader *r, uint32_t *ret)
{
	const uint8_t *p;

	if (!align(r, 4) || r->n - r->at < 4)
		return false;
	p = r->bytes + r->at;
	*ret = r->big ? (uint32_t) p[0] << 24 | (uint32_t) p[1] << 16 | (uint32_t) p[2] << 8 | p[3]
		      : (uint32_t) p[3] << 24 | (uint32_t) p[2] << 16 | (uint32_t) p[1] << 8 | p[0];
	r->at += 4;
	return true;
}

static bool take_text(struct reader *r, uint32_t length, struct od_shim_slice *ret)
{
	if (r->n - r->at < 1 || length > r->n - r->at - 1)
		return false;
	ret->text = (const char *) r->bytes + r->at;
	ret->length = length;
	r->at += (size_t) length + 1;
	return true;
}

/* Skips a fixed-size value of @type; false where it is none. */
static bool skip_fixed(struct reader *r, char type)
{
	static const struct {
		char type;
		uint8_t size;
	} sizes[] = { { 'y', 1 }, { 'n', 2 }, { 'q', 2 }, { 'b', 4 }, { 'i', 4 }, { 'h', 4 },
		{ 'x', 8 }, { 't', 8 }, { 'd', 8 } };

	for (size_t i = 0; i < OD_ELEMENTS(sizes); i++) {
		if (sizes[i].type != type)
			continue;
		if (!align(r, sizes[i].size) || r->n - r->at < sizes[i].size)
			return false;
		r->at += sizes[i].size;
		return true;
	}
	return false;
}

static struct od_shim_slice *text_field(struct od_shim_header *h, uint8_t code)
{
	switch (code) {
	case FIELD_INTERFACE:
		return &h->interface;
	case FIELD_MEMBER:
		return &h->member;
	case FIELD_DESTINATION:
		return &h->destination;
	case FIELD_SENDER:
		return &h->sender;
	case FIELD_SIGNATURE:
		return &h->signature;
	}
	return NULL;
}

/* One value of basic type @type, kept where @code is a field we know. */
static bool take_value(struct reader *r, uint8_t code, char type, struct od_shim_header *h)
{
	struct od_shim_slice *slot = text_field(h, code), unused;
	uint32_t number;
	uint8_t short_length;

	switch (type) {
	case 's':
	case 'o':
		return take_u32(r, &number) && take_text(r, number, slot ? slot : &unused);
	case 'g':
		return take_u8(r, &short_length) &&
		       take_text(r, short_length, slot ? slot : &unused);
	case 'u':
		if (!take_u32(r, &number))
			return false;
		if (code == FIELD_REPLY_SERIAL)
			h->reply_serial = number;
		else if (code == FIELD_UNIX_FDS)
			h->unix_fds = number;
		return true;
	}
	return skip_fixed(r, type);
}

static int parse_fields(struct reader *r, size_t end, struct od_shim_header *h)
{
	struct od_shim_slice signature;
	uint8_t code, length;

	while (r->at < end) {
		if (!align(r, 8))
			return OD_E_SYNTAX;
		if (r->at >= end)
			break;
		if (!take_u8(r, &code) || !take_u8(r, &length) || !take_text(r, length, &signature))
			return OD_E_SYNTAX;
		if (length != 1 || strchr("a(v{", signature.text[0]))
			break;
		if (!take_value(r, code, signature.text[0], h))
			return OD_E_SYNTAX;
	}
	return 0;
}

int od_shim_header_parse(const uint8_t *bytes, size_t n, struct od_shim_header *ret)
{
	struct reader r = { .bytes = bytes, .n = n };
	struct od_shim_header h = { 0 };
	uint32_t array;

	if (n < 16 || (bytes[0] != 'l' && bytes[0] != 'B') || bytes[3] != 1 || bytes[1] == 0)
		return OD_E_SYNTAX;
	h.big = r.big = bytes[0] == 'B';
	h.type = bytes[1];
	h.flags = bytes[2];
	r.at = 4;
	if (!take_u32(&r, &h.body) || !take_u32(&r, &h.serial) || !take_u32(&r, &array))
		return OD_E_SYNTAX;
	if (array > n - r.at || parse_fields(&r, r.at + array, &h) != 0)
		return OD_E_SYNTAX;
	*ret = h;
	return 0;
}

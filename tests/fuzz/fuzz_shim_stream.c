/*
 * Bytes of a notification server, or of the bus, through the shim's stream.
 *
 * First byte: direction and how the rest is cut into pieces. However it is cut, what comes out must
 * be the same.
 */
#include <stdlib.h>
#include <string.h>

#include "gate/shim_stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct out {
	uint8_t bytes[1 << 16];
	size_t n;
};

static int on_bytes(void *userdata, const uint8_t *bytes, size_t n)
{
	struct out *out = userdata;

	if (n > sizeof(out->bytes) - out->n)
		abort(); /* more came out than went in */
	memcpy(out->bytes + out->n, bytes, n);
	out->n += n;
	return 0;
}

static int on_fds(void *userdata, uint32_t n)
{
	(void) userdata;
	(void) n;
	return 0;
}

static int run(const uint8_t *data, size_t size, uint8_t how, size_t step, struct out *out)
{
	const struct od_shim_sink sink = { .bytes = on_bytes, .fds = on_fds, .userdata = out };
	struct od_shim_talk talk = { .begun = how & 2, .serials = { 7, 1 } };
	static struct od_shim_stream stream;
	int r = 0;

	out->n = 0;
	od_shim_stream_init(&stream, how & 1 ? OD_SHIM_TO_BUS : OD_SHIM_TO_SERVER, &talk);
	if (how & 4)
		stream.state = OD_SHIM_HEADER;
	for (size_t at = 0; at < size && r == 0; at += step)
		r = od_shim_stream_feed(
			&stream, &sink, data + at, size - at < step ? size - at : step);
	return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct out whole, pieces;
	int r;

	if (size < 1 || size > sizeof(whole.bytes))
		return 0;
	r = run(data + 1, size - 1, data[0], size, &whole);
	if (run(data + 1, size - 1, data[0], (data[0] >> 3) + 1u, &pieces) != r)
		abort();
	/* A fault ends it wherever it is found; until then the same has come out. */
	if (r == 0 && (whole.n != pieces.n || memcmp(whole.bytes, pieces.bytes, whole.n) != 0))
		abort();
	return 0;
}

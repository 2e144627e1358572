/*
 * A TZif file (RFC 8536) into a zone.
 *
 * Version 1 data is used only where there is nothing else; from version 2 on the second block, with
 * 64-bit instants, and the footer. Leap-second records are refused: policy instants count POSIX
 * seconds. After the table the footer's rule is laid out up to TABLE_YEAR, so that a look-up in
 * our century is one binary search; past that the rule is evaluated.
 */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "model/zone_table.h"

#define HEADER_SIZE   44
#define FILE_MAX      ((size_t) 1 << 20)
#define TYPES_MAX     256
#define TABLE_YEAR    2100
#define OFFSET_MIN    (-89999) /* RFC 8536, 3.2 */
#define OFFSET_MAX    93599
#define INSTANT_LIMIT ((int64_t) 1 << 59) /* RFC 8536 recommends none below -2^59 */

struct header {
	unsigned version;
	size_t n_ut, n_standard, n_leap, n_times, n_types, n_chars;
};

struct reader {
	const unsigned char *at, *end;
};

static uint32_t be32(const unsigned char *p)
{
	return (uint32_t) p[0] << 24 | (uint32_t) p[1] << 16 | (uint32_t) p[2] << 8 | p[3];
}

static int64_t be_time(const unsigned char *p, size_t width)
{
	if (width == 4)
		return (int32_t) be32(p);
	return (int64_t) ((uint64_t) be32(p) << 32 | be32(p + 4));
}

static const unsigned char *take(struct reader *reader, size_t size)
{
	const unsigned char *at = reader->at;

	if ((size_t) (reader->end - at) < size)
		return NULL;
	reader->at += size;
	return at;
}

static int read_header(struct reader *reader, struct header *ret)
{
	const unsigned char *p = take(reader, HEADER_SIZE);

	if (!p || memcmp(p, "TZif", 4) != 0 || (p[4] != '\0' && p[4] < '2'))
		return OD_E_SYNTAX;
	*ret = (struct header){
		.version = p[4] ? p[4] - (unsigned) '0' : 1,
		.n_ut = be32(p + 20),
		.n_standard = be32(p + 24),
		.n_leap = be32(p + 28),
		.n_times = be32(p + 32),
		.n_types = be32(p + 36),
		.n_chars = be32(p + 40),
	};
	if (ret->n_ut > FILE_MAX || ret->n_standard > FILE_MAX || ret->n_leap > FILE_MAX ||
		ret->n_times > FILE_MAX || ret->n_chars > FILE_MAX)
		return OD_E_LIMIT;
	if (ret->n_types == 0 || ret->n_types > TYPES_MAX || ret->n_chars == 0 ||
		(ret->n_ut != 0 && ret->n_ut != ret->n_types) ||
		(ret->n_standard != 0 && ret->n_standard != ret->n_types))
		return OD_E_SYNTAX;
	return 0;
}

static size_t block_size(const struct header *h, size_t width)
{
	return h->n_times * (width + 1) + h->n_types * 6 + h->n_chars + h->n_leap * (width + 4) +
	       h->n_standard + h->n_ut;
}

static int read_types(struct od_zone *zone, const struct header *h, const unsigned char *types,
	const unsigned char *chars)
{
	zone->types = calloc(h->n_types, sizeof(*zone->types));
	if (!zone->types)
		return -ENOMEM;
	for (size_t i = 0; i < h->n_types; i++, types += 6) {
		int32_t offset = (int32_t) be32(types);
		size_t at = types[5];
		const unsigned char *end =
			at < h->n_chars ? memchr(chars + at, '\0', h->n_chars - at) : NULL;

		if (!end || (size_t) (end - chars) - at >= OD_ZONE_ABBREVIATION_MAX ||
			types[4] > 1 || offset < OFFSET_MIN || offset > OFFSET_MAX)
			return OD_E_SYNTAX;
		zone->types[i].offset = offset;
		memcpy(zone->types[i].abbreviation, chars + at, (size_t) (end - chars) - at);
	}
	zone->first = &zone->types[0];
	return 0;
}

static int add_transition(struct od_zone *zone, int64_t at, const struct od_zone_type *type)
{
	struct od_zone_transition *last =
		zone->transitions.n ? &zone->transitions.items[zone->transitions.n - 1] : NULL;

	if (last && last->at >= at)
		return OD_E_SYNTAX;
	last = od_array_add(&zone->transitions);
	if (!last)
		return -ENOMEM;
	*last = (struct od_zone_transition){ at, type };
	return 0;
}

static int read_block(
	struct od_zone *zone, struct reader *reader, const struct header *h, size_t width)
{
	const unsigned char *p = take(reader, block_size(h, width));
	const unsigned char *indices, *types;
	int r;

	if (!p || h->n_leap != 0)
		return OD_E_SYNTAX;
	indices = p + h->n_times * width;
	types = indices + h->n_times;
	r = read_types(zone, h, types, types + h->n_types * 6);
	for (size_t i = 0; i < h->n_times && r == 0; i++) {
		int64_t at = be_time(p + i * width, width);

		if (indices[i] >= h->n_types || at > INSTANT_LIMIT || at < -INSTANT_LIMIT)
			return OD_E_SYNTAX;
		r = add_transition(zone, at, &zone->types[indices[i]]);
	}
	return r;
}

/* A newline, the rule (or nothing: then the last type goes on), a newline. */
static int read_footer(struct od_zone *zone, const struct reader *reader)
{
	size_t size = (size_t) (reader->end - reader->at);
	const char *text = (const char *) reader->at;
	const char *end = size >= 2 && *text == '\n' ? memchr(text + 1, '\n', size - 1) : NULL;

	if (!end)
		return OD_E_SYNTAX;
	if (end == text + 1)
		return 0;
	zone->has_rule = true;
	return od_tz_rule_parse(text + 1, (size_t) (end - text) - 1, &zone->rule);
}

static int lay_out_rule(struct od_zone *zone)
{
	int64_t limit = (int64_t) od_day_from_civil(TABLE_YEAR, 1, 1) * 86400;
	size_t n = zone->transitions.n;
	int64_t at = n ? zone->transitions.items[n - 1].at : 0;
	const struct od_zone_type *type;
	int64_t from, until, next;
	int r = 0;

	if (!zone->has_rule || !zone->rule.has_daylight || n == 0)
		return 0;
	while (r == 0) {
		od_tz_rule_at(&zone->rule, at, &type, &from, &until);
		if (until > limit)
			break;
		od_tz_rule_at(&zone->rule, until, &type, &from, &next);
		r = add_transition(zone, until, type);
		at = until;
	}
	return r;
}

int od_zone_parse(const char *name, const void *bytes, size_t size, struct od_zone **ret)
{
	struct reader reader = { bytes, (const unsigned char *) bytes + size };
	od_cleanup(od_zone_unrefp) struct od_zone *zone = NULL;
	struct header header;
	int r;

	if (size > FILE_MAX)
		return OD_E_LIMIT;
	r = read_header(&reader, &header);
	if (r != 0)
		return r;
	zone = calloc(1, sizeof(*zone));
	if (!zone)
		return -ENOMEM;
	zone->refs = 1;
	zone->name = strdup(name);
	if (!zone->name)
		return -ENOMEM;
	if (header.version == 1) {
		r = read_block(zone, &reader, &header, 4);
	} else {
		if (!take(&reader, block_size(&header, 4)))
			return OD_E_SYNTAX;
		r = read_header(&reader, &header);
		if (r == 0)
			r = read_block(zone, &reader, &header, 8);
		if (r == 0)
			r = read_footer(zone, &reader);
	}
	if (r == 0)
		r = lay_out_rule(zone);
	if (r == 0)
		*ret = od_take(&zone);
	return r;
}

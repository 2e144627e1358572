/*
 * PKWARE's APPNOTE 6.3, without Zip64, split archives and data that precede the archive: an office
 * document has none of them, and what has is "unscannable".
 */
#include "inspect/zip.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/error.h"

#define END_SIZE     22
#define ENTRY_SIZE   46
#define LOCAL_SIZE   30
#define COMMENT_MAX  65535
#define METHOD_STORE 0
#define METHOD_FLATE 8

static uint16_t get16(const unsigned char *at)
{
	return (uint16_t) (at[0] | at[1] << 8);
}

static uint32_t get32(const unsigned char *at)
{
	return (uint32_t) at[0] | (uint32_t) at[1] << 8 | (uint32_t) at[2] << 16 |
	       (uint32_t) at[3] << 24;
}

static bool read_at(const struct od_zip *zip, uint64_t offset, void *to, size_t size)
{
	if (offset > zip->size || size > zip->size - offset)
		return false;
	return zip->read(zip->userdata, offset, to, size) == (long) size;
}

/* The end record: the last one whose comment reaches exactly to the end. */
static int find_end(const struct od_zip *zip, unsigned char end[END_SIZE])
{
	size_t window =
		zip->size < END_SIZE + COMMENT_MAX ? (size_t) zip->size : END_SIZE + COMMENT_MAX;
	od_cleanup(od_freep) unsigned char *tail = malloc(window ? window : 1);

	if (!tail)
		return -ENOMEM;
	if (window < END_SIZE || !read_at(zip, zip->size - window, tail, window))
		return OD_E_SYNTAX;
	for (size_t at = window - END_SIZE + 1; at-- > 0;)
		if (get32(tail + at) == 0x06054b50 &&
			at + END_SIZE + get16(tail + at + 20) == window) {
			memcpy(end, tail + at, END_SIZE);
			return 0;
		}
	return OD_E_SYNTAX;
}

static bool add(struct od_zip *zip, const unsigned char *entry, const unsigned char *name, size_t n)
{
	struct od_zip_member *member;

	if (zip->n == OD_ZIP_MEMBERS_MAX) {
		zip->more = true;
		return false;
	}
	member = &zip->member[zip->n++];
	memset(member, 0, sizeof(*member));
	member->encrypted = (get16(entry + 8) & 1) != 0;
	member->method = get16(entry + 10);
	member->packed = get32(entry + 20);
	member->unpacked = get32(entry + 24);
	member->offset = get32(entry + 42);
	if (n < sizeof(member->name) && !memchr(name, '\0', n))
		memcpy(member->name, name, n);
	return true;
}

int od_zip_open(struct od_zip *zip, od_zip_read_fn read, void *userdata, uint64_t size)
{
	od_cleanup(od_freep) unsigned char *list = NULL;
	unsigned char end[END_SIZE];
	size_t length, at = 0;
	int r;

	zip->read = read;
	zip->userdata = userdata;
	zip->size = size;
	zip->n = 0;
	zip->more = false;
	r = find_end(zip, end);
	if (r != 0)
		return r;
	length = get32(end + 12);
	if (length > OD_ZIP_LIST_MAX)
		return OD_E_LIMIT;
	list = malloc(length ? length : 1);
	if (!list)
		return -ENOMEM;
	if (!read_at(zip, get32(end + 16), list, length))
		return OD_E_SYNTAX;
	while (length - at >= ENTRY_SIZE && get32(list + at) == 0x02014b50) {
		size_t name = get16(list + at + 28);
		size_t whole = ENTRY_SIZE + name + get16(list + at + 30) + get16(list + at + 32);

		if (whole > length - at)
			return OD_E_SYNTAX;
		if (!add(zip, list + at, list + at + ENTRY_SIZE, name))
			break;
		at += whole;
	}
	return at == length || zip->more ? 0 : OD_E_SYNTAX;
}

const struct od_zip_member *od_zip_find(const struct od_zip *zip, const char *name)
{
	for (size_t i = 0; i < zip->n; i++)
		if (strcmp(zip->member[i].name, name) == 0)
			return &zip->member[i];
	return NULL;
}

static int inflate_all(
	const unsigned char *packed, size_t packed_size, char *to, size_t room, size_t *ret_size)
{
	z_stream stream;
	int r;

	memset(&stream, 0, sizeof(stream));
	if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
		return -ENOMEM;
	stream.next_in = (unsigned char *) packed; /* zlib only reads it */
	stream.avail_in = (uInt) packed_size;
	stream.next_out = (unsigned char *) to;
	stream.avail_out = (uInt) room;
	r = inflate(&stream, Z_FINISH);
	*ret_size = room - stream.avail_out;
	(void) inflateEnd(&stream);
	if (r == Z_STREAM_END)
		return 0;
	return r == Z_BUF_ERROR && stream.avail_out == 0 ? OD_E_LIMIT : OD_E_SYNTAX;
}

int od_zip_unpack(const struct od_zip *zip, const struct od_zip_member *member, char *to,
	size_t room, size_t *ret_size)
{
	od_cleanup(od_freep) unsigned char *packed = NULL;
	unsigned char local[LOCAL_SIZE];
	uint64_t data;

	if (member->encrypted || (member->method != METHOD_STORE && member->method != METHOD_FLATE))
		return OD_E_UNSUPPORTED;
	if (member->packed > OD_ZIP_OUT_MAX || member->unpacked > room ||
		member->unpacked / OD_ZIP_RATIO_MAX > member->packed)
		return OD_E_LIMIT;
	if (!read_at(zip, member->offset, local, sizeof(local)) || get32(local) != 0x04034b50)
		return OD_E_SYNTAX;
	data = member->offset + LOCAL_SIZE + get16(local + 26) + get16(local + 28);
	packed = malloc(member->packed ? member->packed : 1);
	if (!packed)
		return -ENOMEM;
	if (!read_at(zip, data, packed, member->packed))
		return OD_E_SYNTAX;
	if (member->method == METHOD_FLATE)
		/* What the list claims is the bound: a member that unpacks to more is a trap. */
		return inflate_all(packed, member->packed, to, member->unpacked, ret_size);
	if (member->packed != member->unpacked)
		return OD_E_SYNTAX;
	memcpy(to, packed, member->packed);
	*ret_size = member->packed;
	return 0;
}

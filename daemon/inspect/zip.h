/*
 * A zip file in memory windows, read with suspicion: only its list and small members, everything
 * bounded. Pure but for the reading function it is given.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

#define OD_ZIP_MEMBERS_MAX 256
#define OD_ZIP_LIST_MAX    ((size_t) 256 << 10)
#define OD_ZIP_OUT_MAX     ((size_t) 4 << 20)
#define OD_ZIP_RATIO_MAX   100

/* Fills @to from @offset. Return: bytes read (less at the end), or -1. */
typedef long (*od_zip_read_fn)(void *userdata, uint64_t offset, void *to, size_t size);

struct od_zip_member {
	char name[128];  /* "": longer than that */
	uint64_t offset; /* of its local header */
	uint32_t packed, unpacked;
	uint16_t method;
	bool encrypted;
};

struct od_zip {
	od_zip_read_fn read;
	void *userdata;
	uint64_t size;
	size_t n;
	bool more; /* members beyond OD_ZIP_MEMBERS_MAX */
	struct od_zip_member member[OD_ZIP_MEMBERS_MAX];
};

/* Read the list. Return: 0, OD_E_SYNTAX (not a zip file, or a broken one), OD_E_LIMIT, -ENOMEM. */
int od_zip_open(struct od_zip *zip, od_zip_read_fn read, void *userdata, uint64_t size) OD_CHECK;
const struct od_zip_member *od_zip_find(const struct od_zip *zip, const char *name);

/* Unpack at most @room bytes. Return: 0, OD_E_SYNTAX, OD_E_LIMIT (does not fit, or unpacks to a
 * suspicious multiple), OD_E_UNSUPPORTED (encrypted, or another method), -ENOMEM. */
int od_zip_unpack(const struct od_zip *zip, const struct od_zip_member *member, char *to,
	size_t room, size_t *ret_size) OD_CHECK;

/* SHA-256 (FIPS 180-4), so that a policy can be named by its bytes without a crypto library. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define OD_SHA256_BYTES 32

struct od_sha256 {
	uint32_t state[8];
	uint64_t length; /* bytes so far */
	unsigned char block[64];
};

void od_sha256_init(struct od_sha256 *sha);
void od_sha256_add(struct od_sha256 *sha, const void *bytes, size_t size);
/* @hex: 64 lower-case digits and the end. @sha is used up. */
void od_sha256_hex(struct od_sha256 *sha, char hex[65]);

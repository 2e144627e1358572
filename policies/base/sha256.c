/*
 * SHA-256 (FIPS 180-4), plain and portable; where an x86 processor has instructions for it, with those:
 * hashing a large catalogue takes as long as half of reading it otherwise.
 */
#include "base/sha256.h"

#include <stdbool.h>
#include <string.h>

#if defined(__x86_64__) && !defined(OD_SHA256_PLAIN) /* a test has both */
#define HAVE_X86
#include <cpuid.h>
#include <immintrin.h>
#endif

static const uint32_t constants[64] = { 0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b,
	0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6,
	0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d,
	0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
	0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585,
	0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa,
	0xa4506ceb, 0xbef9a3f7, 0xc67178f2 };

static uint32_t rotate(uint32_t x, unsigned by)
{
	return x >> by | x << (32 - by);
}

static void expand(const unsigned char *block, uint32_t w[64])
{
	for (unsigned i = 0; i < 16; i++)
		w[i] = (uint32_t) block[i * 4] << 24 | (uint32_t) block[i * 4 + 1] << 16 |
		       (uint32_t) block[i * 4 + 2] << 8 | block[i * 4 + 3];
	for (unsigned i = 16; i < 64; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];

		w[i] = w[i - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[i - 7] +
		       (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
	}
}

/* One round. What the standard calls a ... h changes places from round to round, not memory. */
static inline void mix(uint32_t a, uint32_t b, uint32_t c, uint32_t *d, uint32_t e, uint32_t f,
	uint32_t g, uint32_t *h, uint32_t word)
{
	uint32_t t1 =
		*h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + (g ^ (e & (f ^ g))) + word;
	uint32_t t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) | (c & (a | b)));

	*d += t1;
	*h = t1 + t2;
}

static void compress_plain(uint32_t state[8], const unsigned char *block)
{
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
	uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
	uint32_t w[64];

	expand(block, w);
	for (unsigned i = 0; i < 64; i += 8) {
		mix(a, b, c, &d, e, f, g, &h, constants[i] + w[i]);
		mix(h, a, b, &c, d, e, f, &g, constants[i + 1] + w[i + 1]);
		mix(g, h, a, &b, c, d, e, &f, constants[i + 2] + w[i + 2]);
		mix(f, g, h, &a, b, c, d, &e, constants[i + 3] + w[i + 3]);
		mix(e, f, g, &h, a, b, c, &d, constants[i + 4] + w[i + 4]);
		mix(d, e, f, &g, h, a, b, &c, constants[i + 5] + w[i + 5]);
		mix(c, d, e, &f, g, h, a, &b, constants[i + 6] + w[i + 6]);
		mix(b, c, d, &e, f, g, h, &a, constants[i + 7] + w[i + 7]);
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
	state[5] += f;
	state[6] += g;
	state[7] += h;
}

#ifdef HAVE_X86
/* Four rounds a step. The processor wants the state as ABEF and CDGH. */
__attribute__((target("sha,sse4.1"))) static void compress_x86(
	uint32_t state[8], const unsigned char *block)
{
	const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	__m128i dcba = _mm_loadu_si128((const __m128i *) state);
	__m128i hgfe = _mm_loadu_si128((const __m128i *) (state + 4));
	__m128i cdab = _mm_shuffle_epi32(dcba, 0xb1), efgh = _mm_shuffle_epi32(hgfe, 0x1b);
	__m128i abef = _mm_alignr_epi8(cdab, efgh, 8), cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);
	__m128i w[4], feba, dchg;
	const __m128i abef_before = abef, cdgh_before = cdgh;

	for (unsigned i = 0; i < 4; i++)
		w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *) (block + 16 * i)), swap);
	for (unsigned i = 0; i < 16; i++) {
		__m128i *now = &w[i % 4], next = w[(i + 1) % 4], last = w[(i + 3) % 4];
		__m128i word =
			_mm_add_epi32(*now, _mm_loadu_si128((const __m128i *) (constants + 4 * i)));

		cdgh = _mm_sha256rnds2_epu32(cdgh, abef, word);
		abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(word, 0x0e));
		if (i < 12) /* the word of four steps on */
			*now = _mm_sha256msg2_epu32(
				_mm_add_epi32(_mm_sha256msg1_epu32(*now, next),
					_mm_alignr_epi8(last, w[(i + 2) % 4], 4)),
				last);
	}
	abef = _mm_add_epi32(abef, abef_before);
	cdgh = _mm_add_epi32(cdgh, cdgh_before);
	feba = _mm_shuffle_epi32(abef, 0x1b);
	dchg = _mm_shuffle_epi32(cdgh, 0xb1);
	_mm_storeu_si128((__m128i *) state, _mm_blend_epi16(feba, dchg, 0xf0));
	_mm_storeu_si128((__m128i *) (state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

static bool processor_can(void)
{
	static int can = -1; /* the same for whoever asks first */
	unsigned a, b = 0, c = 0, d;

	if (can < 0) {
		bool sse = __get_cpuid(1, &a, &b, &c, &d) && c & bit_SSE4_1 && c & bit_SSSE3;

		can = sse && __get_cpuid_count(7, 0, &a, &b, &c, &d) && b & bit_SHA;
	}
	return can > 0;
}
#endif

static void compress(uint32_t state[8], const unsigned char *block)
{
#ifdef HAVE_X86
	if (processor_can()) {
		compress_x86(state, block);
		return;
	}
#endif
	compress_plain(state, block);
}

void od_sha256_init(struct od_sha256 *sha)
{
	static const uint32_t start[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };

	memset(sha, 0, sizeof(*sha));
	memcpy(sha->state, start, sizeof(start));
}

void od_sha256_add(struct od_sha256 *sha, const void *bytes, size_t size)
{
	const unsigned char *from = bytes;

	while (size > 0) {
		size_t at = sha->length % 64, part = 64 - at < size ? 64 - at : size;

		if (part == 64) {
			compress(sha->state, from);
			sha->length += 64;
			from += 64;
			size -= 64;
			continue;
		}
		memcpy(sha->block + at, from, part);
		sha->length += part;
		from += part;
		size -= part;
		if (sha->length % 64 == 0)
			compress(sha->state, sha->block);
	}
}

void od_sha256_hex(struct od_sha256 *sha, char hex[65])
{
	static const unsigned char padding[64] = { 0x80 };
	static const char digits[] = "0123456789abcdef";
	uint64_t bits = sha->length * 8;
	unsigned char length[8];

	for (unsigned i = 0; i < 8; i++)
		length[i] = (unsigned char) (bits >> (56 - 8 * i));
	od_sha256_add(sha, padding, 1 + (119 - sha->length % 64) % 64);
	od_sha256_add(sha, length, sizeof(length));
	for (unsigned i = 0; i < 32; i++) {
		unsigned byte = sha->state[i / 4] >> (24 - 8 * (i % 4)) & 0xff;

		hex[i * 2] = digits[byte >> 4];
		hex[i * 2 + 1] = digits[byte & 15];
	}
	hex[64] = '\0';
}

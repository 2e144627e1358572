/*
 * One pass over the bytes; a byte that can begin something starts a candidate, a candidate is
 * gathered without its blanks into a small buffer, and a validator says yes or no.
 *
 * Sources: ISO 13616 and the SWIFT registry (IBAN lengths), ISO/IEC 7812 (Luhn, issuer ranges), the
 * INSEE description of the NIR (key = 97 - n mod 97; Corsica 2A = 19, 2B = 18). Random text of the
 * right shape passes in about 1 % (IBAN, NIR) and 2 % (cards): rules ask for several.
 */
#include "inspect/detect.h"

#include <stdlib.h>
#include <string.h>

const char *od_detector_to_string(enum od_detector detector)
{
	switch (detector) {
	case OD_DETECTOR_IBAN:
		return "iban";
	case OD_DETECTOR_CARD:
		return "card";
	case OD_DETECTOR_NIR:
		return "nir";
	case OD_DETECTOR_EMAILS:
		return "emails";
	case OD_DETECTOR_PEM:
		return "pem";
	case OD_DETECTOR_CLOUD_KEY:
		return "cloud-key";
	case OD_DETECTOR_MAX_:
		break;
	}
	return "unknown";
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool alnum(char c)
{
	return digit(c) || upper(c) || (c >= 'a' && c <= 'z');
}

static void found(struct od_findings *findings, enum od_detector kind, const char *text, size_t n)
{
	uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a: only to tell same from different */

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ (unsigned char) text[i]) * 0x100000001b3u;
	for (unsigned i = 0; i < findings->seen[kind].n; i++)
		if (findings->seen[kind].hash[i] == hash)
			return;
	if (findings->seen[kind].n < OD_SEEN_MAX)
		findings->seen[kind].hash[findings->seen[kind].n++] = hash;
	if (findings->count[kind] < UINT32_MAX)
		findings->count[kind]++;
}

/* ---- iban */

struct country {
	char code[3];
	unsigned char length;
};

static const struct country countries[] = { { "AD", 24 }, { "AE", 23 }, { "AL", 28 }, { "AT", 20 },
	{ "AZ", 28 }, { "BA", 20 }, { "BE", 16 }, { "BG", 22 }, { "BH", 22 }, { "BR", 29 },
	{ "BY", 28 }, { "CH", 21 }, { "CR", 22 }, { "CY", 28 }, { "CZ", 24 }, { "DE", 22 },
	{ "DK", 18 }, { "DO", 28 }, { "EE", 20 }, { "EG", 29 }, { "ES", 24 }, { "FI", 18 },
	{ "FO", 18 }, { "FR", 27 }, { "GB", 22 }, { "GE", 22 }, { "GI", 23 }, { "GL", 18 },
	{ "GR", 27 }, { "GT", 28 }, { "HR", 21 }, { "HU", 28 }, { "IE", 22 }, { "IL", 23 },
	{ "IQ", 23 }, { "IS", 26 }, { "IT", 27 }, { "JO", 30 }, { "KW", 30 }, { "KZ", 20 },
	{ "LB", 28 }, { "LC", 32 }, { "LI", 21 }, { "LT", 20 }, { "LU", 20 }, { "LV", 21 },
	{ "LY", 25 }, { "MC", 27 }, { "MD", 24 }, { "ME", 22 }, { "MK", 19 }, { "MR", 27 },
	{ "MT", 31 }, { "MU", 30 }, { "NL", 18 }, { "NO", 15 }, { "PK", 24 }, { "PL", 28 },
	{ "PS", 29 }, { "PT", 25 }, { "QA", 29 }, { "RO", 24 }, { "RS", 22 }, { "SA", 24 },
	{ "SC", 31 }, { "SE", 24 }, { "SI", 19 }, { "SK", 24 }, { "SM", 27 }, { "ST", 25 },
	{ "SV", 28 }, { "TL", 23 }, { "TN", 24 }, { "TR", 26 }, { "UA", 29 }, { "VA", 22 },
	{ "VG", 24 }, { "XK", 20 } };

static int compare_country(const void *a, const void *b)
{
	return memcmp(a, ((const struct country *) b)->code, 2);
}

static size_t iban_length(const char *code)
{
	const struct country *country = bsearch(code, countries,
		sizeof(countries) / sizeof(countries[0]), sizeof(countries[0]), compare_country);

	return country ? country->length : 0;
}

bool od_detect_is_iban(const char *text, size_t length)
{
	unsigned rest = 0;

	if (length < 15 || length != iban_length(text) || !digit(text[2]) || !digit(text[3]))
		return false;
	/* Country and check digits go to the end, letters count as 10 to 35; the rest must be 1. */
	for (size_t i = 0; i < length; i++) {
		char c = text[(i + 4) % length];

		if (digit(c))
			rest = (rest * 10 + (unsigned) (c - '0')) % 97;
		else if (upper(c))
			rest = (rest * 100 + (unsigned) (c - 'A') + 10) % 97;
		else
			return false;
	}
	return rest == 1;
}

static void try_iban(const char *at, const char *end, struct od_findings *findings)
{
	size_t wanted = iban_length(at), n = 0;
	char clean[36];
	bool blank = false;

	for (; at < end && n < wanted; at++) {
		if (*at == ' ' && !blank && n >= 4) {
			blank = true;
			continue;
		}
		if (!digit(*at) && !upper(*at))
			return;
		blank = false;
		clean[n++] = *at;
	}
	if (n == wanted && n > 0 && !blank && (at == end || !alnum(*at)) &&
		od_detect_is_iban(clean, n))
		found(findings, OD_DETECTOR_IBAN, clean, n);
}

/* ---- cards and social security numbers: both begin as a run of digits */

static bool in_range(const char *digits, unsigned n, unsigned from, unsigned to)
{
	unsigned value = 0;

	for (unsigned i = 0; i < n; i++)
		value = value * 10 + (unsigned) (digits[i] - '0');
	return value >= from && value <= to;
}

static bool known_issuer(const char *d, size_t length)
{
	switch (length) {
	case 13:
		return d[0] == '4';
	case 14:
		return in_range(d, 3, 300, 305) || in_range(d, 2, 36, 36) || in_range(d, 2, 38, 39);
	case 15:
		return in_range(d, 2, 34, 34) || in_range(d, 2, 37, 37);
	default:
		break;
	}
	if (length == 16 && (in_range(d, 2, 51, 55) || in_range(d, 4, 2221, 2720)))
		return true;
	return (length == 16 || length == 19) &&
	       (d[0] == '4' || in_range(d, 4, 6011, 6011) || in_range(d, 3, 644, 659) ||
		       in_range(d, 2, 62, 62) || in_range(d, 4, 3528, 3589));
}

bool od_detect_is_card(const char *digits, size_t length)
{
	unsigned sum = 0;

	if (length < 13 || length > 19)
		return false;
	for (size_t i = 0; i < length; i++) {
		unsigned value;

		if (!digit(digits[i]))
			return false;
		value = (unsigned) (digits[i] - '0');
		if ((length - i) % 2 == 0)
			value = value * 2 > 9 ? value * 2 - 9 : value * 2;
		sum += value;
	}
	return sum % 10 == 0 && known_issuer(digits, length);
}

bool od_detect_is_nir(const char *text, size_t length)
{
	unsigned month, department_offset = 0, key;
	uint64_t number = 0;
	char digits[15];

	if (length != 15 || !strchr("123478", text[0]))
		return false;
	memcpy(digits, text, 15);
	if (text[5] == '2' && (text[6] == 'A' || text[6] == 'B')) {
		department_offset = text[6] == 'A' ? 19 : 18;
		digits[5] = '1';
		digits[6] = (char) ('0' + department_offset - 10);
	}
	for (unsigned i = 0; i < 15; i++)
		if (!digit(digits[i]))
			return false;
	month = (unsigned) (digits[3] - '0') * 10 + (unsigned) (digits[4] - '0');
	if (!((month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50))
		return false;
	for (unsigned i = 0; i < 13; i++)
		number = number * 10 + (unsigned) (digits[i] - '0');
	key = (unsigned) (digits[13] - '0') * 10 + (unsigned) (digits[14] - '0');
	return key == 97 - number % 97;
}

/* Gathers digits with at most one blank or dash between them. Return: end of the run. */
static const char *gather(const char *at, const char *end, char *clean, size_t room, size_t *ret_n)
{
	const char *last = at;
	size_t n = 0;

	for (; at < end && n < room; at++) {
		if (digit(*at) || (n == 6 && clean[5] == '2' && (*at == 'A' || *at == 'B'))) {
			clean[n++] = *at;
			last = at + 1;
		} else if ((*at != ' ' && *at != '-') || at != last) {
			break;
		}
	}
	*ret_n = n;
	return last;
}

static void try_number(const char *at, const char *end, struct od_findings *findings)
{
	char clean[24];
	size_t n;
	const char *last = gather(at, end, clean, sizeof(clean), &n);

	if (n < 13 || n > 19 || (last < end && alnum(*last)))
		return;
	if (od_detect_is_card(clean, n))
		found(findings, OD_DETECTOR_CARD, clean, n);
	else if (n == 15 && od_detect_is_nir(clean, n))
		found(findings, OD_DETECTOR_NIR, clean, n);
}

/* ---- addresses */

static bool local_part(char c)
{
	return alnum(c) || c == '.' || c == '_' || c == '-' || c == '+';
}

static void try_email(
	const char *text, const char *at, const char *end, struct od_findings *findings)
{
	const char *from = at, *to = at + 1, *dot = NULL;
	char clean[256];
	size_t n = 0;

	while (from > text && at - from < 64 && local_part(from[-1]))
		from--;
	while (to < end && to - at < 128 && (alnum(*to) || *to == '-' || *to == '.')) {
		if (*to == '.')
			dot = to;
		to++;
	}
	if (from == at || !dot || dot == at + 1 || to - dot < 3)
		return;
	for (const char *c = from; c < to && n < sizeof(clean); c++)
		clean[n++] = upper(*c) ? (char) (*c + 32) : *c;
	found(findings, OD_DETECTOR_EMAILS, clean, n);
}

/* ---- keys */

static bool begins(const char *at, const char *end, const char *word)
{
	size_t length = strlen(word);

	return (size_t) (end - at) >= length && memcmp(at, word, length) == 0;
}

static void try_pem(const char *at, const char *end, struct od_findings *findings)
{
	static const char begin[] = "-----BEGIN ", *const kinds[] = { "PRIVATE KEY-----",
		"RSA PRIVATE KEY-----", "EC PRIVATE KEY-----", "DSA PRIVATE KEY-----",
		"ENCRYPTED PRIVATE KEY-----", "OPENSSH PRIVATE KEY-----",
		"PGP PRIVATE KEY BLOCK-----" };
	const char *kind = at + sizeof(begin) - 1;

	if (!begins(at, end, begin))
		return;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (begins(kind, end, kinds[i])) {
			const char *body = kind + strlen(kinds[i]);

			/* The key itself tells two apart. */
			found(findings, OD_DETECTOR_PEM, at,
				(size_t) (end - body > 200 ? body + 200 - at : end - at));
			return;
		}
}

struct key_shape {
	const char *prefix;
	unsigned at_least; /* characters behind it */
	bool capitals;     /* only A-Z and 2-7 */
};

static const struct key_shape shapes[] = { { "AKIA", 16, true }, { "ASIA", 16, true },
	{ "ghp_", 36, false }, { "gho_", 36, false }, { "ghs_", 36, false },
	{ "github_pat_", 60, false }, { "glpat-", 20, false }, { "xoxb-", 20, false },
	{ "xoxp-", 20, false }, { "sk_live_", 20, false }, { "rk_live_", 20, false },
	{ "AIza", 35, false }, { "AGE-SECRET-KEY-1", 50, false } };

static bool key_char(char c, bool capitals)
{
	if (capitals)
		return upper(c) || (c >= '2' && c <= '7');
	return alnum(c) || c == '_' || c == '-';
}

static void try_key(const char *at, const char *end, struct od_findings *findings)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		const struct key_shape *shape = &shapes[i];
		const char *to;

		if (!begins(at, end, shape->prefix))
			continue;
		to = at + strlen(shape->prefix);
		while (to < end && to - at < 256 && key_char(*to, shape->capitals))
			to++;
		/* The one in every manual. */
		if (to - at >= (ptrdiff_t) (strlen(shape->prefix) + shape->at_least) &&
			!begins(at, end, "AKIAIOSFODNN7EXAMPLE"))
			found(findings, OD_DETECTOR_CLOUD_KEY, at, (size_t) (to - at));
		return;
	}
}

void od_detect(const char *text, size_t size, struct od_findings *findings)
{
	const char *end = text + size;

	for (const char *at = text; at < end; at++) {
		bool inside = at > text && alnum(at[-1]);

		if (*at == '@') {
			try_email(text, at, end, findings);
		} else if (*at == '-' && begins(at, end, "-----B")) {
			try_pem(at, end, findings);
		} else if (!inside && digit(*at)) {
			/* "12 34": the second half of a number is no number of its own. */
			if (!(at - text >= 2 && (at[-1] == ' ' || at[-1] == '-') && digit(at[-2])))
				try_number(at, end, findings);
		} else if (!inside && alnum(*at)) {
			if (end - at >= 15 && upper(*at) && upper(at[1]) && digit(at[2]))
				try_iban(at, end, findings);
			try_key(at, end, findings);
		}
	}
}

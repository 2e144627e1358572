/* base/sha256 against the vectors NIST publishes for FIPS 180-4. */
#include "base/sha256.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/cleanup.h"

static const struct {
	const char *text, *hex;
} vectors[] = {
	{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopq"
	  "klmnopqrlmnopqrsmnopqrstnopqrstu",
		"cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1" },
};

static void test_published_vectors(void **state)
{
	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(vectors); i++) {
		struct od_sha256 sha;
		char hex[65];

		od_sha256_init(&sha);
		od_sha256_add(&sha, vectors[i].text, strlen(vectors[i].text));
		od_sha256_hex(&sha, hex);
		assert_string_equal(hex, vectors[i].hex);
	}
}

static void test_a_million_letters(void **state)
{
	struct od_sha256 sha;
	char hex[65], letters[1000];

	(void) state;
	memset(letters, 'a', sizeof(letters));
	od_sha256_init(&sha);
	for (int i = 0; i < 1000; i++)
		od_sha256_add(&sha, letters, sizeof(letters));
	od_sha256_hex(&sha, hex);
	assert_string_equal(
		hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void test_cuts_do_not_matter(void **state)
{
	const char *text = vectors[3].text;

	(void) state;
	for (size_t cut = 0; cut <= strlen(text); cut++) {
		struct od_sha256 sha;
		char hex[65];

		od_sha256_init(&sha);
		od_sha256_add(&sha, text, cut);
		od_sha256_add(&sha, text + cut, strlen(text) - cut);
		od_sha256_hex(&sha, hex);
		assert_string_equal(hex, vectors[3].hex);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published_vectors),
		cmocka_unit_test(test_a_million_letters),
		cmocka_unit_test(test_cuts_do_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

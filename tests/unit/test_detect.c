#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "inspect/detect.h"

static struct od_findings findings;

static unsigned count(enum od_detector kind, const char *text)
{
	memset(&findings, 0, sizeof(findings));
	od_detect(text, strlen(text), &findings);
	return findings.count[kind];
}

/* The example numbers of the SWIFT registry. */
static void test_iban_examples_of_the_registry(OD_UNUSED void **state)
{
	static const char *const valid[] = { "MC5811222000010123456789030",
		"FR1420041010050500013M02606", "GB29NWBK60161331926819", "DE89370400440532013000",
		"BE68539007547034", "CH9300762011623852957", "IT60X0542811101000000123456",
		"ES9121000418450200051332", "LU280019400644750000", "NO9386011117947",
		"MT84MALT011000012345MTLCAST001S" };

	for (size_t i = 0; i < OD_ELEMENTS(valid); i++) {
		assert_true(od_detect_is_iban(valid[i], strlen(valid[i])));
		assert_int_equal(count(OD_DETECTOR_IBAN, valid[i]), 1);
	}
}

static void test_iban_with_a_fault_is_none(OD_UNUSED void **state)
{
	assert_int_equal(count(OD_DETECTOR_IBAN, "MC5811222000010123456789031"), 0);
	assert_int_equal(count(OD_DETECTOR_IBAN, "MC581122200001012345678903"), 0);
	assert_int_equal(count(OD_DETECTOR_IBAN, "MC58112220000101234567890300"), 0);
	assert_int_equal(count(OD_DETECTOR_IBAN, "XMC5811222000010123456789030"), 0);
	assert_int_equal(count(OD_DETECTOR_IBAN, "ZZ5811222000010123456789030"), 0);
	assert_int_equal(count(OD_DETECTOR_IBAN, "mc5811222000010123456789030"), 0);
}

static void test_iban_in_groups_and_each_once(OD_UNUSED void **state)
{
	assert_int_equal(count(OD_DETECTOR_IBAN, "IBAN: FR14 2004 1010 0505 0001 3M02 606."), 1);
	assert_int_equal(
		count(OD_DETECTOR_IBAN,
			"FR14 2004 1010 0505 0001 3M02 606 and FR1420041010050500013M02606"),
		1);
	assert_int_equal(
		count(OD_DETECTOR_IBAN, "BE68539007547034,GB29NWBK60161331926819;NO9386011117947"),
		3);
	assert_int_equal(count(OD_DETECTOR_IBAN, "FR14  2004 1010 0505 0001 3M02 606"), 0);
}

static void test_card_numbers_have_an_issuer_and_a_sum(OD_UNUSED void **state)
{
	assert_int_equal(count(OD_DETECTOR_CARD, "4111 1111 1111 1111"), 1);
	assert_int_equal(count(OD_DETECTOR_CARD, "5500-0055-5555-5559"), 1);
	assert_int_equal(count(OD_DETECTOR_CARD, "x 378282246310005 y"), 1);
	assert_int_equal(count(OD_DETECTOR_CARD, "30569309025904"), 1);
	assert_int_equal(count(OD_DETECTOR_CARD, "4111 1111 1111 1112"), 0);
	assert_int_equal(count(OD_DETECTOR_CARD, "9111 1111 1111 1111"), 0);
	assert_int_equal(count(OD_DETECTOR_CARD, "0000000000000000"), 0);
	/* Inside a longer number, or beside letters, it is something else. */
	assert_int_equal(count(OD_DETECTOR_CARD, "41111111111111110000"), 0);
	assert_int_equal(count(OD_DETECTOR_CARD, "A4111111111111111"), 0);
	assert_int_equal(count(OD_DETECTOR_CARD, "12 4111111111111111"), 0);
}

static void test_nir_key_counts_for_corsica_too(OD_UNUSED void **state)
{
	/* 97 - (n mod 97), worked by hand: 2550814168025 -> 38; 2A and 2B as 19 and 18. */
	assert_int_equal(count(OD_DETECTOR_NIR, "2 55 08 14 168 025 38"), 1);
	assert_int_equal(count(OD_DETECTOR_NIR, "255081416802538"), 1);
	assert_int_equal(count(OD_DETECTOR_NIR, "255081416802539"), 0);
	assert_int_equal(count(OD_DETECTOR_NIR, "955081416802538"), 0);
	assert_int_equal(count(OD_DETECTOR_NIR, "255131416802538"), 0);
}

static void test_nir_of_every_department_has_one_key(OD_UNUSED void **state)
{
	for (unsigned variant = 0; variant < 2; variant++) {
		unsigned valid = 0;
		char text[16];

		for (unsigned key = 0; key <= 99; key++) {
			(void) snprintf(text, sizeof(text), "18505%s004012%02u",
				variant ? "2A" : "20", key);
			valid += od_detect_is_nir(text, strlen(text));
		}
		assert_int_equal(valid, 1);
	}
}

static void test_addresses_are_counted_once_each(OD_UNUSED void **state)
{
	assert_int_equal(
		count(OD_DETECTOR_EMAILS, "alice@exemplar.example, Alice@Exemplar.example"), 1);
	assert_int_equal(
		count(OD_DETECTOR_EMAILS, "alice@a.example bob@b.example <carol@c.example>"), 3);
	assert_int_equal(count(OD_DETECTOR_EMAILS, "@x.example a@b a@.de mention @alice"), 0);
}

static void test_private_keys_and_tokens(OD_UNUSED void **state)
{
	assert_int_equal(count(OD_DETECTOR_PEM, "-----BEGIN OPENSSH PRIVATE KEY-----\nAAA"), 1);
	assert_int_equal(count(OD_DETECTOR_PEM, "-----BEGIN PRIVATE KEY-----"), 1);
	assert_int_equal(
		count(OD_DETECTOR_PEM, "-----BEGIN CERTIFICATE-----\nPRIVATE KEY-----"), 0);
	assert_int_equal(count(OD_DETECTOR_CLOUD_KEY, "key=AKIAABCDEFGHIJKLMNOP"), 1);
	assert_int_equal(count(OD_DETECTOR_CLOUD_KEY, "AKIAIOSFODNN7EXAMPLE"), 0);
	assert_int_equal(
		count(OD_DETECTOR_CLOUD_KEY, "ghp_0123456789abcdef0123456789abcdef0123"), 1);
	assert_int_equal(count(OD_DETECTOR_CLOUD_KEY, "ghp_short"), 0);
}

static void test_bytes_of_any_kind_are_no_trouble(OD_UNUSED void **state)
{
	char bytes[4096];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char) (i * 37);
	memset(&findings, 0, sizeof(findings));
	for (size_t n = 0; n < sizeof(bytes); n += 61)
		od_detect(bytes, n, &findings);
	od_detect("4", 1, &findings);
	od_detect("MC5", 3, &findings);
	od_detect("@", 1, &findings);
	assert_int_equal(findings.count[OD_DETECTOR_PEM], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_iban_examples_of_the_registry),
		cmocka_unit_test(test_iban_with_a_fault_is_none),
		cmocka_unit_test(test_iban_in_groups_and_each_once),
		cmocka_unit_test(test_card_numbers_have_an_issuer_and_a_sum),
		cmocka_unit_test(test_nir_key_counts_for_corsica_too),
		cmocka_unit_test(test_nir_of_every_department_has_one_key),
		cmocka_unit_test(test_addresses_are_counted_once_each),
		cmocka_unit_test(test_private_keys_and_tokens),
		cmocka_unit_test(test_bytes_of_any_kind_are_no_trouble),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

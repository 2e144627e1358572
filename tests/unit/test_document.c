/* ini/document: what is kept of a file. What is refused is in data/faulty (test_faulty). */
#include "ini/document.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "ini/dictionary.h"

static struct od_document *parsed(const char *text, size_t size, unsigned errors)
{
	struct od_document *document = NULL;
	struct od_problems problems = { 0 };

	assert_int_equal(od_document_parse("t.ini", text, size, &problems, &document), 0);
	assert_non_null(document);
	if (problems.errors != errors)
		od_problems_print(&problems, stderr);
	assert_int_equal(problems.errors, errors);
	od_problems_done(&problems);
	return document;
}

static struct od_document *good(const char *text)
{
	return parsed(text, strlen(text), 0);
}

static void test_lines_keep_their_places(void **state)
{
	struct od_document *d = good("; comment\n"
				     "[schedule office]\n"
				     "\n"
				     "\tmonday = 08:30-12:30 ; mornings\n"
				     "holidays += mc\n"
				     "leave = \"/a;b\"   \n");
	const struct od_document_line *line = d->lines.items;

	(void) state;
	assert_int_equal(d->sections.n, 1);
	assert_string_equal(d->sections.items[0].name, "schedule");
	assert_string_equal(d->sections.items[0].label, "office");
	assert_int_equal(d->sections.items[0].line, 2);
	assert_int_equal(d->lines.n, 3);
	assert_string_equal(line[0].key, "monday");
	assert_string_equal(line[0].value, "08:30-12:30");
	assert_int_equal(line[0].line, 4);
	assert_int_equal(line[0].column, 2);
	assert_int_equal(line[0].value_column, 11);
	assert_int_equal(line[0].comment, 23);
	assert_string_equal(line[1].key, "holidays");
	assert_true(line[1].append);
	assert_false(line[0].append);
	assert_string_equal(line[2].value, "/a;b");
	assert_true(line[2].quoted);
	assert_int_equal(line[2].value_column, 10);
	od_document_free(d);
}

static void test_byte_order_mark_and_crlf_are_accepted(void **state)
{
	struct od_document *d = good("\xef\xbb\xbf[company]\r\nname = Exemplar\r\n\r\n"
				     "contact = \"it;\"\r\n");

	(void) state;
	assert_int_equal(d->lines.n, 2);
	assert_string_equal(d->lines.items[0].value, "Exemplar");
	assert_string_equal(d->lines.items[1].value, "it;");
	assert_int_equal(d->lines.items[1].line, 4);
	od_document_free(d);
}

static void test_last_line_needs_no_newline(void **state)
{
	struct od_document *d = good("[a]\nk = v");

	(void) state;
	assert_int_equal(d->lines.n, 1);
	assert_string_equal(d->lines.items[0].value, "v");
	od_document_free(d);
}

static void test_values_iniparser_gets_right(void **state)
{
	static const struct {
		const char *line, *value;
	} cases[] = {
		{ "k =", "" },
		{ "k=v", "v" },
		{ "k = \"\"", "" },
		{ "k = \"  two blanks  \"", "  two blanks  " },
		{ "k = a = b", "a = b" },
		{ "k = = b", "= b" },
		{ "k = \"it's\"", "it's" },
		{ "k = it's", "it's" },
		{ "k = ; comment", "" },
		{ "k = v ; comment ; more # and \"quotes\"", "v" },
		{ "k = \"v\" ; comment", "v" },
		{ "k = a\tb", "a\tb" },
		{ "k = %s %n", "%s %n" },
		{ "k = a\\b", "a\\b" },
		{ "k = \"a\\\"", "a\\" },
		{ "k = [x]", "[x]" },
		{ "k = é€🔕", "é€🔕" },
	};

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(cases); i++) {
		char text[128];
		struct od_document *d;

		snprintf(text, sizeof(text), "[a]\n%s\n", cases[i].line);
		d = good(text);
		assert_int_equal(d->lines.n, 1);
		assert_string_equal(d->lines.items[0].value, cases[i].value);
		od_document_free(d);
	}
}

static void test_a_line_of_the_longest_length_is_read(void **state)
{
	char text[8 + OD_DOCUMENT_LINE_MAX];
	struct od_document *d;

	(void) state;
	memcpy(text, "[a]\nk = ", 8);
	memset(text + 8, 'x', OD_DOCUMENT_LINE_MAX - 4);
	d = parsed(text, 4 + OD_DOCUMENT_LINE_MAX, 0);
	assert_int_equal(strlen(d->lines.items[0].value), OD_DOCUMENT_LINE_MAX - 4);
	od_document_free(d);
	memset(text + 8, 'x', OD_DOCUMENT_LINE_MAX);
	od_document_free(parsed(text, 5 + OD_DOCUMENT_LINE_MAX, 1));
}

static void test_an_empty_file_is_no_fault(void **state)
{
	(void) state;
	od_document_free(parsed("", 0, 0));
	od_document_free(good("\n\n; nothing\n# nothing\n   \n"));
	od_document_free(good("\xef\xbb\xbf"));
	od_document_free(good("[a]\n"));
	od_document_free(NULL);
}

static void test_good_lines_of_a_faulty_file_are_kept(void **state)
{
	struct od_document *d = parsed("[a]\nk = \"open\nl = v\n", 19, 1);

	(void) state;
	assert_int_equal(d->lines.n, 1);
	assert_string_equal(d->lines.items[0].key, "l");
	od_document_free(d);
}

static void test_keys_are_bounded(void **state)
{
	size_t size = 4 + (OD_DOCUMENT_KEYS_MAX + 10) * 9;
	char *text = malloc(size + 1), *at = text;
	struct od_document *d;

	(void) state;
	assert_non_null(text);
	at += sprintf(at, "[a]\n");
	for (unsigned i = 0; i < OD_DOCUMENT_KEYS_MAX + 10; i++)
		at += sprintf(at, "k%05u=1\n", i);
	d = parsed(text, (size_t) (at - text), 1);
	assert_int_equal(d->lines.n, OD_DOCUMENT_KEYS_MAX);
	od_document_free(d);
	free(text);
}

static void test_labels(void **state)
{
	char longest[OD_LABEL_MAX + 2];

	(void) state;
	memset(longest, 'x', sizeof(longest));
	longest[OD_LABEL_MAX] = '\0';
	assert_true(od_document_label_ok("office"));
	assert_true(od_document_label_ok("0-a_b.c"));
	assert_true(od_document_label_ok(longest));
	longest[OD_LABEL_MAX] = 'x';
	longest[OD_LABEL_MAX + 1] = '\0';
	assert_false(od_document_label_ok(longest));
	assert_false(od_document_label_ok(""));
	assert_false(od_document_label_ok("-a"));
	assert_false(od_document_label_ok("A"));
	assert_false(od_document_label_ok("a b"));
	assert_false(od_document_label_ok("é"));
}

static void test_dictionary_reads_sections_with_labels(void **state)
{
	struct od_dictionary *dictionary = NULL;
	const char text[] = "[schedule office]\nmonday = off\n";

	(void) state;
	assert_int_equal(od_dictionary_new(text, sizeof(text) - 1, &dictionary), 0);
	assert_string_equal(od_dictionary_get(dictionary, "schedule office", "monday"), "off");
	assert_null(od_dictionary_get(dictionary, "schedule office", "tuesday"));
	od_dictionary_free(dictionary);
	od_dictionary_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_keep_their_places),
		cmocka_unit_test(test_byte_order_mark_and_crlf_are_accepted),
		cmocka_unit_test(test_last_line_needs_no_newline),
		cmocka_unit_test(test_values_iniparser_gets_right),
		cmocka_unit_test(test_a_line_of_the_longest_length_is_read),
		cmocka_unit_test(test_an_empty_file_is_no_fault),
		cmocka_unit_test(test_good_lines_of_a_faulty_file_are_kept),
		cmocka_unit_test(test_keys_are_bounded),
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_dictionary_reads_sections_with_labels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

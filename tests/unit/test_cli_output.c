/* Columns, what reaches a terminal, JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <json-c/json.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "model/zone.h"
#include "output.h"

static int set_up(void **state)
{
	(void) state;
	return setlocale(LC_CTYPE, "C.UTF-8") ? 0 : -1;
}

static void test_width_is_what_a_terminal_shows(void **state)
{
	(void) state;
	assert_int_equal(od_out_width(""), 0);
	assert_int_equal(od_out_width("abc"), 3);
	assert_int_equal(od_out_width("déjà"), 4);
	assert_int_equal(od_out_width("e\xcc\x81"), 1); /* e and a combining acute */
	assert_int_equal(od_out_width("日本"), 4);      /* wide */
	assert_int_equal(od_out_width("a\xff\xc3"), 3); /* bytes that are no characters */
}

static void assert_clean(const char *text, size_t width, const char *expected)
{
	od_cleanup(od_freep) char *clean = od_out_clean(text, width);

	assert_string_equal(clean, expected);
	if (width)
		assert_true(od_out_width(clean) <= width);
}

static void test_nobody_writes_to_the_terminal(void **state)
{
	(void) state;
	assert_clean("a\033[31mb", 0, "a [31mb");
	assert_clean("a\nb\tc\rd\x7f", 0, "a b c d ");
	assert_clean("a\xc2\x9b"
		     "31mb",
		0, "a 31mb"); /* CSI as one character */
	assert_clean("a\xe2\x80\xae"
		     "b",
		0, "a b"); /* right-to-left override */
	assert_clean("a\xe2\x81\xa6"
		     "b",
		0, "a b"); /* isolate */
	assert_clean("a\xff"
		     "b",
		0, "a b");
}

static void test_texts_are_cut_at_characters(void **state)
{
	(void) state;
	assert_clean("abcdef", 6, "abcdef");
	assert_clean("abcdef", 5, "abcd…");
	assert_clean("abcdef", 1, "…");
	assert_clean("ééééé", 4, "ééé…");
	assert_clean("日本語", 5, "日本…");
	assert_clean("日本語", 4, "日…");
	assert_clean("", 3, "");
}

static void test_columns_are_aligned(void **state)
{
	od_cleanup(od_table_done) struct od_table table = { .columns = 3 };
	od_cleanup(od_freep) char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void) state;
	assert_int_equal(od_table_row(&table, (const char *[]){ "ID", "FROM", "WHAT" }), 0);
	assert_int_equal(od_table_row(&table, (const char *[]){ "1", "Fédération", "x" }), 0);
	assert_int_equal(od_table_row(&table, (const char *[]){ "22", "日本", NULL }), 0);
	assert_int_equal(od_table_row(&table, (const char *[]){ "", "", "" }), 0);
	od_table_print(&table, out);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, "ID  FROM        WHAT\n"
				  "1   Fédération  x\n"
				  "22  日本\n"
				  "\n");
}

static void test_colour_only_on_a_terminal(void **state)
{
	FILE *out = tmpfile();

	(void) state;
	assert_string_equal(od_out_colour(OD_COLOUR_BAD, out), "");
	assert_string_equal(od_out_plain(out), "");
	assert_int_equal(fclose(out), 0);
}

static void test_json_is_stable(void **state)
{
	struct json_object *object = json_object_new_object();
	od_strings texts = { 0 };

	(void) state;
	assert_int_equal(od_strings_add(&texts, "a/b", (size_t) -1), 0);
	od_json_string(object, "text", "quote \" and \n and é");
	od_json_string(object, "nothing", NULL);
	od_json_int(object, "large", INT64_MAX);
	od_json_bool(object, "yes", true);
	od_json_instant(object, "when", INT64_C(1795801500000000));
	od_json_instant(object, "never", OD_NEVER);
	od_json_strings(object, "list", &texts);
	assert_string_equal(json_object_to_json_string_ext(object, JSON_C_TO_STRING_NOSLASHESCAPE),
		"{\"text\":\"quote \\\" and \\n and é\",\"nothing\":null,"
		"\"large\":9223372036854775807,\"yes\":true,\"when\":\"2026-11-27T17:45:00Z\","
		"\"never\":null,\"list\":[\"a/b\"]}");
	assert_int_equal(json_object_put(object), 1);
	od_strings_done(&texts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_width_is_what_a_terminal_shows),
		cmocka_unit_test(test_nobody_writes_to_the_terminal),
		cmocka_unit_test(test_texts_are_cut_at_characters),
		cmocka_unit_test(test_columns_are_aligned),
		cmocka_unit_test(test_colour_only_on_a_terminal),
		cmocka_unit_test(test_json_is_stable),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}

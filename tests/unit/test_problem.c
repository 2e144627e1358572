/* ini/problem: what is wrong is kept, sorted and printed; what cannot be kept is not forgotten. */
#include "ini/problem.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

static char *printed(const struct od_problems *problems)
{
	size_t size;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	od_problems_print(problems, out);
	fclose(out);
	return text;
}

static void test_problems_are_sorted_by_place(void **state)
{
	struct od_problems problems = { 0 };
	char *text;

	(void) state;
	od_problem_add(&problems, OD_SEVERITY_WARNING, "b-code", "b.ini", 2, 7, "later %d", 1);
	od_problem_add(&problems, OD_SEVERITY_ERROR, "a-code", "b.ini", 2, 3, "sooner");
	od_problem_add(&problems, OD_SEVERITY_ERROR, "c-code", "a.ini", 0, 0, "whole file");
	od_problem_add(&problems, OD_SEVERITY_ERROR, "d-code", "a.ini", 9, 0, "whole line");
	od_problems_sort(&problems);
	text = printed(&problems);
	assert_string_equal(text, "a.ini: error: whole file [c-code]\n"
				  "a.ini:9: error: whole line [d-code]\n"
				  "b.ini:2:3: error: sooner [a-code]\n"
				  "b.ini:2:7: warning: later 1 [b-code]\n");
	assert_int_equal(od_problems_count(&problems, OD_SEVERITY_ERROR), 3);
	assert_int_equal(od_problems_count(&problems, OD_SEVERITY_WARNING), 1);
	free(text);
	od_problems_done(&problems);
	assert_int_equal(od_problems_count(&problems, OD_SEVERITY_ERROR), 0);
}

static const char *in_capitals(const char *msgid)
{
	return strcmp(msgid, "error") == 0                  ? "ERREUR"
	       : strcmp(msgid, "no key %s") == 0            ? "pas de clef %s"
	       : strcmp(msgid, "did you mean \"%s\"?") == 0 ? "plutôt \"%s\" ?"
							    : msgid;
}

static void test_texts_are_translated_as_they_are_added(void **state)
{
	struct od_problems problems = { .translate = in_capitals };
	char *text;

	(void) state;
	od_problem_add(&problems, OD_SEVERITY_ERROR, "x", "a.ini", 1, 1, "no key %s", "aproved");
	od_problem_suggest(&problems, "approved");
	od_problem_suggest(&problems, NULL);
	text = printed(&problems);
	assert_string_equal(
		text, "a.ini:1:1: ERREUR: pas de clef aproved; plutôt \"approved\" ? [x]\n");
	free(text);
	od_problems_done(&problems);
}

static void test_a_lost_fault_is_still_counted(void **state)
{
	struct od_problems problems = { 0 };

	(void) state;
	for (unsigned i = 0; i < OD_PROBLEMS_MAX; i++)
		od_problem_add(&problems, OD_SEVERITY_WARNING, "w", "a.ini", i, 0, "warning");
	assert_false(problems.lost);
	od_problem_add(&problems, OD_SEVERITY_ERROR, "e", "a.ini", 1, 0, "the one fault");
	od_problem_suggest(&problems, "nothing"); /* must not touch the last one kept */
	assert_true(problems.lost);
	assert_int_equal(problems.list.n, OD_PROBLEMS_MAX);
	assert_string_equal(problems.list.items[OD_PROBLEMS_MAX - 1].text, "warning");
	assert_int_equal(od_problems_count(&problems, OD_SEVERITY_ERROR), 1);
	od_problems_done(&problems);
	assert_false(problems.lost);
}

static void test_nothing_to_sort_and_free(void **state)
{
	struct od_problems problems = { 0 };
	char *text;

	(void) state;
	od_problems_sort(&problems);
	text = printed(&problems);
	assert_string_equal(text, "");
	free(text);
	od_problems_done(&problems);
	od_problems_done(&problems);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_problems_are_sorted_by_place),
		cmocka_unit_test(test_texts_are_translated_as_they_are_added),
		cmocka_unit_test(test_a_lost_fault_is_still_counted),
		cmocka_unit_test(test_nothing_to_sort_and_free),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

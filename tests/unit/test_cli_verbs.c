/* The table of verbs, and command lines read against it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "cli.h"

static void test_every_verb_has_help_and_a_handler(void **state)
{
	(void) state;
	for (const struct od_verb *v = od_verbs; v->name; v++) {
		assert_non_null(v->run);
		assert_non_null(v->help);
		assert_true(strlen(v->help) > 8);
		assert_non_null(v->synopsis);
		assert_true(v->least <= v->most);
		for (const struct od_flag *f = v->flags; f && f->name; f++)
			assert_non_null(f->help);
	}
}

static void test_no_two_rows_are_alike(void **state)
{
	(void) state;
	for (const struct od_verb *a = od_verbs; a->name; a++)
		for (const struct od_verb *b = a + 1; b->name; b++)
			assert_false(strcmp(a->name, b->name) == 0 &&
				     strcmp(a->subverb ? a->subverb : "",
					     b->subverb ? b->subverb : "") == 0);
}

/* The parser reads options before it knows the verb, so a name must mean one thing everywhere. */
static void test_one_flag_means_one_thing(void **state)
{
	(void) state;
	for (const struct od_verb *a = od_verbs; a->name; a++)
		for (const struct od_flag *f = a->flags; f && f->name; f++) {
			for (const struct od_flag *c = od_common_flags; c->name; c++)
				assert_string_not_equal(f->name, c->name);
			for (const struct od_verb *b = od_verbs; b->name; b++)
				for (const struct od_flag *g = b->flags; g && g->name; g++)
					if (strcmp(f->name, g->name) == 0)
						assert_true(!f->argument == !g->argument);
		}
}

struct line {
	const char *words[8];
	int result;
	const char *name, *subverb;
	size_t n_arguments;
};

static int parse(const char *const *words, struct od_cli *cli)
{
	char *argv[10] = { (char *) "offduty" };
	int argc = 1;

	for (; *words; words++)
		argv[argc++] = (char *) *words;
	return od_cli_parse(argc, argv, cli);
}

static void test_lines_find_their_row(void **state)
{
	static const struct line lines[] = {
		{ { NULL }, 0, "", NULL, 0 },
		{ { "status" }, 0, "status", NULL, 0 },
		{ { "--json", "status" }, 0, "status", NULL, 0 },
		{ { "status", "--json" }, 0, "status", NULL, 0 },
		{ { "held" }, 0, "held", NULL, 0 },
		{ { "held", "list" }, 0, "held", "list", 0 },
		{ { "held", "show", "7" }, 0, "held", "show", 1 },
		{ { "held", "--all", "deliver" }, 0, "held", "deliver", 0 },
		{ { "policy", "check", "a", "b" }, 0, "policy", "check", 2 },
		{ { "policy", "check", "--catalogue", "x", "a" }, 0, "policy", "check", 1 },
		{ { "policy", "check", "--", "--strict" }, 0, "policy", "check", 1 },
		{ { "rest", "until", "monday" }, 0, "rest", NULL, 2 },
		{ { "explain", "-" }, 0, "explain", NULL, 1 },
		{ { "stauts" }, OD_E_USAGE, NULL, NULL, 0 },
		{ { "" }, OD_E_USAGE, NULL, NULL, 0 },
		{ { "policy" }, OD_E_USAGE, NULL, NULL, 0 },
		{ { "policy", "chek" }, OD_E_USAGE, NULL, NULL, 0 },
		{ { "held", "lst" }, OD_E_USAGE, NULL, NULL, 0 },
		{ { "held", "show" }, OD_E_USAGE, NULL, NULL, 0 },
		{ { "held", "show", "1", "2" }, OD_E_USAGE, NULL, NULL, 0 },
		{ { "status", "x" }, OD_E_USAGE, NULL, NULL, 0 },
		{ { "status", "--strict" }, OD_E_USAGE, NULL, NULL, 0 },
		{ { "--jsn" }, OD_E_USAGE, NULL, NULL, 0 },
		{ { "-x" }, OD_E_USAGE, NULL, NULL, 0 },
		{ { "--json=yes" }, OD_E_USAGE, NULL, NULL, 0 },
		{ { "--bus" }, OD_E_USAGE, NULL, NULL, 0 },
	};

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(lines); i++) {
		od_cleanup(od_cli_done) struct od_cli cli;

		assert_int_equal(parse(lines[i].words, &cli), lines[i].result);
		if (lines[i].result != 0)
			continue;
		assert_string_equal(cli.verb->name, lines[i].name);
		if (lines[i].subverb)
			assert_string_equal(cli.verb->subverb, lines[i].subverb);
		else
			assert_null(cli.verb->subverb);
		assert_int_equal(cli.n_arguments, lines[i].n_arguments);
		assert_null(cli.arguments[cli.n_arguments]);
	}
}

static void test_the_last_flag_counts(void **state)
{
	static const char *const words[] = { "policy", "check", "--catalogue=a", "--catalogue", "b",
		NULL };
	od_cleanup(od_cli_done) struct od_cli cli;

	(void) state;
	assert_int_equal(parse(words, &cli), 0);
	assert_string_equal(od_cli_flag(&cli, "catalogue"), "b");
	assert_null(od_cli_flag(&cli, "strict"));
}

static void test_more_flags_than_fit_are_refused(void **state)
{
	char *argv[OD_CLI_FLAGS_MAX + 3] = { (char *) "offduty" };
	od_cleanup(od_cli_done) struct od_cli cli;

	(void) state;
	for (int i = 1; i < OD_CLI_FLAGS_MAX + 2; i++)
		argv[i] = (char *) "--json";
	assert_int_equal(od_cli_parse(OD_CLI_FLAGS_MAX + 2, argv, &cli), OD_E_USAGE);
}

static void test_help_needs_no_whole_verb(void **state)
{
	static const char *const all[] = { "--help", NULL },
				 *const group[] = { "policy", "-h", NULL },
				 *const one[] = { "held", "show", "--help", NULL };
	struct od_cli cli;

	(void) state;
	assert_int_equal(parse(all, &cli), 0);
	assert_string_equal(cli.help, "");
	od_cli_done(&cli);
	assert_int_equal(parse(group, &cli), 0);
	assert_string_equal(cli.help, "policy");
	assert_null(cli.verb);
	od_cli_done(&cli);
	assert_int_equal(parse(one, &cli), 0);
	assert_string_equal(cli.verb->subverb, "show");
	od_cli_done(&cli);
}

static void test_words_are_joined(void **state)
{
	static const char *const words[] = { "rest", "until", "monday", "08:30", NULL };
	od_cleanup(od_cli_done) struct od_cli cli;
	od_cleanup(od_freep) char *text = NULL;

	(void) state;
	assert_int_equal(parse(words, &cli), 0);
	text = od_cli_words(&cli);
	assert_string_equal(text, "until monday 08:30");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_verb_has_help_and_a_handler),
		cmocka_unit_test(test_no_two_rows_are_alike),
		cmocka_unit_test(test_one_flag_means_one_thing),
		cmocka_unit_test(test_lines_find_their_row),
		cmocka_unit_test(test_the_last_flag_counts),
		cmocka_unit_test(test_more_flags_than_fit_are_refused),
		cmocka_unit_test(test_help_needs_no_whole_verb),
		cmocka_unit_test(test_words_are_joined),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

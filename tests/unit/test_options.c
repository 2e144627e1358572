#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "runtime/options.h"

static const char *bus, *verbose;
static const struct od_option table[] = {
	{ "bus", "ADDRESS", "bus to be on", &bus },
	{ "verbose", NULL, "say more", &verbose },
	{ 0 },
};

/* Both streams go into @text while the options are parsed. */
static int parse(const char **words, char ***rest, char *text, size_t size)
{
	char **argv = (char **) words; /* only read */
	int argc = 0, out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO), r;
	FILE *file = tmpfile();
	ssize_t n;

	bus = verbose = NULL;
	while (argv[argc])
		argc++;
	fflush(NULL);
	dup2(fileno(file), STDOUT_FILENO);
	dup2(fileno(file), STDERR_FILENO);
	r = od_options_parse(argc, argv, table, "Does things.", rest);
	fflush(NULL);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	close(out);
	close(err);
	n = pread(fileno(file), text, size - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	fclose(file);
	return r;
}

#define PARSE(rest, ...) parse((const char *[]){ "daemon", __VA_ARGS__ }, rest, text, sizeof(text))

static void test_values_come_after_a_sign_or_a_space(void **state)
{
	char text[2048];

	(void) state;
	assert_int_equal(PARSE(NULL, "--bus=a=b", NULL), 0);
	assert_string_equal(bus, "a=b");
	assert_null(verbose);
	assert_int_equal(PARSE(NULL, "--bus", "--verbose", "--verbose", NULL), 0);
	assert_string_equal(bus, "--verbose");
	assert_string_equal(verbose, "");
	assert_int_equal(PARSE(NULL, "--bus=", NULL), 0);
	assert_string_equal(bus, "");
	assert_int_equal(PARSE(NULL, "--bus=a", "--bus=b", NULL), 0);
	assert_string_equal(bus, "b");
	assert_string_equal(text, "");
}

static void test_what_is_not_in_the_table_is_refused(void **state)
{
	char text[2048];

	(void) state;
	assert_int_equal(PARSE(NULL, "--bu=a", NULL), OD_E_USAGE);
	assert_non_null(strstr(text, "--bu=a"));
	assert_int_equal(PARSE(NULL, "--buss=a", NULL), OD_E_USAGE);
	assert_int_equal(PARSE(NULL, "-v", NULL), OD_E_USAGE);
	assert_int_equal(PARSE(NULL, "--bus", NULL), OD_E_USAGE);
	assert_int_equal(PARSE(NULL, "--verbose=yes", NULL), OD_E_USAGE);
	assert_int_equal(PARSE(NULL, "word", NULL), OD_E_USAGE);
	assert_non_null(strstr(text, "--help"));
}

static void test_the_rest_is_left(void **state)
{
	char text[2048];
	char **rest = NULL;

	(void) state;
	assert_int_equal(PARSE(&rest, "--verbose", "--", "--bus=a", "b", NULL), 0);
	assert_string_equal(rest[0], "--bus=a");
	assert_string_equal(rest[1], "b");
	assert_null(rest[2]);
	assert_null(bus);
	assert_int_equal(PARSE(&rest, "word", "--bus=a", NULL), 0);
	assert_string_equal(rest[0], "word");
	assert_null(bus);
	assert_int_equal(PARSE(&rest, "-", NULL), 0);
	assert_string_equal(rest[0], "-");
	assert_int_equal(PARSE(&rest, NULL), 0);
	assert_null(rest[0]);
}

static void test_help_names_every_option_in_one_column(void **state)
{
	static const char *const helps[] = { "bus to be on", "say more", "show this text" };
	char text[2048];
	ptrdiff_t column = 0;

	(void) state;
	assert_int_equal(PARSE(NULL, "--help", NULL), 1);
	assert_non_null(strstr(text, "Does things."));
	assert_non_null(strstr(text, "--bus=ADDRESS"));
	for (size_t i = 0; i < OD_ELEMENTS(helps); i++) {
		const char *help = strstr(text, helps[i]), *line = help;

		assert_non_null(help);
		while (line > text && line[-1] != '\n')
			line--;
		if (column == 0)
			column = help - line;
		assert_int_equal(help - line, column);
	}
}

static void test_version_names_the_program(void **state)
{
	char text[2048], expected[256];

	(void) state;
	assert_int_equal(PARSE(NULL, "--version", NULL), 1);
	(void) snprintf(expected, sizeof(expected), "%s %s\n", program_invocation_short_name,
		OFFDUTY_VERSION);
	assert_string_equal(text, expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_come_after_a_sign_or_a_space),
		cmocka_unit_test(test_what_is_not_in_the_table_is_refused),
		cmocka_unit_test(test_the_rest_is_left),
		cmocka_unit_test(test_help_names_every_option_in_one_column),
		cmocka_unit_test(test_version_names_the_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

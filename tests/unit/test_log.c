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
#include "runtime/log.h"

static int saved;
static FILE *file;

static void catch (void)
{
	file = tmpfile();
	saved = dup(STDERR_FILENO);
	dup2(fileno(file), STDERR_FILENO);
}

static void caught(char *text, size_t size)
{
	ssize_t n = pread(fileno(file), text, size - 1, 0);

	dup2(saved, STDERR_FILENO);
	close(saved);
	fclose(file);
	text[n > 0 ? n : 0] = '\0';
}

static void test_a_line_has_program_and_level(void **state)
{
	char text[8192];

	(void) state;
	od_log_open("prog", OD_LOG_INFO);
	catch ();
	od_log(OD_LOG_WARNING, "%d apples", 3);
	od_log(OD_LOG_DEBUG, "not this");
	caught(text, sizeof(text));
	assert_string_equal(text, "prog: warning: 3 apples\n");
}

static void test_a_text_cannot_begin_a_line_of_its_own(void **state)
{
	char text[8192];

	(void) state;
	od_log_open("prog", OD_LOG_INFO);
	catch ();
	od_log(OD_LOG_INFO, "%s", "one\nprog: error: two\r\x1b[2J");
	caught(text, sizeof(text));
	assert_string_equal(text, "prog: info: one prog: error: two  [2J\n");
}

static void test_a_line_is_bounded(void **state)
{
	char long_text[10000], text[16384];

	(void) state;
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	od_log_open("prog", OD_LOG_INFO);
	catch ();
	od_log(OD_LOG_INFO, "%s", long_text);
	(void) od_log_result(OD_LOG_INFO, -ENOENT, "%s", long_text);
	caught(text, sizeof(text));
	assert_true(strlen(text) < 2 * 2200);
	assert_int_equal(text[strlen(text) - 1], '\n');
}

static void test_a_result_is_worded_and_returned(void **state)
{
	char text[8192];

	(void) state;
	od_log_open("prog", OD_LOG_INFO);
	catch ();
	errno = EINTR;
	assert_int_equal(od_log_result(OD_LOG_ERROR, -ENOENT, "a"), -ENOENT);
	assert_int_equal(errno, EINTR);
	assert_int_equal(od_log_result(OD_LOG_ERROR, OD_E_TIMEOUT, "b"), OD_E_TIMEOUT);
	assert_int_equal(od_log_result(OD_LOG_DEBUG, OD_E_BUSY, "c"), OD_E_BUSY);
	caught(text, sizeof(text));
	assert_string_equal(text, "prog: error: a: No such file or directory\n"
				  "prog: error: b: no answer came in time\n");
}

static void test_another_stream_than_the_journal_is_not_the_journal(void **state)
{
	const char *const fields[] = { "OFFDUTY_RULE=x", NULL };
	char text[8192];

	(void) state;
	setenv("JOURNAL_STREAM", "1:1", 1); /* inherited, and not this stream */
	od_log_open("prog", OD_LOG_INFO);
	catch ();
	od_log_event(OD_LOG_NOTICE, "0123456789abcdef0123456789abcdef", fields, "event");
	caught(text, sizeof(text));
	assert_string_equal(text, "prog: notice: event\n");
	unsetenv("JOURNAL_STREAM");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_line_has_program_and_level),
		cmocka_unit_test(test_a_text_cannot_begin_a_line_of_its_own),
		cmocka_unit_test(test_a_line_is_bounded),
		cmocka_unit_test(test_a_result_is_worded_and_returned),
		cmocka_unit_test(test_another_stream_than_the_journal_is_not_the_journal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

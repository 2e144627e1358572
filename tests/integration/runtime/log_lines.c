/* Logs what log_journal.sh looks for. */
#include <stddef.h>

#include "runtime/log.h"

int main(void)
{
	const char *const fields[] = { "OFFDUTY_RULE=night rest", "OFFDUTY_LINE=7", NULL };

	od_log_open("log-lines", OD_LOG_INFO);
	od_log(OD_LOG_INFO, "%s", "two\nlines");
	od_log(OD_LOG_DEBUG, "too quiet");
	od_log_event(OD_LOG_WARNING, "0123456789abcdef0123456789abcdef", fields, "event %d", 1);
	return 0;
}

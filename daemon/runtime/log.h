/*
 * The journal, or standard error where that is not the journal.
 *
 * Only daemons log, once, where they decide. No content, no file names, nothing a person did while
 * off duty (house rules on privacy): records about people go to their own notifier.
 */
#pragma once

#include "base/cleanup.h"

enum od_log_level {
	OD_LOG_ERROR = 3,
	OD_LOG_WARNING = 4,
	OD_LOG_NOTICE = 5,
	OD_LOG_INFO = 6,
	OD_LOG_DEBUG = 7
};

/* @program: SYSLOG_IDENTIFIER. @level: most talkative level that is written. */
void od_log_open(const char *program, enum od_log_level level);
void od_log(enum od_log_level level, const char *format, ...) OD_PRINTF(2, 3);
/* The same with the outcome of a call: "...: No such file" for < 0, "...: TEXT" for an od_error.
 * Returns @error. */
int od_log_result(enum od_log_level level, int error, const char *format, ...) OD_PRINTF(3, 4);
/* With a MESSAGE_ID of the catalogue (32 hex digits) and extra fields "KEY=value", NULL at the end. */
void od_log_event(enum od_log_level level, const char *message_id, const char *const *fields,
	const char *format, ...) OD_PRINTF(4, 5);

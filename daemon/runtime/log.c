/*
 * Where standard error is the journal, messages go there by its own protocol, with fields; else to
 * standard error, one line and one write() each. A line is bounded, and control characters in it are
 * replaced, so that no text from outside can end a line and begin a forged one.
 *
 * Limit: the journal's socket is a blocking one. A daemon that must not wait logs after it answered.
 */
#define SD_JOURNAL_SUPPRESS_LOCATION /* it would always be a line of this file */
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>

#include "base/error.h"

#define TEXT_MAX   2048
#define FIELDS_MAX 24

static struct {
	const char *program;
	enum od_log_level level;
	bool journal;
} state = { .program = "offduty", .level = OD_LOG_INFO };

/* $JOURNAL_STREAM is "DEVICE:INODE" of the stream the service manager connected; it is inherited, so
 * it only counts while standard error still is that stream. */
static bool stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;
	char end;

	if (!stream || sscanf(stream, "%llu:%llu%c", &device, &inode, &end) != 2)
		return false;
	return fstat(STDERR_FILENO, &st) == 0 && st.st_dev == device && st.st_ino == inode;
}

void od_log_open(const char *program, enum od_log_level level)
{
	state.program = program;
	state.level = level;
	state.journal = stderr_is_journal();
}

static void clean(char *text)
{
	for (; *text; text++)
		if ((unsigned char) *text < ' ' || *text == 0x7f)
			*text = ' ';
}

static const char *level_name(enum od_log_level level)
{
	switch (level) {
	case OD_LOG_ERROR:
		return "error";
	case OD_LOG_WARNING:
		return "warning";
	case OD_LOG_NOTICE:
		return "notice";
	case OD_LOG_INFO:
		return "info";
	case OD_LOG_DEBUG:
		return "debug";
	}
	return "error";
}

static void to_stderr(enum od_log_level level, const char *text)
{
	char line[TEXT_MAX + 128];
	int n = snprintf(
		line, sizeof(line), "%s: %s: %s\n", state.program, level_name(level), text);

	if (n > 0 && (size_t) n < sizeof(line) && write(STDERR_FILENO, line, (size_t) n) < 0)
		return; /* nobody left to tell */
}

static struct iovec field(char *buffer, size_t size, const char *format, const char *value)
{
	int n = snprintf(buffer, size, format, value);

	if (n < 0 || (size_t) n >= size)
		n = (int) strlen(buffer);
	return (struct iovec){ .iov_base = buffer, .iov_len = (size_t) n };
}

static bool to_journal(enum od_log_level level, const char *message_id, const char *const *fields,
	const char *text)
{
	char message[TEXT_MAX + 16], program[128], id[64], priority[16];
	struct iovec parts[FIELDS_MAX + 4];
	char digit[2] = { (char) ('0' + (int) level), '\0' };
	int n = 0;

	parts[n++] = field(message, sizeof(message), "MESSAGE=%s", text);
	parts[n++] = field(priority, sizeof(priority), "PRIORITY=%s", digit);
	parts[n++] = field(program, sizeof(program), "SYSLOG_IDENTIFIER=%s", state.program);
	if (message_id)
		parts[n++] = field(id, sizeof(id), "MESSAGE_ID=%s", message_id);
	for (int i = 0; fields && fields[i] && i < FIELDS_MAX; i++)
		parts[n++] = (struct iovec){ (void *) fields[i], strnlen(fields[i], TEXT_MAX) };
	return sd_journal_sendv(parts, n) >= 0;
}

static void emit(
	enum od_log_level level, const char *message_id, const char *const *fields, char *text)
{
	int saved = errno;

	clean(text);
	if (!state.journal || !to_journal(level, message_id, fields, text))
		to_stderr(level, text);
	errno = saved;
}

void od_log(enum od_log_level level, const char *format, ...)
{
	char text[TEXT_MAX];
	va_list arguments;

	if (level > state.level)
		return;
	va_start(arguments, format);
	(void) vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	emit(level, NULL, NULL, text);
}

int od_log_result(enum od_log_level level, int error, const char *format, ...)
{
	char text[TEXT_MAX];
	va_list arguments;
	size_t length;

	if (level > state.level)
		return error;
	va_start(arguments, format);
	(void) vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	length = strlen(text);
	(void) snprintf(text + length, sizeof(text) - length, ": %s",
		error < 0 ? strerror(-error) : od_error_text(error));
	emit(level, NULL, NULL, text);
	return error;
}

void od_log_event(enum od_log_level level, const char *message_id, const char *const *fields,
	const char *format, ...)
{
	char text[TEXT_MAX];
	va_list arguments;

	if (level > state.level)
		return;
	va_start(arguments, format);
	(void) vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	emit(level, message_id, fields, text);
}

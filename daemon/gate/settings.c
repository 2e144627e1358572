/* "KEY = VALUE" lines under a line that names the version; unknown keys are a fault. */
#include "gate/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"

#define MAGIC "offduty-settings 1"

static const char *const deliver_names[] = { [OD_DELIVER_DIGEST] = "digest",
	[OD_DELIVER_REPLAY] = "replay",
	[OD_DELIVER_QUIETLY] = "quietly" };

const char *od_deliver_to_string(enum od_deliver deliver)
{
	return deliver_names[deliver];
}

bool od_deliver_from_string(const char *text, enum od_deliver *ret)
{
	for (size_t i = 0; i < OD_ELEMENTS(deliver_names); i++) {
		if (strcmp(text, deliver_names[i]) == 0) {
			*ret = (enum od_deliver) i;
			return true;
		}
	}
	return false;
}

/* A whole, non-negative number. */
static bool parse_instant(const char *text, int64_t *ret)
{
	int64_t value = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' || __builtin_mul_overflow(value, 10, &value) ||
			__builtin_add_overflow(value, *text - '0', &value))
			return false;
	}
	*ret = value;
	return true;
}

static bool parse_line(char *line, struct od_settings *settings)
{
	char *value = strstr(line, " = ");

	if (!value)
		return false;
	*value = '\0';
	value += 3;
	if (strcmp(line, "deliver") == 0) {
		settings->has_deliver = true;
		return od_deliver_from_string(value, &settings->deliver);
	}
	if (strcmp(line, "choice") == 0)
		return od_choice_from_string(value, &settings->choice.kind);
	if (strcmp(line, "choice-until") == 0)
		return parse_instant(value, &settings->choice.until_us);
	if (strcmp(line, "worked-until") == 0)
		return parse_instant(value, &settings->worked_until_us);
	return false;
}

int od_settings_parse(const char *text, struct od_settings *ret)
{
	struct od_settings settings = { 0 };
	char copy[OD_SETTINGS_MAX], *rest = copy, *line;
	bool first = true;

	*ret = settings;
	if (strlen(text) >= sizeof(copy))
		return OD_E_SYNTAX;
	memcpy(copy, text, strlen(text) + 1);
	while ((line = strsep(&rest, "\n"))) {
		if (first ? strcmp(line, MAGIC) != 0 : *line && !parse_line(line, &settings))
			return OD_E_SYNTAX;
		first = false;
	}
	if (settings.choice.kind == OD_CHOICE_NONE)
		settings.choice.until_us = 0;
	*ret = settings;
	return 0;
}

void od_settings_format(const struct od_settings *settings, char text[OD_SETTINGS_MAX])
{
	size_t n = (size_t) snprintf(text, OD_SETTINGS_MAX, MAGIC "\n");

	if (settings->has_deliver)
		n += (size_t) snprintf(text + n, OD_SETTINGS_MAX - n, "deliver = %s\n",
			od_deliver_to_string(settings->deliver));
	if (settings->choice.kind != OD_CHOICE_NONE)
		n += (size_t) snprintf(text + n, OD_SETTINGS_MAX - n,
			"choice = %s\nchoice-until = %" PRId64 "\n",
			od_choice_to_string(settings->choice.kind), settings->choice.until_us);
	if (settings->worked_until_us)
		(void) snprintf(text + n, OD_SETTINGS_MAX - n, "worked-until = %" PRId64 "\n",
			settings->worked_until_us);
}

int od_settings_load(const char *path, struct od_settings *ret)
{
	od_cleanup(od_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	char text[OD_SETTINGS_MAX];
	ssize_t n;

	*ret = (struct od_settings){ 0 };
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	n = read(fd, text, sizeof(text));
	if (n < 0)
		return -errno;
	if ((size_t) n == sizeof(text) || memchr(text, '\0', (size_t) n))
		return OD_E_SYNTAX;
	text[n] = '\0';
	return od_settings_parse(text, ret);
}

int od_settings_save(const char *path, const struct od_settings *settings)
{
	char text[OD_SETTINGS_MAX], fresh[4096];
	od_cleanup(od_closep) int fd = -1;
	int n = snprintf(fresh, sizeof(fresh), "%s.new", path);

	if (n < 0 || (size_t) n >= sizeof(fresh))
		return -ENAMETOOLONG;
	od_settings_format(settings, text);
	fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	if (fchmod(fd, 0600) < 0 || write(fd, text, strlen(text)) != (ssize_t) strlen(text) ||
		fsync(fd) < 0)
		return errno ? -errno : -EIO;
	return rename(fresh, path) < 0 ? -errno : 0;
}

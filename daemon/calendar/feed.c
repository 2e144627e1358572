#include "calendar/feed.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/i18n.h"
#include "calendar/lines.h"

#define ZONE_MAX ((size_t) 1 << 20)

struct reporter {
	const char *name;
	const char *zoneinfo;
};

/* Up to @limit bytes and one more, so that the caller sees what is too long. */
static int read_all(int fd, size_t limit, char **ret, size_t *ret_size)
{
	od_cleanup(od_freep) char *text = NULL;
	size_t size = 0, room = 0;

	for (;;) {
		ssize_t n;

		if (size == room) {
			char *grown = realloc(text, room = room ? room * 2 : 65536);

			if (!grown)
				return -ENOMEM;
			text = grown;
		}
		n = read(fd, text + size, room - size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		size += (size_t) n;
		if (n == 0 || size > limit)
			break;
	}
	*ret = od_take(&text);
	*ret_size = size;
	return 0;
}

int od_feed_load_zone(const char *zoneinfo, const char *name, struct od_zone **ret)
{
	od_cleanup(od_freep) char *bytes = NULL;
	od_cleanup(od_closep) int folder = -1, fd = -1;
	struct stat st;
	size_t size;
	int r;

	if (!od_tzid_is_plain(name))
		return OD_E_UNKNOWN;
	folder = open(zoneinfo, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return -errno;
	fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return OD_E_UNKNOWN;
	r = read_all(fd, ZONE_MAX, &bytes, &size);
	if (r < 0)
		return r;
	r = od_zone_parse(name, bytes, size, ret);
	return r > 0 ? OD_E_UNKNOWN : r;
}

static int load_zone(const char *name, void *userdata, struct od_zone **ret)
{
	const struct reporter *reporter = userdata;

	return od_feed_load_zone(reporter->zoneinfo, name, ret);
}

static void warn(unsigned line, const char *text, const char *what, void *userdata)
{
	const struct reporter *reporter = userdata;

	fprintf(stderr, "%s:%u: warning: %s: %s\n", reporter->name, line, text, what);
}

static int write_all(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		ssize_t n = write(fd, text, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		left -= (size_t) n;
	}
	return 0;
}

int od_feed_convert(int in, const char *name, const struct od_feed_options *options, int out)
{
	struct reporter reporter = { name, options->zoneinfo };
	struct od_ics_options ics = { .event = { options->turns, &options->categories,
					      options->zone, warn, &reporter },
		.load_zone = load_zone,
		.from_us = options->from_us,
		.until_us = options->until_us };
	od_cleanup(od_leave_freep) struct od_leave *leave = NULL;
	od_cleanup(od_freep) char *text = NULL, *list = NULL;
	struct od_ics_error error = { 0 };
	size_t size;
	int r = read_all(in, OD_LINES_TEXT_MAX, &text, &size);

	if (r == 0)
		r = od_ics_convert(text, size, &ics, &leave, &error);
	if (r == 0)
		r = od_leave_format(leave, &list);
	if (r == 0)
		r = write_all(out, list);
	if (r > 0)
		fprintf(stderr, "%s:%u: %s%s%s\n", name, error.line,
			error.property ? error.property : "", error.property ? ": " : "",
			error.text);
	else if (r < 0)
		fprintf(stderr, "%s: %s\n", name, strerror(-r));
	return r;
}

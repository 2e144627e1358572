/*
 * A line: "MINUTES what verdict messenger rule label", blanks between, "-" for an empty field, the
 * minutes since 1970. Appended with one write; rewritten beside and renamed when it is too long or
 * holds something too old. A line that makes no sense (a full disk cut it) is left out on reading
 * and gone with the next rewriting.
 */
#include "guard/records.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

#define LINE_MAX_BYTES 320
#define FILE_MAX       ((size_t) OD_RECORDS_MAX * LINE_MAX_BYTES)
#define MINUTE_US      INT64_C(60000000)

static const char *const whats[] = { "blocked", "warned", "shared" };

const char *od_record_what_to_string(enum od_record_what what)
{
	return what < OD_RECORD_MAX_ ? whats[what] : "unknown";
}

int64_t od_record_minute(int64_t at_us)
{
	int64_t minutes = at_us / MINUTE_US;

	if (at_us % MINUTE_US < 0)
		minutes--;
	return minutes * MINUTE_US;
}

static const char *field(const char *text)
{
	return text[0] && strcspn(text, " \n\t") == strlen(text) ? text : "-";
}

int od_record_format(const struct od_record *record, char *line, size_t size)
{
	int n = snprintf(line, size, "%" PRId64 " %s %s %s %s %s", record->minute_us / MINUTE_US,
		od_record_what_to_string(record->what), field(record->verdict),
		field(record->messenger), field(record->rule), field(record->label));

	return n > 0 && (size_t) n < size ? 0 : OD_E_LIMIT;
}

/* The next word of the line into @to; "-" is the empty one. */
static bool take(const char **at, const char *end, char *to, size_t size)
{
	const char *start = *at;
	size_t length;

	while (*at < end && **at != ' ')
		(*at)++;
	length = (size_t) (*at - start);
	if (*at < end)
		(*at)++;
	if (length == 0 || length >= size || memchr(start, '\0', length))
		return false;
	if (length == 1 && *start == '-')
		length = 0;
	memcpy(to, start, length);
	to[length] = '\0';
	return true;
}

int od_record_parse(const char *line, size_t length, struct od_record *ret)
{
	const char *at = line, *end = line + length;
	char minutes[20], what[16], *stop;
	struct od_record record = { 0 };
	long long value;

	if (!take(&at, end, minutes, sizeof(minutes)) || !take(&at, end, what, sizeof(what)) ||
		!take(&at, end, record.verdict, sizeof(record.verdict)) ||
		!take(&at, end, record.messenger, sizeof(record.messenger)) ||
		!take(&at, end, record.rule, sizeof(record.rule)) ||
		!take(&at, end, record.label, sizeof(record.label)) || at != end)
		return OD_E_SYNTAX;
	errno = 0;
	value = strtoll(minutes, &stop, 10);
	if (*stop || stop == minutes || errno || value > INT64_MAX / MINUTE_US ||
		value < INT64_MIN / MINUTE_US)
		return OD_E_SYNTAX;
	record.minute_us = value * MINUTE_US;
	while (record.what < OD_RECORD_MAX_ && strcmp(whats[record.what], what) != 0)
		record.what++;
	if (record.what == OD_RECORD_MAX_)
		return OD_E_SYNTAX;
	*ret = record;
	return 0;
}

static int open_folder(const char *folder)
{
	int fd;

	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		return -errno;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

static int read_all(int folder, const char *name, char **ret, size_t *ret_size)
{
	od_cleanup(od_closep) int fd =
		openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	od_cleanup(od_freep) char *text = NULL;
	struct stat st;
	size_t size = 0;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	text = malloc(FILE_MAX);
	if (!text)
		return -ENOMEM;
	/* Longer than we ever write: the newest end counts. */
	if ((size_t) st.st_size > FILE_MAX && lseek(fd, -(off_t) FILE_MAX, SEEK_END) < 0)
		return -errno;
	while (size < FILE_MAX && (n = read(fd, text + size, FILE_MAX - size)) != 0) {
		if (n < 0)
			return -errno;
		size += (size_t) n;
	}
	*ret = od_take(&text);
	*ret_size = size;
	return 0;
}

static int parse_all(const char *text, size_t size, int64_t since_us, od_record_list *ret)
{
	const char *at = text, *end = text + size;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t) (end - at));
		size_t length = (size_t) ((stop ? stop : end) - at);
		struct od_record record, *slot;

		if (stop && od_record_parse(at, length, &record) == 0 &&
			record.minute_us >= since_us) {
			slot = od_array_add(ret);
			if (!slot)
				return -ENOMEM;
			*slot = record;
		}
		at += length + 1;
	}
	return 0;
}

static int list_in(int folder, const char *name, int64_t since_us, od_record_list *ret)
{
	od_cleanup(od_freep) char *text = NULL;
	size_t size = 0;
	int r = read_all(folder, name, &text, &size);

	if (r == -ENOENT)
		return 0;
	return r < 0 ? r : parse_all(text, size, since_us, ret);
}

static void name_of(uid_t uid, char *name, size_t size)
{
	(void) snprintf(name, size, "%u", uid);
}

int od_records_list(const char *folder, uid_t uid, int64_t since_us, od_record_list *ret)
{
	od_cleanup(od_closep) int fd = open_folder(folder);
	char name[16];

	if (fd < 0)
		return fd;
	name_of(uid, name, sizeof(name));
	return list_in(fd, name, since_us, ret);
}

static int write_all(int fd, const char *text, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, text, size);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			text += n;
			size -= (size_t) n;
		}
	}
	return 0;
}

static int write_list(int fd, const od_record_list *list)
{
	size_t first = list->n > OD_RECORDS_MAX ? list->n - OD_RECORDS_MAX : 0;

	for (size_t i = first; i < list->n; i++) {
		char line[LINE_MAX_BYTES];
		int r;

		if (od_record_format(&list->items[i], line, sizeof(line) - 1) != 0)
			continue;
		(void) strcat(line, "\n");
		r = write_all(fd, line, strlen(line));
		if (r < 0)
			return r;
	}
	return 0;
}

/* Beside it, then over it: a reader sees the old or the new one. */
static int rewrite(int folder, const char *name, const od_record_list *list)
{
	od_cleanup(od_closep) int fd = -1;
	char beside[24];
	int r;

	if (list->n == 0)
		return unlinkat(folder, name, 0) < 0 && errno != ENOENT ? -errno : 0;
	(void) snprintf(beside, sizeof(beside), ".%s", name);
	fd = openat(folder, beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	r = write_list(fd, list);
	if (r == 0 && renameat(folder, beside, folder, name) < 0)
		r = -errno;
	if (r < 0)
		(void) unlinkat(folder, beside, 0);
	return r;
}

static int tidy_one(int folder, const char *name, int64_t oldest_us)
{
	od_record_list all = { 0 };
	size_t too_old = 0;
	int r = list_in(folder, name, INT64_MIN, &all);

	while (too_old < all.n && all.items[too_old].minute_us < oldest_us)
		too_old++;
	if (r == 0 && (too_old > 0 || all.n > OD_RECORDS_MAX)) {
		od_record_list kept = { .items = all.items + too_old, .n = all.n - too_old };

		r = rewrite(folder, name, &kept);
	}
	free(all.items);
	return r;
}

int od_records_add(const char *folder, uid_t uid, const struct od_record *record, int64_t oldest_us)
{
	od_cleanup(od_closep) int dir = open_folder(folder), fd = -1;
	char name[16], line[LINE_MAX_BYTES];
	struct stat st;
	int r;

	if (dir < 0)
		return dir;
	name_of(uid, name, sizeof(name));
	if (od_record_format(record, line, sizeof(line) - 1) != 0)
		return -EINVAL;
	(void) strcat(line, "\n");
	fd = openat(dir, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	r = write_all(fd, line, strlen(line));
	if (r == 0 && fstat(fd, &st) == 0 && (size_t) st.st_size > FILE_MAX / 2)
		r = tidy_one(dir, name, oldest_us);
	return r;
}

int od_records_tidy(const char *folder, int64_t oldest_us)
{
	int fd = open_folder(folder), r = 0;
	struct dirent *entry;
	DIR *dir;

	if (fd < 0)
		return fd;
	dir = fdopendir(fd);
	if (!dir) {
		r = -errno;
		(void) close(fd);
		return r;
	}
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9') {
			int one = tidy_one(dirfd(dir), entry->d_name, oldest_us);

			r = r == 0 ? one : r;
		}
	(void) closedir(dir);
	return r;
}

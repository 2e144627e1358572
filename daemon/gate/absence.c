/* The gate never sees a calendar: it reads the plain list of instants made of it. */
#include "gate/absence.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"

bool od_absence_wanted(const struct od_policy *policy, const struct od_person *person)
{
	od_array_foreach (schedule, &policy->schedules) {
		if (schedule->leave && od_who_rank(&schedule->who, person) != OD_RANK_NONE)
			return true;
	}
	return false;
}

/* All of @fd, at most @size bytes. Return: how many, OD_E_LIMIT as -EFBIG, -errno. */
static ssize_t read_all(int fd, char *text, size_t size)
{
	size_t n = 0;

	for (;;) {
		ssize_t got = read(fd, text + n, size - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		n += (size_t) got;
		if (got == 0)
			return (ssize_t) n;
		if (n == size)
			return -EFBIG;
	}
}

int od_absence_load(const char *folder, const char *name, struct od_leave **ret)
{
	od_cleanup(od_freep) char *path = NULL, *text = NULL;
	od_cleanup(od_closep) int fd = -1;
	unsigned line;
	struct stat st;
	ssize_t n;

	if (!*name || strchr(name, '/') || name[0] == '.')
		return 0;
	if (asprintf(&path, "%s/%s", folder, name) < 0)
		return -ENOMEM;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_size >= OD_ABSENCE_MAX)
		return OD_E_LIMIT;
	text = malloc(OD_ABSENCE_MAX);
	n = text ? read_all(fd, text, OD_ABSENCE_MAX) : -ENOMEM;
	if (n < 0)
		return n == -EFBIG ? OD_E_LIMIT : (int) n;
	return od_leave_parse(text, (size_t) n, ret, &line);
}

/* D-Bus addresses: "KIND:KEY=VALUE,KEY=VALUE;KIND:...", bytes escaped as %XX. */
#include "gate/shim_address.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Unescapes up to @end into @to; the length, or 0 where it does not fit or is no text. */
static size_t unescape(const char *from, const char *end, char *to, size_t room)
{
	size_t n = 0;

	while (from < end) {
		int byte = (unsigned char) *from++;

		if (byte == '%') {
			if (end - from < 2 || hex(from[0]) < 0 || hex(from[1]) < 0)
				return 0;
			byte = hex(from[0]) << 4 | hex(from[1]);
			from += 2;
		}
		if (byte == '\0' || n + 1 >= room)
			return 0;
		to[n++] = (char) byte;
	}
	to[n] = '\0';
	return n;
}

/* The value of @key in the entry @at..@end, unescaped into @to; its length or 0. */
static size_t value(const char *at, const char *end, const char *key, char *to, size_t room)
{
	size_t length = strlen(key);

	while (at < end) {
		const char *comma = memchr(at, ',', (size_t) (end - at));
		const char *stop = comma ? comma : end;

		if ((size_t) (stop - at) > length && strncmp(at, key, length) == 0 &&
			at[length] == '=')
			return unescape(at + length + 1, stop, to, room);
		at = comma ? comma + 1 : end;
	}
	return 0;
}

static int connect_entry(const char *at, const char *end)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	od_cleanup(od_closep) int fd = -1;
	bool abstract = false;
	size_t n;

	if (end - at < 5 || strncmp(at, "unix:", 5) != 0)
		return -EINVAL;
	n = value(at + 5, end, "path", name.sun_path, sizeof(name.sun_path));
	if (n == 0) {
		abstract = true;
		n = value(at + 5, end, "abstract", name.sun_path + 1, sizeof(name.sun_path) - 1);
	}
	if (n == 0)
		return -EINVAL;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	n += offsetof(struct sockaddr_un, sun_path) + (abstract ? 1 : 0);
	if (connect(fd, (struct sockaddr *) &name, (socklen_t) n) < 0)
		return -errno;
	return od_take_fd(&fd);
}

int od_shim_address_connect(const char *address)
{
	int r = -EINVAL;

	while (*address) {
		const char *end = strchrnul(address, ';');
		int fd = connect_entry(address, end);

		if (fd >= 0)
			return fd;
		r = r == -EINVAL || fd != -EINVAL ? fd : r;
		address = *end ? end + 1 : end;
	}
	return r;
}

int od_shim_address_format(const char *path, char *text, size_t size)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-_/.\\*";
	size_t n = (size_t) snprintf(text, size, "unix:path=");

	for (; *path; path++) {
		if (n + 4 > size)
			return -ENAMETOOLONG;
		if (strchr(plain, *path))
			text[n++] = *path;
		else
			n += (size_t) snprintf(
				text + n, size - n, "%%%02x", (unsigned) (unsigned char) *path);
	}
	text[n] = '\0';
	return 0;
}

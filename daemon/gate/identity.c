/*
 * Identity of a sender from /proc.
 *
 * .flatpak-info is read through /proc/PID/root: for a sandboxed application the peer on the bus is
 * its xdg-dbus-proxy, which runs with the application's own .flatpak-info at its root. The files
 * are small; what is longer than the bounds is cut, and a cut one names nobody.
 */
#include "gate/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "bus/bus.h"

#define CACHE_MAX 64

/* The bytes of a small file as text; false where it cannot be read. */
static bool slurp(const char *path, char *text, size_t size)
{
	od_cleanup(od_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	size_t n = 0;
	ssize_t got;

	if (fd < 0)
		return false;
	while (n + 1 < size) {
		got = read(fd, text + n, size - 1 - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		n += (size_t) got;
	}
	text[n] = '\0';
	return n > 0;
}

static bool copy(const char *from, size_t n, char *to, size_t size)
{
	if (n == 0 || n >= size)
		return false;
	memcpy(to, from, n);
	to[n] = '\0';
	return true;
}

bool od_identity_parse_flatpak_info(const char *text, char *id, size_t size)
{
	bool application = false;

	while (*text) {
		size_t n = strcspn(text, "\n");

		if (text[0] == '[')
			application = n == 13 && strncmp(text, "[Application]", 13) == 0;
		else if (application && strncmp(text, "name=", 5) == 0)
			return copy(text + 5, n - 5, id, size);
		text += n + (text[n] == '\n');
	}
	return false;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Undoes systemd's escaping in place. */
static void unescape(char *text)
{
	char *to = text;

	for (const char *at = text; *at; at++) {
		if (at[0] == '\\' && at[1] == 'x' && hex(at[2]) >= 0 && hex(at[3]) >= 0) {
			*to++ = (char) (hex(at[2]) << 4 | hex(at[3]));
			at += 3;
		} else {
			*to++ = *at;
		}
	}
	*to = '\0';
}

/* The unit name @unit of @n bytes; true where it is an application's. */
static bool parse_unit(const char *unit, size_t n, char *id, size_t size)
{
	char name[OD_IDENTITY_ID_MAX];
	char *end, *dash;

	if (!copy(unit, n, name, sizeof(name)) || strncmp(name, "app-", 4) != 0)
		return false;
	end = strrchr(name, '.');
	if (!end || (strcmp(end, ".scope") != 0 && strcmp(end, ".service") != 0))
		return false;
	*end = '\0';
	if (strcmp(end + 1, "scope") == 0) {
		end = strrchr(name + 4, '-');
		if (!end)
			return false;
		*end = '\0'; /* -RANDOM */
	} else if ((end = strchr(name, '@'))) {
		*end = '\0'; /* @RANDOM */
	}
	dash = strrchr(name, '-'); /* behind "app" or the launcher; dashes of the id are escaped */
	if (!copy(dash + 1, strlen(dash + 1), id, size))
		return false;
	unescape(id);
	return *id != '\0';
}

bool od_identity_parse_cgroup(const char *text, char *id, size_t size)
{
	const char *line = strncmp(text, "0::", 3) == 0 ? text : strstr(text, "\n0::");
	bool found = false;
	size_t n;

	if (!line)
		return false;
	line = strchr(line, '/');
	for (; line && *line == '/'; line += 1 + n) {
		n = strcspn(line + 1, "/\n");
		found = parse_unit(line + 1, n, id, size) || found;
	}
	return found;
}

void od_identity_read(pid_t pid, const char *notifier, struct od_identity *ret)
{
	char path[64], text[8192];
	ssize_t n;

	memset(ret, 0, sizeof(*ret));
	if (pid <= 0)
		return;
	(void) snprintf(path, sizeof(path), "/proc/%ld/root/.flatpak-info", (long) pid);
	if (slurp(path, text, sizeof(text)))
		(void) od_identity_parse_flatpak_info(text, ret->flatpak, sizeof(ret->flatpak));
	(void) snprintf(path, sizeof(path), "/proc/%ld/cgroup", (long) pid);
	if (slurp(path, text, sizeof(text)))
		(void) od_identity_parse_cgroup(text, ret->unit_app, sizeof(ret->unit_app));
	(void) snprintf(path, sizeof(path), "/proc/%ld/exe", (long) pid);
	n = readlink(path, ret->exe, sizeof(ret->exe) - 1);
	ret->exe[n > 0 && (size_t) n < sizeof(ret->exe) - 1 ? n : 0] = '\0';
	ret->own = notifier && od_bus_peer_runs(pid, notifier);
}

struct od_identities {
	struct {
		char name[64];
		struct od_identity identity;
	} slots[CACHE_MAX];
	size_t next;
};

struct od_identities *od_identities_new(void)
{
	return calloc(1, sizeof(struct od_identities));
}

void od_identities_free(struct od_identities *cache)
{
	free(cache);
}

const struct od_identity *od_identities_find(struct od_identities *cache, const char *unique_name)
{
	for (size_t i = 0; i < CACHE_MAX; i++) {
		if (strcmp(cache->slots[i].name, unique_name) == 0)
			return &cache->slots[i].identity;
	}
	return NULL;
}

struct od_identity *od_identities_add(struct od_identities *cache, const char *unique_name)
{
	size_t at = cache->next;

	cache->next = (at + 1) % CACHE_MAX;
	/* A name too long for the slot is read anew each time; no bus makes such names. */
	if (!copy(unique_name, strlen(unique_name), cache->slots[at].name,
		    sizeof(cache->slots[at].name)))
		cache->slots[at].name[0] = '\0';
	return &cache->slots[at].identity;
}

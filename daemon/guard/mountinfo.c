/*
 * One line: "36 35 98:0 /root /point options [optional ...] - type source super-options", fields
 * with \040 and the like for blanks. Lines that are not of that form are counted and left out: a
 * kernel newer than this program must not take the guard down.
 */
#include "guard/mountinfo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "base/error.h"

struct cursor {
	const char *at, *end;
};

/* The next word of the line; false when there is none. */
static bool word(struct cursor *line, const char **ret, size_t *ret_length)
{
	while (line->at < line->end && *line->at == ' ')
		line->at++;
	*ret = line->at;
	while (line->at < line->end && *line->at != ' ')
		line->at++;
	*ret_length = (size_t) (line->at - *ret);
	return *ret_length > 0;
}

static bool number(const char **at, const char *end, unsigned *ret)
{
	const char *start = *at;
	uint64_t value = 0;

	while (*at < end && **at >= '0' && **at <= '9' && value <= UINT32_MAX)
		value = value * 10 + (uint64_t) (*(*at)++ - '0');
	*ret = (unsigned) value;
	return *at > start && value <= UINT32_MAX;
}

static bool octal(char c)
{
	return c >= '0' && c <= '7';
}

/* A copy with the escapes undone; NULL without memory. */
static char *unescape(const char *text, size_t length)
{
	char *copy = malloc(length + 1), *out = copy;

	for (size_t i = 0; copy && i < length; i++) {
		if (text[i] == '\\' && i + 3 < length && octal(text[i + 1]) && octal(text[i + 2]) &&
			octal(text[i + 3])) {
			*out++ = (char) ((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 +
					 (text[i + 3] - '0'));
			i += 3;
		} else {
			*out++ = text[i];
		}
	}
	if (copy)
		*out = '\0';
	return copy;
}

struct fields {
	unsigned id, major, minor;
	const char *root, *point, *type;
	size_t root_length, point_length, type_length;
};

static bool split(const char *text, size_t length, struct fields *ret)
{
	struct cursor line = { text, text + length };
	const char *at;
	size_t n;

	if (!word(&line, &at, &n) || !number(&at, line.at, &ret->id) || at != line.at)
		return false;
	if (!word(&line, &at, &n) || !word(&line, &at, &n))
		return false;
	if (!number(&at, line.at, &ret->major) || at == line.at || *at++ != ':' ||
		!number(&at, line.at, &ret->minor) || at != line.at)
		return false;
	if (!word(&line, &ret->root, &ret->root_length) ||
		!word(&line, &ret->point, &ret->point_length))
		return false;
	do {
		if (!word(&line, &at, &n))
			return false;
	} while (n != 1 || *at != '-');
	return word(&line, &ret->type, &ret->type_length);
}

static int add(const struct fields *fields, struct od_mounts *ret)
{
	struct od_mount *mount = od_array_add(&ret->list);

	if (!mount)
		return -ENOMEM;
	mount->id = fields->id;
	mount->device = makedev(fields->major, fields->minor);
	mount->point = unescape(fields->point, fields->point_length);
	mount->root = unescape(fields->root, fields->root_length);
	mount->type = strndup(fields->type, fields->type_length);
	return mount->point && mount->root && mount->type ? 0 : -ENOMEM;
}

int od_mountinfo_parse(const char *text, size_t size, struct od_mounts *ret)
{
	const char *at = text, *end = text + size;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t) (end - at));
		struct fields fields;
		int r;

		if (!stop)
			stop = end;
		if (ret->list.n == OD_MOUNTS_MAX)
			return OD_E_LIMIT;
		if (stop > at && memchr(at, '\0', (size_t) (stop - at))) {
			ret->faulty++;
		} else if (stop > at && split(at, (size_t) (stop - at), &fields)) {
			r = add(&fields, ret);
			if (r < 0)
				return r;
		} else if (stop > at) {
			ret->faulty++;
		}
		at = stop + 1;
	}
	return 0;
}

void od_mounts_done(struct od_mounts *mounts)
{
	od_array_foreach (mount, &mounts->list) {
		free(mount->point);
		free(mount->type);
		free(mount->root);
	}
	free(mounts->list.items);
	memset(mounts, 0, sizeof(*mounts));
}

static bool one_of(const char *type, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(type, *list) == 0)
			return true;
	return false;
}

enum od_fs_class od_fs_classify(const char *type)
{
	static const char *const kernel[] = { "proc", "sysfs", "devpts", "devtmpfs", "cgroup",
		"cgroup2", "securityfs", "debugfs", "tracefs", "configfs", "pstore", "efivarfs",
		"bpf", "mqueue", "hugetlbfs", "fusectl", "binfmt_misc", "autofs", "rpc_pipefs",
		"nsfs", "selinuxfs", "resctrl", NULL };
	static const char *const network[] = { "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph",
		"afs", "coda", "lustre", "gfs2", "ocfs2", "beegfs", "gpfs", "orangefs", NULL };

	if (one_of(type, kernel))
		return OD_FS_KERNEL;
	if (one_of(type, network))
		return OD_FS_NETWORK;
	if (strcmp(type, "overlay") == 0 || strcmp(type, "aufs") == 0 ||
		strcmp(type, "ecryptfs") == 0)
		return OD_FS_OVERLAY;
	/* "fuseblk" is a block device behind a program of root's own (ntfs-3g): the same wait. */
	if (strncmp(type, "fuse", 4) == 0)
		return OD_FS_FUSE;
	return OD_FS_LOCAL;
}

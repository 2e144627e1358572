/*
 * All or nothing: whoever looks sees the whole old folder or the whole new one. Everything is on the
 * disk before the exchange, and the exchange before success is told, so that a machine that loses
 * power has one of the two.
 */
#include "install.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/folder.h"
#include "ini/document.h"

#define DEPTH_MAX 4

static void closedirp(DIR **folder)
{
	if (*folder)
		(void) closedir(*folder); /* only read */
}

static DIR *open_folder(int at, const char *name)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);

	if (fd >= 0 && !folder)
		od_closep(&fd);
	return folder;
}

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Whatever @name is. Return: 0 (also where there is none) or -errno. */
static int remove_all(int at, const char *name, int depth)
{
	od_cleanup(closedirp) DIR *folder = NULL;
	struct dirent *entry;
	int r = 0;

	if (unlinkat(at, name, 0) == 0 || errno == ENOENT)
		return 0;
	if ((errno != EISDIR && errno != EPERM) || depth == DEPTH_MAX)
		return -errno;
	folder = open_folder(at, name);
	if (!folder)
		return -errno;
	while (r == 0 && (entry = readdir(folder)) != NULL)
		if (!is_dots(entry->d_name))
			r = remove_all(dirfd(folder), entry->d_name, depth + 1);
	if (r == 0 && unlinkat(at, name, AT_REMOVEDIR) < 0)
		r = -errno;
	return r;
}

/* Ours, whatever the umask and the folder's own group say. */
static int make_ours(int fd, mode_t mode)
{
	if (geteuid() == 0 && fchown(fd, 0, 0) < 0)
		return -errno;
	return fchmod(fd, mode) < 0 ? -errno : 0;
}

/* Return: an open folder, or -errno. */
static int make_folder(int at, const char *name)
{
	od_cleanup(od_closep) int fd = -1;
	int r;

	if (mkdirat(at, name, 0700) < 0 && errno != EEXIST)
		return -errno;
	fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return -errno;
	r = make_ours(fd, 0755);
	return r < 0 ? r : od_take_fd(&fd);
}

int od_install_begin(const char *parent, const char *name, struct od_install *ret)
{
	int fd, r = od_folder_make(parent, 0755);

	*ret = (struct od_install){ .at = -1, .name = name };
	if (r < 0)
		return r;
	if (asprintf(&ret->fresh, ".%s.new", name) < 0)
		ret->fresh = NULL;
	if (asprintf(&ret->former, "%s.former", name) < 0)
		ret->former = NULL;
	if (!ret->fresh || !ret->former)
		return -ENOMEM;
	ret->at = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (ret->at < 0)
		return -errno;
	if (flock(ret->at, LOCK_EX | LOCK_NB) < 0) {
		r = errno == EWOULDBLOCK ? OD_E_BUSY : -errno;
		od_closep(&ret->at); /* what lies there is another's */
		return r;
	}
	r = remove_all(ret->at, ret->fresh, 0); /* of a run that was cut off */
	if (r < 0)
		return r;
	fd = make_folder(ret->at, ret->fresh);
	if (fd < 0)
		return fd;
	od_closep(&fd);
	return 0;
}

/* ---- copying -------------------------------------------------------------------------------------- */

static int copy_bytes(int from, int to)
{
	char buffer[65536];
	size_t total = 0;
	ssize_t n;

	while ((n = read(from, buffer, sizeof(buffer))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		total += (size_t) n;
		if (total > OD_DOCUMENT_BYTES_MAX)
			return OD_E_LIMIT;
		for (char *at = buffer; n > 0;) {
			ssize_t written = write(to, at, (size_t) n);

			if (written < 0 && errno == EINTR)
				continue;
			if (written < 0)
				return -errno;
			at += written;
			n -= written;
		}
	}
	return fsync(to) < 0 ? -errno : 0;
}

static bool is_mask(int at, const char *name)
{
	char target[16];
	ssize_t n = readlinkat(at, name, target, sizeof(target));

	return n == (ssize_t) strlen("/dev/null") && memcmp(target, "/dev/null", (size_t) n) == 0;
}

static int copy_file(int from, const char *name, int to)
{
	od_cleanup(od_closep) int in = -1, out = -1;
	struct stat st;
	int r;

	if (is_mask(from, name))
		return symlinkat("/dev/null", to, name) < 0 ? -errno : 0;
	in = openat(from, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (in < 0 || fstat(in, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return OD_E_SYNTAX;
	out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (out < 0)
		return -errno;
	r = make_ours(out, 0644);
	return r < 0 ? r : copy_bytes(in, out);
}

static bool is_policy_file(const char *name)
{
	size_t n = strlen(name);

	return n > 4 && name[0] != '.' && strcmp(name + n - 4, ".ini") == 0;
}

static int copy_folder(DIR *from, int to, char *reterr_name)
{
	struct dirent *entry;
	int r = 0;

	while (r == 0 && (errno = 0, entry = readdir(from)) != NULL) {
		if (!is_policy_file(entry->d_name))
			continue;
		(void) snprintf(reterr_name, 256, "%s", entry->d_name);
		r = copy_file(dirfd(from), entry->d_name, to);
	}
	if (r == 0 && errno != 0)
		r = -errno;
	return r == 0 && fsync(to) < 0 ? -errno : r;
}

int od_install_copy(
	struct od_install *install, const char *from, const char *sub, char *reterr_name)
{
	od_cleanup(od_closep) int fresh = openat(
		install->at, install->fresh, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	od_cleanup(od_closep) int below = -1;
	od_cleanup(closedirp) DIR *folder = opendir(from);
	int r;

	(void) snprintf(reterr_name, 256, "%s", "");
	if (fresh < 0 || !folder)
		return -errno;
	if (sub) {
		below = make_folder(fresh, sub);
		if (below < 0)
			return below;
	}
	r = copy_folder(folder, sub ? below : fresh, reterr_name);
	return r == 0 && fsync(fresh) < 0 ? -errno : r;
}

/* ---- the rename ------------------------------------------------------------------------------------ */

/* Where there is nothing yet, the fresh folder simply gets the name. */
static int put_in_place(struct od_install *install)
{
	const int at = install->at;
	int r;

	if (renameat2(at, install->fresh, at, install->name, RENAME_EXCHANGE) == 0) {
		install->swapped = true;
		/* From here on all is well; the rest is tidying up. */
		if (remove_all(at, install->former, 0) == 0)
			(void) renameat(at, install->fresh, at, install->former);
		return 0;
	}
	if (errno != ENOENT && errno != EINVAL && errno != ENOSYS)
		return -errno;
	if (faccessat(at, install->name, F_OK, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT)
		return renameat(at, install->fresh, at, install->name) < 0 ? -errno : 0;
	r = remove_all(at, install->former, 0);
	if (r < 0)
		return r;
	if (renameat(at, install->name, at, install->former) < 0)
		return -errno;
	if (renameat(at, install->fresh, at, install->name) == 0)
		return 0;
	r = -errno;
	(void) renameat(at, install->former, at, install->name);
	return r;
}

int od_install_swap(struct od_install *install)
{
	int r = put_in_place(install);

	if (r < 0)
		return r;
	install->swapped = true;
	return fsync(install->at) < 0 ? -errno : 0;
}

void od_install_done(struct od_install *install)
{
	if (install->at >= 0 && install->fresh)
		(void) remove_all(install->at, install->fresh, 0); /* the next run does it, too */
	od_closep(&install->at);
	free(install->fresh);
	free(install->former);
	*install = (struct od_install){ .at = -1 };
}

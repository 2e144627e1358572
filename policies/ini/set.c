/*
 * A policy set as bytes, and the last good one on disk.
 *
 * The copy is written beside its place and takes it by one rename. It is not synced: on a busy disk
 * that takes longer than a daemon with a watchdog may stand still. Instead the hash lies beside it,
 * and the copy before it is kept: a machine that loses power finds the new set whole, or sees that
 * it is not and takes the former one. Copies that follow within a minute replace only the newest,
 * so that the former one has always been on the disk for long.
 */
#include "ini/set.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/sha256.h"

#define FORMER_AGE 60 /* seconds after which a copy has long been written back */

static const char *const kinds[] = { "policy.d", "catalogue.d", "holidays.d" };

static const struct od_files *files_of(const struct od_set *set, size_t kind)
{
	const struct od_files *const all[] = { &set->policy, &set->catalogue, &set->holidays };

	return all[kind];
}

int od_set_read(const struct od_ini_paths *paths, struct od_problems *problems, struct od_set *set)
{
	int r = od_layers_read(paths->policy, paths, problems, &set->policy);

	if (r == 0)
		r = od_layers_read(paths->catalogue, paths, problems, &set->catalogue);
	if (r == 0)
		r = od_layers_read(paths->holidays, paths, problems, &set->holidays);
	return r;
}

void od_set_hash(const struct od_set *set, char hex[OD_SHA256_HEX])
{
	struct od_sha256 sha;

	od_sha256_init(&sha);
	for (size_t kind = 0; kind < OD_ELEMENTS(kinds); kind++)
		od_array_foreach (file, &files_of(set, kind)->list) {
			char length[32];

			/* Each part ends where it says: no two sets run into the same bytes. */
			od_sha256_add(&sha, kinds[kind], strlen(kinds[kind]));
			od_sha256_add(&sha, "/", 1);
			od_sha256_add(&sha, file->name, strlen(file->name) + 1);
			snprintf(length, sizeof(length), "%zu", file->size);
			od_sha256_add(&sha, length, strlen(length) + 1);
			od_sha256_add(&sha, file->bytes, file->size);
		}
	od_sha256_hex(&sha, hex);
}

static int write_file(int folder, const char *name, const char *bytes, size_t size)
{
	od_cleanup(od_closep) int fd =
		openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);

	if (fd < 0)
		return -errno;
	while (size > 0) {
		ssize_t n = write(fd, bytes, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		bytes += n;
		size -= (size_t) n;
	}
	/* The gate of every employee reads it, whatever the umask. */
	if (fchmod(fd, 0644) < 0)
		return -errno;
	return 0;
}

static int make_folder(int parent, const char *name)
{
	od_cleanup(od_closep) int fd = -1;

	if (mkdirat(parent, name, 0755) < 0)
		return -errno;
	fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || fchmod(fd, 0755) < 0)
		return -errno;
	return od_take_fd(&fd);
}

static int write_set(const struct od_set *set, const char *hex, int folder)
{
	int r = 0;

	for (size_t kind = 0; kind < OD_ELEMENTS(kinds); kind++) {
		od_cleanup(od_closep) int fd = make_folder(folder, kinds[kind]);

		if (fd < 0)
			return fd;
		od_array_foreach (file, &files_of(set, kind)->list) {
			r = write_file(fd, file->name, file->bytes, file->size);
			if (r < 0)
				return r;
		}
	}
	return write_file(folder, "sha256", hex, strlen(hex));
}

static void closedirp(DIR **folder)
{
	if (*folder)
		(void) closedir(*folder); /* only read */
}

/* Remove a folder of this shape (files, and folders of files). Return: 0 or -errno. */
static int remove_folder(int parent, const char *name, unsigned depth)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	od_cleanup(closedirp) DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int r = 0;

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!folder) {
		r = -errno;
		(void) close(fd); /* fdopendir() did not take it */
		return r;
	}
	while ((entry = readdir(folder)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (unlinkat(fd, entry->d_name, 0) == 0)
			continue;
		if (errno != EISDIR && errno != EPERM)
			r = -errno;
		else if (depth < 2)
			r = remove_folder(fd, entry->d_name, depth + 1);
		if (r < 0)
			return r;
	}
	return unlinkat(parent, name, AT_REMOVEDIR) < 0 ? -errno : 0;
}

/* The hash kept in @folder below @at, and since when. */
static bool read_hash(int at, const char *folder, char hex[OD_SHA256_HEX], struct timespec *ret_at)
{
	od_cleanup(od_freep) char *path = NULL;
	od_cleanup(od_closep) int fd = -1;
	struct stat st;

	if (asprintf(&path, "%s/sha256", folder) < 0) {
		path = NULL;
		return false;
	}
	fd = openat(at, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st) < 0 || read(fd, hex, OD_SHA256_HEX) != OD_SHA256_HEX - 1)
		return false;
	hex[OD_SHA256_HEX - 1] = '\0';
	*ret_at = st.st_mtim;
	return true;
}

bool od_set_whole(const struct od_set *set, const char *folder)
{
	char kept[OD_SHA256_HEX], found[OD_SHA256_HEX];
	struct timespec since;

	if (!read_hash(AT_FDCWD, folder, kept, &since))
		return false;
	od_set_hash(set, found);
	return strcmp(kept, found) == 0;
}

/* The copy in @name steps aside for @fresh: it becomes the former one, unless it is too young. */
static int take_place(int at, const char *fresh, const char *name)
{
	od_cleanup(od_freep) char *former = NULL;
	char hex[OD_SHA256_HEX];
	struct timespec then, now;
	int r;

	if (asprintf(&former, "%s.former", name) < 0) {
		former = NULL;
		return -ENOMEM;
	}
	if (read_hash(at, name, hex, &then) && read_hash(at, fresh, hex, &now) &&
		(now.tv_sec - then.tv_sec >= FORMER_AGE || now.tv_sec < then.tv_sec)) {
		r = remove_folder(at, former, 0);
		if (r < 0)
			return r;
		if (renameat(at, name, at, former) < 0)
			return -errno;
	}
	if (renameat2(at, fresh, at, name, RENAME_EXCHANGE) == 0)
		return remove_folder(at, fresh, 0);
	return renameat(at, fresh, at, name) < 0 ? -errno : 0;
}

int od_set_save(const struct od_set *set, const char *hex, const char *folder)
{
	od_cleanup(od_freep) char *parent = strdup(folder), *fresh = NULL;
	od_cleanup(od_closep) int at = -1, fd = -1;
	char *slash = parent ? strrchr(parent, '/') : NULL;
	char kept[OD_SHA256_HEX];
	struct timespec since;
	int r;

	if (!parent)
		return -ENOMEM;
	if (!slash || !slash[1])
		return -EINVAL;
	if (read_hash(AT_FDCWD, folder, kept, &since) && strcmp(kept, hex) == 0)
		return 0;
	*slash = '\0';
	if (asprintf(&fresh, ".%s.new", slash + 1) < 0) {
		fresh = NULL;
		return -ENOMEM;
	}
	at = open(*parent ? parent : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (at < 0)
		return -errno;
	r = remove_folder(at, fresh, 0); /* a former run that was cut off */
	if (r < 0)
		return r;
	fd = make_folder(at, fresh);
	r = fd < 0 ? fd : write_set(set, hex, fd);
	return r < 0 ? r : take_place(at, fresh, slash + 1);
}

void od_set_done(struct od_set *set)
{
	od_files_done(&set->policy);
	od_files_done(&set->catalogue);
	od_files_done(&set->holidays);
}

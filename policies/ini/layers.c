/*
 * Layers of drop-in files.
 *
 * Names are collected over all layers, then sorted, so that the highest layer of each name is known
 * before anything is opened: a faulty file that is masked or replaced is never read. Each file is
 * opened once, asked about through its descriptor, and read to its end; what is hashed, scanned and
 * kept as last good set are these very bytes.
 */
#include "ini/layers.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/scan.h"
#include "ini/document.h"

struct candidate {
	char *name;
	const char *folder;
	size_t layer;
	bool maybe_link;
};

struct candidates {
	OD_ARRAY(struct candidate) list;
};

static void candidates_done(struct candidates *candidates)
{
	od_array_foreach (candidate, &candidates->list)
		free(candidate->name);
	free(candidates->list.items);
}

static void closedirp(DIR **folder)
{
	if (*folder)
		(void) closedir(*folder); /* only read */
}

static void cannot_read(struct od_problems *problems, const char *path, int error)
{
	od_problem_add(problems, OD_SEVERITY_ERROR, "unreadable", path, 0, 0,
		N_("this cannot be read: %s"), strerror(error));
}

static bool only_owner_writes(const struct stat *st, const struct od_ini_paths *paths,
	const char *path, struct od_problems *problems)
{
	if (!paths->live)
		return true;
	if (st->st_uid != 0 && st->st_uid != paths->owner) {
		od_problem_add(problems, OD_SEVERITY_ERROR, "wrong-owner", path, 0, 0,
			N_("this belongs to user number %u; policy must belong to root"),
			(unsigned) st->st_uid);
		return false;
	}
	if (st->st_mode & (S_IWGRP | S_IWOTH)) {
		od_problem_add(problems, OD_SEVERITY_ERROR, "writable-by-others", path, 0, 0,
			N_("others than its owner may write this; chmod go-w %s"), path);
		return false;
	}
	return true;
}

static bool is_drop_in(const char *name)
{
	size_t n = strlen(name);

	return name[0] != '.' && n > 4 && strcmp(name + n - 4, ".ini") == 0;
}

static bool name_is_printable(const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < n; i++)
		if ((unsigned char) name[i] < 0x20 || name[i] == 0x7f)
			return false;
	return od_scan_utf8(name, n) == n;
}

static int add_candidate(struct candidates *candidates, const char *folder, size_t layer,
	const struct dirent *entry, struct od_problems *problems)
{
	const char *name = entry->d_name;
	struct candidate *candidate;

	if (!is_drop_in(name))
		return 0;
	if (!name_is_printable(name)) {
		od_problem_add(problems, OD_SEVERITY_ERROR, "bad-file-name", folder, 0, 0,
			N_("a file here has a name that cannot be printed"));
		return 0;
	}
	if (candidates->list.n >= OD_LAYERS_FILES_MAX) {
		if (candidates->list.n == OD_LAYERS_FILES_MAX)
			od_problem_add(problems, OD_SEVERITY_ERROR, "too-many-files", folder, 0, 0,
				N_("more than %d files"), OD_LAYERS_FILES_MAX);
		return 0;
	}
	candidate = od_array_add(&candidates->list);
	if (!candidate)
		return -ENOMEM;
	candidate->folder = folder;
	candidate->layer = layer;
	candidate->maybe_link = entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN;
	candidate->name = strdup(name);
	return candidate->name ? 0 : -ENOMEM;
}

static int list_folder(const char *path, size_t layer, const struct od_ini_paths *paths,
	struct od_problems *problems, struct candidates *candidates)
{
	od_cleanup(closedirp) DIR *folder = opendir(path);
	struct dirent *entry;
	struct stat st;
	int r = 0;

	if (!folder) {
		if (errno != ENOENT && errno != ENOTDIR)
			cannot_read(problems, path, errno);
		else if (errno == ENOTDIR)
			od_problem_add(problems, OD_SEVERITY_ERROR, "unreadable", path, 0, 0,
				N_("this is not a folder"));
		return 0;
	}
	if (fstat(dirfd(folder), &st) < 0) {
		cannot_read(problems, path, errno);
		return 0;
	}
	if (!only_owner_writes(&st, paths, path, problems))
		return 0;
	while (r == 0 && (errno = 0, entry = readdir(folder)) != NULL)
		r = add_candidate(candidates, path, layer, entry, problems);
	if (r == 0 && !entry && errno != 0)
		cannot_read(problems, path, errno);
	return r;
}

static int compare(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : (x->layer > y->layer) - (x->layer < y->layer);
}

static bool is_masked(const char *path)
{
	char target[16];
	ssize_t n = readlink(path, target, sizeof(target));

	return n == (ssize_t) strlen("/dev/null") && memcmp(target, "/dev/null", (size_t) n) == 0;
}

/* Up to the end of the file, growing: a file may grow while it is read. @expected: its size now. */
static int read_bytes(int fd, size_t expected, size_t most, char **ret, size_t *ret_size)
{
	size_t size = 0, room = expected <= most ? expected + 1 : most + 1;
	od_cleanup(od_freep) char *bytes = malloc(room);

	if (!bytes)
		return -ENOMEM;

	for (;;) {
		ssize_t n;

		if (size == room) {
			size_t wanted = room * 2;
			char *grown = realloc(bytes, wanted);

			if (!grown)
				return -ENOMEM;
			bytes = grown;
			room = wanted;
		}
		n = read(fd, bytes + size, room - size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		size += (size_t) n;
		if (size > most)
			return -EFBIG;
		if (size < room)
			break; /* less than asked for is the end of an ordinary file */
	}
	*ret = od_take(&bytes);
	*ret_size = size;
	return 0;
}

static int add_file(const char *path, char *bytes, size_t size, struct od_files *files)
{
	const char *slash = strrchr(path, '/');
	struct od_file *file = od_array_add(&files->list);

	if (!file) {
		free(bytes);
		return -ENOMEM;
	}
	file->bytes = bytes;
	file->size = size;
	file->path = strdup(path);
	file->name = strdup(slash ? slash + 1 : path);
	files->bytes += size;
	return file->path && file->name ? 0 : -ENOMEM;
}

static int read_open_file(int fd, const char *path, const struct od_ini_paths *paths,
	struct od_problems *problems, struct od_files *files)
{
	char *bytes = NULL;
	struct stat st;
	size_t size = 0;
	int r;

	if (fstat(fd, &st) < 0) {
		cannot_read(problems, path, errno);
		return 0;
	}
	if (!S_ISREG(st.st_mode)) {
		od_problem_add(problems, OD_SEVERITY_ERROR, "not-a-file", path, 0, 0,
			N_("this is no ordinary file"));
		return 0;
	}
	if (!only_owner_writes(&st, paths, path, problems))
		return 0;
	r = read_bytes(fd, (size_t) st.st_size, OD_DOCUMENT_BYTES_MAX, &bytes, &size);
	if (r == -ENOMEM)
		return r;
	if (r == -EFBIG || size > OD_LAYERS_BYTES_MAX - files->bytes) {
		od_problem_add(problems, OD_SEVERITY_ERROR, "too-large", path, 0, 0,
			N_("a file has at most %zu MB, and all of them together %zu MB"),
			OD_DOCUMENT_BYTES_MAX >> 20, OD_LAYERS_BYTES_MAX >> 20);
		free(bytes);
		return 0;
	}
	if (r < 0) {
		cannot_read(problems, path, -r);
		return 0;
	}
	return add_file(path, bytes, size, files);
}

int od_layers_read_file(const char *path, const struct od_ini_paths *paths,
	struct od_problems *problems, struct od_files *files)
{
	/* NONBLOCK: a FIFO put there must not keep a daemon waiting. */
	od_cleanup(od_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0) {
		cannot_read(problems, path, errno);
		return 0;
	}
	return read_open_file(fd, path, paths, problems, files);
}

int od_layers_read(const char *const *folders, const struct od_ini_paths *paths,
	struct od_problems *problems, struct od_files *files)
{
	od_cleanup(candidates_done) struct candidates candidates = { 0 };
	int r = 0;

	for (size_t layer = 0; r == 0 && folders && folders[layer]; layer++)
		r = list_folder(folders[layer], layer, paths, problems, &candidates);
	if (r != 0)
		return r;
	if (candidates.list.n > 1)
		qsort(candidates.list.items, candidates.list.n, sizeof(*candidates.list.items),
			compare);
	for (size_t i = 0; r == 0 && i < candidates.list.n; i++) {
		const struct candidate *one = &candidates.list.items[i];
		od_cleanup(od_freep) char *path = NULL;

		if (i + 1 < candidates.list.n && strcmp(one[1].name, one->name) == 0)
			continue; /* a higher layer has one of this name */
		if (asprintf(&path, "%s/%s", one->folder, one->name) < 0) {
			path = NULL;
			return -ENOMEM;
		}
		if (!one->maybe_link || !is_masked(path))
			r = od_layers_read_file(path, paths, problems, files);
	}
	return r;
}

void od_files_done(struct od_files *files)
{
	od_array_foreach (file, &files->list) {
		free(file->path);
		free(file->name);
		free(file->bytes);
	}
	free(files->list.items);
	memset(files, 0, sizeof(*files));
}

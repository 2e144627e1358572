/*
 * Folders are walked without following links, within bounds, and only on filesystems that are guarded
 * at all. What does not exist yet is found when it is opened, or at the next change.
 */
#include "guard/folders.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/share.h"

#define FOLDERS_MAX 4096
#define DEPTH_MAX   16

static bool on_wanted_filesystem(const struct od_folders *folders, dev_t device)
{
	struct stat st;

	if (!folders->only)
		return true;
	for (const char *const *at = folders->only; *at; at++)
		if (stat(*at, &st) == 0 && st.st_dev == device)
			return true;
	return false;
}

void od_folders_mark(struct od_folders *folders, int fd)
{
	if (folders->n >= FOLDERS_MAX)
		return;
	if (fanotify_mark(folders->fan, FAN_MARK_ADD, folders->mask, fd, NULL) == 0)
		folders->n++;
	else
		od_count(folders->counters, OD_COUNT_ERRORS);
}

/* Takes @fd over. */
static void watch_below(struct od_folders *folders, int fd, unsigned depth)
{
	struct dirent *entry;
	struct stat st;
	DIR *folder;

	if (fstat(fd, &st) < 0 || !on_wanted_filesystem(folders, st.st_dev)) {
		(void) close(fd);
		return;
	}
	od_folders_mark(folders, fd);
	folder = fdopendir(fd);
	if (!folder) {
		(void) close(fd);
		return;
	}
	while (depth < DEPTH_MAX && folders->n < FOLDERS_MAX && (entry = readdir(folder)) != NULL) {
		int child;

		if (entry->d_type != DT_DIR || strcmp(entry->d_name, ".") == 0 ||
			strcmp(entry->d_name, "..") == 0)
			continue;
		child = openat(dirfd(folder), entry->d_name,
			O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
		if (child >= 0)
			watch_below(folders, child, depth + 1);
	}
	(void) closedir(folder);
}

/* A rule without a folder of its own ("/" or none) is watched in the person's home. */
static void watch_root(struct od_folders *folders, const struct od_human *human, const char *root)
{
	/* In a unit's sandbox homes are only to be found the way process 1 sees them. */
	static const char *const ways[] = { "", "/proc/1/root" };
	char path[PATH_MAX];
	int fd = -1;

	if (strcmp(root, "/") == 0)
		root = human->home;
	for (size_t i = 0; root && fd < 0 && i < OD_ELEMENTS(ways); i++)
		if (snprintf(path, sizeof(path), "%s%s", ways[i], root) < PATH_MAX)
			fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0)
		watch_below(folders, fd, 0);
}

void od_folders_mark_rule(
	struct od_folders *folders, const struct od_human *human, const struct od_sharing *rule)
{
	const struct od_file_facts facts = { .home = human->home,
		.xdg = (const char *const *) human->xdg };
	char root[PATH_MAX];

	if (rule->direction != OD_DIRECTION_SEND ||
		od_who_rank(&rule->who, &human->person) == OD_RANK_NONE)
		return;
	od_array_foreach (pattern, &rule->paths) {
		if (od_share_path_root(*pattern, &facts, root, sizeof(root)) == 0)
			watch_root(folders, human, root);
	}
	if (rule->paths.n == 0)
		watch_root(folders, human, "/");
}

void od_folders_clear(struct od_folders *folders)
{
	if (folders->n > 0 && fanotify_mark(folders->fan, FAN_MARK_FLUSH, 0, AT_FDCWD, NULL) < 0)
		od_count(folders->counters, OD_COUNT_ERRORS);
	folders->n = 0;
}

/*
 * /proc, read as it is shown to the caller: the executable, the arguments, the sandbox. This is for
 * telling an admin what a policy would meet; who may start what, the guard decides by the file.
 *
 * A process may end at any moment and its number be taken by another: whatever cannot be read is
 * passed over.
 */
#include "running.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define ARGUMENTS_MAX 64
#define TEXT_MAX      8192

struct process {
	pid_t pid, parent;
	uid_t uid;
	char exe[PATH_MAX];
	char text[TEXT_MAX]; /* of the arguments */
	const char *argv[ARGUMENTS_MAX + 1];
	char flatpak[256], snap[128];
};

struct found {
	struct od_running running;
	pid_t parent;
};

typedef OD_ARRAY(struct found) founds;

static void closedirp(DIR **folder)
{
	if (*folder)
		(void) closedir(*folder); /* only read */
}

static ssize_t read_text(pid_t pid, const char *name, char *text, size_t size)
{
	char path[64];
	int fd;
	ssize_t n;

	(void) snprintf(path, sizeof(path), "/proc/%d/%s", (int) pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	n = fd < 0 ? -1 : read(fd, text, size - 1);
	od_closep(&fd);
	text[n > 0 ? n : 0] = '\0';
	return n;
}

/* "1234 (a name) S 1 ...": the fourth field. */
static pid_t read_parent(pid_t pid)
{
	char text[512];
	const char *behind;
	int parent = 0;

	if (read_text(pid, "stat", text, sizeof(text)) <= 0)
		return 0;
	behind = strrchr(text, ')');
	return behind && sscanf(behind, ") %*c %d", &parent) == 1 ? parent : 0;
}

static void read_arguments(struct process *process)
{
	ssize_t n = read_text(process->pid, "cmdline", process->text, sizeof(process->text));
	size_t count = 0;

	for (char *at = process->text; at < process->text + n && count < ARGUMENTS_MAX;
		at += strlen(at) + 1)
		process->argv[count++] = at;
	process->argv[count] = NULL;
}

/* [Application] name= of the sandbox's own file. */
static void read_flatpak(struct process *process)
{
	char text[4096], *line;

	process->flatpak[0] = '\0';
	if (read_text(process->pid, "root/.flatpak-info", text, sizeof(text)) <= 0)
		return;
	line = strstr(text, "\nname=");
	if (line)
		(void) snprintf(process->flatpak, sizeof(process->flatpak), "%.*s",
			(int) strcspn(line + 6, "\n"), line + 6);
}

/* "/snap/NAME/REVISION/..." */
static void read_snap(struct process *process)
{
	process->snap[0] = '\0';
	if (strncmp(process->exe, "/snap/", 6) == 0)
		(void) snprintf(process->snap, sizeof(process->snap), "%.*s",
			(int) strcspn(process->exe + 6, "/"), process->exe + 6);
}

static bool read_process(pid_t pid, struct process *ret)
{
	char path[64];
	struct stat st;
	ssize_t n;

	ret->pid = pid;
	(void) snprintf(path, sizeof(path), "/proc/%d", (int) pid);
	if (stat(path, &st) < 0)
		return false;
	ret->uid = st.st_uid;
	(void) snprintf(path, sizeof(path), "/proc/%d/exe", (int) pid);
	n = readlink(path, ret->exe, sizeof(ret->exe) - 1);
	if (n <= 0)
		return false; /* a thread of the kernel, or another's */
	ret->exe[n] = '\0';
	if (n > 10 && strcmp(ret->exe + n - 10, " (deleted)") == 0)
		ret->exe[n - 10] = '\0'; /* upgraded while it runs */
	ret->parent = read_parent(pid);
	read_arguments(ret);
	read_flatpak(ret);
	read_snap(ret);
	return true;
}

static const struct od_messenger *match(
	const struct od_catalogue *catalogue, const struct process *process)
{
	const struct passwd *owner = getpwuid(process->uid);
	const struct od_program program = { .path = process->exe,
		.home = owner ? owner->pw_dir : NULL,
		.flatpak = *process->flatpak ? process->flatpak : NULL,
		.snap = *process->snap ? process->snap : NULL,
		.argv = process->argv };

	return od_catalogue_match_program(catalogue, &program, NULL);
}

static int find_all(const struct od_catalogue *catalogue, DIR *folder, founds *all)
{
	od_cleanup(od_freep) struct process *process = calloc(1, sizeof(*process));
	struct dirent *entry;

	if (!process)
		return -ENOMEM;
	while ((entry = readdir(folder)) != NULL) {
		const struct od_messenger *messenger;
		struct found *found;

		if (!isdigit((unsigned char) entry->d_name[0]) ||
			!read_process((pid_t) atoi(entry->d_name), process))
			continue;
		messenger = match(catalogue, process);
		if (!messenger)
			continue;
		found = od_array_add(all);
		if (!found)
			return -ENOMEM;
		found->running = (struct od_running){ process->pid, process->uid, messenger };
		found->parent = process->parent;
	}
	return 0;
}

static bool is_helper(const founds *all, const struct found *found)
{
	od_array_foreach (other, all)
		if (other->running.pid == found->parent &&
			other->running.messenger == found->running.messenger &&
			other->running.uid == found->running.uid)
			return true;
	return false;
}

int od_running_find(const struct od_catalogue *catalogue, od_runnings *ret)
{
	od_cleanup(closedirp) DIR *folder = opendir("/proc");
	founds all = { 0 };
	int r = folder ? find_all(catalogue, folder, &all) : -errno;

	*ret = (od_runnings){ 0 };
	od_array_foreach (found, &all) {
		struct od_running *one;

		if (r != 0 || is_helper(&all, found))
			continue;
		one = od_array_add(ret);
		if (one)
			*one = found->running;
		else
			r = -ENOMEM;
	}
	free(all.items);
	if (r != 0) {
		free(ret->items);
		*ret = (od_runnings){ 0 };
	}
	return r;
}

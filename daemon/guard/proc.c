#include "guard/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "base/error.h"

#define PAGE_PRESENT (UINT64_C(1) << 63)

/* Reads at most @size - 1 bytes and terminates them. Return: the length, -errno. */
static ssize_t read_small(const char *path, char *text, size_t size)
{
	od_cleanup(od_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, text, size - 1);
	if (n < 0)
		return -errno;
	text[n] = '\0';
	return n;
}

static ssize_t read_of(pid_t pid, const char *name, char *text, size_t size)
{
	char path[64];

	(void) snprintf(path, sizeof(path), "/proc/%d/%s", (int) pid, name);
	return read_small(path, text, size);
}

int od_proc_parse_status_uid(const char *text, uid_t *ret)
{
	const char *line = strstr(text, "\nUid:");
	char *end;
	unsigned long value;

	if (!line)
		return OD_E_SYNTAX;
	line += strlen("\nUid:");
	while (*line == '\t' || *line == ' ')
		line++;
	if (*line < '0' || *line > '9')
		return OD_E_SYNTAX;
	value = strtoul(line, &end, 10);
	if (value > UINT32_MAX)
		return OD_E_RANGE;
	*ret = (uid_t) value;
	return 0;
}

int od_proc_uid(pid_t pid, uid_t *ret)
{
	char text[1024];
	ssize_t n = read_of(pid, "status", text, sizeof(text));

	if (n < 0)
		return (int) n;
	return od_proc_parse_status_uid(text, ret) == 0 ? 0 : -EPROTO;
}

/* "PID (NAME) STATE PPID ..."; the name may hold anything, so fields count from its last ')'. */
int od_proc_parse_stat(const char *text, pid_t *ret_parent, uint64_t *ret_start)
{
	const char *at = strrchr(text, ')');
	uint64_t start;
	char state;
	int parent;

	if (!at || sscanf(at + 1,
			   " %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d "
			   "%*d %*d %" SCNu64,
			   &state, &parent, &start) != 3)
		return OD_E_SYNTAX;
	*ret_parent = parent;
	*ret_start = start;
	return 0;
}

static int stat_of(pid_t pid, pid_t *ret_parent, uint64_t *ret_start)
{
	char text[1024];
	ssize_t n = read_of(pid, "stat", text, sizeof(text));

	if (n < 0)
		return (int) n;
	return od_proc_parse_stat(text, ret_parent, ret_start) == 0 ? 0 : -EPROTO;
}

int od_proc_group_of(pid_t thread, pid_t *ret)
{
	char text[1024];
	ssize_t n = read_of(thread, "status", text, sizeof(text));
	const char *line = n > 0 ? strstr(text, "\nTgid:") : NULL;

	if (n < 0)
		return (int) n;
	if (!line || sscanf(line, "\nTgid: %d", ret) != 1)
		return -EPROTO;
	return 0;
}

int od_proc_parent(pid_t pid, pid_t *ret)
{
	uint64_t start;

	return stat_of(pid, ret, &start);
}

int od_proc_start(pid_t pid, uint64_t *ret)
{
	pid_t parent;

	return stat_of(pid, &parent, ret);
}

int od_proc_mount_namespace(pid_t pid, uint64_t *ret)
{
	char path[64];
	struct stat st;

	(void) snprintf(path, sizeof(path), "/proc/%d/ns/mnt", (int) pid);
	if (stat(path, &st) < 0)
		return -errno;
	*ret = st.st_ino;
	return 0;
}

bool od_proc_has_mount(pid_t pid, uint64_t id)
{
	char path[64], *line = NULL;
	FILE *file;
	size_t room = 0;
	bool found = false;

	(void) snprintf(path, sizeof(path), "/proc/%d/mountinfo", (int) pid);
	file = fopen(path, "re");
	while (file && !found && getline(&line, &room, file) > 0)
		found = strtoull(line, NULL, 10) == id;
	free(line);
	if (file)
		(void) fclose(file);
	return found;
}

int od_proc_cgroup(pid_t pid, char *path, size_t size)
{
	char text[4096];
	ssize_t n = read_of(pid, "cgroup", text, sizeof(text));
	const char *line = text;

	if (n < 0)
		return (int) n;
	while (line && strncmp(line, "0::", 3) != 0) {
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	(void) snprintf(
		path, size, "%.*s", line ? (int) strcspn(line + 3, "\n") : 0, line ? line + 3 : "");
	return 0;
}

int od_proc_fdinfo(pid_t pid, const char *name, char *text, size_t size)
{
	char path[64];
	ssize_t n;

	if (snprintf(path, sizeof(path), "/proc/%d/fdinfo/%s", (int) pid, name) >=
		(int) sizeof(path))
		return -ENAMETOOLONG;
	n = read_small(path, text, size);
	return n < 0 ? (int) n : 0;
}

int od_proc_parse_flatpak_info(const char *text, size_t size, char *id, size_t room)
{
	const char *at = text, *end = text + size;
	bool inside = false;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t) (end - at));
		size_t length = (size_t) ((stop ? stop : end) - at);

		if (length > 0 && *at == '[')
			inside = length == strlen("[Application]") &&
				 memcmp(at, "[Application]", length) == 0;
		else if (inside && length > 5 && memcmp(at, "name=", 5) == 0 && length - 5 < room) {
			memcpy(id, at + 5, length - 5);
			id[length - 5] = '\0';
			return strlen(id) == length - 5 ? 0 : OD_E_SYNTAX;
		}
		at += length + 1;
	}
	return OD_E_NOT_FOUND;
}

int od_proc_flatpak(pid_t pid, char *id, size_t size)
{
	char path[64], text[4096];
	od_cleanup(od_closep) int fd = -1;
	struct stat st;
	ssize_t n;

	/* Not a link: its target would be of the program's choosing, and could keep us waiting. */
	(void) snprintf(path, sizeof(path), "/proc/%d/root/.flatpak-info", (int) pid);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return errno == ENOENT ? OD_E_NOT_FOUND : -errno;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return OD_E_NOT_FOUND;
	n = read(fd, text, sizeof(text));
	if (n < 0)
		return -errno;
	return od_proc_parse_flatpak_info(text, (size_t) n, id, size);
}

int od_proc_parse_syscall(const char *text, long *ret_number, uint64_t ret_args[4])
{
	char *end;

	/* Read at every start that brings a loader in: without sscanf(). */
	*ret_number = strtol(text, &end, 10);
	if (end == text)
		return OD_E_SYNTAX;
	for (unsigned i = 0; i < 4; i++) {
		const char *at = end;

		if (strncmp(at, " 0x", 3) != 0)
			return OD_E_SYNTAX;
		ret_args[i] = strtoull(at + 3, &end, 16);
		if (end == at + 3)
			return OD_E_SYNTAX;
	}
	return 0;
}

/* The memory of a process that waits for us. */
struct memory {
	pid_t pid;
	int pagemap;
};

static void memory_done(struct memory *memory)
{
	od_closep(&memory->pagemap);
}

static int memory_open(pid_t pid, struct memory *ret)
{
	char path[64];

	(void) snprintf(path, sizeof(path), "/proc/%d/pagemap", (int) pid);
	*ret = (struct memory){ .pid = pid, .pagemap = open(path, O_RDONLY | O_CLOEXEC) };
	return ret->pagemap < 0 ? -errno : 0;
}

static uint64_t page_size(void)
{
	return (uint64_t) sysconf(_SC_PAGESIZE);
}

/*
 * Reading a page that is not there makes the kernel fetch it, from a server of the process's own
 * choosing if it likes (a mapped file of its FUSE mount, userfaultfd): all programs of the machine
 * would wait for that. Only what is in memory already is read. The other threads of a hostile program
 * can still try to take a page away in between; then the watchdog is what ends the wait.
 */
static bool is_present(const struct memory *memory, uint64_t address)
{
	uint64_t entry = 0;

	return pread(memory->pagemap, &entry, sizeof(entry),
		       (off_t) (address / page_size() * sizeof(entry))) ==
		       (ssize_t) sizeof(entry) &&
	       (entry & PAGE_PRESENT) != 0;
}

/* As much of @size bytes at @from as is there. */
static size_t read_memory(const struct memory *memory, uint64_t from, void *to, size_t size)
{
	size_t done = 0;

	while (done < size) {
		size_t page_left = (size_t) (page_size() - (from + done) % page_size());
		size_t piece = size - done < page_left ? size - done : page_left;
		struct iovec local = { (char *) to + done, piece };
		struct iovec remote = { (void *) (uintptr_t) (from + done), piece };

		if (!is_present(memory, from + done) ||
			process_vm_readv(memory->pid, &local, 1, &remote, 1, 0) != (ssize_t) piece)
			break;
		done += piece;
	}
	return done;
}

/* A text of the other process; *@at moves behind it. NULL: not readable, or no room. */
static const char *read_text(const struct memory *memory, uint64_t from, char **at, const char *end)
{
	size_t room = (size_t) (end - *at), n;
	char *text = *at, *stop;

	if (room < 2)
		return NULL;
	/* Most are short: one page at most is asked for first. */
	n = read_memory(memory, from, text, room - 1 < 512 ? room - 1 : 512);
	stop = n ? memchr(text, '\0', n) : NULL;
	if (!stop && n == 512 && room - 1 > 512) {
		n = read_memory(memory, from, text, room - 1);
		stop = memchr(text, '\0', n);
	}
	if (!stop)
		return NULL; /* cut: not to be matched by half */
	*at = stop + 1;
	return text;
}

int od_proc_exec_args(
	pid_t pid, od_exec_wanted_fn wanted, const void *userdata, struct od_exec_args *ret)
{
	od_cleanup(memory_done) struct memory memory = { .pagemap = -1 };
	uint64_t args[4], pointers[OD_EXEC_ARGS_MAX];
	char text[256], *at = ret->text;
	const char *end = ret->text + sizeof(ret->text);
	ssize_t n = read_of(pid, "syscall", text, sizeof(text));
	size_t count;
	long number;
	bool by_fd;

	if (n < 0)
		return (int) n;
	if (od_proc_parse_syscall(text, &number, args) != 0)
		return OD_E_NOT_FOUND;
	by_fd = number == SYS_execveat;
	if (!by_fd && number != SYS_execve)
		return OD_E_NOT_FOUND;
	n = memory_open(pid, &memory);
	if (n < 0)
		return (int) n;
	ret->file = read_text(&memory, args[by_fd ? 1 : 0], &at, end);
	if (!ret->file)
		ret->file = "";
	if (wanted && !wanted(userdata, ret->file))
		return OD_E_NOT_FOUND;
	count = read_memory(&memory, args[by_fd ? 2 : 1], pointers, sizeof(pointers)) /
		sizeof(*pointers);
	ret->n = 0;
	for (size_t i = 0; i < count && pointers[i]; i++) {
		const char *argument = read_text(&memory, pointers[i], &at, end);

		if (!argument)
			break;
		ret->argv[ret->n++] = argument;
	}
	ret->argv[ret->n] = NULL;
	return 0;
}

int od_proc_exec_file(pid_t pid, char *file, size_t size)
{
	od_cleanup(memory_done) struct memory memory = { .pagemap = -1 };
	uint64_t args[4];
	char text[256];
	ssize_t n = read_of(pid, "syscall", text, sizeof(text));
	size_t length;
	long number;

	if (n < 0)
		return (int) n;
	if (od_proc_parse_syscall(text, &number, args) != 0 ||
		(number != SYS_execve && number != SYS_execveat))
		return OD_E_NOT_FOUND;
	n = memory_open(pid, &memory);
	if (n < 0)
		return (int) n;
	length = read_memory(&memory, args[number == SYS_execveat ? 1 : 0], file, size - 1);
	if (length == 0 || !memchr(file, '\0', length))
		return OD_E_NOT_FOUND;
	return 0;
}

int od_proc_open_flags(pid_t thread, uint64_t *ret)
{
	od_cleanup(memory_done) struct memory memory = { .pagemap = -1 };
	uint64_t args[4];
	char text[256];
	ssize_t n = read_of(thread, "syscall", text, sizeof(text));
	long number;

	if (n < 0)
		return (int) n;
	if (od_proc_parse_syscall(text, &number, args) != 0)
		return OD_E_NOT_FOUND;
	if (number == SYS_openat)
		*ret = args[2];
#ifdef SYS_open
	else if (number == SYS_open)
		*ret = args[1];
#endif
	else if (number != SYS_openat2 || memory_open(thread, &memory) < 0 ||
		 read_memory(&memory, args[2], ret, sizeof(*ret)) != sizeof(*ret))
		return OD_E_NOT_FOUND;
	return 0;
}

static bool copy_until(const char *from, const char *stops, char *name, size_t size)
{
	size_t length = strcspn(from, stops);

	if (length == 0 || length >= size)
		return false;
	memcpy(name, from, length);
	name[length] = '\0';
	return true;
}

bool od_proc_snap_of(const char *cgroup, const char *path, char *name, size_t size)
{
	const char *at;

	if (path && strncmp(path, "/snap/", 6) == 0)
		return strncmp(path, "/snap/bin/", 10) != 0 &&
		       copy_until(path + 6, "/", name, size);
	if (path && strncmp(path, "/var/lib/snapd/snap/", 20) == 0)
		return copy_until(path + 20, "/", name, size);
	/* ".../snap.NAME.APP-UUID.scope" */
	at = cgroup ? strrchr(cgroup, '/') : NULL;
	return at && strncmp(at, "/snap.", 6) == 0 && copy_until(at + 6, ".", name, size);
}

bool od_proc_is_disabled(const char *command_line)
{
	static const char word[] = "offduty.disable";
	const char *at = command_line;

	while ((at = strstr(at, word)) != NULL) {
		char after = at[sizeof(word) - 1];

		if ((at == command_line || strchr(" \t\n", at[-1])) &&
			(after == '\0' || strchr(" \t\n", after) ||
				strncmp(at + sizeof(word) - 1, "=1", 2) == 0))
			return true;
		at += sizeof(word) - 1;
	}
	return false;
}

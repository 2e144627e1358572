/*
 * A folder of feeds, one a person.
 *
 * The process that holds the rights only opens, forks, changes owners and renames; it never looks at
 * a byte of a feed. A child reads one feed, under that person's uid where we are root, and can at
 * worst spoil that person's own list. Feeds are opened without following links and only if they are
 * plain files, so a name in the folder cannot lead elsewhere.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/error.h"
#include "base/i18n.h"
#include "calendar/feed.h"

#define NAME_SIZE    65
#define CPU_SECONDS  20
#define MEMORY_BYTES ((rlim_t) 1 << 30)
#define NOBODY       65534
#if defined(__SANITIZE_ADDRESS__)
#define WITH_SANITIZER 1 /* reserves terabytes of addresses */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_SANITIZER 1
#endif
#endif
#define TEMPORARY ".new"

struct target {
	char name[NAME_SIZE];
	uid_t uid;
	gid_t gid;
};

/* "alice.ics" to "alice"; false for what is none of our business. */
static bool plain_name(const char *entry, bool turns, char name[NAME_SIZE])
{
	size_t size = strlen(entry);

	if (size < 5 || size - 4 >= NAME_SIZE || strcmp(entry + size - 4, ".ics") != 0)
		return false;
	memcpy(name, entry, size - 4);
	name[size - 4] = '\0';
	for (const char *p = name; *p; p++) {
		bool letter = (*p >= 'a' && *p <= 'z') || (*p == '_' && (!turns || p > name));
		bool digit = *p >= '0' && *p <= '9';
		bool mark = *p == '-' || (turns && *p == '.');

		if (!letter && (p == name ? !(turns && digit) : !(digit || mark)))
			return false;
	}
	return true;
}

/* Whose the list will be. */
static int find_owner(struct target *target, bool turns)
{
	const struct passwd *person;

	target->uid = geteuid();
	target->gid = getegid();
	if (target->uid != 0)
		return 0;
	if (turns) {
		target->uid = target->gid = NOBODY;
		return 0;
	}
	errno = 0;
	person = getpwnam(target->name);
	if (!person)
		return errno ? -errno : OD_E_UNKNOWN;
	target->uid = person->pw_uid;
	target->gid = person->pw_gid;
	return 0;
}

static int give_up_rights(const struct target *target)
{
	struct rlimit cpu = { CPU_SECONDS, CPU_SECONDS }, none = { 0, 0 };
#ifndef WITH_SANITIZER
	struct rlimit memory = { MEMORY_BYTES, MEMORY_BYTES };

	if (setrlimit(RLIMIT_AS, &memory) < 0)
		return -errno;
#endif
	if (setrlimit(RLIMIT_CPU, &cpu) < 0 || setrlimit(RLIMIT_NPROC, &none) < 0 ||
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	if (geteuid() == 0 &&
		(setgroups(0, NULL) < 0 || setgid(target->gid) < 0 || setuid(target->uid) < 0))
		return -errno;
	return 0;
}

static int convert_in_child(int in, const char *name, const struct target *target,
	const struct od_feed_options *options, int out)
{
	pid_t child = fork();
	int status;

	if (child < 0)
		return -errno;
	if (child == 0) {
		int r = give_up_rights(target);

		if (r < 0)
			fprintf(stderr, "%s: %s\n", name, strerror(-r));
		else
			r = od_feed_convert(in, name, options, out);
		_exit(r == 0 ? 0 : 1);
	}
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (WIFSIGNALED(status))
		fprintf(stderr, "%s: %s (%s)\n", name,
			N_("reading it took too much time or memory"), strsignal(WTERMSIG(status)));
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : OD_E_FAILED;
}

static int put_in_place(
	int out_folder, const char *temporary, const struct target *target, int fd, bool turns)
{
	if (geteuid() == 0 && !turns && fchown(fd, target->uid, target->gid) < 0)
		return -errno;
	if (fchmod(fd, turns ? 0644 : 0600) < 0 || fsync(fd) < 0 ||
		renameat(out_folder, temporary, out_folder, target->name) < 0)
		return -errno;
	return 0;
}

/* One feed. Return: 0, OD_E_FAILED (said on stderr), -errno. */
static int convert_one(int folder, const char *entry, int out_folder, const struct target *target,
	const struct od_feed_options *options)
{
	char temporary[NAME_SIZE + sizeof(TEMPORARY) + 1];
	od_cleanup(od_closep) int in = -1, out = -1;
	struct stat st;
	int r;

	in = openat(folder, entry, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (in < 0 || fstat(in, &st) < 0 || !S_ISREG(st.st_mode)) {
		fprintf(stderr, "%s: %s\n", entry,
			in < 0 ? strerror(errno) : N_("not a plain file"));
		return OD_E_FAILED;
	}
	snprintf(temporary, sizeof(temporary), ".%s" TEMPORARY, target->name);
	if (unlinkat(out_folder, temporary, 0) < 0 && errno != ENOENT)
		return -errno;
	out = openat(
		out_folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (out < 0)
		return -errno;
	r = convert_in_child(in, entry, target, options, out);
	if (r == 0)
		r = put_in_place(out_folder, temporary, target, out, options->turns);
	if (r != 0)
		(void) unlinkat(out_folder, temporary, 0); /* the list it had stays */
	return r;
}

static void dir_freep(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

int od_feed_convert_folder(
	const char *folder, const char *out, const struct od_feed_options *options)
{
	od_cleanup(dir_freep) DIR *dir = opendir(folder);
	od_cleanup(od_closep) int out_folder = -1;
	const struct dirent *entry;
	bool faulty = false;

	if (!dir)
		return -errno;
	out_folder = open(out, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (out_folder < 0)
		return -errno;
	while ((entry = readdir(dir)) != NULL) {
		struct target target;
		int r;

		if (!plain_name(entry->d_name, options->turns, target.name))
			continue;
		r = find_owner(&target, options->turns);
		if (r == OD_E_UNKNOWN)
			fprintf(stderr, "%s: %s\n", entry->d_name, N_("nobody has this name"));
		else if (r == 0)
			r = convert_one(dirfd(dir), entry->d_name, out_folder, &target, options);
		if (r < 0)
			return r;
		faulty = faulty || r > 0;
	}
	return faulty ? OD_E_FAILED : 0;
}

/*
 * A hash from uid to an immutable entry, under one short lock, and a queue of uids for the thread
 * that calls the name service. The event path takes the lock, finds or queues, and goes on.
 *
 * Limits: at most PEOPLE_MAX entries, QUEUE_MAX waiting. Beyond that a person stays unknown, which
 * means that rules naming people or groups do not touch them, and the counter "unresolved" grows.
 */
#include "guard/people.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "model/policy.h"

#define PEOPLE_MAX    4096
#define QUEUE_MAX     256
#define GROUPS_MAX    1024
#define LEAVE_MAX     (2 << 20)
#define LOCAL_MAX     1000 /* looked up at start */
#define FRESH_S       (15 * 60)
#define USER_DIRS_MAX 16384

struct od_people {
	const char *leave_folder;
	pthread_mutex_t lock;
	pthread_cond_t wake; /* something is queued, or the end */
	pthread_cond_t settled_wake;
	pthread_t thread;
	bool started, stop, settled, refresh;
	OD_ARRAY(struct od_human *) humans; /* sorted by uid */
	uid_t queue[QUEUE_MAX];
	size_t n_queue;
};

static int64_t monotonic_s(void)
{
	struct timespec now;

	(void) clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail for this clock */
	return now.tv_sec;
}

static void strings_free(char **strings)
{
	for (char **s = strings; s && *s; s++)
		free(*s);
	free(strings);
}

void od_human_unref(struct od_human *human)
{
	if (!human || atomic_fetch_sub(&human->refs, 1) != 1)
		return;
	free(human->name);
	free(human->home);
	if (human->leave)
		od_leave_free(human->leave);
	strings_free(human->groups);
	strings_free(human->xdg);
	free(human);
}

/* Names of all groups of a user; NULL without memory. An unknown gid is left out. */
static char **groups_of(const char *name, gid_t primary, size_t *ret_n)
{
	gid_t gids[GROUPS_MAX];
	int n = GROUPS_MAX;
	char **names;
	size_t kept = 0;

	if (getgrouplist(name, primary, gids, &n) < 0)
		n = GROUPS_MAX; /* more than we look at: the first ones */
	names = calloc((size_t) n + 1, sizeof(*names));
	for (int i = 0; names && i < n; i++) {
		struct group group, *found = NULL;
		char buffer[16384];

		/* A group with more members than fit is still a group: only its name counts, so
		 * ERANGE would lose it; 16 KiB hold about 1,500 members. */
		if (getgrgid_r(gids[i], &group, buffer, sizeof(buffer), &found) == 0 && found)
			names[kept] = strdup(found->gr_name);
		if (names[kept])
			kept++;
	}
	*ret_n = names ? kept : 0;
	return names;
}

/* XDG_DOCUMENTS_DIR="$HOME/Documents": the name in lower case without XDG_ and _DIR. */
static bool xdg_line(
	const char *line, size_t length, const char *home, char **ret_name, char **ret_folder)
{
	char name[32], folder[4096];
	size_t n = 0, prefix = 0;
	const char *at = line, *end = line + length;

	if (length < 8 || strncmp(at, "XDG_", 4) != 0)
		return false;
	for (at += 4; at < end && ((*at >= 'A' && *at <= 'Z') || *at == '_'); at++)
		if (n + 1 < sizeof(name))
			name[n++] = *at == '_' ? '_' : (char) (*at - 'A' + 'a');
	name[n] = '\0';
	if (n < 5 || strcmp(name + n - 4, "_dir") != 0 || end - at < 3 || at[0] != '=' ||
		at[1] != '"' || end[-1] != '"')
		return false;
	name[n - 4] = '\0';
	at += 2;
	end--;
	if (end - at >= 5 && strncmp(at, "$HOME", 5) == 0) {
		prefix = strlen(home);
		at += 5;
	} else if (at == end || *at != '/') {
		return false;
	}
	if (prefix + (size_t) (end - at) >= sizeof(folder) || memchr(at, '\\', (size_t) (end - at)))
		return false;
	(void) snprintf(folder, sizeof(folder), "%s%.*s", prefix ? home : "", (int) (end - at), at);
	*ret_name = strdup(name);
	*ret_folder = strdup(folder);
	return true;
}

char **od_human_xdg_parse(const char *text, size_t size, const char *home)
{
	size_t room = 16, n = 0;
	char **pairs = calloc(2 * room + 1, sizeof(*pairs));
	const char *at = text, *end = text + size;

	while (pairs && at < end && n < room) {
		const char *stop = memchr(at, '\n', (size_t) (end - at));
		size_t length = (size_t) ((stop ? stop : end) - at);
		char *name = NULL, *folder = NULL;

		if (xdg_line(at, length, home, &name, &folder) && name && folder) {
			pairs[2 * n] = name;
			pairs[2 * n + 1] = folder;
			n++;
		} else {
			free(name);
			free(folder);
		}
		at += length + 1;
	}
	return pairs;
}

/* The person's own user-dirs.dirs. It is theirs to write: read as text, bounded, no link followed
 * at the end; it can only widen or move what *their own* opens are matched against. */
static char **xdg_of(const char *home, uid_t uid)
{
	/* In a unit's sandbox homes are only to be found the way process 1 sees them. */
	static const char *const ways[] = { "", "/proc/1/root" };
	char path[4096], text[USER_DIRS_MAX];
	od_cleanup(od_closep) int fd = -1;
	struct stat st;
	ssize_t n = 0;

	for (size_t i = 0; fd < 0 && i < OD_ELEMENTS(ways); i++)
		if (snprintf(path, sizeof(path), "%s%s/.config/user-dirs.dirs", ways[i], home) <
			(int) sizeof(path))
			fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == uid)
		n = read(fd, text, sizeof(text));
	return od_human_xdg_parse(text, n > 0 ? (size_t) n : 0, home);
}

/* The plain list offduty-calendar made of a feed; a missing or faulty one is no absence. */
static struct od_leave *leave_of(const char *folder, const char *name)
{
	od_cleanup(od_freep) char *text = NULL;
	od_cleanup(od_closep) int fd = -1;
	struct od_leave *leave = NULL;
	char path[4096];
	struct stat st;
	unsigned line;
	ssize_t n;

	if (!folder || strchr(name, '/') || name[0] == '.' ||
		snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int) sizeof(path))
		return NULL;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > LEAVE_MAX)
		return NULL;
	text = malloc((size_t) st.st_size + 1);
	n = text ? read(fd, text, (size_t) st.st_size) : -1;
	if (n < 0 || od_leave_parse(text, (size_t) n, &leave, &line) != 0)
		return NULL;
	return leave;
}

struct od_human *od_human_look_up(uid_t uid, const char *leave_folder)
{
	od_cleanup(od_human_unrefp) struct od_human *human = calloc(1, sizeof(*human));
	struct passwd entry, *found = NULL;
	char buffer[16384], number[16];

	if (!human)
		return NULL;
	human->refs = 1;
	human->looked_up_s = monotonic_s();
	human->person.uid = uid;
	if (getpwuid_r(uid, &entry, buffer, sizeof(buffer), &found) != 0)
		found = NULL;
	(void) snprintf(number, sizeof(number), "%u", uid);
	human->known = found != NULL;
	human->name = strdup(found ? found->pw_name : number);
	if (found) {
		if (found->pw_dir && found->pw_dir[0] == '/' && found->pw_dir[1])
			human->home = strdup(found->pw_dir);
		human->groups = groups_of(found->pw_name, found->pw_gid, &human->person.n_groups);
	}
	if (human->home)
		human->xdg = xdg_of(human->home, uid);
	if (!human->name)
		return NULL;
	human->leave = leave_of(leave_folder, human->name);
	human->person.name = human->name;
	human->person.groups = (const char *const *) human->groups;
	return od_take(&human);
}

/* Index of @uid, or where it belongs. */
static size_t place(const struct od_people *people, uid_t uid)
{
	size_t low = 0, high = people->humans.n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (people->humans.items[middle]->person.uid < uid)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct od_human *find(const struct od_people *people, uid_t uid)
{
	size_t at = place(people, uid);

	if (at < people->humans.n && people->humans.items[at]->person.uid == uid)
		return people->humans.items[at];
	return NULL;
}

/* Takes @human over. */
static void put(struct od_people *people, struct od_human *human)
{
	size_t at = place(people, human->person.uid);
	struct od_human *old = find(people, human->person.uid);

	if (old) {
		people->humans.items[at] = human;
		od_human_unref(old);
	} else if (people->humans.n < PEOPLE_MAX && od_array_add(&people->humans)) {
		memmove(&people->humans.items[at + 1], &people->humans.items[at],
			(people->humans.n - 1 - at) * sizeof(*people->humans.items));
		people->humans.items[at] = human;
	} else {
		od_human_unref(human);
	}
}

static void enqueue(struct od_people *people, uid_t uid)
{
	for (size_t i = 0; i < people->n_queue; i++)
		if (people->queue[i] == uid)
			return;
	if (people->n_queue == QUEUE_MAX)
		return;
	people->queue[people->n_queue++] = uid;
	(void) pthread_cond_signal(&people->wake);
}

static void look_up_and_put(struct od_people *people, uid_t uid)
{
	struct od_human *human = od_human_look_up(uid, people->leave_folder);

	if (!human)
		return;
	(void) pthread_mutex_lock(&people->lock);
	put(people, human);
	(void) pthread_mutex_unlock(&people->lock);
}

/* People of the local databases, then everybody with a runtime folder, which is to say a session. */
static void first_round(struct od_people *people)
{
	uid_t *uids = calloc(LOCAL_MAX, sizeof(*uids));
	struct passwd *entry;
	struct dirent *name;
	size_t n = 0;
	DIR *folder;

	setpwent();
	while (uids && n < LOCAL_MAX && (entry = getpwent()) != NULL)
		if (entry->pw_uid >= OD_UID_MIN && entry->pw_uid != OD_UID_NOBODY)
			uids[n++] = entry->pw_uid;
	endpwent();
	folder = opendir("/run/user");
	while (uids && folder && n < LOCAL_MAX && (name = readdir(folder)) != NULL)
		if (name->d_name[0] >= '1' && name->d_name[0] <= '9')
			uids[n++] = (uid_t) strtoul(name->d_name, NULL, 10);
	if (folder)
		(void) closedir(folder);
	for (size_t i = 0; i < n; i++)
		look_up_and_put(people, uids[i]);
	free(uids);
}

static void round_again(struct od_people *people)
{
	for (size_t i = 0; i < people->humans.n; i++)
		enqueue(people, people->humans.items[i]->person.uid);
	people->refresh = false;
}

static void *work(void *userdata)
{
	struct od_people *people = userdata;

	first_round(people);
	(void) pthread_mutex_lock(&people->lock);
	people->settled = true;
	(void) pthread_cond_broadcast(&people->settled_wake);
	while (!people->stop) {
		uid_t uid;

		if (people->refresh)
			round_again(people);
		if (people->n_queue == 0) {
			(void) pthread_cond_wait(&people->wake, &people->lock);
			continue;
		}
		uid = people->queue[--people->n_queue];
		(void) pthread_mutex_unlock(&people->lock);
		look_up_and_put(people, uid);
		(void) pthread_mutex_lock(&people->lock);
	}
	(void) pthread_mutex_unlock(&people->lock);
	return NULL;
}

int od_people_new(const char *leave_folder, struct od_people **ret)
{
	od_cleanup(od_people_freep) struct od_people *people = calloc(1, sizeof(*people));
	pthread_condattr_t attributes;
	int r;

	if (!people)
		return -ENOMEM;
	(void) pthread_mutex_init(&people->lock, NULL);
	(void) pthread_cond_init(&people->wake, NULL);
	(void) pthread_condattr_init(&attributes);
	(void) pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void) pthread_cond_init(&people->settled_wake, &attributes);
	(void) pthread_condattr_destroy(&attributes);
	people->leave_folder = leave_folder;
	r = pthread_create(&people->thread, NULL, work, people);
	if (r != 0)
		return -r;
	people->started = true;
	*ret = od_take(&people);
	return 0;
}

void od_people_free(struct od_people *people)
{
	if (!people)
		return;
	if (people->started) {
		struct timespec limit;

		(void) pthread_mutex_lock(&people->lock);
		people->stop = true;
		(void) pthread_cond_signal(&people->wake);
		(void) pthread_mutex_unlock(&people->lock);
		(void) clock_gettime(CLOCK_MONOTONIC, &limit);
		limit.tv_sec += 2;
		/* A name service that hangs must not keep the guard from ending. What the thread
		 * still uses is then left to it; the process is about to go. */
		if (pthread_clockjoin_np(people->thread, NULL, CLOCK_MONOTONIC, &limit) != 0)
			return;
	}
	for (size_t i = 0; i < people->humans.n; i++)
		od_human_unref(people->humans.items[i]);
	free(people->humans.items);
	(void) pthread_cond_destroy(&people->settled_wake);
	(void) pthread_cond_destroy(&people->wake);
	(void) pthread_mutex_destroy(&people->lock);
	free(people);
}

bool od_people_settle(struct od_people *people, int timeout_ms)
{
	struct timespec limit;
	bool settled;

	(void) clock_gettime(CLOCK_MONOTONIC, &limit);
	limit.tv_sec += timeout_ms / 1000;
	limit.tv_nsec += (timeout_ms % 1000) * 1000000L;
	if (limit.tv_nsec >= 1000000000L) {
		limit.tv_sec++;
		limit.tv_nsec -= 1000000000L;
	}
	(void) pthread_mutex_lock(&people->lock);
	while (!people->settled)
		if (pthread_cond_timedwait(&people->settled_wake, &people->lock, &limit) != 0)
			break;
	settled = people->settled;
	(void) pthread_mutex_unlock(&people->lock);
	return settled;
}

struct od_human *od_people_get(struct od_people *people, uid_t uid)
{
	struct od_human *human;

	(void) pthread_mutex_lock(&people->lock);
	human = find(people, uid);
	if (human)
		atomic_fetch_add(&human->refs, 1);
	if (!human || monotonic_s() - human->looked_up_s > FRESH_S)
		enqueue(people, uid);
	(void) pthread_mutex_unlock(&people->lock);
	return human;
}

bool od_people_home_of(struct od_people *people, const char *path, char *home, size_t size)
{
	bool found = false;

	(void) pthread_mutex_lock(&people->lock);
	for (size_t i = 0; !found && i < people->humans.n; i++) {
		const char *candidate = people->humans.items[i]->home;
		size_t length = candidate ? strlen(candidate) : 0;

		found = length > 0 && length < size && strncmp(path, candidate, length) == 0 &&
			path[length] == '/';
		if (found)
			memcpy(home, candidate, length + 1);
	}
	(void) pthread_mutex_unlock(&people->lock);
	return found;
}

bool od_people_find_name(struct od_people *people, const char *name, uid_t *ret)
{
	bool found = false;

	(void) pthread_mutex_lock(&people->lock);
	for (size_t i = 0; !found && i < people->humans.n; i++) {
		found = strcmp(people->humans.items[i]->name, name) == 0;
		if (found)
			*ret = people->humans.items[i]->person.uid;
	}
	(void) pthread_mutex_unlock(&people->lock);
	return found;
}

void od_people_refresh(struct od_people *people)
{
	(void) pthread_mutex_lock(&people->lock);
	people->refresh = true;
	(void) pthread_cond_signal(&people->wake);
	(void) pthread_mutex_unlock(&people->lock);
}

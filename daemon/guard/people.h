/*
 * Who is behind a uid: name, all groups, home. Looked up by a thread of its own, because a name
 * service may hang, and an exec that waits for the guard may be what the name service waits for.
 *
 * An entry is never changed once it is handed out; a new look-up makes a new one.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "model/leave.h"
#include "model/origin.h"

struct od_human {
	struct od_person person;
	bool known; /* false: the name service knows no such uid; the name is the number */
	char *home; /* NULL: none */
	char **xdg; /* pairs NAME, folder, NULL-terminated, for od_file_facts */

	struct od_leave *leave; /* what offduty-calendar left for them; NULL: nothing */

	/* private to people.c */
	_Atomic unsigned refs;
	int64_t looked_up_s; /* CLOCK_MONOTONIC */
	char *name;
	char **groups;
};

struct od_people;

/* @leave_folder: lists of absences by user name; NULL: none; borrowed. Starts the thread; it first looks up local people and those with a session, then waits.
 * Return: 0 or -errno. */
int od_people_new(const char *leave_folder, struct od_people **ret) OD_CHECK;
void od_people_free(struct od_people *people);
OD_DEFINE_CLEANUP(struct od_people *, od_people_free)

/* Wait for that first round, at most @timeout_ms. For start-up only. False: it takes longer. */
bool od_people_settle(struct od_people *people, int timeout_ms);

/*
 * od_people_get() - a reference, at once; never waits for a look-up
 *
 * NULL: not looked up yet; it is on its way, ask again later. An entry older than a quarter of an
 * hour is handed out and looked up again.
 */
struct od_human *od_people_get(struct od_people *people, uid_t uid);
void od_human_unref(struct od_human *human);
OD_DEFINE_CLEANUP(struct od_human *, od_human_unref)

/* The home of the looked-up person in whose home @path lies; false: nobody's. */
bool od_people_home_of(struct od_people *people, const char *path, char *home, size_t size);

/* Uid of a looked-up name. False: nobody of that name has been looked up. */
bool od_people_find_name(struct od_people *people, const char *name, uid_t *ret);

/* Look everybody up again (policy reload, a changed /etc/group). */
void od_people_refresh(struct od_people *people);

/* One look-up, now, in the calling thread; for people.c and its test. NULL without memory. */
struct od_human *od_human_look_up(uid_t uid, const char *leave_folder);
/* Folders of an XDG user-dirs.dirs text; NULL without memory. */
char **od_human_xdg_parse(const char *text, size_t size, const char *home);

/*
 * Absences and on-call turns of a person: the plain lists of instants that offduty-calendar left,
 * FOLDER/leave/USER and FOLDER/on-call/NAME for feed = .../NAME.ics.
 */
#pragma once

#include "model/policy.h"

#define OD_FEED_MAX  ((size_t) 2 << 20) /* bytes of a list */
#define OD_FEED_NAME 65

struct od_feeds {
	struct od_leave *leave;          /* NULL: none */
	int64_t leave_made_us;           /* when its list was made (real time); 0: there is none */
	int64_t on_call_made_us;         /* the oldest of the turns'; 0: there are none */
	OD_ARRAY(struct od_turns) turns; /* owned, unlike what a duty input borrows */
};

/*
 * od_feeds_load() - what @person's schedules and on-call sections ask for
 * @folder: OFFDUTY_INSTANTS_DIR, below the root of a trial
 *
 * One that is not there counts as none, and so does one that cannot be read: nobody is quiet by
 * guess. *@ret is always good.
 *
 * Return: 0, or why one was left out: OD_E_SYNTAX, OD_E_LIMIT, -errno.
 */
int od_feeds_load(const struct od_policy *policy, const struct od_person *person,
	const char *folder, struct od_feeds *ret) OD_CHECK;
void od_feeds_done(struct od_feeds *feeds);

/* One list. *@ret_made_us: when it was put in place.
 * Return: 0, OD_E_NOT_FOUND, OD_E_SYNTAX or OD_E_LIMIT (no such list), -errno. */
int od_feed_load(const char *path, struct od_leave **ret, int64_t *ret_made_us) OD_CHECK;
/* "netops" of ".../netops.ics"; false: no name a list could have. */
bool od_feed_name(const char *feed, char name[OD_FEED_NAME]);

/* One file that a messenger opens or has opened, until it is decided. */
#pragma once

#include <limits.h>
#include <sys/stat.h>

#include "base/inspect_protocol.h"
#include "guard/judge.h"
#include "guard/runners.h"
#include "guard/tells.h"

struct od_share_case {
	struct od_policy *policy;
	struct od_human *human;
	const struct od_messenger *messenger; /* of .policy */
	uid_t uid;
	pid_t pid;
	struct stat st;
	char owner[64], group[64]; /* "": unknown */
	char path[PATH_MAX];
};

/*
 * od_share_case_new() - what is known without looking inside
 * @may_wait: the name service may be asked for the file's group
 *
 * NULL: nothing to decide (no policy, a person not looked up yet, no memory).
 */
struct od_share_case *od_share_case_new(struct od_judge *judge, const struct od_runner *runner,
	int fd, const struct stat *st, bool may_wait);
void od_share_case_free(struct od_share_case *share);
OD_DEFINE_CLEANUP(struct od_share_case *, od_share_case_free)

bool od_share_case_needs_content(const struct od_share_case *share);

/* With @reply the content counts; with @asked and no reply it could not be read in time.
 * Fills in @ret_rule (NULL: no rule speaks of it). */
void od_share_case_decide(const struct od_share_case *share, bool asked,
	const struct od_inspect_reply *reply, struct od_decision *ret,
	const struct od_sharing **ret_rule);

/* Makes a tell of it; takes what @share holds. */
void od_share_case_tell(struct od_share_case *share, const struct od_decision *decision,
	const struct od_sharing *rule, int64_t at_us, struct od_tell *ret);

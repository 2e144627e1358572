#include "guard/share_case.h"

#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void od_share_case_free(struct od_share_case *share)
{
	if (!share)
		return;
	od_policy_unref(share->policy);
	od_human_unref(share->human);
	free(share);
}

static bool asks_group(const struct od_policy *policy)
{
	od_array_foreach (rule, &policy->sharings) {
		if (rule->groups_of_file.n > 0)
			return true;
	}
	return false;
}

static void name_owner(struct od_share_case *share, struct od_judge *judge, bool may_wait)
{
	od_cleanup(od_human_unrefp) struct od_human *owner =
		od_people_get(od_judge_people(judge), share->st.st_uid);
	struct group group, *found = NULL;
	char buffer[16384];

	if (owner)
		(void) snprintf(share->owner, sizeof(share->owner), "%s", owner->person.name);
	else if (share->st.st_uid == 0)
		(void) snprintf(share->owner, sizeof(share->owner), "root");
	if (may_wait && asks_group(share->policy) &&
		getgrgid_r(share->st.st_gid, &group, buffer, sizeof(buffer), &found) == 0 && found)
		(void) snprintf(share->group, sizeof(share->group), "%s", found->gr_name);
}

static bool read_path(int fd, char path[PATH_MAX])
{
	char link[64];
	ssize_t n;

	(void) snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, PATH_MAX - 1);
	if (n < 0)
		return false;
	path[n] = '\0';
	return true;
}

struct od_share_case *od_share_case_new(struct od_judge *judge, const struct od_runner *runner,
	int fd, const struct stat *st, bool may_wait)
{
	od_cleanup(od_share_case_freep) struct od_share_case *share = calloc(1, sizeof(*share));

	if (!share || !read_path(fd, share->path))
		return NULL;
	share->st = *st;
	share->uid = runner->uid;
	share->pid = runner->pid;
	share->policy = od_judge_policy(judge);
	share->human = od_people_get(od_judge_people(judge), runner->uid);
	if (!share->policy || !share->policy->catalogue || !share->human)
		return NULL;
	share->messenger = od_catalogue_find(share->policy->catalogue, runner->messenger);
	if (!share->messenger)
		return NULL;
	name_owner(share, judge, may_wait);
	return od_take(&share);
}

static void cheap_facts(const struct od_share_case *share, struct od_file_facts *ret)
{
	*ret = (struct od_file_facts){ .path = share->path,
		.home = share->human->home,
		.xdg = (const char *const *) share->human->xdg,
		.owner = share->owner[0] ? share->owner : NULL,
		.group = share->group[0] ? share->group : NULL,
		.size = (uint64_t) share->st.st_size };
}

bool od_share_case_needs_content(const struct od_share_case *share)
{
	struct od_file_facts facts;

	cheap_facts(share, &facts);
	return od_share_needs_content(
		share->policy, &share->human->person, share->messenger, OD_DIRECTION_SEND, &facts);
}

void od_share_case_decide(const struct od_share_case *share, bool asked,
	const struct od_inspect_reply *reply, struct od_decision *ret,
	const struct od_sharing **ret_rule)
{
	const char *labels[OD_INSPECT_LABELS_MAX + 1] = { NULL };
	struct od_detected detected[OD_INSPECT_DETECTORS_MAX];
	struct od_file_facts facts;

	cheap_facts(share, &facts);
	facts.have_content = asked;
	facts.unscannable = asked && (!reply || (reply->flags & OD_INSPECT_UNSCANNABLE));
	facts.labels = labels;
	facts.detected = detected;
	for (uint32_t i = 0; reply && i < reply->n_labels; i++)
		labels[i] = reply->labels[i];
	for (uint32_t i = 0; reply && i < reply->n_detected; i++)
		detected[facts.n_detected++] =
			(struct od_detected){ reply->detected[i].name, reply->detected[i].count };
	if (reply) {
		facts.mime = reply->mime[0] ? reply->mime : NULL;
		facts.encrypted = reply->flags & OD_INSPECT_ENCRYPTED;
	}
	od_share_decide(share->policy, &share->human->person, share->messenger, OD_DIRECTION_SEND,
		&facts, ret, ret_rule);
}

void od_share_case_tell(struct od_share_case *share, const struct od_decision *decision,
	const struct od_sharing *rule, int64_t at_us, struct od_tell *ret)
{
	const char *slash = strrchr(share->path, '/');

	memset(ret, 0, sizeof(*ret));
	ret->kind = OD_TELL_SHARED;
	ret->uid = share->uid;
	ret->pid = share->pid;
	ret->direction = OD_DIRECTION_SEND;
	ret->thing = (uint64_t) share->st.st_dev * 1000003u ^ share->st.st_ino;
	ret->remember_us = rule->remember_us;
	(void) snprintf(ret->name, sizeof(ret->name), "%.255s", slash ? slash + 1 : share->path);
	ret->ruling.decision = *decision;
	ret->ruling.at_us = at_us;
	ret->ruling.messenger = share->messenger;
	ret->ruling.policy = od_take(&share->policy);
	ret->ruling.human = od_take(&share->human);
}

/*
 * Which sharing rule speaks of this file, and how strictly.
 *
 * Every key of a rule is one question, cheap ones first; a key that is not written is answered yes.
 * Content that could not be read (encrypted, unscannable) answers for "label" and "detect" with the
 * verdict the rule keeps for that case. Rules are compared by what they would really do (a rule on
 * trial never hides one in force), then by what they say, then by file order.
 */
#include "model/share.h"

#include <string.h>

#include "base/error.h"
#include "model/glob.h"

static char fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
}

static bool same_folded(const char *a, const char *b)
{
	while (*a && fold(*a) == fold(*b)) {
		a++;
		b++;
	}
	return *a == *b;
}

/* ---- paths */

static const char *xdg_folder(const struct od_file_facts *facts, const char *name, size_t length)
{
	for (const char *const *pair = facts->xdg; pair && pair[0] && pair[1]; pair += 2)
		if (strncmp(pair[0], name, length) == 0 && pair[0][length] == '\0')
			return pair[1];
	return NULL;
}

/*
 * The folder that "~" or "xdg:NAME" stands for ("" for an absolute pattern) and, in @ret_rest, the
 * pattern below it; NULL where there is none.
 */
static const char *pattern_folder(
	const char *pattern, const struct od_file_facts *facts, const char **ret_rest)
{
	size_t length;

	if (pattern[0] == '/') {
		*ret_rest = pattern;
		return "";
	}
	length = strcspn(pattern, "/");
	*ret_rest = pattern + length;
	if (length == 1 && pattern[0] == '~')
		return facts->home;
	if (strncmp(pattern, "xdg:", 4) == 0)
		return xdg_folder(facts, pattern + 4, length - 4);
	return NULL;
}

/* Without the slashes at its end: "/" is "". */
static size_t folder_length(const char *folder)
{
	size_t length = strlen(folder);

	while (length > 0 && folder[length - 1] == '/')
		length--;
	return length;
}

bool od_share_path_matches(const char *pattern, const struct od_file_facts *facts)
{
	const char *rest, *folder = pattern_folder(pattern, facts, &rest);
	size_t length;

	if (!folder || !facts->path)
		return false;
	length = folder_length(folder);
	if (strncmp(facts->path, folder, length) != 0 || facts->path[length] != '/')
		return false;
	return od_glob_path_matches(rest, facts->path + length);
}

int od_share_path_root(
	const char *pattern, const struct od_file_facts *facts, char *root, size_t size)
{
	const char *rest, *folder = pattern_folder(pattern, facts, &rest);
	size_t length, kept = 0;

	if (!folder)
		return OD_E_UNKNOWN;
	/* keep whole components, the last one (a file) and any wild one not */
	for (size_t at = 0; rest[at] == '/';) {
		size_t next = at + 1 + strcspn(rest + at + 1, "/");

		if (rest[next] == '\0' || od_glob_is_wild(rest + at, next - at))
			break;
		at = kept = next;
	}
	length = folder_length(folder);
	if (length + kept == 0) {
		if (size < 2)
			return OD_E_LIMIT;
		memcpy(root, "/", 2);
		return 0;
	}
	if (length + kept >= size)
		return OD_E_LIMIT;
	memcpy(root, folder, length);
	memcpy(root + length, rest, kept);
	root[length + kept] = '\0';
	return 0;
}

/* ---- cheap facts */

static bool any_path(const od_strings *paths, const struct od_file_facts *facts)
{
	od_array_foreach (path, paths) {
		if (od_share_path_matches(*path, facts))
			return true;
	}
	return paths->n == 0;
}

static bool any_equal(const od_strings *wanted, const char *have)
{
	return wanted->n == 0 || (have && od_strings_contains(wanted, have));
}

/* "pdf", ".pdf" and "tar.gz" are all ends of a name; case does not count. */
static bool any_extension(const od_strings *extensions, const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;
	const char *base = slash ? slash + 1 : path;
	size_t length = base ? strlen(base) : 0;

	od_array_foreach (extension, extensions) {
		const char *wanted = **extension == '.' ? *extension + 1 : *extension;
		size_t wanted_length = strlen(wanted);

		if (wanted_length > 0 && length > wanted_length &&
			base[length - wanted_length - 1] == '.' &&
			same_folded(base + length - wanted_length, wanted))
			return true;
	}
	return extensions->n == 0;
}

static bool name_matches(const struct od_policy *policy, const struct od_name *name,
	const struct od_messenger *messenger)
{
	switch (name->kind) {
	case OD_NAME_MESSENGER:
		return messenger && strcmp(name->value, messenger->id) == 0;
	case OD_NAME_SERVICE:
		return messenger && strcmp(name->value, messenger->service) == 0;
	case OD_NAME_QUALITY:
		return messenger && od_quality_holds(name->value, messenger, policy->unknown);
	case OD_NAME_CARRIER:
		return !messenger && strcmp(name->value, "browser") == 0;
	case OD_NAME_DESKTOP:
	case OD_NAME_SITE:
		return false; /* neither opens files under its own name */
	}
	return false;
}

static bool any_messenger(const struct od_policy *policy, const struct od_sharing *rule,
	const struct od_messenger *messenger)
{
	od_array_foreach (name, &rule->messengers) {
		if (name_matches(policy, name, messenger))
			return true;
	}
	return rule->messengers.n == 0 && messenger;
}

static bool cheap_match(const struct od_policy *policy, const struct od_sharing *rule,
	const struct od_person *person, const struct od_messenger *messenger,
	enum od_direction direction, const struct od_file_facts *facts)
{
	return rule->direction == direction && any_messenger(policy, rule, messenger) &&
	       od_who_rank(&rule->who, person) != OD_RANK_NONE &&
	       (!rule->has_size_over || facts->size > rule->size_over) &&
	       any_equal(&rule->owners, facts->owner) &&
	       any_equal(&rule->groups_of_file, facts->group) &&
	       any_extension(&rule->extensions, facts->path) && any_path(&rule->paths, facts);
}

/* ---- content */

static bool asks_content(const struct od_sharing *rule)
{
	return rule->mimes.n > 0 || rule->labels.n > 0 || rule->detect.n > 0;
}

/* "image/\*": the kind before the slash, any after it. */
static bool mime_matches(const char *pattern, const char *mime)
{
	size_t length = strcspn(pattern, "/");

	if (strcmp(pattern + length, "/*") != 0)
		return same_folded(pattern, mime);
	for (size_t i = 0; i <= length; i++)
		if (fold(pattern[i]) != fold(mime[i]))
			return false;
	return true;
}

static bool any_mime(const od_strings *mimes, const char *mime)
{
	od_array_foreach (pattern, mimes) {
		if (mime && mime_matches(*pattern, mime))
			return true;
	}
	return mimes->n == 0;
}

static bool any_label(const od_strings *wanted, const char *const *labels)
{
	for (; labels && *labels; labels++) {
		od_array_foreach (label, wanted) {
			if (same_folded(*label, *labels))
				return true;
		}
	}
	return wanted->n == 0;
}

static unsigned detected(const struct od_file_facts *facts, const char *detector)
{
	for (size_t i = 0; i < facts->n_detected; i++)
		if (strcmp(facts->detected[i].detector, detector) == 0)
			return facts->detected[i].count;
	return 0;
}

static bool all_detected(const struct od_sharing *rule, const struct od_file_facts *facts)
{
	od_array_foreach (detect, &rule->detect) {
		if (detected(facts, detect->detector) < detect->at_least)
			return false;
	}
	return true;
}

static enum od_verdict stricter(enum od_verdict a, enum od_verdict b)
{
	return a > b ? a : b;
}

/* What the rule says of content; false where it does not speak of this one. */
static bool content_match(
	const struct od_sharing *rule, const struct od_file_facts *facts, enum od_verdict *ret)
{
	enum od_verdict unread = OD_VERDICT_ALLOW;

	*ret = rule->action;
	if (!facts->have_content)
		return !asks_content(rule);
	if (facts->encrypted)
		unread = stricter(unread, rule->encrypted);
	if (facts->unscannable)
		unread = stricter(unread, rule->unscannable);
	if (!any_mime(&rule->mimes, facts->mime) && (facts->mime || !facts->unscannable))
		return false;
	if (any_mime(&rule->mimes, facts->mime) && any_label(&rule->labels, facts->labels) &&
		all_detected(rule, facts)) {
		*ret = stricter(rule->action, unread);
		return true;
	}
	*ret = unread;
	return unread != OD_VERDICT_ALLOW;
}

/* ---- the decision */

static enum od_mode mode_of(const struct od_policy *policy, const struct od_sharing *rule)
{
	return rule->has_mode ? rule->mode : policy->mode;
}

/* One number: what happens, then what the rule says. */
static int strictness(enum od_verdict intended, enum od_mode mode)
{
	return (int) od_verdict_in_mode(intended, mode) * 4 + (int) intended;
}

/* The most a rule can still say once the content is known. */
static int could_reach(const struct od_policy *policy, const struct od_sharing *rule)
{
	enum od_verdict most = stricter(rule->action, stricter(rule->encrypted, rule->unscannable));

	return strictness(most, mode_of(policy, rule));
}

bool od_share_needs_content(const struct od_policy *policy, const struct od_person *person,
	const struct od_messenger *messenger, enum od_direction direction,
	const struct od_file_facts *facts)
{
	int open = -1, settled = -1; /* strictest that content may bring; strictest without it */

	od_array_foreach (rule, &policy->sharings) {
		int sure = -1, reach = could_reach(policy, rule);

		if (!cheap_match(policy, rule, person, messenger, direction, facts))
			continue;
		if (!asks_content(rule))
			sure = strictness(rule->action, mode_of(policy, rule));
		/* at a tie the earlier rule decides, so a later one need not be asked */
		if (reach > sure && reach > settled && reach > open)
			open = reach;
		if (sure > settled)
			settled = sure;
	}
	return !facts->have_content && open >= 0 && open >= settled;
}

static void fill(const struct od_policy *policy, const struct od_sharing *rule,
	const struct od_messenger *messenger, struct od_decision *ret)
{
	ret->mode = mode_of(policy, rule);
	ret->verdict = od_verdict_in_mode(ret->intended, ret->mode);
	ret->messages = rule->messages.n > 0 ? &rule->messages : NULL;
	ret->reason.rule = OD_RULE_SHARING;
	ret->reason.origin = rule->origin;
	ret->reason.label = rule->label;
	if (messenger) {
		ret->reason.messenger = messenger->id;
		ret->reason.messenger_name = messenger->name;
		ret->reason.service = messenger->service;
	}
}

void od_share_decide(const struct od_policy *policy, const struct od_person *person,
	const struct od_messenger *messenger, enum od_direction direction,
	const struct od_file_facts *facts, struct od_decision *ret,
	const struct od_sharing **ret_rule)
{
	const struct od_sharing *best = NULL;
	int best_strictness = -1;

	*ret = (struct od_decision){ .mode = policy->mode };
	od_array_foreach (rule, &policy->sharings) {
		enum od_verdict verdict;

		if (rule->who.people.n > 0 || rule->who.groups.n > 0)
			ret->depends_on_person = true;
		if (!cheap_match(policy, rule, person, messenger, direction, facts) ||
			!content_match(rule, facts, &verdict))
			continue;
		if (strictness(verdict, mode_of(policy, rule)) <= best_strictness)
			continue;
		best_strictness = strictness(verdict, mode_of(policy, rule));
		best = rule;
		ret->intended = verdict;
	}
	if (best)
		fill(policy, best, messenger, ret);
	if (ret_rule)
		*ret_rule = best;
}

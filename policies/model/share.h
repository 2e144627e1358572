/*
 * May this file leave through (or come in by) this messenger?
 *
 * Keys of a rule are AND, items of a key OR, items of detect AND. The strictest action among the
 * matching rules wins; ties by file order.
 */
#pragma once

#include "model/policy.h"

struct od_detected {
	const char *detector;
	unsigned count;
};

struct od_file_facts {
	const char *path; /* resolved; a hint */
	const char *home; /* of the person */
	const char *const
		*xdg; /* pairs NAME, absolute folder, NULL-terminated: "documents", "/home/..." */
	const char *owner, *group; /* names; NULL: unknown */
	uint64_t size;

	bool have_content; /* the facts below were looked up */
	const char *mime;
	const char *const *labels; /* NULL-terminated */
	const struct od_detected *detected;
	size_t n_detected;
	bool encrypted;
	bool unscannable;
};

/* Whether some rule needs the content of a file that matches by cheap facts so far. */
bool od_share_needs_content(const struct od_policy *policy, const struct od_person *person,
	const struct od_messenger *messenger, enum od_direction direction,
	const struct od_file_facts *facts);

/*
 * @messenger: NULL: a browser, which only "carrier:browser" names
 * @ret_rule:  the deciding rule, NULL when none matches (then allow); may itself be NULL
 *
 * Without content (have_content) a rule that asks for it does not match; where the content could not
 * be had at all, say unscannable.
 */
void od_share_decide(const struct od_policy *policy, const struct od_person *person,
	const struct od_messenger *messenger, enum od_direction direction,
	const struct od_file_facts *facts, struct od_decision *ret,
	const struct od_sharing **ret_rule);

/* Glob with "**", "~/" and "xdg:NAME/" already understood through @facts' folders. */
bool od_share_path_matches(const char *pattern, const struct od_file_facts *facts);
/* The longest leading folder of @pattern without a wildcard, expanded the same way, for a mark.
 * Return: 0, OD_E_UNKNOWN (an xdg: name without a folder), OD_E_LIMIT (does not fit). */
int od_share_path_root(
	const char *pattern, const struct od_file_facts *facts, char *root, size_t size) OD_CHECK;

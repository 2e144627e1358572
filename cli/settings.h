/* Two policies as they are written: which values are not the same. */
#pragma once

#include "ini/effective.h"

struct od_setting_change {
	const char *section, *label, *key;             /* borrowed; .key NULL: the whole section */
	const struct od_effective_key *before, *after; /* NULL: not there */
	struct od_origin origin; /* of the new policy; of the old one where it is gone */
};

typedef OD_ARRAY(struct od_setting_change) od_setting_changes;

/* Everything borrowed from both. Return: 0 or -ENOMEM. */
int od_settings_compare(const struct od_effective *before, const struct od_effective *after,
	od_setting_changes *ret) OD_CHECK;
/* Whether @key has that value; NULL has none. */
bool od_setting_has(const struct od_effective_key *key, const char *text);

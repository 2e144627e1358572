#include "calendar/tzid.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"

bool od_tzid_is_plain(const char *name)
{
	size_t size = strlen(name);

	if (size == 0 || size > 64 || *name == '/' || name[size - 1] == '/')
		return false;
	for (const char *p = name; *p; p++) {
		bool letter = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z');
		bool other = (*p >= '0' && *p <= '9') || *p == '_' || *p == '-' || *p == '+';

		if (!letter && !other && (*p != '/' || p[1] == '/'))
			return false;
	}
	return true;
}

static int load(struct od_tzids *tzids, const char *name, struct od_zone **ret)
{
	return od_tzid_is_plain(name) ? tzids->load(name, tzids->userdata, ret) : OD_E_UNKNOWN;
}

/* "/x/y/America/Argentina/Salta": the longest end that is a zone, of three, two or one part. */
static int load_end(struct od_tzids *tzids, const char *tzid, struct od_zone **ret)
{
	const char *slash = tzid;

	while ((slash = strchr(slash, '/')) != NULL) {
		slash++;
		if (load(tzids, slash, ret) == 0)
			return 0;
	}
	return OD_E_UNKNOWN;
}

static int look_up(struct od_tzids *tzids, const char *tzid, struct od_zone **ret)
{
	const char *windows = od_tzid_from_windows(tzid);

	if (load(tzids, tzid, ret) == 0 || (windows && load(tzids, windows, ret) == 0) ||
		load_end(tzids, tzid, ret) == 0)
		return 0;
	od_array_foreach (said, &tzids->said) {
		if (strcmp(said->tzid, tzid) != 0 || !said->zone)
			continue;
		*ret = od_zone_ref(said->zone);
		return 0;
	}
	return OD_E_UNKNOWN;
}

int od_tzids_find(struct od_tzids *tzids, const char *tzid, const struct od_zone **ret)
{
	struct od_tzid_entry *slot;

	od_array_foreach (entry, &tzids->entries) {
		if (strcmp(entry->tzid, tzid) == 0) {
			*ret = entry->zone;
			return entry->zone ? 0 : OD_E_UNKNOWN;
		}
	}
	if (tzids->entries.n == OD_TZID_MAX || strlen(tzid) > OD_TZID_MAX)
		return OD_E_LIMIT;
	slot = od_array_add(&tzids->entries);
	if (!slot)
		return -ENOMEM;
	slot->tzid = strdup(tzid);
	if (!slot->tzid) {
		tzids->entries.n--;
		return -ENOMEM;
	}
	if (look_up(tzids, tzid, &slot->zone) != 0)
		return OD_E_UNKNOWN;
	*ret = slot->zone;
	return 0;
}

int od_tzids_say(struct od_tzids *tzids, const char *tzid, const char *location)
{
	struct od_tzid_entry *slot;

	if (tzids->said.n == OD_TZID_MAX || strlen(tzid) > OD_TZID_MAX)
		return OD_E_LIMIT;
	slot = od_array_add(&tzids->said);
	if (!slot)
		return -ENOMEM;
	slot->tzid = strdup(tzid);
	if (!slot->tzid) {
		tzids->said.n--;
		return -ENOMEM;
	}
	(void) load(tzids, location, &slot->zone); /* else: as if nothing had been said */
	return 0;
}

void od_tzids_done(struct od_tzids *tzids)
{
	od_array_foreach (entry, &tzids->entries) {
		free(entry->tzid);
		od_zone_unref(entry->zone);
	}
	od_array_foreach (entry, &tzids->said) {
		free(entry->tzid);
		od_zone_unref(entry->zone);
	}
	free(tzids->entries.items);
	free(tzids->said.items);
	*tzids = (struct od_tzids){ .load = tzids->load, .userdata = tzids->userdata };
}

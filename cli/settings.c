#include "settings.h"

#include <errno.h>
#include <string.h>

#include "base/scan.h"

static const struct od_effective_key *key_find(
	const struct od_effective_section *section, const char *name)
{
	od_array_foreach (key, &section->keys)
		if (strcmp(key->name, name) == 0)
			return key;
	return NULL;
}

bool od_setting_has(const struct od_effective_key *key, const char *text)
{
	if (key)
		od_array_foreach (value, &key->values)
			if (strcmp(value->text, text) == 0)
				return true;
	return false;
}

static bool same_duration(const char *a, const char *b)
{
	int64_t first, second;

	return od_scan_duration(&a, &first) == 0 && od_scan_end(a) &&
	       od_scan_duration(&b, &second) == 0 && od_scan_end(b) && first == second;
}

static bool same_size(const char *a, const char *b)
{
	uint64_t first, second;

	return od_scan_size(&a, &first) == 0 && od_scan_end(a) && od_scan_size(&b, &second) == 0 &&
	       od_scan_end(b) && first == second;
}

static bool same_bool(const char *a, const char *b)
{
	bool first, second;

	return od_scan_bool(&a, &first) == 0 && od_scan_end(a) && od_scan_bool(&b, &second) == 0 &&
	       od_scan_end(b) && first == second;
}

/* 60s is 1m and yes is true: a default is worded otherwise than by whoever writes it out. */
static bool same_value(const char *a, const char *b, bool text)
{
	if (strcmp(a, b) == 0)
		return true;
	return !text && (same_duration(a, b) || same_size(a, b) || same_bool(a, b));
}

static bool same(const struct od_effective_key *a, const struct od_effective_key *b)
{
	if (!a || !b)
		return !a && !b;
	if (a->values.n != b->values.n)
		return false;
	for (size_t i = 0; i < a->values.n; i++)
		if (!same_value(a->values.items[i].text, b->values.items[i].text, a->text))
			return false;
	return true;
}

static int note(od_setting_changes *changes, const struct od_setting_change *change)
{
	struct od_setting_change *added = od_array_add(changes);

	if (!added)
		return -ENOMEM;
	*added = *change;
	return 0;
}

static struct od_origin origin_of(
	const struct od_effective_key *key, const struct od_effective_section *section)
{
	return key && key->values.n ? key->values.items[key->values.n - 1].origin : section->origin;
}

static int compare_sections(const struct od_effective_section *before,
	const struct od_effective_section *after, od_setting_changes *ret)
{
	int r = 0;

	od_array_foreach (key, &after->keys) {
		const struct od_effective_key *former = key_find(before, key->name);
		const struct od_setting_change change = { after->name, after->label, key->name,
			former, key, origin_of(key, after) };

		if (r == 0 && !same(former, key))
			r = note(ret, &change);
	}
	od_array_foreach (key, &before->keys) {
		const struct od_setting_change change = { before->name, before->label, key->name,
			key, NULL, origin_of(key, before) };

		if (r == 0 && !key_find(after, key->name))
			r = note(ret, &change);
	}
	return r;
}

int od_settings_compare(const struct od_effective *before, const struct od_effective *after,
	od_setting_changes *ret)
{
	static const struct od_effective_key present;
	int r = 0;

	*ret = (od_setting_changes){ 0 };
	od_array_foreach (section, &after->sections) {
		const struct od_effective_section *former =
			od_effective_find(before, section->name, section->label);
		const struct od_setting_change change = { section->name, section->label, NULL, NULL,
			&present, section->origin };

		if (r == 0)
			r = former ? compare_sections(former, section, ret) : note(ret, &change);
	}
	od_array_foreach (section, &before->sections) {
		const struct od_setting_change change = { section->name, section->label, NULL,
			&present, NULL, section->origin };

		if (r == 0 && !od_effective_find(after, section->name, section->label))
			r = note(ret, &change);
	}
	if (r != 0) {
		free(ret->items);
		*ret = (od_setting_changes){ 0 };
	}
	return r;
}

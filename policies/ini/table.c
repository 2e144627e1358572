/*
 * Values into places, by the kind of their row.
 *
 * The rows of a section are applied in the order of its table, whatever the order in the file, so
 * that a setter may rely on what stands above it in the table.
 */
#include "ini/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/nearest.h"
#include "base/scan.h"
#include "ini/names.h"

#define ITEM_MAX 1024 /* a line has no more */

const struct od_word od_table_modes[] = { { "enforce", OD_MODE_ENFORCE }, { "warn", OD_MODE_WARN },
	{ "audit", OD_MODE_AUDIT }, { NULL, 0 } };

static void *place_of(const struct od_value *value, void *object)
{
	return (char *) object + value->key->offset;
}

int od_value_keep_text(const struct od_value *value, void *object)
{
	char **text = place_of(value, object), *copy = *value->text ? strdup(value->text) : NULL;

	if (*value->text && !copy)
		return -ENOMEM;
	free(*text);
	*text = copy;
	return 0;
}

static int set_bool(const struct od_value *value, void *object)
{
	const char *at = value->text;
	bool yes;

	if (od_scan_bool(&at, &yes) != 0 || !od_scan_end(at))
		od_value_fault(
			value, 0, "bad-yes-no", N_("\"%s\" is neither yes nor no"), value->text);
	else
		*(bool *) place_of(value, object) = yes;
	return 0;
}

/* "90s", "2h", "35d": the largest unit that says it exactly. */
static const char *duration_text(int64_t us, char *text, size_t size)
{
	int64_t s = us / OD_USEC_PER_SEC;

	if (s % 86400 == 0 && s != 0)
		snprintf(text, size, "%lldd", (long long) (s / 86400));
	else if (s % 3600 == 0 && s != 0)
		snprintf(text, size, "%lldh", (long long) (s / 3600));
	else if (s % 60 == 0 && s != 0)
		snprintf(text, size, "%lldm", (long long) (s / 60));
	else
		snprintf(text, size, "%llds", (long long) s);
	return text;
}

static void report_duration_range(const struct od_value *value)
{
	char least[32], most[32];

	od_value_fault(value, 0, "out-of-range", N_("\"%s\" is out of range: %s to %s"),
		value->text, duration_text(value->key->least, least, sizeof(least)),
		duration_text(value->key->most, most, sizeof(most)));
}

bool od_value_duration(const struct od_value *value, int64_t *ret_us)
{
	const char *at = value->text;
	int64_t us = 0;
	int r = od_scan_duration(&at, &us);

	if (r == OD_E_SYNTAX || (r == 0 && !od_scan_end(at)))
		od_value_fault(value, r == 0 ? at - value->text : 0, "bad-duration",
			N_("\"%s\" is no duration; write 90s, 20m, 2h or 35d"), value->text);
	else if (r != 0 || us < value->key->least || us > value->key->most)
		report_duration_range(value);
	else {
		*ret_us = us;
		return true;
	}
	return false;
}

static const char *count_text(int64_t n, bool size, char *text, size_t room)
{
	static const char units[] = "\0KMG";
	unsigned unit = 0;

	while (size && unit < 3 && n != 0 && n % 1024 == 0) {
		n /= 1024;
		unit++;
	}
	snprintf(text, room, unit ? "%lld%c" : "%lld", (long long) n, units[unit]);
	return text;
}

static void report_count_range(const struct od_value *value, bool size)
{
	char least[32], most[32];

	od_value_fault(value, 0, "out-of-range", N_("\"%s\" is out of range: %s to %s"),
		value->text, count_text(value->key->least, size, least, sizeof(least)),
		count_text(value->key->most, size, most, sizeof(most)));
}

static int set_count(const struct od_value *value, void *object)
{
	bool size = value->key->kind == OD_KIND_SIZE;
	const char *at = value->text;
	uint64_t n = 0;
	int r = size ? od_scan_size(&at, &n) : od_scan_unsigned(&at, INT64_MAX, &n);

	if (r == OD_E_SYNTAX || (r == 0 && !od_scan_end(at)))
		od_value_fault(value, r == 0 ? at - value->text : 0,
			size ? "bad-size" : "bad-whole-number",
			size ? N_("\"%s\" is no size; write 64K, 25M or 2G")
			     : N_("\"%s\" is no whole number"),
			value->text);
	else if (r != 0 || n < (uint64_t) value->key->least || n > (uint64_t) value->key->most)
		report_count_range(value, size);
	else
		*(uint64_t *) place_of(value, object) = n;
	return 0;
}

static void report_word(const struct od_value *value)
{
	struct od_nearest nearest = { .wanted = value->text };
	char list[256] = "";

	for (const struct od_word *word = value->key->words; word->text; word++) {
		size_t n = strlen(list);

		snprintf(list + n, sizeof(list) - n, "%s%s", n ? ", " : "", word->text);
		od_nearest_offer(&nearest, word->text);
	}
	od_value_fault(value, 0, "bad-word", N_("\"%s\" is not one of: %s"), value->text, list);
	od_problem_suggest(value->build->problems, nearest.best);
}

bool od_value_word(const struct od_value *value, int *ret)
{
	for (const struct od_word *word = value->key->words; word->text; word++)
		if (strcmp(word->text, value->text) == 0) {
			*ret = word->value;
			return true;
		}
	report_word(value);
	return false;
}

int od_table_set_choice(const struct od_value *value, void *object)
{
	int found;

	return od_value_word(value, &found) ? od_value_keep_text(value, object) : 0;
}

int od_table_set_date(const struct od_value *value, void *object)
{
	const char *at = value->text;
	int year, month, day;

	if (od_scan_date(&at, &year, &month, &day) == 0 && od_scan_end(at))
		return od_value_keep_text(value, object);
	od_value_fault(value, 0, "bad-date", N_("\"%s\" is no day; write 2026-12-24"), value->text);
	return 0;
}

static int set_item(const struct od_value *value, void *object)
{
	return od_strings_add(place_of(value, object), value->text, (size_t) -1);
}

static int set_value(const struct od_value *value, void *object)
{
	if (value->key->set)
		return value->key->set(value, object);
	switch (value->key->kind) {
	case OD_KIND_TEXT:
		return od_value_keep_text(value, object);
	case OD_KIND_PLAIN:
		return 0; /* checked for its form only */
	case OD_KIND_BOOL:
		return set_bool(value, object);
	case OD_KIND_DURATION:
		(void) od_value_duration(value, place_of(value, object)); /* said already */
		return 0;
	case OD_KIND_SIZE:
	case OD_KIND_NUMBER:
		return set_count(value, object);
	case OD_KIND_WORD:
		(void) od_value_word(value, place_of(value, object)); /* said already */
		return 0;
	case OD_KIND_LIST:
		return set_item(value, object);
	case OD_KIND_NAMES:
		return od_names_set(value, place_of(value, object));
	}
	return -EINVAL;
}

/* ---- lists ------------------------------------------------------------------------------------ */

static int apply_item(const struct od_value *whole, const char *from, const char *to, void *object)
{
	struct od_value value = *whole;
	char item[ITEM_MAX + 1];

	while (from < to && (*from == ' ' || *from == '\t'))
		from++;
	while (to > from && (to[-1] == ' ' || to[-1] == '\t'))
		to--;
	value.column += (unsigned) (from - whole->text);
	value.text = item;
	if (from == to) {
		od_value_fault(&value, 0, "empty-item",
			N_("there is a comma too many here: an item of the list is empty"));
		return 0;
	}
	if ((size_t) (to - from) >= sizeof(item))
		to = from + sizeof(item) - 1;
	memcpy(item, from, (size_t) (to - from));
	item[to - from] = '\0';
	return set_value(&value, object);
}

static int apply_list(const struct od_value *whole, bool numbered, void *object)
{
	const char *at = whole->text;
	int r = 0;

	if (!*at)
		return 0; /* cleared */
	if (numbered)
		return apply_item(whole, at, at + strlen(at), object);
	while (r == 0) {
		const char *comma = strchrnul(at, ',');

		r = apply_item(whole, at, comma, object);
		if (!*comma)
			break;
		at = comma + 1;
	}
	return r;
}

/* ---- sections ---------------------------------------------------------------------------------- */

static int compare_lines(const void *a, const void *b)
{
	const struct od_merged_line *x = *(struct od_merged_line *const *) a;
	const struct od_merged_line *y = *(struct od_merged_line *const *) b;

	if (x->number != y->number)
		return x->number > y->number ? 1 : -1;
	return (x > y) - (x < y); /* as laid over */
}

static int apply_line(struct od_build *build, const struct od_merged_section *section,
	const struct od_merged_key *key, const struct od_merged_line *line, void *object)
{
	struct od_value value = { .build = build,
		.key = key->row,
		.name = key->name,
		.tail = key->tail,
		.text = line->text,
		.origin = line->origin,
		.column = line->column,
		.key_column = line->key_column,
		.section = section->table->name,
		.label = section->label };

	if (key->row->kind == OD_KIND_LIST || key->row->kind == OD_KIND_NAMES)
		return apply_list(&value, line->number > 0, object);
	return set_value(&value, object);
}

static int apply_parts(struct od_build *build, const struct od_merged_section *section,
	const struct od_merged_key *key, void *object)
{
	od_cleanup(od_freep) struct od_merged_line **lines = calloc(key->lines.n, sizeof(*lines));
	int r = 0;

	if (!lines)
		return -ENOMEM;
	for (size_t i = 0; i < key->lines.n; i++)
		lines[i] = &key->lines.items[i];
	qsort(lines, key->lines.n, sizeof(*lines), compare_lines);
	for (size_t i = 0; r == 0 && i < key->lines.n; i++)
		r = apply_line(build, section, key, lines[i], object);
	return r;
}

static int apply_key(struct od_build *build, const struct od_merged_section *section,
	const struct od_merged_key *key, void *object)
{
	int r = 0;

	if (key->lines.n == 1)
		r = apply_line(build, section, key, key->lines.items, object);
	else if (key->lines.n > 1)
		r = apply_parts(build, section, key, object);
	if (key->row->given)
		*(bool *) ((char *) object + key->row->given) = true;
	return r;
}

static int apply_section(struct od_build *build, const struct od_merged_section *section)
{
	void *object = NULL;
	int r = section->table->open(build, section, &object);

	if (r != 0 || !object)
		return r;
	for (size_t i = 0; r == 0 && i < section->table->n; i++)
		od_array_foreach (key, &section->keys)
			if (r == 0 && key->row == &section->table->keys[i])
				r = apply_key(build, section, key, object);
	if (r == 0 && section->table->close && !build->partial)
		r = section->table->close(build, section, object);
	return r;
}

int od_table_apply(struct od_build *build, const struct od_merged *merged)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < merged->sections.n; i++)
		r = apply_section(build, &merged->sections.items[i]);
	return r;
}

/* ---- rows many sections have ------------------------------------------------------------------- */

static bool language_ok(const char *lang)
{
	size_t n = strlen(lang);

	if (n != 2 && n != 5)
		return false;
	for (size_t i = 0; i < 2; i++)
		if (lang[i] < 'a' || lang[i] > 'z')
			return false;
	return n == 2 || (lang[2] == '_' && lang[3] >= 'A' && lang[3] <= 'Z' && lang[4] >= 'A' &&
				 lang[4] <= 'Z');
}

int od_table_set_message(const struct od_value *value, void *object)
{
	od_messages *messages = place_of(value, object);
	struct od_message *message;

	if (!language_ok(value->tail)) {
		od_value_fault(value, 0, "bad-language",
			N_("\"%s\" is no language; write message.fr or message.fr_CH"),
			value->tail);
		return 0;
	}
	if (!*value->text)
		return 0; /* cleared: the built-in text */
	message = od_array_add(messages);
	if (!message)
		return -ENOMEM;
	message->lang = strdup(value->tail);
	message->text = strdup(value->text);
	if (message->lang && message->text)
		return 0;
	free(message->lang);
	free(message->text);
	messages->n--;
	return -ENOMEM;
}

int od_table_set_person(const struct od_value *value, void *object)
{
	/* Names come from name services with rules of their own; blanks and colons fit none. */
	if (strpbrk(value->text, " \t:/") || strlen(value->text) > 256) {
		od_value_fault(value, 0, "bad-user-name",
			N_("\"%s\" cannot be the name of a user or group"), value->text);
		return 0;
	}
	return set_item(value, object);
}

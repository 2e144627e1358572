/*
 * Sections and keys as tables, and what drives them.
 *
 * A room of the language is a struct od_table_section: its keys, each with a kind and a place in an
 * object. Adding a key is adding a row. Documents are first merged key by key (merge.c), then each
 * row reads its text into its place (table.c).
 */
#pragma once

#include <stdint.h>

#include "ini/document.h"
#include "ini/load.h"

enum od_kind {
	OD_KIND_TEXT,     /* char *: quotes allowed, needed where ";", "#" or quotes are in it */
	OD_KIND_PLAIN,    /* one value for .set, a comment may follow */
	OD_KIND_BOOL,     /* bool */
	OD_KIND_DURATION, /* int64_t, microseconds within .least and .most */
	OD_KIND_SIZE,     /* uint64_t, within .least and .most */
	OD_KIND_NUMBER,   /* uint64_t, within .least and .most */
	OD_KIND_WORD,     /* enum (int), one of .words */
	OD_KIND_LIST,     /* od_strings; numbered keys and += */
	OD_KIND_NAMES, /* od_names, bare ones and allowed kinds by .names; numbered keys and += */
};

struct od_word {
	const char *text; /* NULL ends the list */
	int value;
};

struct od_build;
struct od_value;

struct od_table_key {
	const char *name; /* "verdict"; "message.*": any ending; "*": any other key */
	enum od_kind kind;
	size_t offset; /* into the section's object */
	size_t given;  /* of a bool that says it was written; 0: none */
	const struct od_word *words;
	int64_t least, most;
	unsigned names; /* enum od_names_flag */
	const char
		*usual; /* the default, where a .set of its own hides it; else it is in the place */
	bool numbered;  /* also name.1, name.2 ...; LIST and NAMES always */
	/* Reads and keeps the value (each item, for a LIST) itself. Return: 0 or -errno; faults are
	 * added to the problems. NULL: as the kind says. */
	int (*set)(const struct od_value *value, void *object);
};

struct od_merged_section;

struct od_table_section {
	const char *name;
	bool labelled;
	const struct od_table_key *keys; /* applied in this order */
	size_t n;
	/* Where the rows write to; a fault may be added, then *@ret stays NULL and the rows are
	 * skipped. Return: 0 or -errno. */
	int (*open)(struct od_build *build, const struct od_merged_section *section, void **ret);
	/* What only the whole section shows; NULL: nothing. Return: 0 or -errno. */
	int (*close)(struct od_build *build, const struct od_merged_section *section, void *object);
};

struct od_table {
	const struct od_table_section *const *sections;
	size_t n;
};

/* What is being built. */
struct od_build {
	struct od_problems *problems;
	const struct od_ini_paths
		*paths; /* NULL: names of messengers, zones, calendars not checked */
	const struct od_table *table;
	struct od_policy *policy;
	struct od_messenger *messenger; /* while a catalogue file is read */
	struct od_adequacy *adequacy;   /* likewise: it may be either */
	struct od_calendar *calendar;   /* while a holiday file is read */
	const char *file;               /* being read; lives as long as the policy */
	const char *file_id;            /* of that file: "signal" of signal.ini */
	int64_t before_us, after_us;    /* of the schedule being read */
	bool partial; /* one file of several: what only the whole set shows is not asked yet */
};

/* One value on its way into the model. */
struct od_value {
	struct od_build *build;
	const struct od_table_key *key;
	const char *name; /* of the key as written: "monday-friday", "message.fr" */
	const char *tail; /* what "*" stood for */
	const char *text; /* without quotes, comments and blanks around it */
	struct od_origin origin;
	unsigned column, key_column;
	const char *section, *label;
};

/* ---- merged documents (merge.c) -------------------------------------------------------------- */

struct od_merged_line {
	const char *text; /* borrowed from the document, like everything here */
	struct od_origin origin;
	unsigned column, key_column;
	unsigned number; /* of paths.N; 0: none */
};

struct od_merged_key {
	const struct od_table_key *row;
	const char *name, *tail;
	OD_ARRAY(struct od_merged_line) lines; /* one, or the parts of a list */
};

struct od_merged_section {
	const struct od_table_section *table;
	const char *label;       /* NULL: none */
	struct od_origin origin; /* its first header */
	OD_ARRAY(struct od_merged_key) keys;
};

struct od_merged {
	OD_ARRAY(struct od_merged_section) sections; /* in order of first appearance */
	uint32_t *slots; /* 1 + index of each section, by hash; for merge.c */
	size_t n_slots;
};

/* Lay @document over what is merged. Return: 0 (also with faults), or -ENOMEM. */
int od_merged_add(struct od_merged *merged, const struct od_document *document,
	const struct od_build *build) OD_CHECK;
void od_merged_done(struct od_merged *merged);
/* NULL: not written. */
const struct od_merged_key *od_merged_find(
	const struct od_merged_section *section, const char *name);

/* ---- values into places (table.c) ------------------------------------------------------------ */

/* Return: 0 (also with faults), or -errno. */
int od_table_apply(struct od_build *build, const struct od_merged *merged) OD_CHECK;

/* A duration within the row's bounds; false: a fault was added. */
bool od_value_duration(const struct od_value *value, int64_t *ret_us);
/* One of the row's .words; false: a fault was added. */
bool od_value_word(const struct od_value *value, int *ret);
/* A free text into the char * at the row's place; empty is NULL. Return: 0 or -ENOMEM. */
int od_value_keep_text(const struct od_value *value, void *object) OD_CHECK;

/* A fault at a value. @offset: bytes into value->text. */
#define od_value_fault(value, offset, code, ...)                                                   \
	od_problem_add((value)->build->problems, OD_SEVERITY_ERROR, code, (value)->origin.file,    \
		(value)->origin.line, (value)->column + (unsigned) (offset), __VA_ARGS__)

/* ---- rows many sections have ----------------------------------------------------------------- */

extern const struct od_word od_table_modes[];
int od_table_set_message(const struct od_value *value, void *messages);
/* PLAIN into a char *: one of .words; a date. */
int od_table_set_choice(const struct od_value *value, void *object);
int od_table_set_date(const struct od_value *value, void *object);
int od_table_set_person(const struct od_value *value, void *strings);

#define OD_ROW_WHO(type)                                                                           \
	{ .name = "people",                                                                        \
		.kind = OD_KIND_LIST,                                                              \
		.offset = offsetof(type, who.people),                                              \
		.set = od_table_set_person },                                                      \
	{                                                                                          \
		.name = "groups", .kind = OD_KIND_LIST, .offset = offsetof(type, who.groups),      \
		.set = od_table_set_person                                                         \
	}
#define OD_ROW_MODE(type)                                                                          \
	{                                                                                          \
		.name = "mode", .kind = OD_KIND_WORD, .offset = offsetof(type, mode),              \
		.given = offsetof(type, has_mode), .words = od_table_modes                         \
	}
#define OD_ROW_MESSAGES(type)                                                                      \
	{                                                                                          \
		.name = "message.*", .kind = OD_KIND_TEXT, .offset = offsetof(type, messages),     \
		.set = od_table_set_message                                                        \
	}

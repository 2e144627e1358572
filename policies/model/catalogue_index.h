/* Inside of the catalogue, shared by catalogue.c, catalogue_index.c and catalogue_match.c only. */
#pragma once

#include "model/catalogue.h"

enum od_index_kind {
	OD_INDEX_ID,
	OD_INDEX_SERVICE,
	OD_INDEX_EXECUTABLE, /* base name */
	OD_INDEX_PATH,       /* base name of an install path that is in no list of executables */
	OD_INDEX_FOLDER, /* of an install path with a wild base name: the folder before all wildcards */
	OD_INDEX_FLATPAK,
	OD_INDEX_SNAP,
	OD_INDEX_APPIMAGE, /* base name, case as written */
	OD_INDEX_ASAR,
	OD_INDEX_ARGV,     /* base name of an argument */
	OD_INDEX_ENTRY,    /* desktop file id or desktop-entry hint; case does not count */
	OD_INDEX_APP_NAME, /* case does not count */
	OD_INDEX_ORIGIN,   /* host; case does not count */
	OD_INDEX_MAX_,
};

/* One key of one messenger. Keys point into the messenger. */
struct od_index_key {
	const char *key; /* what is hashed, or the glob; @length bytes of it */
	const char
		*pattern; /* PATH, FOLDER: the whole glob; ORIGIN: the path prefix, may be empty */
	size_t length;
	uint32_t prefix; /* of a glob: bytes before the first wildcard, by which it is hashed */
	uint32_t messenger;
	uint32_t next; /* of the same bucket, from 1; 0: the last */
	enum od_index_kind kind;
};

/* Keys in chains. */
struct od_index_table {
	OD_ARRAY(struct od_index_key) keys;
	uint32_t *buckets; /* first key of each, from 1 */
	size_t n_buckets;  /* a power of two */
};

struct od_index {
	struct od_index_table exact, globs;
	/* Of the globs of a kind: bit N is set where one has a prefix of N bytes (63: or more), and
	 * the end that all of them share. */
	uint64_t prefixes[OD_INDEX_MAX_];
	struct {
		const char *text;
		size_t length;
	} suffixes[OD_INDEX_MAX_];
};

struct od_catalogue {
	OD_ARRAY(struct od_messenger) messengers; /* by id once sealed */
	od_adequacies adequacies;
	struct od_index index;
	bool sealed;
};

/* Fills the empty @index from sorted messengers. Return: 0 or -ENOMEM. */
int od_index_build(
	struct od_index *index, const struct od_messenger *messengers, size_t n) OD_CHECK;
void od_index_done(struct od_index *index);

/* The first key of that kind and text at or after @from (NULL: the first); NULL: no more. */
const struct od_index_key *od_index_next(const struct od_index *index, enum od_index_kind kind,
	const char *text, size_t length, const struct od_index_key *from);
/* Glob keys of a kind that match @text; same walk. Only those whose literal prefix and shared end
 * @text has are tried. */
const struct od_index_key *od_index_next_glob(const struct od_index *index, enum od_index_kind kind,
	const char *text, const struct od_index_key *from);

/* The last component of a path; of "a/" the empty one. */
const char *od_index_base_name(const char *path);

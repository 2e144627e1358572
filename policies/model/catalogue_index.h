/* Inside of the catalogue, shared by catalogue.c, catalogue_index.c and catalogue_match.c only. */
#pragma once

#include "model/catalogue.h"

enum od_index_kind {
	OD_INDEX_ID,
	OD_INDEX_SERVICE,
	OD_INDEX_EXECUTABLE, /* base name */
	OD_INDEX_PATH,       /* base name of an install path that is in no list of executables */
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
	const char *key;     /* what is hashed, or the glob; @length bytes of it */
	const char *pattern; /* PATH: the whole glob; ORIGIN: the path prefix, may be empty */
	size_t length;
	uint32_t messenger;
	uint32_t next; /* of the same bucket, from 1; 0: the last */
	enum od_index_kind kind;
};

struct od_index {
	OD_ARRAY(struct od_index_key) exact;
	uint32_t *buckets; /* first key of each, from 1 */
	size_t n_buckets;  /* a power of two */
	OD_ARRAY(struct od_index_key) globs[OD_INDEX_MAX_];
	size_t suffixes[OD_INDEX_MAX_]; /* bytes at the end that all globs of a kind share */
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
/* Glob keys of a kind that may match @text, prefiltered by its ends; same walk. */
const struct od_index_key *od_index_next_glob(const struct od_index *index, enum od_index_kind kind,
	const char *text, const struct od_index_key *from);

/* The last component of a path; of "a/" the empty one. */
const char *od_index_base_name(const char *path);

/*
 * One chained hash for all kinds of exact keys, and short lists of globs beside it.
 *
 * FNV-1a without a seed is enough: keys come from the catalogue, which only root writes, and a
 * look-up by hostile text walks one bucket, whose length does not depend on that text. Case is
 * folded for ASCII only, by kind: file names differ by case, names people see do not.
 */
#include "model/catalogue_index.h"

#include <errno.h>
#include <string.h>

#include "model/glob.h"

#define BUCKETS_MIN 64

static bool folds(enum od_index_kind kind)
{
	return kind == OD_INDEX_ENTRY || kind == OD_INDEX_APP_NAME || kind == OD_INDEX_ORIGIN;
}

static unsigned char fold(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char) (c + 32) : c;
}

static uint32_t hash(enum od_index_kind kind, const char *text, size_t length)
{
	uint32_t h = (2166136261u ^ (uint32_t) kind) * 16777619u;
	bool folded = folds(kind);

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char) text[i];

		h = (h ^ (folded ? fold(c) : c)) * 16777619u;
	}
	return h;
}

/* Not strncasecmp(): what that folds depends on the locale. */
static bool equal(enum od_index_kind kind, const char *a, const char *b, size_t length)
{
	if (!folds(kind))
		return memcmp(a, b, length) == 0;
	for (size_t i = 0; i < length; i++)
		if (fold((unsigned char) a[i]) != fold((unsigned char) b[i]))
			return false;
	return true;
}

const char *od_index_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int add(struct od_index *index, const struct od_index_key *key)
{
	bool glob = key->kind != OD_INDEX_ORIGIN && od_glob_is_wild(key->key, key->length);
	struct od_index_key *slot =
		glob ? od_array_add(&index->globs[key->kind]) : od_array_add(&index->exact);

	if (!slot)
		return -ENOMEM;
	*slot = *key;
	return 0;
}

static int add_text(
	struct od_index *index, enum od_index_kind kind, uint32_t messenger, const char *text)
{
	const struct od_index_key key = {
		.key = text,
		.length = strlen(text),
		.messenger = messenger,
		.kind = kind,
	};

	return text[0] == '\0' ? 0 : add(index, &key);
}

static int add_list(
	struct od_index *index, enum od_index_kind kind, uint32_t messenger, const od_strings *list)
{
	int r = 0;

	for (size_t i = 0; i < list->n && r == 0; i++)
		r = add_text(index, kind, messenger, list->items[i]);
	return r;
}

/* A path whose base name is an executable is found through that. */
static int add_paths(struct od_index *index, uint32_t at, const struct od_messenger *messenger)
{
	int r = 0;

	for (size_t i = 0; i < messenger->paths.n && r == 0; i++) {
		const char *path = messenger->paths.items[i];
		const char *base = od_index_base_name(path);
		struct od_index_key key = {
			.key = base,
			.pattern = path,
			.length = strlen(base),
			.messenger = at,
			.kind = OD_INDEX_PATH,
		};

		if (base[0] != '\0' && !od_strings_contains(&messenger->executables, base))
			r = add(index, &key);
	}
	return r;
}

/* "https://HOST:PORT/path" is HOST and "/path"; a scheme other than the web's stays with the host. */
static int add_origin(struct od_index *index, uint32_t at, const char *origin)
{
	const char *scheme = strstr(origin, "://");
	const char *host = origin;
	struct od_index_key key = { .messenger = at, .kind = OD_INDEX_ORIGIN };

	if (scheme && (strncmp(origin, "http://", 7) == 0 || strncmp(origin, "https://", 8) == 0))
		host = scheme + 3;
	key.key = host;
	key.pattern = strchr(scheme ? scheme + 3 : host, '/');
	if (!key.pattern)
		key.pattern = host + strlen(host);
	key.length = (size_t) (key.pattern - host);
	return key.length == 0 ? 0 : add(index, &key);
}

static int add_messenger(struct od_index *index, uint32_t at, const struct od_messenger *m)
{
	const struct {
		enum od_index_kind kind;
		const od_strings *list;
	} lists[] = {
		{ OD_INDEX_EXECUTABLE, &m->executables },
		{ OD_INDEX_FLATPAK, &m->flatpaks },
		{ OD_INDEX_SNAP, &m->snaps },
		{ OD_INDEX_APPIMAGE, &m->appimages },
		{ OD_INDEX_ASAR, &m->asars },
		{ OD_INDEX_ARGV, &m->argv },
		{ OD_INDEX_ENTRY, &m->desktops },
		{ OD_INDEX_ENTRY, &m->entries },
		{ OD_INDEX_ENTRY, &m->flatpaks }, /* a sandboxed app's hint is its id */
		{ OD_INDEX_APP_NAME, &m->app_names },
	};
	int r = add_text(index, OD_INDEX_ID, at, m->id);

	if (r == 0)
		r = add_text(index, OD_INDEX_SERVICE, at, m->service);
	for (size_t i = 0; i < OD_ELEMENTS(lists) && r == 0; i++)
		r = add_list(index, lists[i].kind, at, lists[i].list);
	if (r == 0)
		r = add_paths(index, at, m);
	for (size_t i = 0; i < m->origins.n && r == 0; i++)
		r = add_origin(index, at, m->origins.items[i]);
	return r;
}

/* Backwards, so that each bucket keeps the order of the messengers. */
static int chain(struct od_index *index)
{
	size_t n = BUCKETS_MIN;

	while (n < index->exact.n * 2)
		n *= 2;
	index->buckets = calloc(n, sizeof(*index->buckets));
	if (!index->buckets)
		return -ENOMEM;
	index->n_buckets = n;
	for (size_t i = index->exact.n; i > 0; i--) {
		struct od_index_key *key = &index->exact.items[i - 1];
		uint32_t *bucket =
			&index->buckets[hash(key->kind, key->key, key->length) & (n - 1)];

		key->next = *bucket;
		*bucket = (uint32_t) i;
	}
	return 0;
}

/* Length of what stands behind the last wildcard. */
static size_t literal_suffix(const struct od_index_key *key)
{
	size_t n = 0;

	while (n < key->length && !strchr("*?]", key->key[key->length - 1 - n]))
		n++;
	return n;
}

/* Nearly all patterns of a kind end alike (".AppImage"): one comparison spares them all. */
static void find_suffixes(struct od_index *index)
{
	for (size_t kind = 0; kind < OD_INDEX_MAX_; kind++) {
		const struct od_index_key *first = index->globs[kind].items;
		size_t shared = first ? literal_suffix(first) : 0;

		od_array_foreach (key, &index->globs[kind]) {
			size_t n = literal_suffix(key);

			shared = n < shared ? n : shared;
			for (n = 0; n < shared && key->key[key->length - 1 - n] ==
							  first->key[first->length - 1 - n];)
				n++;
			shared = n;
		}
		index->suffixes[kind] = shared;
	}
}

int od_index_build(struct od_index *index, const struct od_messenger *messengers, size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = add_messenger(index, (uint32_t) i, &messengers[i]);
	find_suffixes(index);
	return r == 0 ? chain(index) : r;
}

void od_index_done(struct od_index *index)
{
	free(index->exact.items);
	free(index->buckets);
	for (size_t i = 0; i < OD_INDEX_MAX_; i++)
		free(index->globs[i].items);
	memset(index, 0, sizeof(*index));
}

const struct od_index_key *od_index_next(const struct od_index *index, enum od_index_kind kind,
	const char *text, size_t length, const struct od_index_key *from)
{
	uint32_t at;

	if (index->n_buckets == 0)
		return NULL;
	at = from ? from->next : index->buckets[hash(kind, text, length) & (index->n_buckets - 1)];
	for (; at != 0; at = index->exact.items[at - 1].next) {
		const struct od_index_key *key = &index->exact.items[at - 1];

		if (key->kind == kind && key->length == length &&
			equal(kind, key->key, text, length))
			return key;
	}
	return NULL;
}

/* A first or last character that is no wildcard must be there. */
static bool may_match(const struct od_index_key *key, const char *text, size_t length)
{
	char first = key->key[0], last = key->key[key->length - 1];

	if (length == 0)
		return false;
	if (!strchr("*?[", first) && first != text[0])
		return false;
	return strchr("*?]", last) || last == text[length - 1];
}

const struct od_index_key *od_index_next_glob(const struct od_index *index, enum od_index_kind kind,
	const char *text, const struct od_index_key *from)
{
	const struct od_index_key *items = index->globs[kind].items;
	size_t length = strlen(text), shared = index->suffixes[kind];

	if (length < shared ||
		(shared > 0 && memcmp(text + length - shared, items->key + items->length - shared,
				       shared) != 0))
		return NULL;
	for (size_t i = from ? (size_t) (from - items) + 1 : 0; i < index->globs[kind].n; i++)
		if (may_match(&items[i], text, length) && od_glob_matches(items[i].key, text))
			return &items[i];
	return NULL;
}

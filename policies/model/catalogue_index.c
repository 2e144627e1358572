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
#define PREFIX_MAX  63

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

/* What stands before the first wildcard; longer prefixes are cut, the glob decides. */
static uint32_t literal_prefix(const struct od_index_key *key)
{
	uint32_t n = 0;

	while (n < key->length && n < PREFIX_MAX && !strchr("*?[", key->key[n]))
		n++;
	return n;
}

static int add(struct od_index *index, const struct od_index_key *key)
{
	bool glob = key->kind != OD_INDEX_ORIGIN && key->kind != OD_INDEX_FOLDER &&
		    od_glob_is_wild(key->key, key->length);
	struct od_index_key *slot = od_array_add(glob ? &index->globs.keys : &index->exact.keys);

	if (!slot)
		return -ENOMEM;
	*slot = *key;
	if (glob) {
		slot->prefix = literal_prefix(key);
		index->prefixes[key->kind] |= (uint64_t) 1 << slot->prefix;
	}
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

/* The folder before the first component with a wildcard: "/opt/x" of "/opt/x/<wild>/y", "~" of
 * "~/<wild>", "" of "/<wild>". */
static size_t literal_folder(const char *path)
{
	size_t n = 0;

	for (size_t i = 0; path[i] && !strchr("*?[", path[i]); i++)
		if (path[i] == '/')
			n = i;
	return n;
}

/* A path whose base name is an executable is found through that. */
static int add_path(
	struct od_index *index, uint32_t at, const struct od_messenger *messenger, const char *path)
{
	const char *base = od_index_base_name(path);
	struct od_index_key key = {
		.key = base,
		.pattern = path,
		.length = strlen(base),
		.messenger = at,
		.kind = OD_INDEX_PATH,
	};

	if (base[0] == '\0' || od_strings_contains(&messenger->executables, base))
		return 0;
	if (od_glob_is_wild(base, key.length)) {
		key.kind = OD_INDEX_FOLDER;
		key.key = path;
		key.length = literal_folder(path);
	}
	return add(index, &key);
}

static int add_paths(struct od_index *index, uint32_t at, const struct od_messenger *messenger)
{
	int r = 0;

	for (size_t i = 0; i < messenger->paths.n && r == 0; i++)
		r = add_path(index, at, messenger, messenger->paths.items[i]);
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

/* What of a key is hashed. */
static size_t hashed(const struct od_index *index, const struct od_index_table *table,
	const struct od_index_key *key)
{
	return table == &index->globs ? key->prefix : key->length;
}

/* Backwards, so that each bucket keeps the order of the messengers. */
static int chain(const struct od_index *index, struct od_index_table *table)
{
	size_t n = BUCKETS_MIN;

	while (n < table->keys.n * 2)
		n *= 2;
	table->buckets = calloc(n, sizeof(*table->buckets));
	if (!table->buckets)
		return -ENOMEM;
	table->n_buckets = n;
	for (size_t i = table->keys.n; i > 0; i--) {
		struct od_index_key *key = &table->keys.items[i - 1];
		uint32_t at = hash(key->kind, key->key, hashed(index, table, key));
		uint32_t *bucket = &table->buckets[at & (n - 1)];

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
static void share_suffix(struct od_index *index, const struct od_index_key *key)
{
	const char *end = key->key + key->length;
	size_t own = literal_suffix(key), n = 0;

	if (!index->suffixes[key->kind].text) {
		index->suffixes[key->kind].text = end - own;
		index->suffixes[key->kind].length = own;
		return;
	}
	const char *shared = index->suffixes[key->kind].text;
	size_t length = index->suffixes[key->kind].length;

	while (n < own && n < length && end[-1 - (ptrdiff_t) n] == shared[length - 1 - n])
		n++;
	index->suffixes[key->kind].text = shared + length - n;
	index->suffixes[key->kind].length = n;
}

int od_index_build(struct od_index *index, const struct od_messenger *messengers, size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = add_messenger(index, (uint32_t) i, &messengers[i]);
	od_array_foreach (key, &index->globs.keys)
		share_suffix(index, key);
	if (r == 0)
		r = chain(index, &index->exact);
	return r == 0 ? chain(index, &index->globs) : r;
}

void od_index_done(struct od_index *index)
{
	free(index->exact.keys.items);
	free(index->exact.buckets);
	free(index->globs.keys.items);
	free(index->globs.buckets);
	memset(index, 0, sizeof(*index));
}

static uint32_t first_of(const struct od_index_table *table, enum od_index_kind kind,
	const char *text, size_t length)
{
	return table->n_buckets == 0
		       ? 0
		       : table->buckets[hash(kind, text, length) & (table->n_buckets - 1)];
}

const struct od_index_key *od_index_next(const struct od_index *index, enum od_index_kind kind,
	const char *text, size_t length, const struct od_index_key *from)
{
	uint32_t at = from ? from->next : first_of(&index->exact, kind, text, length);

	for (; at != 0; at = index->exact.keys.items[at - 1].next) {
		const struct od_index_key *key = &index->exact.keys.items[at - 1];

		if (key->kind == kind && key->length == length &&
			equal(kind, key->key, text, length))
			return key;
	}
	return NULL;
}

/* A last character that is no wildcard must be there. */
static bool may_match(const struct od_index_key *key, const char *text, size_t length)
{
	char last = key->key[key->length - 1];

	return strchr("*?]", last) || last == text[length - 1];
}

/* Among the globs with a prefix of @prefix bytes, from chain element @at. */
static const struct od_index_key *next_of_prefix(const struct od_index *index,
	enum od_index_kind kind, const char *text, size_t length, size_t prefix, uint32_t at)
{
	for (; at != 0; at = index->globs.keys.items[at - 1].next) {
		const struct od_index_key *key = &index->globs.keys.items[at - 1];

		if (key->kind == kind && key->prefix == prefix &&
			memcmp(key->key, text, prefix) == 0 && may_match(key, text, length) &&
			od_glob_matches(key->key, text))
			return key;
	}
	return NULL;
}

const struct od_index_key *od_index_next_glob(const struct od_index *index, enum od_index_kind kind,
	const char *text, const struct od_index_key *from)
{
	size_t length = strlen(text), shared = index->suffixes[kind].length;
	const struct od_index_key *key = NULL;

	if (length == 0 || length < shared ||
		memcmp(text + length - shared, shared ? index->suffixes[kind].text : "", shared) !=
			0)
		return NULL;
	if (from)
		key = next_of_prefix(index, kind, text, length, from->prefix, from->next);
	for (size_t n = from ? from->prefix + 1 : 0; !key && n <= PREFIX_MAX && n <= length; n++)
		if (index->prefixes[kind] & ((uint64_t) 1 << n))
			key = next_of_prefix(index, kind, text, length, n,
				first_of(&index->globs, kind, text, n));
	return key;
}

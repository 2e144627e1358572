#include "guard/known_names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/glob.h"

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* The last component of each pattern; "**" at the end means any name, and is left to the path. */
static int add(const od_strings *patterns, struct od_known_names *ret)
{
	od_array_foreach (pattern, patterns) {
		const char *slash = strrchr(*pattern, '/');
		const char *base = slash ? slash + 1 : *pattern;
		const char **slot;

		if (!*base || strcmp(base, "**") == 0)
			continue;
		if (od_glob_is_wild(base, strlen(base)))
			slot = od_array_add(&ret->globs);
		else
			slot = od_array_add(&ret->exact);
		if (!slot)
			return -ENOMEM;
		*slot = base;
	}
	return 0;
}

int od_known_names_build(const struct od_catalogue *catalogue, struct od_known_names *ret)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < od_catalogue_size(catalogue); i++) {
		const struct od_messenger *messenger = od_catalogue_at(catalogue, i);

		r = add(&messenger->executables, ret);
		if (r == 0)
			r = add(&messenger->paths, ret);
		if (r == 0)
			r = add(&messenger->appimages, ret);
		if (r == 0)
			r = add(&messenger->argv, ret);
	}
	if (r < 0) {
		od_known_names_done(ret);
		return r;
	}
	if (ret->exact.n)
		qsort(ret->exact.items, ret->exact.n, sizeof(*ret->exact.items), compare);
	return 0;
}

bool od_known_names_has(const struct od_known_names *names, const char *base)
{
	if (names->exact.n && bsearch(&base, names->exact.items, names->exact.n,
				      sizeof(*names->exact.items), compare))
		return true;
	for (size_t i = 0; i < names->globs.n; i++) {
		const char *glob = names->globs.items[i];

		/* Most begin with a letter, and another one than this name. */
		if (*glob != *base && !strchr("*?[\\", *glob))
			continue;
		if (od_glob_matches(glob, base))
			return true;
	}
	return false;
}

void od_known_names_done(struct od_known_names *names)
{
	free(names->exact.items);
	free(names->globs.items);
	memset(names, 0, sizeof(*names));
}

#include "base/array.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

void *od_array_room(void *items, size_t n, size_t *room, size_t size)
{
	size_t wanted = *room ? *room * 2 : 4;
	void *grown;

	if (n < *room)
		return items;
	grown = wanted > SIZE_MAX / size ? NULL : realloc(items, wanted * size);
	if (grown)
		*room = wanted;
	return grown;
}

int od_strings_add(od_strings *strings, const char *text, size_t length)
{
	char *copy = length == (size_t) -1 ? strdup(text) : strndup(text, length);
	char **slot = copy ? od_array_add(strings) : NULL;

	if (!slot) {
		free(copy);
		return -ENOMEM;
	}
	*slot = copy;
	return 0;
}

void od_strings_done(od_strings *strings)
{
	od_array_foreach (text, strings)
		free(*text);
	free(strings->items);
	memset(strings, 0, sizeof(*strings));
}

bool od_strings_contains(const od_strings *strings, const char *text)
{
	od_array_foreach (item, strings)
		if (strcmp(*item, text) == 0)
			return true;
	return false;
}

int od_strings_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

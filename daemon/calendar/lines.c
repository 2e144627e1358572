/*
 * Unfolding first, UTF-8 second: simple writers fold in the middle of a character, and RFC 5545,
 * 3.1, asks readers to restore it.
 */
#include "calendar/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/scan.h"

int od_lines_init(struct od_lines *lines, const char *text, size_t size)
{
	if (size > OD_LINES_TEXT_MAX)
		return OD_E_LIMIT;
	*lines = (struct od_lines){ .at = text, .end = text + size, .next_number = 1 };
	if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		lines->at += 3;
	lines->buffer = malloc(OD_LINES_MAX + 1);
	return lines->buffer ? 0 : -ENOMEM;
}

void od_lines_done(struct od_lines *lines)
{
	free(lines->buffer);
	lines->buffer = NULL;
}

/* One physical line without its end; false at the end of the text. */
static int take_physical(struct od_lines *lines, const char **ret, size_t *ret_size)
{
	size_t left = (size_t) (lines->end - lines->at);
	const char *stop = left ? memchr(lines->at, '\n', left) : NULL;

	if (left == 0)
		return OD_E_NOT_FOUND;
	*ret = lines->at;
	*ret_size = stop ? (size_t) (stop - lines->at) : left;
	lines->at = stop ? stop + 1 : lines->end;
	lines->next_number++;
	if (*ret_size && (*ret)[*ret_size - 1] == '\r')
		--*ret_size;
	return 0;
}

static int append(struct od_lines *lines, const char *part, size_t size)
{
	if (size > OD_LINES_MAX - lines->size)
		return OD_E_LIMIT;
	memcpy(lines->buffer + lines->size, part, size);
	lines->size += size;
	return 0;
}

int od_lines_next(struct od_lines *lines, const char **reterr_text)
{
	const char *part;
	size_t size;
	int r;

	lines->size = 0;
	lines->text = lines->buffer;
	lines->number = lines->next_number;
	r = take_physical(lines, &part, &size);
	if (r == 0)
		r = append(lines, part, size);
	while (r == 0 && lines->at < lines->end && (*lines->at == ' ' || *lines->at == '\t')) {
		r = take_physical(lines, &part, &size);
		if (r == 0 && size > 0)
			r = append(lines, part + 1, size - 1);
	}
	if (r != 0)
		return r;
	lines->buffer[lines->size] = '\0';
	if (memchr(lines->buffer, '\0', lines->size)) {
		*reterr_text = N_("a zero byte, which no text has");
		return OD_E_SYNTAX;
	}
	if (od_scan_utf8(lines->buffer, lines->size) != lines->size) {
		*reterr_text = N_("bytes that are not UTF-8");
		return OD_E_SYNTAX;
	}
	return 0;
}

bool od_lines_is(const struct od_lines *lines, const char *name)
{
	size_t size = strlen(name);

	return lines->size > size && strncasecmp(lines->text, name, size) == 0 &&
	       (lines->text[size] == ':' || lines->text[size] == ';');
}

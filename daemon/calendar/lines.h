/* The content lines of an iCalendar text: unfolded, numbered, bounded, checked for UTF-8. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"

#define OD_LINES_TEXT_MAX ((size_t) 10 << 20) /* a whole feed */
#define OD_LINES_MAX      ((size_t) 1 << 20)  /* one unfolded line */

struct od_lines {
	const char *at, *end;
	unsigned next_number;
	char *buffer;

	/* the current one, NUL-terminated */
	char *text;
	size_t size;
	unsigned number; /* of its first physical line */
};

/* Return: 0, OD_E_LIMIT (more than OD_LINES_TEXT_MAX), -ENOMEM. Borrows @text. */
int od_lines_init(struct od_lines *lines, const char *text, size_t size) OD_CHECK;
void od_lines_done(struct od_lines *lines);

/* Return: 0 (lines->text and so on are set), OD_E_NOT_FOUND (the end), OD_E_SYNTAX with
 * *@reterr_text, OD_E_LIMIT (a longer line). lines->number is set on every error. */
int od_lines_next(struct od_lines *lines, const char **reterr_text) OD_CHECK;

/* Whether the current line is the property @name: "NAME:..." or "NAME;...", any case. */
bool od_lines_is(const struct od_lines *lines, const char *name);

/*
 * Two matchers of one shape: characters within a component, components within a path.
 *
 * Each goes back to the *last* star only, which is enough (an earlier star could only give up what
 * the later one may take as well) and keeps the work at pattern times text, so that no file name
 * and no pattern makes a daemon slow.
 */
#include "model/glob.h"

#include <string.h>

struct span {
	const char *at, *end;
};

bool od_glob_is_wild(const char *pattern, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (strchr("*?[", pattern[i]) && pattern[i] != '\0')
			return true;
	return false;
}

/* Past one UTF-8 character; bytes that are none count one by one. */
static const char *next_character(const char *at, const char *end)
{
	unsigned char lead = (unsigned char) *at++;

	if (lead < 0xc0)
		return at;
	while (at < end && ((unsigned char) *at & 0xc0) == 0x80)
		at++;
	return at;
}

/* The byte after "]" of the set that starts at @p ("["), or NULL: then "[" is an ordinary "[". */
static const char *set_end(const char *p, const char *end)
{
	const char *at = p + 1;

	if (at < end && (*at == '!' || *at == '^'))
		at++;
	if (at < end && *at == ']')
		at++;
	while (at < end && *at != ']')
		at++;
	return at < end ? at + 1 : NULL;
}

/* Sets compare bytes: good for ASCII, which is all that file names of programs vary in. */
static bool set_contains(const char *p, const char *end, unsigned char c)
{
	const char *at = p + 1;
	bool inverted = *at == '!' || *at == '^';
	bool found = false;

	if (inverted)
		at++;
	end--;
	for (const char *first = at; at < end && (*at != ']' || at == first); at++) {
		unsigned char from = (unsigned char) *at, to = from;

		if (at + 2 < end && at[1] == '-') {
			to = (unsigned char) at[2];
			at += 2;
		}
		if (c >= from && c <= to)
			found = true;
	}
	return found != inverted;
}

/* One pattern element against one character; on a match both are moved behind it. */
static bool step(struct span *pattern, struct span *text)
{
	const char *after;

	if (pattern->at == pattern->end || text->at == text->end)
		return false;
	if (*pattern->at == '?') {
		pattern->at++;
		text->at = next_character(text->at, text->end);
		return true;
	}
	after = *pattern->at == '[' ? set_end(pattern->at, pattern->end) : NULL;
	if (after) {
		if (!set_contains(pattern->at, after, (unsigned char) *text->at))
			return false;
		pattern->at = after;
		text->at++;
		return true;
	}
	if (*pattern->at != *text->at)
		return false;
	pattern->at++;
	text->at++;
	return true;
}

static bool component_matches(struct span pattern, struct span text)
{
	struct span star = { NULL, NULL };
	const char *resume = NULL;

	while (text.at < text.end || pattern.at < pattern.end) {
		if (pattern.at < pattern.end && *pattern.at == '*') {
			pattern.at++;
			star = pattern;
			resume = text.at;
			continue;
		}
		if (step(&pattern, &text))
			continue;
		if (!resume || resume == text.end)
			return false;
		pattern = star;
		resume = next_character(resume, text.end);
		text.at = resume;
	}
	return true;
}

bool od_glob_matches(const char *pattern, const char *text)
{
	const struct span p = { pattern, pattern + strlen(pattern) };
	const struct span t = { text, text + strlen(text) };

	return !memchr(t.at, '/', (size_t) (t.end - t.at)) && component_matches(p, t);
}

/* The next component of a path; empty ones ("//") do not count. False at the end. */
static bool component(const char **at, struct span *ret)
{
	while (**at == '/')
		(*at)++;
	if (**at == '\0')
		return false;
	ret->at = *at;
	ret->end = *at + strcspn(*at, "/");
	*at = ret->end;
	return true;
}

static bool is_any_folders(struct span component)
{
	return component.end - component.at == 2 && memcmp(component.at, "**", 2) == 0;
}

bool od_glob_path_matches(const char *pattern, const char *path)
{
	const char *p = pattern, *t = path, *star = NULL, *resume = NULL;
	struct span want, have;

	if (*pattern != '/' || *path != '/')
		return false;
	for (;;) {
		const char *p_next = p, *t_next = t;
		bool more_pattern = component(&p_next, &want);
		bool more_text = component(&t_next, &have);

		if (more_pattern && is_any_folders(want)) {
			struct span after;
			const char *rest = p_next;

			if (!component(&rest, &after))
				return more_text;
			p = star = p_next;
			resume = t;
			continue;
		}
		if (!more_pattern && !more_text)
			return true;
		if (more_pattern && more_text && component_matches(want, have)) {
			p = p_next;
			t = t_next;
			continue;
		}
		if (!resume || !component(&resume, &have))
			return false;
		p = star;
		t = resume;
	}
}

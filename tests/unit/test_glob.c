#include "model/glob.h"

#include "unit/rules_fixture.h"

struct row {
	const char *pattern, *text;
	bool matches;
};

static void check(const struct row *rows, size_t n, bool (*matches)(const char *, const char *))
{
	for (size_t i = 0; i < n; i++)
		if (matches(rows[i].pattern, rows[i].text) != rows[i].matches)
			fail_msg("\"%s\" and \"%s\": expected %d", rows[i].pattern, rows[i].text,
				rows[i].matches);
}

static void test_component_wildcards(void **state)
{
	static const struct row rows[] = {
		{ "", "", true },
		{ "", "a", false },
		{ "a", "", false },
		{ "abc", "abc", true },
		{ "abc", "ABC", false },
		{ "*", "", true },
		{ "*", "anything", true },
		{ "*", "a/b", false },
		{ "Signal*.AppImage", "Signal-7.1.AppImage", true },
		{ "Signal*.AppImage", "Signal-7.1.AppImage.zsync", false },
		{ "a*b*c", "a-b-b-c", true },
		{ "a*b*c", "a-c-b", false },
		{ "**", "abc", true },
		{ "?", "a", true },
		{ "?", "", false },
		{ "?", "\xc3\xa9", true }, /* one character, two bytes */
		{ "caf?", "caf\xc3\xa9", true },
		{ "???", "\xe9\x92\x89", false },
		{ "[abc]x", "bx", true },
		{ "[a-c]x", "dx", false },
		{ "[!a-c]x", "dx", true },
		{ "[^a-c]x", "ax", false },
		{ "[]]", "]", true },
		{ "[[]1]", "[1]", true },
		{ "[abc", "[abc", true }, /* never closed: itself */
		{ "[a-]", "-", true },
		{ "electron[0-9]*", "electron28", true },
		{ "electron[0-9]*", "electronic-wechat", false },
	};

	(void) state;
	check(rows, OD_ELEMENTS(rows), od_glob_matches);
}

static void test_path_wildcards(void **state)
{
	static const struct row rows[] = {
		{ "/srv/hr/**", "/srv/hr/a", true },
		{ "/srv/hr/**", "/srv/hr/a/b/c.pdf", true },
		{ "/srv/hr/**", "/srv/hr", false },
		{ "/srv/hr/**", "/srv/hr/", false },
		{ "/srv/hr/**", "/srv/hrx/a", false },
		{ "/srv/*/a", "/srv/x/a", true },
		{ "/srv/*/a", "/srv/x/y/a", false },
		{ "/srv/**/a", "/srv/a", true },
		{ "/srv/**/a", "/srv/x/y/a", true },
		{ "/srv/**/a/*.pdf", "/srv/a/b/a/c.pdf", true },
		{ "/srv/**/a/*.pdf", "/srv/a/b/a/d/c.pdf", false },
		{ "/**/x/**/y", "/x/1/2/y", true },
		{ "/**/x/**/y", "/x/1/2/z", false },
		{ "/**/b/**", "/b", false },
		{ "/**", "/a", true },
		{ "/**", "/", false },
		{ "/a/b", "/a//b/", true },  /* empty components do not count */
		{ "/a/**b", "/a/xb", true }, /* not a whole component: an ordinary star */
		{ "/a/**b", "/a/x/b", false },
		{ "a", "a", false }, /* paths are absolute */
		{ "/a", "a", false },
	};

	(void) state;
	check(rows, OD_ELEMENTS(rows), od_glob_path_matches);
}

/* With naive backtracking this would take longer than the universe has. */
static void test_hostile_pattern_takes_bounded_time(void **state)
{
	char pattern[512], path[4096];
	size_t at = 0;

	(void) state;
	while (at + 2 < sizeof(pattern) / 2) {
		pattern[at++] = '*';
		pattern[at++] = 'a';
	}
	pattern[at++] = 'b';
	pattern[at] = '\0';
	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_false(od_glob_matches(pattern, path));

	at = 0;
	while (at + 6 < sizeof(pattern)) {
		memcpy(pattern + at, "/**/*a", 6);
		at += 6;
	}
	strcpy(pattern + at - 1, "b");
	for (size_t i = 0; i + 1 < sizeof(path); i += 2)
		memcpy(path + i, "/a", 2);
	path[sizeof(path) - 1] = '\0';
	assert_false(od_glob_path_matches(pattern, path));
}

static void test_wildcards_are_seen(void **state)
{
	(void) state;
	assert_false(od_glob_is_wild("plain", 5));
	assert_true(od_glob_is_wild("pl*in", 5));
	assert_false(od_glob_is_wild("plain*", 5));
	assert_true(od_glob_is_wild("[a]", 3));
	assert_true(od_glob_is_wild("?", 1));
	assert_false(od_glob_is_wild("", 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_component_wildcards),
		cmocka_unit_test(test_path_wildcards),
		cmocka_unit_test(test_hostile_pattern_takes_bounded_time),
		cmocka_unit_test(test_wildcards_are_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

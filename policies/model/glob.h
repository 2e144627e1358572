/*
 * Wildcards: "*" (anything but "/"), "?" (one character but "/"), "[a-z]" "[!a-z]", and in paths
 * "**" as a whole component (any number of folders; at the end: everything below).
 *
 * Bounded: never more steps than length of the pattern times length of the text.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* @text as a whole against @pattern, without "**": both are one component, "/" is no wildcard's. */
bool od_glob_matches(const char *pattern, const char *text);
/* The same for absolute paths, component by component, with "**". */
bool od_glob_path_matches(const char *pattern, const char *path);
/* Whether @pattern (@length bytes of it) holds a wildcard. */
bool od_glob_is_wild(const char *pattern, size_t length);

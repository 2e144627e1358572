/*
 * Texts a person reads.
 *
 * N_() marks a text where it stands as data; whoever shows it translates. The pure rooms never
 * translate (that reads the environment): they hand out marked texts or take an od_translate_fn.
 */
#pragma once

#define OD_TEXT_DOMAIN "offduty"

#define N_(text) text

/* Yields the text in the reader's language, or @msgid itself; never NULL, borrowed. */
typedef const char *(*od_translate_fn)(const char *msgid);

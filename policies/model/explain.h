/* Reasons in words: one place for the notifier, the CLI and the journal. */
#pragma once

#include <stddef.h>

#include "model/decision.h"

/*
 * od_explain() - one sentence saying why
 * @reason:    what decided
 * @verdict:   what it led to; of duty and notifications ALLOW (on duty, shown) or BLOCK (off, held)
 * @translate: yields a msgid in the reader's language; NULL: English
 * @text:      the sentence, always terminated, cut at a whole UTF-8 character
 *
 * Never fails: a reason that lacks a member is worded without it.
 */
void od_explain(const struct od_reason *reason, enum od_verdict verdict, od_translate_fn translate,
	char *text, size_t size);

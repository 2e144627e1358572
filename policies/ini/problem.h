/* What is wrong with a policy, line by line. */
#pragma once

#include <stdio.h>

#include "base/array.h"
#include "base/i18n.h"

enum od_severity { OD_SEVERITY_WARNING, OD_SEVERITY_ERROR };

struct od_problem {
	enum od_severity severity;
	char *code; /* stable: "unknown-key", "duplicate-key"; listed in policies/ini/README.md */
	char *file;
	unsigned line;   /* 0: the whole file */
	unsigned column; /* from 1, in bytes; 0: the whole line */
	char *text;      /* what is wrong, what was expected, did you mean */
};

struct od_problems {
	OD_ARRAY(struct od_problem) list;
	bool lost;                 /* some could not be kept: OD_PROBLEMS_MAX, or no memory */
	unsigned errors;           /* faults seen, lost ones too */
	od_translate_fn translate; /* NULL: English */
};

#define OD_PROBLEMS_MAX 1000

void od_problems_done(struct od_problems *problems);
/* @format is a msgid and is translated. */
void od_problem_add(struct od_problems *problems, enum od_severity severity, const char *code,
	const char *file, unsigned line, unsigned column, const char *format, ...) OD_PRINTF(7, 8);
/* "; did you mean NEAREST?" behind the last one added; @nearest may be NULL: nothing happens. */
void od_problem_suggest(struct od_problems *problems, const char *nearest);
/* @msgid in the language of the problems, for an argument that is a text itself. Never NULL. */
const char *od_problem_word(const struct od_problems *problems, const char *msgid);
size_t od_problems_count(const struct od_problems *problems, enum od_severity severity);
/* Sort by file, line, column; "FILE:LINE:COLUMN: error: TEXT [CODE]\n" for each. */
void od_problems_sort(struct od_problems *problems);
void od_problems_print(const struct od_problems *problems, FILE *out);

/*
 * One INI file as lines: what was written, where.
 *
 * The text rules of offduty.policy(5) are held here; what a key means is the business of table.h.
 */
#pragma once

#include "ini/problem.h"

#define OD_DOCUMENT_BYTES_MAX ((size_t) 10 * 1024 * 1024)
#define OD_DOCUMENT_KEYS_MAX  5000 /* iniparser looks keys up one by one */
#define OD_DOCUMENT_LINE_MAX  1020 /* bytes; iniparser gives up the whole file just above */
#define OD_LABEL_MAX          64

struct od_document_line {
	size_t section; /* index into .sections */
	char *key;      /* as written, without "+"; like the value, in the document's text */
	char *value;    /* as iniparser reads it: no quotes, no comment; never NULL */
	unsigned line;
	unsigned column;       /* of the key */
	unsigned value_column; /* of the first byte of the value, behind a quote */
	bool append;           /* key += value */
	bool quoted;           /* the value stood in double quotes */
	unsigned comment;      /* column of a comment behind the value; 0: none */
};

struct od_document_section {
	char *name;
	char *label; /* NULL: none */
	unsigned line;
};

/* A stretch of one line. */
struct od_slice {
	const char *from, *to;
};

struct od_document {
	const char *file; /* borrowed: lives as long as the document's reader needs it */
	size_t size;      /* of the bytes */
	char *text;       /* a copy of the bytes, cut into keys and values */
	OD_ARRAY(struct od_document_section) sections;
	OD_ARRAY(struct od_document_line) lines; /* only those without a fault, in order */
	/* For each of them, from its "=" on, into the bytes; gone once iniparser has read them. */
	OD_ARRAY(struct od_slice) rests;
};

/*
 * od_document_parse() - scan the bytes of one file
 * @file:     its name in problems and origins; borrowed by *@ret
 * @problems: faults are added. The lines without one are still handed out, so that their own
 *            faults are found in the same run; the caller looks at problems->errors
 *
 * Return: 0, or -errno (no memory, no memory file).
 */
int od_document_parse(const char *file, const char *bytes, size_t size,
	struct od_problems *problems, struct od_document **ret) OD_CHECK;
/*
 * The same in two steps, for many files: small ones go to iniparser together, which spares a memory
 * file each. What was scanned may be used only after the check, and needs its @bytes until then.
 */
int od_document_scan(const char *file, const char *bytes, size_t size, struct od_problems *problems,
	struct od_document **ret) OD_CHECK;
int od_documents_check(
	struct od_document *const *documents, size_t n, struct od_problems *problems) OD_CHECK;
void od_document_free(struct od_document *document);
OD_DEFINE_CLEANUP(struct od_document *, od_document_free)

/* [a-z0-9][a-z0-9._-]{0,63} */
bool od_document_label_ok(const char *label);

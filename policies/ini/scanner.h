/* The lines of one file, byte by byte: the first half of document.c. */
#pragma once

#include "ini/document.h"

#define OD_SCANNER_NAME_MAX   100 /* bytes of a section name or key */
#define OD_SCANNER_NO_SECTION ((size_t) -1)

struct od_scanner {
	struct od_document *document; /* filled with the faultless lines, repeated keys too */
	struct od_problems *problems;
	unsigned line;
	const char *bytes;    /* what is scanned */
	struct od_slice text; /* the whole line */
	size_t section;       /* index, or OD_SCANNER_NO_SECTION and the like */
};

/* Scan @bytes, which must outlive @scanner. Return: 0 (also with faults), or -ENOMEM. */
int od_scanner_run(struct od_scanner *scanner, const char *bytes, size_t size) OD_CHECK;

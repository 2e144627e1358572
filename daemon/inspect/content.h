/*
 * Facts about the content of one open file. Reads by offset, never opens anything, looks at a
 * bounded part, and stops at a deadline.
 */
#pragma once

#include "base/inspect_protocol.h"
#include "inspect/detect.h"

#define OD_CONTENT_HEAD ((size_t) 1 << 20)
#define OD_CONTENT_TAIL ((size_t) 64 << 10)

struct od_content; /* libmagic's tables and buffers; one for the whole life */

/* Return: 0, -ENOMEM, -EIO (libmagic cannot be loaded). */
int od_content_new(struct od_content **ret) OD_CHECK;
void od_content_free(struct od_content *content);
OD_DEFINE_CLEANUP(struct od_content *, od_content_free)

/* Fill in @reply; whatever could not be read makes it OD_INSPECT_UNSCANNABLE.
 * @deadline_ns: CLOCK_MONOTONIC; what is not done by then is left. */
void od_content_look(
	struct od_content *content, int fd, int64_t deadline_ns, struct od_inspect_reply *reply);

int64_t od_content_now_ns(void);

/* Text of an XML member in place: no tags, a line end where a paragraph, row or cell ends. Pure.
 * Return: its length. */
size_t od_content_strip_tags(char *text, size_t size);

/*
 * What the guard and offduty-inspect say to each other, over a SOCK_SEQPACKET socket: one request
 * with one open file in it, one reply, the end. Both are of one build on one machine, so these are
 * plain structures; each side checks every byte of the other's all the same.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

#define OD_INSPECT_MAGIC   UINT32_C(0x4f444931) /* "ODI1" */
#define OD_INSPECT_VERSION 1

#define OD_INSPECT_MIME_MAX      96
#define OD_INSPECT_LABELS_MAX    8
#define OD_INSPECT_LABEL_MAX     64
#define OD_INSPECT_DETECTORS_MAX 8
#define OD_INSPECT_NAME_MAX      16

struct od_inspect_request {
	uint32_t magic;
	uint32_t version;
};

enum od_inspect_flag {
	OD_INSPECT_ENCRYPTED = 1 << 0,   /* protected by a password: nothing inside could be read */
	OD_INSPECT_UNSCANNABLE = 1 << 1, /* too large, too deep, broken, or not in time */
	OD_INSPECT_PARTIAL = 1 << 2,     /* only its beginning and end were looked at */
};

struct od_inspect_reply {
	uint32_t magic;
	uint32_t version;
	uint32_t flags;
	uint32_t n_labels, n_detected;
	char mime[OD_INSPECT_MIME_MAX]; /* "": unknown */
	char labels[OD_INSPECT_LABELS_MAX][OD_INSPECT_LABEL_MAX];
	struct {
		char name[OD_INSPECT_NAME_MAX]; /* "iban" */
		uint32_t count;
	} detected[OD_INSPECT_DETECTORS_MAX];
};

void od_inspect_request_init(struct od_inspect_request *request);
/* Return: 0, OD_E_SYNTAX (not a request), OD_E_UNSUPPORTED (of another version). */
int od_inspect_request_check(const void *bytes, size_t size) OD_CHECK;

void od_inspect_reply_init(struct od_inspect_reply *reply);
/* Adds; what is too long is cut, what is too many is left out. */
void od_inspect_reply_add_label(struct od_inspect_reply *reply, const char *label, size_t length);
void od_inspect_reply_add_detected(
	struct od_inspect_reply *reply, const char *name, unsigned count);
/* Copies @bytes into @ret when every count and every text in it is bounded and terminated.
 * Return: 0, OD_E_SYNTAX, OD_E_UNSUPPORTED. */
int od_inspect_reply_check(const void *bytes, size_t size, struct od_inspect_reply *ret) OD_CHECK;

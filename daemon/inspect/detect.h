/*
 * Things in a text that must not leave: counted, each different one once, checked by their own
 * check digits. What was found is never handed out, only how often. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum od_detector {
	OD_DETECTOR_IBAN,
	OD_DETECTOR_CARD,
	OD_DETECTOR_NIR, /* French social security number */
	OD_DETECTOR_EMAILS,
	OD_DETECTOR_PEM, /* private keys */
	OD_DETECTOR_CLOUD_KEY,
	OD_DETECTOR_MAX_,
};

const char *od_detector_to_string(enum od_detector detector);

#define OD_SEEN_MAX 1024 /* different ones of a kind; more are counted without looking */

struct od_findings {
	unsigned count[OD_DETECTOR_MAX_];
	struct {
		uint64_t hash[OD_SEEN_MAX];
		unsigned n;
	} seen[OD_DETECTOR_MAX_];
};

/* Adds what is in @text. Any bytes are text here. */
void od_detect(const char *text, size_t size, struct od_findings *findings);

/* Validators over a clean text (no blanks), for tests. */
bool od_detect_is_iban(const char *text, size_t length);
bool od_detect_is_card(const char *digits, size_t length);
bool od_detect_is_nir(const char *text, size_t length);

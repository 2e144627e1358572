/* What "policy diff" found, and how it is said. */
#pragma once

#include "ini/effective.h"
#include "model/compare.h"
#include "model/launch.h"
#include "offline.h"
#include "running.h"
#include "settings.h"

enum od_subject_kind { OD_SUBJECT_EVERYBODY, OD_SUBJECT_GROUP, OD_SUBJECT_PERSON };

struct od_subject {
	enum od_subject_kind kind;
	struct od_known_person who;
};

struct od_diff_running {
	struct od_running running;
	enum od_verdict before, after; /* for who runs it, now */
};

struct od_diff {
	struct od_policy *before, *after;
	struct od_zone *local;
	int64_t now_us;
	OD_ARRAY(struct od_subject) subjects; /* as in .compared */
	struct od_compared compared;
	OD_ARRAY(struct od_diff_running) running;
	struct od_effective *written_before, *written_after;
	od_setting_changes settings;
};

void od_diff_text(const struct od_diff *diff);
void od_diff_json(const struct od_diff *diff);

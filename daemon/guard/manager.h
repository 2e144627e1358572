/*
 * The guard as a whole: ties policy, clock, people, bus and the two guards together. Everything here
 * runs in the main thread.
 */
#pragma once

#include <limits.h>

#include "bus/object.h"
#include "guard/counters.h"
#include "guard/exec_guard.h"
#include "guard/judge.h"
#include "guard/people.h"
#include "guard/runners.h"
#include "guard/share_guard.h"
#include "guard/subscribers.h"
#include "guard/tells.h"
#include "ini/source.h"
#include "runtime/clock.h"
#include "runtime/service.h"
#include "runtime/watch.h"
#include "runtime/zone_data.h"

enum od_guard_state {
	OD_GUARD_ENFORCING,
	OD_GUARD_WARNING,
	OD_GUARD_AUDITING,
	OD_GUARD_NO_POLICY,
	OD_GUARD_DISABLED,
	OD_GUARD_UNSUPPORTED,
};

struct od_manager_options {
	const char *root, *clock, *bus, *state_dir, *only, *notifier, *inspect,
		*kernel_command_line;
};

/* Somebody was told of the same thing a moment ago: not again. */
struct od_told {
	uid_t uid;
	enum od_tell_kind kind;
	char what[128];
	int64_t at_us;
};

#define OD_TOLD_MAX 64

struct od_manager {
	struct od_manager_options options;
	char state_dir[PATH_MAX], last_good_dir[PATH_MAX], records_dir[PATH_MAX];
	char inspect_socket[PATH_MAX], leave_dir[PATH_MAX];
	od_strings only; /* of --only-filesystem; empty: no such limit */
	const char **only_list;
	int lock;
	bool disabled, unsupported, exec_started, name_owned;

	struct od_service *service;
	struct od_clock *clock;
	struct od_timer *daily;
	struct od_people *people;
	struct od_judge *judge;
	struct od_tells *tells;
	struct od_counters counters;
	struct od_exec_guard *exec_guard;
	struct od_share_guard *share_guard;
	struct od_runners *runners;
	struct od_endings *endings; /* NULL: nothing is guarded */
	struct od_bus *bus;
	struct od_subscribers *subscribers;
	struct od_watch *watch, *leave_watch;
	struct od_zone_data *zone_data;
	struct od_ini_paths *paths;
	struct od_source source;
	struct sd_event_source *tells_source;
	struct od_told told[OD_TOLD_MAX];
	size_t next_told;
};

/* Return: 0, OD_E_BUSY (another guard runs), OD_E_UNAVAILABLE (no bus), an od_error or -errno; what
 * is wrong has been logged. */
int od_manager_new(const struct od_manager_options *options, struct od_manager **ret) OD_CHECK;
void od_manager_free(struct od_manager *manager);
OD_DEFINE_CLEANUP(struct od_manager *, od_manager_free)

/* Return: exit status. */
int od_manager_run(struct od_manager *manager);

/* Read the policy again. Return: 0, OD_E_POLICY (the old one stays), -errno. */
int od_manager_reload(struct od_manager *manager);

enum od_guard_state od_manager_state(const struct od_manager *manager);
const char *od_guard_state_to_string(enum od_guard_state state);

/* Before which instant a record is too old, by the policy in force. */
int64_t od_manager_oldest_us(const struct od_manager *manager);

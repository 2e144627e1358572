/*
 * Order of life: lock, bus and name (a second guard stops here, before it marks anything), policy,
 * people, group, marks, ready. On the way down the fanotify group goes first.
 *
 * Policies come and go in enforce.c.
 */
#include "guard/manager.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "Guard.bus.h"
#include "Policy.bus.h"
#include "base/error.h"
#include "base/folder.h"
#include "guard/crash.h"
#include "guard/ending.h"
#include "guard/enforce.h"
#include "guard/proc.h"
#include "guard/records.h"
#include "guard/sweep.h"
#include "guard/telling.h"
#include "runtime/log.h"

#define SETTLE_US   (2 * OD_USEC_PER_SEC)
#define DAY_US      (24 * 3600 * OD_USEC_PER_SEC)
#define START_MS    2000
#define DESCRIPTORS 65536

const char *od_guard_state_to_string(enum od_guard_state state)
{
	switch (state) {
	case OD_GUARD_ENFORCING:
		return "enforcing";
	case OD_GUARD_WARNING:
		return "warning";
	case OD_GUARD_AUDITING:
		return "auditing";
	case OD_GUARD_NO_POLICY:
		return "no-policy";
	case OD_GUARD_DISABLED:
		return "disabled";
	case OD_GUARD_UNSUPPORTED:
		return "unsupported";
	}
	return "unsupported";
}

enum od_guard_state od_manager_state(const struct od_manager *manager)
{
	if (manager->disabled)
		return OD_GUARD_DISABLED;
	if (manager->unsupported)
		return OD_GUARD_UNSUPPORTED;
	if (!manager->source.policy)
		return OD_GUARD_NO_POLICY;
	switch (manager->source.policy->mode) {
	case OD_MODE_ENFORCE:
		break;
	case OD_MODE_WARN:
		return OD_GUARD_WARNING;
	case OD_MODE_AUDIT:
		return OD_GUARD_AUDITING;
	}
	return OD_GUARD_ENFORCING;
}

int64_t od_manager_oldest_us(const struct od_manager *manager)
{
	int64_t kept = manager->source.policy ? manager->source.policy->retention_us : 180 * DAY_US;

	return od_clock_now(manager->clock) - kept;
}

static void on_change(void *userdata)
{
	(void) od_manager_reload(userdata); /* logged there */
}

/* Somebody's absences changed: they are part of who people are here. */
static void on_leave(void *userdata)
{
	struct od_manager *manager = userdata;

	od_people_refresh(manager->people);
	if (manager->endings) {
		od_endings_expect_news(manager->endings);
		od_endings_review(manager->endings);
	}
}

/* The local zone, or what is known of zones, changed: the policy holds zones, too. */
static void on_zone_data(void *userdata)
{
	struct od_manager *manager = userdata;

	manager->source.renew = true;
	(void) od_manager_reload(manager); /* logged there */
	if (manager->source.renew &&
		od_enforce(manager) < 0) /* faulty now; the local zone counts */
		od_log(OD_LOG_ERROR, "out of memory");
}

static void on_reload_signal(void *userdata)
{
	struct od_manager *manager = userdata;

	(void) od_manager_reload(manager);
	/* The signal also means: whatever was read from the host, read it again. */
	if (od_enforce(manager) < 0)
		od_log(OD_LOG_ERROR, "out of memory");
}

/* ---- life */

static bool alive(void *userdata)
{
	struct od_manager *manager = userdata;

	return (!manager->exec_guard || od_exec_guard_alive(manager->exec_guard)) &&
	       (!manager->share_guard || od_share_guard_alive(manager->share_guard));
}

static void on_daily(void *userdata)
{
	struct od_manager *manager = userdata;

	int r = od_records_tidy(manager->records_dir, od_manager_oldest_us(manager));

	if (r != 0)
		(void) od_log_result(OD_LOG_WARNING, r, "old records");
	r = od_timer_set(manager->daily, od_clock_now(manager->clock) + DAY_US);
	if (r != 0)
		(void) od_log_result(OD_LOG_WARNING, r, "old records are not looked at again");
}

static int on_tells(OD_UNUSED sd_event_source *source, OD_UNUSED int fd, OD_UNUSED uint32_t events,
	void *userdata)
{
	od_telling_drain(userdata);
	return 0;
}

static bool on_message(void *userdata, DBusMessage *message)
{
	struct od_manager *manager = userdata;

	od_subscribers_on_message(manager->subscribers, message);
	return false;
}

static void on_runners(void *userdata)
{
	struct od_manager *manager = userdata;

	if (manager->share_guard)
		od_share_guard_update(manager->share_guard);
}

/* ---- start */

static int make_paths(struct od_manager *manager)
{
	const char *root = manager->options.root ? manager->options.root : "";
	const char *state = manager->options.state_dir;
	char *const buffers[] = { manager->state_dir, manager->last_good_dir, manager->records_dir,
		manager->inspect_socket, manager->leave_dir };
	int n[5];

	n[0] = state ? snprintf(buffers[0], PATH_MAX, "%s", state)
		     : snprintf(buffers[0], PATH_MAX, "%s%s", root, OFFDUTY_STATE_DIR);
	n[1] = snprintf(buffers[1], PATH_MAX, "%s/last-good", manager->state_dir);
	n[2] = snprintf(buffers[2], PATH_MAX, "%s/records", manager->state_dir);
	n[3] = manager->options.inspect
		       ? snprintf(buffers[3], PATH_MAX, "%s", manager->options.inspect)
		       : snprintf(buffers[3], PATH_MAX, "%s%s/inspect.sock", root,
				 OFFDUTY_VOLATILE_DIR);
	n[4] = snprintf(buffers[4], PATH_MAX, "%s%s/leave", root, OFFDUTY_INSTANTS_DIR);
	for (unsigned i = 0; i < OD_ELEMENTS(n); i++)
		if (n[i] < 0 || n[i] >= PATH_MAX)
			return -ENAMETOOLONG;
	return 0;
}

static int split_only(struct od_manager *manager)
{
	const char *at = manager->options.only;

	while (at && *at) {
		size_t length = strcspn(at, ",");

		if (length > 0) {
			int r = od_strings_add(&manager->only, at, length);

			if (r < 0)
				return r;
		}
		at += length + (at[length] == ',');
	}
	if (!manager->options.only)
		return 0;
	/* Also when the list came out empty: then nothing at all is guarded. */
	manager->only_list = calloc(manager->only.n + 1, sizeof(*manager->only_list));
	if (!manager->only_list)
		return -ENOMEM;
	for (size_t i = 0; i < manager->only.n; i++)
		manager->only_list[i] = manager->only.items[i];
	return 0;
}

static int take_lock(struct od_manager *manager)
{
	char path[PATH_MAX + 16];

	(void) snprintf(path, sizeof(path), "%s/guard.lock", manager->state_dir);
	manager->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (manager->lock < 0)
		return od_log_result(OD_LOG_ERROR, -errno, "%s", path);
	if (flock(manager->lock, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK)
			return od_log_result(OD_LOG_ERROR, -errno, "%s", path);
		od_log(OD_LOG_ERROR, "another offdutyd runs already");
		return OD_E_BUSY;
	}
	return 0;
}

/* Without a free descriptor the kernel denies a start on our behalf. */
static void raise_limits(void)
{
	struct rlimit limit = { DESCRIPTORS, DESCRIPTORS };

	if (setrlimit(RLIMIT_NOFILE, &limit) == 0 || getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_max < 1024)
		od_log(OD_LOG_WARNING, "the limit of open files is low (%llu)",
			(unsigned long long) limit.rlim_max);
}

static bool read_disabled(const struct od_manager *manager)
{
	const char *path = manager->options.kernel_command_line
				   ? manager->options.kernel_command_line
				   : "/proc/cmdline";
	od_cleanup(od_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[8192];
	ssize_t n = fd >= 0 ? read(fd, text, sizeof(text) - 1) : -1;

	if (n < 0) {
		(void) od_log_result(OD_LOG_WARNING, -errno, "%s", path);
		return false;
	}
	text[n] = '\0';
	return od_proc_is_disabled(text);
}

static int open_bus(struct od_manager *manager)
{
	const struct od_bus_export exports[] = { { &od_bus_interface_policy, manager },
		{ &od_bus_interface_guard, manager }, { NULL, NULL } };
	const char *address = manager->options.bus ? manager->options.bus : "system";
	int r = od_bus_open(od_service_event(manager->service), address, &manager->bus);

	if (r != 0)
		return od_log_result(OD_LOG_ERROR, r, "the bus \"%s\"", address);
	manager->subscribers = od_subscribers_new(manager->bus);
	if (!manager->subscribers)
		return -ENOMEM;
	od_bus_set_filter(manager->bus, on_message, manager);
	r = od_bus_serve(manager->bus, OD_BUS_PATH, exports,
		manager->options.notifier ? manager->options.notifier
					  : OFFDUTY_LIBEXEC_DIR "/offduty-notifier");
	if (r < 0)
		return r;
	/* Calls that arrive before the loop runs wait in the queue until everything stands. */
	r = od_bus_request_name(manager->bus, OD_BUS_NAME, DBUS_NAME_FLAG_DO_NOT_QUEUE);
	if (r == OD_E_BUSY)
		od_log(OD_LOG_ERROR, "another program owns " OD_BUS_NAME);
	else if (r != 0)
		(void) od_log_result(OD_LOG_ERROR, r, "the name " OD_BUS_NAME);
	manager->name_owned = r == 0;
	return r;
}

static int open_guards(struct od_manager *manager)
{
	const struct od_exec_guard_parts parts = { manager->judge, manager->tells,
		&manager->counters };
	const struct od_share_guard_parts share = { .event = od_service_event(manager->service),
		.judge = manager->judge,
		.tells = manager->tells,
		.counters = &manager->counters,
		.runners = manager->runners,
		.inspect_socket = manager->inspect_socket,
		.only = manager->only_list };
	int r;

	if (manager->disabled) {
		od_log(OD_LOG_WARNING, "offduty.disable is on the kernel command line: "
				       "nothing is guarded");
		return 0;
	}
	r = od_exec_guard_new(&parts, &manager->exec_guard);
	if (r == OD_E_UNSUPPORTED) {
		od_log(OD_LOG_ERROR, "this kernel offers no permission events to us: "
				     "nothing is guarded");
		manager->unsupported = true;
		return 0;
	}
	if (r != 0)
		return od_log_result(OD_LOG_ERROR, r, "fanotify");
	r = od_share_guard_new(&share, &manager->share_guard);
	if (r != 0) /* starts are guarded all the same */
		(void) od_log_result(OD_LOG_ERROR, r, "shares are not guarded");
	return 0;
}

static const char *const *watched(const struct od_ini_paths *paths, const char **list, size_t room)
{
	const char *const *const sets[] = { paths->policy, paths->catalogue, paths->holidays };
	size_t n = 0;

	for (unsigned i = 0; i < OD_ELEMENTS(sets); i++)
		for (const char *const *at = sets[i]; *at && n + 1 < room; at++)
			list[n++] = *at;
	list[n] = NULL;
	return list;
}

static int open_policy(struct od_manager *manager)
{
	const char *const leave[] = { manager->leave_dir, NULL };
	const char *list[32];
	int r = od_ini_paths_new(manager->options.root, &manager->paths);

	if (r < 0)
		return r;
	manager->source.paths = *manager->paths;
	manager->source.last_good_dir = manager->last_good_dir;
	manager->source.keep_last_good = true;
	r = od_watch_new(od_service_event(manager->service),
		watched(manager->paths, list, OD_ELEMENTS(list)), SETTLE_US, on_change, manager,
		&manager->watch);
	if (r < 0)
		return od_log_result(OD_LOG_ERROR, r, "the policy's folders cannot be watched");
	r = od_watch_new(od_service_event(manager->service), leave, SETTLE_US, on_leave, manager,
		&manager->leave_watch);
	if (r < 0)
		(void) od_log_result(OD_LOG_WARNING, r, "the folder of absences cannot be watched");
	r = od_zone_data_new(od_service_event(manager->service), manager->options.root,
		on_zone_data, manager, &manager->zone_data);
	if (r < 0)
		(void) od_log_result(OD_LOG_WARNING, r, "the time zone data cannot be watched");
	/* Watch first, then read: a change in between is seen. A fault is no reason not to run. */
	(void) od_manager_reload(manager);
	return 0;
}

/* Nobody is kept waiting yet; a start now would only go unseen. */
static int start_guards(struct od_manager *manager)
{
	int r;

	if (!od_people_settle(manager->people, START_MS))
		od_log(OD_LOG_WARNING, "the name service is slow: rules about people and groups "
				       "wait for it");
	if (!manager->exec_guard)
		return 0;
	r = od_exec_guard_start(manager->exec_guard);
	if (r == 0)
		r = od_enforce_set_marks(manager);
	if (r < 0)
		return od_log_result(OD_LOG_ERROR, r, "the guard cannot start");
	if (!od_marks_settle(od_exec_guard_marks(manager->exec_guard), START_MS))
		od_log(OD_LOG_WARNING, "the filesystems are slow to answer");
	r = od_endings_new(manager, &manager->endings);
	if (r < 0)
		return od_log_result(OD_LOG_ERROR, r, "running messengers");
	od_enforce_on_running(manager);
	return 0;
}

static int open_parts(struct od_manager *manager)
{
	struct sd_event *event = od_service_event(manager->service);
	int r = od_clock_new(event, manager->options.clock, &manager->clock);

	if (r != 0)
		return od_log_result(OD_LOG_ERROR, r, "--clock=%s", manager->options.clock);
	r = od_people_new(manager->leave_dir, &manager->people);
	if (r == 0)
		r = od_tells_new(&manager->tells);
	if (r == 0)
		r = od_runners_new(event, on_runners, manager, &manager->runners);
	if (r == 0)
		r = od_timer_new(manager->clock, on_daily, manager, &manager->daily);
	if (r != 0)
		return r;
	manager->judge = od_judge_new(manager->people, manager->clock);
	if (!manager->judge)
		return -ENOMEM;
	return sd_event_add_io(event, &manager->tells_source, od_tells_fd(manager->tells), EPOLLIN,
		on_tells, manager);
}

static int start(struct od_manager *manager)
{
	const struct od_service_hooks hooks = { on_reload_signal, alive, manager };
	int r = make_paths(manager);

	if (r == 0)
		r = split_only(manager);
	if (r == 0)
		r = od_folder_make(manager->state_dir, 0755);
	if (r != 0)
		return od_log_result(OD_LOG_ERROR, r, "%s", manager->state_dir);
	r = take_lock(manager);
	if (r != 0)
		return r;
	raise_limits();
	manager->disabled = read_disabled(manager);
	r = od_service_new(&hooks, &manager->service);
	if (r == 0)
		r = open_parts(manager);
	if (r >= 0)
		r = open_bus(manager);
	if (r == 0)
		r = open_guards(manager);
	if (r == 0)
		r = open_policy(manager);
	if (r == 0)
		r = start_guards(manager);
	return r;
}

int od_manager_new(const struct od_manager_options *options, struct od_manager **ret)
{
	od_cleanup(od_manager_freep) struct od_manager *manager = calloc(1, sizeof(*manager));
	int r;

	if (!manager)
		return -ENOMEM;
	manager->options = *options;
	manager->lock = -1;
	od_crash_install();
	r = start(manager);
	if (r == 0)
		*ret = od_take(&manager);
	return r;
}

int od_manager_run(struct od_manager *manager)
{
	on_daily(manager);
	od_log(OD_LOG_INFO, "%s", od_guard_state_to_string(od_manager_state(manager)));
	od_service_ready(manager->service, od_guard_state_to_string(od_manager_state(manager)));
	return od_service_run(manager->service);
}

void od_manager_free(struct od_manager *manager)
{
	if (!manager)
		return;
	/* First of all let go of whoever waits. */
	od_exec_guard_free(manager->exec_guard);
	od_share_guard_free(manager->share_guard);
	od_endings_free(manager->endings);
	manager->endings = NULL; /* what is still told ends nothing */
	od_watch_free(manager->watch);
	od_watch_free(manager->leave_watch);
	od_zone_data_free(manager->zone_data);
	if (manager->tells)
		od_telling_drain(manager);
	sd_event_source_disable_unref(manager->tells_source);
	od_tells_free(manager->tells);
	od_runners_free(manager->runners);
	od_subscribers_free(manager->subscribers);
	od_bus_free(manager->bus);
	od_timer_free(manager->daily);
	od_judge_free(manager->judge);
	od_people_free(manager->people);
	od_clock_free(manager->clock);
	od_source_done(&manager->source);
	od_ini_paths_free(manager->paths);
	od_service_free(manager->service);
	od_strings_done(&manager->only);
	free(manager->only_list);
	od_closep(&manager->lock);
	free(manager);
}

/*
 * One clock, one timerfd.
 *
 * All timers of a clock share a timerfd on CLOCK_REALTIME that is set to the earliest of them, with
 * TFD_TIMER_CANCEL_ON_SET: it is cancelled when somebody sets the system's clock, and after a resume
 * from suspend. Then, and when the trial file changed, whoever registered is told and the timerfd is
 * set anew. With no timer but a listener it is set to a far instant, only to be cancelled. At rest
 * nothing wakes the process.
 *
 * An instant of this clock is the real time plus an offset; the offset never changes by itself.
 *
 * Limits: the folder of a trial file must exist and stay; a trial file that becomes unreadable or
 * wrong leaves the last good offset in force.
 */
#include "clock.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <systemd/sd-event.h>
#include <time.h>

#include "base/array.h"
#include "base/error.h"

#define US_PER_SECOND      INT64_C(1000000)
#define OFFSET_MAX_SECONDS (INT64_C(200) * 366 * 86400) /* more is a typing error */
#define SPEC_MAX           128
#define FILE_EVENTS        (IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR)

struct listener {
	void (*fn)(void *userdata);
	void *userdata;
};

struct od_timer {
	struct od_clock *clock;
	struct od_timer *next;
	int64_t instant_us;
	uint64_t round; /* in which it was set */
	void (*fn)(void *userdata);
	void *userdata;
};

struct od_clock {
	sd_event *event;
	int64_t offset_us;
	int timer_fd;
	sd_event_source *timer_source;
	sd_event_source *step_source; /* tells the listeners, outside of whatever noticed */
	uint64_t round;
	struct od_timer *timers;
	OD_ARRAY(struct listener) listeners;
	char *file, *file_name; /* of @FILE: its path, and the part behind the folder */
	int watch_fd;
	sd_event_source *watch_source;
};

static int64_t real_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t) now.tv_sec * US_PER_SECOND + now.tv_nsec / 1000;
}

int64_t od_clock_now(const struct od_clock *clock)
{
	/* The guard asks from a thread of its own. */
	return real_now() + __atomic_load_n(&clock->offset_us, __ATOMIC_RELAXED);
}

/* "+90", "-3600" or an instant that it is at @since_us. */
static int parse_offset(const char *text, int64_t since_us, int64_t *ret_us)
{
	int64_t instant = 0;
	char *end;
	long long seconds;
	int r;

	if (*text != '+' && *text != '-') {
		r = od_clock_parse_instant(text, &instant);
		if (r == 0)
			*ret_us = instant - since_us;
		return r;
	}
	if (!isdigit((unsigned char) text[1]))
		return OD_E_SYNTAX;
	errno = 0;
	seconds = strtoll(text, &end, 10);
	if (*end != '\0' || errno != 0 || seconds > OFFSET_MAX_SECONDS ||
		seconds < -OFFSET_MAX_SECONDS)
		return OD_E_SYNTAX;
	*ret_us = seconds * US_PER_SECOND;
	return 0;
}

static int file_load(const char *path, int64_t *ret_us)
{
	od_cleanup(od_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char text[SPEC_MAX];
	struct stat st;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return OD_E_SYNTAX;
	n = read(fd, text, sizeof(text) - 1);
	if (n < 0)
		return -errno;
	while (n > 0 && isspace((unsigned char) text[n - 1]))
		n--;
	text[n] = '\0';
	if (strlen(text) != (size_t) n)
		return OD_E_SYNTAX;
	return parse_offset(text,
		(int64_t) st.st_mtim.tv_sec * US_PER_SECOND + st.st_mtim.tv_nsec / 1000, ret_us);
}

static int64_t earliest(const struct od_clock *clock)
{
	int64_t first = OD_NEVER;

	for (const struct od_timer *t = clock->timers; t; t = t->next)
		if (t->instant_us < first)
			first = t->instant_us;
	return first;
}

static void step(struct od_clock *clock)
{
	(void) sd_event_source_set_enabled(clock->step_source, SD_EVENT_ONESHOT);
}

/* Set the timerfd. ECANCELED says that the clock was stepped since; the timer is set all the same. */
static int arm(struct od_clock *clock)
{
	int64_t first = earliest(clock);
	struct itimerspec at = { 0 };

	if (first != OD_NEVER || clock->listeners.n > 0) {
		if (first != OD_NEVER && __builtin_sub_overflow(first, clock->offset_us, &first))
			first = clock->offset_us > 0 ? 0 : OD_NEVER;
		if (first <= 0) {
			at.it_value.tv_nsec = 1; /* long past; zero would disarm it */
		} else {
			at.it_value.tv_sec = (time_t) (first / US_PER_SECOND);
			at.it_value.tv_nsec = (long) (first % US_PER_SECOND) * 1000;
		}
	}
	if (timerfd_settime(
		    clock->timer_fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &at, NULL) == 0)
		return 0;
	if (errno != ECANCELED)
		return -errno;
	step(clock);
	return 0;
}

/* Only timers set before this turn: one that sets itself into the past waits for the next turn. */
static struct od_timer *due(struct od_clock *clock, int64_t now, uint64_t round)
{
	for (struct od_timer *t = clock->timers; t; t = t->next)
		if (t->instant_us <= now && t->round <= round)
			return t;
	return NULL;
}

static int on_timer(
	OD_UNUSED sd_event_source *source, int fd, OD_UNUSED uint32_t revents, void *userdata)
{
	struct od_clock *clock = userdata;
	uint64_t expirations, round = clock->round++;
	int64_t now;
	struct od_timer *timer;

	if (read(fd, &expirations, sizeof(expirations)) < 0 && errno == ECANCELED)
		step(clock);
	now = od_clock_now(clock);
	while ((timer = due(clock, now, round)) != NULL) {
		timer->instant_us = OD_NEVER;
		timer->fn(timer->userdata);
	}
	return arm(clock);
}

static int on_step(OD_UNUSED sd_event_source *source, void *userdata)
{
	struct od_clock *clock = userdata;

	/* By index: a listener may register another one. */
	for (size_t i = 0; i < clock->listeners.n; i++)
		clock->listeners.items[i].fn(clock->listeners.items[i].userdata);
	return arm(clock);
}

static void file_changed(struct od_clock *clock)
{
	int64_t offset = 0;

	if (file_load(clock->file, &offset) != 0 || offset == clock->offset_us)
		return;
	__atomic_store_n(&clock->offset_us, offset, __ATOMIC_RELAXED);
	step(clock);
}

static int on_watch(
	OD_UNUSED sd_event_source *source, int fd, OD_UNUSED uint32_t revents, void *userdata)
{
	struct od_clock *clock = userdata;
	char buffer[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	bool changed = false;
	ssize_t n;

	while ((n = read(fd, buffer, sizeof(buffer))) > 0)
		for (const char *p = buffer; p < buffer + n;) {
			const struct inotify_event *event = (const void *) p;

			if ((event->mask & IN_Q_OVERFLOW) ||
				(event->len > 0 && strcmp(event->name, clock->file_name) == 0))
				changed = true;
			p += sizeof(*event) + event->len;
		}
	if (changed)
		file_changed(clock);
	return 0;
}

/* Watch first, read then: a change in between is not missed. */
static int file_open(struct od_clock *clock, const char *path)
{
	od_cleanup(od_freep) char *folder = NULL;
	const char *slash = strrchr(path, '/');
	int r;

	clock->file = strdup(path);
	clock->file_name = strdup(slash ? slash + 1 : path);
	folder = !slash ? strdup(".") : strndup(path, slash == path ? 1 : (size_t) (slash - path));
	if (!clock->file || !clock->file_name || !folder)
		return -ENOMEM;
	clock->watch_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (clock->watch_fd < 0 || inotify_add_watch(clock->watch_fd, folder, FILE_EVENTS) < 0)
		return -errno;
	r = sd_event_add_io(
		clock->event, &clock->watch_source, clock->watch_fd, EPOLLIN, on_watch, clock);
	if (r < 0)
		return r;
	(void) sd_event_source_set_description(clock->watch_source, "clock-file");
	return file_load(path, &clock->offset_us);
}

static int clock_init(struct od_clock *clock, const char *spec)
{
	int r;

	clock->timer_fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
	if (clock->timer_fd < 0)
		return -errno;
	r = sd_event_add_io(
		clock->event, &clock->timer_source, clock->timer_fd, EPOLLIN, on_timer, clock);
	if (r < 0)
		return r;
	(void) sd_event_source_set_description(clock->timer_source, "clock-timer");
	r = sd_event_add_defer(clock->event, &clock->step_source, on_step, clock);
	if (r < 0)
		return r;
	(void) sd_event_source_set_description(clock->step_source, "clock-step");
	r = sd_event_source_set_enabled(clock->step_source, SD_EVENT_OFF);
	if (r < 0 || !spec || !*spec)
		return r;
	if (*spec == '@')
		return file_open(clock, spec + 1);
	return parse_offset(spec, real_now(), &clock->offset_us);
}

int od_clock_new(struct sd_event *event, const char *spec, struct od_clock **ret)
{
	od_cleanup(od_clock_freep) struct od_clock *clock = calloc(1, sizeof(*clock));
	int r;

	if (!clock)
		return -ENOMEM;
	clock->event = sd_event_ref(event);
	clock->timer_fd = clock->watch_fd = -1;
	r = clock_init(clock, spec);
	if (r == 0)
		*ret = od_take(&clock);
	return r;
}

void od_clock_free(struct od_clock *clock)
{
	if (!clock)
		return;
	for (struct od_timer *t = clock->timers; t; t = t->next)
		t->clock = NULL;
	sd_event_source_disable_unref(clock->timer_source);
	sd_event_source_disable_unref(clock->step_source);
	sd_event_source_disable_unref(clock->watch_source);
	od_closep(&clock->timer_fd);
	od_closep(&clock->watch_fd);
	sd_event_unref(clock->event);
	free(clock->listeners.items);
	free(clock->file);
	free(clock->file_name);
	free(clock);
}

int od_clock_on_step(struct od_clock *clock, void (*fn)(void *userdata), void *userdata)
{
	struct listener *listener = od_array_add(&clock->listeners);

	if (!listener)
		return -ENOMEM;
	*listener = (struct listener){ .fn = fn, .userdata = userdata };
	return arm(clock);
}

int od_timer_new(
	struct od_clock *clock, void (*fn)(void *userdata), void *userdata, struct od_timer **ret)
{
	struct od_timer *timer = calloc(1, sizeof(*timer));

	if (!timer)
		return -ENOMEM;
	*timer = (struct od_timer){
		.clock = clock,
		.next = clock->timers,
		.instant_us = OD_NEVER,
		.fn = fn,
		.userdata = userdata,
	};
	clock->timers = timer;
	*ret = timer;
	return 0;
}

int od_timer_set(struct od_timer *timer, int64_t instant_us)
{
	timer->instant_us = instant_us;
	timer->round = timer->clock->round;
	return arm(timer->clock);
}

void od_timer_free(struct od_timer *timer)
{
	struct od_timer **at;

	if (!timer)
		return;
	at = timer->clock ? &timer->clock->timers : NULL;
	while (at && *at && *at != timer)
		at = &(*at)->next;
	if (at && *at)
		*at = timer->next;
	free(timer); /* the timerfd may now fire once for nothing */
}

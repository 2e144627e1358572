#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-event.h>
#include <time.h>
#include <unistd.h>

#include "runtime/service.h"

#define MS UINT64_C(1000)

/* What a service manager would hear, on a real notification socket. */
struct manager {
	char folder[64];
	struct sockaddr_un address;
	int fd;
	unsigned reloads, asked;
	bool alive;
};

static int set_up(void **state)
{
	struct manager *manager = calloc(1, sizeof(*manager));

	strcpy(manager->folder, "/tmp/offduty-service-XXXXXX");
	assert_non_null(mkdtemp(manager->folder));
	manager->address.sun_family = AF_UNIX;
	(void) snprintf(manager->address.sun_path, sizeof(manager->address.sun_path), "%s/notify",
		manager->folder);
	manager->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	assert_int_equal(
		bind(manager->fd, (struct sockaddr *) &manager->address, sizeof(manager->address)),
		0);
	setenv("NOTIFY_SOCKET", manager->address.sun_path, 1);
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	manager->alive = true;
	*state = manager;
	return 0;
}

static int tear_down(void **state)
{
	struct manager *manager = *state;

	unsetenv("NOTIFY_SOCKET");
	close(manager->fd);
	unlink(manager->address.sun_path);
	rmdir(manager->folder);
	free(manager);
	return 0;
}

/* How many of the messages waiting contain @text; all are taken. */
static unsigned heard(const struct manager *manager, const char *text)
{
	char message[512];
	unsigned n = 0;
	ssize_t length;

	while ((length = recv(manager->fd, message, sizeof(message) - 1, 0)) >= 0) {
		message[length] = '\0';
		n += strstr(message, text) != NULL;
	}
	return n;
}

static void reload(void *userdata)
{
	((struct manager *) userdata)->reloads++;
}

static bool alive(void *userdata)
{
	struct manager *manager = userdata;

	manager->asked++;
	return manager->alive;
}

static struct od_service *new_service(struct manager *manager)
{
	const struct od_service_hooks hooks = { reload, alive, manager };
	struct od_service *service = NULL;

	assert_int_equal(od_service_new(&hooks, &service), 0);
	return service;
}

static void run_for(struct od_service *service, uint64_t us)
{
	sd_event *event = od_service_event(service);
	uint64_t start, now;

	assert_true(sd_event_now(event, CLOCK_MONOTONIC, &start) >= 0);
	for (now = start; now - start < us;) {
		assert_true(sd_event_run(event, 10 * MS) >= 0);
		assert_true(sd_event_now(event, CLOCK_MONOTONIC, &now) >= 0);
	}
}

static void test_ready_and_status_are_told(void **state)
{
	struct manager *manager = *state;
	od_cleanup(od_service_freep) struct od_service *service = new_service(manager);

	assert_int_equal(heard(manager, "READY=1"), 0);
	od_service_ready(service, "watching");
	assert_int_equal(heard(manager, "READY=1\nSTATUS=watching"), 1);
	od_service_status(service, "50% done");
	assert_int_equal(heard(manager, "STATUS=50% done"), 1);
}

static void test_terminate_ends_the_loop(void **state)
{
	struct manager *manager = *state;
	static const int signals[] = { SIGTERM, SIGINT };

	for (size_t i = 0; i < OD_ELEMENTS(signals); i++) {
		od_cleanup(od_service_freep) struct od_service *service = new_service(manager);

		assert_int_equal(kill(getpid(), signals[i]), 0);
		assert_int_equal(od_service_run(service), 0);
		assert_int_equal(heard(manager, "STOPPING=1"), 1);
	}
}

static void test_hangup_reloads_and_is_ready_again(void **state)
{
	struct manager *manager = *state;
	od_cleanup(od_service_freep) struct od_service *service = new_service(manager);

	od_service_ready(service, "");
	(void) heard(manager, "");
	assert_int_equal(kill(getpid(), SIGHUP), 0);
	run_for(service, 50 * MS);
	assert_int_equal(manager->reloads, 1);
	assert_int_equal(heard(manager, "1"), 2); /* RELOADING=1, READY=1 */
}

static void test_hangup_without_a_hook_is_ignored(void **state)
{
	struct od_service *service = NULL;

	(void) state;
	assert_int_equal(od_service_new(NULL, &service), 0);
	assert_int_equal(kill(getpid(), SIGHUP), 0);
	run_for(service, 50 * MS);
	od_service_free(service);
}

static void test_a_broken_pipe_is_no_end(void **state)
{
	struct manager *manager = *state;
	OD_UNUSED od_cleanup(od_service_freep) struct od_service *service = new_service(manager);
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	close(fds[0]);
	assert_int_equal(write(fds[1], "x", 1), -1);
	close(fds[1]);
}

static void test_no_watchdog_unless_asked_for(void **state)
{
	struct manager *manager = *state;
	od_cleanup(od_service_freep) struct od_service *service = new_service(manager);

	run_for(service, 100 * MS);
	assert_int_equal(manager->asked, 0);
	assert_int_equal(heard(manager, "WATCHDOG=1"), 0);
}

static void test_pings_come_twice_a_period_while_alive(void **state)
{
	struct manager *manager = *state;
	struct od_service *service;
	unsigned pings;

	setenv("WATCHDOG_USEC", "400000", 1);
	service = new_service(manager);
	run_for(service, 1100 * MS);
	pings = heard(manager, "WATCHDOG=1");
	assert_in_range(pings, 4, 7);
	manager->alive = false;
	run_for(service, 600 * MS);
	assert_int_equal(heard(manager, "WATCHDOG=1"), 0);
	od_service_free(service);
}

static void test_pings_are_five_seconds_apart_where_that_is_enough(void **state)
{
	struct manager *manager = *state;
	struct od_service *service;

	setenv("WATCHDOG_USEC", "8000000", 1);
	service = new_service(manager);
	run_for(service, 4800 * MS);
	assert_int_equal(heard(manager, "WATCHDOG=1"), 1); /* the first one, at once */
	run_for(service, 1500 * MS);
	assert_int_equal(heard(manager, "WATCHDOG=1"), 1);
	od_service_free(service);
}

static void test_freeing_nothing_is_allowed(void **state)
{
	(void) state;
	od_service_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define OD_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		OD_TEST(test_ready_and_status_are_told),
		OD_TEST(test_terminate_ends_the_loop),
		OD_TEST(test_hangup_reloads_and_is_ready_again),
		OD_TEST(test_hangup_without_a_hook_is_ignored),
		OD_TEST(test_a_broken_pipe_is_no_end),
		OD_TEST(test_no_watchdog_unless_asked_for),
		OD_TEST(test_pings_come_twice_a_period_while_alive),
		OD_TEST(test_pings_are_five_seconds_apart_where_that_is_enough),
		OD_TEST(test_freeing_nothing_is_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

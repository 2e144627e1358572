#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <sys/fanotify.h>

#include "base/cleanup.h"
#include "guard/fan_event.h"

static size_t put(char *to, uint32_t length, uint64_t mask, int fd, int pid)
{
	struct fanotify_event_metadata meta = { .event_len = length,
		.vers = FANOTIFY_METADATA_VERSION,
		.metadata_len = sizeof(meta),
		.mask = mask,
		.fd = fd,
		.pid = pid };

	memset(to, 0, length > sizeof(meta) ? length : sizeof(meta));
	memcpy(to, &meta, sizeof(meta));
	return length;
}

static void test_events_come_one_after_another(OD_UNUSED void **state)
{
	struct od_fan_event event;
	char buffer[128];
	size_t offset = 0, size = put(buffer, 24, FAN_OPEN_EXEC_PERM, 7, 100);

	size += put(buffer + size, 40, FAN_OPEN, 8, 101); /* with something behind it */
	assert_int_equal(od_fan_event_next(buffer, size, &offset, &event), OD_FAN_EVENT);
	assert_int_equal(event.fd, 7);
	assert_int_equal(event.pid, 100);
	assert_true(event.mask & FAN_OPEN_EXEC_PERM);
	assert_int_equal(od_fan_event_next(buffer, size, &offset, &event), OD_FAN_EVENT);
	assert_int_equal(event.fd, 8);
	assert_int_equal(od_fan_event_next(buffer, size, &offset, &event), OD_FAN_END);
}

static void test_overflow_has_no_descriptor(OD_UNUSED void **state)
{
	struct od_fan_event event;
	char buffer[64];
	size_t offset = 0, size = put(buffer, 24, FAN_Q_OVERFLOW, FAN_NOFD, 0);

	assert_int_equal(od_fan_event_next(buffer, size, &offset, &event), OD_FAN_EVENT);
	assert_true(event.overflow);
	assert_int_equal(event.fd, -1);
}

static void test_nonsense_is_broken(OD_UNUSED void **state)
{
	struct od_fan_event event;
	char buffer[64];
	size_t offset = 0, size = put(buffer, 24, FAN_OPEN, 7, 1);

	assert_int_equal(od_fan_event_next(buffer, size - 1, &offset, &event), OD_FAN_BROKEN);
	(void) put(buffer, 23, FAN_OPEN, 7, 1);
	assert_int_equal(od_fan_event_next(buffer, size, &offset, &event), OD_FAN_BROKEN);
	(void) put(buffer, 25, FAN_OPEN, 7, 1);
	assert_int_equal(od_fan_event_next(buffer, size, &offset, &event), OD_FAN_BROKEN);
	(void) put(buffer, 24, FAN_OPEN, 7, 1);
	buffer[4]++; /* another version */
	assert_int_equal(od_fan_event_next(buffer, size, &offset, &event), OD_FAN_BROKEN);
	assert_int_equal(offset, 0);
	offset = 100;
	assert_int_equal(od_fan_event_next(buffer, size, &offset, &event), OD_FAN_END);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events_come_one_after_another),
		cmocka_unit_test(test_overflow_has_no_descriptor),
		cmocka_unit_test(test_nonsense_is_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

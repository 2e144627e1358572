/* A policy may name exactly the detectors that offduty-inspect has: another would never match. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "ini/sections.h"
#include "inspect/detect.h"

static void test_policy_and_inspector_know_the_same_detectors(void **state)
{
	size_t n = 0;

	(void) state;
	for (; od_section_detectors[n]; n++) {
		bool found = false;

		for (int i = 0; i < OD_DETECTOR_MAX_; i++)
			found = found || strcmp(od_detector_to_string((enum od_detector) i),
						 od_section_detectors[n]) == 0;
		assert_true(found);
	}
	assert_int_equal(n, OD_DETECTOR_MAX_);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_policy_and_inspector_know_the_same_detectors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

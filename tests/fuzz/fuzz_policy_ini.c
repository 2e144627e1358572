/*
 * A policy file of any bytes. Beyond memory safety: a policy comes out exactly when there is no
 * fault, and iniparser never reads a line differently from the scanner ("unclear").
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "ini/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct od_problems problems = { 0 };
	struct od_policy *policy = NULL;
	int r = od_ini_load_memory("fuzz.ini", (const char *) data, size, NULL, &problems, &policy);

	if ((r == 0) != (policy != NULL) || (r == OD_E_POLICY) != (problems.errors > 0))
		abort();
	od_array_foreach (problem, &problems.list)
		if (strcmp(problem->code, "unclear") == 0)
			abort();
	od_problems_sort(&problems);
	od_problems_done(&problems);
	od_policy_unref(policy);
	return 0;
}

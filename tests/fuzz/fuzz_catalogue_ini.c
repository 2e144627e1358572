/* A catalogue file, and a holiday file, of any bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "ini/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void build_with(const uint8_t *data, size_t size, bool catalogue)
{
	char path[] = "fuzz/x.ini", name[] = "x.ini";
	struct od_file file = {
		.path = path, .name = name, .bytes = (char *) (uintptr_t) data, .size = size
	};
	struct od_set set = { 0 };
	struct od_files *files = catalogue ? &set.catalogue : &set.holidays;
	struct od_problems problems = { 0 };
	struct od_policy *policy = NULL;
	int r;

	files->list.items = &file;
	files->list.n = 1;
	r = od_policy_build(&set, NULL, &problems, &policy);
	if ((r == 0) != (policy != NULL) || (r == OD_E_POLICY) != (problems.errors > 0))
		abort();
	od_array_foreach (problem, &problems.list)
		if (strcmp(problem->code, "unclear") == 0)
			abort();
	od_problems_done(&problems);
	od_policy_unref(policy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	build_with(data, size, true);
	build_with(data, size, false);
	return 0;
}

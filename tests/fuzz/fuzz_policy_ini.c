/*
 * Policy files of any bytes; a line ";;;;" begins the next file of the set. Beyond memory safety: a
 * policy comes out exactly when there is no fault, with names checked against a small catalogue as
 * well as without, and iniparser never reads a line differently from the scanner ("unclear").
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "ini/build.h"

#define FILES_MAX 4

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char element_path[] = "c/element.ini", element_name[] = "element.ini",
	    element_text[] = "[messenger]\nname = Element\nservice = matrix\n[criteria]\n"
			     "e2ee = default\ne2ee.confidence = verified\n";
static char calendar_path[] = "h/mc.ini", calendar_name[] = "mc.ini",
	    calendar_text[] = "[calendar]\nname = Monaco\n[holidays]\n01-27 = \"Dévote; id=d\"\n";
static char path[] = "fuzz.ini", name[] = "fuzz.ini";

static size_t split(char *bytes, size_t size, struct od_file files[FILES_MAX])
{
	static const char mark[] = "\n;;;;\n";
	size_t n = 0;

	while (n < FILES_MAX) {
		char *next = n + 1 < FILES_MAX ? memmem(bytes, size, mark, sizeof(mark) - 1) : NULL;
		size_t part = next ? (size_t) (next - bytes) + 1 : size;

		files[n++] = (struct od_file){
			.path = path, .name = name, .bytes = bytes, .size = part
		};
		bytes += part;
		size -= part;
		if (!next)
			break;
	}
	return n;
}

static void build_with(const struct od_set *set, const struct od_ini_paths *paths)
{
	struct od_problems problems = { 0 };
	struct od_policy *policy = NULL;
	int r = od_policy_build(set, paths, &problems, &policy);

	if ((r == 0) != (policy != NULL) || (r == OD_E_POLICY) != (problems.errors > 0))
		abort();
	od_array_foreach (problem, &problems.list)
		if (strcmp(problem->code, "unclear") == 0)
			abort();
	od_problems_sort(&problems);
	od_problems_done(&problems);
	od_policy_unref(policy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct od_ini_paths paths = { .zoneinfo = "/usr/share/zoneinfo" };
	struct od_file element = { .path = element_path,
		.name = element_name,
		.bytes = element_text,
		.size = sizeof(element_text) - 1 };
	struct od_file calendar = { .path = calendar_path,
		.name = calendar_name,
		.bytes = calendar_text,
		.size = sizeof(calendar_text) - 1 };
	struct od_file files[FILES_MAX];
	struct od_set set = { 0 };
	char *bytes = malloc(size + 1);

	if (!bytes)
		return 0;
	memcpy(bytes, data, size);
	set.policy.list.items = files;
	set.policy.list.n = split(bytes, size, files);
	build_with(&set, NULL);
	set.catalogue.list.items = &element;
	set.catalogue.list.n = 1;
	set.holidays.list.items = &calendar;
	set.holidays.list.n = 1;
	build_with(&set, &paths);
	free(bytes);
	return 0;
}

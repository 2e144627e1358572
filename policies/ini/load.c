/* The doors of the parser: a live set, single files, memory. */
#include "ini/load.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "ini/build.h"

/* @errors: how many there were before the set was read. */
static int build(const struct od_set *set, const struct od_ini_paths *paths, unsigned errors,
	struct od_problems *problems, struct od_policy **ret)
{
	od_cleanup(od_policy_unrefp) struct od_policy *policy = NULL;
	int r = od_policy_build(set, paths, problems, &policy);

	if (r != 0)
		return r;
	if (problems->errors > errors)
		return OD_E_POLICY; /* a file that could not be read */
	*ret = od_take(&policy);
	return 0;
}

int od_ini_load(
	const struct od_ini_paths *paths, struct od_problems *problems, struct od_policy **ret)
{
	od_cleanup(od_set_done) struct od_set set = { 0 };
	unsigned errors = problems->errors;
	int r = od_set_read(paths, problems, &set);

	return r != 0 ? r : build(&set, paths, errors, problems, ret);
}

int od_ini_load_files(const char *const *files, const struct od_ini_paths *paths,
	struct od_problems *problems, struct od_policy **ret)
{
	od_cleanup(od_set_done) struct od_set set = { 0 };
	struct od_ini_paths others = *paths;
	unsigned errors = problems->errors;
	int r;

	others.policy = NULL;
	r = od_set_read(&others, problems, &set);
	for (; r == 0 && *files; files++)
		r = od_layers_read_file(*files, paths, problems, &set.policy);
	return r != 0 ? r : build(&set, paths, errors, problems, ret);
}

int od_ini_load_memory(const char *name, const char *text, size_t size,
	const struct od_ini_paths *paths, struct od_problems *problems, struct od_policy **ret)
{
	od_cleanup(od_set_done) struct od_set set = { 0 };
	unsigned errors = problems->errors;
	struct od_file *file;
	int r = 0;

	if (paths) {
		struct od_ini_paths others = *paths;

		others.policy = NULL;
		r = od_set_read(&others, problems, &set);
	}
	if (r != 0)
		return r;
	file = od_array_add(&set.policy.list);
	if (!file)
		return -ENOMEM;
	file->path = strdup(name);
	file->name = strdup(name);
	file->bytes = malloc(size + 1);
	file->size = size;
	if (!file->path || !file->name || !file->bytes)
		return -ENOMEM;
	if (size)
		memcpy(file->bytes, text, size);
	return build(&set, paths, errors, problems, ret);
}

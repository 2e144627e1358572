/*
 * Two catalogue files that may extend each other, and a path, parted by form feeds. Whatever they
 * are: a set with a fault gives nothing, and what comes out can be asked for anything.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "ini/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const struct od_catalogue *catalogue, const char *text)
{
	const char *const argv[] = { "python3", text, NULL };
	const struct od_program program = { .path = text, .home = "/home/alice" };
	const struct od_program script = { .path = "/usr/bin/python3", .argv = argv };
	enum od_match match = OD_MATCH_NONE;
	const struct od_messenger *found = od_catalogue_match_program(catalogue, &program, &match);

	if (!found != (match == OD_MATCH_NONE))
		abort();
	if (found && od_catalogue_find(catalogue, found->id) != found)
		abort();
	found = od_catalogue_match_program(catalogue, &script, &match);
	if (!found != (match == OD_MATCH_NONE))
		abort();
	(void) od_catalogue_match_notice(catalogue, text, text);
	(void) od_catalogue_match_site(catalogue, text, text);
	(void) od_catalogue_nearest(catalogue, text);
}

/* No program of the machine is a messenger, whatever a file says. */
static void check_machine(const struct od_catalogue *catalogue)
{
	static const char *const paths[] = { "/bin/sh", "/usr/bin/bash", "/usr/sbin/sshd",
		"/usr/bin/sudo", "/usr/bin/python3", "/usr/lib/systemd/systemd", "/usr/bin/dpkg",
		"/usr/bin/gnome-shell", "/usr/libexec/offduty/offdutyd" };

	for (size_t i = 0; i < OD_ELEMENTS(paths); i++) {
		const struct od_program program = { .path = paths[i], .home = "/home/alice" };

		if (od_catalogue_match_program(catalogue, &program, NULL))
			abort();
	}
}

static size_t part(const char **from, const char *end)
{
	const char *feed = memchr(*from, '\f', (size_t) (end - *from));
	size_t length = (size_t) ((feed ? feed : end) - *from);

	*from += length + (feed != NULL);
	return length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char paths[2][16] = { "fuzz/x.ini", "fuzz/y.ini" }, names[2][8] = { "x.ini", "y.ini" };
	const char *at = (const char *) data, *end = at + size;
	struct od_file files[2] = { 0 };
	struct od_set set = { 0 };
	struct od_problems problems = { 0 };
	struct od_policy *policy = NULL;
	char *text;
	int r;

	if (size == 0)
		return 0;
	for (size_t i = 0; i < OD_ELEMENTS(files); i++) {
		files[i].path = paths[i];
		files[i].name = names[i];
		files[i].bytes = (char *) (uintptr_t) at;
		files[i].size = part(&at, end);
	}
	set.catalogue.list.items = files;
	set.catalogue.list.n = files[1].size ? 2 : 1;
	r = od_policy_build(&set, NULL, &problems, &policy);
	if ((r == 0) != (policy != NULL) || (r == OD_E_POLICY) != (problems.errors > 0))
		abort();
	text = strndup(at, (size_t) (end - at));
	if (policy && text) {
		ask(policy->catalogue, text);
		check_machine(policy->catalogue);
	}
	free(text);
	od_problems_done(&problems);
	od_policy_unref(policy);
	return 0;
}

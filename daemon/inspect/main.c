/*
 * offduty-inspect: facts about the content of one open file. See README.md beside this file.
 *
 * Started by its socket (LISTEN_FDS of sd_listen_fds(3), read by hand: this program links nothing it
 * does not need), or with --listen=PATH for trials. Ends by itself when nobody has asked for a while.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "inspect/serve.h"

#define FIRST_FD 3
#define IDLE_MS  60000

static const char usage[] = "usage: offduty-inspect [--listen=PATH]\n"
			    "Says what kind of file an open descriptor is and what it holds.\n\n"
			    "  --listen=PATH  serve a socket of its own there (trials)\n"
			    "  --help         say this\n"
			    "  --version      say the version\n";

/* The one socket the service manager hands over; -1: none. */
static int inherited(void)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");

	if (!pid || !fds || strtol(pid, NULL, 10) != (long) getpid() || strcmp(fds, "1") != 0)
		return -1;
	return fcntl(FIRST_FD, F_SETFD, FD_CLOEXEC) < 0 ? -1 : FIRST_FD;
}

static int parse(int argc, char **argv, const char **ret_listen)
{
	for (int i = 1; i < argc; i++) {
		if (strncmp(argv[i], "--listen=", 9) == 0 && argv[i][9]) {
			*ret_listen = argv[i] + 9;
		} else if (strcmp(argv[i], "--help") == 0) {
			(void) fputs(usage, stdout);
			return 1;
		} else if (strcmp(argv[i], "--version") == 0) {
			(void) printf("offduty-inspect %s\n", OFFDUTY_VERSION);
			return 1;
		} else {
			(void) fputs(usage, stderr);
			return OD_E_USAGE;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	od_cleanup(od_content_freep) struct od_content *content = NULL;
	const char *path = NULL;
	int listener, r;

	r = parse(argc, argv, &path);
	if (r != 0)
		return r == 1 ? 0 : 2;
	listener = path ? od_serve_listen(path) : inherited();
	if (listener < 0) {
		(void) fprintf(stderr, "offduty-inspect: %s: %s\n", path ? path : "no socket",
			path ? strerror(-listener) : "start it by its socket or with --listen");
		return 1;
	}
	r = od_content_new(&content);
	if (r == 0)
		r = od_serve(content, listener, path ? -1 : IDLE_MS);
	if (r < 0)
		(void) fprintf(stderr, "offduty-inspect: %s\n", strerror(-r));
	return r == 0 ? 0 : 1;
}

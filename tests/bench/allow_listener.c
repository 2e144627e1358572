/*
 * The least a program can do that is asked about starts: read, allow, close. What the guard costs is
 * measured against it.
 *
 * usage: allow_listener MOUNT-POINT. Writes a line when the mark is set; ends on any signal, after ten
 * minutes at the latest.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/fanotify.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char buffer[4096] __attribute__((aligned(8)));
	ssize_t n;
	int fan =
		fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC, O_RDONLY | O_LARGEFILE | O_CLOEXEC);

	(void) alarm(600);
	if (argc != 2 || fan < 0 ||
		fanotify_mark(fan, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, FAN_OPEN_EXEC_PERM, AT_FDCWD,
			argv[1]) < 0) {
		perror("allow_listener");
		return 1;
	}
	if (write(STDOUT_FILENO, "ready\n", 6) != 6)
		return 1;
	while ((n = read(fan, buffer, sizeof(buffer))) > 0) {
		struct fanotify_event_metadata *event = (void *) buffer;

		for (; FAN_EVENT_OK(event, n); event = FAN_EVENT_NEXT(event, n)) {
			struct fanotify_response response = { event->fd, FAN_ALLOW };

			if (event->fd < 0 || write(fan, &response, sizeof(response)) < 0)
				continue;
			close(event->fd);
		}
	}
	return 1;
}

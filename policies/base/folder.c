#include "base/folder.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

int od_folder_make(const char *path, mode_t mode)
{
	od_cleanup(od_freep) char *part = strdup(path);

	if (!part)
		return -ENOMEM;
	if (!*part)
		return -ENOENT;
	for (char *at = part + 1;; at++) {
		char c = *at;

		if (c != '/' && c != '\0')
			continue;
		*at = '\0';
		if (mkdir(part, mode) < 0 && errno != EEXIST)
			return -errno;
		if (c == '\0')
			return 0;
		*at = c;
	}
}

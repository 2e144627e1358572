#include "base/cleanup.h"

#include <errno.h>

void od_closep(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		(void) close(*fd); /* nothing is written through it any more */
	*fd = -1;
	errno = saved;
}

#include "guard/tells.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define TELLS_MAX 128

struct od_tells {
	pthread_mutex_t lock;
	int fd;
	size_t first, n;
	struct od_tell ring[TELLS_MAX];
};

int od_tells_new(struct od_tells **ret)
{
	struct od_tells *tells = calloc(1, sizeof(*tells));

	if (!tells)
		return -ENOMEM;
	tells->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (tells->fd < 0) {
		int r = -errno;

		free(tells);
		return r;
	}
	(void) pthread_mutex_init(&tells->lock, NULL);
	*ret = tells;
	return 0;
}

void od_tells_free(struct od_tells *tells)
{
	if (!tells)
		return;
	od_closep(&tells->fd);
	(void) pthread_mutex_destroy(&tells->lock);
	free(tells);
}

int od_tells_fd(const struct od_tells *tells)
{
	return tells->fd;
}

bool od_tells_put(struct od_tells *tells, const struct od_tell *tell)
{
	static const uint64_t one = 1;
	bool taken;

	(void) pthread_mutex_lock(&tells->lock);
	taken = tells->n < TELLS_MAX;
	if (taken)
		tells->ring[(tells->first + tells->n++) % TELLS_MAX] = *tell;
	(void) pthread_mutex_unlock(&tells->lock);
	/* Cannot block (EFD_NONBLOCK) and a full counter is readable all the same. */
	if (taken && write(tells->fd, &one, sizeof(one)) < 0)
		return true;
	return taken;
}

bool od_tells_take(struct od_tells *tells, struct od_tell *ret)
{
	uint64_t drained;
	bool found;

	(void) pthread_mutex_lock(&tells->lock);
	found = tells->n > 0;
	if (found) {
		*ret = tells->ring[tells->first];
		tells->first = (tells->first + 1) % TELLS_MAX;
		tells->n--;
	} else if (read(tells->fd, &drained, sizeof(drained)) < 0) {
		found = false; /* nothing was pending: as good */
	}
	(void) pthread_mutex_unlock(&tells->lock);
	return found;
}

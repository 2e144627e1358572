#include "guard/fan_event.h"

#include <string.h>
#include <sys/fanotify.h>

enum od_fan_next od_fan_event_next(
	const void *buffer, size_t size, size_t *offset, struct od_fan_event *ret)
{
	struct fanotify_event_metadata meta;
	size_t left = *offset <= size ? size - *offset : 0;

	if (left == 0)
		return OD_FAN_END;
	if (left < sizeof(meta))
		return OD_FAN_BROKEN;
	memcpy(&meta, (const char *) buffer + *offset, sizeof(meta));
	if (meta.vers != FANOTIFY_METADATA_VERSION || meta.event_len < sizeof(meta) ||
		meta.event_len > left)
		return OD_FAN_BROKEN;
	*offset += meta.event_len;
	ret->mask = meta.mask;
	ret->fd = meta.fd >= 0 ? meta.fd : -1;
	ret->pid = meta.pid;
	ret->overflow = (meta.mask & FAN_Q_OVERFLOW) != 0;
	return OD_FAN_EVENT;
}

/* The event buffer of a fanotify group: no length in it leads outside. */
#include <stdint.h>
#include <stdlib.h>

#include "guard/fan_event.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct od_fan_event event;
	size_t offset = 0, before = 0;

	while (od_fan_event_next(data, size, &offset, &event) == OD_FAN_EVENT) {
		if (offset <= before || offset > size || event.fd < -1)
			abort();
		before = offset;
	}
	return 0;
}

/* mountinfo: every line either makes a mount with its texts or is counted as faulty. */
#include <stdint.h>
#include <stdlib.h>

#include "guard/mountinfo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct od_mounts mounts = { 0 };
	int r = od_mountinfo_parse((const char *) data, size, &mounts);

	od_array_foreach (mount, &mounts.list) {
		if (r == 0 && (!mount->point || !mount->root || !mount->type))
			abort();
		if (mount->type)
			(void) od_fs_classify(mount->type);
	}
	od_mounts_done(&mounts);
	return 0;
}

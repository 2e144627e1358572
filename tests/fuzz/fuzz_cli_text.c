/* Whatever a notification says, a terminal gets printable characters, and no more columns than asked. */
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "output.h"
#include "when.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	od_cleanup(od_freep) char *text = calloc(1, size + 1), *clean = NULL, *cut = NULL;
	size_t width = size ? data[0] % 80 + 1 : 1;
	od_cleanup(od_zone_unrefp) struct od_zone *utc = od_zone_utc();
	int64_t instant;

	if (!text || !utc || !setlocale(LC_CTYPE, "C.UTF-8"))
		abort();
	memcpy(text, data, size);
	clean = od_out_clean(text, 0);
	cut = od_out_clean(text, width);
	if (!clean || !cut || od_out_width(cut) > width || strlen(clean) > size)
		abort();
	for (const char *p = clean; *p; p++)
		if ((unsigned char) *p < 0x20 || *p == 0x7f)
			abort();
	/* The words of a time: anything but a crash. */
	if (od_when_parse(text, 0, utc, &instant) == 0 && instant < INT64_MIN / 4)
		abort();
	(void) od_when_is_relative(text);
	return 0;
}

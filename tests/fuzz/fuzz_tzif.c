/* A zone file from bytes, then questions around its transitions. */
#include "model/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int64_t instants[] = { INT64_MIN, -1, 0, 1774746000000000, 4102444800000000,
		INT64_MAX };
	od_cleanup(od_zone_unrefp) struct od_zone *zone = NULL;

	if (od_zone_parse("fuzz", data, size, &zone) != 0)
		return 0;
	for (size_t i = 0; i < OD_ELEMENTS(instants); i++) {
		struct od_zone_stretch stretch;
		int32_t day, seconds;

		od_zone_stretch(zone, instants[i], &stretch);
		if (stretch.from_us > instants[i] ||
			(stretch.until_us <= instants[i] && stretch.until_us != OD_NEVER))
			__builtin_trap();
		od_zone_civil(zone, instants[i], &day, &seconds);
		if (seconds < 0 || seconds >= 86400)
			__builtin_trap();
		(void) od_zone_instant(zone, day, seconds);
		(void) od_zone_abbreviation(zone, instants[i])[0];
	}
	return 0;
}

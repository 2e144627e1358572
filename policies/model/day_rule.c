#include "model/day_rule.h"

#include <string.h>

#include "base/error.h"
#include "base/scan.h"

static const char *const weekdays[] = { "monday", "tuesday", "wednesday", "thursday", "friday",
	"saturday", "sunday" };
static const char *const months[] = { "january", "february", "march", "april", "may", "june",
	"july", "august", "september", "october", "november", "december" };

static bool scan_name(const char **p, const char *const *names, size_t n, int *ret)
{
	for (size_t i = 0; i < n; i++) {
		const char *at = *p;

		if (!od_scan_word(&at, names[i]) || (*at >= 'a' && *at <= 'z'))
			continue;
		*p = at;
		*ret = (int) i;
		return true;
	}
	return false;
}

bool od_day_rule_scan_weekday(const char **p, int *ret)
{
	return scan_name(p, weekdays, OD_ELEMENTS(weekdays), ret);
}

bool od_day_rule_scan_month(const char **p, int *ret)
{
	if (!scan_name(p, months, OD_ELEMENTS(months), ret))
		return false;
	++*ret;
	return true;
}

int od_day_rule_scan_nth(const char **p, int *ret)
{
	const char *at = *p;
	bool last = od_scan_word(&at, "-");
	uint64_t number;
	int r = od_scan_unsigned(&at, UINT32_MAX, &number);

	if (r != 0)
		return r;
	if (number < 1 || number > (last ? 1 : 5))
		return OD_E_RANGE;
	*p = at;
	*ret = last ? -1 : (int) number;
	return 0;
}

bool od_day_rule_nth(int year, int month, int weekday, int nth, int32_t *ret)
{
	int32_t first = od_day_from_civil(year, month, 1);
	int length = od_scan_month_length(year, month);
	int offset = (weekday - od_day_weekday(first) + 7) % 7;
	int last = (length - 1 - offset) / 7;

	if (nth > 0 && nth - 1 > last)
		return false;
	*ret = first + offset + 7 * (nth < 0 ? last : nth - 1);
	return true;
}

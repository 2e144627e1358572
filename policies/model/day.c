/*
 * Civil days as numbers, proleptic Gregorian.
 *
 * Both directions count in eras of 400 years (146,097 days) with the year beginning in March, so
 * that the leap day is the last one; no loop, no table, right for every year an int32_t of days
 * can name.
 */
#include "model/zone.h"

#include "model/zone_table.h"

#define ERA_DAYS     146097
#define TO_MARCH     719468 /* days from 0000-03-01 to 1970-01-01 */
#define MONTH_FACTOR 153    /* days in five months from March: 31 30 31 30 31 */

int32_t od_day_from_civil(int year, int month, int day)
{
	int64_t y = (int64_t) year - (month <= 2);
	int64_t era = od_floor_div(y, 400);
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (MONTH_FACTOR * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return (int32_t) (era * ERA_DAYS + day_of_era - TO_MARCH);
}

void od_day_to_civil(int32_t day, int *year, int *month, int *day_of_month)
{
	int64_t z = (int64_t) day + TO_MARCH;
	int64_t era = od_floor_div(z, ERA_DAYS);
	int64_t doe = z - era * ERA_DAYS;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / MONTH_FACTOR;

	*day_of_month = (int) (doy - (MONTH_FACTOR * mp + 2) / 5 + 1);
	*month = (int) (mp < 10 ? mp + 3 : mp - 9);
	*year = (int) (yoe + era * 400 + (*month <= 2));
}

int od_day_weekday(int32_t day)
{
	int weekday = (int) (((int64_t) day + 3) % 7); /* 1970-01-01 was a Thursday */

	return weekday < 0 ? weekday + 7 : weekday;
}

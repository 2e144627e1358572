/*
 * Days are counted in od_zone's civil days, so that a change of the clocks between now and then is
 * right; "2h" is two hours of real time. mktime() and strftime() are not used: they go by the
 * environment of this process, the answer is in the zone of the person's schedule.
 */
#include "when.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/scan.h"
#include "base/translate.h"
#include "ini/load.h"

#define MINUTE        (60 * OD_USEC_PER_SEC)
#define HOUR          (60 * MINUTE)
#define DAY           (24 * HOUR)
#define FURTHEST      (366 * DAY) /* what somebody can mean by "how long" */
#define WORDS_MAX     4
#define ZONE_FILE_MAX (1 << 20)

static const char *const weekdays[] = { N_("Monday"), N_("Tuesday"), N_("Wednesday"),
	N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday") };
static const char *const weekdays_short[] = { N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"),
	N_("Sat"), N_("Sun") };
static const char *const months[] = { N_("January"), N_("February"), N_("March"), N_("April"),
	N_("May"), N_("June"), N_("July"), N_("August"), N_("September"), N_("October"),
	N_("November"), N_("December") };

/* Words people use, by meaning; a translation lists its own language's. */
static const char *const word_fill = N_("until,till,for,to");
static const char *const word_today = N_("today");
static const char *const word_tomorrow = N_("tomorrow");
static const struct {
	const char *words;
	int64_t unit;
} units[] = {
	{ N_("s,sec,second,seconds"), OD_USEC_PER_SEC },
	{ N_("m,min,minute,minutes"), MINUTE },
	{ N_("h,hour,hours"), HOUR },
	{ N_("d,day,days"), DAY },
};

struct words {
	char text[128];
	const char *word[WORDS_MAX];
	size_t n;
};

static bool in_list(const char *list, const char *word, size_t length)
{
	while (*list) {
		size_t n = strcspn(list, ",");

		if (n == length && strncasecmp(list, word, n) == 0)
			return true;
		list += n + (list[n] == ',');
	}
	return false;
}

static bool means(const char *list, const char *word, size_t length)
{
	return in_list(list, word, length) || in_list(_(list), word, length);
}

static bool is(const char *list, const char *word)
{
	return means(list, word, strlen(word));
}

/* Cut into words, without those that only fill. */
static int words_split(const char *text, struct words *ret)
{
	char *at = ret->text, *saved = NULL;

	ret->n = 0;
	if (strlen(text) >= sizeof(ret->text))
		return OD_E_SYNTAX;
	strcpy(ret->text, text);
	for (char *word = strtok_r(at, " \t", &saved); word; word = strtok_r(NULL, " \t", &saved)) {
		if (ret->n == 0 && is(word_fill, word))
			continue;
		if (ret->n == WORDS_MAX)
			return OD_E_SYNTAX;
		ret->word[ret->n++] = word;
	}
	return ret->n ? 0 : OD_E_SYNTAX;
}

static bool unit_find(const char *word, size_t length, int64_t *ret)
{
	for (size_t i = 0; i < OD_ELEMENTS(units); i++)
		if (means(units[i].words, word, length)) {
			*ret = units[i].unit;
			return true;
		}
	return false;
}

/* "1h30m" and "90 min", over all words. */
static int parse_span(const struct words *words, int64_t *ret)
{
	char joined[sizeof(words->text)] = "";
	const char *p = joined;
	int64_t sum = 0;

	for (size_t i = 0; i < words->n; i++)
		strcat(joined, words->word[i]);
	while (*p) {
		uint64_t count;
		int64_t unit;
		size_t n;
		int r = od_scan_unsigned(&p, FURTHEST / OD_USEC_PER_SEC, &count);

		if (r != 0)
			return r;
		n = strcspn(p, "0123456789");
		if (!unit_find(p, n, &unit))
			return OD_E_SYNTAX;
		if (count > (uint64_t) (FURTHEST / unit))
			return OD_E_RANGE;
		sum += (int64_t) count * unit;
		if (sum > FURTHEST)
			return OD_E_RANGE;
		p += n;
	}
	*ret = sum;
	return 0;
}

/* "2026-11-27T18:45:00+01:00", seconds and "Z" as RFC 3339 has them. */
static int parse_instant(const char *text, int64_t *ret)
{
	int year, month, day, minutes, sign = 0, offset = 0;
	unsigned seconds = 0;
	const char *p = text;
	int r = od_scan_date(&p, &year, &month, &day);

	if (r != 0)
		return r;
	if (!od_scan_word(&p, "T") && !od_scan_word(&p, "t"))
		return OD_E_SYNTAX;
	r = od_scan_time(&p, &minutes);
	if (r == 0 && od_scan_word(&p, ":"))
		r = od_scan_digits(&p, 2, &seconds);
	if (r != 0)
		return r;
	if (seconds > 60)
		return OD_E_RANGE;
	if (*p == '+' || *p == '-')
		sign = *p++ == '+' ? 1 : -1;
	else if (*p != 'Z' && *p != 'z')
		return OD_E_SYNTAX;
	else
		p++;
	if (sign != 0)
		r = od_scan_time(&p, &offset);
	if (r != 0 || *p)
		return r ? r : OD_E_SYNTAX;
	*ret = od_day_from_civil(year, month, day) * DAY + minutes * MINUTE +
	       (int64_t) seconds * OD_USEC_PER_SEC - sign * offset * MINUTE;
	return 0;
}

static int find_weekday(const char *word)
{
	for (int i = 0; i < 7; i++)
		if (is(weekdays[i], word) || is(weekdays_short[i], word))
			return i;
	return -1;
}

static int parse_clock(const char *word, int *ret_minutes)
{
	const char *p = word;
	int r = od_scan_time(&p, ret_minutes);

	return r != 0 ? r : *p ? OD_E_SYNTAX : 0;
}

/* The civil day a word names; *@ret_step: days to the next one it could mean, 0: no other. */
static int parse_day(const char *word, int32_t today, int32_t *ret_day, int32_t *ret_step)
{
	int weekday = find_weekday(word), year, month, day, r;
	const char *p = word;

	*ret_step = 0;
	if (is(word_today, word)) {
		*ret_day = today;
		return 0;
	}
	if (is(word_tomorrow, word)) {
		*ret_day = today + 1;
		return 0;
	}
	if (weekday >= 0) {
		*ret_day = today + (weekday - od_day_weekday(today) + 7) % 7;
		*ret_step = 7;
		return 0;
	}
	r = od_scan_date(&p, &year, &month, &day);
	if (r != 0 || *p)
		return r ? r : OD_E_SYNTAX;
	*ret_day = od_day_from_civil(year, month, day);
	return 0;
}

/* A day, a time of day, or both: the first such instant after now. */
static int parse_civil(
	const struct words *words, int64_t now_us, const struct od_zone *zone, int64_t *ret)
{
	int32_t today, seconds, day, step = 1;
	int minutes = 0;
	size_t used = 0;
	int r;

	od_zone_civil(zone, now_us, &today, &seconds);
	day = today;
	r = parse_clock(words->word[0], &minutes);
	if (r == OD_E_SYNTAX) {
		r = parse_day(words->word[0], today, &day, &step);
		used = 1;
		if (r == 0 && used < words->n)
			r = parse_clock(words->word[used++], &minutes);
	} else {
		used = 1;
	}
	if (r != 0)
		return r;
	if (used < words->n)
		return OD_E_SYNTAX;
	*ret = od_zone_instant(zone, day, minutes * 60);
	if (*ret <= now_us && step)
		*ret = od_zone_instant(zone, day + step, minutes * 60);
	return 0;
}

int od_when_parse(const char *text, int64_t now_us, const struct od_zone *zone, int64_t *ret_us)
{
	struct words words;
	int64_t span;
	int r = words_split(text, &words);

	if (r != 0)
		return r;
	if (words.n == 1) {
		r = parse_instant(words.word[0], ret_us);
		if (r != OD_E_SYNTAX)
			return r;
	}
	r = parse_civil(&words, now_us, zone, ret_us);
	if (r != OD_E_SYNTAX)
		return r;
	r = parse_span(&words, &span);
	if (r == 0)
		*ret_us = now_us + span;
	return r;
}

bool od_when_is_relative(const char *text)
{
	struct words words;
	int32_t day, step;
	int64_t instant;

	if (words_split(text, &words) != 0)
		return false;
	if (words.n == 1 && parse_instant(words.word[0], &instant) != OD_E_SYNTAX)
		return false;
	return is(word_today, words.word[0]) || is(word_tomorrow, words.word[0]) ||
	       find_weekday(words.word[0]) >= 0 ||
	       parse_day(words.word[0], 0, &day, &step) == OD_E_SYNTAX;
}

const char *od_when_weekday(int weekday)
{
	return _(weekdays[weekday]);
}

const char *od_when_weekday_short(int weekday)
{
	return _(weekdays_short[weekday]);
}

const char *od_when_until(
	int64_t instant_us, int64_t now_us, const struct od_zone *zone, char text[OD_WHEN_TEXT])
{
	int32_t today, day, now_seconds, seconds;
	int year, month, of_month, this_year;
	char clock[8];

	*text = '\0';
	if (instant_us == OD_NEVER)
		return text;
	od_zone_civil(zone, now_us, &today, &now_seconds);
	od_zone_civil(zone, instant_us, &day, &seconds);
	od_day_to_civil(today, &this_year, &month, &of_month);
	od_day_to_civil(day, &year, &month, &of_month);
	(void) snprintf(clock, sizeof(clock), "%02d:%02d", seconds / 3600 % 24, seconds / 60 % 60);
	if (day == today)
		(void) snprintf(text, OD_WHEN_TEXT, _("until %s"), clock);
	else if (day > today && day - today < 7)
		/* weekday, time */
		(void) snprintf(text, OD_WHEN_TEXT, _("until %1$s %2$s"),
			_(weekdays[od_day_weekday(day)]), clock);
	else if (year == this_year)
		/* weekday, day of the month, month, time */
		(void) snprintf(text, OD_WHEN_TEXT, _("until %1$s %2$d %3$s %4$s"),
			_(weekdays[od_day_weekday(day)]), of_month, _(months[month - 1]), clock);
	else
		/* day of the month, month, year, time */
		(void) snprintf(text, OD_WHEN_TEXT, _("until %1$d %2$s %3$d %4$s"), of_month,
			_(months[month - 1]), year, clock);
	return text;
}

const char *od_when_short(int64_t instant_us, const struct od_zone *zone, char text[OD_WHEN_TEXT])
{
	int32_t day, seconds;
	int year, month, of_month;

	od_zone_civil(zone, instant_us, &day, &seconds);
	od_day_to_civil(day, &year, &month, &of_month);
	(void) snprintf(text, OD_WHEN_TEXT, "%s %04d-%02d-%02d %02d:%02d",
		_(weekdays_short[od_day_weekday(day)]), year, month, of_month, seconds / 3600 % 24,
		seconds / 60 % 60);
	return text;
}

const char *od_when_rfc3339(int64_t instant_us, char text[OD_WHEN_TEXT])
{
	int64_t day = instant_us / DAY, rest = instant_us % DAY;
	int year, month, of_month, seconds, n;

	if (rest < 0) {
		rest += DAY;
		day--;
	}
	seconds = (int) (rest / OD_USEC_PER_SEC);
	od_day_to_civil((int32_t) day, &year, &month, &of_month);
	n = snprintf(text, OD_WHEN_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d", year, month, of_month,
		seconds / 3600, seconds / 60 % 60, seconds % 60);
	if (rest % OD_USEC_PER_SEC) {
		n += snprintf(text + n, OD_WHEN_TEXT - (size_t) n, ".%06d",
			(int) (rest % OD_USEC_PER_SEC));
		while (text[n - 1] == '0')
			n--;
	}
	(void) snprintf(text + n, OD_WHEN_TEXT - (size_t) n, "Z");
	return text;
}

static int zone_read(const char *path, const char *name, struct od_zone **ret)
{
	od_cleanup(od_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	od_cleanup(od_freep) char *bytes = NULL;
	struct stat st;
	ssize_t n;
	int r;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_size <= 0 || st.st_size > ZONE_FILE_MAX)
		return -EINVAL;
	bytes = malloc((size_t) st.st_size);
	if (!bytes)
		return -ENOMEM;
	n = read(fd, bytes, (size_t) st.st_size);
	if (n < 0)
		return -errno;
	r = od_zone_parse(name, bytes, (size_t) n, ret);
	return r > 0 ? -EINVAL : r;
}

int od_when_zone(const char *zoneinfo, const char *name, struct od_zone **ret)
{
	char path[256];

	if (!name || !*name || strcmp(name, "local") == 0 || name[0] == '/' || strstr(name, ".."))
		return od_ini_local_zone("/etc/localtime", ret);
	if ((size_t) snprintf(path, sizeof(path), "%s/%s", zoneinfo, name) >= sizeof(path))
		return -ENAMETOOLONG;
	return zone_read(path, name, ret);
}

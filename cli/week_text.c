/*
 * The week in a terminal: a line a day, a character a cell of a quarter of an hour, of half an hour or
 * of an hour, as the terminal is wide. Every kind has a character of its own, so that nothing is lost
 * without colour.
 */
#include <stdio.h>
#include <string.h>

#include "base/translate.h"
#include "output.h"
#include "week.h"

#define LABEL 8 /* columns before the first cell */

static const struct {
	const char *mark;
	enum od_colour colour;
} looks[OD_WEEK_KINDS] = {
	[OD_WEEK_ON] = { "█", OD_COLOUR_GOOD },
	[OD_WEEK_OFF] = { "·", OD_COLOUR_FAINT },
	[OD_WEEK_HOLIDAY] = { "h", OD_COLOUR_WARNING },
	[OD_WEEK_LEAVE] = { "l", OD_COLOUR_WARNING },
	[OD_WEEK_ON_CALL] = { "o", OD_COLOUR_STRONG },
	[OD_WEEK_LIFT] = { "+", OD_COLOUR_GOOD },
	[OD_WEEK_REST] = { "z", OD_COLOUR_STRONG },
	[OD_WEEK_NO_TIME] = { " ", OD_COLOUR_NONE },
};

/* How many cells one character stands for. */
static int scale_for(size_t columns)
{
	for (int scale = 1; scale < 4; scale *= 2)
		if (columns == 0 || columns >= (size_t) (LABEL + OD_WEEK_CELLS / scale))
			return scale;
	return 4;
}

static void print_hours(int scale)
{
	int wide = 60 / OD_WEEK_CELL / scale, every = wide >= 2 ? 1 : 3;

	printf("%*s", LABEL, "");
	for (int hour = 0; hour < 24; hour += every)
		printf("%-*.2d", wide * every, hour);
	putchar('\n');
}

/* What a character of several cells shows: what most of them are, the earlier one of two. */
static enum od_week_kind shown(const struct od_week_day *day, int cell, int scale)
{
	int counts[OD_WEEK_KINDS] = { 0 };
	enum od_week_kind best = day->cells[cell];

	for (int i = 0; i < scale; i++)
		counts[day->cells[cell + i]]++;
	for (int i = 0; i < scale; i++)
		if (counts[day->cells[cell + i]] > counts[best])
			best = day->cells[cell + i];
	return best;
}

static void print_day(const struct od_week_day *day, int scale, bool used[OD_WEEK_KINDS])
{
	enum od_week_kind last = OD_WEEK_KINDS;
	char label[32];

	od_week_day_label(day, label);
	printf("%s%*s", label, (int) (LABEL - od_out_width(label)), "");
	for (int cell = 0; cell < OD_WEEK_CELLS; cell += scale) {
		enum od_week_kind kind = shown(day, cell, scale);

		if (kind != last)
			printf("%s%s", od_out_plain(stdout),
				od_out_colour(looks[kind].colour, stdout));
		fputs(looks[kind].mark, stdout);
		used[kind] = true;
		last = kind;
	}
	printf("%s\n", od_out_plain(stdout));
}

static void print_now(int minute, int scale)
{
	int column = LABEL + minute / OD_WEEK_CELL / scale;
	char text[64];

	/* a time of the clock: hours, minutes */
	(void) snprintf(text, sizeof(text), _("now, %1$02d:%2$02d"), minute / 60, minute % 60);
	if (minute < 12 * 60)
		printf("%*s^ %s%s%s\n", column, "", od_out_colour(OD_COLOUR_STRONG, stdout), text,
			od_out_plain(stdout));
	else
		printf("%*s%s%s%s ^\n", column - (int) od_out_width(text) - 1, "",
			od_out_colour(OD_COLOUR_STRONG, stdout), text, od_out_plain(stdout));
}

static void print_legend(const bool used[OD_WEEK_KINDS], size_t columns)
{
	size_t at = 0;

	for (int kind = 0; kind < OD_WEEK_KINDS; kind++) {
		const char *text = od_week_kind_text((enum od_week_kind) kind);
		size_t width = od_out_width(text) + 5;

		if (!used[kind] || kind == OD_WEEK_NO_TIME)
			continue;
		if (at > 0 && columns && at + width > columns) {
			putchar('\n');
			at = 0;
		}
		printf("%s%s%s%s %s", at ? "   " : "", od_out_colour(looks[kind].colour, stdout),
			looks[kind].mark, od_out_plain(stdout), text);
		at += width;
	}
	putchar('\n');
}

void od_week_print(const struct od_week *week, size_t columns)
{
	int scale = scale_for(columns), now_day, now_minute;
	bool used[OD_WEEK_KINDS] = { false };
	bool has_now = od_week_now(week, &now_day, &now_minute);
	char text[512];

	od_week_title(week, text, sizeof(text));
	puts(text);
	print_hours(scale);
	for (int day = 0; day < 7; day++) {
		print_day(&week->days[day], scale, used);
		if (has_now && day == now_day)
			print_now(now_minute, scale);
	}
	print_legend(used, columns);
	for (unsigned n = 0; od_week_note(week, n, text, sizeof(text)); n++)
		puts(text);
}

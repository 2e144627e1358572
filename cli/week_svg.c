/*
 * The week as a picture: the same cells, neighbours of one kind drawn as one. Colours that stay apart
 * in print and for people who do not see them as others do; each kind is named in the legend, and each
 * stretch says its kind and times as a title. Texts from calendars are escaped.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/translate.h"
#include "week.h"

#define LEFT   72
#define TOP    56
#define CELL   8 /* a quarter of an hour */
#define ROW    30
#define WIDTH  (LEFT + OD_WEEK_CELLS * CELL + 24)
#define LEGEND 34
#define LINE   18

static const char *const fills[OD_WEEK_KINDS] = {
	[OD_WEEK_ON] = "#1b7f4b",
	[OD_WEEK_OFF] = "#eef0f2",
	[OD_WEEK_HOLIDAY] = "#f2c14e",
	[OD_WEEK_LEAVE] = "#9ec5e8",
	[OD_WEEK_ON_CALL] = "#b39ddb",
	[OD_WEEK_LIFT] = "#7bc96f",
	[OD_WEEK_REST] = "#c5cbd3",
	[OD_WEEK_NO_TIME] = "#ffffff",
};

static void put_text(FILE *out, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		default:
			fputc((unsigned char) *text < ' ' ? ' ' : *text, out);
		}
}

static void label(FILE *out, int x, int y, const char *text)
{
	fprintf(out, "<text x=\"%d\" y=\"%d\">", x, y);
	put_text(out, text);
	fputs("</text>\n", out);
}

static void draw_stretch(
	FILE *out, enum od_week_kind kind, int from, int until, int y, const char *day)
{
	int first = from * OD_WEEK_CELL, last = until * OD_WEEK_CELL;
	char title[160];

	(void) snprintf(title, sizeof(title), "%s %02d:%02d-%02d:%02d: %s", day, first / 60,
		first % 60, last / 60, last % 60, od_week_kind_text(kind));
	fprintf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"><title>",
		LEFT + from * CELL, y, (until - from) * CELL, ROW - 8, fills[kind]);
	put_text(out, title);
	fputs("</title></rect>\n", out);
}

static void draw_day(FILE *out, const struct od_week_day *day, int row, bool used[OD_WEEK_KINDS])
{
	int y = TOP + row * ROW, from = 0;
	char text[32];

	od_week_day_label(day, text);
	label(out, 12, y + ROW - 15, text);
	for (int cell = 1; cell <= OD_WEEK_CELLS; cell++) {
		if (cell < OD_WEEK_CELLS && day->cells[cell] == day->cells[from])
			continue;
		draw_stretch(out, day->cells[from], from, cell, y, text);
		used[day->cells[from]] = true;
		from = cell;
	}
}

static void draw_hours(FILE *out)
{
	for (int hour = 0; hour <= 24; hour += 3) {
		int x = LEFT + hour * 60 / OD_WEEK_CELL * CELL;

		fprintf(out, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#c8ccd0\"/>\n",
			x, TOP - 6, x, TOP + 7 * ROW - 6);
		fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%02d</text>\n", x,
			TOP - 12, hour);
	}
}

static void draw_now(FILE *out, const struct od_week *week)
{
	int day, minute, x;

	if (!od_week_now(week, &day, &minute))
		return;
	x = LEFT + minute * CELL / OD_WEEK_CELL;
	fprintf(out,
		"<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#c62828\" "
		"stroke-width=\"2\"><title>",
		x, TOP + day * ROW - 4, x, TOP + day * ROW + ROW - 4);
	fprintf(out, _("now, %1$02d:%2$02d"), minute / 60, minute % 60);
	fputs("</title></line>\n", out);
}

static void draw_legend(FILE *out, const bool used[OD_WEEK_KINDS], int y)
{
	int x = LEFT;

	for (int kind = 0; kind < OD_WEEK_KINDS; kind++) {
		const char *text = od_week_kind_text((enum od_week_kind) kind);

		if (!used[kind] || kind == OD_WEEK_NO_TIME)
			continue;
		fprintf(out,
			"<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"12\" fill=\"%s\" "
			"stroke=\"#888\"/>\n",
			x, y - 11, fills[kind]);
		label(out, x + 20, y, text);
		x += 36 + 8 * (int) strlen(text);
	}
}

static void draw(FILE *out, const struct od_week *week)
{
	bool used[OD_WEEK_KINDS] = { false };
	int y = TOP + 7 * ROW + LEGEND, height = y + 16;
	char text[512];

	for (unsigned n = 0; od_week_note(week, n, text, sizeof(text)); n++)
		height += LINE;
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n",
		WIDTH, height, WIDTH, height);
	od_week_title(week, text, sizeof(text));
	label(out, 12, 22, text);
	for (int day = 0; day < 7; day++)
		draw_day(out, &week->days[day], day, used);
	draw_hours(out);
	draw_now(out, week);
	draw_legend(out, used, y - 12);
	for (unsigned n = 0; od_week_note(week, n, text, sizeof(text)); n++)
		label(out, LEFT, y + 10 + (int) n * LINE, text);
	fputs("</svg>\n", out);
}

int od_week_write_svg(const struct od_week *week, const char *path)
{
	FILE *out = strcmp(path, "-") == 0 ? stdout : fopen(path, "we");
	bool bad;

	if (!out)
		return -errno;
	draw(out, week);
	bad = ferror(out) != 0;
	errno = 0;
	if ((out == stdout ? fflush(out) : fclose(out)) != 0 || bad)
		return errno ? -errno : -EIO;
	return 0;
}

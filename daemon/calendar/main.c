/*
 * offduty-calendar: leave and on-call feeds (iCalendar) to plain lists of instants.
 *
 * The only program of the house that knows iCalendar; guard and gate read its lists. It has options
 * of its own instead of the daemons' table, since it stands apart from their runtime.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/scan.h"
#include "calendar/feed.h"

#define DAY_USEC    (86400 * OD_USEC_PER_SEC)
#define DAYS_BEHIND 400  /* listed by default: what lies this far back ... */
#define DAYS_AHEAD  1100 /* ... and this far ahead */

struct arguments {
	struct od_feed_options feed;
	const char *zone_name, *folder, *out, *file;
};

enum {
	OPTION_ZONE = 1,
	OPTION_FROM,
	OPTION_UNTIL,
	OPTION_TURNS,
	OPTION_CATEGORY,
	OPTION_FOLDER,
	OPTION_OUT,
	OPTION_ZONEINFO,
	OPTION_HELP,
	OPTION_VERSION
};

static const struct row {
	struct option option;
	const char *argument, *help;
} rows[] = {
	{ { "zone", required_argument, NULL, OPTION_ZONE }, "NAME",
		N_("zone of times whose own is unknown (default: that of the schedule)") },
	{ { "from", required_argument, NULL, OPTION_FROM }, "YYYY-MM-DD",
		N_("list nothing that ends before (default: 400 days ago)") },
	{ { "until", required_argument, NULL, OPTION_UNTIL }, "YYYY-MM-DD",
		N_("list nothing that begins later (default: in 1100 days)") },
	{ { "turns", no_argument, NULL, OPTION_TURNS }, NULL,
		N_("on-call turns: busy entries count too, lists are readable by all") },
	{ { "category", required_argument, NULL, OPTION_CATEGORY }, "NAME",
		N_("only entries of this category; may be given several times") },
	{ { "leave-dir", required_argument, NULL, OPTION_FOLDER }, "DIR",
		N_("convert each DIR/NAME.ics, NAME being a person") },
	{ { "out-dir", required_argument, NULL, OPTION_OUT }, "DIR",
		N_("where the lists of --leave-dir go, as DIR/NAME") },
	{ { "zoneinfo", required_argument, NULL, OPTION_ZONEINFO }, "DIR",
		N_("the tz database (default: /usr/share/zoneinfo)") },
	{ { "help", no_argument, NULL, OPTION_HELP }, NULL, N_("show this help") },
	{ { "version", no_argument, NULL, OPTION_VERSION }, NULL, N_("show the version") },
};

static int show_help(void)
{
	printf("%s\n\n",
		N_("Usage: offduty-calendar [OPTIONS] [FEED.ics] > LIST\n"
		   "       offduty-calendar [OPTIONS] --leave-dir=DIR --out-dir=DIR\n\n"
		   "Turn a leave or on-call feed (iCalendar) into a plain list of instants."));
	for (size_t i = 0; i < OD_ELEMENTS(rows); i++) {
		char name[64];

		snprintf(name, sizeof(name), "--%s%s%s", rows[i].option.name,
			rows[i].argument ? "=" : "", rows[i].argument ? rows[i].argument : "");
		printf("  %-22s %s\n", name, rows[i].help);
	}
	return 1;
}

static int show_version(void)
{
	printf("offduty-calendar %s\n", OFFDUTY_VERSION);
	return 1;
}

static int usage(const char *text, const char *what)
{
	fprintf(stderr, "offduty-calendar: %s: %s\n", what, text);
	return OD_E_USAGE;
}

static int parse_day(const char *text, int64_t *ret)
{
	const char *p = text;
	int year, month, day;

	if (od_scan_date(&p, &year, &month, &day) != 0 || *p != '\0')
		return usage(N_("not a day such as 2026-12-24"), text);
	*ret = od_day_from_civil(year, month, day) * DAY_USEC;
	return 0;
}

static int take_option(int option, struct arguments *a)
{
	switch (option) {
	case OPTION_ZONE:
		a->zone_name = optarg;
		return 0;
	case OPTION_FROM:
		return parse_day(optarg, &a->feed.from_us);
	case OPTION_UNTIL:
		return parse_day(optarg, &a->feed.until_us);
	case OPTION_TURNS:
		a->feed.turns = true;
		return 0;
	case OPTION_CATEGORY:
		return od_strings_add(&a->feed.categories, optarg, (size_t) -1);
	case OPTION_FOLDER:
		a->folder = optarg;
		return 0;
	case OPTION_OUT:
		a->out = optarg;
		return 0;
	case OPTION_ZONEINFO:
		a->feed.zoneinfo = optarg;
		return 0;
	case OPTION_HELP:
		return show_help();
	case OPTION_VERSION:
		return show_version();
	default:
		return OD_E_USAGE; /* getopt_long() has said what is wrong */
	}
}

/* The window only bounds what is worth listing, so the plain clock of the system will do. */
static void default_window(struct od_feed_options *feed)
{
	int64_t today = time(NULL) * OD_USEC_PER_SEC / DAY_USEC * DAY_USEC;

	feed->from_us = today - DAYS_BEHIND * DAY_USEC;
	feed->until_us = today + DAYS_AHEAD * DAY_USEC;
}

/* Return: 0 (go on), 1 (answered), OD_E_USAGE, -errno. */
static int parse_arguments(int argc, char **argv, struct arguments *a)
{
	struct option options[OD_ELEMENTS(rows) + 1] = { 0 };
	int option, r = 0;

	for (size_t i = 0; i < OD_ELEMENTS(rows); i++)
		options[i] = rows[i].option;
	default_window(&a->feed);
	while (r == 0 && (option = getopt_long(argc, argv, "", options, NULL)) != -1)
		r = take_option(option, a);
	if (r != 0)
		return r;
	if (argc - optind > 1)
		return usage(N_("one feed at a time"), argv[optind + 1]);
	a->file = optind < argc ? argv[optind] : NULL;
	if (!a->folder != !a->out)
		return usage(N_("they go together"), "--leave-dir, --out-dir");
	if (a->folder && a->file)
		return usage(N_("either a folder or a feed"), a->file);
	if (a->feed.from_us >= a->feed.until_us)
		return usage(N_("the window ends before it begins"), "--from, --until");
	if (a->zone_name && od_feed_load_zone(a->feed.zoneinfo, a->zone_name, &a->feed.zone) != 0)
		return usage(N_("no such time zone"), a->zone_name);
	return 0;
}

static int convert_file(const struct arguments *a)
{
	od_cleanup(od_closep) int fd = -1;

	if (!a->file || strcmp(a->file, "-") == 0)
		return od_feed_convert(STDIN_FILENO, "stdin", &a->feed, STDOUT_FILENO);
	fd = open(a->file, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		fprintf(stderr, "%s: %s\n", a->file, strerror(errno));
		return -errno;
	}
	return od_feed_convert(fd, a->file, &a->feed, STDOUT_FILENO);
}

static int convert_folder(const struct arguments *a)
{
	int r = od_feed_convert_folder(a->folder, a->out, &a->feed);

	if (r < 0)
		fprintf(stderr, "offduty-calendar: %s, %s: %s\n", a->folder, a->out, strerror(-r));
	return r;
}

int main(int argc, char **argv)
{
	struct arguments arguments = { .feed = { .zoneinfo = "/usr/share/zoneinfo" } };
	int r = parse_arguments(argc, argv, &arguments);

	if (r == 0)
		r = arguments.folder ? convert_folder(&arguments) : convert_file(&arguments);
	else if (r == 1)
		r = 0;
	od_strings_done(&arguments.feed.categories);
	od_zone_unref(arguments.feed.zone);
	return od_error_exit_code(r);
}

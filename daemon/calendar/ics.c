/*
 * A feed is taken apart by us, line by line, so that every fault has its line and every bound holds
 * before libical sees a byte. Of each VEVENT only the few properties that say when and whether are
 * kept and handed to libical, one event at a time: titles, places and attendees are never looked at,
 * and what libical can be made to hold is small.
 *
 * A feed that is cut off (no END:VCALENDAR) is faulty: half of an absence list must not replace a
 * whole one.
 */
#include "calendar/ics.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/i18n.h"
#include "calendar/expand.h"
#include "calendar/lines.h"

#define DEPTH_MAX  8
#define NAME_MAX_  32
#define EVENT_TEXT ((size_t) 256 << 10) /* what is kept of one event */

static const char *const kept[] = { "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE",
	"RECURRENCE-ID", "UID", "SEQUENCE", "STATUS", "TRANSP", "CATEGORIES",
	"X-MICROSOFT-CDO-BUSYSTATUS" };

struct conversion {
	const struct od_ics_options *options;
	struct od_lines lines;
	struct od_tzids tzids;
	od_events events;
	size_t rules;
	char open[DEPTH_MAX][NAME_MAX_]; /* the components the line is in */
	unsigned depth;
	bool ended; /* a whole VCALENDAR was there */

	char *event; /* the VEVENT being collected; EVENT_TEXT bytes */
	size_t event_size;
	unsigned event_line, event_lines[OD_ELEMENTS(kept)]; /* first line of each property */
	char *tzid, *location;                               /* of the VTIMEZONE being read */
	struct od_ics_error error;
};

static int fault(
	struct conversion *c, int result, unsigned line, const char *property, const char *text)
{
	c->error = (struct od_ics_error){ line, property, text };
	return result;
}

/* -- an event -------------------------------------------------------------------------------- */

static int keep(struct conversion *c, const char *text, size_t size)
{
	if (c->event_size + size + 3 > EVENT_TEXT)
		return fault(
			c, OD_E_LIMIT, c->event_line, NULL, N_("an event of more than 256 KB"));
	memcpy(c->event + c->event_size, text, size);
	memcpy(c->event + c->event_size + size, "\r\n", 3);
	c->event_size += size + 2;
	return 0;
}

static int begin_event(struct conversion *c)
{
	if (c->events.n == OD_ICS_EVENTS_MAX)
		return fault(c, OD_E_LIMIT, c->lines.number, NULL, N_("more than 100000 events"));
	c->event_size = 0;
	c->event_line = c->lines.number;
	memset(c->event_lines, 0, sizeof(c->event_lines));
	return keep(c, "BEGIN:VEVENT", strlen("BEGIN:VEVENT"));
}

static int event_property(struct conversion *c)
{
	for (size_t i = 0; i < OD_ELEMENTS(kept); i++) {
		if (!od_lines_is(&c->lines, kept[i]))
			continue;
		if (c->event_lines[i] == 0)
			c->event_lines[i] = c->lines.number;
		return keep(c, c->lines.text, c->lines.size);
	}
	return 0;
}

static unsigned line_of(const struct conversion *c, const char *property)
{
	for (size_t i = 0; i < OD_ELEMENTS(kept); i++)
		if (strcmp(kept[i], property) == 0 && c->event_lines[i])
			return c->event_lines[i];
	return c->event_line;
}

static int end_event(struct conversion *c)
{
	const char *property = NULL, *text = NULL;
	struct od_event event, *slot;
	int r = keep(c, "END:VEVENT", strlen("END:VEVENT"));

	if (r != 0)
		return r;
	r = od_event_parse(
		c->event, c->event_line, &c->options->event, &c->tzids, &event, &property, &text);
	if (r > 0)
		return fault(c, r, line_of(c, property), property, text);
	if (r < 0)
		return r;
	c->rules += event.rules.n;
	slot = od_array_add(&c->events);
	if (!slot) {
		od_event_done(&event);
		return -ENOMEM;
	}
	*slot = event;
	if (c->rules > OD_ICS_RULES_MAX)
		return fault(c, OD_E_LIMIT, line_of(c, "RRULE"), "RRULE",
			N_("more than 10000 recurrence rules"));
	return 0;
}

/* -- a VTIMEZONE ----------------------------------------------------------------------------- */

static int keep_value(struct conversion *c, char **slot)
{
	const char *colon = strchr(c->lines.text, ':');

	free(*slot);
	*slot = strdup(colon ? colon + 1 : "");
	return *slot ? 0 : -ENOMEM;
}

static int zone_property(struct conversion *c)
{
	if (od_lines_is(&c->lines, "TZID"))
		return keep_value(c, &c->tzid);
	if (od_lines_is(&c->lines, "X-LIC-LOCATION"))
		return keep_value(c, &c->location);
	return 0;
}

static int end_zone(struct conversion *c)
{
	int r = 0;

	if (c->tzid && c->location)
		r = od_tzids_say(&c->tzids, c->tzid, c->location);
	free(c->tzid);
	free(c->location);
	c->tzid = c->location = NULL;
	return r > 0 ? fault(c, r, c->lines.number, "TZID", N_("too many time zones")) : r;
}

/* -- the feed -------------------------------------------------------------------------------- */

static bool inside(const struct conversion *c, const char *component)
{
	return c->depth == 2 && strcasecmp(c->open[0], "VCALENDAR") == 0 &&
	       strcasecmp(c->open[1], component) == 0;
}

static int begin_component(struct conversion *c, const char *name)
{
	if (c->depth == DEPTH_MAX || strlen(name) >= NAME_MAX_)
		return fault(c, OD_E_SYNTAX, c->lines.number, "BEGIN",
			N_("components nested too deeply, or one with too long a name"));
	if (c->depth == 0 && strcasecmp(name, "VCALENDAR") != 0)
		return fault(c, OD_E_SYNTAX, c->lines.number, "BEGIN",
			N_("this is not an iCalendar feed: it does not begin with "
			   "BEGIN:VCALENDAR"));
	strcpy(c->open[c->depth++], name);
	return inside(c, "VEVENT") ? begin_event(c) : 0;
}

static int end_component(struct conversion *c, const char *name)
{
	int r = 0;

	if (c->depth == 0 || strcasecmp(c->open[c->depth - 1], name) != 0)
		return fault(c, OD_E_SYNTAX, c->lines.number, "END",
			N_("this END does not belong to the BEGIN before it"));
	if (inside(c, "VEVENT"))
		r = end_event(c);
	else if (inside(c, "VTIMEZONE"))
		r = end_zone(c);
	if (--c->depth == 0)
		c->ended = true;
	return r;
}

static int take_line(struct conversion *c)
{
	if (c->lines.size == 0)
		return 0;
	if (od_lines_is(&c->lines, "BEGIN"))
		return begin_component(c, c->lines.text + strlen("BEGIN:"));
	if (od_lines_is(&c->lines, "END"))
		return end_component(c, c->lines.text + strlen("END:"));
	if (c->depth == 0)
		return fault(c, OD_E_SYNTAX, c->lines.number, NULL,
			N_("this is not an iCalendar feed: it does not begin with "
			   "BEGIN:VCALENDAR"));
	if (inside(c, "VEVENT"))
		return event_property(c);
	return inside(c, "VTIMEZONE") ? zone_property(c) : 0;
}

static int take_all(struct conversion *c)
{
	const char *text = NULL;
	int r = 0;

	while (r == 0) {
		r = od_lines_next(&c->lines, &text);
		if (r == OD_E_NOT_FOUND)
			break;
		if (r == OD_E_LIMIT)
			return fault(c, r, c->lines.number, NULL, N_("a line of more than 1 MB"));
		if (r == OD_E_SYNTAX)
			return fault(c, r, c->lines.number, NULL, text);
		if (r == 0)
			r = take_line(c);
	}
	if (r != OD_E_NOT_FOUND)
		return r;
	if (!c->ended || c->depth > 0)
		return fault(c, OD_E_SYNTAX, c->lines.number, NULL,
			N_("the feed is cut off: END:VCALENDAR is missing"));
	return 0;
}

static int expand(struct conversion *c, struct od_leave **ret)
{
	od_cleanup(od_leave_freep) struct od_leave *leave = calloc(1, sizeof(*leave));
	unsigned line = 0;
	int r;

	if (!leave)
		return -ENOMEM;
	r = od_expand(&c->events, c->options->from_us, c->options->until_us, leave, &line);
	if (r > 0)
		return fault(c, r, line, NULL, N_("too many occurrences"));
	if (r == 0)
		*ret = od_take(&leave);
	return r;
}

static void conversion_done(struct conversion *c)
{
	od_lines_done(&c->lines);
	od_tzids_done(&c->tzids);
	od_array_foreach (event, &c->events)
		od_event_done(event);
	free(c->events.items);
	free(c->event);
	free(c->tzid);
	free(c->location);
}

int od_ics_convert(const char *text, size_t size, const struct od_ics_options *options,
	struct od_leave **ret, struct od_ics_error *reterr)
{
	od_cleanup(conversion_done) struct conversion c = { .options = options,
		.tzids = { .load = options->load_zone, .userdata = options->event.userdata } };
	int r;

	icalerror_set_errors_are_fatal(false);
	c.event = malloc(EVENT_TEXT);
	if (!c.event)
		return -ENOMEM;
	r = od_lines_init(&c.lines, text, size);
	if (r == OD_E_LIMIT)
		r = fault(&c, r, 1, NULL, N_("a feed of more than 10 MB"));
	if (r == 0)
		r = take_all(&c);
	if (r == 0)
		r = expand(&c, ret);
	if (r > 0)
		*reterr = c.error;
	return r;
}

/*
 * Rules run on the civil clock of their event, where libical needs no zone; each occurrence then
 * becomes an instant by our own rule. DTSTART is an occurrence whatever the rule says. Occurrences
 * that overlap are one absence, so one that is found twice does no harm.
 *
 * The window is compared with both kinds of time as they stand; a day of slack on either side covers
 * the distance between a civil clock and UTC.
 */
#include "calendar/expand.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"

#define DAY_USEC (86400 * OD_USEC_PER_SEC)

struct run {
	struct od_leave *leave;
	int64_t from_us, until_us;
	unsigned steps;
	/* the events of one UID */
	const struct od_event *group;
	size_t n;
};

static int add_span(struct run *run, const struct od_event *event, const struct od_time *start)
{
	struct od_leave_span span = { od_time_value(start, NULL),
		od_time_value(start, &event->length), start->kind != OD_TIME_ZONED },
			     *slot;

	if (span.until_us <= run->from_us - DAY_USEC || span.from_us >= run->until_us + DAY_USEC ||
		span.until_us <= span.from_us || span.from_us < 0)
		return 0;
	if (run->leave->spans.n >= 2 * OD_LEAVE_MAX) {
		od_leave_settle(run->leave);
		if (run->leave->spans.n > OD_LEAVE_MAX)
			return OD_E_LIMIT;
	}
	slot = od_array_add(&run->leave->spans);
	if (!slot)
		return -ENOMEM;
	*slot = span;
	return 0;
}

/* Neither taken out nor replaced. */
static bool stands(const struct run *run, const struct od_event *master, const struct od_time *time)
{
	od_array_foreach (except, &master->except) {
		if (od_time_same(except, time))
			return false;
	}
	for (size_t i = 0; i < run->n; i++)
		if (run->group[i].is_override && od_time_same(&run->group[i].replaces, time))
			return false;
	return true;
}

static int add_occurrence(struct run *run, const struct od_event *event, const struct od_time *time)
{
	int64_t at = od_time_value(time, NULL);
	int64_t longest = (event->length.days + 2) * DAY_USEC + event->length.us;

	if (at + longest < run->from_us || at > run->until_us + DAY_USEC)
		return 0; /* not worth comparing */
	return stands(run, event, time) ? add_span(run, event, time) : 0;
}

static struct icaltimetype to_ical(const struct od_time *time)
{
	int64_t day = time->civil_us / DAY_USEC - (time->civil_us % DAY_USEC < 0);
	int seconds = (int) ((time->civil_us - day * DAY_USEC) / OD_USEC_PER_SEC);
	struct icaltimetype t = icaltime_null_time();

	od_day_to_civil((int32_t) day, &t.year, &t.month, &t.day);
	t.is_date = time->kind == OD_TIME_DATE;
	t.hour = seconds / 3600;
	t.minute = seconds / 60 % 60;
	t.second = seconds % 60;
	return t;
}

static int64_t from_ical(const struct icaltimetype *t)
{
	return od_day_from_civil(t->year, t->month, t->day) * DAY_USEC +
	       (t->is_date ? 0 : t->hour * 3600 + t->minute * 60 + t->second) * OD_USEC_PER_SEC;
}

static void iterator_freep(icalrecur_iterator **iterator)
{
	if (*iterator)
		icalrecur_iterator_free(*iterator);
}

static int run_rule(
	struct run *run, const struct od_event *event, const struct icalrecurrencetype *rule)
{
	od_cleanup(iterator_freep) icalrecur_iterator *iterator =
		icalrecur_iterator_new(*rule, to_ical(&event->start));
	struct od_time time = event->start;
	int r = 0;

	if (!iterator)
		return 0; /* a rule without an occurrence */
	while (r == 0) {
		struct icaltimetype next = icalrecur_iterator_next(iterator);

		if (icaltime_is_null_time(next))
			break;
		time.civil_us = from_ical(&next);
		if (time.civil_us > run->until_us + 2 * DAY_USEC)
			break;
		if (++run->steps > OD_EXPAND_STEPS)
			return OD_E_LIMIT;
		r = add_occurrence(run, event, &time);
	}
	return r;
}

static int expand_event(struct run *run, const struct od_event *event)
{
	int r;

	if (!event->counts)
		return 0;
	if (event->is_override)
		return add_span(run, event, &event->start);
	r = add_occurrence(run, event, &event->start);
	od_array_foreach (more, &event->more) {
		if (r == 0)
			r = add_occurrence(run, event, more);
	}
	od_array_foreach (rule, &event->rules) {
		if (r == 0)
			r = run_rule(run, event, *rule);
	}
	return r;
}

/* -- which events ---------------------------------------------------------------------------- */

static int compare_events(const void *a, const void *b)
{
	const struct od_event *x = a, *y = b;
	int order = strcmp(x->uid, y->uid);

	if (order == 0)
		order = x->is_override - y->is_override;
	if (order == 0)
		order = (x->replaces.civil_us > y->replaces.civil_us) -
			(x->replaces.civil_us < y->replaces.civil_us);
	if (order == 0)
		order = (x->sequence > y->sequence) - (x->sequence < y->sequence);
	return order ? order : (x->line > y->line) - (x->line < y->line);
}

/* Whether @next is a later state of the same event or occurrence. */
static bool superseded(const struct od_event *event, const struct od_event *next)
{
	return *event->uid && event->is_override == next->is_override &&
	       event->replaces.civil_us == next->replaces.civil_us;
}

static int expand_group(struct run *run, unsigned *reterr_line)
{
	for (size_t i = 0; i < run->n; i++) {
		int r;

		if (i + 1 < run->n && superseded(&run->group[i], &run->group[i + 1]))
			continue;
		r = expand_event(run, &run->group[i]);
		if (r != 0) {
			*reterr_line = run->group[i].line;
			return r;
		}
	}
	return 0;
}

int od_expand(od_events *events, int64_t from_us, int64_t until_us, struct od_leave *leave,
	unsigned *reterr_line)
{
	struct run run = { .leave = leave, .from_us = from_us, .until_us = until_us };
	int r = 0;

	if (events->n > 1)
		qsort(events->items, events->n, sizeof(*events->items), compare_events);
	for (size_t i = 0; i < events->n && r == 0; i += run.n) {
		run.group = &events->items[i];
		for (run.n = 1; i + run.n < events->n && *run.group->uid &&
				strcmp(events->items[i + run.n].uid, run.group->uid) == 0;)
			run.n++;
		r = expand_group(&run, reterr_line);
	}
	if (r == 0)
		od_leave_settle(leave);
	if (r == 0 && leave->spans.n > OD_LEAVE_MAX) {
		*reterr_line = 1;
		r = OD_E_LIMIT;
	}
	return r;
}

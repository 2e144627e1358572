#!/usr/bin/python3
"""Random schedules through od_schedule_at() and through a second evaluator, written from the rules
(offduty.policy(5)) on Python's zoneinfo. Prints the seed, every disagreement, and the counts.

    schedule_oracle.py SCHEDULE_EVAL [NUMBER [SEED [OFFDUTY]]]

With OFFDUTY, one in two hundred is also written as a policy, holidays and a list of absences, and
asked of "offduty next --policy DIR --json".

The second evaluator knows no next change: it lays out every boundary there could be for some weeks
and looks at which of them the answer differs.
"""
import bisect
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

ZONES = ["Europe/Monaco", "Europe/Paris", "Australia/Lord_Howe", "Pacific/Apia",
         "America/Santiago", "Africa/Cairo", "America/St_Johns", "Africa/Casablanca",
         "Asia/Kathmandu", "Europe/Dublin", "America/Havana", "Asia/Beirut", "Antarctica/Troll",
         "America/New_York", "Asia/Tehran", "Pacific/Chatham", "America/Asuncion", "UTC"]
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
# Before it the command line takes the clock for one that was never set, and holds nothing.
CLOCK_TRUSTED = 1577836800
MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september",
          "october", "november", "december"]
EPOCH = date(1970, 1, 1)
AHEAD = 24      # days laid out after the first question
QUESTIONS = 8


def instant(zone, day, minutes, seconds=0):
    """RFC 5545, 3.3.5: a gap with the offset before it, an overlap the first time."""
    local = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes, seconds=seconds)
    return int(local.replace(tzinfo=zone, fold=0).timestamp())


def offset(zone, t):
    return int(datetime.fromtimestamp(t, zone).utcoffset().total_seconds())


def transitions(zone, start, end):
    found, t = [], start
    while t < end:
        if offset(zone, t) != offset(zone, t + 86400):
            low, high = t, t + 86400
            while high - low > 1:
                middle = (low + high) // 2
                if offset(zone, middle) == offset(zone, low):
                    low = middle
                else:
                    high = middle
            found.append(high)
        t += 86400
    return found


class Schedule:
    def __init__(self, rng, zone_name, around):
        self.zone = ZoneInfo(zone_name)
        self.text = ["timezone = " + zone_name]
        self.lines = {}     # (kind, ...) -> windows
        self.rng = rng
        self.before = self.after = 0
        self.cycle = None
        self.holidays, self.worked = set(), set()
        self.leave = []     # (from, until, floating), datetimes
        self.fill(around)

    # -- writing one -----------------------------------------------------------------------

    def minute(self):
        rng = self.rng
        if rng.random() < 0.3:   # near the hours at which clocks change
            return rng.choice([0, 15, 30, 45, 60, 90, 105, 120, 135, 150, 165, 180, 210, 1425])
        return rng.randrange(0, 1440, rng.choice([1, 5, 15, 30]))

    def windows(self):
        if self.rng.random() < 0.15:
            return [], "off"
        windows, words = [], []
        for _ in range(self.rng.choice([1, 1, 2, 2, 3])):
            start, end = self.minute(), self.minute()
            if self.rng.random() < 0.1:
                end = 1440
            if start == end:
                continue
            words.append("%02d:%02d-%02d:%02d" % (start // 60, start % 60, end // 60, end % 60))
            windows.append((start, end if end > start else end + 1440))
        if not windows:
            return [], "off"
        return windows, ", ".join(words)

    def put(self, key, words):
        windows, text = self.windows()
        self.lines[key] = windows
        self.text.append("%s = %s" % (words, text))

    def put_week(self, week):
        rng, prefix = self.rng, "week%d." % week if week else ""
        if rng.random() < 0.7:
            first, last = rng.randrange(7), rng.randrange(7)
            if first != last:
                windows, text = self.windows()
                self.text.append("%s%s-%s = %s" % (prefix, DAYS[first], DAYS[last], text))
                for i in range((last - first) % 7 + 1):
                    self.lines[("range", week, (first + i) % 7)] = windows
        for day in rng.sample(range(7), rng.randrange(5)):
            self.put(("single", week, day), prefix + DAYS[day])

    def fill(self, around):
        rng = self.rng
        self.put_week(0)
        if rng.random() < 0.3:
            anchor = around - timedelta(days=around.weekday() + 7 * rng.randrange(-6, 6))
            self.cycle = (rng.randrange(1, 5), anchor)
            self.text.append("cycle = %dw from %s" % (self.cycle[0], anchor.isoformat()))
            for week in range(1, self.cycle[0] + 1):
                if rng.random() < 0.8:
                    self.put_week(week)
        near = [around + timedelta(days=i) for i in range(-4, 15)]
        for day in rng.sample(near, rng.randrange(3)):
            self.put(("date", day), day.isoformat())
        for day in rng.sample(near, rng.randrange(2)):
            self.put(("month-day", day.month, day.day), day.strftime("%m-%d"))
        for day in rng.sample(near, rng.randrange(2)):
            self.put(("day", day.day), "day %d" % day.day)
        if rng.random() < 0.4:
            day = rng.choice(near)
            nth = rng.choice([(day.day - 1) // 7 + 1, -1])
            month = rng.choice([0, day.month])
            self.put(("nth", month, day.weekday(), nth), "%s %d%s" % (
                DAYS[day.weekday()], nth, " " + MONTHS[month - 1] if month else ""))
        for day in rng.sample(near, rng.choice([0, 0, 1, 2])):
            self.holidays.add(day)
            self.text.append("holiday = " + day.isoformat())
            if rng.random() < 0.2:
                self.worked.add(day)
                self.text.append("holidays-worked = " + day.isoformat())
        if rng.random() < 0.25:
            self.before, self.after = rng.randrange(0, 7200, 60), rng.randrange(0, 7200, 60)
            self.text.append("before = %ds" % self.before)
            self.text.append("after = %ds" % self.after)
        for _ in range(rng.choice([0, 0, 0, 1, 2, 4])):
            self.put_leave(near)

    def put_leave(self, near):
        rng = self.rng
        start = datetime.combine(rng.choice(near), datetime.min.time())
        floating = rng.random() < 0.6
        if rng.random() < 0.5:
            end = start + timedelta(days=rng.randrange(1, 4))
        else:
            start += timedelta(minutes=self.minute())
            end = start + timedelta(minutes=rng.randrange(1, 2000))
        self.leave.append((start, end, floating))
        mark = "" if floating else "Z"
        self.text.append("leave = %s%s %s%s%s" % (
            start.strftime("%Y-%m-%dT%H:%M"), mark, end.strftime("%Y-%m-%dT%H:%M"), mark,
            " floating" if floating else ""))

    # -- reading one -----------------------------------------------------------------------

    def line(self, day):
        """(windows, whether a date line speaks)"""
        last = (day + timedelta(days=7)).month != day.month
        nth = (day.day - 1) // 7 + 1
        keys = [("date", day), ("month-day", day.month, day.day), ("day", day.day)]
        for month in (day.month, 0):
            keys.append(("nth", month, day.weekday(), nth))
            if last:
                keys.append(("nth", month, day.weekday(), -1))
        for key in keys:
            if key in self.lines:
                return self.lines[key], True
        weeks = [0]
        if self.cycle:
            monday = day - timedelta(days=day.weekday())
            weeks.insert(0, (monday - self.cycle[1]).days // 7 % self.cycle[0] + 1)
        for week in weeks:
            for kind in ("single", "range"):
                if (kind, week, day.weekday()) in self.lines:
                    return self.lines[(kind, week, day.weekday())], False
        return [], False

    def holiday(self, day):
        return day in self.holidays and day not in self.worked and not self.line(day)[1]

    def whole_day_off(self, day):
        """Floating absences, joined where they touch, over all of the civil day."""
        at = datetime.combine(day, datetime.min.time())
        end = at + timedelta(days=1)
        for start, until, floating in sorted(self.leave):
            if floating and start <= at < until:
                at = until
        return at >= end

    def lay_out(self, first, last):
        """Intervals, absences and every instant at which the answer may differ."""
        zone, self.intervals, marks = self.zone, [], set()
        day = first
        while day <= last:
            marks.update((instant(zone, day, 0),))
            local = datetime(day.year, day.month, day.day, tzinfo=zone, fold=1)
            marks.add(int(local.timestamp()))
            if not self.holiday(day) and not self.whole_day_off(day):
                for start, end in self.line(day)[0]:
                    a, b = instant(zone, day, start), instant(zone, day, end)
                    if a < b:
                        self.intervals.append((a - self.before, b + self.after))
            day += timedelta(days=1)
        self.away = []
        for start, until, floating in self.leave:
            if floating:
                a = instant(zone, start.date(), start.hour * 60 + start.minute)
                b = instant(zone, until.date(), until.hour * 60 + until.minute)
            else:
                a = int(start.replace(tzinfo=timezone.utc).timestamp())
                b = int(until.replace(tzinfo=timezone.utc).timestamp())
            if a < b:
                self.away.append((a, b))
        for a, b in self.intervals + self.away:
            marks.update((a, b))
        begin, end = instant(zone, first, 0), instant(zone, last, 0)
        marks.update(transitions(zone, begin, end))
        self.marks = sorted(marks)

    def on(self, t):
        if any(a <= t < b for a, b in self.away):
            return False
        if self.holiday(datetime.fromtimestamp(t, self.zone).date()):
            return False
        return any(a <= t < b for a, b in self.intervals)

    def next(self, t, limit):
        """The first mark after @t at which the answer differs; None up to @limit."""
        now = self.on(t)
        for mark in self.marks[bisect.bisect_right(self.marks, t):]:
            if mark >= limit:
                return None
            if self.on(mark) != now:
                return mark
        return None


def merge_leave_as_the_list_does(schedule):
    """The list joins floating absences that touch before they become instants."""
    for kind in (True, False):
        spans, joined = sorted(s for s in schedule.leave if s[2] == kind), []
        for start, end, _ in spans:
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]), kind)
            else:
                joined.append((start, end, kind))
        schedule.leave = [s for s in schedule.leave if s[2] != kind] + joined


class CommandLine:
    """A sample of the schedules, through files and the command line."""
    EACH = 200

    def __init__(self, offduty):
        self.offduty, self.asked = offduty, 0
        self.folder = tempfile.mkdtemp()
        for name in ("policy.d", "holidays.d", "catalogue.d", "var/lib/offduty/instants/leave"):
            os.makedirs(os.path.join(self.folder, name))

    def write(self, name, lines):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")

    def put(self, schedule):
        """False where INI cannot say it: one key twice."""
        ini, holidays, worked, leave = [], [], [], []
        for line in schedule.text:
            key, value = line.split(" = ")
            if key == "holiday":
                holidays.append('extra %s = "Day"' % value)
            elif key == "holidays-worked":
                worked.append(value)
            elif key == "leave":
                leave.append(value)
            else:
                ini.append(line)
        keys = [line.split(" = ")[0] for line in ini]
        if len(set(keys)) < len(keys) or len(set(holidays)) < len(holidays):
            return False
        ini += ["holidays = test", "leave = /var/lib/offduty/leave/%u.ics"]
        if worked:
            ini.append("holidays-worked = " + ", ".join(worked))
        self.write("policy.d/10-test.ini", ["[schedule test]"] + ini)
        self.write("holidays.d/test.ini", ["[calendar]", "name = Test", 'law = "None"',
                                           "as-of = 2026-11-23", "[holidays]"] + holidays)
        self.write("var/lib/offduty/instants/leave/nobody-here", ["offduty-instants 1"] + leave)
        return True

    def ask(self, t):
        at = datetime.fromtimestamp(t, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        run = subprocess.run(
            [self.offduty, "next", "-n", "1", "--json", "--policy", self.folder, "--root",
             self.folder, "--user", "nobody-here", "--at", at, "--catalogue",
             self.folder + "/catalogue.d", "--holidays", self.folder + "/holidays.d"],
            capture_output=True, text=True, check=False)
        self.asked += 1
        try:
            answer = json.loads(run.stdout)
            until = answer["until"]
            changes = [c["at"] for c in answer["changes"]]
            assert changes == ([until] if until else []) and answer["at"] == at
            seconds = until and int(datetime.fromisoformat(until).timestamp())
            return answer["state"], "never" if until is None else str(seconds)
        except (ValueError, KeyError, AssertionError):
            return "failed", run.stdout + run.stderr

    def done(self):
        shutil.rmtree(self.folder)


def main():
    evaluator, number = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 50000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    seed = seed or random.SystemRandom().randrange(1 << 32)
    print("seed %d, %d schedules in %d zones" % (seed, number, len(ZONES)), flush=True)
    rng, changes = random.Random(seed), {}
    for name in ZONES:
        start = int(datetime(2008, 1, 1, tzinfo=timezone.utc).timestamp())
        end = int(datetime(2040, 1, 1, tzinfo=timezone.utc).timestamp())
        changes[name] = transitions(ZoneInfo(name), start, end)
    process = subprocess.Popen([evaluator], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               text=True, bufsize=1 << 16)
    line = CommandLine(sys.argv[4]) if len(sys.argv) > 4 else None
    asked = wrong = near_dst = never = 0
    for turn in range(number):
        name = rng.choice(ZONES)
        if changes[name] and rng.random() < 0.5:
            centre, near_dst = rng.choice(changes[name]), near_dst + 1
        else:
            centre = rng.randrange(1199145600, 2208988800)
        zone = ZoneInfo(name)
        around = datetime.fromtimestamp(centre, zone).date() - timedelta(days=rng.randrange(3))
        schedule = Schedule(rng, name, around)
        merge_leave_as_the_list_does(schedule)
        first, last = around - timedelta(days=5), around + timedelta(days=AHEAD)
        schedule.lay_out(first - timedelta(days=3), last + timedelta(days=3))
        begin, limit = instant(zone, first, 0), instant(zone, last, 0)
        times = [centre + rng.choice([-1, 0, 1, 900, -900, 1800, 3600, -3600])]
        times += [centre + rng.randrange(-4 * 86400, 4 * 86400) for _ in range(QUESTIONS - 3)]
        times += rng.sample([m for m in schedule.marks if begin <= m < limit], 2)
        process.stdin.write("\n".join(schedule.text + ["? %d" % t for t in times] + ["--", ""]))
        process.stdin.flush()
        by_line = line and turn % line.EACH == 0 and line.put(schedule)
        for t in times:
            state, until = process.stdout.readline().split()
            if by_line and t >= CLOCK_TRUSTED and line.ask(t) != (state, until):
                wrong += 1
                print("at %d: %s until %s, the command line says %s\n%s\n" % (
                    t, state, until, line.ask(t), "\n".join(schedule.text)), flush=True)
            wanted = schedule.next(t, limit)
            good = (state == "on") == schedule.on(t)
            if wanted is None:
                good = good and (until == "never" or int(until) >= limit)
                never += until == "never"
            else:
                good = good and until == str(wanted)
            asked += 1
            if not good:
                wrong += 1
                print("at %d: %s until %s, the oracle says %s until %s\n%s\n" % (
                    t, state, until, "on" if schedule.on(t) else "off", wanted,
                    "\n".join(schedule.text)), flush=True)
                if wrong >= 10:
                    sys.exit(1)
    process.stdin.close()
    print("%d schedules (%d near a change of offset), %d questions (%d never), %d by the command "
          "line, %d disagreements" % (number, near_dst, asked, never, line.asked if line else 0, wrong))
    if line:
        line.done()
    sys.exit(1 if wrong or process.wait() else 0)


if __name__ == "__main__":
    main()

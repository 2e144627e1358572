#!/usr/bin/python3
"""Random recurring leave through offduty-calendar and through dateutil.rrule. Prints the seed, every
disagreement, and the counts.

    rrule_oracle.py OFFDUTY_CALENDAR [NUMBER [SEED]]

All-day entries come out as floating spans, timed ones (Europe/Paris) as instants; both merged where
they touch, as the list has them. DTSTART is always an occurrence of its rule: RFC 5545 leaves the
rest undefined.
"""
import os
import random
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

ZONE = ZoneInfo("Europe/Paris")
FROM, UNTIL = datetime(2026, 1, 1), datetime(2029, 1, 1)
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def rule_text(rng, dated):
    freq = rng.choice(["DAILY", "WEEKLY", "WEEKLY", "MONTHLY", "MONTHLY", "YEARLY"])
    parts = ["FREQ=" + freq]
    if rng.random() < 0.6:
        parts.append("INTERVAL=%d" % rng.randrange(1, 5))
    if freq == "WEEKLY":
        parts.append("BYDAY=" + ",".join(sorted(rng.sample(DAYS, rng.randrange(1, 4)))))
        if rng.random() < 0.5:
            parts.append("WKST=" + rng.choice(["MO", "SU"]))
    elif freq == "MONTHLY":
        kind = rng.randrange(3)
        if kind == 0:
            parts.append("BYMONTHDAY=" + ",".join(
                str(d) for d in rng.sample([1, 2, 13, 15, 28, 29, 30, 31, -1, -2], 2)))
        elif kind == 1:
            parts.append("BYDAY=%d%s" % (rng.choice([1, 2, 3, 4, 5, -1]), rng.choice(DAYS)))
        else:
            parts.append("BYDAY=MO,TU,WE,TH,FR;BYSETPOS=%d" % rng.choice([1, 2, -1]))
    elif freq == "YEARLY":
        kind = rng.randrange(3)
        parts.append("BYMONTH=%d" % rng.choice([1, 2, 2, 5, 10, 12]))
        if kind == 0:
            parts.append("BYMONTHDAY=%d" % rng.choice([1, 28, 29, 31, -1]))
        elif kind == 1:
            parts.append("BYDAY=%d%s" % (rng.choice([1, 2, -1]), rng.choice(DAYS)))
        else:
            parts.append("BYMONTHDAY=%d" % rng.randrange(1, 29))
    end = rng.random()
    if end < 0.3:
        parts.append("COUNT=%d" % rng.randrange(1, 40))
    elif end < 0.6:
        last = datetime(2026, 6, 1) + timedelta(days=rng.randrange(700), hours=12)
        parts.append("UNTIL=" + last.strftime("%Y%m%d" if dated else "%Y%m%dT%H%M%SZ"))
    return ";".join(parts)


def naive_until(text, dated):
    """dateutil takes a naive start with a naive UNTIL; ours is UTC, so bring it to the local clock."""
    at = text.find("UNTIL=")
    if at < 0 or dated:
        return text
    end = text[at + 6:]
    local = datetime.strptime(end, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc).astimezone(ZONE)
    return text[:at + 6] + local.strftime("%Y%m%dT%H%M%S")


def merged(spans):
    result = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        elif start < end:
            result.append((start, end))
    return result


def to_utc(local):
    return local.replace(tzinfo=ZONE, fold=0).astimezone(timezone.utc).replace(tzinfo=None)


class Event:
    def __init__(self, rng):
        self.dated = rng.random() < 0.5
        while True:
            self.rule = rule_text(rng, self.dated)
            start = datetime(2025, 6, 1) + timedelta(days=rng.randrange(700))
            if not self.dated:
                start += timedelta(minutes=rng.choice([0, 90, 120, 150, 150, 540, 840, 1425]))
            text = naive_until(self.rule, self.dated)
            first = next(iter(rrulestr(text, dtstart=start)), None)
            self.length = (timedelta(days=rng.randrange(1, 4)) if self.dated
                           else timedelta(minutes=rng.choice([30, 60, 480])))
            if first and to_utc(first) < to_utc(first + self.length):
                break
        self.start = first
        # The rule from its own first occurrence, so that COUNT and INTERVAL begin there.
        limit = UNTIL + timedelta(days=40)
        self.occurrences = []
        for at in rrulestr(text, dtstart=first):
            if at > limit:
                break
            self.occurrences.append(at)
        self.excluded = [at for at in self.occurrences if rng.random() < 0.1][:20]

    def stamp(self, at):
        return (";VALUE=DATE:%s" % at.strftime("%Y%m%d") if self.dated
                else ";TZID=Europe/Paris:%s" % at.strftime("%Y%m%dT%H%M%S"))

    def ics(self):
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN", "BEGIN:VEVENT",
                 "UID:1", "DTSTAMP:20260101T000000Z", "DTSTART" + self.stamp(self.start),
                 "DTEND" + self.stamp(self.start + self.length), "RRULE:" + self.rule]
        lines += ["EXDATE" + self.stamp(at) for at in self.excluded]
        lines += ["X-MICROSOFT-CDO-BUSYSTATUS:OOF", "END:VEVENT", "END:VCALENDAR", ""]
        return "\r\n".join(lines)

    def spans(self):
        spans, length = [], self.length
        if not self.dated:  # RFC 5545, 3.8.5.3: the exact duration of the first, for all of them
            length = to_utc(self.start + self.length) - to_utc(self.start)
        for at in self.occurrences:
            if at in self.excluded:
                continue
            start = at if self.dated else to_utc(at)
            end = start + length
            if end > FROM and start < UNTIL:
                spans.append((start, end))
        return merged(spans)


def clipped(spans):
    """Well inside of what was asked for: at its ends the list may say more than it has to."""
    first, last = FROM + timedelta(days=31), UNTIL - timedelta(days=31)
    return [(max(a, first), min(b, last)) for a, b in spans if b > first and a < last]


def read_list(text):
    spans = []
    for line in text.splitlines()[1:]:
        words = line.split()
        spans.append(tuple(datetime.fromisoformat(w.rstrip("Z")) for w in words[:2]))
    return spans


def main():
    calendar, number = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(1 << 32)
    print("seed %d, %d rules" % (seed, number), flush=True)
    rng, wrong, spans = random.Random(seed), 0, 0
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, "feed.ics")
    for _ in range(number):
        event = Event(rng)
        with open(path, "w", encoding="utf-8") as file:
            file.write(event.ics())
        run = subprocess.run([calendar, "--from=2026-01-01", "--until=2029-01-01", path],
                             capture_output=True, text=True, check=False)
        wanted = clipped(event.spans())
        found = clipped(read_list(run.stdout)) if run.returncode == 0 else None
        spans += len(wanted)
        if found != wanted:
            wrong += 1
            differ = sorted(set(wanted) ^ set(found or []))[:6]
            print("%s, but for %s%s\n" % (event.ics(), ["%s/%s" % s for s in differ], run.stderr))
            if wrong >= 10:
                break
    os.unlink(path)
    os.rmdir(folder)
    print("%d rules, %d spans, %d disagreements" % (number, spans, wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()

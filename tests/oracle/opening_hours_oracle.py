#!/usr/bin/python3
"""Random weeks through od_schedule_at() and through opening_hours, as a second opinion by other
hands. Prints the seed, every disagreement, and the counts.

    opening_hours_oracle.py SCHEDULE_EVAL NODE-MODULES [NUMBER [SEED]]

Left out, because that library is known to be wrong there: whatever lies near a day on which the
clocks go forward; public holidays by name (they are given as dates); holidays beside windows that
run over midnight, which it cuts in two.
"""
import json
import os
import random
import subprocess
import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Paris")
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
SHORT = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def clock(minute):
    return "%02d:%02d" % (minute // 60, minute % 60)


def last_sunday(year, month):
    day = date(year, month + 1, 1) - timedelta(days=1)
    return day - timedelta(days=(day.weekday() + 1) % 7)


FORWARD = [int(datetime(d.year, 3, d.day, 1, tzinfo=timezone.utc).timestamp())
           for d in (last_sunday(year, 3) for year in range(2024, 2034))]


def near_forward(first, last):
    return any(first - 2 * 86400 < at < last + 2 * 86400 for at in FORWARD)


def windows_of(rng, overnight):
    """Apart from each other: joined windows are told elsewhere."""
    marks = sorted(rng.sample(range(0, 1440, 15), rng.choice([2, 4])))
    pairs = list(zip(marks[::2], marks[1::2]))
    if overnight:
        pairs = [(rng.randrange(18 * 60, 1440, 15), rng.randrange(15, 8 * 60, 15))]
    return pairs


def week(rng):
    """(lines for us, rules for the peer)"""
    overnight = rng.random() < 0.5
    ours, theirs, extra = ["timezone = Europe/Paris"], [], []
    for number in range(7):
        if rng.random() < 0.25:
            ours.append("%s = off" % DAYS[number])
            continue
        late = overnight and rng.random() < 0.5
        words = ",".join("%s-%s" % (clock(a), clock(b)) for a, b in windows_of(rng, late))
        ours.append("%s = %s" % (DAYS[number], words))
        (extra if late else theirs).append("%s %s" % (SHORT[number], words))
    rules = "; ".join(theirs)
    if extra:  # "," adds to the day before, where ";" would replace it
        rules = ", ".join(([rules] if rules else []) + extra)
    around = date(2026, 1, 1) + timedelta(days=rng.randrange(2000))
    if not overnight:
        for _ in range(rng.randrange(3)):
            day = around + timedelta(days=rng.randrange(-3, 12))
            ours.append("holiday = " + day.isoformat())
            rules += "; %d %s %02d off" % (day.year, MONTHS[day.month - 1], day.day)
    return ours, rules.lstrip("; "), around


def main():
    evaluator, modules = sys.argv[1], sys.argv[2]
    number = int(sys.argv[3]) if len(sys.argv) > 3 else 10000
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else random.SystemRandom().randrange(1 << 32)
    print("seed %d, %d weeks" % (seed, number), flush=True)
    rng = random.Random(seed)
    here = os.path.dirname(os.path.abspath(__file__))
    ours = subprocess.Popen([evaluator], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    peer = subprocess.Popen(["node", os.path.join(here, "opening_hours_peer.js")], text=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            env=dict(os.environ, TZ="Europe/Paris", NODE_PATH=modules))
    agree = wrong = skipped = crashed = 0
    for _ in range(number):
        lines, rules, around = week(rng)
        if not rules:
            continue
        start = int(datetime(around.year, around.month, around.day, tzinfo=ZONE).timestamp())
        times = [start + rng.randrange(8 * 86400) for _ in range(3)]
        ours.stdin.write("\n".join(lines + ["? %d" % t for t in times] + ["--", ""]))
        ours.stdin.flush()
        peer.stdin.write(json.dumps({"spec": rules, "at": times}) + "\n")
        peer.stdin.flush()
        answers = json.loads(peer.stdout.readline())
        for i, t in enumerate(times):
            state, until = ours.stdout.readline().split()
            if isinstance(answers, dict):
                crashed += 1
                continue
            theirs = (answers[i][0], "never" if answers[i][1] is None else str(answers[i][1]))
            last = max([t] + [int(u) for u in (until, theirs[1]) if u != "never"])
            if near_forward(t, last):
                skipped += 1
            elif (state, until) == theirs:
                agree += 1
            else:
                wrong += 1
                print("at %d: %s until %s, the peer says %s until %s\n%s\n%s\n" % (
                    t, state, until, *theirs, "\n".join(lines), rules), flush=True)
                if wrong >= 10:
                    sys.exit(1)
    ours.stdin.close()
    peer.stdin.close()
    print("%d agree, %d disagree, %d near a day the clocks go forward, %d crashes of the peer"
          % (agree, wrong, skipped, crashed))
    sys.exit(1 if wrong or agree < number or ours.wait() or peer.wait() else 0)


if __name__ == "__main__":
    main()

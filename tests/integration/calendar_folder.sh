#!/bin/bash
# offduty-calendar as its unit runs it: a folder of feeds, one list a person, the last good one kept.
#
#   calendar_folder.sh OFFDUTY-CALENDAR
set -u
calendar=${1:?offduty-calendar}
D=$(mktemp -d "${TMPDIR:-/tmp}/offduty-calendar.XXXXXX")
trap 'rm -rf "$D"' EXIT
failures=0

fail() {
	echo "FAIL $1"
	failures=$((failures + 1))
}
expect() {
	local text=$1
	shift
	if "$@"; then echo "ok   $text"; else fail "$text"; fi
}
feed() {
	printf 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n' "$1"
}
convert() {
	"$calendar" --leave-dir="$D/leave" --out-dir="$D/lists" --from=2026-01-01 \
		--until=2028-01-01 "$@" 2>"$D/errors"
}
owner() { stat -c '%U %a' "$1"; }

chmod 755 "$D"
mkdir "$D/leave" "$D/lists"
me=$(id -un)
[ "$(id -u)" = 0 ] && me=nobody # there is one everywhere
feed 'DTSTART;VALUE=DATE:20261224' >"$D/leave/$me.ics"

expect "a good feed" convert
expect "becomes a list" grep -qx '2026-12-24T00:00 2026-12-25T00:00 floating' "$D/lists/$me"
expect "of that person alone" test "$(owner "$D/lists/$me")" = "$me 600"

feed 'DTSTART;VALUE=DATE:20261231' >"$D/leave/$me.ics"
expect "a changed feed" convert
expect "replaces the list" grep -q '2026-12-31' "$D/lists/$me"

feed 'RRULE:FREQ=SECONDLY' >"$D/leave/$me.ics"
convert && fail "a faulty feed is told by the exit code"
expect "a faulty feed is named with its line" grep -q "^$me.ics:2: DTSTART" "$D/errors"
expect "and leaves the list it had" grep -q '2026-12-31' "$D/lists/$me"
expect "and nothing else" test "$(ls -A "$D/lists")" = "$me"

rm "$D/leave/$me.ics"
expect "no feed" convert
expect "leaves the list it had" grep -q '2026-12-31' "$D/lists/$me"

# none of these may lead anywhere
feed 'DTSTART;VALUE=DATE:20270606' >"$D/elsewhere.ics"
ln -s "$D/elsewhere.ics" "$D/leave/$me.ics"
mkfifo "$D/leave/root.ics"
mkdir "$D/leave/daemon.ics"
feed 'DTSTART;VALUE=DATE:20270606' >"$D/leave/..x.ics"
feed 'DTSTART;VALUE=DATE:20270606' >"$D/leave/A B.ics"
feed 'DTSTART;VALUE=DATE:20270606' >"$D/leave/nobody-has-this-name.ics.bak"
convert && fail "links, pipes and folders are faults"
expect "a link is not followed" test -z "$(grep -l 2027-06 "$D"/lists/* 2>/dev/null)"
expect "nothing new appears" test "$(ls -A "$D/lists")" = "$me"
rm -r "$D"/leave/* "$D/leave/..x.ics"

# every employee's feed is read, whatever another one holds
feed 'DTSTART;VALUE=DATE:20261224' >"$D/leave/$me.ics"
head -c 11000000 /dev/zero >"$D/leave/daemon.ics"
[ "$(id -u)" = 0 ] || rm "$D/leave/daemon.ics"
convert
expect "a hostile feed harms nobody else" grep -q '2026-12-24' "$D/lists/$me"
rm "$D"/leave/*

feed $'DTSTART:20261127T180000Z\r\nDURATION:P1D\r\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY' >"$D/leave/rota.ics"
expect "turns" convert --turns
expect "are a list for all" grep -qx '2026-11-27T18:00Z 2026-11-28T18:00Z' "$D/lists/rota"
expect "to read" test "$(stat -c %a "$D/lists/rota")" = 644

expect "from standard input" test "$(feed 'DTSTART;VALUE=DATE:20261224' |
	"$calendar" --from=2026-01-01 --until=2027-01-01 | tail -n 1)" = \
	"2026-12-24T00:00 2026-12-25T00:00 floating"
feed 'DTSTART:x' | "$calendar" >/dev/null 2>&1
expect "a fault there has exit code 2" test ${PIPESTATUS[1]} = 2
"$calendar" --zone=Nowhere/Land </dev/null 2>/dev/null
expect "so has an unknown zone" test $? = 2

[ $failures = 0 ]

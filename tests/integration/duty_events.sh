#!/bin/bash
# Everything that changes duty takes effect at once: the hour, a stepped clock, another local zone, an
# update of the tz database, the policy, lists of absences and of on-call turns, a choice, a restart.
# The gate on a bus of its own, feeds through offduty-calendar; what the command line says of it.
#
#   duty_events.sh GATE CALENDAR OFFDUTY
set -u
gate=${1:?offduty-gate} calendar=${2:?offduty-calendar} offduty=${3:?offduty}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/support/desktop.sh
. "$here/../support/desktop.sh"
for tool in dbus-daemon python3; do
	command -v $tool >/dev/null || { echo "skip: no $tool"; exit 77; }
done
[ -r /usr/share/zoneinfo/Europe/Monaco ] || { echo "skip: no tz database"; exit 77; }
unset LANGUAGE
export LC_ALL=C.UTF-8 NO_COLOR=1 DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nonexistent
me=$(id -un)
failures=0
check() { # TEXT CMD...
	local text=$1
	shift
	if "$@" >"$D/check.out" 2>&1; then
		echo "ok   $text"
	else
		echo "FAIL $text: $* ($(head -c 300 "$D/check.out"))"
		failures=$((failures + 1))
	fi
}
is() { [ "$1" = "$2" ] || { echo "is \"$1\", not \"$2\""; return 1; }; }
says() { # EXPECTED ARGUMENT...
	local expected=$1
	shift
	is "$("$offduty" "$@" 2>&1)" "$expected"
}
has() { # PATTERN ARGUMENT...
	local pattern=$1
	shift
	"$offduty" "$@" 2>&1 | tee "$D/check.out" | grep -qE -- "$pattern"
}
soon() { desktop_wait 10 "$@" || { "$@"; return 1; }; }
clock() {
	echo "$1" >"$D/clock.new"
	mv "$D/clock.new" "$D/clock"
}
put() { # FILE: what is on standard input, by one rename
	cat >"$D/put.new"
	mv "$D/put.new" "$1"
}
feed() { # UID PROPERTY...
	printf 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nBEGIN:VEVENT\r\nUID:%s\r\nDTSTAMP:20260101T000000Z\r\n' "$1"
	shift
	printf '%s\r\n' "$@"
	printf 'END:VEVENT\r\nEND:VCALENDAR\r\n'
}
convert() {
	"$calendar" --from=2026-01-01 --until=2028-01-01 --leave-dir="$root/var/lib/offduty/leave" \
		--out-dir="$root/var/lib/offduty/instants/leave"
	"$calendar" --from=2026-01-01 --until=2028-01-01 --turns \
		--leave-dir="$root/var/lib/offduty/on-call" --out-dir="$root/var/lib/offduty/instants/on-call"
}
gate_start() {
	desktop_spawn gate "$gate" --verbose --root="$root" --clock="@$D/clock" \
		--state-dir="$D/state" --notifier=/nonexistent
	desktop_wait 10 "$offduty"
}
duty_until() { "$offduty" --json | grep -q "\"until\": \"$1\""; }

desktop_begin
desktop_session_bus
root=$D/root
mkdir -p "$root"/etc/offduty/policy.d "$root"/var/lib/offduty/instants/{leave,on-call} "$D/state" \
	"$root"/var/lib/offduty/{leave,on-call} "$root/usr/share/zoneinfo/Europe"
cp /usr/share/zoneinfo/Europe/Paris "$root/usr/share/zoneinfo/Europe/Monaco"
echo '# version 1' >"$root/usr/share/zoneinfo/tzdata.zi"
ln -s /usr/share/zoneinfo/Europe/Paris "$root/etc/localtime"
policy() { # TIMEZONE
	put "$root/etc/offduty/policy.d/10-test.ini" <<-END
		[schedule office]
		timezone = $1
		monday-friday = 09:00-18:00
		law = fr
		leave = /var/lib/offduty/leave/%u.ics
		[on-call net]
		feed = /var/lib/offduty/on-call/net.ics
		work = desktop:netops
	END
}
policy Europe/Monaco
clock 2026-11-25T17:00:00+01:00
gate_start

# -- the hour and the clock
check "on duty in the afternoon" says "On duty until 18:00 (Europe/Monaco). Nothing is held."
clock 2026-11-25T17:59:59+01:00
check "the hour strikes" soon has '^Off duty until Thursday 09:00'
clock 2026-11-25T17:00:00+01:00
check "a clock set back counts" soon has '^On duty until 18:00'
clock 2026-11-26T03:00:00+01:00
check "a clock set forward counts" soon has 'Off duty until 09:00 .*Rest so far 9 h of 11 h\.'

# -- zones
policy local
local_zone() { "$offduty" --json | grep -q '"zone": "local"'; }
check "a new policy counts" soon local_zone
check "with the local zone" duty_until 2026-11-26T08:00:00Z
ln -sfn /usr/share/zoneinfo/Asia/Kathmandu "$root/etc/localtime.new"
mv -T "$root/etc/localtime.new" "$root/etc/localtime"
check "another local zone counts" soon duty_until 2026-11-26T03:15:00Z
policy Europe/Monaco
check "a fixed zone is none of its business" soon duty_until 2026-11-26T08:00:00Z
cp /usr/share/zoneinfo/America/New_York "$root/usr/share/zoneinfo/Europe/Monaco"
echo '# version 2' | put "$root/usr/share/zoneinfo/tzdata.zi"
clock 2026-11-25T19:00:00-05:00
check "an update of the tz database counts" soon duty_until 2026-11-26T14:00:00Z
cp /usr/share/zoneinfo/Europe/Paris "$root/usr/share/zoneinfo/Europe/Monaco"
echo '# version 3' | put "$root/usr/share/zoneinfo/tzdata.zi"
check "and the next one" soon duty_until 2026-11-26T08:00:00Z

# -- absences and turns
clock 2026-11-26T10:00:00+01:00
check "on duty" soon has '^On duty until 18:00'
feed 1 'DTSTART;VALUE=DATE:20261126' 'DTEND;VALUE=DATE:20261128' \
	'X-MICROSOFT-CDO-BUSYSTATUS:OOF' >"$root/var/lib/offduty/leave/$me.ics"
convert
check "a list of absences counts" soon has '^Off duty until Monday 09:00'
check "it is this person's alone" is "$(stat -c %a "$root/var/lib/offduty/instants/leave/$me")" 600
check "status says how old it is" has '^Leave +list of' status
check "why says leave" has "^Rule +leave" why --root="$root"
echo nonsense >"$root/var/lib/offduty/leave/$me.ics"
convert >/dev/null 2>&1
check "a faulty feed leaves the list" has '^Off duty until Monday 09:00'
rm "$root/var/lib/offduty/instants/leave/$me"
check "a list that is gone counts" soon has '^On duty until 18:00'
clock 2026-11-26T20:00:00+01:00
check "off duty" soon has '^Off duty until Friday 09:00'
feed 2 'DTSTART:20261126T190000Z' 'DTEND:20261126T210000Z' >"$root/var/lib/offduty/on-call/net.ics"
convert
on_call() { "$offduty" why --json | grep -q "\"on-call\": $1"; }
check "a turn is seen by the command line" soon has 'On call +net \(' why --root="$root"
check "and by the gate" soon has '"on-call-made": "2' status --json

# -- legal rest
rm -f "$root/var/lib/offduty/instants/on-call/net"
clock 2026-11-26T05:00:00+01:00
check "work in the night begins the rest anew" \
	says "Resting by your own choice until 15:00 (Europe/Monaco). Rest so far 1 h of 11 h. By law (fr) work may resume Thu 2026-11-26 15:00." \
	rest --after 03:00-04:00
check "only its end is kept" grep -qx 'worked-until = [0-9]*' "$D/state/settings"
kill "$gate_pid"
desktop_gone "$gate_pid" 5
wait "$gate_pid"
check "the gate ends with 0" is $? 0
gate_start
check "rest and choice survive a restart" \
	says "Resting by your own choice until 15:00 (Europe/Monaco). Nothing is held. Rest so far 1 h of 11 h. By law (fr) work may resume Thu 2026-11-26 15:00."
check "back to the schedule" has '^Off duty until 09:00' resume
clock 2026-11-26T09:30:00+01:00
check "duty has begun" soon has '^On duty'
check "what was worked is forgotten" soon sh -c "! grep -q worked-until '$D/state/settings'"
clock 2026-11-26T08:30:00+01:00
check "rest already taken stays taken" \
	has 'Off duty until 09:00 \(Europe/Monaco\)\. The legal rest of 11 h is taken\.' rest --after 07:00-08:00
check "work to come is no work" has 'in the past week' rest --after 2026-11-27T03:00:00Z
clock 2026-11-26T12:00:00+01:00
check "on duty there is no rest to cut" soon has 'no legal rest' rest --after 11:00

# -- choices as people say them
clock 2026-11-25T20:00:00+01:00
check "lift until 21:00" has 'shown until 21:00' lift until 21:00
check "it is in next" has '^By your own choice' next --root="$root"
clock 2026-11-25T21:00:00+01:00
check "a lift ends by itself" soon has '^Off duty until Thursday 09:00'
check "rest tomorrow" has 'Resting by your own choice until Thursday 09:00' rest tomorrow
choice_until() { "$offduty" status --json | grep -q "\"choice-until\": \"$1\""; }
check "that is its first instant; duty would begin later anyway" choice_until 2026-11-25T23:00:00Z
check "resume" has '^Off duty' resume

# -- verbs about hours, with and without the gate
check "next as JSON" python3 - "$offduty" "$root" <<'END'
import json, subprocess, sys
a = json.loads(subprocess.run([sys.argv[1], "next", "--root", sys.argv[2], "-n", "2", "--json"],
                              check=True, capture_output=True).stdout)
assert list(a) == ["at", "state", "reason", "until", "changes"], a
assert a["state"] == "off" and a["until"] == "2026-11-26T08:00:00Z", a
assert a["changes"] == [
    {"at": "2026-11-26T08:00:00Z", "state": "on", "reason": "hours"},
    {"at": "2026-11-26T17:00:00Z", "state": "off", "reason": "hours"}], a
END
check "week draws today" has '^Wed 25 .*█' week --root="$root"
check "with now in it" has 'now, 21:00 \^' week --root="$root"
kill "$gate_pid"
desktop_gone "$gate_pid" 5
check "without a gate, exit code 5" sh -c "'$offduty' next --root='$root'; [ \$? = 5 ]"
check "with --policy there is no need of one" \
	says "Off duty until Thursday 09:00 (Europe/Monaco). Rest so far 3 h of 11 h." \
	--policy "$root" --user "$me" --at 2026-11-25T21:00:00+01:00
[ "$failures" = 0 ] || { tail -n 30 "$D/gate.log"; exit 1; }

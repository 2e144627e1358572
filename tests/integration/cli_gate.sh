#!/bin/bash
# The command line and the notifier with a real gate and a real dunst: what they say on Friday evening
# and on Monday morning, in English, in French and in JSON; the digest comes, and a click delivers.
#
#   cli_gate.sh GATE SHIM NOTIFY_CLIENT OFFDUTY NOTIFIER FOLDER-OF-TRANSLATIONS
set -u
. "$(dirname "$0")/gate.sh"
offduty=${4:?offduty} notifier=${5:?offduty-notifier} translations=${6:?folder}
unset LANGUAGE
export LC_ALL=C.UTF-8 NO_COLOR=1
# There is no guard here, and the machine's own is none of this test's business.
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nonexistent
gate_session digest

says() { # EXPECTED ARGUMENT...: exactly that, exit code 0
	local expected=$1 answer
	shift
	answer=$("$offduty" "$@" 2>&1) || { echo "exit code $?: $answer"; return 1; }
	is "$answer" "$expected"
}
fails() { # CODE PATTERN ARGUMENT...
	local code=$1 pattern=$2 answer got
	shift 2
	answer=$("$offduty" "$@" 2>&1)
	got=$?
	[ "$got" = "$code" ] && grep -qE -- "$pattern" <<<"$answer" || {
		echo "exit code $got: $answer"
		return 1
	}
}
json() { # EXPRESSION ARGUMENT...: a Python expression over the answer a
	local expression=$1
	shift
	"$offduty" --json "$@" 2>/dev/null |
		python3 -c 'import json, sys; a = json.load(sys.stdin); sys.exit(0 if eval(sys.argv[1]) else repr(a))' "$expression"
}
in_french() { LC_ALL=C.UTF-8 LANGUAGE=fr OFFDUTY_LOCALEDIR=$translations "$@"; }
shown() { grep -qE "$1" "$D/server.log"; }

check "off duty, in one sentence" says "Off duty until Monday 08:30 (Europe/Monaco). Nothing is held."
"$client" --app=Slack --entry=workapp --body=$'The body\nhas lines' "Numbers for Monday" >"$D/first.log"
"$client" --app=Slack --entry=workapp "second, and a text that is longer than most terminals like" >/dev/null
"$client" --app=Équipe --entry=workapp $'esc\e[31m' >/dev/null
check "three are held, in one sentence" says \
	"Off duty until Monday 08:30 (Europe/Monaco). 3 work notifications held."
check "the same in French" in_french says \
	"Hors temps de travail jusqu'à lundi 08:30 (Europe/Monaco). 3 notifications de travail retenues."
check "the same in JSON, in UTC" json \
	'a == {"state": "off", "until": "2026-11-30T07:30:00Z", "rule": "hours", "zone": "Europe/Monaco", "held": 3, "rest": None}'

id=$("$offduty" held | awk '/Numbers/ { print $1 }')
check "held lists when, from whom and what" \
	grep -qE "^$id +Fri 2026-11-27 18:45 +Slack +Numbers for Monday" <<<"$("$offduty" held)"
check "held show has the body" grep -q 'The body' <<<"$("$offduty" held show "$id")"
check "line by line" grep -qE '^ +has lines$' <<<"$("$offduty" held show "$id")"
check "no escape sequence reaches the terminal" not grep -q $'\e' <<<"$("$offduty" held)"
check "held in JSON" json \
	'[h["app"] for h in a["held"]] == ["Slack", "Slack", "Équipe"] and a["held"][0]["time"].startswith("2026-11-27T17:45")' held
check "held show of no such id" fails 4 'nothing is held under number 77' held show 77
check "held deliver of nothing" fails 2 'or --all' held deliver
check "held discard of one" says "1 notification forgotten." held discard "$id"
check "held discard of the same again" fails 4 'none of these is held' held discard "$id"
check "letters survive a locale without them" grep -q 'Équipe' <(LC_ALL=C "$offduty" held)

check "lift for two hours" fails 0 'shown until 20:4[4-9]' lift 2h
check "the choice is in the status" json 'a["gate"]["choice"] == "lift"' status
check "resume" says "Off duty until Monday 08:30 (Europe/Monaco)." resume
check "rest until a day" fails 0 'Resting by your own choice until Wednesday 09:00' rest until wednesday 09:00
check "resume again" says "Off duty until Monday 08:30 (Europe/Monaco)." resume
check "rest until a time that is over" fails 2 'over already' rest 2026-11-01
check "rest until nonsense" fails 2 'is no time' rest until the cows come home

check "status names dunst" grep -q 'stands before dunst' <<<"$("$offduty" status)"
check "status names line and file" grep -q '10-test.ini:' <<<"$("$offduty" status)"
check "status without a guard says so, exit code 5" fails 5 'system bus cannot be reached' status
check "status in JSON is whole without a guard" json \
	'a["gate"]["running"] and not a["guard"]["running"] and a["policy"] is None and a["gate"]["server"] == "dunst"' status
check "explain without a guard, exit code 5" fails 5 'system bus' explain telegram

check "a terminal of 60 columns gets lines of 60, and sees what was cut" python3 - "$offduty" <<'END'
import fcntl, os, pty, struct, subprocess, sys, termios
master, slave = pty.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
subprocess.run([sys.argv[1], "held"], stdout=slave, check=True)
lines = os.read(master, 65536).decode().splitlines()
sys.exit(0 if len(lines) == 3 and max(map(len, lines)) == 60 and lines[1].endswith("…") else repr(lines))
END

desktop_spawn notifier "$notifier" --verbose --system-bus=unix:path=/nonexistent
desktop_wait 5 grep -q . "$D/notifier.log"
check "while off duty the notifier shows no digest" not shown 'while you were off'
check "nobody may look into the notifier" is "$(stat -c %U "/proc/$notifier_pid/environ")" root
gate_clock "$on_duty"
check "on duty on Monday" desktop_wait 10 says \
	"On duty until 12:30 (Europe/Monaco). 2 work notifications held."
check "the digest comes" desktop_wait 10 shown '2 while you were off'
check "with its sums" shown '(Slack 1, Équipe 1|Équipe 1, Slack 1)'
check "from Offduty" shown "appname: 'Offduty'"
dunstctl action 0
check "a click delivers" desktop_wait 10 on_screen "second, and a text that is longer than most terminals like"
check "all of them" desktop_wait 10 held_is 0
check "and says so" says "On duty until 12:30 (Europe/Monaco). Nothing is held."

gate_kill TERM
check "without a gate, what to do is said" fails 5 'systemctl --user start offduty-gate'
check "in JSON too" fails 5 '"error": "Unavailable"' --json
kill "$notifier_pid"
check "the notifier ends when told to" desktop_gone "$notifier_pid" 5
wait "$notifier_pid"
check "and well" is "$?" 0
gate_start
check "with a gate again, the answer is back" says \
	"On duty until 12:30 (Europe/Monaco). Nothing is held."
if [ "$failures" != 0 ]; then
	echo "--- notifier"
	tail -n 20 "$D/notifier.log"
fi
gate_finish

#!/bin/bash
# next, week, why and the sentence without any daemon: what an admin sees who tries hours before they are
# pushed. In text, JSON, SVG and French, in terminals of several widths.
#
#   cli_hours.sh OFFDUTY SOURCE-TREE FOLDER-OF-TRANSLATIONS
set -u
offduty=${1:?offduty} source=${2:?tree} translations=${3:?folder}
unset LANGUAGE
export LC_ALL=C.UTF-8 NO_COLOR=1 DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent \
	DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nonexistent
D=$(mktemp -d)
trap 'rm -rf "$D"' EXIT
sample=$source/policies/examples/exemplar
failures=0
check() { # TEXT CMD...
	local text=$1
	shift
	if "$@" >"$D/out" 2>&1; then
		echo "ok   $text"
	else
		echo "FAIL $text: $* ($(head -c 400 "$D/out"))"
		failures=$((failures + 1))
	fi
}
says() { # EXPECTED ARGUMENT...
	local expected=$1 answer
	shift
	answer=$("$offduty" "$@" 2>&1)
	[ "$answer" = "$expected" ] || { echo "$answer"; return 1; }
}
has() { # PATTERN ARGUMENT...
	local pattern=$1
	shift
	"$offduty" "$@" 2>&1 | tee "$D/answer" | grep -qE -- "$pattern" || { cat "$D/answer"; return 1; }
}
fails() { # CODE ARGUMENT...
	local code=$1
	shift
	"$offduty" "$@"
	[ $? = "$code" ]
}
json() { # EXPRESSION ARGUMENT...: over the answer a
	local expression=$1
	shift
	"$offduty" --json "$@" 2>/dev/null |
		python3 -c 'import json, sys; a = json.load(sys.stdin); sys.exit(0 if eval(sys.argv[1]) else repr(a))' "$expression"
}
terminal() { # COLUMNS ARGUMENT...: what it prints in a terminal that wide; its lines must fit
	python3 - "$offduty" "$@" <<'END'
import fcntl, os, pty, struct, sys, termios
columns = int(sys.argv[2])
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    os.execv(sys.argv[1], [sys.argv[1]] + sys.argv[3:])
text = b""
try:
    while chunk := os.read(fd, 4096):
        text += chunk
except OSError:
    pass
lines = text.decode().replace("\r", "").splitlines()
print("\n".join(lines))
picture = [line for line in lines if line[:3] in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")]
sys.exit(max(map(len, lines)) > columns or not picture or os.waitpid(pid, 0)[1])
END
}
now=2026-11-27T18:45:00+01:00
check "the sentence" says "Off duty until Monday 08:30 (Europe/Monaco). Rest so far 2 h 15 of 24 h." \
	--policy "$sample" --at $now
check "in JSON" json 'a["state"] == "off" and a["until"] == "2026-11-30T07:30:00Z" and a["rest"]["taken-seconds"] == 8100 and "held" not in a' \
	--policy "$sample" --at $now
check "next in JSON" json 'a == {"at": "2026-11-27T17:45:00Z", "state": "off", "reason": "hours", "until": "2026-11-30T07:30:00Z", "changes": [{"at": "2026-11-30T07:30:00Z", "state": "on", "reason": "hours"}]}' \
	next -n 1 --policy "$sample" --at $now
check "as many as asked for" json 'len(a["changes"]) == 25' next --number=25 --policy "$sample" --at $now
check "ten otherwise" json 'len(a["changes"]) == 10' next --policy "$sample" --at $now
check "not none" fails 2 next -n 0 --policy "$sample" --at $now
check "nor a word" fails 2 next -n ten --policy "$sample" --at $now
check "why names the line" has '30-hours.ini:[0-9]+' why --policy "$sample" --at $now
check "a holiday by name" has 'Immaculée Conception' why --policy "$sample" --at 2026-12-08T10:00:00+01:00
check "on call" json 'a["on-call"] == "netops" and a["state"] == "off"' \
	why --policy "$sample" --groups netops --at 2026-11-28T10:00:00+01:00
check "nobody else is" json 'a["on-call"] is None' \
	why --policy "$sample" --groups staff --at 2026-11-28T10:00:00+01:00

mkdir -p "$D/set"
cat >"$D/set/10-groups.ini" <<-END
	[schedule all]
	timezone = UTC
	monday-friday = 09:00-17:00
	[schedule shift]
	timezone = UTC
	monday-sunday = 22:00-06:00
	groups = night, guard
END
data=(--catalogue="$source/policies/catalogue" --holidays="$source/policies/holidays")
check "of somebody in a group" json 'a["state"] == "on"' --policy "$D/set" --groups a,night \
	--at 2026-11-25T23:00:00Z "${data[@]}"
check "of somebody in none of them" json 'a["state"] == "off"' --policy "$D/set" --groups a,b \
	--at 2026-11-25T23:00:00Z "${data[@]}"
check "a faulty policy" sh -c "echo nonsense >'$D/set/20.ini'; '$offduty' --policy '$D/set' --at $now; [ \$? = 3 ]"

check "a week has seven days" json 'len(a["days"]) == 7 and a["days"][0]["day"] == "2026-12-21" and a["days"][4]["holiday"] == "Noël"' \
	week 2026-12-24 --policy "$sample" --at $now
check "its spans leave nothing out" json 'all(x["until"] == y["from"] for d in a["days"] for x, y in zip(d["spans"], d["spans"][1:]))' \
	week 2026-12-24 --policy "$sample" --at $now
check "a quarter of an hour a cell" has '^Thu 24  ·{34}█{14}·{48}$' week 2026-12-24 --policy "$sample" --at $now
check "a holiday is seen without colour" has '^Fri 25  h{96}$' week 2026-12-24 --policy "$sample" --at $now
check "so is on-call" has '^Sat 28  o{96}$' week --groups netops --policy "$sample" --at $now
check "now" has '^ +now, 18:45 \^$' week --policy "$sample" --at $now
check "a night that has an hour less" has '^Sun 29  ·{8}    ·{84}$' week 2026-03-29 --policy "$sample" --at $now
check "is named" has '^Sun 29: the clocks go forward from 02:00 to 03:00$' week 2026-03-29 --policy "$sample" --at $now
check "and one with an hour more" has '^Sun 25: the clocks go back; 02:00 to 03:00 comes twice$' \
	week 2026-10-25 --policy "$sample" --at $now
for columns in 120 104 80 60 40; do
	check "a terminal of $columns columns" terminal $columns week --policy "$sample" --at $now
done
check "no day" fails 2 week someday --policy "$sample" --at $now
check "as a picture" "$offduty" week 2026-12-24 --svg "$D/week.svg" --policy "$sample" --at 2026-12-24T11:00:00+01:00
check "that is well-formed, with its days and now" python3 - "$D/week.svg" <<'END'
import sys, xml.etree.ElementTree as tree
text = " ".join(tree.parse(sys.argv[1]).getroot().itertext())
assert all(day in text for day in ("Mon 21", "Fri 25", "Noël", "now, 11:00", "public holiday")), text
END
check "a folder that is not there" fails 1 week --svg "$D/nowhere/week.svg" --policy "$sample" --at $now
export LANGUAGE=fr OFFDUTY_LOCALEDIR=$translations
check "in French" says "Hors temps de travail jusqu'à lundi 08:30 (Europe/Monaco). Repos pris jusqu'ici : 2 h 15 sur 24 h." \
	--policy "$sample" --at $now
[ "$failures" = 0 ]

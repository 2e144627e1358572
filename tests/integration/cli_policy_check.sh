#!/bin/bash
# offduty policy check: faults with file and line, exit codes, the places it reads from.
#
#   cli_policy_check.sh OFFDUTY SOURCE FOLDER-OF-TRANSLATIONS
set -u
offduty=${1:?offduty} source=${2:?source} translations=${3:?folder}
unset LANGUAGE
export LC_ALL=C.UTF-8
D=$(mktemp -d "${TMPDIR:-/tmp}/offduty-check.XXXXXX")
trap 'rm -rf "$D"' EXIT
failures=0

# check TEXT CODE PATTERN ARGUMENT...: exit code, and a line of the output
check() {
	local text=$1 code=$2 pattern=$3 output got
	shift 3
	output=$("$offduty" policy check "$@" 2>&1)
	got=$?
	if [ "$got" = "$code" ] && grep -qE -- "$pattern" <<<"$output"; then
		echo "ok   $text"
	else
		echo "FAIL $text: exit code $got, expected $code and $pattern; it said:"
		head -n 8 <<<"$output"
		failures=$((failures + 1))
	fi
}
policy() { cat >"$D/set/policy.d/10-company.ini"; }

mkdir -p "$D/set/policy.d" "$D/empty"
catalogue=--catalogue=$source/policies/catalogue
holidays=--holidays=$source/policies/holidays

check "the shipped example is good" 0 '^0 faults' --strict "$source/policies/examples/exemplar"
for example in "$source"/policies/examples/*/; do
	check "strict: $(basename "$example")" 0 '^0 faults, 0 warnings$' --strict "$example"
done
check "the smallest one, too" 0 '^0 faults, 0 warnings$' --strict "$source/policies/examples/minimal"
check "a single file of it" 0 '^0 faults' "$source/policies/examples/minimal/10-minimal.ini"

policy <<-END
	[company]
	name = Test
	[messengers]
	blcked = whatsapp
	approved = elment
	unlisted = maybe
	[schedule office]
	monday = 09:00-25:00
END
where="$D/set/policy.d/10-company.ini"
check "an unknown key: line, column, the nearest" 3 "^$where:4:1: error: .*blcked.*\"blocked\".*\[unknown-key\]$" $catalogue "$D/set"
check "an unknown messenger" 3 "^$where:5:12: error: .*elment.*\"element\".*\[unknown-messenger\]$" $catalogue "$D/set"
check "a value that is none" 3 "^$where:6:[0-9]+: error: .*maybe" $catalogue "$D/set"
check "hours that do not exist" 3 "^$where:8:[0-9]*:? ?error: " $catalogue "$D/set"
check "all of them are counted" 3 '^4 faults, 0 warnings$' $catalogue "$D/set"
check "a trailing slash is not doubled" 3 "^$where:4" $catalogue "$D/set/"
check "the folder itself is enough" 3 "^$where:4" $catalogue "$D/set/policy.d"
check "so is the file" 3 "^$where:4" $catalogue "$where"

answer=$("$offduty" --json policy check $catalogue "$D/set")
python3 - "$where" <<END || failures=$((failures + 1))
import json, sys
a = json.loads(r'''$answer''')
assert a["good"] is False and a["faults"] == 4 and a["hash"] is None, a
first = a["problems"][0]
assert (first["file"], first["line"], first["column"], first["code"]) == (sys.argv[1], 4, 1, "unknown-key"), first
print("ok   the same in JSON")
END
answer=$(LANGUAGE=fr OFFDUTY_LOCALEDIR=$translations "$offduty" policy check $catalogue "$D/set")
grep -q ': erreur: .*vouliez-vous dire' <<<"$answer" && grep -q '^4 erreurs, 0 avertissement$' <<<"$answer" &&
	echo "ok   the same in French" || {
	echo "FAIL in French: $answer"
	failures=$((failures + 1))
}

policy <<-END
	[schedule office]
	monday = 09:00-17:00
	people = nobody-here-by-that-name
	groups = root
	holidays = mc
END
check "whom another host knows is not asked here" 0 '^0 faults, 0 warnings$' --strict $catalogue $holidays "$D/set"
check "unless with --resolve" 0 'warning: .*nobody-here-by-that-name.*\[unknown-person\]$' --resolve $catalogue $holidays "$D/set"
check "which --strict does not let pass" 3 '^0 faults, 1 warning$' --strict --resolve $catalogue $holidays "$D/set"
mkdir -p "$D/host/etc/offduty/policy.d"
cp "$D/set/policy.d/10-company.ini" "$D/host/etc/offduty/policy.d/"
check "installed, it is asked" 0 '\[unknown-person\]$' $catalogue $holidays --root="$D/host"
check "and a fault with --strict" 3 '^0 faults, 1 warning$' --strict $catalogue $holidays --root="$D/host"

policy <<-END
	[messengers]
	approved = telegram
	blocked = telegram
END
check "a doubtful line is a warning" 0 'warning: ' $catalogue "$D/set"
check "which --strict does not let pass" 3 'warning: ' --strict $catalogue "$D/set"

# What hours cannot give.
policy <<-END
	[schedule late]
	timezone = Europe/Monaco
	law = fr
	before = 30m
	after = 30m
	tuesday = 14:00-21:30
	wednesday = 08:30-12:30, 13:30-17:30
	sunday = 02:00-03:00
	leave = /srv/leave/%u.ics
END
check "rest that is too short" 0 \
	'10-company.ini:6: warning: Tuesday 22:00 to Wednesday 08:00 leaves 10 h; fr asks 11 h \[short-rest\]$' $catalogue "$D/set"
check "a break that grace closes" 0 ':7: warning: the break 12:30-13:30 is no rest.*\[closed-break\]$' $catalogue "$D/set"
check "a window a night swallows" 0 ':8: warning: 02:00-03:00 does not exist on 20.*\[lost-window\]$' $catalogue "$D/set"
check "leave that is never read" 0 'warning: leave is read from .*\[feed-elsewhere\]$' $catalogue "$D/set"
policy <<-END
	[schedule six]
	law = lu
	monday-saturday = 06:00-18:00
END
check "a weekly rest that is too short" 0 \
	'Saturday 18:00 to Monday 06:00, is 36 h; lu asks 44 h \[short-weekly-rest\]$' $catalogue "$D/set"

mkdir -p "$D/root/etc/offduty/policy.d"
cp "$source"/policies/examples/minimal/*.ini "$D/root/etc/offduty/policy.d/"
check "a whole root, with the catalogue from elsewhere" 0 '^0 faults' $catalogue "$D/root"
check "beside a catalogue of its own" 3 'no messenger is called' --catalogue="$D/empty" "$source/policies/examples/exemplar"
check "a folder without a policy" 4 'no policy' "$D/empty"
check "a folder that is not there" 4 'No such file' "$D/nowhere"
check "a folder and a file" 2 'not both' "$D/set" "$where"
check "an option of another verb" 2 'does not belong' --since=1h "$D/set"
check "an option nobody knows" 2 'Did you mean "--strict"' --strct "$D/set"

[ "$failures" = 0 ]

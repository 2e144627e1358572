#!/bin/bash
# What an admin asks before pushing a policy: show, diff, messengers, explain and apply, without a daemon.
#
#   cli_policy.sh OFFDUTY SOURCE FOLDER-OF-TRANSLATIONS VENDOR-FOLDER
set -u
offduty=${1:?offduty} source=${2:?source} translations=${3:?folder} vendor=${4:?folder}
unset LANGUAGE
export LC_ALL=C.UTF-8 TZ=UTC
D=$(mktemp -d "${TMPDIR:-/tmp}/offduty-policy.XXXXXX")
pids=()
finish() {
	for pid in "${pids[@]}"; do
		kill -KILL "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	rm -rf "$D"
}
trap finish EXIT
failures=0
fail() {
	echo "FAIL $1"
	failures=$((failures + 1))
}

# check TEXT CODE PATTERN VERB ARGUMENT...: exit code, and a line of the output
check() {
	local text=$1 code=$2 pattern=$3 output got
	shift 3
	output=$("$offduty" "$@" 2>&1)
	got=$?
	if [ "$got" = "$code" ] && grep -qE -- "$pattern" <<<"$output"; then
		echo "ok   $text"
	else
		fail "$text: exit code $got, expected $code and $pattern; it said:"
		head -n 12 <<<"$output"
	fi
}
# json TEXT CODE EXPRESSION-OF-a VERB ARGUMENT...
json() {
	local text=$1 code=$2 expression=$3 got
	shift 3
	"$offduty" --json "$@" >"$D/answer" 2>"$D/errors"
	got=$?
	if [ "$got" = "$code" ] && python3 -c '
import json, sys
a = json.load(open(sys.argv[1]))
assert eval("(" + sys.argv[2] + ")"), sys.argv[2]' "$D/answer" "$expression"; then
		echo "ok   $text"
	else
		fail "$text: exit code $got, expected $code; it said:"
		head -n 40 "$D/answer" "$D/errors"
	fi
}

examples=$source/policies/examples
data=(--catalogue="$source/policies/catalogue" --holidays="$source/policies/holidays")
root=$D/root
mkdir -p "$root$vendor" "$D/new" "$D/old"
cp -r "$source/policies/catalogue" "$root$vendor/catalogue.d"
cp -r "$source/policies/holidays" "$root$vendor/holidays.d"

# ---- show
check "show: each value with its file and line" 0 '^unlisted = warn +; .*/20-messengers.ini:[0-9]+$' policy show "$examples/exemplar"
check "show: what nobody wrote is marked" 0 '^retention = 180d +; default$' policy show "$examples/minimal"
check "show: texts are quoted" 0 '^name = "Exemplar S.A.M."' policy show "$examples/exemplar"
"$offduty" policy show "${data[@]}" "$examples/exemplar" >"$D/one.ini"
check "show: what it prints is a policy" 0 '^0 faults, 0 warnings$' policy check --strict "${data[@]}" "$D/one.ini"
check "of the same meaning" 0 '^Nothing would change.$' policy diff "${data[@]}" "$examples/exemplar" "$D/one.ini"
json "show in JSON" 0 'sorted(a) == ["files", "hash", "sections"] and len(a["hash"]) == 64 and [
	k["values"] for s in a["sections"] if s["name"] == "messengers" for k in s["keys"] if k["name"] == "approved"
	][0][1].keys() == {"text", "file", "line"}' policy show "$examples/exemplar"
json "defaults are told apart in it" 0 'any(k["default"] and k["values"][0]["file"] is None
	for s in a["sections"] for k in s["keys"])' policy show "$examples/minimal"
printf '[messengers]\nblcked = x\n' >"$D/old/a.ini"
check "show of a faulty set shows its faults" 3 ':2:1: error: ' policy show "${data[@]}" "$D/old"

# ---- diff
set_of() { # set_of FOLDER BLOCKED HOURS
	printf '[messengers]\nblocked = %s\nunlisted = allow\n[messenger slack]\nverdict = allow\ngroups = press\n[schedule office]\ntimezone = Europe/Monaco\nmonday-friday = %s\n[notifications]\nwork = element\n' \
		"$2" "$3" >"$D/$1/a.ini"
}
set_of old telegram 09:00-17:00
set_of new "telegram, slack" 08:30-17:00
printf '[sharing hr]\npaths = /srv/hr/**\naction = block\n' >"$D/new/b.ini"
diff=(policy diff --at=2026-11-21T12:00:00Z "${data[@]}" "$D/old" "$D/new")
check "diff: what would stop, for whom, by which line" 10 '^Slack +everybody +would stop starting +allowed, then blocked +.*new/a.ini:2$' "${diff[@]}"
check "and for whom not" 10 '^Slack +group press +stays as it is' "${diff[@]}"
check "whose hours change, and when first, in their zone" 10 '^everybody +first Mon 2026-11-23 08:30: on duty instead of off duty +\+5 h 00 min, -0 h 00 min on duty' "${diff[@]}"
check "which lines differ: a list" 10 '^\[messengers\] +blocked +\+slack' "${diff[@]}"
check "a value" 10 '^\[schedule office\] +monday-friday +09:00-17:00 -> 08:30-17:00' "${diff[@]}"
check "a section" 10 '^\[sharing hr\] +new section' "${diff[@]}"
json "diff in JSON" 10 'a["changes"] and a["hash-before"] != a["hash-after"] and sorted(a) == [
	"changes", "hash-after", "hash-before", "hours", "messengers", "running", "settings"] and {
	(m["messenger"], m["subject"]["kind"], m["stops"], m["starts"]) for m in a["messengers"]} == {
	("slack", "everybody", True, False), ("slack", "group", False, False)} and
	a["hours"][0]["first"] == "2026-11-23T07:30:00Z" and a["hours"][0]["minutes-more"] == 300 and
	[s for s in a["settings"] if s["key"] == "blocked"][0]["after"] == ["telegram", "slack"]' "${diff[@]}"
mkdir -p "$D/minute" "$D/seconds"
printf '[enforcement]\ngrace = 1m\nsystem-users = no\n' >"$D/minute/10.ini"
printf '[enforcement]\ngrace = 60s\nsystem-users = false\n' >"$D/seconds/10.ini"
check "what means the same is no change" 0 '^Nothing would change.$' policy diff "${data[@]}" "$D/minute" "$D/seconds"
check "what is the same is no change" 0 '^Nothing would change.$' policy diff "${data[@]}" "$D/old" "$D/old"
json "in JSON too" 0 'not a["changes"] and a["messengers"] == a["hours"] == a["settings"] == []' policy diff "${data[@]}" "$D/old" "$D/old"

# What runs now: a program of that name, of our own.
cp /bin/sleep "$D/slack"
"$D/slack" 60 &
pids+=($!)
sed -i '1i [enforcement]\nsystem-users = yes' "$D/old/a.ini" "$D/new/b.ini"
json "what of it runs here now" 10 '[(r["messenger"], r["pid"], r["before"], r["after"]) for r in a["running"]
	if r["pid"] == '"${pids[0]}"'] == [("slack", '"${pids[0]}"', "allow", "block")]' "${diff[@]}"
check "a folder that is not there" 4 'No such file' policy diff "$D/nowhere"

# ---- apply, below a root
check "apply puts a set in place" 0 'is in place: .*/etc/offduty/policy.d$' policy apply --root="$root" "$D/old"
check "the same again changes nothing" 0 'is in place already' policy apply --root="$root" "$D/old"
[ ! -e "$root/etc/offduty/policy.d.former" ] || fail "and leaves no former set"
check "diff against what is in place" 10 '^Slack +everybody +would stop' policy diff --root="$root" --at=2026-11-21 "$D/new"
json "another takes its place" 0 'a["applied"] and a["changed"] and a["guard"] is None and len(a["hash"]) == 64' policy apply --root="$root" "$D/new"
[ -f "$root/etc/offduty/policy.d/b.ini" ] && [ -f "$root/etc/offduty/policy.d.former/a.ini" ] && [ ! -e "$root/etc/offduty/policy.d.former/b.ini" ] &&
	echo "ok   the former set is kept" || fail "the former set: $(ls -R "$root/etc")"
check "diff sees that it is in place" 0 '^Nothing would change' policy diff --root="$root" "$D/new"
cp -r "$D/new" "$D/faulty" && printf '[messengers]\nblcked = x\n' >"$D/faulty/c.ini"
check "a faulty set is refused" 3 '/faulty/c.ini:2:1: error: ' policy apply --root="$root" "$D/faulty"
printf '[messenger wire]\nverdict = allow\ngroups = no-such-group-here\n' >"$D/faulty/c.ini"
check "with --strict also one with a warning" 3 'unknown-group' policy apply --strict --root="$root" "$D/faulty"
[ ! -e "$root/etc/offduty/policy.d/c.ini" ] && echo "ok   and nothing is touched" || fail "a refused set was put in place"
mkfifo "$D/faulty/d.ini" && check "a FIFO keeps nobody waiting" 3 'no ordinary file' policy apply --root="$root" "$D/faulty"
rm "$D/faulty/d.ini"
ln -s /dev/null "$D/faulty/b.ini.new" && mv "$D/faulty/b.ini.new" "$D/faulty/b.ini"
check "a mask comes along" 0 'in place' policy apply --root="$root" "$D/faulty"
[ "$(readlink "$root/etc/offduty/policy.d/b.ini")" = /dev/null ] || fail "the mask is gone"
mkdir -p "$D/whole/policy.d" "$D/whole/catalogue.d"
printf '[messenger]\nname = "Own"\nservice = own\n[identity]\nexecutables = own\n' >"$D/whole/catalogue.d/own.ini"
printf '[messengers]\nblocked = messenger:own\n' >"$D/whole/policy.d/a.ini"
check "a set with a catalogue of its own replaces the folder" 0 'is in place: .*/etc/offduty$' policy apply --root="$root" "$D/whole"
[ -f "$root/etc/offduty/catalogue.d/own.ini" ] && [ -f "$root/etc/offduty.former/policy.d/a.ini" ] || fail "the folder: $(ls -R "$root/etc")"
touch "$root/etc/offduty/other-tool.conf" && printf '[messengers]\nblocked = own\n' >"$D/whole/policy.d/a.ini"
check "but never throws away what is not its own" 8 'other-tool.conf' policy apply --root="$root" "$D/whole"
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	chmod 755 "$D"
	setpriv --reuid=65534 --regid=65534 --clear-groups "$offduty" policy apply "$D/new" >"$D/out" 2>&1
	[ $? = 6 ] && grep -q 'only root' "$D/out" && echo "ok   only root applies" || fail "only root applies: $(cat "$D/out")"
fi

# A faulty set in place: the last good one is what counts.
mkdir -p "$D/root2/etc/offduty/policy.d" "$D/root2/var/lib/offduty" "$D/root2$vendor"
cp -r "$root$vendor/catalogue.d" "$D/root2$vendor/"
mkdir "$D/root2/var/lib/offduty/last-good"
cp -r "$root$vendor/catalogue.d" "$D/root2/var/lib/offduty/last-good/catalogue.d"
cp -r "$D/old" "$D/root2/var/lib/offduty/last-good/policy.d"
printf '[messengers]\nblcked = x\n' >"$D/root2/etc/offduty/policy.d/a.ini"
check "diff against the last good set, where that in place is faulty" 10 'compared with the last good one' policy diff --root="$D/root2" "$D/new"

check "messengers: the verdicts of the last good set then, too" 0 'those of the last good one' messengers --root="$D/root2" telegram
json "with its hash" 0 'a["policy"] and a["messengers"][0]["verdict"] == "block"' messengers --root="$D/root2" telegram
rm -r "$D/root2/var/lib/offduty/last-good"
check "without one, the catalogue alone" 0 'verdicts are left out' messengers --root="$D/root2" telegram
json "and no verdict" 0 'not a["policy"] and a["messengers"][0]["verdict"] is None' messengers --root="$D/root2" telegram

# ---- messengers
check "messengers: a line each" 0 '^signal +free +yes ' messengers --catalogue="$source/policies/catalogue" --policy "$examples/exemplar"
check "with the verdict of the policy" 0 '^telegram .* blocked +Telegram$' messengers --policy "$examples/exemplar"
check "the six points, with source and date" 0 '^ +https://.*\([0-9-]{10}\)$' messengers --six-points --policy "$examples/exemplar" signal
check "what is only recalled says so" 0 '^Places of storage .*\(not verified\)' messengers --six-points --policy "$examples/exemplar" signal
check "a name nobody knows" 4 'did you mean "signal"' messengers --policy "$examples/exemplar" sgnal
json "messengers in JSON" 0 'a["policy"] and [m["id"] for m in a["messengers"]] == ["signal"] and
	a["messengers"][0]["verdict"] == "allow" and len(a["messengers"][0]["facts"]) == 7 and
	a["messengers"][0]["facts"]["e2ee"].keys() == {"level", "confidence", "text", "source", "as-of"}' messengers --policy "$examples/exemplar" signal
json "all of the catalogue" 0 'len(a["messengers"]) >= 107' messengers --policy "$examples/exemplar"
json "a service is all its clients" 0 'len(a["messengers"]) > 1 and {m["service"] for m in a["messengers"]} == {"telegram"}' messengers --policy "$examples/exemplar" service:telegram

# ---- explain
explain=(explain --policy "$examples/exemplar" --at=2026-11-23T10:00:00Z)
check "explain without a daemon" 0 '^Telegram: blocked$' "${explain[@]}" telegram
check "the line that decided" 0 '^Decided by +.*20-messengers.ini:6$' "${explain[@]}" telegram
check "what would change it: the list" 0 '^advised against +if \[messengers\] blocked named neither' "${explain[@]}" telegram
check "what would change it: a group" 0 '^allowed +for members of the group netops +\[.*:19\]$' "${explain[@]}" irssi
check "what would change it: a point that is not met" 0 'if it met e2ee:default \(what is known was not verified: none\)' "${explain[@]}" irssi
check "a web address" 0 '^WhatsApp: blocked$' "${explain[@]}" https://web.whatsapp.com/
check "one that is no messenger's" 0 "^This address is no messenger's" "${explain[@]}" https://example.org/x
check "a program" 0 '^Telegram: blocked$' "${explain[@]}" messenger:telegram
check "a name nobody knows is told the nearest" 4 'did you mean "signal"' "${explain[@]}" sgnal
json "explain in JSON" 0 'a["verdict"] == "warn" and a["kind"] == "messenger" and a["on-duty"] is True and
	("group", "allow", "netops") in [(c["change"], c["verdict"], c["detail"]) for c in a["changes"]] and
	all(c.keys() == {"change", "verdict", "detail", "file", "line"} for c in a["changes"])' "${explain[@]}" irssi
json "at another time" 0 'a["on-duty"] is False' explain --policy "$examples/exemplar" --at=2026-11-22T10:00:00Z irssi

answer=$(LANGUAGE=fr OFFDUTY_LOCALEDIR=$translations "$offduty" "${diff[@]}")
grep -q '^Slack .*ne démarrerait plus' <<<"$answer" && echo "ok   diff in French" || fail "in French: $answer"

[ "$failures" = 0 ]

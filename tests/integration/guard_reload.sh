#!/bin/bash
# A policy that changes on disk comes into force by itself: written, renamed over, linked, removed, its
# folder exchanged; once all is quiet for 2 s; by SIGHUP and D-Bus at once; the last good one at boot.
#
# usage: guard_reload.sh OFFDUTYD SOURCE-FOLDER VENDOR-FOLDER OFFDUTY
set -u

guard=$1
source=$2
vendor_folder=$3
offduty=$4
. "$source/tests/integration/guard/stage.sh"
export LC_ALL=C.UTF-8

folder=$root/etc/offduty/policy.d
hash() { property Policy Hash | awk '{ print $NF }'; }
# The hash the files would have, by the same parser.
expected() { "$offduty" --json policy check --root="$root" | sed -n 's/^ *"hash": "\(.*\)",/\1/p'; }
set_of() { printf '[messengers]\nblocked = %s\nunlisted = allow\n' "$1"; }
is_in_force() { [ "$(hash)" = "$(expected)" ]; }

# follows WHAT: within some seconds, unasked, what lies there is in force
follows() {
	if eventually 6 is_in_force; then
		pass "$1"
	else
		fail "$1: in force $(hash), there lies $(expected)"
	fi
}

set_of telegram | policy
printf '[company]\ncontact = it@exemplar.example\n' >"$folder/40-base.ini"
eventually 5 test -S "$work/bus" || skip "no private bus"
start_guard
eventually 10 is_in_force || fail "the guard starts with the set that is there: $(hash)"
first=$(hash)

set_of slack >"$folder/50-test.ini"
sleep 1
[ "$(hash)" = "$first" ] && pass "what was written this second is left alone" || fail "it did not wait"
follows "a file that was written is read"
[ "$(hash)" != "$first" ] && pass "and is another set" || fail "the hash did not change"

set_of signal >"$work/fresh.ini"
chmod 644 "$work/fresh.ini"
mv "$work/fresh.ini" "$folder/50-test.ini"
follows "a file replaced by rename is read"

printf '[company]\nname = Linked\n' >"$root/etc/offduty/linked"
ln "$root/etc/offduty/linked" "$folder/60-linked.ini"
follows "a hard link is read"
property Policy Company | grep -q Linked && pass "with what is in it" || fail "Company: $(property Policy Company)"

rm "$folder/60-linked.ini"
follows "a file that was removed is forgotten"
property Policy Company | grep -q Linked && fail "the company is still there" || pass "with what was in it"

ln -s /dev/null "$folder/50-test.ini.new" && mv "$folder/50-test.ini.new" "$folder/50-test.ini"
follows "a mask is seen"
rm "$folder/50-test.ini"
set_of telegram >"$folder/50-test.ini"
follows "and its end"

# By hand, as other tools do it.
cp -r "$folder" "$root/etc/offduty/fresh.d"
set_of wire >"$root/etc/offduty/fresh.d/50-test.ini"
python3 - "$root/etc/offduty/fresh.d" "$folder" <<'END' || fail "renameat2"
import ctypes, sys
a, b = (p.encode() for p in sys.argv[1:])
sys.exit(ctypes.CDLL(None).renameat2(-100, a, -100, b, 2) != 0)
END
follows "a folder exchanged for another is read"
set_of zoom >"$folder/50-test.ini"
follows "and a file that is written in the new one"

# Somebody who writes for longer than that is not cut short.
before=$(hash)
for i in 1 2 3 4 5 6 7 8; do
	set_of "telegram, slack, signal" >"$folder/50-test.ini"
	echo "; $i" >>"$folder/50-test.ini"
	sleep 0.5
	[ "$(hash)" = "$before" ] || break
done
[ "$(hash)" = "$before" ] && pass "while files are being written nothing is read" || fail "read while it was written ($i)"
follows "but then it is"

# A faulty set changes nothing and is reported.
before=$(hash)
printf '[messengers]\nblcked = telegram\n' >"$folder/50-test.ini"
faults() { [ "$(property Policy Faults | awk '{ print $NF }')" = 1 ]; }
eventually 6 faults && pass "a faulty set is seen by itself" || fail "Faults: $(property Policy Faults)"
[ "$(hash)" = "$before" ] && pass "and the one before it stays in force" || fail "the hash changed"

# Killed with the faulty set in place: the last good one at the next start.
kill -KILL "$guard_pid"
wait "$guard_pid" 2>/dev/null
start_guard
answers() { [ -n "$(hash)" ] && property Policy Version | grep -q uint32; }
eventually 10 answers || fail "it comes back"
[ "$(hash)" = "$before" ] && pass "after a restart the last good set is in force" || fail "after a restart: $(hash), wanted $before"

# At once, when asked.
set_of slack >"$folder/50-test.ini"
kill -HUP "$guard_pid"
eventually 1 is_in_force && pass "SIGHUP (systemctl reload) does not wait" || fail "SIGHUP: $(hash)"
set_of telegram >"$folder/50-test.ini"
ask Policy.Reload >/dev/null
is_in_force && pass "nor does Reload on the bus" || fail "Reload: $(hash)"

# offduty policy apply: checked, exchanged, in force, and it says so.
mkdir "$work/push"
set_of "slack, zoom" >"$work/push/50-test.ini"
echo "no policy" >"$work/push/README"
said=$("$offduty" --json --system-bus="unix:path=$work/bus" policy apply --root="$root" "$work/push")
[ $? = 0 ] && python3 - "$(hash)" "$said" <<'END' && pass "apply puts a set in place and in force, and says which" || fail "apply: $said"
import json, sys
a = json.loads(sys.argv[2])
assert a["changed"] and a["hash"] == a["guard"]["hash"] == sys.argv[1], a
END
[ -f "$folder.former/50-test.ini" ] && grep -q telegram "$folder.former/50-test.ini" &&
	pass "the former set is kept beside it" || fail "no former set"
[ ! -e "$folder/README" ] && [ "$(stat -c %a:%U "$folder" "$folder/50-test.ini" | tr '\n' ' ')" = "755:root 644:root " ] &&
	pass "only policy files, and nobody else may write them" || fail "$(ls -la "$folder")"
set_of "slack, zoom, wire" >"$folder/50-test.ini"
follows "the exchanged folder is watched"
before=$(hash)
printf '[messengers]\nblcked = telegram\n' >"$work/push/50-test.ini"
"$offduty" --system-bus="unix:path=$work/bus" policy apply --root="$root" "$work/push" >"$work/out" 2>&1
[ $? = 3 ] && grep -q "push/50-test.ini:2:1: error: " "$work/out" && [ "$(hash)" = "$before" ] &&
	grep -q wire "$folder/50-test.ini" && pass "apply refuses a faulty set, and touches nothing" ||
	fail "apply of a faulty set: $(cat "$work/out")"

if [ $failed -gt 0 ]; then
	echo "--- the guard's log"
	cat "$work/guard.log"
	exit 1
fi
exit 0

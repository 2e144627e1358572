#!/bin/bash
# The server dies, comes late, or is not there; the gate is asked for a digest; the employee's choices.
set -u
. "$(dirname "$0")/gate.sh"
notifier=$(command -v dbus-send)
gate_session digest

sender_waits() { ! grep -q . "$D/$1.log"; }
digest() {
	dbus-send --session --dest=org.offduty1 --print-reply=literal /org/offduty1 org.offduty1.Held.Digest
}
digest_says() { digest | tr -s ' \n' ' ' | grep -qF "$1"; }
refused() { ! "$@" >"$D/refused" 2>&1 && grep -q "$refusal" "$D/refused"; }
reason_is() {
	dbus-send --session --dest=org.offduty1 --print-reply=literal /org/offduty1 \
		org.freedesktop.DBus.Properties.Get string:org.offduty1.Duty string:Reason | grep -q " $1 "
}

check "a first one passes" notify-send -a Home first
dunst_pid=$(pgrep -P "$server_pid")
kill -9 "$dunst_pid"
check "the shim ends with its server" desktop_gone "$server_pid" 5
check "the gate knows there is none" desktop_wait 5 gate_is Duty Server none
desktop_spawn waiting "$client" --app=Home --action=go --listen=60 "Nobody was there"
desktop_spawn info "$client" --info
check "a work one is held all the same" is "$("$client" --entry=workapp held)" "id 1073741825"
check "the private one waits" sender_waits waiting
check "so does another call" sender_waits info
server_start 2
check "it is delivered once a server is there" desktop_wait 5 on_screen "Nobody was there"
check "and answered" desktop_wait 5 grep -q '^id' "$D/waiting.log"
check "so is the other call" desktop_wait 5 grep -qx 'server dunst' "$D/info.log"
check "dunstctl action works" dunstctl action 0
check "the click reaches its sender" desktop_wait 5 grep -q '^ActionInvoked [0-9]* go' "$D/waiting.log"
check "the gate found it" desktop_wait 5 gate_is Duty Server dunst

dunstctl set-paused true
check "a flood of private ones is answered, every one" "$client" --app=Home --count=600 --no-wait flood
dunstctl close-all
dunstctl set-paused false
check "a flood of work ones is held, every one" "$client" --entry=workapp --count=1500 --no-wait flood
check "and counted" held_is 1501
check "all are discarded" gate_call Held.Discard array:int64:
check "none is left" held_is 0

"$client" --entry=workapp --count=2 more >/dev/null
"$client" --app=Browser --origin=chat.example.com web >/dev/null
desktop_spawn monitor dbus-monitor "type='signal',interface='org.offduty1.Held',member='DigestReady'"
desktop_wait 5 grep -q NameAcquired "$D/monitor.log"
gate_clock "$on_duty"
check "when duty begins the digest is announced" desktop_wait 5 grep -q DigestReady "$D/monitor.log"
check "it counts all" digest_says "uint32 3"
check "the application that sent most comes first" digest_says "array [ struct { workapp uint32 2 } struct { Browser uint32 1 } ]"
sleep 5.5
check "they stay held once the notifier has the digest" held_is 3
check "one is delivered by name" gate_call Held.Deliver array:int64:1073743326
check "it is shown" desktop_wait 5 on_screen "more 1"
check "the others are not" not on_screen "more 2"
check "two are left" desktop_wait 5 held_is 2
check "one is discarded by name" gate_call Held.Discard array:int64:1073743327
check "one is left" held_is 1
check "the list names it" is "$(gate_call Held.List | grep -c summary)" 1
check "the rest is delivered" gate_call Held.Deliver array:int64:
check "all of it" desktop_wait 10 held_is 0

gate_clock "$off_duty"
desktop_wait 5 gate_is Duty State off
"$client" --entry=workapp "unasked" >/dev/null
gate_kill TERM
notifier=/nonexistent
gate_start
refusal=Error.Access check "the digest is for the notifier only" refused digest
gate_clock "$on_duty"
check "nobody shows the digest: after five seconds it is replayed" desktop_wait 9 on_screen "unasked"

gate_clock "$off_duty"
desktop_wait 5 gate_is Duty State off
check "lift until duty begins" gate_call Duty.Lift int64:0
check "acts at once" gate_is Duty State on
check "it is the employee's choice" gate_is Duty Choice lift
check "until Monday 08:30" gate_is Duty ChoiceUntil 1796023800000000
check "a work one is shown" is "$("$client" --entry=workapp "lifted" | grep -c '^id 10737')" 0
gate_kill KILL
gate_start
check "the choice survives a restart" gate_is Duty Choice lift
check "rest" gate_call Duty.Rest int64:0
gate_clock "$on_duty"
check "ends when duty begins on another day" desktop_wait 5 gate_is Duty State on
check "rest on duty" gate_call Duty.Rest int64:0
check "is rest" gate_is Duty State off
check "for the reason" reason_is rest
"$client" --entry=workapp "resting" >/dev/null
check "holds" held_is 1
check "resume" gate_call Duty.Resume
sed -i 's|^timezone|leave = /var/lib/offduty/leave/%u.ics\ntimezone|' "$D/root/etc/offduty/policy.d/10-test.ini"
mkdir -p "$D/root/var/lib/offduty/instants/leave"
printf 'offduty-instants 1\n2026-11-30T00:00 2026-12-01T00:00 floating\n' \
	>"$D/root/var/lib/offduty/instants/leave/$(id -un)"
check "on leave" desktop_wait 5 gate_is Duty State off
check "says so" reason_is leave
rm "$D/root/var/lib/offduty/instants/leave/$(id -un)"
check "back from leave" desktop_wait 5 gate_is Duty State on
check "is on duty again" gate_is Duty State on
refusal=Error.Range check "no choice in the past" refused gate_call Duty.Rest int64:5
refusal=Error.Unknown check "no such setting" refused gate_call Settings.Set string:what string:ever
refusal=Error.Range check "no such value" refused gate_call Settings.Set string:deliver string:loudly
check "how to deliver is the employee's choice" gate_call Settings.Set string:deliver string:quietly
check "and is listed as theirs" is "$(gate_call Settings.List | tr -s ' \n' ' ' | grep -c 'deliver quietly employee')" 1
check "until reset" gate_call Settings.Reset string:deliver
check "to the policy's" is "$(gate_call Settings.List | tr -s ' \n' ' ' | grep -c 'deliver digest policy')" 1

echo 'work = nonsense = more' >>"$D/root/etc/offduty/policy.d/10-test.ini"
kill -HUP "$gate_pid"
check "a faulty policy is said" desktop_wait 5 grep -q 'policy has faults' "$D/gate.log"
gate_clock "$off_duty"
check "and changes nothing" desktop_wait 5 gate_is Duty State off
check "work is still held" is "$("$client" --entry=workapp "faulty" | cut -c1-8)" "id 10737"
gate_finish

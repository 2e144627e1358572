#!/bin/bash
# A service made of od::bus and od::runtime on a real bus: every way a call can go, seen from sd-bus
# (busctl) and from libdbus (flood), as the same user and as another one.
#
# usage: bus_service.sh session|system|broker TRIAL FLOOD CALLER BROKER
set -u
. "$(dirname "$0")/../support/desktop.sh"

kind=$1 interfaces=$(dirname "$0")/bus trial=$2 flood=$3 caller=$4
[ "$(id -u)" = 0 ] || { echo "another user is needed, so this needs root"; exit 77; }
[ "$kind" != broker ] || command -v dbus-broker >/dev/null || { echo "dbus-broker is not installed"; exit 77; }

faults=0
check() { # WHAT COMMAND...
	local what=$1
	shift
	if "$@" >"$D/check.log" 2>&1; then
		echo "ok: $what"
	else
		echo "NOT OK: $what"
		sed 's/^/    /' "$D/check.log"
		faults=$((faults + 1))
	fi
}

on_bus() { timeout 10 busctl --address="$address" "$@"; }
as_nobody() { timeout 10 setpriv --reuid=65534 --regid=65534 --clear-groups busctl --address="$address" "$@"; }
says() { # EXPECTED COMMAND...: exactly this output
	local expected=$1 text
	shift
	text=$("$@" 2>&1)
	[ "$text" = "$expected" ] || { echo "said: $text"; return 1; }
}
fails() { # ERROR-NAME METHOD ARGUMENT...: by its name, which busctl does not print
	local error=$1
	shift
	timeout 10 dbus-send --bus="$address" --print-reply --dest=org.offduty1 /org/offduty1 \
		org.offduty1.Trial."$1" "${@:2}" 2>&1 >/dev/null | grep -F "Error $error:"
}

start_bus() {
	case $kind in
	session)
		desktop_session_bus
		# Another user may connect here, so that the service itself must refuse.
		chmod 755 "$XDG_RUNTIME_DIR"
		address=$DBUS_SESSION_BUS_ADDRESS
		;;
	system)
		mkdir "$D/policy"
		cp "$(dirname "$0")/../../packaging/dbus/org.offduty1.conf" "$D/policy"
		sed 's/org\.offduty1\.Policy/org.offduty1.Trial/' "$D/policy/org.offduty1.conf" \
			>"$D/policy/trial.conf"
		desktop_system_bus "$D/policy"
		address=$DBUS_SYSTEM_BUS_ADDRESS
		;;
	broker)
		desktop_spawn broker "$5" "$D/bus"
		desktop_wait 5 test -S "$D/bus"
		address=unix:path=$D/bus
		;;
	esac
}

start_service() {
	cp "$(command -v busctl)" "$D/notifier"
	desktop_spawn trial "$trial" --bus="$address" --notifier="$D/notifier"
	desktop_wait 5 on_bus status org.offduty1 || { cat "$D"/*.log; exit 1; }
}

ways_of_a_call() {
	check "a value comes back" says 'u 0' on_bus call $T Count
	check "any value comes back the same" says 'v a{sv} 2 "a" (uas) 3 2 "b" "c" "d" x -5' \
		on_bus call $T Echo v 'a{sv}' 2 a '(uas)' 3 2 b c d x -- -5
	check "an answer may come later" says 'u 200' on_bus call $T Later u 200
	check "wrong arguments are refused" fails org.freedesktop.DBus.Error.InvalidArgs Echo string:a
	check "too many arguments are refused" fails org.freedesktop.DBus.Error.InvalidArgs Count string:a
	check "an unknown method is refused" fails org.freedesktop.DBus.Error.UnknownMethod None
	check "an error has its name" fails org.offduty1.Error.Range Fail int32:3 string:
	check "an errno is a failure" fails org.offduty1.Error.Failed Fail int32:-2 string:
	check "an error has its words" says 'Call failed: no, not today' \
		on_bus call $T Fail is 4 'no, not today'
	check "a forgotten value is an error, not an empty answer" \
		says 'Call failed: Forget answered () instead of (u)' on_bus call $T Forget
	check "two thousand calls, half of them without interface, in order" timeout 60 "$flood" "$address" 2000
}

who_may_call() {
	check "own-session: the owner" says 'u 0' on_bus call $T Mine
	check "own-session: not another user" \
		says 'Call failed: you are not allowed to do this' as_nobody call $T Mine
	check "any: another user" as_nobody call $T Echo v s x
	check "notifier: the installed one" "$D/notifier" --address="$address" call $T Subscribe
	check "notifier: not another program with the same content" \
		fails org.offduty1.Error.Access Subscribe
	ln "$D/notifier" "$D/linked" # the same file by another name is the same program
	check "notifier: by file, not by name" "$D/linked" --address="$address" call $T Subscribe
	rm -f "$D/linked"
	check "polkit action: root is not asked" says 'u 1' on_bus call $T Reload
	check "polkit action: no polkit, no" \
		says 'Call failed: you are not allowed to do this' as_nobody call $T Reload
	check "required action: not where it is not needed" \
		says 's "yourself"' as_nobody call $T Explain s ""
	check "required action: no polkit, no" \
		says 'Call failed: you are not allowed to do this' as_nobody call $T Explain s bob
}

properties() {
	check "a property, made valid" says 's "caf\303\251, not caf?"' on_bus get-property $T Motto
	check "an unknown property" fails_property None org.freedesktop.DBus.Error.UnknownProperty
	check "a getter that fails" fails_property Broken org.offduty1.Error.Failed
	check "a getter of another type" fails_property Mistyped org.offduty1.Error.Failed
	check "all properties, without those that fail" says \
		'a{sv} 3 "Version" u 1 "Motto" s "caf\303\251, not caf?" "Members" a{sv} 2 "text" s "t" "instant" x 9223372036854775807' \
		on_bus call org.offduty1 /org/offduty1 org.freedesktop.DBus.Properties GetAll s org.offduty1.Trial
	check "properties are read only" says \
		'Failed to set property Motto on interface org.offduty1.Trial: properties are read only; there is a method for what may be changed' \
		on_bus set-property $T Motto s x
}

# What packaging/dbus installs, on top of a bus that allows nothing by itself.
bus_policy() {
	check "bus policy: only root owns the name" says 'Call failed: Access denied' \
		as_nobody call org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus \
		RequestName su org.offduty1 0
	check "bus policy: another user reaches what is named" as_nobody call $T Count
	check "bus policy: an interface that is not named is closed" says 'Call failed: Access denied' \
		as_nobody call org.offduty1 /org/offduty1 org.offduty1.Other None
}

fails_property() {
	timeout 10 dbus-send --bus="$address" --print-reply --dest=org.offduty1 /org/offduty1 \
		org.freedesktop.DBus.Properties.Get string:org.offduty1.Trial string:"$1" 2>&1 >/dev/null |
		grep -F "Error $2:"
}

introspection() {
	on_bus --json=short call org.offduty1 /org/offduty1 org.freedesktop.DBus.Introspectable \
		Introspect >"$D/introspection.json"
	check "the XML on the bus is the XML in the source" python3 - "$D/introspection.json" \
		"$interfaces/org.offduty1.Trial.xml" <<-'PYTHON'
		import json, re, sys
		with open(sys.argv[1]) as file:
		    said = json.load(file)["data"][0]
		with open(sys.argv[2], encoding="utf-8") as file:
		    wanted = re.search("<interface.*</interface>", file.read(), re.S).group()
		sys.exit(0 if wanted in said and said.count("<node") == 1 else said)
	PYTHON
	check "the tree leads to it" says "$(printf '└─/org\n  └─/org/offduty1')" on_bus tree org.offduty1
}

signals() {
	desktop_spawn monitor busctl --address="$address" monitor --match="path='/org/offduty1'" --json=short
	desktop_wait 5 grep -q "Monitoring" "$D/monitor.log"
	on_bus call $T Announce >/dev/null
	check "a signal without arguments" desktop_wait 5 \
		grep '"member":"Changed","payload":{"type":"","data":\[\]}' "$D/monitor.log"
	check "properties are named, and no value is told" desktop_wait 5 grep \
		'"payload":{"type":"sa{sv}as","data":\["org.offduty1.Trial",{},\["Motto","Members"\]\]}' \
		"$D/monitor.log"
}

# At rest, and when the bus goes away, nothing happens: counted by the kernel.
switches() { awk '/ctxt_switches/ { n += $2 } END { print n }' "/proc/$trial_pid/status"; }
quiet_for() {
	local before after
	before=$(switches)
	sleep "$1"
	after=$(switches)
	[ "$before" = "$after" ] || { echo "$((after - before)) wake-ups in $1 s"; return 1; }
}

desktop_begin
start_bus "$@"
T="org.offduty1 /org/offduty1 org.offduty1.Trial"
check "nobody is there yet" "$caller" "$address" alone
start_service
ways_of_a_call
check "the calling side" timeout 60 "$caller" "$address"
who_may_call
[ "$kind" != system ] || bus_policy
properties
introspection
signals
sleep 1
check "ten seconds at rest: no wake-up" quiet_for 10
for bus in session_bus_pid system_bus_pid broker_pid; do
	[ -z "${!bus:-}" ] || kill "${!bus}"
done
check "the loss of the bus is noticed" desktop_wait 5 grep -q "the bus is gone" "$D/trial.log"
check "and the loop is quiet then" quiet_for 2
kill "$trial_pid"
wait "$trial_pid"
check "it ends with 0 when told to" test $? = 0
exit $((faults > 0))

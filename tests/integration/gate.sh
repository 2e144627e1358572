# A private session with a real dunst behind the shim and a gate before it. Source it.
#
#   gate_session          bus, display, dunst under the shim; policy, clock (off duty)
#   gate_start, gate_kill SIGNAL
#   gate_clock INSTANT    the time the gate goes by
#   gate_held             how many are held
#   on_screen TEXT        whether dunst was asked to show TEXT (its own print)
# shellcheck shell=bash disable=SC2034,SC2120,SC2154
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/support/desktop.sh
. "$here/../support/desktop.sh"

gate=${1:?offduty-gate} shim=${2:?offduty-shim} client=${3:?notify_client}
off_duty=2026-11-27T18:45:00+01:00 on_duty=2026-11-30T09:00:00+01:00

for tool in dbus-daemon Xvfb dunst xwd xwdtopnm notify-send dunstctl; do
	command -v $tool >/dev/null || { echo "skip: no $tool"; exit 77; }
done

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
not() { ! "$@"; }
is() { [ "$1" = "$2" ] || { echo "is \"$1\", not \"$2\""; return 1; }; }

gate_policy() { # DELIVER
	mkdir -p "$D/root/etc/offduty/policy.d"
	cat >"$D/root/etc/offduty/policy.d/10-test.ini" <<-END
		[company]
		name = Test
		[schedule office]
		timezone = Europe/Monaco
		monday-friday = 08:30-12:30, 13:30-17:30
		[notifications]
		work = desktop:workapp, site:chat.example.com
		deliver = $1
		hold-limit = 35d
	END
}

gate_clock() {
	echo "$1" >"$D/clock.new"
	mv "$D/clock.new" "$D/clock"
}

name_queue() {
	dbus-send --session --dest=org.freedesktop.DBus --print-reply=literal /org/freedesktop/DBus \
		org.freedesktop.DBus.ListQueuedOwners string:org.freedesktop.Notifications
}

queue_is() { [ "$(name_queue | grep -o ':1\.[0-9]*' | wc -l)" = "$1" ]; }

gate_get() { # INTERFACE PROPERTY
	dbus-send --session --dest=org.offduty1 --print-reply=literal /org/offduty1 \
		org.freedesktop.DBus.Properties.Get "string:org.offduty1.$1" "string:$2" |
		awk '{ print $NF }'
}
gate_held() { gate_get Held Count; }
gate_is() { [ "$(gate_get "$1" "$2" 2>/dev/null)" = "$3" ]; }
held_is() { gate_is Held Count "$1"; }
gate_call() {
	local method=$1
	shift
	dbus-send --session --dest=org.offduty1 --print-reply=literal /org/offduty1 \
		"org.offduty1.$method" "$@"
}

server_start() {
	desktop_spawn server "$shim" --verbose -- "$(command -v dunst)" -conf "$D/dunstrc" -print
	desktop_wait 10 queue_is "${1:-1}"
}

gate_start() {
	desktop_spawn gate "$gate" --verbose --root="$D/root" --clock="@$D/clock" \
		--state-dir="$D/state" --notifier="${notifier:-/nonexistent}"
	desktop_wait 10 gate_is Duty Gated true && desktop_wait 10 gate_is Duty Server "${1:-dunst}"
}

gate_kill() {
	kill "-$1" "$gate_pid"
	desktop_gone "$gate_pid" 5
}

gate_session() {
	desktop_begin
	desktop_session_bus
	desktop_display 640x400
	cat >"$D/dunstrc" <<-END
		[global]
		monitor = 0
		idle_threshold = 0
		[urgency_low]
		timeout = 0
		[urgency_normal]
		timeout = 0
	END
	gate_policy "${1:-replay}"
	gate_clock "$off_duty"
	server_start
	gate_start
}

on_screen() { grep -qF "summary: '$1'" "$D"/server*.log; }

# The last check: both end as they should when told to, and a sanitizer saw nothing.
gate_finish() {
	gate_kill TERM
	wait "$gate_pid"
	check "the gate ends with 0 when told to" is $? 0
	kill "$server_pid"
	desktop_gone "$server_pid" 8
	wait "$server_pid"
	check "the shim ends with 0 when told to" is $? 0
	check "no sanitizer complains" not grep -n 'Sanitizer\|runtime error' "$D/gate.log" "$D/server.log"
	if [ "$failures" != 0 ]; then
		echo "--- gate"
		tail -n 30 "$D/gate.log"
		echo "--- server"
		tail -n 10 "$D/server.log"
		exit 1
	fi
}

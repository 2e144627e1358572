#!/bin/bash
# Messengers that run already: warned, given the grace time, ended, and nothing else with them.
#
# usage: guard_running.sh OFFDUTYD SOURCE-FOLDER VENDOR-FOLDER LISTENER
set -u

guard=$1
source=$2
vendor_folder=$3
listener=$4
. "$source/tests/integration/guard/stage.sh"

allow() {
	policy <<END
[company]
name = Exemplar
[enforcement]
grace = 2s
[messengers]
blocked = signal
unlisted = allow
END
}
forbid() { # FURTHER-LINES
	policy <<END
[company]
name = Exemplar
[enforcement]
grace = 2s
$1
[messengers]
blocked = telegram, signal
unlisted = allow
END
}

cp "$(command -v sleep)" "$fs/telegram-desktop"
cp "$(command -v sleep)" "$fs/editor"
mkdir "$fs/app"
cp "$(command -v sleep)" "$fs/app/Telegram"
cp "$(command -v sleep)" "$fs/app/crash-helper"
cp "$(command -v bash)" "$fs/bash"
chmod -R a+rx "$fs"
mkfifo -m 666 "$fs/fifo"
allow
eventually 5 test -S "$work/bus" || skip "no private bus"

# What starts as PEOPLE 4242 in a terminal: a shell, and in it an editor and the messenger.
# For the background only: what runs there is the program itself, not a shell around it.
person() { exec setpriv --reuid=4242 --regid=4242 --clear-groups -- "$@"; }
person "$fs/bash" -c "
	'$fs/editor' 300 & echo \$! >'$fs/editor.pid'
	'$fs/telegram-desktop' 300 & echo \$! >'$fs/messenger.pid'
	wait \$!
	echo shell goes on >'$fs/shell.said'
	read -r -t 90 <>'$fs/fifo'
" &
shell=$!
pids+=("$shell")
eventually 5 test -s "$fs/messenger.pid" || fail "the messenger starts"
messenger=$(cat "$fs/messenger.pid")
editor=$(cat "$fs/editor.pid")
pids+=("$messenger" "$editor")
runs() { [ -d "/proc/$1" ] && ! grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null; }
gone() { ! runs "$1"; }

start_guard --notifier="$listener"
if ! eventually 10 state_is enforcing; then
	state_is unsupported && skip "no fanotify permission events here"
	fail "the guard comes up"
	cat "$work/guard.log"
	exit 1
fi
setpriv --reuid=4242 --regid=4242 --clear-groups "$listener" 60 >"$work/heard" 2>&1 &
pids+=($!)
sleep 1
runs "$messenger" && pass "what is allowed goes on running" || fail "what is allowed goes on running"

forbid ""
ask Policy.Reload >/dev/null
sleep 0.7
runs "$messenger" && pass "within the grace time it still runs" || fail "within the grace time it still runs"
allow
ask Policy.Reload >/dev/null
sleep 3
runs "$messenger" && pass "allowed again in time, it is left alone" || fail "allowed again in time, it is left alone"

forbid "mode = warn"
ask Policy.Reload >/dev/null
sleep 3
runs "$messenger" && pass "where the policy only warns it is not ended" || fail "where the policy only warns it is not ended"

forbid ""
ask Policy.Reload >/dev/null
eventually 5 gone "$messenger" && pass "after the grace time it has ended" || fail "after the grace time it has ended"
eventually 3 grep -q "goes on" "$fs/shell.said" && runs "$shell" && pass "the shell that started it survives" ||
	fail "the shell that started it survives"
runs "$editor" && pass "an editor beside it survives" || fail "an editor beside it survives"
[ "$(counter ended)" = 1 ] && pass "and is counted" || fail "and is counted: $(counter ended)"
grep -q "^Ending to=me.*messenger=telegram.* grace" "$work/heard" && pass "its person was told before" || fail "its person was told before: $(cat "$work/heard")"

# At start, with parts of its own, and deaf to SIGTERM.
kill -TERM "$guard_pid"
wait "$guard_pid" 2>/dev/null
person "$fs/bash" -c "
	trap '' TERM
	'$fs/app/Telegram' 300 & echo \$! >'$fs/deaf.pid'
	wait
" &
pids+=($!)
person "$fs/editor" 301 &
other=$!
pids+=("$other")
"$fs/app/Telegram" 302 &
roots=$!
pids+=("$roots")
eventually 5 test -s "$fs/deaf.pid"
deaf=$(cat "$fs/deaf.pid")
pids+=("$deaf")
start_guard
eventually 10 state_is enforcing || fail "the guard comes up again"
sleep 3.5
runs "$deaf" && pass "one that does not listen is asked first" || fail "one that does not listen is asked first"
eventually 6 gone "$deaf" && pass "found at the guard's start, it is ended all the same" ||
	fail "found at the guard's start, it is ended all the same"
runs "$other" && runs "$roots" && pass "other programs and system users are left alone" ||
	fail "other programs and system users are left alone"

# The hour strikes.
kill -TERM "$guard_pid"
wait "$guard_pid" 2>/dev/null
policy <<END
[enforcement]
grace = 0s
[messengers]
approved = telegram
[messenger telegram]
verdict = block
when = off-duty
[schedule office]
timezone = UTC
monday-friday = 08:00-17:00
END
echo 2026-11-27T16:59:57Z >"$work/clock"
start_guard --clock="@$work/clock"
eventually 10 state_is enforcing || fail "the guard comes up with a clock"
person "$fs/telegram-desktop" 303 &
late=$!
pids+=("$late")
sleep 0.5
runs "$late" && pass "in the last seconds of duty it starts" || fail "in the last seconds of duty it starts"
eventually 8 gone "$late" && pass "at the end of duty it ends" || fail "at the end of duty it ends"

[ $failed = 0 ] || {
	cat "$work/guard.log"
	exit 1
}

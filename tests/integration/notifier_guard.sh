#!/bin/bash
# A refusal by a real guard reaches the screen of that person through the notifier and a real dunst;
# the command line says why. In a mount namespace of its own; the only guarded filesystem is a tmpfs
# made here.
#
#   notifier_guard.sh OFFDUTYD NOTIFIER OFFDUTY SOURCE VENDOR-FOLDER
set -u
guard=${1:?offdutyd} notifier=${2:?offduty-notifier} offduty=${3:?offduty} source=${4:?source}
vendor=${5:?folder}

skip() {
	echo "skip: $*"
	exit 77
}
[ "$(id -u)" = 0 ] || skip "needs root for fanotify"
for tool in dbus-daemon Xvfb dunst dunstctl setpriv xwd; do
	command -v $tool >/dev/null || skip "no $tool"
done
if [ -z "${OD_NOTIFIER_GUARD_INSIDE:-}" ]; then
	unshare -m true 2>/dev/null || skip "may not make a mount namespace"
	OD_NOTIFIER_GUARD_INSIDE=1 exec timeout -k 5 110 unshare -m --propagation private bash "$0" "$@"
fi
# shellcheck source=tests/support/desktop.sh
. "$(dirname "$0")/../support/desktop.sh"
unset LANGUAGE
export LC_ALL=C.UTF-8 NO_COLOR=1
DESKTOP_UID=61300 DESKTOP_GID=61300
failures=0
desktop_begin
DESKTOP_HOME=$D/home
fs=$D/fs root=$D/root

check() { # TEXT CMD...
	local text=$1
	shift
	if "$@" >"$D/check.out" 2>&1; then
		echo "ok   $text"
	else
		echo "FAIL $text: $* ($(head -c 400 "$D/check.out"))"
		failures=$((failures + 1))
	fi
}
not() { ! "$@"; }
shown() { grep -qF -- "$1" "$D/server.log"; }
# One person's call, as that person.
as_alice() { desktop_as "$@"; }
answers() { # CODE PATTERN ARGUMENT...
	local code=$1 pattern=$2 answer got
	shift 2
	answer=$(as_alice "$offduty" "$@" 2>&1)
	got=$?
	echo "exit code $got: $answer"
	[ "$got" = "$code" ] && grep -qE -- "$pattern" <<<"$answer"
}
json() { # EXPRESSION ARGUMENT...: a Python expression over the answer a
	local expression=$1
	shift
	as_alice "$offduty" --json "$@" 2>/dev/null |
		python3 -c 'import json, sys; a = json.load(sys.stdin); sys.exit(0 if eval(sys.argv[1]) else repr(a))' "$expression"
}
refused() {
	as_alice "$fs/telegram-desktop" 2>/dev/null
	[ $? = 126 ]
}
guard_start() {
	desktop_spawn guard "$guard" --verbose --root="$root" --only-filesystem="$fs" --notifier="$notifier"
	desktop_wait 10 as_alice "$offduty" --json explain telegram
}
subscribed() { grep -q "subscribed to the guard" "$D/notifier.log"; }
policy() { cat >"$root/etc/offduty/policy.d/10-test.ini"; }

mkdir -p "$fs" "$root/etc/offduty/policy.d" "$root$vendor" "$DESKTOP_HOME"
mount -t tmpfs -o mode=755 none "$fs" || skip "may not mount a tmpfs"
cp /bin/true "$fs/telegram-desktop"
cp -r "$source/policies/catalogue" "$root$vendor/catalogue.d"
rm -f "$root$vendor/catalogue.d/README.md"
cp /etc/passwd "$D/passwd"
echo "alice:x:$DESKTOP_UID:$DESKTOP_GID::$DESKTOP_HOME:/bin/sh" >>"$D/passwd"
echo "bob:x:61301:61301::$DESKTOP_HOME:/bin/sh" >>"$D/passwd"
mount --bind "$D/passwd" /etc/passwd || skip "may not give this namespace its own people"
chown "$DESKTOP_UID:$DESKTOP_GID" "$DESKTOP_HOME"
policy <<-END
	[company]
	name = Exemplar
	contact = it-support@exemplar.example
	[messengers]
	approved = element
	blocked = telegram
	suggest = element
	unlisted = allow
	[messenger telegram]
	verdict = block
	message.en = "See the charter <on the wall> & ask."
END
printf '[global]\n\tmonitor = 0\n\tidle_threshold = 0\n[urgency_normal]\n\ttimeout = 0\n' >"$D/dunstrc"

desktop_system_bus "$source/packaging/dbus"
desktop_session_bus
desktop_display 640x400
check "without a guard, explain says what to do" answers 5 'systemctl start offdutyd' explain telegram
# The notifier is there first: guard and notification server come later.
desktop_spawn_user notifier "$notifier" --verbose
guard_start || { echo "FAIL the guard does not start"; tail -n 20 "$D/guard.log"; exit 1; }
check "the notifier subscribes when the guard comes" desktop_wait 10 subscribed

check "explain: the verdict, the reason, the line, what to use instead" \
	answers 0 'Telegram.*: blocked' explain telegram
check "with the line that decided" answers 0 '10-test.ini:10' explain telegram
check "with the alternative" answers 0 'Element' explain telegram
check "with the six points" answers 0 '^Source of the server +closed' explain telegram
check "in JSON too" json 'a["facts"]["client"]["level"] == "open" and len(a["facts"]) == 7' explain telegram
check "with their sources and dates" answers 0 '^ +https://.*\([0-9-]{10}\)$' explain telegram
check "where no single thing would change it, it says so" answers 0 '^No single change' explain telegram
check "else what would" answers 0 '^allowed +if .messengers. approved named it$' explain ayugram
check "both in JSON too" json \
	'[c["line"] for c in a["changes"] if c["change"] == "unblock"] == [6] and a["facts"]["price"]["source"].startswith("https://")' \
	explain ayugram
check "explain of a web address" answers 0 'Telegram: blocked' explain https://web.telegram.org/
check "explain of one that is no messenger's" answers 0 "no messenger's" explain https://example.org/a/b
check "explain of a program by its path" answers 0 'blocked' explain "$fs/telegram-desktop"
check "explain of a program that is no messenger" answers 0 'not a messenger' explain ls
check "explain at another time" answers 0 'blocked' explain --at=2026-12-24 telegram
check "explain at a time that only a gate knows" answers 5 'offduty-gate is not running' explain --at=tomorrow telegram
check "explain for somebody else needs permission" answers 6 . explain --as=bob telegram
check "explain of nothing known" answers 4 . explain no-such-thing-anywhere
check "explain in JSON" json \
	'(a["verdict"], a["rule"], a["line"], a["suggest"]) == ("block", "messenger", 10, "Element")' explain telegram
check "status says what is covered" answers 5 "covers +$fs" status
check "status names the company" answers 5 'Exemplar \(' status
check "status in JSON" json \
	'a["guard"]["state"] == "enforcing" and a["policy"]["company"] == "Exemplar" and a["policy"]["faults"] == 0' status

check "telegram-desktop is refused" refused
sleep 1.5 # no notification server yet: the notifier has failed once
desktop_spawn_user server dunst -conf "$D/dunstrc" -print
check "the reason is shown once a server is there" desktop_wait 15 shown "was not started"
check "with the sentence" shown "Telegram"
check "with the company's own words, which are no markup" shown '<on the wall> & ask'
check "with whom to ask" shown 'Questions: it-support@exemplar.example'
check "from Offduty, with its desktop entry" shown "desktop_entry: 'offduty-notifier'"

before=$(dunstctl count displayed)
for times in 2 3; do
	sleep 3.1 # the guard itself tells the same person of the same thing once in three seconds
	check "again: refused" refused
	check "and counted" desktop_wait 5 shown "($times times)"
done
check "and replace what stands there" [ "$(dunstctl count displayed | tr -d ' ')" = "$(tr -d ' ' <<<"$before")" ]
check "one's own record of it" json 'len(a["records"]) >= 1 and a["records"][0]["what"] == "blocked"' records
check "in words" answers 0 'blocked +telegram' records

kill -KILL "$guard_pid"
wait "$guard_pid"
: >"$D/notifier.log"
guard_start
check "after a restart of the guard the notifier subscribes again" desktop_wait 10 subscribed
dunstctl close-all
check "refused anew" refused
check "and shown anew" desktop_wait 5 [ "$(grep -c 'was not started' "$D/server.log")" -ge 3 ]

policy <<-END
	[messengers]
	blocked = telegramm
END
check "a faulty policy is not taken, exit code 3" eval '"$offduty" policy reload >"$D/reload.out"; [ $? = 3 ]'
check "and the fault has its line" grep -q '10-test.ini:2:.*telegramm' "$D/reload.out"
check "status says that an older one is in force" answers 5 '1 fault in the newest files' status
check "somebody else may not reload" answers 6 . policy reload
policy <<-END
	[messengers]
	approved = telegram
	unlisted = block
END
check "a good one is taken" eval '"$offduty" --json policy reload | grep -q generation'
check "and then telegram starts" not refused

# Eight refusals at once are not eight windows at once.
shown_so_far() { grep -ac 'was not started' "$D/server.log"; }
burst() { echo $(($(shown_so_far) - before)); }
at_least() { [ "$(burst)" -ge "$1" ]; }
before=$(shown_so_far)
for program in signal-desktop Discord slack ThreemaDesktop wire-desktop skypeforlinux Viber pidgin; do
	cp /bin/true "$fs/$program"
	as_alice "$fs/$program" 2>/dev/null && echo "$program started"
done >"$D/started"
check "eight messengers are refused" [ ! -s "$D/started" ]
sleep 2
check "a few are shown at once ($(burst))" [ "$(burst)" -ge 1 ] && check "not all" [ "$(burst)" -le 5 ]
check "the others follow one by one" desktop_wait 20 at_least $(($(burst) + 2))

# Anybody may send a signal to anybody; only the guard's count.
(cd / && /usr/bin/python3 -) <<'END'
import dbus
bus = dbus.SystemBus()
for name in bus.list_names():
    if name.startswith(":1."):
        message = dbus.lowlevel.SignalMessage("/org/offduty1", "org.offduty1.Guard", "Blocked")
        message.append({"messenger-name": "Forged"}, signature="a{sv}")
        message.set_destination(name)
        bus.send_message(message)
bus.flush()
END
check "a signal of another sender could be sent" [ $? = 0 ]
sleep 1
check "a forged signal is not shown" not shown Forged

kill -TERM "$notifier_pid"
check "the notifier ends when told to" desktop_gone "$notifier_pid" 5
if [ "$failures" != 0 ]; then
	for name in notifier guard; do
		echo "--- $name"
		tail -n 15 "$D/$name.log"
	done
fi
umount "$fs" 2>/dev/null || { kill -KILL "$guard_pid" && desktop_gone "$guard_pid" 3 && umount "$fs"; }
[ "$failures" = 0 ]

#!/bin/bash
# The guard on a filesystem of its own: refused, allowed, governed, last good policy, fail open.
#
# usage: guard_exec.sh OFFDUTYD SOURCE-FOLDER VENDOR-FOLDER
set -u

guard=$1
source=$2
vendor_folder=$3
. "$source/tests/integration/guard/stage.sh"

policy <<EOF
[company]
name = Exemplar
[messengers]
blocked = telegram
unlisted = allow
EOF
cp /bin/true "$fs/telegram-desktop"
cp /bin/true "$fs/something-else"
chmod 755 "$fs"/*
sleep 2.1 # what was written this moment is not remembered

eventually 5 test -S "$work/bus" || skip "no private bus"
start_guard
if ! eventually 10 state_is enforcing; then
	state_is unsupported && skip "no fanotify permission events here"
	fail "the guard comes up enforcing ($(property Guard State))"
	cat "$work/guard.log"
	exit 1
fi
pass "the guard comes up enforcing"
case "$(property Guard Covered)" in
*"$fs"*) pass "only the named filesystem is covered" ;;
*) fail "only the named filesystem is covered: $(property Guard Covered)" ;;
esac

expect EPERM "a blocked messenger does not start" as 4242 "$fs/telegram-desktop"
expect ran "the same program under another name starts" as 4242 "$fs/something-else"
expect ran "root may start it (a system user is not governed)" as 0 "$fs/telegram-desktop"
expect ran "a daemon's uid may start it" as 999 "$fs/telegram-desktop"

expect EPERM "who has no account is governed as well" as 4444 "$fs/telegram-desktop"

setpriv --reuid=4242 --regid=4242 --clear-groups cp "$fs/something-else" "$fs/mine"
sleep 2.1
expect ran "somebody's own program starts" as 4242 "$fs/mine"
expect ran "and is remembered" as 4242 "$fs/mine"
mv "$fs/mine" "$fs/Telegram"
expect EPERM "renamed to a messenger's name it is one" as 4242 "$fs/Telegram"
mv "$fs/Telegram" "$fs/mine"
expect ran "and renamed back it is none" as 4242 "$fs/mine"
ln "$fs/telegram-desktop" "$fs/innocent"
expect EPERM "a hard link beside it changes nothing" as 4242 "$fs/telegram-desktop"
rm "$fs/innocent"
ln -s telegram-desktop "$fs/link"
expect EPERM "a symbolic link to it is refused" as 4242 "$fs/link"
mkdir "$fs/else"
mount --bind "$fs" "$fs/else"
expect EPERM "through a bind mount it is refused" as 4242 "$fs/else/telegram-desktop"
umount "$fs/else"
in_namespace() {
	as 4242 unshare -Ur -m --propagation private sh -c "mount -t tmpfs none /mnt && touch /mnt/telegram-desktop && mount --bind '$fs/telegram-desktop' /mnt/telegram-desktop && exec /mnt/telegram-desktop"
}
if setpriv --reuid=4242 --regid=4242 --clear-groups unshare -Ur -m true 2>/dev/null; then
	expect EPERM "in a mount namespace of one's own it is refused" in_namespace
	# Through /proc/PID/root anybody reaches names of their own making from outside, too.
	setpriv --reuid=4242 --regid=4242 --clear-groups unshare -Ur -m --propagation private sh -c "mount -t tmpfs none /mnt && touch /mnt/innocent && mount --bind '$fs/telegram-desktop' /mnt/innocent && exec sleep 20" &
	holder=$!
	pids+=("$holder")
	sleep 2.1 # what changed this moment is not remembered anyway
	if eventually 3 test -s "/proc/$holder/root/mnt/innocent"; then
		as 4242 "/proc/$holder/root/mnt/innocent" >/dev/null
		expect EPERM "a name made up elsewhere is not remembered for it" as 4242 "$fs/telegram-desktop"
	fi
	kill "$holder"
fi
cat >"$fs/script" <<'EOF'
#!/bin/sh
exit 0
EOF
cp "$fs/script" "$fs/telegram-desktop.sh" && mv "$fs/telegram-desktop.sh" "$fs/Telegram" && chmod 755 "$fs/script" "$fs/Telegram"
expect ran "a script starts" as 4242 "$fs/script"
expect EPERM "a script of a messenger's name does not" as 4242 "$fs/Telegram"
cp /bin/bash "$fs/bash"
expect EPERM "an interpreter on the guarded filesystem does not run it either" as 4242 "$fs/bash" "$fs/Telegram"
expect ran "but it runs other scripts" as 4242 "$fs/bash" "$fs/script"
ld=$(ldd /bin/true | awk '/ld-linux/ { print $1 }')
if [ -n "$ld" ]; then
	cp "$ld" "$fs/$(basename "$ld")"
	expect EPERM "nor does the loader" as 4242 "$fs/$(basename "$ld")" "$fs/telegram-desktop"
	expect ran "which loads others" as 4242 "$fs/$(basename "$ld")" "$fs/something-else"
fi
rm -f "$fs/Telegram"

sleep 2.1 # what changed this moment is not remembered
before=$(counter cached)
for _ in 1 2 3; do as 4242 "$fs/mine" >/dev/null; done
[ "$(counter cached)" -ge $((before + 2)) ] && pass "what is no messenger is remembered" ||
	fail "what is no messenger is remembered ($before to $(counter cached))"
before=$(counter execs)
for _ in 1 2 3; do as 4242 "$fs/something-else" >/dev/null; done
[ "$(counter execs)" = "$before" ] && [ "$(counter ignored)" -gt 0 ] &&
	pass "about root's own programs the kernel no longer asks" ||
	fail "about root's own programs the kernel no longer asks ($before to $(counter execs), $(counter ignored))"
before=$(counter execs)
echo >>"$fs/something-else"
as 4242 "$fs/something-else" >/dev/null
[ "$(counter execs)" -gt "$before" ] && pass "until they are written" || fail "until they are written"

# What was remembered under one policy is forgotten under the next.
policy <<EOF
[messengers]
blocked = telegram, signal
unlisted = allow
EOF
ask Policy.Reload >/dev/null
expect EPERM "after a reload the old rule still holds" as 4242 "$fs/telegram-desktop"
cp /bin/true "$fs/signal-desktop" && chmod 755 "$fs/signal-desktop"
expect EPERM "and the new one does" as 4242 "$fs/signal-desktop"

# Faulty: the last good set stays.
policy <<EOF
[messengers]
blocked = nothing-anybody-knows-of
nonsense = yes
EOF
case "$(ask Policy.Reload)" in
*org.offduty1.Error.Policy* | *faults*) pass "a faulty set is refused by name" ;;
*) fail "a faulty set is refused by name" ;;
esac
expect EPERM "with a faulty set the last good one stays in force" as 4242 "$fs/telegram-desktop"
case "$(ask Policy.Problems)" in
*50-test.ini*) pass "the problems name the file" ;;
*) fail "the problems name the file: $(ask Policy.Problems)" ;;
esac

# A second guard.
"$guard" --root="$root" --only-filesystem="$fs" --bus="unix:path=$work/bus" 2>"$work/second.log"
[ $? -ne 0 ] && grep -q "another" "$work/second.log" && pass "a second guard refuses" || fail "a second guard refuses"
expect EPERM "and the first still guards" as 4242 "$fs/telegram-desktop"

# Killed: everything is let go. Started again with the faulty set: the last good one is back.
kill -KILL "$guard_pid"
wait "$guard_pid" 2>/dev/null
expect ran "when the guard is killed programs start" as 4242 "$fs/telegram-desktop"
start_guard
eventually 10 state_is enforcing || fail "it comes back"
expect EPERM "after a restart the last good set is in force" as 4242 "$fs/telegram-desktop"

# A new mount below is not one of those named; taking the filesystem away and back is.
eventually 3 umount "$fs" 2>/dev/null && mount -t tmpfs -o mode=1777 none "$fs" || fail "the filesystem is taken away"
cp /bin/true "$fs/telegram-desktop" && chmod 755 "$fs/telegram-desktop"
sleep 0.3
expect EPERM "a filesystem mounted anew is guarded again" as 4242 "$fs/telegram-desktop"

# People and groups, from the name service.
policy <<EOF
[messengers]
unlisted = allow
[messenger telegram]
verdict = block
groups = press
EOF
ask Policy.Reload >/dev/null
expect EPERM "a rule for a group binds its member" as 4343 "$fs/telegram-desktop"
expect ran "and nobody else" as 4242 "$fs/telegram-desktop"

# Modes and hours.
policy <<EOF
[enforcement]
mode = warn
[messengers]
blocked = telegram
EOF
ask Policy.Reload >/dev/null
expect ran "mode = warn lets it start" as 4242 "$fs/telegram-desktop"
[ "$(counter warned)" -gt 0 ] && pass "and counts a warning" || fail "and counts a warning"
policy <<EOF
[messengers]
approved = telegram
[messenger telegram]
verdict = block
when = off-duty
[schedule office]
timezone = UTC
monday-friday = 08:00-17:00
leave = /var/lib/offduty/leave/%u.ics
EOF
kill -TERM "$guard_pid"
wait "$guard_pid" 2>/dev/null && pass "it ends in good order" || fail "it ends in good order"
echo 2026-11-27T12:00:00Z >"$work/clock"
start_guard --clock="@$work/clock"
eventually 10 state_is enforcing || fail "it starts with a clock"
expect ran "when = off-duty: at noon it starts" as 4242 "$fs/telegram-desktop"
echo 2026-11-27T18:45:00Z >"$work/clock"
sleep 0.5
expect EPERM "on Friday evening it does not" as 4242 "$fs/telegram-desktop"

echo 2026-11-27T12:00:00Z >"$work/clock"
mkdir -p "$root/var/lib/offduty/instants/leave"
printf 'offduty-instants 1\n2026-11-27T00:00 2026-11-28T00:00 floating\n' >"$root/var/lib/offduty/instants/leave/bob"
sleep 3.2 # absences settle as policy does
as 4343 "$fs/telegram-desktop" >/dev/null # what is known of bob may be older, this once
expect EPERM "on a day of leave it does not start at noon either" as 4343 "$fs/telegram-desktop"
expect ran "for the others it does" as 4242 "$fs/telegram-desktop"
echo 2026-11-27T18:45:00Z >"$work/clock"
sleep 0.5

# Off duty leaves no record; on duty does, for oneself alone.
records() { setpriv --reuid="$1" --regid="$1" --clear-groups -- dbus-send --system --print-reply=literal \
	--dest=org.offduty1 /org/offduty1 org.offduty1.Guard.MyRecords int64:0 2>&1; }
before=$(records 4242 | grep -c "what.*blocked")
[ "$before" -gt 0 ] && pass "records of working hours can be read ($before)" ||
	fail "records of working hours can be read: $(records 4242)"
[ -z "$(records 4353 | tr -d ' []\narray')" ] && pass "nobody reads another's" ||
	fail "nobody reads another's: $(records 4353)"
as 4242 "$fs/telegram-desktop" >/dev/null
sleep 0.2
[ "$(records 4242 | grep -c "what.*blocked")" = "$before" ] && pass "nothing is written down off duty" ||
	fail "nothing is written down off duty"

# The kernel command line.
kill -TERM "$guard_pid"
wait "$guard_pid" 2>/dev/null
echo "quiet offduty.disable splash" >"$work/cmdline"
start_guard --kernel-command-line="$work/cmdline"
eventually 10 state_is disabled && pass "offduty.disable is a state" || fail "offduty.disable is a state"
expect ran "in which everything starts" as 4242 "$fs/telegram-desktop"

if [ $failed -gt 0 ]; then
	echo "--- the guard's log"
	cat "$work/guard.log"
	exit 1
fi
exit 0

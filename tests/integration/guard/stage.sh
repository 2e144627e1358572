# The stage of the guard's integration tests, to be sourced: a private mount namespace with a tmpfs as
# the only guarded filesystem, people of its own, a private bus. Wants $guard, $source, $vendor_folder.

skip() {
	echo "SKIP: $1"
	exit 77
}

[ "$(id -u)" = 0 ] || skip "needs root for fanotify"
command -v dbus-daemon >/dev/null || skip "needs dbus-daemon"
command -v setpriv >/dev/null || skip "needs setpriv"
if [ -z "${OD_GUARD_INSIDE:-}" ]; then
	unshare -m true 2>/dev/null || skip "may not make a mount namespace"
	OD_GUARD_INSIDE=1 exec timeout -k 5 "${OD_STAGE_SECONDS:-100}" unshare -m --propagation private "$0" "$@"
fi

work=$(mktemp -d /tmp/offduty-guard.XXXXXX)
fs=$work/fs
root=$work/root
pids=()
failed=0

finish() {
	local pid
	for pid in "${pids[@]}"; do
		kill -KILL "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	umount "$fs" 2>/dev/null || umount -l "$fs" 2>/dev/null
	rm -rf "$work"
}
trap finish EXIT

pass() { echo "ok   $1"; }
fail() {
	echo "FAIL $1"
	failed=$((failed + 1))
}

mkdir -p "$fs" "$root/etc/offduty/policy.d" "$root/run" "$root/var"
mount -t tmpfs -o mode=1777 none "$fs" || skip "may not mount a tmpfs"
# Vendor layer of this build: wherever it was configured to live.
vendor=$root$vendor_folder
mkdir -p "$vendor"
cp -r "$source/policies/catalogue" "$vendor/catalogue.d"
rm -f "$vendor/catalogue.d/README.md"
chmod 755 "$work" "$fs"
chmod 1777 "$fs"

cp /etc/passwd "$work/passwd"
cp /etc/group "$work/group"
{
	echo "alice:x:4242:4242::$work/alice:/bin/sh"
	echo "bob:x:4343:4343::$work/bob:/bin/sh"
	echo "carol:x:4353:4353::$work/carol:/bin/sh"
} >>"$work/passwd"
printf 'alice:x:4242:\nbob:x:4343:\ncarol:x:4353:\npress:x:4350:bob\n' >>"$work/group"
mount --bind "$work/passwd" /etc/passwd && mount --bind "$work/group" /etc/group ||
	skip "may not give this namespace its own people"

cat >"$work/bus.conf" <<EOF
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:path=$work/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="false"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
    <allow user="*"/>
  </policy>
</busconfig>
EOF
dbus-daemon --config-file="$work/bus.conf" --nofork --nopidfile --nosyslog 2>"$work/bus.log" &
pids+=($!)
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$work/bus

policy() { # text on standard input, in force when this returns
	cat >"$root/etc/offduty/policy.d/50-test.ini"
}

ask() { # ask INTERFACE.METHOD ARGUMENTS...
	local what=$1
	shift
	dbus-send --system --print-reply=literal --dest=org.offduty1 /org/offduty1 "org.offduty1.$what" "$@" 2>&1
}

property() { # property INTERFACE NAME
	dbus-send --system --print-reply=literal --dest=org.offduty1 /org/offduty1 \
		org.freedesktop.DBus.Properties.Get string:org.offduty1."$1" string:"$2" 2>&1
}

counter() {
	property Guard Counters | awk -v n="$1" '$1 == n { print $3 }'
}

eventually() { # eventually SECONDS COMMAND...
	local until=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -lt $until ] || return 1
		sleep 0.05
	done
}

state_is() { [ "$(property Guard State | awk '{ print $NF }')" = "$1" ]; }

start_guard() { # options...
	"$guard" --root="$root" --only-filesystem="$fs" --bus="unix:path=$work/bus" "$@" 2>>"$work/guard.log" &
	guard_pid=$!
	pids+=("$guard_pid")
}

# as UID PROGRAM ARGUMENTS...: prints "ran" or the error's own words
as() {
	local uid=$1
	shift
	if setpriv --reuid="$uid" --regid="$uid" --clear-groups -- "$@" >"$work/out" 2>&1; then
		echo ran
	elif grep -q "Operation not permitted" "$work/out"; then
		echo EPERM
	else
		cat "$work/out"
	fi
}

expect() { # expect WANTED WHAT COMMAND...
	local wanted=$1 what=$2 got
	shift 2
	got=$("$@")
	if [ "$got" = "$wanted" ]; then
		pass "$what"
	else
		fail "$what: wanted \"$wanted\", got \"$got\""
	fi
}


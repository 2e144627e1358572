#!/bin/bash
# What runs as root links little, what runs for people nothing it has no use for; all of it hardened.
set -u
status=0

complain() {
	echo "$1"
	status=1
}

# forbid PROGRAM PATTERN: no library of that name, not even through another one
forbid() {
	local program=$1 libraries found
	[ -e "$OFFDUTY_BUILD/$program" ] || { complain "$program was not built"; return; }
	libraries=$(ldd "$OFFDUTY_BUILD/$program" | awk '{ print $1 }')
	found=$(grep -E "$2" <<<"$libraries" | xargs)
	[ -z "$found" ] || complain "$program links $found"
}

forbid daemon/guard/offdutyd 'lib(glib|gobject|gio|notify|ical|magic|sqlite|json)'
forbid daemon/gate/offduty-gate 'lib(glib|gobject|gio|notify|ical|magic)'
forbid daemon/gate/offduty-shim 'lib(glib|gobject|gio|notify|ical|magic|sqlite|iniparser)'
forbid daemon/inspect/offduty-inspect 'lib(glib|gobject|gio|notify|ical|dbus|sqlite|iniparser)'
forbid daemon/calendar/offduty-calendar 'lib(gobject|gio|notify|dbus|sqlite|magic)'
forbid cli/offduty 'lib(glib|gobject|gio|notify|ical|magic|sqlite)'

for program in daemon/guard/offdutyd daemon/gate/offduty-gate daemon/gate/offduty-shim \
	daemon/inspect/offduty-inspect daemon/calendar/offduty-calendar \
	daemon/notifier/offduty-notifier cli/offduty; do
	[ -e "$OFFDUTY_BUILD/$program" ] || continue
	facts=$(readelf -W -h -l -d "$OFFDUTY_BUILD/$program")
	grep -q 'Type: *DYN' <<<"$facts" || complain "$program is not position independent"
	grep -q GNU_RELRO <<<"$facts" || complain "$program has no RELRO"
	grep -qE 'BIND_NOW|Flags:.* NOW' <<<"$facts" || complain "$program resolves symbols late"
	! grep -q 'GNU_STACK.* RWE' <<<"$facts" || complain "$program has an executable stack"
	! grep -qE 'RPATH|RUNPATH' <<<"$facts" || [ -z "${OFFDUTY_INSTALLED:-}" ] ||
		complain "$program has a library path of its own"
done
exit $status

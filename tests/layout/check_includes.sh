#!/bin/bash
# Who may include whom. An arrow of the house means "may include"; nothing else may.
set -u
: "${OFFDUTY_TREE:=$(cd "$(dirname "$0")/../.." && pwd)}"
cd "$OFFDUTY_TREE" || exit 1
status=0

# folder: prefixes of project headers it may include beside its own
rooms='
policies/base:
policies/model: base
policies/ini: model base
dbus/bus: base
daemon/runtime: base
daemon/guard: base model ini bus runtime
daemon/gate: base model ini bus runtime
daemon/notifier: base model ini bus runtime
daemon/inspect: base
daemon/calendar: base model
cli: base model ini bus
'
# Headers made from the D-Bus interfaces, for those who may speak on a bus.
generated='^(daemon/guard|daemon/gate|daemon/notifier|cli|dbus/bus)$'

# header of a library: the folders that may know it
libraries='
iniparser(/|\.h): policies/ini
dbus/: dbus/bus daemon/guard daemon/gate daemon/notifier cli
libnotify/: daemon/notifier
(glib|gio|gobject): daemon/notifier
sqlite3\.h: daemon/gate
libical/: daemon/calendar
magic\.h: daemon/inspect
(json-c|json)(/|\.h): cli
systemd/: dbus/bus daemon
sys/fanotify\.h: daemon/guard
'

complain() {
	echo "$1"
	status=1
}

sources() {
	find "$1" -name '*.[ch]' -type f
}

while IFS=: read -r room allowed; do
	[ -n "$room" ] && [ -d "$room" ] || continue
	own=${room##*/}
	while IFS=: read -r file line include; do
		header=${include#*\"}
		header=${header%%\"*}
		case $header in
		*/*) prefix=${header%%/*} ;;
		*.bus.h)
			[[ $room =~ $generated ]] || complain "$file:$line: $room may not speak on a bus: $header"
			continue
			;;
		*)
			[ -e "${file%/*}/$header" ] || complain "$file:$line: write the folder of \"$header\""
			continue
			;;
		esac
		case " $own $allowed " in
		*" $prefix "*) ;;
		*) complain "$file:$line: $room may not include \"$header\" (only:$allowed)" ;;
		esac
	done < <(sources "$room" | xargs -r grep -nHE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"')
done <<<"$rooms"

while IFS=: read -r library folders; do
	[ -n "$library" ] || continue
	while IFS=: read -r file line include; do
		known=
		for folder in $folders; do
			[[ $file != "$folder"/* ]] || known=1
		done
		[ -n "$known" ] || complain "$file:$line: only$folders may know this library: $include"
	done < <(sources . | sed 's|^\./||' | grep -E '^(policies|dbus|daemon|cli)/' |
		xargs -r grep -nHE "^[[:space:]]*#[[:space:]]*include[[:space:]]*<$library")
done <<<"$libraries"

# A CMake target that links what it may not include.
while IFS=: read -r file line text; do
	complain "$file:$line: a daemon links another one's library: $text"
done < <(grep -rnHE 'od::(guard|gate|notifier|inspect|calendar)' --include=CMakeLists.txt daemon cli policies dbus |
	awk -F: '{ split($1, part, "/"); if (index($0, "od::" part[2]) == 0) print }')
exit $status

# Words about notifications, beside lib.sh.
# shellcheck shell=bash

# The schedule decides by the day only, so that the tests hold at any hour of any day.
duty_policy() {
	policy <<P
[messengers]
unlisted = allow
[schedule office]
timezone = UTC
monday-sunday = $1
[notifications]
work = desktop:work-app
deliver = replay
P
}
off_duty() {
	duty_policy off
}
on_duty() {
	duty_policy 00:00-24:00
}

send_work() {
	as alice notify-send -a "Work" -h string:desktop-entry:work-app "$1" "text"
}
send_private() {
	as alice notify-send -a "Private" -h string:desktop-entry:private-app -t 0 "$1" "text"
}
close_all() {
	as alice dunstctl close-all
}

owner() {
	as alice busctl --user call org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus \
		GetConnectionUnixProcessID s org.freedesktop.Notifications 2>/dev/null | cut -d' ' -f2
}
gate_owns_name() {
	local gate
	gate=$(main_pid --user alice offduty-gate.service)
	[ "$gate" != 0 ] && [ "$(owner)" = "$gate" ]
}
held_is() {
	[ "$(as alice busctl --user get-property org.offduty1 /org/offduty1 org.offduty1.Held Count 2>&1)" = "u $1" ]
}

screen_is() {
	[ "$(shot "$1" now)" = "$2" ]
}
screen_differs() {
	[ "$(shot "$1" now)" != "$2" ]
}
# One colour only.
screen_blank() {
	[ "$(xwd -root -silent -display ":$1" | xwdtopnm 2>/dev/null | ppmhist -noheader 2>/dev/null | wc -l)" = 1 ]
}
screen_not_blank() {
	! screen_blank "$1"
}

# The stage of packaging/demo: what day.sh is told in. Sourced; uses tests/support/desktop.sh.
# shellcheck shell=bash disable=SC2154

failures=0
step_name='' step_shot='' step_started=0 step_failed=0

log() { printf '%s\n' "$*" >>"$out/transcript.txt"; }
say() { printf '%s\n' "$*" | tee -a "$out/story.txt"; }

# ---- telling --------------------------------------------------------------------------------

step() { # SENTENCE SHOT
	step_name=$1 step_shot=$2 step_failed=0
	step_started=$(date +%s%N)
	log "" "== $1"
	caption "$1"
}

expect() { # WHAT COMMAND...: seen within 10 seconds, or not seen
	local what=$1
	shift
	if eventually 10 "$@"; then
		log "  seen: $what"
	else
		log "  NOT SEEN: $what ($*)"
		say "      not seen: $what"
		step_failed=1
	fi
}

finish() {
	local ms=$((($(date +%s%N) - step_started) / 1000000))
	local mark=ok
	[ "$step_failed" = 0 ] || { mark='--' failures=$((failures + 1)); }
	say "$(printf '%-2s  %5d.%d s  %s (%s.png)' "$mark" $((ms / 1000)) $((ms % 1000 / 100)) "$step_name" "$step_shot")"
}

note() { # COMMAND...: what a person would read
	log "  \$ $*"
	as_alice "$@" 2>&1 | sed 's/^/      /' >>"$out/transcript.txt"
}

eventually() { # SECONDS COMMAND...
	local tries=$(($1 * 10))
	shift
	until "$@" >/dev/null 2>&1; do
		((tries-- > 0)) || return 1
		sleep 0.1
	done
}

not() { ! "$@"; }

# ---- building the stage ---------------------------------------------------------------------

stage_open() {
	ip link set lo up
	mount -t tmpfs -o mode=755 offduty-demo "$(mkdir -p "$work/desktop" && echo "$work/desktop")"
	mkdir -m 1777 "$work/desktop/tmp" "$work/desktop/tmp/.X11-unix"
	mount --bind "$work/desktop/tmp" /tmp
	DESKTOP_UID=61234 DESKTOP_GID=61234
	desktop_begin "$work/desktop/session"
	DESKTOP_HOME=$D/home
	guarded=$work/guarded
	: >"$out/story.txt"
	: >"$out/transcript.txt"
}

# An ordinary user that exists in here only.
stage_people() {
	cp /etc/passwd /etc/group "$work/desktop/"
	echo "alice:x:$DESKTOP_UID:$DESKTOP_GID:Alice:$DESKTOP_HOME:/bin/sh" >>"$work/desktop/passwd"
	printf 'alice:x:%s:\nsupport:x:61235:alice\n' "$DESKTOP_GID" >>"$work/desktop/group"
	mount --bind "$work/desktop/passwd" /etc/passwd
	mount --bind "$work/desktop/group" /etc/group
	mkdir -p "$DESKTOP_HOME"
	chown "$DESKTOP_UID:$DESKTOP_GID" "$DESKTOP_HOME"
}

# The only guarded filesystem: a tmpfs with the unpacked packages and the files of the company.
stage_programs() {
	local deb
	mkdir -p "$guarded"
	mount -t tmpfs -o mode=755 offduty-guarded "$guarded"
	for deb in "$work"/debs/*.deb; do
		dpkg-deb -x "$deb" "$guarded"
	done
	export LD_LIBRARY_PATH=$guarded/usr/lib/x86_64-linux-gnu
	mkdir -p "$guarded/srv/hr"
	printf 'name,iban,net\nalice,MC5811222000010123456789030,2840.00\n' >"$guarded/srv/hr/salaries-2026-11.csv"
	mount --bind "$guarded/srv" /srv
	export PATH=$work/offduty/bin:$PATH
}

stage_policy() {
	mkdir -p "$work/offduty/etc/offduty" "$work/offduty/var/lib/offduty" "$work/offduty/run/offduty"
	cp -r "$source/policies/examples/exemplar" "$work/offduty/etc/offduty/policy.d"
	cp "$source/packaging/demo.d/90-demo.ini" "$work/offduty/etc/offduty/policy.d/"
	find "$work/offduty/etc" -type d -exec chmod 755 {} + -o -type f -exec chmod 644 {} +
	chown -R root:root "$work/offduty/etc"
	note offduty policy check --strict "$work/offduty/etc/offduty/policy.d"
}

as_alice() { desktop_as "$@"; }

stage_start() {
	local libexec=$work/offduty/libexec/offduty clock=$work/desktop/clock
	echo 2026-11-27T17:00:00+01:00 >"$clock"
	desktop_system_bus "$source/packaging/dbus"
	desktop_spawn inspect "$libexec/offduty-inspect" --listen="$work/offduty/run/offduty/inspect.sock"
	desktop_spawn guard "$libexec/offdutyd" --clock="@$clock" --only-filesystem="$guarded"
	desktop_session_bus
	desktop_display 1024x640
	xsetroot -solid '#1f3a4d'
	desktop_spawn_user bus-monitor dbus-monitor --session
	mkdir -p "$DESKTOP_HOME/.config/dunst"
	cp "$source/packaging/demo.d/dunstrc" "$DESKTOP_HOME/.config/dunst/dunstrc"
	desktop_spawn_user server "$libexec/offduty-shim" -- "$guarded/usr/bin/dunst" \
		-config "$DESKTOP_HOME/.config/dunst/dunstrc"
	desktop_spawn_user gate "$libexec/offduty-gate" --clock="@$clock"
	desktop_spawn_user notifier "$libexec/offduty-notifier"
	eventually 15 gate_stands || say "--  the gate did not take its place (see transcript)"
	eventually 15 guard_stands || say "--  the guard did not start (see transcript)"
	note offduty status
}

stage_close() {
	local name
	note offduty status
	for name in guard gate server notifier inspect; do
		log "" "== what the $name wrote"
		cat "$D/$name.log" >>"$out/transcript.txt"
	done
	cp "$D/bus-monitor.log" "$out/session-bus.txt"
	for name in "$out"/*-before.png "$out"/now.png "$out"/*.pnm; do rm -f "$name"; done
	umount /srv /etc/passwd /etc/group 2>/dev/null
	[ "$failures" = 0 ] && say "Every step was observed."
	exit "$((failures > 0))"
}

# ---- acting ---------------------------------------------------------------------------------

clock() { # INSTANT: the daemons' clocks step, as after a suspend
	echo "$1" >"$work/desktop/clock.new"
	mv "$work/desktop/clock.new" "$work/desktop/clock"
	log "  the clock says $1"
}

caption() { # what a viewer of the screenshots should know; outside the popup's corner
	[ -z "${caption_pid:-}" ] || { kill "$caption_pid" 2>/dev/null; desktop_gone "$caption_pid" 2; }
	desktop_spawn_user caption xmessage -geometry 640x34+16+16 -buttons '' -xrm '*Foreground: #e8eef2' \
		-xrm '*Background: #16303f' -xrm '*message*borderWidth: 0' -xrm '*message.scrollVertical: never' -xrm '*message.displayCaret: false' -xrm '*font: -misc-fixed-medium-r-normal--15-*-*-*-*-*-iso10646-1' -xrm '*borderWidth: 0' "$1"
	sleep 0.4
}

send_work() {
	desktop_spawn_user work-sender notify-send -a Element -h string:desktop-entry:element-desktop \
		-A open=Open "Numbers for Monday" "Can you look at the figures before the meeting?"
	sleep 1
}

# Dunst invokes the action on a left click (packaging/demo.d/dunstrc). The popup is top right.
click_popup() {
	sleep 0.3
	xdotool mousemove 830 75 click 1
}

clear_screen() {
	as_alice "$guarded/usr/bin/dunstctl" close-all
	sleep 0.4
	xdotool mousemove 500 600
}

messenger_open() {
	cp "$source/packaging/demo.d/ngircd.conf" "$D/ngircd.conf"
	desktop_spawn_user ircd "$guarded/usr/sbin/ngircd" -n -f "$D/ngircd.conf"
	eventually 5 grep -q 'Now listening' "$D/ircd.log"
	desktop_spawn_user irssi "$guarded/usr/bin/xterm" -geometry 76x22+20+120 -fa 'DejaVu Sans Mono' -fs 10 \
		-e "$guarded/usr/bin/irssi" --home="$DESKTOP_HOME/.irssi" -c 127.0.0.1 -n alice
	eventually 10 grep -q 'User "alice.*registered' "$D/ircd.log"
	sleep 1
}

messenger_send() {
	xdotool mousemove 300 350
	xdotool type --delay 8 "/dcc send alice $1"
	xdotool key Return
}

messenger_close() {
	kill "$irssi_pid" "$ircd_pid" 2>/dev/null
	desktop_gone "$irssi_pid" 3
}

# ---- observing ------------------------------------------------------------------------------

shot() { # NAME: prints the picture's path for comparing
	desktop_shot "$out/$1.png" && echo "$out/$1.pnm"
}

gate_stands() { as_alice offduty --json status | grep -q '"gated": *true'; }
guard_stands() { as_alice offduty --json status | grep -q '"state": *"enforcing"'; }
offduty_says() { as_alice offduty | grep -q "$1"; }
offduty_holds() { [ "$(as_alice offduty --json held | grep -c '"id"')" = "$1" ]; }

# A Notify that went to the server (its unique name), not merely to the gate.
reached_server() {
	awk -v wanted="$1" -v shim="$(server_name)" '
		/^(method call|signal|method return|error) / { to_server = index($0, "destination=" shim " ") && /member=Notify$/ }
		to_server && index($0, wanted) { found = 1 }
		END { exit !found }' "$D/bus-monitor.log"
}

# The server stands second in the queue for the name, behind the gate.
server_name() {
	as_alice dbus-send --session --print-reply --dest=org.freedesktop.DBus / \
		org.freedesktop.DBus.ListQueuedOwners string:org.freedesktop.Notifications 2>/dev/null |
		awk -F'"' '/string/ { name = $2 } END { print name }'
}

same_pixels() { [ "$(desktop_differ "$1" "$2")" = 0 ]; }
pixels_change() { [ "$(desktop_differ "$1" "$(shot now)" 660 40 360 300)" -gt 2000 ]; }

# A throw-away desktop in shell functions: private buses, a display, screenshots, clean-up.
#
# Source it, call desktop_begin first, and use what it starts; desktop_end (run on exit) ends every
# process that was started through it, by pid, and removes the folder. Used by the integration
# tests and by packaging/demo. Needs dbus-daemon, Xvfb, xwd (x11-apps) and netpbm.
#
#   desktop_begin [FOLDER]       D=a new folder; exit trap set
#   desktop_spawn NAME CMD...    in the background, output in $D/NAME.log, pid in $NAME_pid
#   desktop_system_bus [POLICY]  DBUS_SYSTEM_BUS_ADDRESS; POLICY: folder of *.conf to include
#   desktop_session_bus          DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR
#   desktop_display [WxH]        DISPLAY
#   desktop_shot FILE.png        a screenshot (and FILE.pnm beside it)
#   desktop_differ A.pnm B.pnm [X Y W H]  prints how many pixels differ (in a rectangle)
#   desktop_wait SECONDS CMD...  until CMD succeeds; fails when the time is up
#   desktop_as CMD...            runs CMD as the ordinary user ($DESKTOP_UID:$DESKTOP_GID, if set)
# shellcheck shell=bash disable=SC2034

desktop_pids=()

desktop_begin() {
	D=${1:-$(mktemp -d "${TMPDIR:-/tmp}/offduty-desktop.XXXXXX")}
	mkdir -p "$D"
	chmod 755 "$D"
	trap desktop_end EXIT
	trap 'exit 130' INT TERM
}

desktop_end() {
	local pid
	trap - EXIT
	for ((i = ${#desktop_pids[@]} - 1; i >= 0; i--)); do
		kill "${desktop_pids[i]}" 2>/dev/null || true
	done
	for pid in "${desktop_pids[@]}"; do
		desktop_gone "$pid" 3 || kill -9 "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	[ -n "${DESKTOP_KEEP:-}" ] || rm -rf "$D"
}

# desktop_gone PID SECONDS: waits for the end of a process that need not be our child.
desktop_gone() {
	local tries=$(($2 * 20))
	while kill -0 "$1" 2>/dev/null; do
		[ "$(cut -d' ' -f3 "/proc/$1/stat" 2>/dev/null)" = Z ] && return 0
		((tries-- > 0)) || return 1
		sleep 0.05
	done
}

desktop_as() {
	if [ -n "${DESKTOP_UID:-}" ] && [ "$(id -u)" = 0 ]; then
		setpriv --reuid "$DESKTOP_UID" --regid "${DESKTOP_GID:-$DESKTOP_UID}" --clear-groups \
			env HOME="${DESKTOP_HOME:-$D}" "$@"
	else
		"$@"
	fi
}

desktop_spawn() {
	local name=$1
	shift
	"$@" >"$D/$name.log" 2>&1 </dev/null &
	desktop_pids+=($!)
	printf -v "${name//-/_}_pid" %s $!
}

# desktop_spawn_user NAME CMD...: the same as the ordinary user; $NAME_pid is CMD itself.
desktop_spawn_user() {
	local name=$1
	shift
	if [ -n "${DESKTOP_UID:-}" ] && [ "$(id -u)" = 0 ]; then
		desktop_spawn "$name" setpriv --reuid "$DESKTOP_UID" --regid "${DESKTOP_GID:-$DESKTOP_UID}" \
			--clear-groups env HOME="${DESKTOP_HOME:-$D}" "$@"
	else
		desktop_spawn "$name" "$@"
	fi
}

desktop_wait() {
	local tries=$(($1 * 20))
	shift
	until "$@" >/dev/null 2>&1; do
		((tries-- > 0)) || return 1
		sleep 0.05
	done
}

desktop_bus_config() { # TYPE ADDRESS POLICY
	cat <<-EOF
		<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
		 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
		<busconfig>
		  <type>$1</type>
		  <listen>$2</listen>
		  <auth>EXTERNAL</auth>
		  <policy context="default">
		    <allow user="*"/>
		    <allow send_type="signal"/>
		    <allow send_requested_reply="true" send_type="method_return"/>
		    <allow send_requested_reply="true" send_type="error"/>
		    <allow receive_type="method_call"/>
		    <allow receive_type="method_return"/>
		    <allow receive_type="error"/>
		    <allow receive_type="signal"/>
		    <allow send_destination="org.freedesktop.DBus"/>
		    $([ "$1" = session ] && echo '<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>')
		  </policy>
		  $([ "$1" = session ] && desktop_bus_limits)
		  $([ -n "${3:-}" ] && echo "<includedir>$3</includedir>")
		</busconfig>
	EOF
}

# As in the session.conf of dbus: its built-in limits are those of a system bus.
desktop_bus_limits() {
	local limit
	for limit in max_incoming_bytes=1000000000 max_outgoing_bytes=1000000000 \
		max_message_size=1000000000 max_completed_connections=100000 \
		max_incomplete_connections=10000 max_connections_per_user=100000 \
		max_names_per_connection=50000 max_match_rules_per_connection=50000 \
		max_replies_per_connection=50000; do
		echo "<limit name=\"${limit%=*}\">${limit#*=}</limit>"
	done
}

desktop_system_bus() {
	desktop_bus_config system "unix:path=$D/system_bus" "${1:-}" >"$D/system.conf"
	desktop_spawn system-bus dbus-daemon --nofork --nopidfile --config-file="$D/system.conf"
	export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$D/system_bus
	desktop_wait 5 test -S "$D/system_bus"
}

desktop_session_bus() {
	export XDG_RUNTIME_DIR=$D/run
	mkdir -p "$XDG_RUNTIME_DIR"
	chmod 700 "$XDG_RUNTIME_DIR"
	[ -z "${DESKTOP_UID:-}" ] || chown "$DESKTOP_UID:${DESKTOP_GID:-$DESKTOP_UID}" "$XDG_RUNTIME_DIR"
	desktop_bus_config session "unix:path=$XDG_RUNTIME_DIR/bus" >"$D/session.conf"
	desktop_spawn_user session-bus dbus-daemon --nofork --nopidfile --config-file="$D/session.conf"
	export DBUS_SESSION_BUS_ADDRESS=unix:path=$XDG_RUNTIME_DIR/bus
	desktop_wait 5 test -S "$XDG_RUNTIME_DIR/bus"
}

desktop_display() {
	desktop_spawn_user xvfb sh -c 'exec Xvfb -displayfd 3 -screen 0 "$1x24" -nolisten tcp -noreset 3>&1' \
		sh "${1:-1024x640}"
	desktop_wait 10 grep -q '^[0-9]' "$D/xvfb.log"
	DISPLAY=:$(grep -m1 '^[0-9]' "$D/xvfb.log")
	export DISPLAY
}

desktop_shot() {
	xwd -root -silent -display "$DISPLAY" | xwdtopnm >"${1%.png}.pnm" 2>/dev/null &&
		pnmtopng "${1%.png}.pnm" >"$1" 2>/dev/null
}

desktop_differ() {
	local cut=(cat)
	[ $# -lt 6 ] || cut=(pamcut -left "$3" -top "$4" -width "$5" -height "$6")
	"${cut[@]}" <"$1" >"$D/differ.a" && "${cut[@]}" <"$2" >"$D/differ.b" &&
		pnmarith -difference "$D/differ.a" "$D/differ.b" 2>/dev/null |
		ppmtopgm 2>/dev/null | pamdepth 255 2>/dev/null | pgmhist -machine 2>/dev/null |
			awk '$1 > 8 { n += $2 } END { print n + 0 }'
}

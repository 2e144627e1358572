# Words the system tests are written in. Sourced inside the booted machine, as root.
# shellcheck shell=bash

# said COMMAND...: what it says is left in /out/last, once it has ended.
said() {
	local status=0
	"$@" >/out/saying 2>&1 || status=$?
	mv /out/saying /out/last
	return "$status"
}

# check TEXT COMMAND...: the command succeeds, or the test fails here and says TEXT.
check() {
	local text=$1
	shift
	if said "$@"; then
		echo "ok: $text"
	else
		echo "NOT ok: $text"
		echo "  command: $*"
		sed 's/^/  | /' /out/last | tail -n 20
		exit 1
	fi
}

# refute TEXT COMMAND...: the command fails.
refute() {
	local text=$1
	shift
	if said "$@"; then
		echo "NOT ok: $text"
		echo "  command succeeded: $*"
		sed 's/^/  | /' /out/last | tail -n 20
		exit 1
	else
		echo "ok: $text"
	fi
}

# soon SECONDS COMMAND...: until the command succeeds; fails when three times the time is up, as the
# machine that runs the tests may be busy with others.
soon() {
	local end=$((SECONDS + 3 * $1))
	shift
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.1
	done
}

# as USER COMMAND...: inside that user's service manager, like a program of the session.
as() {
	local user=$1
	shift
	systemd-run --user -M "$user@.host" --pipe --wait --quiet --collect "$@"
}

# session_begin USER: the user's service manager, as a login would start it.
session_begin() {
	loginctl enable-linger "$1"
	soon 20 test -S "/run/user/$(id -u "$1")/bus"
	soon 20 systemctl --user -M "$1@.host" is-active --quiet basic.target
}

# display_only NUMBER: an X display that belongs to nobody's session.
display_only() {
	systemd-run --quiet --unit="display-$1" --uid=alice \
		Xvfb ":$1" -screen 0 1024x600x24 -nolisten tcp
	soon 20 test -S "/tmp/.X11-unix/X$1"
}

# display_begin USER NUMBER: an X display and a graphical session on the seat for that user.
display_begin() {
	cat >/run/systemd/system/display-$1.service <<EOF
[Service]
User=$1
PAMName=login
Environment=XDG_SESSION_TYPE=x11 XDG_SESSION_CLASS=user XDG_SEAT=seat0 DISPLAY=:$2
ExecStart=/usr/bin/Xvfb :$2 -screen 0 1024x600x24 -nolisten tcp
EOF
	systemctl daemon-reload
	systemctl start "display-$1.service"
	soon 20 test -S "/tmp/.X11-unix/X$2"
	systemctl --user -M "$1@.host" set-environment "DISPLAY=:$2"
}

# shot NUMBER NAME: the screen as /out/NAME.png; prints its checksum.
shot() {
	xwd -root -silent -display ":$1" | xwdtopnm 2>/dev/null >"/out/$2.pnm"
	pnmtopng "/out/$2.pnm" 2>/dev/null >"/out/$2.png"
	sha256sum <"/out/$2.pnm" | cut -d' ' -f1
	rm "/out/$2.pnm"
}

# main_pid [--user USER] UNIT
main_pid() {
	if [ "$1" = --user ]; then
		systemctl --user -M "$2@.host" show -P MainPID "$3"
	else
		systemctl show -P MainPID "$1"
	fi
}

# policy TEXT-ON-STDIN: the admin layer of this machine; in force when this returns.
policy() {
	mkdir -p /etc/offduty/policy.d
	cat >/etc/offduty/policy.d/50-test.ini
	check "the policy is without fault" offduty policy check --strict
	check "and in force" soon 10 offduty policy reload
}

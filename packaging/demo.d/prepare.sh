# Install, download and build for packaging/demo. Sourced.
# shellcheck shell=bash

# What builds Offduty, and the tools that show it. Messengers and dunst are not here: they are
# downloaded and unpacked into the throw-away desktop.
demo_packages=(
	gcc libc6-dev cmake ninja-build pkg-config gettext python3
	libdbus-1-dev libsystemd-dev libiniparser-dev libnotify-dev libsqlite3-dev libical-dev
	libmagic-dev zlib1g-dev libjson-c-dev
	dbus libnotify-bin xvfb x11-apps x11-utils x11-xserver-utils xdotool netpbm fonts-dejavu-core
	iproute2 util-linux
)
demo_messengers=(dunst telegram-desktop irssi ngircd xterm)
demo_installed=() # what was missing; with all it needs in $out/installed.txt

# progress LABEL COUNT PATTERN: one line that grows on a terminal, quarters elsewhere.
progress() {
	awk -v label="$1" -v total="$2" -v pattern="$3" -v tty="$([ -t 1 ] && echo 1)" '
		$0 ~ pattern {
			n++
			if (match($0, /^\[[0-9]+\/[0-9]+\]/)) {
				split(substr($0, 2, RLENGTH - 2), at, "/"); n = at[1]; total = at[2]
			}
			if (tty) printf "\r%s %d of %d ", label, n, total
			else if (total > 0 && int(4 * n / total) > quarter) { quarter = int(4 * n / total); printf "%s %d of %d\n", label, n, total }
			fflush()
		}
		END { if (tty && n) printf "\n" }'
}

prepare_packages() {
	local package
	for package in "${demo_packages[@]}"; do
		dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
			demo_installed+=("$package")
	done
	[ ${#demo_installed[@]} -gt 0 ] || return 0
	echo "Installing what is missing to build and show it: ${demo_installed[*]}"
	apt-get update -qq
	local all
	mapfile -t all < <(apt-get -s install --no-install-recommends "${demo_installed[@]}" | awk '/^Inst/ { print $2 }')
	DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${demo_installed[@]}" \
		</dev/null 2>"$work/apt.err" | tee "$work/apt.log" | progress "  installed" "${#all[@]}" '^Setting up ' ||
		{ cat "$work/apt.err" >&2; return 1; }
	printf '%s\n' "${all[@]}" >"$out/installed.txt"
}

# Every package of the desktop, and whatever it needs that this machine has not. Of the messenger
# that is going to be refused only its own package: it will not get as far as its libraries.
prepare_downloads() {
	local folder=$1 closure
	mkdir -p "$folder"
	mapfile -t closure < <(apt-get -s install --no-install-recommends "${demo_messengers[@]/telegram-desktop/}" 2>/dev/null |
		awk '/^Inst/ { print $2 }')
	echo "Downloading $(printf '%s\n' "${demo_messengers[@]}" "${closure[@]}" | sort -u | wc -l) packages for the desktop (unpacked, not installed): ${demo_messengers[*]}"
	# shellcheck disable=SC2046
	(cd "$folder" && apt-get download -qq $(printf '%s\n' "${demo_messengers[@]}" "${closure[@]}" | sort -u) 2>"$work/download.err") ||
		{ apt-get update -qq && (cd "$folder" && apt-get download -qq $(printf '%s\n' "${demo_messengers[@]}" "${closure[@]}" | sort -u)); } ||
		{ cat "$work/download.err" >&2; return 1; }
}

prepare_build() {
	local source=$1 work=$2
	echo "Building Offduty"
	cmake -S "$source" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DOFFDUTY_TESTS=OFF -DOFFDUTY_WERROR=OFF \
		-DCMAKE_INSTALL_PREFIX="$work/offduty" -DCMAKE_INSTALL_SYSCONFDIR="$work/offduty/etc" \
		-DOFFDUTY_ADMIN_DIR="$work/offduty/etc/offduty" -DOFFDUTY_VOLATILE_DIR="$work/offduty/run/offduty" \
		-DOFFDUTY_STATE_DIR="$work/offduty/var/lib/offduty" \
		-DOFFDUTY_SYSTEM_UNIT_DIR="$work/offduty/lib/systemd/system" \
		-DOFFDUTY_USER_UNIT_DIR="$work/offduty/lib/systemd/user" \
		>"$work/build.log" 2>&1 || { tail -20 "$work/build.log" >&2; return 1; }
	ninja -C "$work/build" 2>&1 | tee -a "$work/build.log" | progress "  built" 0 '^\[[0-9]+/[0-9]+\]' ||
		{ grep -A20 FAILED "$work/build.log" >&2; return 1; }
	DESTDIR='' cmake --install "$work/build" >>"$work/build.log" 2>&1 || { tail -20 "$work/build.log" >&2; return 1; }
}

prepare_summary() {
	if [ ${#demo_installed[@]} -gt 0 ]; then
		echo "Installed for building: ${demo_installed[*]}"
		echo "With what they need: $(wc -l <"$out/installed.txt") packages, listed in $out/installed.txt."
	else
		echo "Nothing had to be installed for building."
	fi
}

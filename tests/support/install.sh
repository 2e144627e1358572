# Installs what the tests need and this machine lacks.
# shellcheck shell=bash disable=SC2154

build_depends() {
	sed -n '/^Build-Depends:/,/^$/{/^ /p}' "$tree/packaging/deb/debian/control" |
		sed -e 's/([^)]*)//g' -e 's/:any//g' -e 's/,//g' -e 's/debhelper-compat/debhelper/'
}

missing_packages() {
	local wanted
	wanted=$({ sed 's/#.*//' "$tests/support/packages"; build_depends; } | xargs -n 1 | sort -u)
	# Package names as dpkg knows them, installed ones only, provided names included.
	comm -13 <(dpkg-query -W -f '${db:Status-Status} ${Package}, ${Provides}\n' |
		sed -n 's/^installed //p' | tr ',' '\n' | sed -e 's/([^)]*)//g' -e 's/ //g' | sort -u) \
		<(echo "$wanted")
}

install_packages() {
	local missing begin=$SECONDS
	[ -z "${OFFDUTY_NO_INSTALL:-}" ] || return 0
	if ! command -v dpkg-query >/dev/null; then
		echo "not a Debian machine: what the tests need has to be there already"
		return 0
	fi
	missing=$(missing_packages | xargs)
	[ -n "$missing" ] || return 0
	if [ "$(id -u)" != 0 ]; then
		echo "not installed, what needs it will fail or skip itself: $missing"
		return 0
	fi
	echo "installing $(wc -w <<<"$missing") packages: $missing"
	# shellcheck disable=SC2086
	if { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
		--no-install-recommends $missing; } </dev/null >"$work/install.log" 2>&1; then
		echo "installed ($(minutes $((SECONDS - begin))))"
	else
		tail -n 15 "$work/install.log"
		result FAILED install "see $work/install.log"
	fi
}

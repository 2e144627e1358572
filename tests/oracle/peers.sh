# Peers are compared with, never built on: they are fetched into the cache of the tests, outside the
# tree. Source it; peers_npm and peers_dateutil print a folder, or say why there is none and exit 77.
# shellcheck shell=bash
peers_cache=${OFFDUTY_PEERS:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/offduty-tests-peers}

peers_skip() {
	echo "skip: $*" >&2
	exit 77
}

# opening_hours 3.15.0 (LGPL-3.0-only): used as it is, by its own interface.
peers_npm() {
	command -v node >/dev/null && command -v npm >/dev/null || peers_skip "no node and npm"
	mkdir -p "$peers_cache/npm"
	[ -d "$peers_cache/npm/node_modules/opening_hours" ] ||
		timeout 120 npm install --prefix "$peers_cache/npm" --no-audit --no-fund \
			opening_hours@3.15.0 >"$peers_cache/npm.log" 2>&1 ||
		peers_skip "opening_hours cannot be fetched ($peers_cache/npm.log)"
	echo "$peers_cache/npm/node_modules"
}

# python-dateutil: the one that is there, else a copy.
peers_dateutil() {
	python3 -c 'import dateutil.rrule' 2>/dev/null && return
	[ -d "$peers_cache/python/dateutil" ] ||
		timeout 120 python3 -m pip install --quiet --target "$peers_cache/python" \
			python-dateutil==2.9.0.post0 >"$peers_cache/pip.log" 2>&1 ||
		peers_skip "no python3-dateutil, and it cannot be fetched"
	echo "$peers_cache/python"
}

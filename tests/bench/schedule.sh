#!/bin/bash
# tests/bench/schedule.sh BENCH [SOURCE-TREE]: duty, evaluations a second, beside the npm package
# opening_hours in the same run (left out where it cannot be fetched). The last line is JSON; exit 1
# when it is less than a hundred times the peer.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/oracle/peers.sh
. "$here/../oracle/peers.sh"
answers=
if modules=$(peers_npm); then
	answers=$(NODE_PATH=$modules TZ=Europe/Monaco node "$here/schedule_peer.js")
fi
exec "${1:?}" "${2:-$here/../..}" <<<"$answers"

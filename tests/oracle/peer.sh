#!/bin/bash
# peer.sh opening-hours SCHEDULE_EVAL | rrule OFFDUTY_CALENDAR [NUMBER [SEED]]: compares with a peer,
# fetched where it is missing; 77 where it cannot be.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/oracle/peers.sh
. "$here/peers.sh"
kind=${1:?} program=${2:?}
shift 2
mkdir -p "$peers_cache" || peers_skip "nowhere to put a peer"
case $kind in
opening-hours)
	modules=$(peers_npm) || exit $?
	exec python3 "$here/opening_hours_oracle.py" "$program" "$modules" "$@"
	;;
rrule)
	modules=$(peers_dateutil) || exit $?
	PYTHONPATH=$modules${PYTHONPATH:+:$PYTHONPATH} exec python3 "$here/rrule_oracle.py" "$program" "$@"
	;;
esac

#!/bin/bash
# kill -9 of the gate at random moments, while notifications are held and while they are delivered:
# of those answered none is lost, each kill repeats at most the one in flight, ids never repeat.
set -u
kills=${4:-8}
. "$(dirname "$0")/gate.sh"
gate_session replay

# Sends until it is told to stop; "N ID" for each that was answered.
sender() {
	local n=0 id
	while [ ! -e "$D/stop" ]; do
		n=$((n + 1))
		id=$("$client" --app=Work --entry=workapp "work item $n" 2>/dev/null) || continue
		echo "$n ${id#id }"
		sleep 0.1
	done
}
random_pause() { sleep "0.$(printf '%03d' $((RANDOM % 400 + 50)))"; }
restart_somewhere() {
	random_pause
	gate_kill KILL
	wait "$gate_pid" 2>/dev/null
	gate_start dunst || echo "FAIL the gate does not come back"
}

sender >"$D/answered" 2>/dev/null &
sender_pid=$!
for ((i = 0; i < kills; i++)); do
	restart_somewhere 2>/dev/null
done
touch "$D/stop"
wait $sender_pid
awk '$2 >= 1073741825' "$D/answered" >"$D/held"
awk '$2 < 1073741825' "$D/answered" >"$D/shown"
held=$(wc -l <"$D/held")
echo "     $kills kills: $held answered as held, $(wc -l <"$D/shown") shown while no gate ran"
check "some were held" test "$held" -gt 5
check "no id was given twice" is "$(awk '{ print $2 }' "$D/held" | sort | uniq -d | wc -l)" 0
gate_call Held.List | grep -ao 'work item [0-9]*' | sort -u >"$D/listed"
awk '{ print "work item " $1 }' "$D/held" | sort -u >"$D/expected"
check "of those answered none is lost" is "$(comm -13 "$D/listed" "$D/expected" | wc -l)" 0

# Now the same while they are delivered.
was=$(gate_held)
: >"$D/server.log"
gate_clock "$on_duty"
for ((i = 0; i < 4; i++)); do
	restart_somewhere 2>/dev/null
done
check "all are delivered in the end" desktop_wait 60 held_is 0
check "each answered one is shown" is "$(while read -r one; do
	grep -qF "summary: '$one'" "$D/server.log" || echo "$one"
done <"$D/expected" | wc -l)" 0
shown=$(grep -c "summary: 'work item" "$D/server.log")
echo "     $was delivered under 4 kills, $shown shown"
check "each kill repeats at most one" test $((shown - was)) -le 4
gate_finish

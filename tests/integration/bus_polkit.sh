#!/bin/bash
# The real polkitd, with the actions we install, asked by a service made of od::bus. It runs in a mount
# namespace of its own, where our action file and one rule (uid 65534 may reload) are installed.
#
# usage: bus_polkit.sh TRIAL
set -u
here=$(cd "$(dirname "$0")" && pwd)
if [ "$(id -u)" != 0 ] || [ ! -x /usr/lib/polkit-1/polkitd ]; then
	echo "needs root and polkitd"
	exit 77
fi
[ -n "${OFFDUTY_OWN_MOUNTS:-}" ] || OFFDUTY_OWN_MOUNTS=1 exec unshare --mount "$0" "$@"
. "$here/../support/desktop.sh"
trial=$1

faults=0
says() { # WHAT EXPECTED COMMAND...
	local what=$1 expected=$2 text
	shift 2
	text=$("$@" 2>&1)
	if [ "$text" = "$expected" ]; then
		echo "ok: $what"
	else
		echo "NOT OK: $what"
		echo "    said: $text"
		faults=$((faults + 1))
	fi
}
as() { # UID COMMAND...
	local uid=$1
	shift
	timeout 20 setpriv --reuid="$uid" --regid=65534 --clear-groups "$@"
}
call() { busctl --address="$DBUS_SYSTEM_BUS_ADDRESS" call org.offduty1 /org/offduty1 org.offduty1.Trial "$@"; }

install_policy() {
	mkdir "$D/actions" "$D/rules" "$D/policy"
	chmod 755 "$D/actions" "$D/rules"
	cp "$here/../../packaging/polkit/org.offduty1.policy" "$D/actions"
	cat >"$D/rules/50-trial.rules" <<-'RULES'
		polkit.addRule(function (action, subject) {
			if (action.id == "org.offduty1.policy.reload" && subject.user == "nobody")
				return polkit.Result.YES;
			if (subject.user == "nobody" || subject.user == "daemon")
				return undefined;
			return polkit.Result.NO;
		});
	RULES
	mount --bind "$D/actions" /usr/share/polkit-1/actions
	mount --bind "$D/rules" /etc/polkit-1/rules.d
	cp /usr/share/dbus-1/system.d/org.freedesktop.PolicyKit1.conf "$D/policy"
	sed 's/org\.offduty1\.Policy/org.offduty1.Trial/' "$here/../../packaging/dbus/org.offduty1.conf" \
		>"$D/policy/trial.conf"
}

desktop_begin
trap 'umount /usr/share/polkit-1/actions /etc/polkit-1/rules.d; desktop_end' EXIT
install_policy
desktop_system_bus "$D/policy"
desktop_spawn polkitd /usr/lib/polkit-1/polkitd
desktop_wait 10 busctl --address="$DBUS_SYSTEM_BUS_ADDRESS" status org.freedesktop.PolicyKit1 ||
	{ echo "polkitd does not start here:"; cat "$D/polkitd.log"; exit 1; }
desktop_spawn trial "$trial" --bus="$DBUS_SYSTEM_BUS_ADDRESS"
desktop_wait 5 busctl --address="$DBUS_SYSTEM_BUS_ADDRESS" status org.offduty1 || exit 1
export -f call

refused='Call failed: you are not allowed to do this'
challenge='Call failed: this needs a password, and nobody may be asked for one'
says "a rule allows it" "u 1" as 65534 bash -c 'call Reload'
says "and every call is asked anew" "u 2" as 65534 bash -c 'call Reload'
says "the default asks for an administrator, who is not here" "$challenge" \
	as 65534 bash -c 'call Explain s bob'
says "an argument that needs nothing asks nobody" 's "yourself"' as 65534 bash -c 'call Explain s ""'
says "another user has no such rule" "$challenge" as 1 bash -c 'call Reload'
says "a rule refuses" "$refused" as 2 bash -c 'call Reload'
says "root is not asked" "u 3" call Reload
says "interactive, with no agent to ask" "$challenge" \
	as 65534 busctl --address="$DBUS_SYSTEM_BUS_ADDRESS" \
	--allow-interactive-authorization=yes call org.offduty1 /org/offduty1 org.offduty1.Trial Explain s bob

# A rule may change its mind while the daemon runs: what was allowed is not remembered.
sed -i 's/Result.YES/Result.NO/' "$D/rules/50-trial.rules"
changed() { as 65534 bash -c 'call Reload' 2>&1 | grep -q 'not allowed'; }
desktop_wait 10 changed
says "a rule that was withdrawn refuses" "$refused" as 65534 bash -c 'call Reload'

# 100 calls while polkit does not answer: bounded, and every caller is answered.
kill -STOP "$polkitd_pid"
as 65534 env DBUS="$DBUS_SYSTEM_BUS_ADDRESS" /usr/bin/python3 - >"$D/flood.log" 2>&1 <<'PYTHON'
import os
import dbus.bus, dbus.lowlevel
bus = dbus.bus.BusConnection(os.environ["DBUS"])
for _ in range(100):
    bus.send_message(dbus.lowlevel.MethodCallMessage(
        "org.offduty1", "/org/offduty1", "org.offduty1.Trial", "Reload"))
bus.flush()
try:
    bus.call_blocking("org.offduty1", "/org/offduty1", "org.offduty1.Trial", "Reload", "", ())
except dbus.DBusException as error:
    print(error.get_dbus_name(), error.get_dbus_message())
PYTHON
says "more than a sender may have waiting is refused at once" \
	'org.offduty1.Error.Limit a limit was reached' cat "$D/flood.log"
says "others are served meanwhile" 's "yourself"' as 1 bash -c 'call Explain s ""'
(as 65534 bash -c 'call Reload' >/dev/null 2>&1 &)
sleep 0.3
kill "$trial_pid"
wait "$trial_pid"
says "it ends with 0 while polkit is being asked" 0 echo $?
kill -CONT "$polkitd_pid"
exit $((faults > 0))

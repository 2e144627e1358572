#!/bin/bash
# A messenger opens files that sharing rules cover: who is told, of what, and what is not told.
#
# usage: guard_share.sh OFFDUTYD SOURCE-FOLDER VENDOR-FOLDER LISTENER INSPECTOR
set -u

guard=$1
source=$2
vendor_folder=$3
listener=$4
inspector=$5
. "$source/tests/integration/guard/stage.sh"

policy <<EOF
[company]
contact = it@exemplar.example
[messengers]
approved = element
blocked = telegram
unlisted = allow
suggest = element
[messenger telegram]
message.en = "Not here."
[sharing personnel]
paths = $fs/srv/hr/**
message.fr = "Un document du personnel."
[sharing bank]
paths = xdg:documents/**
detect = iban>=2
remember = 1s
[sharing question]
paths = $fs/srv/ask/**
action = ask
[sharing secret]
paths = $fs/srv/labels/**
label = confidential
action = block
EOF
mkdir -p "$fs/srv/hr/2026/november" "$fs/srv/labels" "$fs/srv/free" "$work/alice/.config" "$fs/alice/Documents"
echo "XDG_DOCUMENTS_DIR=\"$fs/alice/Documents\"" >"$work/alice/.config/user-dirs.dirs"
chown -R 4242:4242 "$work/alice" "$fs/alice"
echo "salaries" >"$fs/srv/hr/2026/november/salaries.csv"
echo "free" >"$fs/srv/free/menu.txt"
printf 'alice,MC5811222000010123456789030\nbob,FR14 2004 1010 0505 0001 3M02 606\n' >"$fs/alice/Documents/accounts.csv"
echo "one account only: MC5811222000010123456789030" >"$fs/alice/Documents/one.txt"
echo "plan" >"$fs/srv/labels/plan.txt"
echo "other" >"$fs/srv/labels/other.txt"
chmod 777 "$fs/srv/labels"
chmod -R a+rX "$fs/srv" "$fs/alice"
chmod a+w "$fs/srv/labels/plan.txt"
labels=yes
python3 -c "import os; os.setxattr('$fs/srv/labels/plan.txt', 'user.xdg.tags', b'project, Confidential')" 2>/dev/null || labels=no
cp /bin/bash "$fs/element-desktop"
cp /bin/true "$fs/telegram-desktop"
chmod 755 "$fs/element-desktop" "$fs/telegram-desktop"

mkdir -p "$root/run/offduty"
"$inspector" --listen="$root/run/offduty/inspect.sock" 2>"$work/inspect.log" &
pids+=($!)
eventually 5 test -S "$work/bus" || skip "no private bus"
start_guard --notifier="$listener"
if ! eventually 10 state_is enforcing; then
	state_is unsupported && skip "no fanotify permission events here"
	cat "$work/guard.log"
	exit 1
fi

setpriv --reuid=4242 --regid=4242 --clear-groups "$listener" 90 >"$work/alice.heard" &
pids+=($!)
setpriv --reuid=4343 --regid=4343 --clear-groups "$listener" 90 >"$work/bob.heard" &
pids+=($!)
eventually 5 grep -q subscribed "$work/alice.heard" || fail "the notifier may subscribe: $(cat "$work/alice.heard")"
cp "$listener" "$work/impostor"
heard=$(setpriv --reuid=4242 --regid=4242 --clear-groups "$work/impostor" 1)
case "$heard" in
*refused*) pass "a copy of the notifier may not" ;;
*) fail "a copy of the notifier may not: $heard" ;;
esac

hears() { grep -q -- "$1" "$work/alice.heard"; }
heard() { # heard PATTERN WHAT
	if eventually 3 hears "$1"; then
		pass "$2"
	else
		fail "$2: $(cat "$work/alice.heard")"
	fi
}
not_heard() {
	sleep 0.5
	if hears "$1"; then fail "$2: $(cat "$work/alice.heard")"; else pass "$2"; fi
}
# The messenger lives for a moment before it opens anything and after, as they all do.
messenger() {
	setpriv --reuid=4242 --regid=4242 --clear-groups "$fs/element-desktop" -c "sleep 0.6; $1; result=\$?; sleep 0.4; exit \$result" 2>>"$work/messenger.log"
}

as 4242 "$fs/telegram-desktop" >/dev/null
heard "Blocked to=me.*messenger=telegram" "who is refused is told"
heard "Blocked.*suggest=Element" "with the alternative"
heard "Blocked.*contact=it@exemplar.example" "and whom to ask"
heard "Blocked.*messages" "and the company's own words"
as 4242 "$fs/telegram-desktop" >/dev/null
sleep 0.3
[ "$(grep -c "^Blocked" "$work/alice.heard")" = 1 ] && pass "once for two clicks" || fail "once for two clicks"

messenger "read -r line <$fs/srv/free/menu.txt"
messenger "read -r line <$fs/srv/hr/2026/november/salaries.csv"
heard "Shared to=me.*messenger=element.*name=salaries.csv.*direction=send" "a covered file, deep below, is told"
not_heard "menu.txt" "another one is not"
messenger "(read -r line <$fs/alice/Documents/accounts.csv; sleep 0.3)"
heard "Shared.*label=bank.*name=accounts.csv" "what a child opens is told, and its content counts"
messenger "read -r line <$fs/alice/Documents/one.txt"
not_heard "one.txt" "less than the rule asks for is not"
before=$(grep -c accounts.csv "$work/alice.heard")
setpriv --reuid=4242 --regid=4242 --clear-groups cat "$fs/alice/Documents/accounts.csv" >/dev/null
sleep 0.3
[ "$(grep -c accounts.csv "$work/alice.heard")" = "$before" ] && pass "another program's opens are not" ||
	fail "another program's opens are not"
messenger "exec 3>$fs/alice/Documents/received.csv; cat $fs/alice/Documents/accounts.csv >&3; sleep 0.2"
not_heard "received.csv" "a file that is written is no share"
messenger "mkdir $fs/alice/Documents/new; cp $fs/alice/Documents/accounts.csv $fs/alice/Documents/new/again.csv; : $fs/alice/Documents/new/*; sleep 0.2; read -r line <$fs/alice/Documents/new/again.csv"
heard "again.csv" "in a new folder that was looked at, it is"
if [ $labels = yes ]; then
	messenger "read -r line <$fs/srv/labels/plan.txt"
	heard "Shared.*verdict=block.*label=secret" "a label counts, and a rule that blocks says so"
	if messenger "cat $fs/srv/labels/plan.txt >/dev/null"; then
		fail "the messenger cannot open it"
	else
		pass "the messenger cannot open it"
	fi
	messenger "cat $fs/srv/labels/other.txt >/dev/null" && pass "but its neighbour" || fail "but its neighbour"
	messenger "echo more >>$fs/srv/labels/plan.txt" && pass "and it can be written" || fail "and it can be written"
	[ "$(counter refused)" -ge 2 ] && pass "refusals are counted ($(counter refused))" || fail "refusals are counted"
	setpriv --reuid=4242 --regid=4242 --clear-groups "$fs/element-desktop" -c "sleep 1.5" &
	sleep 0.7
	setpriv --reuid=4242 --regid=4242 --clear-groups cat "$fs/srv/labels/plan.txt" >/dev/null &&
		pass "another program can, also while a messenger runs" ||
		fail "another program can, also while a messenger runs"
	wait $!
fi
case "$(property Guard Uncovered)" in
*sharing*) pass "a rule that asks only warns, and that is said" ;;
*) fail "a rule that asks only warns, and that is said: $(property Guard Uncovered)" ;;
esac
[ "$(wc -l <"$work/bob.heard")" = 1 ] && pass "nobody else hears of it" || fail "nobody else hears of it: $(cat "$work/bob.heard")"
# A guard that was restarted finds who runs already.
setpriv --reuid=4242 --regid=4242 --clear-groups "$fs/element-desktop" -c "sleep 3; cat $fs/srv/labels/plan.txt" >"$work/late" 2>/dev/null &
late=$!
sleep 0.3
kill -TERM "$guard_pid"
wait "$guard_pid" 2>/dev/null
start_guard --notifier="$listener"
eventually 10 state_is enforcing || fail "it comes back"
if [ $labels = yes ]; then
	wait $late && fail "a messenger from before is known after a restart" ||
		pass "a messenger from before is known after a restart"
fi
wait $late
# Its end reaches the guard when the guard is next scheduled: that may take a moment.
opens_unseen() {
	before=$(counter opens)
	cat "$fs/srv/hr/2026/november/salaries.csv" >/dev/null
	sleep 0.2
	[ "$(counter opens)" = "$before" ]
}
eventually 10 opens_unseen && pass "with no messenger running, opens are not even seen" ||
	fail "with no messenger running, opens are not even seen ($before, $(counter opens))"

if [ $failed -gt 0 ]; then
	cat "$work/guard.log" "$work/inspect.log" "$work/messenger.log"
	exit 1
fi
exit 0

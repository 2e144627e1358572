#!/bin/bash
# Private passes unchanged, work is held on disk before its answer, delivered when duty begins, and
# a click reaches its sender. Real dunst, real pixels.
set -u
. "$(dirname "$0")/gate.sh"
gate_session replay

server() { "$client" --info; }
client_says() { grep -qx "$1" "$D/$2.log"; }
database() { find "$D/state" -name 'held.*.sqlite'; }
reply_after_commit() { # the message is on disk by the time the answer is there
	grep -aq 'Committed before the answer' "$(database)"*
}
pixels() { desktop_shot "$D/now.png" && desktop_differ "$D/before.pnm" "$D/now.pnm"; }
pixels_same() { [ "$(pixels)" = 0 ]; }
pixels_changed() { [ "$(pixels)" -gt 100 ]; }

check "the gate owns the name, dunst stands behind it" queue_is 2
check "GetServerInformation is dunst's own answer" is "$(server)" "server dunst"
check "off duty on a Friday evening" gate_is Duty State off

desktop_shot "$D/before.png"
desktop_spawn work "$client" --app=Work --entry=workapp --action=default --listen=60 "Committed before the answer"
check "a work notification is answered with an id of ours" desktop_wait 5 grep -qx 'id 1073741825' "$D/work.log"
check "it is on disk when the answer is there" reply_after_commit
check "one is held" held_is 1
sleep 0.3
check "the screen did not change" pixels_same
check "dunst never heard of it" not on_screen "Committed before the answer"

desktop_spawn private "$client" --app=Home --action=default --listen=60 "Dinner at eight"
check "a private notification is answered with the server's id" desktop_wait 5 grep -qx 'id 2' "$D/private.log"
check "it is on the screen" desktop_wait 5 on_screen "Dinner at eight"
check "pixels changed" desktop_wait 5 pixels_changed
check "dunstctl counts one displayed" is "$(dunstctl count displayed | tr -d ' ')" 1
check "dunstctl invokes its action" dunstctl action 0
check "its action reaches its sender" desktop_wait 5 client_says "ActionInvoked 2 default" private
check "notify-send works" notify-send -a Home "From the shell"
dunstctl close-all
check "so does its end" desktop_wait 5 client_says "NotificationClosed 2 2" private

check "a web notification of a work host is held" is "$("$client" --app=Chromium --origin=chat.example.com web)" "id 1073741826"
check "so is one whose body names the host" is "$("$client" --app=Chromium --body='<a href="https://chat.example.com/x">chat.example.com</a>

hello' web2)" "id 1073741827"
check "a held one is replaced under its id" is "$("$client" --entry=workapp --replaces=1073741826 "web again")" "id 1073741826"
check "three are held" held_is 3
check "a held one is withdrawn by CloseNotification" is "$("$client" --close=1073741827 --listen=0.3)" $'done\nNotificationClosed 1073741827 3'
check "two are held" held_is 2

gate_kill KILL
check "after kill -9 the bus promotes dunst" desktop_wait 5 queue_is 1
check "and notifications are shown" notify-send -a Home "Without a gate"
check "by dunst itself" desktop_wait 5 on_screen "Without a gate"
gate_start
check "a new gate takes the name back, dunst lives" queue_is 2
check "what was held is still held" held_is 2
check "a new one gets a new id" is "$("$client" --entry=workapp "third")" "id 1073741828"

dunstctl close-all
gate_clock "$on_duty"
check "on duty on Monday morning" desktop_wait 5 gate_is Duty State on
check "all are delivered" desktop_wait 10 held_is 0
check "the first one" on_screen "Committed before the answer"
check "the replaced one, with its newest text" on_screen "web again"
check "not its older text" not on_screen "web"
order=$(grep -o "summary: '\(Committed before the answer\|web again\|third\)'" "$D/server.log" | tr '\n' ' ')
check "in the order they came" is "$order" "summary: 'Committed before the answer' summary: 'web again' summary: 'third' "
check "their content is gone from the disk" not grep -aq 'Committed before' "$(database)" "$(database)-wal"

dunstctl close-all
check "the close of a delivered one reaches its sender under the id it knows" desktop_wait 5 client_says "NotificationClosed 1073741825 2" work
gate_clock "$off_duty"
desktop_wait 5 gate_is Duty State off
desktop_spawn again "$client" --app=Work --entry=workapp --action=open --listen=60 "Click me"
check "held once more" desktop_wait 5 held_is 1
gate_call Held.Deliver array:int64: >/dev/null
check "Deliver shows it although off duty" desktop_wait 5 on_screen "Click me"
dunstctl action 0
check "a click on a delivered one reaches its sender" desktop_wait 5 client_says "ActionInvoked 1073741829 open" again
gate_finish

#!/bin/bash
# The day itself, inside namespaces of its own: day.sh SOURCE WORK OUT
# Each step is believed only when it was observed: bus traffic, exit codes, pixels.
set -uo pipefail
source=$1 work=$2 out=$3
# shellcheck source=tests/support/desktop.sh
. "$source/tests/support/desktop.sh"
# shellcheck source=packaging/demo.d/stage.sh
. "$source/packaging/demo.d/stage.sh"

stage_open
stage_people
stage_programs
stage_policy
stage_start

step "Friday 18:45, duty is over: a work notification is held, the screen stays empty" held
clock 2026-11-27T18:45:00+01:00
expect "offduty says off duty" offduty_says 'Off duty'
before=$(shot held-before)
send_work
expect "the gate holds one" offduty_holds 1
expect "dunst never heard of it" not reached_server 'Numbers for Monday'
expect "not one pixel changed" same_pixels "$before" "$(shot held)"
note offduty
note offduty held
finish

step "A private notification appears at once" private
before=$(shot private-before)
as_alice notify-send -a Calendar -i appointment-soon "Dinner at eight" "At home, bring dessert"
expect "it went on to dunst" reached_server 'Dinner at eight'
expect "it is on the screen" pixels_change "$before"
shot private >/dev/null
clear_screen
finish

step "An unapproved messenger does not start, and the reason appears" refused
before=$(shot refused-before)
telegram=$(as_alice "$guarded/usr/bin/telegram-desktop" -startintray 2>&1)
code=$?
log "telegram-desktop: exit code $code: $telegram"
expect "exec was refused (exit code 126)" test "$code" = 126
expect "with: Operation not permitted" grep -q 'Operation not permitted' <<<"$telegram"
expect "the reason was sent to the screen" reached_server Telegram
expect "it is on the screen" pixels_change "$before"
note offduty explain telegram
shot refused >/dev/null
clear_screen
expect "another program on the same filesystem still starts" as_alice "$guarded/usr/bin/irssi" --version
finish

step "An approved messenger sends a covered file: a warning appears" shared
messenger_open
before=$(shot shared-before)
messenger_send /srv/hr/salaries-2026-11.csv
expect "the warning was sent to the screen" reached_server 'salaries-2026-11.csv'
expect "it is on the screen" pixels_change "$before"
shot shared >/dev/null
messenger_close
clear_screen
finish

step "Monday 08:30, duty begins: the digest comes" digest
expect "the work notification is still held" offduty_holds 1
clock 2026-11-30T08:29:58+01:00
before=$(shot digest-before)
expect "offduty says on duty" offduty_says 'On duty'
expect "the digest was sent to the screen" reached_server 'while you were off'
expect "it is on the screen" pixels_change "$before"
shot digest >/dev/null
note offduty
finish

step "The held one is shown, and a click reaches its sender" delivered
click_popup
expect "it went on to dunst" reached_server 'Numbers for Monday'
expect "nothing is held any more" offduty_holds 0
sleep 0.5
shot delivered >/dev/null
expect "its sender still waits" kill -0 "$work_sender_pid"
click_popup
expect "the sender heard of the click" grep -qx open "$D/work-sender.log"
finish

stage_close

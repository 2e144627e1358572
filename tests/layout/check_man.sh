#!/bin/bash
# Manuals: no warning from mandoc or groff; every program, verb, option and section of the policy has
# its place in one.
set -u
: "${OFFDUTY_TREE:=$(cd "$(dirname "$0")/../.." && pwd)}"
cd "$OFFDUTY_TREE/packaging/man" || exit 1
status=0
complain() {
	echo "check_man: $*"
	status=1
}

for page in *.[1-9]; do
	if command -v mandoc >/dev/null; then
		found=$(mandoc -T lint -W warning "$page" 2>&1) || complain "$found"
	fi
	found=$(groff -mandoc -Tutf8 -ww "$page" 2>&1 >/dev/null)
	[ -z "$found" ] || complain "$page: $found"
	grep -q "$page" CMakeLists.txt || grep -q "${page%.*}" CMakeLists.txt || complain "$page is not installed"
done

for program in offduty offdutyd offduty-gate offduty-shim offduty-notifier offduty-inspect offduty-calendar; do
	ls "$program".[18] >/dev/null 2>&1 || complain "$program has no manual"
done

# has_word PAGE WORD: written with or without mdoc's macros (--json is "Fl -json")
has_word() {
	groff -mandoc -Tascii -P-cbou "$1" 2>/dev/null | grep -qF -- "$2"
}

if [ -x "$OFFDUTY_BUILD/cli/offduty" ]; then
	while read -r words; do
		has_word offduty.1 "$words" || complain "offduty.1 does not speak of: $words"
	done < <("$OFFDUTY_BUILD/cli/offduty" --list-verbs | awk -F'\t' '
		$1 == "verb" { print $2, $3 }
		$1 == "flag" { sub(/=$/, "", $4); print $4 }' | sed 's/ $//' | sort -u)
fi

# Options of the daemons, from their own --help.
for page in offdutyd.8 offduty-gate.1 offduty-shim.1 offduty-notifier.1 offduty-inspect.8 offduty-calendar.8; do
	name=${page%.*}
	program=$(find "$OFFDUTY_BUILD/daemon" -type f -name "$name" -perm -100 2>/dev/null | head -n 1)
	[ -n "$program" ] || continue
	while read -r option; do
		has_word "$page" "$option" || complain "$page does not speak of $option"
	done < <("$program" --help 2>/dev/null | grep -oE '^ +--[a-z-]+' | tr -d ' ' | grep -vxE -- '--(help|version)')
done

# Every section the parser knows, and every key of the shipped examples.
while read -r section; do
	has_word offduty.policy.5 "[$section" || complain "offduty.policy.5 does not speak of [$section]"
done < <(cat ../../policies/examples/*/*.ini | grep -oE '^\[[a-z-]+' | tr -d '[' | sort -u)
while read -r key; do
	has_word offduty.policy.5 "$key" || complain "offduty.policy.5 does not speak of $key"
done < <(cat ../../policies/examples/*/*.ini | grep -oE '^[a-z-]+' |
	grep -vE '^(mon|tues|wednes|thurs|fri|satur|sun)day' | sort -u)
exit $status

#!/bin/bash
# Every shell script passes shellcheck; scripts are executable or sourced, never both.
set -u
: "${OFFDUTY_TREE:=$(cd "$(dirname "$0")/../.." && pwd)}"
cd "$OFFDUTY_TREE" || exit 1
command -v shellcheck >/dev/null || { echo "shellcheck is not installed"; exit 77; }

scripts=()
while IFS= read -r file; do
	scripts+=("$file")
done < <(grep -rlIE --exclude-dir=.git --exclude-dir='build*' -m 1 '^#!/bin/(ba)?sh|^# shellcheck shell=' . |
	while IFS= read -r file; do
		head -n 25 "$file" | grep -qE '^#!/bin/(ba)?sh|^# shellcheck shell=' && echo "$file"
	done | grep -vE '\.(c|h|py|md)$')
# 1090, 1091: files found at run time. 2034, 2154: variables of the script that sources. 2120: optional
# arguments.
shellcheck --severity=warning --exclude=SC1090,SC1091,SC2154,SC2034,SC2120 "${scripts[@]}"

#!/bin/bash
# The shell completions offer what offduty --list-verbs has; scripts of shells that are not installed
# are left out.
set -u
: "${OFFDUTY_TREE:=$(cd "$(dirname "$0")/../.." && pwd)}"
cd "$OFFDUTY_TREE/packaging/completions" || exit 1
[ -x "$OFFDUTY_BUILD/cli/offduty" ] || {
	echo "offduty was not built"
	exit 1
}
PATH=$OFFDUTY_BUILD/cli:$PATH
status=0
complain() {
	echo "check_completions: $*"
	status=1
}

# shellcheck source=/dev/null
. ./offduty.bash
compopt() { :; } # says how a terminal shows the offers; there is none

offers() {
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	_offduty
	printf '%s\n' "${COMPREPLY[@]}"
}
same() {
	[ "$2" = "$3" ] || complain "$1: offered $(xargs <<<"$2"), expected $(xargs <<<"$3")"
}

rows=$(offduty --list-verbs)
same "offduty" "$(offers offduty "" | sort)" \
	"$(awk -F'\t' '$1 == "verb" && $2 { print $2 }' <<<"$rows" | sort -u)"
same "offduty held" "$(offers offduty held "" | sort)" \
	"$(awk -F'\t' '$1 == "verb" && $2 == "held" && $3 { print $3 }' <<<"$rows" | sort)"
same "offduty policy check --" "$(offers offduty policy check --st)" "--strict"
same "offduty st" "$(offers offduty st)" "status"
same "offduty --" "$(offers offduty --js)" "--json"
offers offduty policy check --catalogue = / | grep -q '^/' || complain "--catalogue= offers no folders"

command -v zsh >/dev/null && { zsh -n _offduty || complain "_offduty is not zsh"; }
command -v fish >/dev/null && { fish --no-execute offduty.fish || complain "offduty.fish is not fish"; }
exit $status

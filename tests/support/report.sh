# Results of a run: one line a test in $work/results, sums, the closing line.
# shellcheck shell=bash disable=SC2154

jobs=${OFFDUTY_JOBS:-$(nproc)}
work=${XDG_CACHE_HOME:+$XDG_CACHE_HOME/offduty-tests}
work=${work:-/tmp/offduty-tests-$(id -u)}

report_begin() {
	mkdir -p "$work"
	if [ ! -O "$work" ]; then
		echo "$work belongs to somebody else" >&2
		exit 2
	fi
	# One run at a time in one folder.
	exec 8>"$work/lock"
	flock -n 8 || { echo "another tests/run uses $work" >&2; exit 2; }
	results=$work/results
	: >"$results"
	began=$SECONDS
	[ "$(id -u)" = 0 ] || echo "without root: the system part and single tests are left out"
	echo "builds and logs: $work"
}

# result ok|FAILED|skipped NAME [DETAIL]
result() {
	printf '%s %s%s\n' "$1" "$2" "${3:+: $3}" >>"$results"
	[ "$1" = ok ] || printf '%s %s%s\n' "$1" "$2" "${3:+: $3}"
}

# count ok|FAILED|skipped [FROM-LINE]
count() {
	tail -n "+${2:-1}" "$results" | grep -c "^$1 "
}

minutes() {
	printf '%d:%02d min' $(($1 / 60)) $(($1 % 60))
}

# report_part NAME FUNCTION
report_part() {
	local from begin=$SECONDS
	from=$(($(wc -l <"$results") + 1))
	echo "== $1"
	"$2"
	echo "== $1: $(minutes $((SECONDS - begin))), $(count ok "$from") passed," \
		"$(count FAILED "$from") failed, $(count skipped "$from") skipped"
}

# Skips that nobody allowed, as root: what skips itself there is not tested anywhere.
unexpected_skips() {
	[ "$(id -u)" = 0 ] || return 0
	sed -n 's/^skipped \([^ :]*\).*/\1/p' "$results" | sort -u |
		grep -vxFf <(grep -v '^#' "$tests/support/allowed-skips" | cut -f 1)
}

report_end() {
	local unexpected failed
	failed=$(count FAILED)
	unexpected=$(unexpected_skips)
	grep '^FAILED ' "$results"
	[ -z "$unexpected" ] || echo "skipped, but not in tests/support/allowed-skips:" $unexpected
	echo "whole run: $(minutes $((SECONDS - began)))"
	echo "$(count ok) passed, $failed failed, $(count skipped) skipped"
	[ "$failed" = 0 ] && [ -z "$unexpected" ]
}

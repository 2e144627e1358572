#!/bin/bash
# What has no place in the tree: notes to self, folders of one machine, hosts packages come from.
set -u
: "${OFFDUTY_TREE:=$(cd "$(dirname "$0")/../.." && pwd)}"
cd "$OFFDUTY_TREE" || exit 1

# Written so that this file does not find itself.
patterns=(
	'\b(TO''DO|FIX''ME|XX''X|HA''CK)\b'
	'/(wo''rk|home/[a-z]+/(src|git|projects))/'
	'(deb|snapshot|security)\.debi''an\.org|pypi\.o''rg|registry\.n''pmjs|github\.com/off''duty'
	'/tm''p/(b|k|g|n|c|t|r|p)-'
)
status=0
for pattern in "${patterns[@]}"; do
	# Catalogue and calendars quote sources; their words are their own.
	found=$(grep -rnIP --exclude-dir=.git --exclude-dir=corpus --exclude-dir='build*' \
		--exclude-dir=catalogue --exclude-dir=holidays "$pattern" . | cut -c1-160)
	if [ -n "$found" ]; then
		echo "$found"
		status=1
	fi
done

# People in tests and examples are alice and bob.
found=$(grep -rnIoP --exclude-dir=.git '(?<=/home/)(?!alice\b|bob\b|\*|%u|\$|USER\b|user\b)[a-z]{3,}(?=/)' \
	cli daemon dbus packaging policies tests 2>/dev/null | head)
if [ -n "$found" ]; then
	echo "home folders of others than alice and bob:"
	echo "$found"
	status=1
fi
exit $status

#!/bin/bash
# The top level is fixed; every folder of it says what it is for; nothing built lies about.
set -u
: "${OFFDUTY_TREE:=$(cd "$(dirname "$0")/../.." && pwd)}"
cd "$OFFDUTY_TREE" || exit 1
status=0

complain() {
	echo "$1"
	status=1
}

tracked() {
	git -c safe.directory="$OFFDUTY_TREE" ls-files 2>/dev/null || find . -type f | sed 's|^\./||'
}

while read -r entry; do
	case $entry in
	daemon | cli | policies | dbus | tests | packaging) ;;
	CMakeLists.txt | README.md | LICENSE | .*) ;;
	*) complain "$entry does not belong at the top" ;;
	esac
done < <(tracked | cut -d/ -f1 | sort -u)

for folder in daemon cli policies dbus tests packaging; do
	[ -e "$folder/README.md" ] || complain "$folder/README.md is missing: purpose, what may be included, how to add one"
done
while read -r file; do
	complain "$file: built, or somebody's own"
done < <(tracked | grep -E '\.(o|a|so|mo|pyc|orig|rej|swp)$|(^|/)core$|~$')

# Source lists are written, not searched for (the tests' own list of fragments is the one exception).
while read -r line; do
	complain "file(GLOB): $line"
done < <(grep -rnE 'file\((GLOB|GLOB_RECURSE)' --include=CMakeLists.txt --include='*.cmake' . | grep -v '^./tests/CMakeLists.txt')
while read -r line; do
	complain "only target_ commands: $line"
done < <(grep -rnE '^[[:space:]]*(include_directories|link_libraries|link_directories|add_definitions|add_compile_options)\(' \
	--include=CMakeLists.txt --include='*.cmake' .)
exit $status

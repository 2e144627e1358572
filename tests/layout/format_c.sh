#!/bin/bash
# Every C file is as clang-format leaves it; every text file ends in a newline, without blanks.
set -u
: "${OFFDUTY_TREE:=$(cd "$(dirname "$0")/../.." && pwd)}"
cd "$OFFDUTY_TREE" || exit 1
command -v clang-format >/dev/null || { echo "clang-format is not installed"; exit 77; }
status=0
version=$(clang-format --version | grep -oE 'version [0-9]+')
find policies dbus daemon cli tests packaging -name '*.[ch]' -type f -print0 |
	xargs -0 -r -n 40 clang-format --dry-run -Werror 2>&1 | grep -E 'error:|warning:' | cut -c1-160 |
	sort | awk -F: '!seen[$1]++ { print } END { exit NR > 0 }' || status=1
[ "$status" = 0 ] || echo "(clang-format $version, first complaint of each file)"
exit $status

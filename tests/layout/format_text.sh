#!/bin/bash
# Text files as .editorconfig says: UTF-8, LF, a newline at the end, no blanks before it.
set -u
: "${OFFDUTY_TREE:=$(cd "$(dirname "$0")/../.." && pwd)}"
cd "$OFFDUTY_TREE" || exit 1
find policies dbus daemon cli tests packaging ./*.md ./CMakeLists.txt -type f \
	-not -path '*/corpus/*' -not -name '*.png' -not -path '*/data/*' -print0 |
	xargs -0 grep -lI '' | while IFS= read -r file; do
	iconv -f UTF-8 -t UTF-8 "$file" >/dev/null 2>&1 || echo "$file: not UTF-8"
	! grep -q $'\r$' "$file" || echo "$file: CR at the end of a line"
	[ -z "$(tail -c 1 "$file")" ] || echo "$file: no newline at the end"
	case $file in
	*.md) ;;
	*) grep -nE '[[:blank:]]+$' "$file" | head -n 1 | sed "s|^\([0-9]*\):.*|$file:\1: blanks at the end of the line|" ;;
	esac
done | { ! grep .; }

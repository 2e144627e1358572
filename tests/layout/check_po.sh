#!/bin/bash
# Every marked text is collected, and translated into every language there is: nothing missing, nothing
# fuzzy, formats alike, POTFILES.in and offduty.pot as packaging/po/update would write them.
set -u
: "${OFFDUTY_TREE:=$(cd "$(dirname "$0")/../.." && pwd)}"
source=${OFFDUTY_TREE:?}
for tool in xgettext msgmerge msgfmt msgattrib; do
	command -v "$tool" >/dev/null || {
		echo "needs $tool (package gettext)"
		exit 77
	}
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
faults=0
fault() {
	echo "check_po: $*"
	faults=$((faults + 1))
}

"$source/packaging/po/update" --check "$work" 2>/dev/null || fault "packaging/po/update failed"
for file in POTFILES.in offduty.pot; do
	diff -u "$source/packaging/po/$file" "$work/$file" >"$work/diff" || {
		fault "packaging/po/$file is not up to date; run packaging/po/update"
		sed -n 3,20p "$work/diff"
	}
done

found=0
for catalogue in "$work"/*.po; do
	[ -e "$catalogue" ] || continue
	found=$((found + 1))
	language=$(basename "$catalogue" .po)
	msgfmt --check -o /dev/null "$catalogue" || fault "$language: msgfmt --check finds faults"
	for kind in untranslated only-fuzzy; do
		msgattrib --no-wrap --$kind --no-obsolete "$catalogue" | sed -n 's/^msgid "\(..*\)"$/\1/p' >"$work/list"
		[ -s "$work/list" ] || continue
		fault "$language: $(wc -l <"$work/list") texts $kind:"
		cat "$work/list"
	done
	grep -q " $language\b" "$source/packaging/po/CMakeLists.txt" ||
		fault "$language: not built by packaging/po/CMakeLists.txt"
done
[ "$found" -gt 0 ] || fault "there is no translation at all"
[ "$faults" = 0 ] && echo "check_po: $(grep -c '^msgid' "$work/offduty.pot") texts, $found language(s), complete"
[ "$faults" = 0 ]

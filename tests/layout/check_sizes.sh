#!/bin/bash
# Sizes of files and functions: typical 250 and 20 lines, never above 600 and 80. Says the largest.
set -u
: "${OFFDUTY_TREE:=$(cd "$(dirname "$0")/../.." && pwd)}"
cd "$OFFDUTY_TREE" || exit 1

# The format of the house puts the braces of a function, and only those, in the first column.
find policies dbus daemon cli tests packaging -name '*.[ch]' -type f | sort | xargs -r awk '
FNR == 1 { file = FILENAME; files++ }
{ lines[file]++ }
/^[a-zA-Z_].*\(/ { head = $0 }
/^\{/ { begin = FNR; open = 1 }
/^\}/ && open {
	size = FNR - begin + 1
	open = 0
	name = head
	sub(/\(.*/, "", name)
	sub(/.*[ *]/, "", name)
	sizes[++functions] = size
	where[functions] = file ":" begin " " name
}
END {
	for (f in lines) {
		if (lines[f] > most) { most = lines[f]; largest = f }
		if (lines[f] > 600) { print f ": " lines[f] " lines, 600 is the ceiling"; bad = 1 }
		if (f ~ /\.h$/ && lines[f] > 250) { print f ": " lines[f] " lines in a header"; bad = 1 }
	}
	for (i = 1; i <= functions; i++) {
		sum += sizes[i]
		if (sizes[i] > longest) { longest = sizes[i]; l = i }
		if (sizes[i] > 80) { print where[i] ": " sizes[i] " lines, 80 is the ceiling"; bad = 1 }
		if (where[i] ~ / main$/ && sizes[i] > 60) { print where[i] ": " sizes[i] " lines; main reads as a list, 60"; bad = 1 }
	}
	if (functions)
		printf "%d files (largest %s, %d lines), %d functions (mean %.0f lines, largest %s, %d)\n",
			files, largest, most, functions, sum / functions, where[l], longest
	exit bad
}'

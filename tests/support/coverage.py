#!/usr/bin/env python3
"""tests/support/coverage.py TREE BUILD FOLDER LEAST: line coverage of FOLDER, from gcov.

Sums the lines of every source below TREE/FOLDER over all objects of BUILD that ran. Prints each file
below LEAST percent and the sum; exit 1 when the sum is below LEAST, or nothing ran at all.
"""
import collections
import json
import os
import subprocess
import sys


def data_files(build, folder):
    """The counts of each object; one that never ran has only its notes, and counts as 0."""
    for where, _, names in os.walk(os.path.join(build, folder)):
        for name in sorted(names):
            if name.endswith(".gcno"):
                yield os.path.join(where, name)


def read(notes):
    result = subprocess.run(["gcov", "--json-format", "--stdout", os.path.basename(notes)],
                            cwd=os.path.dirname(notes), stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, check=False)
    for line in result.stdout.splitlines():
        if line.strip():
            yield json.loads(line)


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    tree, build, folder, least = os.path.realpath(sys.argv[1]), sys.argv[2], sys.argv[3], float(sys.argv[4])
    inside = os.path.join(tree, folder) + os.sep
    hits = collections.defaultdict(lambda: collections.defaultdict(int))
    for notes in data_files(build, folder):
        for unit in read(notes):
            for source in unit["files"]:
                path = os.path.realpath(os.path.join(unit["current_working_directory"], source["file"]))
                if not path.startswith(inside):
                    continue
                for line in source["lines"]:
                    hits[path[len(tree) + 1:]][line["line_number"]] += line["count"]
    covered = total = 0
    for path, lines in sorted(hits.items()):
        ran = sum(count > 0 for count in lines.values())
        covered += ran
        total += len(lines)
        if ran * 100 < least * len(lines):
            print("%5.1f %%  %4d of %4d lines  %s" % (100 * ran / len(lines), ran, len(lines), path))
    if covered == 0:
        sys.exit("nothing of %s ran" % folder)
    print("%s: %.1f %% of %d lines are run by the tests (at least %g %%)" %
          (folder, 100 * covered / total, total, least))
    return 100 * covered < least * total


if __name__ == "__main__":
    sys.exit(main())

#!/bin/bash
# tests/bench/policy.sh BENCH [ROUNDS]: runs bench_policy in a folder in memory. The last line it
# prints is JSON; exit 1 when a target is missed.
set -eu
folder=$(mktemp -d "$([ -d /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")/offduty-bench-XXXXXX")
trap 'rm -rf "$folder"' EXIT
"$1" "$folder" "${2:-7}"

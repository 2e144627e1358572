#!/bin/bash
# What the guard costs at program starts, beside nobody, a minimal listener and fapolicyd.
#
# usage: exec.sh BUILD-FOLDER VENDOR-FOLDER [ROUNDS [STARTS [FIRSTS]]]
#
# As root. Everything happens on filesystems in memory, in a mount namespace of its own. fapolicyd takes
# part when it is installed, or when FAPOLICYD_ROOT names a folder its package (and liblmdb0) was
# unpacked into. The last line is JSON; exit 1 when a target is missed, 3 when the machine was too
# busy to tell.
set -u
build=$(realpath "$1")
source=$(cd "$(dirname "$0")/../.." && pwd)
vendor_folder=$2
guard=$build/daemon/guard/offdutyd
export OD_STAGE_SECONDS=1500
. "$source/tests/integration/guard/stage.sh"
rounds=${3:-40}
starts=${4:-200}
firsts=${5:-100}

# Programs: the least one, twice; a dynamic one with its loader beside it; many to be started once.
ld=$(realpath "$(ldd /bin/true | awk '/ld-linux|ld64|ld-/ { for (i = 1; i <= NF; i++) if ($i ~ /^\//) { print $i; exit } }')")
fill() {
	local to=$1 i total
	cp "$build/tests/bench_tiny" "$to/root"
	cp "$to/root" "$to/user"
	chown 4242:4242 "$to/user"
	cp "$ld" "$to/ld-linux.so"
	cp "$build/tests/bench_linked" "$to/linked"
	total=$((rounds * firsts * 2))
	for ((i = 0; i < total; i += 500)); do
		eval "tee \"$to/first-\"{$i..$((i + 499 < total ? i + 499 : total - 1))}" \
			<"$build/tests/bench_tiny" >/dev/null
	done
	chmod -R a+rx "$to"
}

declare -A folder
for mode in none again minimal fapolicyd; do
	folder[$mode]=$work/$mode
	mkdir "${folder[$mode]}"
	mount -t tmpfs none "${folder[$mode]}" || skip "may not mount a tmpfs"
	fill "${folder[$mode]}"
done
folder[guard]=$fs
fill "$fs"

unmount_all() {
	local mode
	for mode in none again minimal fapolicyd; do umount -l "${folder[$mode]}" 2>/dev/null; done
	finish
}
trap unmount_all EXIT

"$build/tests/bench_allow_listener" "${folder[minimal]}" >"$work/minimal.log" &
minimal=$!
pids+=("$minimal")
eventually 5 grep -q ready "$work/minimal.log" || skip "no fanotify permission events here"

policy <<END
[company]
name = Exemplar
[messengers]
blocked = telegram
unlisted = allow
END
eventually 5 test -S "$work/bus" || skip "no private bus"
start_guard
eventually 20 state_is enforcing || skip "the guard does not come up: $(tail -1 "$work/guard.log")"

. "$source/tests/bench/fapolicyd.sh"
modes=(none="${folder[none]}" again="${folder[again]}" minimal="${folder[minimal]}:$minimal" guard="$fs:$guard_pid")
if start_fapolicyd; then
	modes+=(fapolicyd="/proc/$fapolicyd/root${folder[fapolicyd]}:$fapolicyd")
else
	echo "fapolicyd takes no part: $why"
fi

sleep 2.5 # what was written this moment is not remembered
"$build/tests/bench_exec" "$rounds" "$starts" "$firsts" "${modes[@]}" >"$work/table"
result=$?
sed '$d' "$work/table"
echo
echo "memory of the guard (KiB): $(awk '/^(RssAnon|VmRSS):/ { printf "%s %s  ", $1, $2 }' "/proc/$guard_pid/status")"
echo "load: $(cut -d' ' -f1-3 /proc/loadavg), kernel $(uname -r), $(nproc) processors"
tail -1 "$work/table"
exit $result

# fapolicyd beside the guard, to be sourced by exec.sh: it watches one tmpfs, in a mount namespace where
# that is the only one, with the package's own rules and the programs of that tmpfs trusted.
# Sets $fapolicyd (its pid), or $why not.

write_trust() {
	local file size sum
	size=$(stat -c %s "${folder[fapolicyd]}/root")
	sum=$(sha256sum <"${folder[fapolicyd]}/root" | cut -d' ' -f1)
	(cd "${folder[fapolicyd]}" && printf '%s\n' root user first-*) |
		sed "s|.*|${folder[fapolicyd]}/& $size $sum|"
	for file in "${folder[fapolicyd]}/linked" "${folder[fapolicyd]}/ld-linux.so"; do
		echo "$file $(stat -c %s "$file") $(sha256sum <"$file" | cut -d' ' -f1)"
	done
}

# Its configuration; only in the namespace it runs in.
configure_fapolicyd() {
	local from=${FAPOLICYD_ROOT:-} rules=$work/fap/etc
	mkdir -p "$rules/trust.d" "$rules/rules.d" "$work/fap/lib" "$work/fap/run"
	cp "$from/etc/fapolicyd/fapolicyd-filter.conf" "$rules/" 2>/dev/null
	cat "$from"/usr/share/fapolicyd/sample-rules/{10-languages,20-dracut,21-updaters,30-patterns,40-bad-elf,41-shared-obj,42-trusted-elf,70-trusted-lang,72-shell,90-deny-execute,95-allow-open}.rules \
		>"$rules/compiled.rules" 2>/dev/null || return 1
	write_trust >"$rules/fapolicyd.trust"
	cat >"$rules/fapolicyd.conf" <<END
permissive = 0
nice_val = 14
q_size = 800
uid = 0
gid = 0
do_stat_report = 0
detailed_report = 0
db_max_size = 100
subj_cache_size = 1549
obj_cache_size = 8191
watch_fs = tmpfs
trust = file
integrity = none
syslog_format = rule,dec,perm,auid,pid,exe,:,path,ftype,trust
rpm_sha256_only = 0
allow_filesystem_mark = 0
END
}

start_fapolicyd() {
	local from=${FAPOLICYD_ROOT:-} point libraries
	fapolicyd=
	if [ ! -x "$from/usr/sbin/fapolicyd" ]; then
		why="it is not installed (or name its unpacked packages with FAPOLICYD_ROOT)"
		return 1
	fi
	configure_fapolicyd || {
		why="its sample rules are not there"
		return 1
	}
	libraries=$from/usr/lib/$(basename "$(dirname "$ld")")
	# Every other tmpfs goes from its namespace, so that it watches this one alone.
	unshare -m --propagation private bash -c '
		work=$1 own=$2 program=$3 libraries=$4
		mkdir -p "$work/fap/over" && mount -t ramfs none "$work/fap/over" || exit 1
		for at in etc var/lib run; do
			name=${at//\//-}
			mkdir -p "$work/fap/over/$name/upper" "$work/fap/over/$name/work"
			mount -t overlay overlay -o "lowerdir=/$at,upperdir=$work/fap/over/$name/upper,workdir=$work/fap/over/$name/work" "/$at" || exit 1
		done
		mkdir -p /etc/fapolicyd /var/lib/fapolicyd /run/fapolicyd
		cp -r "$work/fap/etc/." /etc/fapolicyd/
		awk "\$3 == \"tmpfs\" { print \$2 }" /proc/mounts | sort -r | while read -r point; do
			[ "$point" = "$own" ] || umount -l "$point"
		done
		LD_LIBRARY_PATH=$libraries exec "$program" --debug-deny
	' fapolicyd "$work" "${folder[fapolicyd]}" "$from/usr/sbin/fapolicyd" "$libraries" \
		</dev/null >"$work/fapolicyd.log" 2>&1 &
	fapolicyd=$!
	pids+=("$fapolicyd")
	eventually 60 grep -q "Starting to listen" "$work/fapolicyd.log" && return 0
	why="$(tail -1 "$work/fapolicyd.log")"
	kill -KILL "$fapolicyd" 2>/dev/null
	return 1
}

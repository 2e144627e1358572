# Builds, and the programs that run what was built.
# shellcheck shell=bash disable=SC2154

declare -A built

# build NAME CMAKE-OPTION...: once a run, in $work/NAME. Its outcome is the result build/NAME.
build() {
	local name=$1 begin=$SECONDS log=$work/build-$1.log
	shift
	[ -z "${built[$name]:-}" ] || return "${built[$name]}"
	built[$name]=0
	echo "   building with $name"
	if cmake -S "$tree" -B "$work/$name" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
		-DCMAKE_INSTALL_PREFIX=/usr "$@" </dev/null >"$log" 2>&1 &&
		ninja -C "$work/$name" -j "$jobs" -k 0 </dev/null >>"$log" 2>&1; then
		result ok "build/$name"
		echo "   built with $name ($(minutes $((SECONDS - begin))))"
	else
		grep -E -A 3 'error:|CMake Error|FAILED:|undefined reference' "$log" |
			grep -vE '^/|^: && ' | cut -c 1-160 | head -n 40
		result FAILED "build/$name" "$log"
		built[$name]=1
	fi
	return "${built[$name]}"
}

build_sanitized() {
	build sanitized -DCMAKE_C_COMPILER=clang "-DOFFDUTY_SANITIZE=address;undefined"
}

# build_package: the .deb, once a run; $OFFDUTY_DEB.
build_package() {
	local log=$work/build-package.log
	[ -z "${built[package]:-}" ] || return "${built[package]}"
	built[package]=0
	echo "   building the Debian package"
	rm -rf "$work/deb"
	if "$tree/packaging/deb/build" --out "$work/deb" </dev/null >"$log" 2>&1; then
		OFFDUTY_DEB=$(echo "$work"/deb/offduty_*.deb)
		export OFFDUTY_DEB
		result ok build/package
	else
		tail -n 30 "$log"
		result FAILED build/package "$log"
		built[package]=1
	fi
	return "${built[package]}"
}

# run_ctest BUILD LABEL JOBS: each test is one result.
run_ctest() {
	local log=$work/ctest-$1-$2.log line name outcome without=(-LE '^long$')
	[ -z "$long" ] || without=()
	[ -e "$work/$1/CTestTestfile.cmake" ] || return 1
	ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:abort_on_error=0} \
		UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1} \
		ctest --test-dir "$work/$1" -L "^$2\$" "${without[@]}" -j "$3" \
		--output-on-failure </dev/null >"$log" 2>&1
	while read -r line; do
		name=$(sed -E 's/^ *[0-9]+\/[0-9]+ +Test +#[0-9]+: ([^ ]+).*/\1/' <<<"$line")
		outcome=$(sed -E 's/ +[0-9.]+ sec.*//; s/.*[*]{3}//; s/^(.*[ .])?Passed$/Passed/' <<<"$line")
		case $line in
		*' Passed '*) result ok "$name" ;;
		*'***Skipped '*) result skipped "$name" "in the $1 build" ;;
		*) result FAILED "$name" "$outcome in the $1 build, $log" ;;
		esac
	done < <(grep -E '^ *[0-9]+/[0-9]+ +Test +#[0-9]+: ' "$log")
	if ! grep -qE 'tests passed, |No tests were found' "$log"; then
		tail -n 10 "$log"
		result FAILED "$2/all" "ctest did not finish, $log"
	fi
	grep -q 'No tests were found' "$log" && result FAILED "$2/all" "no test at all"
	! grep -qE '\*\*\*(Failed|Timeout|Exception|Not Run)' "$log" || show_failures "$log"
}

# The output of tests that failed, not of the whole run.
show_failures() {
	awk '/Test +#[0-9]+: /{show = /\*\*\*(Failed|Timeout|Exception)/} show' "$1" |
		tail -n 120 | sed 's/^/    /'
}

# run_checks SCRIPT...: a check says what is wrong and exits with 1, or with 77 to skip itself.
run_checks() {
	local check name status output
	for check in "$@"; do
		name=layout/$(basename "$check" .sh)
		name=${name/layout\/format_/format\/}
		name=${name/check_/}
		status=0
		output=$(OFFDUTY_TREE=$tree OFFDUTY_BUILD=$work/gcc bash "$check" </dev/null 2>&1) ||
			status=$?
		case $status in
		0) result ok "$name" ;;
		77) result skipped "$name" "$(tail -n 1 <<<"$output")" ;;
		*)
			result FAILED "$name"
			sed 's/^/    /' <<<"$output" | head -n 60
			continue
			;;
		esac
		[ -z "$output" ] || sed 's/^/    /' <<<"$output" | head -n 15
	done
}

# One fuzzer for $1 seconds; what it finds stays in $work/fuzz/NAME.
run_fuzzer() {
	local seconds=$1 program=$2 name=${2##*/fuzz_} folder
	folder=$work/fuzz/$name
	mkdir -p "$folder/corpus"
	if (cd "$folder" && "$program" -max_total_time="$seconds" -timeout=25 -rss_limit_mb=2048 \
		-print_final_stats=1 -artifact_prefix="$folder/" "$folder/corpus" \
		"$tests/fuzz/corpus/$name") </dev/null >"$folder/log" 2>&1; then
		echo "ok fuzz/$name" >>"$results"
		echo "   fuzz/$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$folder/log") inputs"
	else
		echo "FAILED fuzz/$name: input in $folder" >>"$results"
		grep -E -A 12 'ERROR|runtime error' "$folder/log" | head -n 20
	fi
}

run_fuzzers() {
	local seconds=${FUZZ_SECONDS:-60} programs budget program
	mapfile -t programs < <(find "$work/sanitized/tests" -maxdepth 1 -name 'fuzz_*' -type f -perm -u+x)
	if [ ${#programs[@]} = 0 ]; then
		result FAILED fuzz/all "no fuzzer was built"
		return
	fi
	# Not more than twelve minutes for all of them, unless told otherwise.
	budget=$((720 * jobs / ${#programs[@]}))
	[ -n "${FUZZ_SECONDS:-}" ] || [ "$budget" -ge "$seconds" ] || seconds=$budget
	[ -z "$long" ] || seconds=${FUZZ_SECONDS:-600}
	echo "   ${#programs[@]} fuzzers, $seconds s each, $jobs at a time (FUZZ_SECONDS=$seconds)"
	for program in "${programs[@]}"; do
		while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do
			wait -n
		done
		run_fuzzer "$seconds" "$program" &
	done
	wait
}

may_boot() {
	[ "$(id -u)" = 0 ] || result skipped system/without-root "boots machines, needs root"
	[ "$(id -u)" = 0 ]
}

run_system() {
	rm -rf "$work/system"
	OFFDUTY_OUT=$work/system OFFDUTY_JOBS=$jobs "$tests/system/run" </dev/null |
		while IFS= read -r line; do
			case $line in
			'ok '* | 'FAILED '* | 'skipped '*) echo "$line" >>"$results" ;;
			esac
			echo "   $line"
		done
	case ${PIPESTATUS[0]} in
	0 | 1 | 77) ;;
	*) result FAILED system/all "the test machine could not be made" ;;
	esac
}

# Parts that measure: line coverage of policies/, its bench, mutations of its rules.
# shellcheck shell=bash disable=SC2154

# The unit tests of policies/, as od_unit_test() names them.
policy_units() {
	sed -nE 's/^od_unit_test\(([a-z0-9_]+) .*/\1/p' "$tests"/unit/{ini,rules,time}.cmake
}

# build_some NAME "TARGET..." CMAKE-OPTION...: like build, but not the whole tree.
build_some() {
	local name=$1 targets=$2 log=$work/build-$1.log
	shift 2
	echo "   building with $name"
	# shellcheck disable=SC2086
	if cmake -S "$tree" -B "$work/$name" -G Ninja -DCMAKE_C_COMPILER=gcc "$@" </dev/null >"$log" 2>&1 &&
		ninja -C "$work/$name" -j "$jobs" $targets </dev/null >>"$log" 2>&1; then
		result ok "build/$name"
		return 0
	fi
	tail -n 30 "$log"
	result FAILED "build/$name" "$log"
	return 1
}

# step NAME COMMAND...: one result; the end of what it prints is shown.
step() {
	local name=$1 log
	log=$work/${1//\//-}.log
	shift
	if "$@" </dev/null >"$log" 2>&1; then
		result ok "$name"
	else
		result FAILED "$name" "$log"
	fi
	grep -v '^{' "$log" | tail -n "${shown:-60}" | sed 's/^/   /'
}

run_coverage() {
	local units
	units=$(policy_units | tr '\n' ' ')
	find "$work/coverage" -name '*.gcda' -delete 2>/dev/null
	# shellcheck disable=SC2086
	build_some coverage "$(printf 'test_%s ' $units)" -DCMAKE_BUILD_TYPE=Debug -DOFFDUTY_COVERAGE=ON ||
		return 0
	shown=1 step coverage/unit ctest --test-dir "$work/coverage" -j "$jobs" --output-on-failure \
		-R "^unit/($(policy_units | paste -sd '|'))\$"
	step coverage/policies python3 "$tests/support/coverage.py" "$tree" "$work/coverage" policies 90
}

run_mutations() {
	step mutation/precedence python3 "$tests/mutation/precedence.py" "$tree" "$work"
}

run_benches() {
	build_some bench "bench_policy bench_schedule" -DCMAKE_BUILD_TYPE=RelWithDebInfo || return 0
	step bench/policy "$tests/bench/policy.sh" "$work/bench/tests/bench_policy"
	step bench/schedule "$tests/bench/schedule.sh" "$work/bench/tests/bench_schedule" "$tree"
}

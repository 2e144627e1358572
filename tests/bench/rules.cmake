# bench_policy: figures of policies/, "tests/run long" runs it (tests/bench/policy.sh).
find_package(Iniparser REQUIRED)
add_executable(bench_policy bench/policy.c)
target_link_libraries(bench_policy PRIVATE od::policy_ini Iniparser::iniparser od::flags)
target_link_options(bench_policy PRIVATE -Wl,--wrap=od_glob_matches)

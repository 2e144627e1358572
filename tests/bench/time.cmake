# bench_schedule: duty of the sample policy, beside a peer (tests/bench/schedule.sh).
add_executable(bench_schedule bench/schedule.c)
target_link_libraries(bench_schedule PRIVATE od::policy_ini od::flags)

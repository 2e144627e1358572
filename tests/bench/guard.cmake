# bench_exec: what the guard costs at program starts (tests/bench/exec.sh, root only).
enable_language(ASM)
add_executable(bench_tiny bench/tiny.S)
target_link_options(bench_tiny PRIVATE -nostdlib -static -no-pie -Wl,--build-id=none)
set_target_properties(bench_tiny PROPERTIES POSITION_INDEPENDENT_CODE OFF)
add_executable(bench_allow_listener bench/allow_listener.c)
target_link_libraries(bench_allow_listener PRIVATE od::flags)
add_executable(bench_exec bench/exec.c)
target_link_libraries(bench_exec PRIVATE od::flags)
# A dynamic program that finds its loader in the folder it is started from.
file(GENERATE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/bench_linked.c CONTENT "int main(void)\n{\n\treturn 0;\n}\n")
add_executable(bench_linked ${CMAKE_CURRENT_BINARY_DIR}/bench_linked.c)
target_link_options(bench_linked PRIVATE -Wl,--dynamic-linker=./ld-linux.so)

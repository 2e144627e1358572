# od::flags: warnings, hardening, sanitizers and coverage for every target of the house.
add_library(od_flags INTERFACE)
add_library(od::flags ALIAS od_flags)

target_compile_definitions(od_flags INTERFACE _GNU_SOURCE _FILE_OFFSET_BITS=64)
target_compile_options(od_flags INTERFACE
	-Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes
	-Wwrite-strings -Wundef -Wformat=2 -Wvla -Wno-format-nonliteral
	-fstack-protector-strong -fno-common -ffunction-sections -fdata-sections)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
	# Texts for people are cut to their room on purpose; the warning depends on how much is inlined.
	target_compile_options(od_flags INTERFACE -Wlogical-op -Wduplicated-cond -Wimplicit-fallthrough
		-Wno-format-truncation)
endif()
if(OFFDUTY_WERROR)
	target_compile_options(od_flags INTERFACE -Werror)
endif()
target_link_options(od_flags INTERFACE -Wl,-z,relro,-z,now -Wl,--gc-sections -Wl,--as-needed)

if(OFFDUTY_SANITIZE)
	string(REPLACE ";" "," _od_sanitize "${OFFDUTY_SANITIZE}")
	target_compile_options(od_flags INTERFACE
		-fsanitize=${_od_sanitize} -fno-omit-frame-pointer -fno-sanitize-recover=all)
	target_link_options(od_flags INTERFACE -fsanitize=${_od_sanitize})
	if(OFFDUTY_FUZZ AND CMAKE_C_COMPILER_ID MATCHES "Clang")
		# without the libraries' own coverage libFuzzer finds nothing to explore and gives up
		target_compile_options(od_flags INTERFACE -fsanitize=fuzzer-no-link)
	endif()
elseif(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
	target_compile_options(od_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
if(OFFDUTY_COVERAGE)
	target_compile_options(od_flags INTERFACE --coverage)
	target_link_options(od_flags INTERFACE --coverage)
endif()
if(NOT CMAKE_SIZEOF_VOID_P EQUAL 8)
	message(FATAL_ERROR "Offduty needs a 64-bit system: instants beyond 2038 must be right.")
endif()

od_unit_test(wire od::bus)
od_unit_test(clock od::runtime PkgConfig::SYSTEMD)
target_link_options(test_clock PRIVATE -Wl,--wrap=read)
od_unit_test(instant od::runtime)
od_unit_test(log od::runtime)
od_unit_test(options od::runtime)
od_unit_test(service od::runtime PkgConfig::SYSTEMD)
od_unit_test(watch od::runtime PkgConfig::SYSTEMD)
od_unit_test(zone_data od::runtime PkgConfig::SYSTEMD)

find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
add_test(NAME unit/generate
	COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/test_generate.py
		${PROJECT_SOURCE_DIR}/dbus ${CMAKE_C_COMPILER})
set_tests_properties(unit/generate PROPERTIES LABELS unit TIMEOUT 60)

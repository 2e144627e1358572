# A small service on real private buses, and who may call what.
add_executable(bus_trial integration/bus/trial.c)
target_link_libraries(bus_trial PRIVATE od::bus od::runtime od::flags PkgConfig::SYSTEMD)
od_bus_interface(bus_trial ${CMAKE_CURRENT_LIST_DIR}/bus/org.offduty1.Trial.xml)
add_executable(bus_flood integration/bus/flood.c)
target_link_libraries(bus_flood PRIVATE od::flags PkgConfig::DBUS)
add_executable(bus_caller integration/bus/caller.c)
target_link_libraries(bus_caller PRIVATE od::bus od::flags PkgConfig::SYSTEMD PkgConfig::CMOCKA)
add_executable(broker support/broker.c)
target_link_libraries(broker PRIVATE od::base od::flags PkgConfig::SYSTEMD)
add_executable(log_lines integration/runtime/log_lines.c)
target_link_libraries(log_lines PRIVATE od::runtime od::flags)

foreach(kind session system broker)
	add_test(NAME integration/bus-service-${kind}
		COMMAND ${CMAKE_CURRENT_LIST_DIR}/bus_service.sh ${kind}
			$<TARGET_FILE:bus_trial> $<TARGET_FILE:bus_flood>
			$<TARGET_FILE:bus_caller> $<TARGET_FILE:broker>)
endforeach()
add_test(NAME integration/bus-polkit
	COMMAND ${CMAKE_CURRENT_LIST_DIR}/bus_polkit.sh $<TARGET_FILE:bus_trial>)
add_test(NAME integration/log-journal
	COMMAND ${CMAKE_CURRENT_LIST_DIR}/log_journal.sh $<TARGET_FILE:log_lines>)
set_tests_properties(integration/log-journal integration/bus-service-session integration/bus-service-system
	integration/bus-service-broker integration/bus-polkit
	PROPERTIES LABELS integration SKIP_RETURN_CODE 77 TIMEOUT 120)

if(TARGET offduty-gate)
	add_executable(notify_client support/notify_client.c)
	target_link_libraries(notify_client PRIVATE od::flags PkgConfig::DBUS)
	foreach(name gate_hold gate_server gate_kill)
		add_test(NAME integration/${name}
			COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/integration/${name}.sh
				$<TARGET_FILE:offduty-gate> $<TARGET_FILE:offduty-shim>
				$<TARGET_FILE:notify_client>)
		set_tests_properties(integration/${name} PROPERTIES LABELS integration
			SKIP_RETURN_CODE 77 TIMEOUT 180)
	endforeach()
endif()

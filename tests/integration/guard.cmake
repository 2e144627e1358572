# The guard on a tmpfs in a mount namespace of its own (root only).
add_executable(guard_listener integration/guard/listener.c)
target_link_libraries(guard_listener PRIVATE od::flags PkgConfig::DBUS)
set(stage $<TARGET_FILE:offdutyd> ${PROJECT_SOURCE_DIR} ${OFFDUTY_VENDOR_DIR})
add_test(NAME integration/guard-exec COMMAND ${CMAKE_CURRENT_LIST_DIR}/guard_exec.sh ${stage})
add_test(NAME integration/guard-share COMMAND ${CMAKE_CURRENT_LIST_DIR}/guard_share.sh ${stage}
	$<TARGET_FILE:guard_listener> $<TARGET_FILE:offduty-inspect>)
add_test(NAME integration/guard-running COMMAND ${CMAKE_CURRENT_LIST_DIR}/guard_running.sh ${stage}
	$<TARGET_FILE:guard_listener>)
set_tests_properties(integration/guard-running integration/guard-exec integration/guard-share PROPERTIES LABELS integration
	TIMEOUT 120 SKIP_RETURN_CODE 77)

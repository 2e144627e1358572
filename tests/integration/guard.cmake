# The guard on a tmpfs in a mount namespace of its own (root only).
add_test(NAME integration/guard-exec COMMAND ${CMAKE_CURRENT_LIST_DIR}/guard_exec.sh
	$<TARGET_FILE:offdutyd> ${PROJECT_SOURCE_DIR} ${OFFDUTY_VENDOR_DIR})
set_tests_properties(integration/guard-exec PROPERTIES LABELS integration TIMEOUT 120
	SKIP_RETURN_CODE 77)

# A policy that changes on disk, and the verb that changes it (root only: in a mount namespace).
add_test(NAME integration/guard-reload COMMAND ${CMAKE_CURRENT_LIST_DIR}/guard_reload.sh
	$<TARGET_FILE:offdutyd> ${PROJECT_SOURCE_DIR} ${OFFDUTY_VENDOR_DIR} $<TARGET_FILE:offduty>)
set_tests_properties(integration/guard-reload PROPERTIES LABELS integration TIMEOUT 120
	SKIP_RETURN_CODE 77)
add_test(NAME integration/cli_policy COMMAND ${CMAKE_CURRENT_LIST_DIR}/cli_policy.sh
	$<TARGET_FILE:offduty> ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/packaging/po
	${OFFDUTY_VENDOR_DIR})
set_tests_properties(integration/cli_policy PROPERTIES LABELS integration TIMEOUT 120)

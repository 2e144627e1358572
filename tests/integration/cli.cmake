# The command line and the notifier, as people use them.
add_test(NAME integration/cli_policy_check
	COMMAND bash ${CMAKE_CURRENT_LIST_DIR}/cli_policy_check.sh $<TARGET_FILE:offduty>
		${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/packaging/po)
set_tests_properties(integration/cli_policy_check PROPERTIES LABELS integration TIMEOUT 60)
if(TARGET offduty-gate AND TARGET offduty-shim)
	# notify_client comes with the gate's own tests.
	add_test(NAME integration/cli_gate
		COMMAND bash ${CMAKE_CURRENT_LIST_DIR}/cli_gate.sh $<TARGET_FILE:offduty-gate>
			$<TARGET_FILE:offduty-shim> $<TARGET_FILE:notify_client>
			$<TARGET_FILE:offduty> $<TARGET_FILE:offduty-notifier>
			${PROJECT_BINARY_DIR}/packaging/po)
	set_tests_properties(integration/cli_gate PROPERTIES LABELS integration
		SKIP_RETURN_CODE 77 TIMEOUT 120)
endif()
if(TARGET offdutyd)
	add_test(NAME integration/notifier_guard
		COMMAND bash ${CMAKE_CURRENT_LIST_DIR}/notifier_guard.sh $<TARGET_FILE:offdutyd>
			$<TARGET_FILE:offduty-notifier> $<TARGET_FILE:offduty> ${PROJECT_SOURCE_DIR}
			${OFFDUTY_VENDOR_DIR})
	set_tests_properties(integration/notifier_guard PROPERTIES LABELS integration
		SKIP_RETURN_CODE 77 TIMEOUT 120)
endif()

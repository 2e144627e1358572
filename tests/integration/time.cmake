add_test(NAME integration/calendar-folder
	COMMAND ${CMAKE_CURRENT_LIST_DIR}/calendar_folder.sh $<TARGET_FILE:offduty-calendar>)
set_tests_properties(integration/calendar-folder PROPERTIES LABELS integration TIMEOUT 60
	SKIP_RETURN_CODE 77)

add_test(NAME integration/calendar-folder
	COMMAND ${CMAKE_CURRENT_LIST_DIR}/calendar_folder.sh $<TARGET_FILE:offduty-calendar>)
set_tests_properties(integration/calendar-folder PROPERTIES LABELS integration TIMEOUT 60
	SKIP_RETURN_CODE 77)

# Takes minutes: a second evaluator in another language over 50,000 random schedules.
find_package(Python3 COMPONENTS Interpreter)
if(Python3_Interpreter_FOUND)
	add_executable(schedule_eval ${PROJECT_SOURCE_DIR}/tests/oracle/schedule_eval.c)
	target_link_libraries(schedule_eval PRIVATE od::policy)
	add_test(NAME oracle/schedule COMMAND ${Python3_EXECUTABLE}
		${PROJECT_SOURCE_DIR}/tests/oracle/schedule_oracle.py $<TARGET_FILE:schedule_eval>
		50000 0 $<TARGET_FILE:offduty>)
	# Peers, fetched into a cache: without them these skip.
	add_test(NAME oracle/opening-hours COMMAND ${PROJECT_SOURCE_DIR}/tests/oracle/peer.sh
		opening-hours $<TARGET_FILE:schedule_eval> 10000)
	add_test(NAME oracle/rrule COMMAND ${PROJECT_SOURCE_DIR}/tests/oracle/peer.sh
		rrule $<TARGET_FILE:offduty-calendar> 3000)
	set_tests_properties(oracle/schedule oracle/opening-hours oracle/rrule PROPERTIES
		LABELS "integration;long" TIMEOUT 1800 SKIP_RETURN_CODE 77)
endif()

if(TARGET offduty-gate)
	add_test(NAME integration/duty-events
		COMMAND bash ${CMAKE_CURRENT_LIST_DIR}/duty_events.sh $<TARGET_FILE:offduty-gate>
			$<TARGET_FILE:offduty-calendar> $<TARGET_FILE:offduty>)
	set_tests_properties(integration/duty-events PROPERTIES LABELS integration TIMEOUT 120
		SKIP_RETURN_CODE 77)
endif()
add_test(NAME integration/cli-hours
	COMMAND bash ${CMAKE_CURRENT_LIST_DIR}/cli_hours.sh $<TARGET_FILE:offduty>
		${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/packaging/po)
set_tests_properties(integration/cli-hours PROPERTIES LABELS integration TIMEOUT 120)

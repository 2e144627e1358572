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
		${PROJECT_SOURCE_DIR}/tests/oracle/schedule_oracle.py $<TARGET_FILE:schedule_eval>)
	set_tests_properties(oracle/schedule PROPERTIES LABELS "integration;long" TIMEOUT 1800)
endif()

if(TARGET offduty-gate)
	add_test(NAME integration/duty-events
		COMMAND bash ${CMAKE_CURRENT_LIST_DIR}/duty_events.sh $<TARGET_FILE:offduty-gate>
			$<TARGET_FILE:offduty-calendar> $<TARGET_FILE:offduty>)
	set_tests_properties(integration/duty-events PROPERTIES LABELS integration TIMEOUT 120
		SKIP_RETURN_CODE 77)
endif()

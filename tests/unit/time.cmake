od_unit_test(zone od::policy)
od_unit_test(holidays od::policy)
od_unit_test(leave od::policy)
od_unit_test(schedule od::policy)
od_unit_test(schedule_golden od::policy)
od_unit_test(schedule_text od::policy)
od_unit_test(duty od::policy)
od_unit_test(rest od::policy)
od_unit_test(feeds od::policy_ini)
od_unit_test(ics od::calendar)

# The time zone of a process is none of its business: the same answers under any.
foreach(zone UTC Asia/Kathmandu America/St_Johns)
	foreach(module schedule schedule_golden duty rest)
		add_test(NAME unit/${module}-${zone} COMMAND test_${module})
		set_tests_properties(unit/${module}-${zone} PROPERTIES LABELS unit TIMEOUT 60
			ENVIRONMENT "TZ=${zone}")
	endforeach()
endforeach()

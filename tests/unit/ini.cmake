od_unit_test(scan od::base)
od_unit_test(nearest od::base)
od_unit_test(sha256 od::base)
od_unit_test(problem od::policy_ini)
od_unit_test(document od::policy_ini)
od_unit_test(effective od::policy_ini)
od_unit_test(layers od::policy_ini)
od_unit_test(faulty od::policy_ini)
od_unit_test(ini_load od::policy_ini)
od_unit_test(source od::policy_ini)
od_unit_test(examples od::policy_ini)

od_unit_test(ini_memory od::policy_ini)
target_link_options(test_ini_memory PRIVATE -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
	-Wl,--wrap=strdup,--wrap=strndup)

od_unit_test(detectors od::policy_ini)
target_sources(test_detectors PRIVATE ${PROJECT_SOURCE_DIR}/daemon/inspect/detect.c)
target_include_directories(test_detectors PRIVATE ${PROJECT_SOURCE_DIR}/daemon)

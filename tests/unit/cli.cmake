od_unit_test(cli_verbs od::cli)
od_unit_test(cli_when od::cli)
od_unit_test(cli_output od::cli)
od_unit_test(notifier_wording od_notifier_wording)
foreach(module cli_when notifier_wording)
	# The French catalogue of this build.
	add_dependencies(test_${module} translations)
	target_compile_definitions(test_${module} PRIVATE
		OFFDUTY_TEST_LOCALE_DIR="${PROJECT_BINARY_DIR}/packaging/po")
endforeach()
od_unit_test(install od::cli)
target_link_options(test_install PRIVATE -Wl,--wrap=renameat2)

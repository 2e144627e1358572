od_unit_test(zone od::policy)
od_unit_test(holidays od::policy)
od_unit_test(schedule od::policy)

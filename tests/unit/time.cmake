od_unit_test(zone od::policy)
od_unit_test(holidays od::policy)

od_fuzz(matcher od::policy)
od_fuzz(notice_host od::policy)
od_fuzz(criteria od::policy)
od_fuzz(catalogue_set od::policy_ini)

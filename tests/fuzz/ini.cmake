od_fuzz(policy_ini od::policy_ini)
od_fuzz(catalogue_ini od::policy_ini)

od_fuzz(fan_event od::guard)
od_fuzz(mountinfo od::guard)
od_fuzz(inspect_content od::inspect)

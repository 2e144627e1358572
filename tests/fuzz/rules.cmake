od_fuzz(matcher od::policy)
od_fuzz(notice_host od::policy)

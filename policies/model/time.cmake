set(OD_MODEL_TIME day.c day_rule.c holiday_rule.c holidays.c leave.c tz_rule.c tzif.c zone.c)

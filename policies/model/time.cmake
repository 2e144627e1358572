set(OD_MODEL_TIME day.c tz_rule.c tzif.c zone.c)

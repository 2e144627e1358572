set(OD_MODEL_TIME day.c day_rule.c duty.c holiday_rule.c holidays.c leave.c rest.c rest_lint.c schedule.c schedule_lines.c schedule_text.c tz_rule.c tzif.c zone.c)

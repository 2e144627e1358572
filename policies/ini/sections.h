/* The rooms of the policy language, each a table in a file of its own. */
#pragma once

#include "ini/layers.h"
#include "ini/table.h"

extern const struct od_table_section od_section_company, od_section_enforcement,
	od_section_browsers, od_section_employee, od_section_privacy; /* section_general.c */
extern const struct od_table_section od_section_messengers,
	od_section_messenger; /* section_messengers.c */
extern const struct od_table_section od_section_schedule, od_section_on_call; /* section_hours.c */
extern const struct od_table_section od_section_notifications,
	od_section_breakthrough;                         /* section_notifications.c */
extern const struct od_table_section od_section_sharing; /* section_sharing.c */

/* Names of what offduty-inspect can count; NULL ends them. A test holds both lists together. */
extern const char *const od_section_detectors[];

extern const struct od_table od_table_policy;    /* all of the above (load.c) */
extern const struct od_table od_table_catalogue; /* catalogue.c */
extern const struct od_table od_table_holidays;  /* calendar.c */

/* Read one catalogue or holiday file that was merged. Return: 0 (also with faults), or -errno. */
int od_catalogue_load(struct od_build *build, const struct od_merged *merged) OD_CHECK;
/* All of them, those that extend another laid over it (catalogue_set.c). Return: as above. */
int od_catalogue_load_all(struct od_build *build, const struct od_files *files) OD_CHECK;
int od_calendar_load(struct od_build *build, const struct od_merged *merged) OD_CHECK;

/* What only the whole policy shows: warnings (check.c). */
void od_check_policy(const struct od_policy *policy, struct od_problems *problems);

/*
 * od_zones_find() - the zone of that name, read once a policy (zones.c)
 * @ret: borrowed from build->policy; NULL after a fault, or without paths
 *
 * Return: 0 (also with a fault), or -errno.
 */
int od_zones_find(const struct od_value *value, struct od_zone **ret) OD_CHECK;

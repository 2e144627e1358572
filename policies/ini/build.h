/* From the bytes of a set to a policy. */
#pragma once

#include "ini/set.h"
#include "ini/table.h"

/*
 * od_policy_build() - everything that is read, in order: catalogue, holidays, policy
 * @paths: for zoneinfo; NULL: names of messengers, zones and calendars are not checked
 *
 * Return: 0, OD_E_POLICY (at least one fault was added), or -errno.
 */
int od_policy_build(const struct od_set *set, const struct od_ini_paths *paths,
	struct od_problems *problems, struct od_policy **ret) OD_CHECK;

/* For the parts of it (catalogue_set.c): one file as a document, its name kept as long as the policy
 * whose origins point at it. Return: 0 (also with faults), or -errno. */
int od_build_scan(
	struct od_build *build, const struct od_file *file, struct od_document **ret) OD_CHECK;
int od_build_parse(
	struct od_build *build, const struct od_file *file, struct od_document **ret) OD_CHECK;
/* Whether a file's name is an id; false: a fault was added. */
bool od_build_id_ok(const struct od_build *build, const char *id, const char *path);

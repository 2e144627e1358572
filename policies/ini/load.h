/*
 * INI text into a policy: the one parser of every program.
 *
 * Layers and drop-ins, text rules and faults as offduty.policy(5) says. Every file is read once,
 * hashed, scanned for what iniparser would lose in silence, then given to iniparser as a sealed
 * memory file. All faults of all files are reported; a set with a fault yields no policy.
 *
 * policy->sha256 is over "policy.d/NAME" and the bytes of every file in effect, catalogue and
 * holidays too, but not over the layer or folder it lies in: equal sets have equal hashes on every
 * machine. The host's zoneinfo does not enter.
 */
#pragma once

#include <sys/types.h>

#include "ini/problem.h"
#include "model/policy.h"

/* Where a set is read from. Lists are NULL-terminated, lowest layer first. */
struct od_ini_paths {
	const char *const *policy;    /* .../policy.d */
	const char *const *catalogue; /* .../catalogue.d */
	const char *const *holidays;  /* .../holidays.d */
	const char *zoneinfo;         /* "/usr/share/zoneinfo" */
	bool live;   /* files must belong to root (or @owner) and be writable by nobody else */
	uid_t owner; /* 0, or who runs a trial */
};

/*
 * The installed places: policy.d, catalogue.d and holidays.d below OFFDUTY_VENDOR_DIR,
 * OFFDUTY_ADMIN_DIR and OFFDUTY_VOLATILE_DIR, live. With @root ("/tmp/trial"; NULL or "": none) the
 * same places below it, and files may also belong to whoever runs the program: for trials and
 * tests. *@ret owns all its strings. Return: 0 or -ENOMEM.
 */
int od_ini_paths_new(const char *root, struct od_ini_paths **ret) OD_CHECK;
void od_ini_paths_free(struct od_ini_paths *paths);
OD_DEFINE_CLEANUP(struct od_ini_paths *, od_ini_paths_free)

/*
 * od_ini_load() - read a whole set
 * @problems: faults and warnings are added, also on success
 * @ret:      on success only; one reference
 *
 * Return: 0, OD_E_POLICY (at least one fault), -ENOMEM or another -errno of the environment.
 */
int od_ini_load(const struct od_ini_paths *paths, struct od_problems *problems,
	struct od_policy **ret) OD_CHECK;

/* The same from single files (each its own layer, in order) for "offduty policy check FILE...".
 * Catalogue and holidays come from @paths; its policy folders are not read. */
int od_ini_load_files(const char *const *files, const struct od_ini_paths *paths,
	struct od_problems *problems, struct od_policy **ret) OD_CHECK;

/* From memory, for tests and fuzzing: one policy file over the catalogue and holidays of @paths
 * (NULL: names of messengers, services, zones and calendars are then not checked). */
int od_ini_load_memory(const char *name, const char *text, size_t size,
	const struct od_ini_paths *paths, struct od_problems *problems,
	struct od_policy **ret) OD_CHECK;

/* The host's own zone from /etc/localtime (UTC where there is none). Return: 0 or -errno. */
int od_ini_local_zone(const char *localtime_path, struct od_zone **ret) OD_CHECK;

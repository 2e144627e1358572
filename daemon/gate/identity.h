/*
 * Who sent this notification: what the kernel and the sandbox say of a process, not what the
 * message claims.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/cleanup.h"

#define OD_IDENTITY_ID_MAX 256

struct od_identity {
	char flatpak[OD_IDENTITY_ID_MAX];  /* application id; "": no Flatpak */
	char unit_app[OD_IDENTITY_ID_MAX]; /* of its app-*.scope or app-*.service; "": none */
	char exe[512];                     /* path, a hint only; "": not to be read */
	bool own;                          /* Offduty's own notifier, by device and inode */
};

/* The application id in the text of a /.flatpak-info; false where there is none. */
bool od_identity_parse_flatpak_info(const char *text, char *id, size_t size);

/*
 * The application id in the text of a /proc/PID/cgroup, by the naming rules of systemd
 * ("app-LAUNCHER-ID-RANDOM.scope", "app-LAUNCHER-ID@RANDOM.service", "\x2d" for a dash in ID).
 */
bool od_identity_parse_cgroup(const char *text, char *id, size_t size);

/* Reads /proc/@pid; @pid 0: nothing is known. @notifier: path of the installed notifier. */
void od_identity_read(pid_t pid, const char *notifier, struct od_identity *ret);

/* What was read, by unique name on the bus. Those never come twice, so nothing grows stale. */
struct od_identities;
struct od_identities *od_identities_new(void); /* NULL without memory */
void od_identities_free(struct od_identities *cache);
OD_DEFINE_CLEANUP(struct od_identities *, od_identities_free)
const struct od_identity *od_identities_find(struct od_identities *cache, const char *unique_name);
/* A slot for @unique_name, to be filled in; the oldest gives way. NULL without memory. */
struct od_identity *od_identities_add(struct od_identities *cache, const char *unique_name);

/* Where an installed set lies, below any root. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ini/load.h"

#define LAYERS 3
#define KINDS  3

struct owned_paths {
	struct od_ini_paths paths; /* first: freed as a whole */
	char *folders[KINDS][LAYERS + 1];
	char *zoneinfo; /* NULL: the host's */
};

static int fill(struct owned_paths *owned, const char *root)
{
	static const char *const layers[LAYERS] = { OFFDUTY_VENDOR_DIR, OFFDUTY_ADMIN_DIR,
		OFFDUTY_VOLATILE_DIR };
	static const char *const kinds[KINDS] = { "policy.d", "catalogue.d", "holidays.d" };

	for (size_t kind = 0; kind < KINDS; kind++)
		for (size_t layer = 0; layer < LAYERS; layer++)
			if (asprintf(&owned->folders[kind][layer], "%s%s/%s", root, layers[layer],
				    kinds[kind]) < 0) {
				owned->folders[kind][layer] = NULL;
				return -ENOMEM;
			}
	owned->paths.policy = (const char *const *) owned->folders[0];
	owned->paths.catalogue = (const char *const *) owned->folders[1];
	owned->paths.holidays = (const char *const *) owned->folders[2];
	return 0;
}

/* A tz database of its own below @root, if there is one. */
static int find_zones(struct owned_paths *owned, const char *root)
{
	if (!root || !*root)
		return 0;
	if (asprintf(&owned->zoneinfo, "%s/usr/share/zoneinfo", root) < 0) {
		owned->zoneinfo = NULL;
		return -ENOMEM;
	}
	if (access(owned->zoneinfo, X_OK) == 0)
		return 0;
	free(owned->zoneinfo);
	owned->zoneinfo = NULL;
	return 0;
}

int od_ini_paths_new(const char *root, struct od_ini_paths **ret)
{
	struct owned_paths *owned = calloc(1, sizeof(*owned));

	if (!owned)
		return -ENOMEM;
	if (fill(owned, root ? root : "") < 0 || find_zones(owned, root) < 0) {
		od_ini_paths_free(&owned->paths);
		return -ENOMEM;
	}
	owned->paths.zoneinfo = owned->zoneinfo ? owned->zoneinfo : "/usr/share/zoneinfo";
	owned->paths.live = true;
	owned->paths.owner = root && *root ? geteuid() : 0;
	*ret = &owned->paths;
	return 0;
}

void od_ini_paths_free(struct od_ini_paths *paths)
{
	struct owned_paths *owned = (struct owned_paths *) paths;

	if (!owned)
		return;
	for (size_t kind = 0; kind < KINDS; kind++)
		for (size_t layer = 0; layer < LAYERS; layer++)
			free(owned->folders[kind][layer]);
	free(owned->zoneinfo);
	free(owned);
}

/*
 * Delivering: one held notification after another to the server, in the order they came.
 *
 * Paced, never a flood. One is in flight at a time, and it leaves the store when the server has
 * answered with an id: a kill repeats at most that one.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "bus/bus.h"
#include "gate/hold.h"
#include "gate/ids.h"
#include "gate/store.h"
#include "gate/upstream.h"

struct sd_event;
struct od_delivery;

struct od_delivery_options {
	struct sd_event *event;
	struct od_bus *bus;
	struct od_store *store;
	struct od_hold *hold;
	struct od_upstream *upstream;
	struct od_ids *ids;
	const char *instance; /* of the bus: prefix of od_store_item.instance up to "/" */
	void (*changed)(void *userdata); /* the number held is not what it was */
	void *userdata;
};

int od_delivery_new(const struct od_delivery_options *options, struct od_delivery **ret) OD_CHECK;
void od_delivery_free(struct od_delivery *deliver);
OD_DEFINE_CLEANUP(struct od_delivery *, od_delivery_free)

/* All that are held now. @quietly: into the list rather than before the eyes. Ret: how many were
 * added to what is on its way, or -errno. */
int64_t od_delivery_all(struct od_delivery *deliver, bool quietly);
/* These; ids that are not held are skipped over. */
int64_t od_delivery_some(struct od_delivery *deliver, const int64_t *ids, size_t n);
/* Stop after the one in flight: the person is off duty again. */
void od_delivery_stop(struct od_delivery *deliver);
void od_delivery_on_found(struct od_delivery *deliver); /* a server is there (again) */

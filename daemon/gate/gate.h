/*
 * The gate, put together. Every file that knows more than one part of it includes this.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "bus/bus.h"
#include "gate/breakthrough.h"
#include "gate/delivery.h"
#include "gate/forward.h"
#include "gate/hold.h"
#include "gate/identity.h"
#include "gate/ids.h"
#include "gate/state.h"
#include "gate/store.h"
#include "gate/upstream.h"

struct od_clock;
struct od_service;
struct od_timer;
struct sd_event;
struct sd_event_source;

struct od_gate_options {
	const char *root, *clock, *bus, *state_dir, *notifier;
};

struct od_gate {
	struct sd_event *event; /* borrowed from the service */
	struct od_service *service;
	struct od_clock *clock;
	struct od_bus *bus;
	char *bus_id;         /* GUID of this bus: unique names mean something only with it */
	const char *notifier; /* path of the installed notifier */
	struct od_state *state;
	struct od_store *store; /* NULL: there is none, nothing can be held */
	struct od_hold *hold;   /* NULL with it */
	struct od_delivery *deliver;
	struct od_timer *expiry;
	struct od_upstream *upstream;
	struct od_forward *forward;
	struct od_ids ids;
	struct od_identities *identities;
	struct od_breakthroughs breakthroughs;
	unsigned parked; /* calls that wait to learn who sent them */

	/* The digest of this time on duty (digest.c). */
	struct sd_event_source *digest_wait;
	bool announced;
};

/* gate.c. Return: 0, OD_E_BUSY (another gate runs), or what went wrong (said in the log). */
int od_gate_new(const struct od_gate_options *options, struct od_gate **ret) OD_CHECK;
void od_gate_free(struct od_gate *gate);
OD_DEFINE_CLEANUP(struct od_gate *, od_gate_free)
int od_gate_run(struct od_gate *gate);
/* "GUID/UNIQUE-NAME-OF-THE-SERVER": within it, ids below OD_IDS_FIRST mean something. */
void od_gate_instance(const struct od_gate *gate, char *text, size_t size);

/* dispatch.c: one message that came to us. True: taken care of. */
bool od_dispatch_message(void *userdata, DBusMessage *message);

/* judge.c: a Notify call. */
void od_judge_notify(struct od_gate *gate, DBusMessage *call);
void od_judge_pass(struct od_gate *gate, DBusMessage *call); /* without a verdict */

/* digest.c */
void od_digest_evaluate(struct od_gate *gate); /* duty, or what is held, is not what it was */
void od_digest_taken(struct od_gate *gate);    /* the notifier asked: it goes on from here */
void od_digest_done(struct od_gate *gate);

#define OD_GATE_INSTANCE_MAX 320

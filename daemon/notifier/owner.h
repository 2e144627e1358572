/* Who owns org.offduty1 on a bus: whom we ask, and whose signals we believe. */
#pragma once

#include <stdbool.h>

#include "bus/bus.h"

struct od_owner;

/* @fn: called with true each time somebody (else) owns the name from now on, with false when nobody
 * does any more. Return: 0 or -errno. */
int od_owner_new(struct od_bus *bus, void (*fn)(void *userdata, bool owned), void *userdata,
	struct od_owner **ret) OD_CHECK;
void od_owner_free(struct od_owner *owner);
OD_DEFINE_CLEANUP(struct od_owner *, od_owner_free)

/* To be offered every message of the bus; true: it was a change of owner. */
bool od_owner_handle(struct od_owner *owner, DBusMessage *message);
/* Whether @message was sent by the owner. Anybody may send a signal to anybody. */
bool od_owner_sent(const struct od_owner *owner, DBusMessage *message);
bool od_owner_known(const struct od_owner *owner); /* somebody owns the name */

/*
 * Who a sender is, as the bus says (GetConnectionCredentials), kept by unique name.
 *
 * A bus never gives a unique name twice, so an entry cannot become wrong, only useless; the least
 * recently used ones make room. Nothing has to be watched for that.
 *
 * What the bus says is true of the moment the sender connected. A process may hand its connection to
 * another one, so a pid is a good answer to "which program is this" and no proof; the uid is.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "private.h"
#include "wire.h"

#define PEERS_MAX       256
#define WAITERS_MAX     1024 /* over all peers */
#define PEER_TIMEOUT_MS 10000
#define NAME_MAX_       255

struct waiter {
	struct waiter *next;
	od_bus_peer_fn fn;
	void *userdata;
};

struct peer {
	struct od_bus_peers *all;
	char *name; /* NULL: the place is free */
	struct od_bus_peer is;
	uint64_t used;
	bool asking;
	struct waiter *first, **last;
};

struct od_bus_peers {
	struct peer peers[PEERS_MAX];
	uint64_t uses;
	unsigned waiting;
};

int od_bus_peers_new(struct od_bus_peers **ret)
{
	struct od_bus_peers *peers = calloc(1, sizeof(*peers));

	if (!peers)
		return -ENOMEM;
	for (size_t i = 0; i < PEERS_MAX; i++)
		peers->peers[i].all = peers;
	*ret = peers;
	return 0;
}

static void peer_clear(struct peer *peer)
{
	struct waiter *waiter = peer->first, *next;

	for (; waiter; waiter = next) {
		next = waiter->next;
		free(waiter);
	}
	free(peer->name);
	*peer = (struct peer){ .all = peer->all };
}

void od_bus_peers_free(struct od_bus_peers *peers)
{
	if (!peers)
		return;
	for (size_t i = 0; i < PEERS_MAX; i++)
		peer_clear(&peers->peers[i]);
	free(peers);
}

static struct peer *peers_find(struct od_bus_peers *peers, const char *name)
{
	for (size_t i = 0; i < PEERS_MAX; i++)
		if (peers->peers[i].name && strcmp(peers->peers[i].name, name) == 0) {
			peers->peers[i].used = ++peers->uses;
			return &peers->peers[i];
		}
	return NULL;
}

/* A free place, or the one not used for longest; NULL when all are being asked about. */
static struct peer *peers_place(struct od_bus_peers *peers)
{
	struct peer *oldest = NULL;

	for (size_t i = 0; i < PEERS_MAX; i++) {
		struct peer *peer = &peers->peers[i];

		if (!peer->name)
			return peer;
		if (!peer->asking && (!oldest || peer->used < oldest->used))
			oldest = peer;
	}
	return oldest;
}

static bool read_credentials(DBusMessage *reply, struct od_bus_peer *ret)
{
	DBusMessageIter dict;
	uint32_t uid, pid;

	if (dbus_message_get_type(reply) != DBUS_MESSAGE_TYPE_METHOD_RETURN ||
		!dbus_message_has_signature(reply, "a{sv}") ||
		!dbus_message_iter_init(reply, &dict))
		return false;
	uid = od_wire_get_uint32(&dict, "UnixUserID", (uint32_t) -1);
	pid = od_wire_get_uint32(&dict, "ProcessID", 0);
	if (uid == (uint32_t) -1 || pid == 0 || pid > INT32_MAX)
		return false;
	*ret = (struct od_bus_peer){ .known = true, .uid = uid, .pid = (pid_t) pid };
	return true;
}

/* Each waiter is told in the order they came; one may free nothing here but may ask again. */
static void tell_waiters(struct od_bus_peers *peers, struct waiter *waiter, struct od_bus_peer is)
{
	struct waiter *next;

	for (; waiter; waiter = next) {
		next = waiter->next;
		peers->waiting--;
		waiter->fn(waiter->userdata, &is);
		free(waiter);
	}
}

static void on_credentials(void *userdata, DBusMessage *reply)
{
	struct peer *peer = userdata;
	struct od_bus_peers *peers = peer->all;
	struct waiter *waiters = peer->first;
	struct od_bus_peer is = { 0 };

	peer->first = NULL;
	peer->last = &peer->first;
	peer->asking = false;
	if (read_credentials(reply, &is))
		peer->is = is;
	else
		peer_clear(peer); /* gone, most likely: nobody asks again */
	tell_waiters(peers, waiters, is);
}

static int ask(struct od_bus *bus, struct peer *peer)
{
	DBusMessage *call = dbus_message_new_method_call(
		DBUS_SERVICE_DBUS, DBUS_PATH_DBUS, DBUS_INTERFACE_DBUS, "GetConnectionCredentials");
	int r = -ENOMEM;

	if (!call)
		return -ENOMEM;
	if (dbus_message_append_args(call, DBUS_TYPE_STRING, &peer->name, DBUS_TYPE_INVALID))
		r = od_bus_call(bus, call, PEER_TIMEOUT_MS, on_credentials, peer, NULL);
	dbus_message_unref(call);
	return r;
}

static int peer_wait(
	struct od_bus_peers *peers, struct peer *peer, od_bus_peer_fn fn, void *userdata)
{
	struct waiter *waiter;

	if (peers->waiting >= WAITERS_MAX)
		return OD_E_LIMIT;
	waiter = malloc(sizeof(*waiter));
	if (!waiter)
		return -ENOMEM;
	*waiter = (struct waiter){ .fn = fn, .userdata = userdata };
	*peer->last = waiter;
	peer->last = &waiter->next;
	peers->waiting++;
	return 0;
}

static int peer_add(struct od_bus *bus, const char *name, od_bus_peer_fn fn, void *userdata)
{
	struct peer *peer = peers_place(bus->peers);
	int r;

	if (!peer)
		return OD_E_LIMIT;
	peer_clear(peer);
	peer->last = &peer->first;
	peer->used = ++bus->peers->uses;
	peer->name = strdup(name);
	r = peer->name ? peer_wait(bus->peers, peer, fn, userdata) : -ENOMEM;
	if (r == 0) {
		r = ask(bus, peer);
		if (r != 0)
			bus->peers->waiting--;
	}
	if (r != 0)
		peer_clear(peer);
	else
		peer->asking = true;
	return r;
}

int od_bus_peer(struct od_bus *bus, const char *unique_name, od_bus_peer_fn fn, void *userdata)
{
	struct peer *peer;
	struct od_bus_peer is;

	if (unique_name[0] != ':' || strlen(unique_name) > NAME_MAX_)
		return -EINVAL;
	peer = peers_find(bus->peers, unique_name);
	if (!peer)
		return peer_add(bus, unique_name, fn, userdata);
	if (peer->asking)
		return peer_wait(bus->peers, peer, fn, userdata);
	is = peer->is;
	fn(userdata, &is);
	return 0;
}

const struct od_bus_peer *od_bus_peer_cached(struct od_bus *bus, const char *unique_name)
{
	struct peer *peer = peers_find(bus->peers, unique_name);

	return peer && !peer->asking ? &peer->is : NULL;
}

bool od_bus_peer_runs(pid_t pid, const char *path)
{
	char link[64];
	struct stat running, installed;

	if (pid <= 0)
		return false;
	(void) snprintf(link, sizeof(link), "/proc/%d/exe", (int) pid);
	return stat(link, &running) == 0 && stat(path, &installed) == 0 &&
	       running.st_dev == installed.st_dev && running.st_ino == installed.st_ino;
}

// SPDX-License-Identifier: GPL-3.0-or-later
// What happens to networks, pools, devices of the host and secrets.
#include <libvirt/libvirt.h>

#include "virt/event_source.h"
#include "virt/kinds.h"
#include "virt/words.h"

static void post_change(void *data, const char *name, const char *what)
{
	struct event *event = event_new(name, ": %s\n", what);

	event_set(event, "change", value_text(what));
	event_post(data, event);
}

// The callbacks of one kind of object: of its life, and of what has no more to tell than that it
// happened. virsh names secrets by their UUID.
// clang-format off
#define CALLBACKS(kind_, type_, name_, ...) \
	static void kind_##_changed(virConnectPtr connection, type_ object, int change, int detail, \
				    void *data) \
	{ \
		static const char *const changes[] = {__VA_ARGS__}; \
		char uuid[VIR_UUID_STRING_BUFLEN] = ""; \
		(void)connection; (void)detail; (void)uuid; \
		post_change(data, name_, WORD(changes, change, "unknown")); \
	} \
	static int kind_##_begin(virConnectPtr connection, void *object, int id, \
				 void (*callback)(void), void *data, virFreeCallback release)

#define PLAIN(kind_, type_, name_) \
	static void kind_##_plain(virConnectPtr connection, type_ object, void *data) \
	{ \
		char uuid[VIR_UUID_STRING_BUFLEN] = ""; \
		(void)connection; (void)uuid; \
		event_post(data, event_new(name_, "\n")); \
	}

#define SECRET_NAME (virSecretGetUUIDString(object, uuid), uuid)
#define LIFE(kind_) {"lifecycle", 0, (void (*)(void))kind_##_changed}
#define FAMILY(kind_, noun_, row_, begin_, end_) \
	const struct event_family row_##_events = {.kind = &(kind_), .noun = (noun_), \
		.kinds = row_##_kinds, .begin = (begin_), .end = (end_)}
// clang-format on

CALLBACKS(network, virNetworkPtr, virNetworkGetName(object), "Defined", "Undefined", "Started",
	  "Stopped")
{
	return virConnectNetworkEventRegisterAny(
		connection, object, id, VIR_NETWORK_EVENT_CALLBACK(callback), data, release);
}

CALLBACKS(pool, virStoragePoolPtr, virStoragePoolGetName(object), "Defined", "Undefined", "Started",
	  "Stopped", "Created", "Deleted")
{
	return virConnectStoragePoolEventRegisterAny(
		connection, object, id, VIR_STORAGE_POOL_EVENT_CALLBACK(callback), data, release);
}
PLAIN(pool, virStoragePoolPtr, virStoragePoolGetName(object))

CALLBACKS(device, virNodeDevicePtr, virNodeDeviceGetName(object), "Created", "Deleted", "Defined",
	  "Undefined")
{
	return virConnectNodeDeviceEventRegisterAny(
		connection, object, id, VIR_NODE_DEVICE_EVENT_CALLBACK(callback), data, release);
}
PLAIN(device, virNodeDevicePtr, virNodeDeviceGetName(object))

CALLBACKS(secret, virSecretPtr, SECRET_NAME, "Defined", "Undefined")
{
	return virConnectSecretEventRegisterAny(connection, object, id,
						VIR_SECRET_EVENT_CALLBACK(callback), data, release);
}
PLAIN(secret, virSecretPtr, SECRET_NAME)

#if LIBVIR_CHECK_VERSION(9, 8, 0)
static void network_metadata(virConnectPtr connection, virNetworkPtr network, int type,
			     const char *uri, void *data)
{
	(void)connection;
	event_post(data, event_metadata(virNetworkGetName(network), type, uri));
}
#endif

static const struct event_kind network_kinds[] = {
	LIFE(network),
#if LIBVIR_CHECK_VERSION(9, 8, 0)
	{"metadata-change", VIR_NETWORK_EVENT_ID_METADATA_CHANGE, (void (*)(void))network_metadata},
#endif
	{0}};
static const struct event_kind pool_kinds[] = {
	LIFE(pool),
	{"refresh", VIR_STORAGE_POOL_EVENT_ID_REFRESH, (void (*)(void))pool_plain},
	{0}};
static const struct event_kind device_kinds[] = {
	LIFE(device),
	{"update", VIR_NODE_DEVICE_EVENT_ID_UPDATE, (void (*)(void))device_plain},
	{0}};
static const struct event_kind secret_kinds[] = {
	LIFE(secret),
	{"value-changed", VIR_SECRET_EVENT_ID_VALUE_CHANGED, (void (*)(void))secret_plain},
	{0}};

FAMILY(kind_network, "network", network, network_begin, virConnectNetworkEventDeregisterAny);
FAMILY(kind_pool, "storage pool", pool, pool_begin, virConnectStoragePoolEventDeregisterAny);
FAMILY(kind_nodedev, "node device", device, device_begin, virConnectNodeDeviceEventDeregisterAny);
FAMILY(kind_secret, "secret", secret, secret_begin, virConnectSecretEventDeregisterAny);

// SPDX-License-Identifier: GPL-3.0-or-later
// libvirt objects that free themselves at the end of their scope.
#pragma once

#include <libvirt/libvirt.h>
#include <stdlib.h>

#define VIRT_CLEANUP(name_, type_, free_)                                                          \
	static inline void cleanup_##name_(type_ *object)                                          \
	{                                                                                          \
		if (*object)                                                                       \
			free_(*object);                                                            \
	}

VIRT_CLEANUP(connection, virConnectPtr, virConnectClose)
VIRT_CLEANUP(domain, virDomainPtr, virDomainFree)
VIRT_CLEANUP(stream, virStreamPtr, virStreamFree)
VIRT_CLEANUP(pool, virStoragePoolPtr, virStoragePoolFree)
VIRT_CLEANUP(volume, virStorageVolPtr, virStorageVolFree)
VIRT_CLEANUP(network, virNetworkPtr, virNetworkFree)
VIRT_CLEANUP(snapshot, virDomainSnapshotPtr, virDomainSnapshotFree)

#define auto_connection __attribute__((cleanup(cleanup_connection)))
#define auto_domain __attribute__((cleanup(cleanup_domain)))
#define auto_stream __attribute__((cleanup(cleanup_stream)))
#define auto_pool __attribute__((cleanup(cleanup_pool)))
#define auto_volume __attribute__((cleanup(cleanup_volume)))
#define auto_snapshot __attribute__((cleanup(cleanup_snapshot)))
#define auto_network __attribute__((cleanup(cleanup_network)))

// The arrays that virConnectListAll...() gives: ended by NULL.
static inline void cleanup_domains(virDomainPtr **domains)
{
	for (virDomainPtr *d = *domains; d && *d; d++)
		virDomainFree(*d);
	free(*domains);
}
#define auto_domains __attribute__((cleanup(cleanup_domains)))

static inline void cleanup_snapshots(virDomainSnapshotPtr **snapshots)
{
	for (virDomainSnapshotPtr *s = *snapshots; s && *s; s++)
		virDomainSnapshotFree(*s);
	free(*snapshots);
}
#define auto_snapshots __attribute__((cleanup(cleanup_snapshots)))

static inline void cleanup_pools(virStoragePoolPtr **pools)
{
	for (virStoragePoolPtr *p = *pools; p && *p; p++)
		virStoragePoolFree(*p);
	free(*pools);
}
#define auto_pools __attribute__((cleanup(cleanup_pools)))

static inline void cleanup_networks(virNetworkPtr **networks)
{
	for (virNetworkPtr *n = *networks; n && *n; n++)
		virNetworkFree(*n);
	free(*networks);
}
#define auto_networks __attribute__((cleanup(cleanup_networks)))

static inline void cleanup_volumes(virStorageVolPtr **volumes)
{
	for (virStorageVolPtr *v = *volumes; v && *v; v++)
		virStorageVolFree(*v);
	free(*volumes);
}
#define auto_volumes __attribute__((cleanup(cleanup_volumes)))

static inline void cleanup_domain_stats(virDomainStatsRecordPtr **records)
{
	if (*records)
		virDomainStatsRecordListFree(*records);
}
#define auto_domain_stats __attribute__((cleanup(cleanup_domain_stats)))

// SPDX-License-Identifier: GPL-3.0-or-later
// The kinds whose objects are in another one.
#include <libvirt/virterror.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "virt/cleanup.h"
#include "virt/hints.h"
#include "virt/kind_rows.h"
#include "virt/kinds.h"

UUID_FUNCTIONS(port, virNetworkPortGetUUIDString)
XML_FUNCTIONS(port, virNetworkPortGetXMLDesc)
RELEASE_FUNCTIONS(port, virNetworkPortFree)
LIST_WITHIN_FUNCTION(port, virNetworkPortPtr, virNetworkListAllPorts)

static void *port_by_name(virConnectPtr c, void *within, const char *name)
{
	(void)c;
	return virNetworkPortLookupByUUIDString(within, name);
}

const struct kind kind_port = {
	.noun = "network port",
	.title = "Network port",
	.command = "net-port-list",
	.missing = VIR_ERR_NO_NETWORK_PORT,
	.within = &kind_network,
	.within_option = "network",
	.by_name = port_by_name,
	.list = port_list,
	.uuid = port_uuid,
	.xml = port_xml,
	.release = port_release,
};

NAMED_FUNCTIONS(volume, virStorageVolGetName)
XML_FUNCTIONS(volume, virStorageVolGetXMLDesc)
RELEASE_FUNCTIONS(volume, virStorageVolFree)
LIST_WITHIN_FUNCTION(volume, virStorageVolPtr, virStoragePoolListAllVolumes)

static void *volume_by_name(virConnectPtr connection, void *within, const char *name)
{
	(void)connection;
	return within ? virStorageVolLookupByName(within, name) : NULL;
}

// By its key or path, in whatever pool.
static virStorageVolPtr volume_anywhere(virConnectPtr connection, const char *name)
{
	virStorageVolPtr volume = virStorageVolLookupByKey(connection, name);

	return volume ? volume : virStorageVolLookupByPath(connection, name);
}

static void *volume_by_other(virConnectPtr connection, void *within, const char *name)
{
	auto_volume virStorageVolPtr volume = volume_anywhere(connection, name);
	auto_pool virStoragePoolPtr pool = NULL;

	if (!volume || !within)
		return take(&volume);
	pool = virStoragePoolLookupByVolume(volume);
	return pool && text_equal(virStoragePoolGetName(pool), virStoragePoolGetName(within))
		       ? take(&volume)
		       : NULL;
}

// Fails where another pool has it.
static int check_elsewhere(virConnectPtr connection, virStoragePoolPtr within, const char *name,
			   struct error *err)
{
	auto_volume virStorageVolPtr volume = volume_anywhere(connection, name);
	auto_pool virStoragePoolPtr pool = volume ? virStoragePoolLookupByVolume(volume) : NULL;

	if (!pool)
		return 0;
	return error_set(err, STATUS_NOT_FOUND, "it is in pool '%s', not in '%s'",
			 virStoragePoolGetName(pool), virStoragePoolGetName(within));
}

// A pool knows the volumes that were there when it was started or refreshed last.
static int volume_renew(virConnectPtr connection, void *within, const char *name, struct error *err)
{
	auto_pool virStoragePoolPtr found = NULL;
	auto_free char *directory = NULL;
	virStoragePoolPtr pool = within;

	if (!pool && *name == '/') {
		directory = file_directory(name);
		pool = found = virStoragePoolLookupByTargetPath(connection, directory);
	}
	if (!pool)
		return 0;
	if (virStoragePoolIsActive(pool) == 0) {
		error_set(err, STATUS_CONFLICT, "pool '%s' is not active",
			  virStoragePoolGetName(pool));
		return pool_hint(err, pool);
	}
	if (within && check_elsewhere(connection, within, name, err) < 0)
		return -1;
	if (virStoragePoolRefresh(pool, 0) == 0)
		return 1;
	if (virt_failed_with(VIR_ERR_OPERATION_DENIED))
		return 0;
	return virt_failure(err, "cannot refresh pool '%s'", virStoragePoolGetName(pool));
}

const struct kind kind_volume = {
	.noun = "vol",
	.title = "Vol",
	.command = "vol-list",
	.missing = VIR_ERR_NO_STORAGE_VOL,
	.within = &kind_pool,
	.within_option = "pool",
	.within_optional = true,
	.by_name = volume_by_name,
	.by_other = volume_by_other,
	.other = "key or path",
	.renew = volume_renew,
	.list = volume_list,
	.name = volume_name,
	.xml = volume_xml,
	.release = volume_release,
};

NAMED_FUNCTIONS(snapshot, virDomainSnapshotGetName)
XML_FUNCTIONS(snapshot, virDomainSnapshotGetXMLDesc)
RELEASE_FUNCTIONS(snapshot, virDomainSnapshotFree)
WITHIN_FUNCTION(snapshot, virDomainSnapshotLookupByName)
LIST_WITHIN_FUNCTION(snapshot, virDomainSnapshotPtr, virDomainListAllSnapshots)
DEFINE_WITHIN_FUNCTION(snapshot, virDomainSnapshotCreateXML)
DESCENT_FUNCTIONS(snapshot, virDomainSnapshotPtr, virDomainSnapshotGetParent,
		  virDomainSnapshotListAllChildren)

static void *snapshot_current(void *within)
{
	return virDomainSnapshotCurrent(within, 0);
}

const struct kind kind_snapshot = {
	.noun = "snapshot",
	.title = "Domain snapshot",
	.command = "snapshot-list",
	.missing = VIR_ERR_NO_DOMAIN_SNAPSHOT,
	.within = &kind_domain,
	.within_option = "domain",
	.by_name = snapshot_by_name,
	.list = snapshot_list,
	.parent = snapshot_parent,
	.children = snapshot_children,
	.current = snapshot_current,
	.name = snapshot_name,
	.xml = snapshot_xml,
	.define = snapshot_define,
	.release = snapshot_release,
};

NAMED_FUNCTIONS(checkpoint, virDomainCheckpointGetName)
XML_FUNCTIONS(checkpoint, virDomainCheckpointGetXMLDesc)
RELEASE_FUNCTIONS(checkpoint, virDomainCheckpointFree)
WITHIN_FUNCTION(checkpoint, virDomainCheckpointLookupByName)
LIST_WITHIN_FUNCTION(checkpoint, virDomainCheckpointPtr, virDomainListAllCheckpoints)
DEFINE_WITHIN_FUNCTION(checkpoint, virDomainCheckpointCreateXML)
DESCENT_FUNCTIONS(checkpoint, virDomainCheckpointPtr, virDomainCheckpointGetParent,
		  virDomainCheckpointListAllChildren)

const struct kind kind_checkpoint = {
	.noun = "checkpoint",
	.title = "Domain checkpoint",
	.command = "checkpoint-list",
	.missing = VIR_ERR_NO_DOMAIN_CHECKPOINT,
	.within = &kind_domain,
	.within_option = "domain",
	.by_name = checkpoint_by_name,
	.list = checkpoint_list,
	.parent = checkpoint_parent,
	.children = checkpoint_children,
	.name = checkpoint_name,
	.xml = checkpoint_xml,
	.define = checkpoint_define,
	.release = checkpoint_release,
};

// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/kinds.h"

#include <libvirt/virterror.h>
#include <stddef.h>

// libvirt's functions take pointers of their own types; these take any object.
// clang-format off
#define NAMED_FUNCTIONS(kind_, name_) \
	static const char *kind_##_name(void *object) { return name_(object); }
#define UUID_FUNCTIONS(kind_, uuid_) \
	static int kind_##_uuid(void *object, char *uuid) { return uuid_(object, uuid); }
#define XML_FUNCTIONS(kind_, xml_) \
	static char *kind_##_xml(void *object, unsigned flags) { return xml_(object, flags); }
#define RELEASE_FUNCTIONS(kind_, free_) \
	static void kind_##_release(void *object) { free_(object); }
#define BY_UUID_FUNCTION(kind_, find_) \
	static void *kind_##_by_uuid(virConnectPtr c, const char *uuid) { return find_(c, uuid); }
#define BY_NAME_FUNCTION(kind_, find_) \
	static void *kind_##_by_name(virConnectPtr c, void *within, const char *name) \
	{ (void)within; return find_(c, name); }
#define WITHIN_FUNCTION(kind_, find_) \
	static void *kind_##_by_name(virConnectPtr c, void *within, const char *name) \
	{ (void)c; return find_(within, name, 0); }
#define LIST_FUNCTION(kind_, type_, list_) \
	static int kind_##_list(virConnectPtr c, void *within, void ***objects, unsigned flags) \
	{ (void)within; type_ *list = NULL; int count = list_(c, &list, flags); \
	  *objects = (void **)list; return count; }
#define LIST_WITHIN_FUNCTION(kind_, type_, list_) \
	static int kind_##_list(virConnectPtr c, void *within, void ***objects, unsigned flags) \
	{ (void)c; type_ *list = NULL; int count = list_(within, &list, flags); \
	  *objects = (void **)list; return count; }
#define DEFINE_FUNCTION(kind_, call_) \
	static void *kind_##_define(virConnectPtr c, void *within, const char *xml, unsigned flags) \
	{ (void)c; (void)within; (void)flags; return call_; }
#define AUTOSTART_FUNCTIONS(kind_, get_, set_) \
	static int kind_##_get_autostart(void *object, int *on) { return get_(object, on); } \
	static int kind_##_set_autostart(void *object, int on) { return set_(object, on); }
// clang-format on

NAMED_FUNCTIONS(domain, virDomainGetName)
UUID_FUNCTIONS(domain, virDomainGetUUIDString)
XML_FUNCTIONS(domain, virDomainGetXMLDesc)
RELEASE_FUNCTIONS(domain, virDomainFree)
BY_UUID_FUNCTION(domain, virDomainLookupByUUIDString)
BY_NAME_FUNCTION(domain, virDomainLookupByName)
LIST_FUNCTION(domain, virDomainPtr, virConnectListAllDomains)
DEFINE_FUNCTION(domain, virDomainDefineXMLFlags(c, xml, flags))
AUTOSTART_FUNCTIONS(domain, virDomainGetAutostart, virDomainSetAutostart)

static void *domain_by_id(virConnectPtr connection, int id)
{
	return virDomainLookupByID(connection, id);
}

const struct kind kind_domain = {
	.noun = "domain",
	.title = "Domain",
	.command = "list --all",
	.missing = VIR_ERR_NO_DOMAIN,
	.quoted = true,
	.by_id = domain_by_id,
	.by_uuid = domain_by_uuid,
	.by_name = domain_by_name,
	.list = domain_list,
	.active = VIR_CONNECT_LIST_DOMAINS_ACTIVE,
	.inactive = VIR_CONNECT_LIST_DOMAINS_INACTIVE,
	.name = domain_name,
	.uuid = domain_uuid,
	.xml = domain_xml,
	.define = domain_define,
	.get_autostart = domain_get_autostart,
	.set_autostart = domain_set_autostart,
	.release = domain_release,
};

NAMED_FUNCTIONS(network, virNetworkGetName)
UUID_FUNCTIONS(network, virNetworkGetUUIDString)
XML_FUNCTIONS(network, virNetworkGetXMLDesc)
RELEASE_FUNCTIONS(network, virNetworkFree)
BY_UUID_FUNCTION(network, virNetworkLookupByUUIDString)
BY_NAME_FUNCTION(network, virNetworkLookupByName)
LIST_FUNCTION(network, virNetworkPtr, virConnectListAllNetworks)
DEFINE_FUNCTION(network,
		flags ? virNetworkDefineXMLFlags(c, xml, flags) : virNetworkDefineXML(c, xml))
AUTOSTART_FUNCTIONS(network, virNetworkGetAutostart, virNetworkSetAutostart)

const struct kind kind_network = {
	.noun = "network",
	.title = "Network",
	.command = "net-list --all",
	.missing = VIR_ERR_NO_NETWORK,
	.by_uuid = network_by_uuid,
	.by_name = network_by_name,
	.list = network_list,
	.active = VIR_CONNECT_LIST_NETWORKS_ACTIVE,
	.inactive = VIR_CONNECT_LIST_NETWORKS_INACTIVE,
	.name = network_name,
	.uuid = network_uuid,
	.xml = network_xml,
	.define = network_define,
	.get_autostart = network_get_autostart,
	.set_autostart = network_set_autostart,
	.release = network_release,
};

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

NAMED_FUNCTIONS(pool, virStoragePoolGetName)
UUID_FUNCTIONS(pool, virStoragePoolGetUUIDString)
XML_FUNCTIONS(pool, virStoragePoolGetXMLDesc)
RELEASE_FUNCTIONS(pool, virStoragePoolFree)
BY_UUID_FUNCTION(pool, virStoragePoolLookupByUUIDString)
BY_NAME_FUNCTION(pool, virStoragePoolLookupByName)
LIST_FUNCTION(pool, virStoragePoolPtr, virConnectListAllStoragePools)
DEFINE_FUNCTION(pool, virStoragePoolDefineXML(c, xml, flags))
AUTOSTART_FUNCTIONS(pool, virStoragePoolGetAutostart, virStoragePoolSetAutostart)

const struct kind kind_pool = {
	.noun = "pool",
	.title = "Pool",
	.command = "pool-list --all",
	.missing = VIR_ERR_NO_STORAGE_POOL,
	.by_uuid = pool_by_uuid,
	.by_name = pool_by_name,
	.list = pool_list,
	.active = VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE,
	.inactive = VIR_CONNECT_LIST_STORAGE_POOLS_INACTIVE,
	.name = pool_name,
	.uuid = pool_uuid,
	.xml = pool_xml,
	.define = pool_define,
	.get_autostart = pool_get_autostart,
	.set_autostart = pool_set_autostart,
	.release = pool_release,
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

static void *volume_by_other(virConnectPtr connection, void *within, const char *name)
{
	virStorageVolPtr volume = virStorageVolLookupByKey(connection, name);

	(void)within;
	return volume ? volume : virStorageVolLookupByPath(connection, name);
}

const struct kind kind_volume = {
	.noun = "vol",
	.title = "Vol",
	.command = "vol-list POOL",
	.missing = VIR_ERR_NO_STORAGE_VOL,
	.within = &kind_pool,
	.within_option = "pool",
	.within_optional = true,
	.by_name = volume_by_name,
	.by_other = volume_by_other,
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

const struct kind kind_snapshot = {
	.noun = "snapshot",
	.title = "Domain snapshot",
	.command = "snapshot-list",
	.missing = VIR_ERR_NO_DOMAIN_SNAPSHOT,
	.within = &kind_domain,
	.within_option = "domain",
	.by_name = snapshot_by_name,
	.list = snapshot_list,
	.name = snapshot_name,
	.xml = snapshot_xml,
	.release = snapshot_release,
};

NAMED_FUNCTIONS(checkpoint, virDomainCheckpointGetName)
XML_FUNCTIONS(checkpoint, virDomainCheckpointGetXMLDesc)
RELEASE_FUNCTIONS(checkpoint, virDomainCheckpointFree)
WITHIN_FUNCTION(checkpoint, virDomainCheckpointLookupByName)
LIST_WITHIN_FUNCTION(checkpoint, virDomainCheckpointPtr, virDomainListAllCheckpoints)

const struct kind kind_checkpoint = {
	.noun = "checkpoint",
	.title = "Domain checkpoint",
	.command = "checkpoint-list",
	.missing = VIR_ERR_NO_DOMAIN_CHECKPOINT,
	.within = &kind_domain,
	.within_option = "domain",
	.by_name = checkpoint_by_name,
	.list = checkpoint_list,
	.name = checkpoint_name,
	.xml = checkpoint_xml,
	.release = checkpoint_release,
};

NAMED_FUNCTIONS(interface, virInterfaceGetName)
XML_FUNCTIONS(interface, virInterfaceGetXMLDesc)
RELEASE_FUNCTIONS(interface, virInterfaceFree)
BY_NAME_FUNCTION(interface, virInterfaceLookupByName)
LIST_FUNCTION(interface, virInterfacePtr, virConnectListAllInterfaces)
DEFINE_FUNCTION(interface, virInterfaceDefineXML(c, xml, flags))

static void *interface_by_other(virConnectPtr connection, void *within, const char *name)
{
	(void)within;
	return virInterfaceLookupByMACString(connection, name);
}

const struct kind kind_interface = {
	.noun = "interface",
	.title = "Interface",
	.command = "iface-list --all",
	.missing = VIR_ERR_NO_INTERFACE,
	.by_name = interface_by_name,
	.by_other = interface_by_other,
	.list = interface_list,
	.active = VIR_CONNECT_LIST_INTERFACES_ACTIVE,
	.inactive = VIR_CONNECT_LIST_INTERFACES_INACTIVE,
	.name = interface_name,
	.xml = interface_xml,
	.define = interface_define,
	.release = interface_release,
};

NAMED_FUNCTIONS(nodedev, virNodeDeviceGetName)
XML_FUNCTIONS(nodedev, virNodeDeviceGetXMLDesc)
RELEASE_FUNCTIONS(nodedev, virNodeDeviceFree)
BY_NAME_FUNCTION(nodedev, virNodeDeviceLookupByName)
LIST_FUNCTION(nodedev, virNodeDevicePtr, virConnectListAllNodeDevices)
DEFINE_FUNCTION(nodedev, virNodeDeviceDefineXML(c, xml, flags))

static int nodedev_get_autostart(void *object, int *on)
{
	return virNodeDeviceGetAutostart(object, on);
}

static int nodedev_set_autostart(void *object, int on)
{
	return virNodeDeviceSetAutostart(object, on);
}

// "WWNN,WWPN" of a Fibre Channel adapter.
static void *nodedev_by_other(virConnectPtr connection, void *within, const char *name)
{
	char node[32];
	int length = 0;

	(void)within;
	while (name[length] && name[length] != ',' && length < (int)sizeof(node) - 1) {
		node[length] = name[length];
		length++;
	}
	node[length] = '\0';
	if (name[length] != ',')
		return NULL;
	return virNodeDeviceLookupSCSIHostByWWN(connection, node, name + length + 1, 0);
}

const struct kind kind_nodedev = {
	.noun = "node device",
	.title = "Node device",
	.command = "nodedev-list",
	.missing = VIR_ERR_NO_NODE_DEVICE,
	.quoted = true,
	.by_name = nodedev_by_name,
	.by_other = nodedev_by_other,
	.list = nodedev_list,
	.active = VIR_CONNECT_LIST_NODE_DEVICES_ACTIVE,
	.inactive = VIR_CONNECT_LIST_NODE_DEVICES_INACTIVE,
	.name = nodedev_name,
	.xml = nodedev_xml,
	.define = nodedev_define,
	.get_autostart = nodedev_get_autostart,
	.set_autostart = nodedev_set_autostart,
	.release = nodedev_release,
};

NAMED_FUNCTIONS(nwfilter, virNWFilterGetName)
UUID_FUNCTIONS(nwfilter, virNWFilterGetUUIDString)
XML_FUNCTIONS(nwfilter, virNWFilterGetXMLDesc)
RELEASE_FUNCTIONS(nwfilter, virNWFilterFree)
BY_UUID_FUNCTION(nwfilter, virNWFilterLookupByUUIDString)
BY_NAME_FUNCTION(nwfilter, virNWFilterLookupByName)
LIST_FUNCTION(nwfilter, virNWFilterPtr, virConnectListAllNWFilters)
DEFINE_FUNCTION(nwfilter,
		flags ? virNWFilterDefineXMLFlags(c, xml, flags) : virNWFilterDefineXML(c, xml))

const struct kind kind_nwfilter = {
	.noun = "nwfilter",
	.title = "Network filter",
	.command = "nwfilter-list",
	.missing = VIR_ERR_NO_NWFILTER,
	.by_uuid = nwfilter_by_uuid,
	.by_name = nwfilter_by_name,
	.list = nwfilter_list,
	.name = nwfilter_name,
	.uuid = nwfilter_uuid,
	.xml = nwfilter_xml,
	.define = nwfilter_define,
	.release = nwfilter_release,
};

NAMED_FUNCTIONS(binding, virNWFilterBindingGetPortDev)
XML_FUNCTIONS(binding, virNWFilterBindingGetXMLDesc)
RELEASE_FUNCTIONS(binding, virNWFilterBindingFree)
BY_NAME_FUNCTION(binding, virNWFilterBindingLookupByPortDev)
LIST_FUNCTION(binding, virNWFilterBindingPtr, virConnectListAllNWFilterBindings)

const struct kind kind_binding = {
	.noun = "nwfilter binding",
	.title = "Network filter binding",
	.command = "nwfilter-binding-list",
	.missing = VIR_ERR_NO_NWFILTER_BINDING,
	.by_name = binding_by_name,
	.list = binding_list,
	.name = binding_name,
	.xml = binding_xml,
	.release = binding_release,
};

UUID_FUNCTIONS(secret, virSecretGetUUIDString)
XML_FUNCTIONS(secret, virSecretGetXMLDesc)
RELEASE_FUNCTIONS(secret, virSecretFree)
BY_UUID_FUNCTION(secret, virSecretLookupByUUIDString)
LIST_FUNCTION(secret, virSecretPtr, virConnectListAllSecrets)
DEFINE_FUNCTION(secret, virSecretDefineXML(c, xml, flags))

static const char *secret_name(void *object)
{
	return virSecretGetUsageID(object);
}

const struct kind kind_secret = {
	.noun = "secret",
	.title = "Secret",
	.command = "secret-list",
	.missing = VIR_ERR_NO_SECRET,
	.by_uuid = secret_by_uuid,
	.list = secret_list,
	.name = secret_name,
	.uuid = secret_uuid,
	.xml = secret_xml,
	.define = secret_define,
	.release = secret_release,
};

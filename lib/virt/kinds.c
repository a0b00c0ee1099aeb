// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/kinds.h"

#include <ctype.h>
#include <libvirt/virterror.h>
#include <stddef.h>

#include "virt/kind_rows.h"

NAMED_FUNCTIONS(domain, virDomainGetName)
UUID_FUNCTIONS(domain, virDomainGetUUIDString)
XML_FUNCTIONS(domain, virDomainGetXMLDesc)
RELEASE_FUNCTIONS(domain, virDomainFree)
BY_UUID_FUNCTION(domain, virDomainLookupByUUIDString)
BY_NAME_FUNCTION(domain, virDomainLookupByName)
LIST_FUNCTION(domain, virDomainPtr, virConnectListAllDomains)
DEFINE_FUNCTION(domain, virDomainDefineXMLFlags(c, xml, flags))
AUTOSTART_FUNCTIONS(domain, virDomainGetAutostart, virDomainSetAutostart)
METADATA_FUNCTIONS(domain, virDomainGetMetadata, virDomainSetMetadata)

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
	.get_metadata = domain_get_metadata,
	.set_metadata = domain_set_metadata,
	.no_metadata = VIR_ERR_NO_DOMAIN_METADATA,
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
#if LIBVIR_CHECK_VERSION(9, 7, 0)
METADATA_FUNCTIONS(network, virNetworkGetMetadata, virNetworkSetMetadata)
#endif

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
#if LIBVIR_CHECK_VERSION(9, 7, 0)
	.get_metadata = network_get_metadata,
	.set_metadata = network_set_metadata,
	.no_metadata = VIR_ERR_NO_NETWORK_METADATA,
#endif
	.release = network_release,
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

NAMED_FUNCTIONS(interface, virInterfaceGetName)
XML_FUNCTIONS(interface, virInterfaceGetXMLDesc)
RELEASE_FUNCTIONS(interface, virInterfaceFree)
BY_NAME_FUNCTION(interface, virInterfaceLookupByName)
LIST_FUNCTION(interface, virInterfacePtr, virConnectListAllInterfaces)
DEFINE_FUNCTION(interface, virInterfaceDefineXML(c, xml, flags))

// Six numbers of one or two hexadecimal digits, as libvirt reads an address.
static bool is_mac(const char *name)
{
	unsigned char digits = 0, numbers = 1;

	for (; *name; name++)
		if (*name == ':' && digits) {
			numbers++;
			digits = 0;
		} else if (!isxdigit((unsigned char)*name) || ++digits > 2) {
			return false;
		}
	return digits && numbers == 6;
}

// A driver may take what is no address for that of an interface that has none.
static void *interface_by_other(virConnectPtr connection, void *within, const char *name)
{
	(void)within;
	return is_mac(name) ? virInterfaceLookupByMACString(connection, name) : NULL;
}

const struct kind kind_interface = {
	.noun = "interface",
	.title = "Interface",
	.command = "iface-list --all",
	.missing = VIR_ERR_NO_INTERFACE,
	.by_name = interface_by_name,
	.by_other = interface_by_other,
	.other = "MAC address",
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
	.title = "Device",
	.command = "nodedev-list",
	.missing = VIR_ERR_NO_NODE_DEVICE,
	.by_name = nodedev_by_name,
	.by_other = nodedev_by_other,
	.other = "pair of names, as in WWNN,WWPN",
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

const struct kind kind_secret = {
	.noun = "secret",
	.title = "Secret",
	.command = "secret-list",
	.missing = VIR_ERR_NO_SECRET,
	.by_uuid = secret_by_uuid,
	.list = secret_list,
	.uuid = secret_uuid,
	.xml = secret_xml,
	.define = secret_define,
	.release = secret_release,
};

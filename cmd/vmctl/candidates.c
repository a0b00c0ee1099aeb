// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/candidates.h"

#include <libvirt/libvirt.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "cli/argument.h"
#include "cmd/vmctl/session.h"
#include "virt/cleanup.h"
#include "virt/lookup.h"
#include "xml/document.h"
#include "xml/path.h"

static void domains(struct call *call, unsigned flags, struct list *found)
{
	auto_domains virDomainPtr *list = NULL;

	if (virConnectListAllDomains(session_connection(call), &list, flags) < 0)
		return;
	for (virDomainPtr *domain = list; *domain; domain++)
		list_add(found, virDomainGetName(*domain));
}

void any_domains(struct call *call, struct list *found)
{
	domains(call, 0, found);
}

void active_domains(struct call *call, struct list *found)
{
	domains(call, VIR_CONNECT_LIST_DOMAINS_ACTIVE, found);
}

void inactive_domains(struct call *call, struct list *found)
{
	domains(call, VIR_CONNECT_LIST_DOMAINS_INACTIVE, found);
}

void running_domains(struct call *call, struct list *found)
{
	domains(call, VIR_CONNECT_LIST_DOMAINS_RUNNING, found);
}

void paused_domains(struct call *call, struct list *found)
{
	domains(call, VIR_CONNECT_LIST_DOMAINS_PAUSED, found);
}

void persistent_domains(struct call *call, struct list *found)
{
	domains(call, VIR_CONNECT_LIST_DOMAINS_PERSISTENT, found);
}

// Adds the value at PATH of each device of this kind that the named guest has.
static void devices(struct call *call, const char *kind, const char *path, struct list *found)
{
	auto_error struct error ignored = {0};
	const char *name = argument_text(call, "domain");
	auto_domain virDomainPtr domain = NULL;
	auto_free char *text = NULL;
	auto_xml struct xml *xml = NULL;
	const struct xml_element *list;

	if (name)
		domain = lookup_domain(session_connection(call), name, LOOKUP_ANY, &ignored);
	if (domain)
		text = virDomainGetXMLDesc(domain, 0);
	if (text)
		xml = xml_parse(text, "domain XML", &ignored);
	if (!xml)
		return;
	list = xml_child(xml_root(xml), "devices");
	for (struct xml_element *d = xml_child(list, kind); d; d = xml_next(d, kind)) {
		char *value = path_get(d, path);

		if (value)
			list_add_owned(found, value);
	}
}

void domain_disks(struct call *call, struct list *found)
{
	devices(call, "disk", "target/@dev", found);
}

void domain_interfaces(struct call *call, struct list *found)
{
	devices(call, "interface", "target/@dev", found);
	devices(call, "interface", "mac/@address", found);
}

static void pools(struct call *call, unsigned flags, struct list *found)
{
	auto_pools virStoragePoolPtr *list = NULL;

	if (virConnectListAllStoragePools(session_connection(call), &list, flags) < 0)
		return;
	for (virStoragePoolPtr *pool = list; *pool; pool++)
		list_add(found, virStoragePoolGetName(*pool));
}

void any_pools(struct call *call, struct list *found)
{
	pools(call, 0, found);
}

void active_pools(struct call *call, struct list *found)
{
	pools(call, VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE, found);
}

void inactive_pools(struct call *call, struct list *found)
{
	pools(call, VIR_CONNECT_LIST_STORAGE_POOLS_INACTIVE, found);
}

static void networks(struct call *call, unsigned flags, struct list *found)
{
	auto_networks virNetworkPtr *list = NULL;

	if (virConnectListAllNetworks(session_connection(call), &list, flags) < 0)
		return;
	for (virNetworkPtr *network = list; *network; network++)
		list_add(found, virNetworkGetName(*network));
}

void any_networks(struct call *call, struct list *found)
{
	networks(call, 0, found);
}

void active_networks(struct call *call, struct list *found)
{
	networks(call, VIR_CONNECT_LIST_NETWORKS_ACTIVE, found);
}

void inactive_networks(struct call *call, struct list *found)
{
	networks(call, VIR_CONNECT_LIST_NETWORKS_INACTIVE, found);
}

static void volumes_of(struct call *call, const char *name, struct list *found)
{
	auto_pool virStoragePoolPtr pool =
		virStoragePoolLookupByName(session_connection(call), name);
	auto_volumes virStorageVolPtr *volumes = NULL;

	if (!pool || virStoragePoolListAllVolumes(pool, &volumes, 0) < 0)
		return;
	for (virStorageVolPtr *volume = volumes; *volume; volume++)
		list_add(found, virStorageVolGetName(*volume));
}

void pool_volumes(struct call *call, struct list *found)
{
	const char *name = argument_text(call, "pool");
	auto_list struct list names = {0};

	if (name)
		list_add(&names, name);
	else
		active_pools(call, &names);
	for (size_t i = 0; i < names.count; i++)
		volumes_of(call, names.items[i], found);
}

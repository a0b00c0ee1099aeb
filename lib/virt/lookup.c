// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/lookup.h"

#include <libvirt/virterror.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/list.h"
#include "base/number.h"
#include "cli/suggest.h"
#include "virt/failure.h"

static virDomainPtr by_id(virConnectPtr connection, const char *name)
{
	auto_error struct error ignored = {0};
	long long id;

	if (number_parse(name, 0, INT_MAX, &id, &ignored) < 0)
		return NULL;
	return virDomainLookupByID(connection, (int)id);
}

static void hint_at_close_name(virConnectPtr connection, const char *name, struct error *err)
{
	virDomainPtr *domains = NULL;
	auto_list struct list names = {0};
	int count = virConnectListAllDomains(connection, &domains, 0);
	const char *close;

	for (int i = 0; i < count; i++) {
		list_add(&names, virDomainGetName(domains[i]));
		virDomainFree(domains[i]);
	}
	free(domains);
	close = suggest_name(&names, name);
	if (close)
		error_hint(err, "did you mean '%s'?", close);
	else
		error_hint(err, "vmctl list --all shows the guests there are");
}

virDomainPtr lookup_domain(virConnectPtr connection, const char *name, unsigned by,
			   struct error *err)
{
	virDomainPtr domain = NULL;

	if (by & LOOKUP_ID)
		domain = by_id(connection, name);
	if (!domain && by & LOOKUP_UUID && strlen(name) == VIR_UUID_STRING_BUFLEN - 1)
		domain = virDomainLookupByUUIDString(connection, name);
	if (!domain && by & LOOKUP_NAME)
		domain = virDomainLookupByName(connection, name);
	if (domain)
		return domain;
	// That it is not there says everything; libvirt has nothing to add.
	if (virGetLastErrorCode() == VIR_ERR_OK || virt_failed_with(VIR_ERR_NO_DOMAIN)) {
		error_set(err, STATUS_NOT_FOUND, "failed to get domain '%s'", name);
		hint_at_close_name(connection, name, err);
		return NULL;
	}
	virt_failure(err, "failed to get domain '%s'", name);
	return NULL;
}

virNetworkPtr lookup_network(virConnectPtr connection, const char *name, unsigned by,
			     struct error *err)
{
	virNetworkPtr network = NULL;

	virResetLastError();
	if (by & LOOKUP_UUID && strlen(name) == VIR_UUID_STRING_BUFLEN - 1)
		network = virNetworkLookupByUUIDString(connection, name);
	if (!network && by & LOOKUP_NAME)
		network = virNetworkLookupByName(connection, name);
	if (network)
		return network;
	// Where it was not asked for by name libvirt has said nothing.
	if (virGetLastErrorCode() == VIR_ERR_OK)
		error_set(err, STATUS_NOT_FOUND, "failed to get network '%s'", name);
	else
		virt_failure(err, "failed to get network '%s'", name);
	return NULL;
}

virStoragePoolPtr lookup_pool(virConnectPtr connection, const char *name, unsigned by,
			      struct error *err)
{
	virStoragePoolPtr pool = NULL;

	virResetLastError();
	if (by & LOOKUP_UUID && strlen(name) == VIR_UUID_STRING_BUFLEN - 1)
		pool = virStoragePoolLookupByUUIDString(connection, name);
	if (!pool && by & LOOKUP_NAME)
		pool = virStoragePoolLookupByName(connection, name);
	if (pool)
		return pool;
	// Where it was not asked for by name libvirt has said nothing.
	if (virGetLastErrorCode() == VIR_ERR_OK)
		error_set(err, STATUS_NOT_FOUND, "failed to get pool '%s'", name);
	else
		virt_failure(err, "failed to get pool '%s'", name);
	return NULL;
}

virStorageVolPtr lookup_volume(virConnectPtr connection, const char *name, virStoragePoolPtr pool,
			       struct error *err)
{
	virStorageVolPtr volume = pool ? virStorageVolLookupByName(pool, name) : NULL;

	if (!volume)
		volume = virStorageVolLookupByKey(connection, name);
	if (!volume)
		volume = virStorageVolLookupByPath(connection, name);
	if (volume)
		return volume;
	if (pool)
		virt_failure(err, "failed to get vol '%s'", name);
	else
		virt_failure(err, "failed to get vol '%s', specifying --pool might help", name);
	return NULL;
}

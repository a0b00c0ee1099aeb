// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/targets.h"

#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/session.h"
#include "virt/cleanup.h"
#include "virt/lookup.h"

static int find_domain(struct call *call, const char *name, unsigned by, void **object,
		       struct error *err)
{
	virDomainPtr domain = lookup_domain(session_connection(call), name, by, err);

	if (!domain)
		return -1;
	*object = domain;
	return 0;
}

static void free_domain(void *object)
{
	virDomainFree(object);
}

static int find_any(struct call *call, const char *name, void **object, struct error *err)
{
	return find_domain(call, name, LOOKUP_ANY, object, err);
}

static int find_by_name_or_uuid(struct call *call, const char *name, void **object,
				struct error *err)
{
	return find_domain(call, name, LOOKUP_NAME | LOOKUP_UUID, object, err);
}

static int find_by_id_or_uuid(struct call *call, const char *name, void **object, struct error *err)
{
	return find_domain(call, name, LOOKUP_ID | LOOKUP_UUID, object, err);
}

static int find_by_id_or_name(struct call *call, const char *name, void **object, struct error *err)
{
	return find_domain(call, name, LOOKUP_ID | LOOKUP_NAME, object, err);
}

const struct target target_any_domain = {"domain", find_any, free_domain};
const struct target target_domain_by_name_or_uuid = {"domain", find_by_name_or_uuid, free_domain};
const struct target target_domain_by_id_or_uuid = {"domain", find_by_id_or_uuid, free_domain};
const struct target target_domain_by_id_or_name = {"domain", find_by_id_or_name, free_domain};

static int find_network(struct call *call, const char *name, void **object, struct error *err)
{
	*object = lookup_network(session_connection(call), name, LOOKUP_NAME | LOOKUP_UUID, err);
	return *object ? 0 : -1;
}

static int find_network_by_name(struct call *call, const char *name, void **object,
				struct error *err)
{
	*object = lookup_network(session_connection(call), name, LOOKUP_NAME, err);
	return *object ? 0 : -1;
}

static int find_network_by_uuid(struct call *call, const char *name, void **object,
				struct error *err)
{
	*object = lookup_network(session_connection(call), name, LOOKUP_UUID, err);
	return *object ? 0 : -1;
}

static void free_network(void *object)
{
	virNetworkFree(object);
}

static int find_pool(struct call *call, const char *name, void **object, struct error *err)
{
	*object = lookup_pool(session_connection(call), name, LOOKUP_NAME | LOOKUP_UUID, err);
	return *object ? 0 : -1;
}

static int find_pool_by_name(struct call *call, const char *name, void **object, struct error *err)
{
	*object = lookup_pool(session_connection(call), name, LOOKUP_NAME, err);
	return *object ? 0 : -1;
}

static int find_pool_by_uuid(struct call *call, const char *name, void **object, struct error *err)
{
	*object = lookup_pool(session_connection(call), name, LOOKUP_UUID, err);
	return *object ? 0 : -1;
}

static void free_pool(void *object)
{
	virStoragePoolFree(object);
}

static int find_volume(struct call *call, const char *name, void **object, struct error *err)
{
	const char *pool_name = argument_text(call, "pool");
	auto_pool virStoragePoolPtr pool = NULL;

	if (pool_name && !(pool = lookup_pool(session_connection(call), pool_name,
					      LOOKUP_NAME | LOOKUP_UUID, err)))
		return -1;
	*object = lookup_volume(session_connection(call), name, pool, err);
	return *object ? 0 : -1;
}

static void free_volume(void *object)
{
	virStorageVolFree(object);
}

const struct target target_any_network = {"network", find_network, free_network};
const struct target target_network_by_name = {"network", find_network_by_name, free_network};
const struct target target_network_by_uuid = {"network", find_network_by_uuid, free_network};
const struct target target_any_pool = {"pool", find_pool, free_pool};
const struct target target_pool_by_name = {"pool", find_pool_by_name, free_pool};
const struct target target_pool_by_uuid = {"pool", find_pool_by_uuid, free_pool};
const struct target target_any_volume = {"vol", find_volume, free_volume};

virDomainPtr target_domain(const struct call *call)
{
	return call->target;
}

virNetworkPtr target_network(const struct call *call)
{
	return call->target;
}

virStoragePoolPtr target_pool(const struct call *call)
{
	return call->target;
}

virStorageVolPtr target_volume(const struct call *call)
{
	return call->target;
}
